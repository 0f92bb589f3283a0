"""What the coordinator must hear today, looked for and written to her at once. What that is: `core.urgent`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from arshjul.core.brakes import OF_PLANNING, Hold, HoldKind
from arshjul.core.changes import changes
from arshjul.core.crashes import Crash, go_on
from arshjul.core.dates import DAY
from arshjul.core.expand import expand
from arshjul.core.model import Letter, Recipient
from arshjul.core.outbox import URGENT, State
from arshjul.core.plan import next_opening, outlook, writing_day
from arshjul.core.senddays import local_day, local_midnight
from arshjul.core.urgent import Refused, Unheard, Urgent, held, unheard
from arshjul.rounds.forecast import next_letters
from arshjul.rounds.plan import OVERVIEW_DAYS, REST, for_good
from arshjul.rounds.reload import Loaded
from arshjul.rounds.remember import recall
from arshjul.rounds.write import writer_of
from arshjul.store import alarms, facts, holds, letters, told
from arshjul.store.engine import Store
from arshjul.store.outbox import QueuedLetter


def urgent_now(loaded: Loaded, store: Store, now: datetime) -> tuple[Urgent, ...]:
    """Return all that must be heard today (`now` is in UTC), told or not. Nothing is noted. Raises StoreError."""
    hold = holds.current(store)
    return (*held(hold, now), *_unheard(loaded, store, now, hold), *_refused(loaded, store, now))


def tell_coordinator(
    loaded: Loaded, store: Store, now: datetime, found: tuple[Urgent, ...], *, crash: Crash = go_on
) -> bool:
    """Write the coordinator what she has not been told of what was found, at any hour; returns whether a letter waits.

    One letter an hour at most. An edit rests first, as for everybody: put right in time, it troubles nobody. Without a
    coordinator nothing is remembered, so that the next one hears of what still stands.
    """
    to, before = loaded.settings.rules.coordinator, alarms.told(store, now)
    is_resting = timedelta(0) <= now - loaded.changed < REST
    new = [one for one in found if one.identity not in before and not (isinstance(one, Unheard) and is_resting)]
    if to is None or not new or not alarms.may_tell(store, now) or _is_stopped(store):
        return False
    letter = _letter(loaded, to, new, now)
    crash("planned")
    is_queued = alarms.queue(store, letter, [one.identity for one in new], now)
    crash("queued")
    return is_queued


@dataclass(slots=True)
class Lookout:
    """Looks each minute, and reads the year only when something that counts has changed since nothing was urgent."""

    store: Store
    found: tuple[Urgent, ...] = ()
    _seen: tuple[object, ...] = field(init=False, default=())

    def look(self, loaded: Loaded, now: datetime) -> tuple[Urgent, ...]:
        """Return what must be heard today, as `urgent_now` does."""
        rules, hold = loaded.settings.rules, holds.current(self.store)
        today, opening = writing_day(now, rules), next_opening(now, rules)
        is_over = today is not None and told.is_hour_over(self.store, today)
        seen = (loaded.edition, rules, local_day(now), opening, is_over, hold, _refused(loaded, self.store, now))
        if self.found or seen != self._seen:
            self.found = urgent_now(loaded, self.store, now)
            self._seen = seen
        return self.found


def _unheard(loaded: Loaded, store: Store, now: datetime, hold: Hold | None) -> list[Urgent]:
    if facts.go_live(store) is None:
        return []
    rules, today = loaded.settings.rules, local_day(now)
    # A letter that waits tells nobody anything while nothing is sent.
    is_sending = hold is None or hold.kind in OF_PLANNING
    known = told.known(store, is_waiting_told=is_sending)
    year = expand(recall(loaded, store, now).catalogue, outlook(now))
    return unheard(changes(year, known, today), _letters_at(loaded, store, now, hold), today, rules.urgent)


def _refused(loaded: Loaded, store: Store, now: datetime) -> tuple[Refused, ...]:
    """Return the letters that were refused for good within a day, one for each recipient; hers she would not get."""
    coordinator = loaded.settings.rules.coordinator
    found: dict[str, Refused] = {}
    for one in letters.letters_by_state(store, State.REJECTED, State.DEAD):
        is_hers = coordinator is not None and one.to.address == coordinator.address
        if one.settled_at and timedelta(0) <= now - one.settled_at < DAY and not is_hers:
            answer = f"{one.last_code or ''} {one.last_text}".strip()
            found[one.to.address] = Refused(one.to, one.subject, answer, local_day(one.settled_at))
    return tuple(found.values())


def _letters_at(loaded: Loaded, store: Store, now: datetime, hold: Hold | None) -> datetime | None:
    """Return when letters that tell of changes go next, None while they are held; those of a gap hold nothing else."""
    if hold is not None and hold.kind is not HoldKind.GAP:
        return None
    return next_letters(loaded, store, now)


def _is_stopped(store: Store) -> bool:
    """Tell whether a person has stopped everything; what she must hear is found anew when it goes on."""
    hold = holds.current(store)
    return hold is not None and hold.kind is HoldKind.PERSON


def _letter(loaded: Loaded, to: Recipient, new: list[Urgent], now: datetime) -> QueuedLetter:
    writer, today = writer_of(loaded), local_day(now)
    draft = writer.write_urgent(new, to, now)
    letter = for_good(Letter(to, today, now, ()), draft, writer, now)
    useful = local_midnight(today + OVERVIEW_DAYS * DAY)
    return replace(letter, variant=f"{URGENT} {letter.id}", expires_at=useful)
