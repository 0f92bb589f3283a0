"""When letters go next, and which brake would hold what is planned then: looked at beforehand, with nothing noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from arshjul.core.brakes import OF_PLANNING, Hold
from arshjul.core.model import Said
from arshjul.core.plan import LetterRules, next_opening, without, writing_day
from arshjul.core.senddays import local_day
from arshjul.rounds.plan import letters_ahead, too_much
from arshjul.rounds.reload import Loaded
from arshjul.store import holds, told
from arshjul.store.engine import Store

MOST_DAYS = 100
"""Days with letters within which one of the week comes, however long the quiet days are."""


def next_letters(loaded: Loaded, store: Store, now: datetime) -> datetime:
    """Return when letters go next (UTC): `now` where those of today are still to be planned and their hour has come."""
    rules = loaded.settings.rules
    today = writing_day(now, rules)
    return next_opening(now, rules) if today is None or told.is_hour_over(store, today) else now


def brake_ahead(loaded: Loaded, store: Store, now: datetime) -> Hold | None:
    """Return the brake that the next letters will trip, or those of the next weekly day, for which most changes wait.

    Its `since` is when. None while one is on: what it holds is known. Raises StoreError.
    """
    hold = holds.current(store)
    if hold is not None and hold.kind in OF_PLANNING and hold.since <= now:
        return None
    first = next_letters(loaded, store, now)
    letters, known = letters_ahead(loaded, store, now, first)
    if found := too_much(loaded, store, first, letters, known, order=_only_looked):
        return found
    gone = {reminder.id for letter in letters for reminder in letter.reminders}
    for at in _until_weekly(first, loaded.settings.rules):
        later, known = letters_ahead(loaded, store, now, at)
        # What comes due in between goes on its day, and no day is missed.
        later = without(later, lambda reminder: reminder.id in gone or reminder.said is Said.LATE)
        if found := too_much(loaded, store, at, later, replace(known, planned=None), order=_only_looked):
            return found
    return None


def _until_weekly(first: datetime, rules: LetterRules) -> Iterator[datetime]:
    """Yield the next weekly send day's hour of letters after `first`, unless that is one itself."""
    at = first
    for _ in range(MOST_DAYS):
        if rules.send_days.is_regular(local_day(at)):
            break
        at = next_opening(at, rules)
    if at != first:
        yield at


def _only_looked(_: Store, hold: Hold) -> Hold:
    return hold
