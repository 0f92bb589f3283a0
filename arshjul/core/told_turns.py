"""What people were last told of each turn that is remembered: that it is on, or that it is gone. Pure.

It tells a date that was cut by mistake, which nobody has heard of, from one that everybody knows is gone (see
`history.TurnRecord.is_believed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from arshjul.core.check_dates import anchored
from arshjul.core.dates import Span
from arshjul.core.dating import Dating
from arshjul.core.history import History
from arshjul.core.keys import split_key
from arshjul.core.known import Told
from arshjul.core.model import Catalogue


def with_told(catalogue: Catalogue, history: History, last: Mapping[tuple[str, str], Told]) -> History:
    """Return the history with what those were last told who have been told of a turn, or of what follows it.

    `last` is by key and address (see `known.Known`). A follower has the period of its meeting.
    """
    _, anchors = anchored(catalogue, Dating(catalogue, Span.of(history.today)))
    told_on: dict[tuple[str, str], bool] = {}
    for (key, _), latest in last.items():
        calendar, item, period = split_key(key)
        for name in _with_anchors(f"{calendar}/{item}", anchors):
            told_on[name, period] = told_on.get((name, period), True) and not latest.gone
    records = {
        (calendar, item): [replace(one, told_on=told_on.get((f"{calendar}/{item}", one.period))) for one in found]
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
