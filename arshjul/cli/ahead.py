"""What lies ahead for letters, as `check`, `preview` and `doctor` tell it: a brake, what nobody hears of in time."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

from arshjul.core.brakes import brake_ahead_in_words
from arshjul.rounds.forecast import brake_ahead
from arshjul.rounds.plan import ahead_by_edit
from arshjul.rounds.reload import Loaded
from arshjul.rounds.urgent import urgent_now
from arshjul.service.parts import store_of
from arshjul.store.engine import Store, StoreError


def warnings(loaded: Loaded, now: datetime) -> list[str]:
    """Return what must be heard today, and the brake that will hold letters; nothing without a database."""
    return _asked(loaded, lambda store: _warnings(loaded, store, now))


def coming(loaded: Loaded, now: datetime) -> list[str]:
    """Return which letters an edit will cause, and all warnings; without a database nobody has been told anything."""

    def lines(store: Store) -> Iterator[str]:
        if said := ahead_by_edit(loaded, store, now):
            yield f"{said} Rettes filene før da, går de ikke."
        yield from _warnings(loaded, store, now)

    return _asked(loaded, lines)


def _warnings(loaded: Loaded, store: Store, now: datetime) -> Iterator[str]:
    yield from (one.words("nb") for one in urgent_now(loaded, store, now))
    if hold := brake_ahead(loaded, store, now):
        yield " ".join(filter(None, brake_ahead_in_words(hold)))


def _asked(loaded: Loaded, lines: Callable[[Store], Iterator[str]]) -> list[str]:
    if not loaded.settings.has_store:
        return []
    try:
        with contextlib.closing(store_of(loaded.settings)) as store:
            return list(lines(store))
    except StoreError as error:
        print(error, file=sys.stderr)
        return []
