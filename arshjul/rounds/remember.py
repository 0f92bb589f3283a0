"""What has been in force is noted, and given to the catalogue: dates keep their keys, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from arshjul.keys import History, TurnRecord, full_id, item_of, key_of, split_full_id, split_key
from arshjul.letters.history import Told
from arshjul.letters.reminders import outlook
from arshjul.organisation import Organisation
from arshjul.plan.model import Catalogue
from arshjul.store import published, told
from arshjul.store.engine import Store
from arshjul.timing.days import Span, local_day
from arshjul.year.check_dates import anchored
from arshjul.year.dating import Dating
from arshjul.year.edits import records_to_write

Anchors = Mapping[str, Sequence[str]]


def anchors_of(catalogue: Catalogue, history: History) -> Anchors:
    """Return the full ids of what each item's dates are counted from, by its own."""
    return anchored(catalogue, Dating(catalogue, Span.of(history.today)))[1]


def keys_of_gone(history: History, anchors: Anchors) -> frozenset[str]:
    """Return the keys of the turns that are gone, and of what follows them: of the others nobody asks what was told."""
    gone = {(full_id(*turn.owner), turn.period) for turn in _records(history) if turn.gone_on is not None}
    followers: dict[str, set[str]] = {}
    for name in anchors:
        for other in _with_anchors(name, anchors):
            followers.setdefault(other, set()).add(name)
    names = ((name, period) for item, period in gone for name in (item, *followers.get(item, ())))
    return frozenset(key_of(*split_full_id(name), period) for name, period in names)


def with_told(history: History, anchors: Anchors, last: Mapping[tuple[str, str], Told]) -> History:
    """Return the history with what those were last told who have been told of a turn, or of what follows it.

    `last` is by key and address (see `letters.history.Known`). A follower has the period of its meeting.
    """
    told_on: dict[tuple[str, str], bool] = {}
    for (key, _), latest in last.items():
        for name in _with_anchors(item_of(key), anchors):
            place = name, split_key(key)[2]
            told_on[place] = told_on.get(place, True) and not latest.gone
    records = {
        owner: [replace(turn, told_on=told_on.get((full_id(*owner), turn.period))) for turn in turns]
        for owner, turns in history.records.items()
    }
    return replace(history, records=records)


def _records(history: History) -> Iterator[TurnRecord]:
    return (turn for turns in history.records.values() for turn in turns)


def _with_anchors(name: str, anchors: Anchors) -> set[str]:
    """Return the item's full id, those of what it follows, of what that follows, and so on."""
    found, waiting = {name}, [name]
    while waiting:
        new = set(anchors.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def recall(organisation: Organisation, store: Store, now: datetime) -> Organisation:
    """Return the files with what has been in force of them before `now` (UTC); nothing is noted. Raises StoreError."""
    return with_history(organisation, store, local_day(now))


def with_history(organisation: Organisation, store: Store, today: date) -> Organisation:
    """Return the files as they are seen on a local day, with what has been in force of them."""
    known = published.turn_history(store, today)
    if known.has_gone():
        anchors = anchors_of(organisation.catalogue, known)
        known = with_told(known, anchors, told.last(store, keys_of_gone(known, anchors)))
    return replace(organisation, catalogue=Catalogue(organisation.catalogue.calendars, known))


def remember(organisation: Organisation, store: Store, now: datetime) -> Organisation:
    """Note what is in force at `now` (UTC), and return the files as `recall` does. Raises StoreError.

    Only for files that people are shown or written to from: never for what is held back, or only looked at.
    """
    known, mark = recall(organisation, store, now), _mark(organisation, local_day(now))
    if published.last_recorded(store) == mark:
        return known
    published.write_turns(store, records_to_write(known.catalogue, outlook(now)), mark)
    return recall(organisation, store, now)


def _mark(organisation: Organisation, today: date) -> str:
    return f"{today} {sha256(repr(organisation.edition).encode()).hexdigest()}"
