"""Letters that cannot wait for the hour of letters: for the coordinator today, and what a person sends at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from arshjul.disk import Crash, go_on
from arshjul.letters.brakes import OF_PLANNING, Hold, HoldKind
from arshjul.letters.changes import changes
from arshjul.letters.coordinator import Refused, Unheard, Urgent, held, unheard
from arshjul.letters.history import Sought
from arshjul.letters.reminders import is_wanted, next_opening, outlook, with_reason, writing_day
from arshjul.letters.rules import local_midnight
from arshjul.mail.verdicts import NOW, URGENT, State
from arshjul.organisation import Organisation
from arshjul.plan.model import Letter, Recipient
from arshjul.rounds import holds
from arshjul.rounds.planning import OVERVIEW_DAYS, REST, all_written, for_good, next_letters, owed_by, single_things
from arshjul.rounds.remember import recall, remember
from arshjul.rounds.write import Writer, writer_of
from arshjul.store import facts, queue, told
from arshjul.store.engine import Store
from arshjul.store.queue import QueuedLetter
from arshjul.timing.days import DAY, local_day
from arshjul.year.expand import expand


def urgent_now(organisation: Organisation, store: Store, now: datetime) -> tuple[Urgent, ...]:
    """Return all that must be heard today (`now` is in UTC), told or not. Nothing is noted. Raises StoreError."""
    hold = holds.current(store)
    return (*held(hold, now), *_unheard(organisation, store, now, hold), *_refused(organisation, store, now))


def tell_coordinator(
    organisation: Organisation, store: Store, now: datetime, found: tuple[Urgent, ...], *, crash: Crash = go_on
) -> bool:
    """Write the coordinator what she has not been told of what was found, at any hour; returns whether a letter waits.

    One letter an hour at most. An edit rests first, as for everybody: put right in time, it troubles nobody. Without a
    coordinator nothing is remembered, so that the next one hears of what still stands.
    """
    to, before = organisation.settings.rules.coordinator, queue.alarms_told(store, now)
    is_resting = timedelta(0) <= now - organisation.changed < REST
    new = [one for one in found if one.identity not in before and not (isinstance(one, Unheard) and is_resting)]
    if to is None or not new or not queue.may_tell(store, now) or _is_stopped(store):
        return False
    letter = _letter(organisation, to, new, now)
    crash("planned")
    is_queued = queue.queue_alarm(store, letter, [one.identity for one in new], now)
    crash("queued")
    return is_queued


@dataclass(slots=True)
class Lookout:
    """Looks each minute, and reads the year only when something that counts has changed since nothing was urgent."""

    store: Store
    found: tuple[Urgent, ...] = ()
    _seen: tuple[object, ...] = field(init=False, default=())

    def look(self, organisation: Organisation, now: datetime) -> tuple[Urgent, ...]:
        """Return what must be heard today, as `urgent_now` does."""
        rules, hold = organisation.settings.rules, holds.current(self.store)
        today, opening = writing_day(now, rules), next_opening(now, rules)
        is_over = today is not None and told.is_hour_over(self.store, today)
        seen = (
            organisation.edition,
            rules,
            local_day(now),
            opening,
            is_over,
            hold,
            _refused(organisation, self.store, now),
        )
        if self.found or seen != self._seen:
            self.found = urgent_now(organisation, self.store, now)
            self._seen = seen
        return self.found


def _unheard(organisation: Organisation, store: Store, now: datetime, hold: Hold | None) -> list[Urgent]:
    if facts.go_live(store) is None:
        return []
    rules, today = organisation.settings.rules, local_day(now)
    # A letter that waits tells nobody anything while nothing is sent.
    is_sending = hold is None or hold.kind in OF_PLANNING
    year = expand(recall(organisation, store, now).catalogue, outlook(now))
    sought = Sought(today, frozenset(one.key for one in year))
    known = told.known(store, sought, is_waiting_told=is_sending)
    return unheard(changes(year, known, today), _letters_at(organisation, store, now, hold), today, rules.urgent)


def _refused(organisation: Organisation, store: Store, now: datetime) -> tuple[Refused, ...]:
    """Return the letters that were refused for good within a day, one for each recipient; hers she would not get."""
    coordinator = organisation.settings.rules.coordinator
    found: dict[str, Refused] = {}
    for one in queue.letters_by_state(store, State.REJECTED, State.DEAD, settled_after=now - DAY):
        is_hers = coordinator is not None and one.to.address == coordinator.address
        if one.settled_at and timedelta(0) <= now - one.settled_at < DAY and not is_hers:
            answer = f"{one.last_code or ''} {one.last_text}".strip()
            found[one.to.address] = Refused(one.to, one.subject, answer, local_day(one.settled_at))
    return tuple(found.values())


def _letters_at(organisation: Organisation, store: Store, now: datetime, hold: Hold | None) -> datetime | None:
    """Return when letters that tell of changes go next, None while they are held; those of a gap hold nothing else."""
    if hold is not None and hold.kind is not HoldKind.GAP:
        return None
    return next_letters(organisation, store, now)


def _is_stopped(store: Store) -> bool:
    """Tell whether a person has stopped everything; what she must hear is found anew when it goes on."""
    hold = holds.current(store)
    return hold is not None and hold.kind is HoldKind.PERSON


def _letter(organisation: Organisation, to: Recipient, new: list[Urgent], now: datetime) -> QueuedLetter:
    writer, today = writer_of(organisation), local_day(now)
    draft = writer.write_urgent(new, to, now)
    letter = for_good(Letter(to, today, now, ()), draft, writer, now)
    useful = local_midnight(today + OVERVIEW_DAYS * DAY)
    return replace(letter, variant=f"{URGENT} {letter.id}", expires_at=useful)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What can be told of a thing now: a letter to each who has not been told, and the `silent` who want none."""

    letters: tuple[Letter, ...]
    silent: tuple[Recipient, ...] = ()


def letters_now(organisation: Organisation, store: Store, now: datetime, key: str) -> AtOnce:
    """Return the letters on the thing of that key which some hour of letters would send for what is so at `now` (UTC).

    That is what has changed, is new or is due by today, and has not been told. Nothing is noted. Raises StoreError.
    """
    today, rules = local_day(now), organisation.settings.rules
    found, known = owed_by(organisation, store, now, today)
    ours = [one for one in found if one.occurrence.key == key]
    letters = (
        Letter(one.recipient, today, now, (with_reason(one, today),))
        for one in ours
        if is_wanted(one, known.opted_out, rules)
    )
    silent = (one.recipient for one in ours if not is_wanted(one, known.opted_out, rules))
    return AtOnce(tuple(sorted(letters, key=lambda one: one.to.address)), tuple(sorted(silent)))


def queue_now(
    organisation: Organisation,
    store: Store,
    now: datetime,
    letters: Sequence[Letter],
    writer: Writer,
    *,
    crash: Crash = go_on,
) -> tuple[str, ...]:
    """Put the letters into the outbox beside those of the day; returns their ids, without what was just told.

    They count as told. One that no template can write is left out; `writer` counts it. Raises StoreError.
    """
    remember(organisation, store, now)
    threads = told.first_letters(store, single_things(letters))
    written = all_written(letters, None, organisation, writer, now, threads=threads)
    beside = [replace(one, variant=f"{NOW} {one.id}") for one in written]
    crash("planned")
    queued = queue.queue(store, beside, now).queued
    crash("queued")
    return queued
