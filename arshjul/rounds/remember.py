"""What has been in force is noted, and given to the catalogue: dates keep their keys, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from arshjul.keys import History, full_id, split_key
from arshjul.letters.history import Told
from arshjul.letters.reminders import outlook
from arshjul.organisation import Loaded
from arshjul.plan.model import Catalogue
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
