"""What has been in force is noted, and given to the catalogue: dates keep their keys, and the past stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from arshjul.core.model import Catalogue
from arshjul.core.plan import outlook
from arshjul.core.recording import records_to_write
from arshjul.core.senddays import local_day
from arshjul.core.told_turns import with_told
from arshjul.rounds.reload import Loaded
from arshjul.store import told, turn_records
from arshjul.store.engine import Store


def recall(loaded: Loaded, store: Store, now: datetime) -> Loaded:
    """Return the files with what has been in force of them before `now` (UTC); nothing is noted. Raises StoreError."""
    return with_history(loaded, store, local_day(now))


def with_history(loaded: Loaded, store: Store, today: date) -> Loaded:
    """Return the files as they are seen on a local day, with what has been in force of them."""
    known = turn_records.history(store, today)
    if known.has_gone():
        known = with_told(loaded.catalogue, known, told.last(store))
    return replace(loaded, catalogue=Catalogue(loaded.catalogue.calendars, known))


def remember(loaded: Loaded, store: Store, now: datetime) -> Loaded:
    """Note what is in force at `now` (UTC), and return the files as `recall` does. Raises StoreError.

    Only for files that people are shown or written to from: never for what is held back, or only looked at.
    """
    known, mark = recall(loaded, store, now), _mark(loaded, local_day(now))
    if turn_records.last_recorded(store) == mark:
        return known
    turn_records.write(store, records_to_write(known.catalogue, outlook(now)), mark)
    return recall(loaded, store, now)


def _mark(loaded: Loaded, today: date) -> str:
    return f"{today} {sha256(repr(loaded.edition).encode()).hexdigest()}"
