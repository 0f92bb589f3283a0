"""Letters on one thing that a person sends at once: outside the hour of letters, and without the rest after an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from arshjul.core.crashes import Crash, go_on
from arshjul.core.model import Letter, Recipient
from arshjul.core.outbox import NOW
from arshjul.core.plan import is_wanted, with_reason
from arshjul.core.senddays import local_day
from arshjul.rounds.plan import all_written, owed_by, single_things
from arshjul.rounds.reload import Loaded
from arshjul.rounds.remember import remember
from arshjul.rounds.write import Writer
from arshjul.store import outbox, told
from arshjul.store.engine import Store


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What can be told of a thing now: a letter to each who has not been told, and the `silent` who want none."""

    letters: tuple[Letter, ...]
    silent: tuple[Recipient, ...] = ()


def letters_now(loaded: Loaded, store: Store, now: datetime, key: str) -> AtOnce:
    """Return the letters on the thing of that key which some hour of letters would send for what is so at `now` (UTC).

    That is what has changed, is new or is due by today, and has not been told. Nothing is noted. Raises StoreError.
    """
    today, rules = local_day(now), loaded.settings.rules
    found, known = owed_by(loaded, store, now, today)
    ours = [one for one in found if one.occurrence.key == key]
    letters = (
        Letter(one.recipient, today, now, (with_reason(one, today),))
        for one in ours
        if is_wanted(one, known.opted_out, rules)
    )
    silent = (one.recipient for one in ours if not is_wanted(one, known.opted_out, rules))
    return AtOnce(tuple(sorted(letters, key=lambda one: one.to.address)), tuple(sorted(silent)))


def queue_now(
    loaded: Loaded, store: Store, now: datetime, letters: Sequence[Letter], writer: Writer, *, crash: Crash = go_on
) -> tuple[str, ...]:
    """Put the letters into the outbox beside those of the day; returns their ids, without what was just told.

    They count as told. One that no template can write is left out; `writer` counts it. Raises StoreError.
    """
    remember(loaded, store, now)
    threads = told.first_letters(store, single_things(letters))
    written = all_written(letters, None, loaded, writer, now, threads=threads)
    beside = [replace(one, variant=f"{NOW} {one.id}") for one in written]
    crash("planned")
    queued = outbox.queue(store, beside, now).queued
    crash("queued")
    return queued
