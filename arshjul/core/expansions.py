"""How many dates the files give: a thousand events that come every day are a slip, and all would wait for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from arshjul.core.cadences import holds, leans_on
from arshjul.core.chains import chains
from arshjul.core.check_dates import anchored
from arshjul.core.dates import year_span
from arshjul.core.dating import Dating
from arshjul.core.expand import group_of
from arshjul.core.lookup import directory
from arshjul.core.model import Item, Phrase
from arshjul.core.parties import Directory
from arshjul.core.problems import Problem, problem_at
from arshjul.core.texts import number_in_digits
from arshjul.core.turns import Turn

MOST_OCCURRENCES: Final = 50_000
"""Dates of one calendar in the eleven years that `check` looks at: twelve events every day, or 87 every week.

The largest calendar that is shipped gives 1,200, and this many are looked through in some seconds.
"""
UNUSED: Final = 20
"""So many dates that are only looked at count as one of the calendar's own, for they take time as well.

They are those of a variant in all other years, and those of what is leaned on.
"""


def too_many_dates(dating: Dating) -> Iterator[Problem]:
    """Yield the event with which its calendar gives more dates than it may; what comes after is not looked at.

    What is leaned on goes first: nothing has dates before that has. No name may be unknown, and there may be no rings.
    """
    items, anchors = anchored(dating.catalogue, dating)
    who = {name: directory(dating.catalogue, calendar) for name, calendar in dating.catalogue.calendars.items()}
    given: Counter[str] = Counter()
    for item in map(items.__getitem__, chains(items, anchors.__getitem__).depth):
        for count in _counts(item, dating, _parts(item, who[item.calendar])):
            given[item.calendar] += count
            if given[item.calendar] > MOST_OCCURRENCES:
                years = f"{dating.span.first.year}–{dating.span.last.year}"
                text = f"Med «{item.id}» gir filen mer enn {number_in_digits(MOST_OCCURRENCES)} datoer i {years}."
                yield problem_at(item.place, text, "Kommer noe for ofte? Del ellers filen i flere kalendere.")
                return


def _counts(item: Item, dating: Dating, each: int) -> Iterator[int]:
    """Yield how many dates each phrase of an item gives: who adds them up can stop in the middle of a list."""
    for phrase, is_held in _uses(item):
        turns = dating.turns(item, phrase)
        held = sum(is_held(turn) for turn in turns if turn.days.overlaps(dating.span))
        leaned_on = (dating.named(item.calendar, name or item.parent)[:1] for name in leans_on(phrase.cadence))
        looked_at = len(turns) + sum(len(dating.dated(one)) for found in leaned_on for one in found)
        yield max(held * each, looked_at // UNUSED)


def _parts(item: Item, who: Directory) -> int:
    """Return for how many parts of a group an item comes each time."""
    group = group_of(item, who)
    return max(len(who.parts(group)), 1) if group else 1


def _uses(item: Item) -> Iterator[tuple[Phrase, Callable[[Turn], bool]]]:
    """Yield each phrase of an item, and what tells for which of its turns it holds."""
    for phrase in item.when:
        yield phrase, lambda _: True
    for variant in item.variants:
        yield variant.phrase, partial(lambda known, turn: holds(known, int(turn.period[:4])), variant.condition)
    for year, phrase in item.timing.items():
        yield phrase, partial(lambda span, turn: turn.days.overlaps(span), year_span(year))
