"""Letters that wait and tell what is no longer so, or have waited too long: taken back, to be planned anew."""

from __future__ import annotations

from datetime import datetime

from arshjul.core.expand import expand
from arshjul.core.lapsed import lapsed
from arshjul.core.plan import next_opening, outlook, writing_day
from arshjul.core.senddays import local_day
from arshjul.core.words import day_in_words
from arshjul.rounds.reload import Loaded
from arshjul.store import told, withdrawing
from arshjul.store.engine import Store


def withdraw_lapsed(loaded: Loaded, store: Store, now: datetime, *, is_planning: bool = True) -> int:
    """Take back the letters that wait and tell only what is no longer so; returns how many.

    Where letters can be planned now, those that have waited since another day are taken back too: all that is in them
    is planned at once, the nearest of several reminders, marked late. One that a server has refused for now is tried
    again as it is, while it is right, and so is any once
    the day's letters are planned. At hours and on days without letters the old ones wait for the next.
    """
    if not (waiting := withdrawing.waiting(store)):
        return 0
    occurrences, known = {one.key: one for one in expand(loaded.catalogue, outlook(now))}, told.known(store)
    rules = loaded.settings.rules
    today, opening = writing_day(now, rules), next_opening(now, rules)
    is_over = today is not None and told.is_hour_over(store, today)
    stale, early = {}, []
    for letter, one in waiting.items():
        told_of = zip(one.told, one.details, strict=True)
        reasons = [lapsed(said, occurrences, known, *details) for said, details in told_of]
        is_old = one.send_day < local_day(now) and (not (one.attempt or is_over) or any(reasons))
        if all(reasons):
            stale[letter] = "; ".join(reasons)
        elif is_old and today is None and one.expires_at > opening:
            early.append(letter)
        elif is_old and today is not None and is_planning and (one.address, today) not in known.written:
            stale[letter] = f"har ventet siden {day_in_words(one.send_day)} og skrives på nytt"
    withdrawing.put_off(store, early, opening)
    return withdrawing.withdraw(store, stale, now) if stale else 0
