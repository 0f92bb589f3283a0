"""Whether a round may go on, looked at before it does anything. The rules are in `core.brakes`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from arshjul.core.brakes import (
    ENDED_BY_OTHERS,
    MISSED_DAYS,
    OF_PLANNING,
    Hold,
    HoldKind,
    Reading,
    clock_doubt,
    edits_reason,
    flood_reason,
    gap_reason,
    most_letters,
)
from arshjul.core.config_shapes import BrakesShape
from arshjul.core.known import Known
from arshjul.core.model import Letter
from arshjul.core.plan import LetterRules, is_missed, missed_days
from arshjul.core.remedies import hold_reason, in_a_row_reason
from arshjul.core.senddays import local_day
from arshjul.core.verdicts import Verdict
from arshjul.store import epoch, holds
from arshjul.store.engine import Store

Order: TypeAlias = Callable[[Store, Hold], Hold]
"""Pulls a brake, or only looks what it would be; returns the hold that counts."""

RESTORED = (
    "Databasen er eldre enn brevene som er sendt fra den, som om den er hentet frem fra en sikkerhetskopi. "
    "Det som er sendt siden, ville gått en gang til. Se hva som venter med «arshjul send --dry-run»."
)

DAMAGED = (
    "Den teller det som er sendt, og uten den er det ikke sikkert at databasen vet om alt. "
    "Se hva som venter, med «arshjul send --dry-run». Er det ikke sendt før, så slipp utsendingen løs: "
    "filen skrives på nytt."
)


def look(store: Store, now: datetime, reading: Reading | None = None, relay: str = "") -> Hold | None:
    """Return why nothing may be done, None if all is well. Raises StoreError.

    `reading` is None where the time is made up, as for `send --at`. `relay` names the settings of the mail: a fault in
    them counts until they have been changed.
    """
    hold = holds.current(store)
    if hold is not None and hold.kind is HoldKind.SETUP and relay and hold.relay != relay:
        holds.lift(store)
        hold = None
    if hold is not None and hold.kind in OF_PLANNING and hold.since > now:  # of a run as if on a later day
        holds.lift(store)
        hold = None
    if hold is not None and hold.kind is HoldKind.CLOCK and reading is not None and not _clock_doubt(store, reading):
        holds.lift(store)  # it is as it was before the jump
        hold = None
    if hold is not None and hold.kind not in ENDED_BY_OTHERS:
        return hold
    if damage := epoch.damage(store):
        return holds.order(store, Hold(HoldKind.DAMAGED, f"{damage} {DAMAGED}", now))
    if epoch.is_behind(store):
        return holds.order(store, Hold(HoldKind.RESTORED, RESTORED, now))
    if reading is not None and (doubt := _clock_doubt(store, reading)):
        return holds.order(store, Hold(HoldKind.CLOCK, doubt, now))
    return hold


def look_at_number(
    store: Store,
    letters: int,
    now: datetime,
    limits: BrakesShape,
    planned: Callable[[], int],
    *,
    order: Order = holds.order,
) -> Hold | None:
    """Return why so many letters may not be queued at once, None if they may.

    The limit is what the files plan for their largest day, so that no ordinary mailing trips it; `planned` finds that.
    """
    if letters <= limits.letters_at_once:
        return None
    most = most_letters(planned(), limits.letters_at_once, limits.times_normal)
    if letters <= most or letters <= holds.allowed(store, now) + most:
        return None
    return order(store, Hold(HoldKind.FLOOD, flood_reason(letters, most), now, letters, most=most))


def look_at_edits(store: Store, letters: int, now: datetime, most: int, order: Order = holds.order) -> Hold | None:
    """Return why so many letters that an edit causes may not be queued at once, None if they may."""
    if letters <= most or letters <= holds.allowed(store, now) + most:
        return None
    return order(store, Hold(HoldKind.EDITS, edits_reason(letters, most), now, letters, most=most))


def look_at_gap(
    store: Store,
    letters: Sequence[Letter],
    known: Known,
    now: datetime,
    rules: LetterRules,
    *,
    order: Order = holds.order,
) -> Hold | None:
    """Return why what came due while no round ran may not be queued yet, None if it may.

    A machine that is put back whole, with its witness, looks like one that was off: both are asked about.
    """
    today, planned = local_day(now), known.planned
    if planned is None or planned >= today or holds.is_gap_seen(store, planned):
        return None
    told = (reminder for letter in letters for reminder in letter.reminders)
    missed, late = missed_days(planned, today, rules), sum(is_missed(one, planned, today) for one in told)
    if missed < MISSED_DAYS or not late:
        return None
    return order(store, Hold(HoldKind.GAP, gap_reason(planned, missed, late), now, late))


def hold_for_setup(store: Store, fault: Verdict, now: datetime, relay: str, in_a_row: int = 0) -> Hold:
    """Let the queue stand still because we were refused: by its words, or with so many letters in a row."""
    reason = in_a_row_reason(fault, in_a_row) if in_a_row else hold_reason(fault)
    return holds.order(store, Hold(HoldKind.SETUP, reason, now, relay=relay))


def _clock_doubt(store: Store, reading: Reading) -> str:
    """Judge the clock by how it stood last; a good one is noted."""
    before = holds.last_reading(store)
    doubt = clock_doubt(before, reading) if before else ""
    if not doubt:
        holds.note_reading(store, reading)
    return doubt
