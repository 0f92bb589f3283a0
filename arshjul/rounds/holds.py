"""The queue standing still until a person lets it go: which brake holds it, what is remembered, what waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection, func, select

from arshjul.health import Queue
from arshjul.letters.brakes import (
    ENDED_BY_OTHERS,
    MISSED_DAYS,
    OF_PLANNING,
    ClockSample,
    Hold,
    HoldKind,
    clock_doubt,
    edits_reason,
    flood_reason,
    gap_reason,
    most_letters,
)
from arshjul.letters.history import Known
from arshjul.letters.reminders import is_missed, missed_days
from arshjul.letters.rules import LetterRules
from arshjul.mail.checkup import hold_reason, in_a_row_reason
from arshjul.mail.verdicts import Outcome, State, Verdict
from arshjul.plan.model import Letter
from arshjul.settings import BrakesShape
from arshjul.store import claims, facts
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OUTBOX
from arshjul.timing.days import local_day

HOLD: Final = "hold"
CLOCK: Final = "clock"
ALLOWED: Final = "letters-allowed"
GAP_SEEN: Final = "gap-seen"
"""The last planned day before a gap that a person has looked at."""
ALLOWED_FOR: Final = timedelta(days=1)


def current(store: Store) -> Hold | None:
    """Return why the queue stands still, None if it does not."""
    with store.reading() as connection:
        return _read(connection)


def order(store: Store, hold: Hold) -> Hold:
    """Let the queue stand still; where it does already, the first reason stays. Returns the one that counts.

    SETUP ends by itself when the settings change, and a hold of planning is found anew, so what stops all takes their
    place.
    """
    with store.writing() as connection:
        before = _read(connection)
        if before is not None and (before.kind not in ENDED_BY_OTHERS or hold.kind in OF_PLANNING or before == hold):
            return before
        if before is not None and before.kind is hold.kind is HoldKind.SETUP:
            return before
        value = [hold.kind, hold.reason, hold.since.isoformat(), hold.letters, hold.relay]
        facts.put(connection, HOLD, json.dumps(value, ensure_ascii=False))
    return hold


def release(store: Store, now: datetime) -> Hold | None:
    """Let the queue go on, and its pause end; returns what it stood still for.

    What made it stand still is taken as looked at: as many letters at once as there were then, the clock as it is, the
    database as it is.
    """
    with store.writing() as connection:
        hold = _read(connection)
        for key in (HOLD, CLOCK, facts.PAUSE):
            facts.forget(connection, key)
        claims.let_go(connection)
        facts.catch_up(store, connection)
        if hold is not None and hold.kind in (HoldKind.FLOOD, HoldKind.EDITS):
            facts.put(connection, ALLOWED, json.dumps([hold.letters, (now + ALLOWED_FOR).isoformat()]))
        if hold is not None and hold.kind is HoldKind.GAP:
            facts.put(connection, GAP_SEEN, facts.get(connection, facts.PLANNED) or "")
    return hold


def is_gap_seen(store: Store, planned: date) -> bool:
    """Tell whether a person has let go what came due after that last planned day."""
    with store.reading() as connection:
        return facts.get(connection, GAP_SEEN) == planned.isoformat()


def lift(store: Store) -> None:
    """End a hold whose cause is gone, without a person."""
    with store.writing() as connection:
        facts.forget(connection, HOLD)
        claims.start_anew(connection)


def allowed(store: Store, now: datetime) -> int:
    """Return how many letters a person has said may go at once, 0 if nobody has."""
    with store.reading() as connection:
        value = facts.get(connection, ALLOWED)
    if value is None:
        return 0
    letters, until = json.loads(value)
    return int(letters) if now < datetime.fromisoformat(until) else 0


def last_reading(store: Store) -> ClockSample | None:
    """Return how the clocks stood when letters were seen to last."""
    with store.reading() as connection:
        value = facts.get(connection, CLOCK)
    if value is None:
        return None
    wall, up, boot = json.loads(value)
    return ClockSample(datetime.fromisoformat(wall), up, boot)


def note_reading(store: Store, reading: ClockSample) -> None:
    with store.writing() as connection:
        facts.put(connection, CLOCK, json.dumps([reading.wall.isoformat(), reading.up, reading.boot]))


def _read(connection: Connection) -> Hold | None:
    value = facts.get(connection, HOLD)
    if value is None:
        return None
    kind, reason, since, letters, relay = json.loads(value)
    return Hold(HoldKind(kind), reason, datetime.fromisoformat(since), letters, relay)


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


def look(store: Store, now: datetime, reading: ClockSample | None = None, relay: str = "") -> Hold | None:
    """Return why nothing may be done, None if all is well. Raises StoreError.

    `reading` is None where the time is made up, as for `send --at`. `relay` names the settings of the mail: a fault in
    them counts until they have been changed.
    """
    hold = current(store)
    if hold is not None and hold.kind is HoldKind.SETUP and relay and hold.relay != relay:
        lift(store)
        hold = None
    if hold is not None and hold.kind in OF_PLANNING and hold.since > now:  # of a run as if on a later day
        lift(store)
        hold = None
    if hold is not None and hold.kind is HoldKind.CLOCK and reading is not None and not _clock_doubt(store, reading):
        lift(store)  # it is as it was before the jump
        hold = None
    if hold is not None and hold.kind not in ENDED_BY_OTHERS:
        return hold
    if damage := facts.damage(store):
        return order(store, Hold(HoldKind.DAMAGED, f"{damage} {DAMAGED}", now))
    if facts.is_behind(store):
        return order(store, Hold(HoldKind.RESTORED, RESTORED, now))
    if reading is not None and (doubt := _clock_doubt(store, reading)):
        return order(store, Hold(HoldKind.CLOCK, doubt, now))
    return hold


def look_at_number(
    store: Store,
    letters: int,
    now: datetime,
    limits: BrakesShape,
    planned: Callable[[], int],
    *,
    order: Order = order,
) -> Hold | None:
    """Return why so many letters may not be queued at once, None if they may.

    The limit is what the files plan for their largest day, so that no ordinary mailing trips it; `planned` finds that.
    """
    if letters <= limits.letters_at_once:
        return None
    most = most_letters(planned(), limits.letters_at_once, limits.times_normal)
    if letters <= most or letters <= allowed(store, now) + most:
        return None
    return order(store, Hold(HoldKind.FLOOD, flood_reason(letters, most), now, letters, most=most))


def look_at_edits(store: Store, letters: int, now: datetime, most: int, order: Order = order) -> Hold | None:
    """Return why so many letters that an edit causes may not be queued at once, None if they may."""
    if letters <= most or letters <= allowed(store, now) + most:
        return None
    return order(store, Hold(HoldKind.EDITS, edits_reason(letters, most), now, letters, most=most))


def look_at_gap(
    store: Store,
    letters: Sequence[Letter],
    known: Known,
    now: datetime,
    rules: LetterRules,
    *,
    order: Order = order,
) -> Hold | None:
    """Return why what came due while no round ran may not be queued yet, None if it may.

    A machine that is put back whole, with its witness, looks like one that was off: both are asked about.
    """
    today, planned = local_day(now), known.planned
    if planned is None or planned >= today or is_gap_seen(store, planned):
        return None
    told = (reminder for letter in letters for reminder in letter.reminders)
    missed, late = missed_days(planned, today, rules), sum(is_missed(one, planned, today) for one in told)
    if missed < MISSED_DAYS or not late:
        return None
    return order(store, Hold(HoldKind.GAP, gap_reason(planned, missed, late), now, late))


def hold_for_setup(store: Store, fault: Verdict, now: datetime, relay: str, in_a_row: int = 0) -> Hold:
    """Let the queue stand still because we were refused: by its words, or with so many letters in a row."""
    reason = in_a_row_reason(fault, in_a_row) if in_a_row else hold_reason(fault)
    return order(store, Hold(HoldKind.SETUP, reason, now, relay=relay))


def _clock_doubt(store: Store, reading: ClockSample) -> str:
    """Judge the clock by how it stood last; a good one is noted."""
    before = last_reading(store)
    doubt = clock_doubt(before, reading) if before else ""
    if not doubt:
        note_reading(store, reading)
    return doubt


LATEST: Final = 100
"""Letters that were taken last, among which the latest is: a clock that was set may have put them out of order."""

WAITING: Final = (State.QUEUED, State.SENDING, State.DATA_STARTED, State.UNKNOWN)


def queue_of(store: Store, now: datetime) -> Queue:
    """Return how it stands at `now` (UTC). Raises StoreError."""
    oldest = select(func.min(OUTBOX.c.send_at)).where(OUTBOX.c.state.in_(WAITING), OUTBOX.c.send_at <= now)
    undecided = select(func.count()).where(OUTBOX.c.state == State.HELD)
    # Of what was taken last: to find it among all letters there ever were, every one would be read.
    taken = select(ATTEMPT.c.outbox_id).where(ATTEMPT.c.outcome == Outcome.ACCEPTED).order_by(ATTEMPT.c.id.desc())
    accepted = select(func.max(OUTBOX.c.accepted_at)).where(OUTBOX.c.id.in_(taken.limit(LATEST)))
    hold, pause = current(store), facts.pause(store)
    with store.reading() as connection:
        planned = facts.get(connection, facts.PLANNED)
        since: datetime | None = connection.execute(oldest).scalar()
        return Queue(
            hold=hold.kind if hold else None,
            resting_until=pause.until if pause and pause.is_on(now) else None,
            waiting_since=since,
            undecided=connection.execute(undecided).scalar_one(),
            accepted=connection.execute(accepted).scalar(),
            planned=date.fromisoformat(planned) if planned else None,
        )
