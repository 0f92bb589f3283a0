"""An organisation: what was loaded from one folder as one value, with what has been in force of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from arshjul.keys import History, full_id, split_key
from arshjul.letters.history import Told
from arshjul.letters.reminders import outlook
from arshjul.plan.files import Fingerprint, Source
from arshjul.plan.model import Calendar, Catalogue
from arshjul.plan.problems import Note, Problem
from arshjul.settings import Settings
from arshjul.store import published, told
from arshjul.store.engine import Store
from arshjul.timing.days import Span, local_day
from arshjul.year.check_dates import anchored
from arshjul.year.dating import Dating
from arshjul.year.edits import records_to_write


def with_told(catalogue: Catalogue, history: History, last: Mapping[tuple[str, str], Told]) -> History:
    """Return the history with what those were last told who have been told of a turn, or of what follows it.

    `last` is by key and address (see `known.Known`). A follower has the period of its meeting.
    """
    _, anchors = anchored(catalogue, Dating(catalogue, Span.of(history.today)))
    told_on: dict[tuple[str, str], bool] = {}
    for (key, _), latest in last.items():
        calendar, item, period = split_key(key)
        for name in _with_anchors(full_id(calendar, item), anchors):
            told_on[name, period] = told_on.get((name, period), True) and not latest.gone
    records = {
        (calendar, item): [replace(one, told_on=told_on.get((full_id(calendar, item), one.period))) for one in found]
        for (calendar, item), found in history.records.items()
    }
    return replace(history, records=records)


def _with_anchors(name: str, anchors: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the item's name ("calendar/item"), those of what it follows, of what that follows, and so on."""
    found, waiting = {name}, [name]
    while waiting:
        new = set(anchors.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A calendar file and what it says by itself."""

    source: Source
    calendar: Calendar | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was written down, at one moment. `changed` is when the youngest calendar file was saved (UTC).

    `parsed` are the calendar files by name: what has not been edited need not be parsed again. `notes` tell of what may
    not be as it was meant, where there is no problem.
    """

    settings: Settings
    catalogue: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    fingerprint: Fingerprint = ()
    changed: datetime = NEVER
    parsed: Mapping[str, Parsed] = field(default_factory=dict, repr=False, compare=False)
    notes: tuple[Note, ...] = ()
    contents: str = ""

    @property
    def edition(self) -> tuple[Fingerprint, str]:
        """What is another one whenever anything has been saved."""
        return self.fingerprint, self.contents


def recall(loaded: Loaded, store: Store, now: datetime) -> Loaded:
    """Return the files with what has been in force of them before `now` (UTC); nothing is noted. Raises StoreError."""
    return with_history(loaded, store, local_day(now))


def with_history(loaded: Loaded, store: Store, today: date) -> Loaded:
    """Return the files as they are seen on a local day, with what has been in force of them."""
    known = published.turn_history(store, today)
    if known.has_gone():
        known = with_told(loaded.catalogue, known, told.last(store))
    return replace(loaded, catalogue=Catalogue(loaded.catalogue.calendars, known))


def remember(loaded: Loaded, store: Store, now: datetime) -> Loaded:
    """Note what is in force at `now` (UTC), and return the files as `recall` does. Raises StoreError.

    Only for files that people are shown or written to from: never for what is held back, or only looked at.
    """
    known, mark = recall(loaded, store, now), _mark(loaded, local_day(now))
    if published.last_recorded(store) == mark:
        return known
    published.write_turns(store, records_to_write(known.catalogue, outlook(now)), mark)
    return recall(loaded, store, now)


def _mark(loaded: Loaded, today: date) -> str:
    return f"{today} {sha256(repr(loaded.edition).encode()).hexdigest()}"
