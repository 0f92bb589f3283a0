"""A measure's cadence and its column for a year ("Løpende", 2026 = "Q2") → turns. How sure they are is in `dating`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from arshjul.core.cadences import Continuous
from arshjul.core.dates import month_span, year_span
from arshjul.core.model import Item, Phrase
from arshjul.core.turns import Turn, quarter_period

START, STATUS = "Start", "Status"

TurnsOf = Callable[[Phrase], Sequence[Turn]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A measure's turn, the phrase that it comes from, and the word before its title.

    `natural` is the period that it has in the plan where that is coarser than its own: the year of its column, the
    quarter in which a continuous one starts.
    """

    turn: Turn
    phrase: Phrase
    marker: str = ""
    natural: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The periods that would do, the best first."""
        return tuple(dict.fromkeys(filter(None, (self.natural, self.turn.period))))


def planned(item: Item, years: Iterable[int], turns_of: TurnsOf) -> Iterator[Planned]:
    """Yield a measure's turns. A year's column wins over the cadence; the first year with a column begins it."""
    (cadence,) = item.when
    is_continuous = isinstance(cadence.cadence, Continuous)
    for year in (year for year in years if year >= begins(item)):
        timed = _timed(item, year, turns_of)
        if is_continuous:
            yield from _continuous(item, year, timed, turns_of)
        else:
            yield from _recurring(cadence, year, timed, turns_of)


def rule_of(item: Item, found: Planned) -> str:
    """Return in words what a turn follows from: "Årlig: Q3", "Hvert styremøte", "Løpende: status hvert kvartal"."""
    (cadence,) = item.when
    if found.phrase is not cadence:
        return f"{cadence.text}: {found.phrase.text}"
    return f"{cadence.text}: status hvert kvartal" if found.marker == STATUS else cadence.text


def begins(item: Item) -> int:
    """Return the first year that the plan has a column for; 0 when it has none."""
    return min(item.timing, default=0)


def _timed(item: Item, year: int, turns_of: TurnsOf) -> list[Planned] | None:
    """Return what the column of the year says, nothing when it says "-"; None when there is no column for the year."""
    phrase = item.timing.get(year)
    if phrase is None:
        return None
    found = [turn for turn in turns_of(phrase) if turn.days.overlaps(year_span(year))]
    if len(found) == 1:
        return [Planned(found[0], phrase, natural=str(year))]
    return [Planned(turn, phrase) for turn in found]


def _recurring(cadence: Phrase, year: int, timed: list[Planned] | None, turns_of: TurnsOf) -> Iterator[Planned]:
    series = [turn for turn in turns_of(cadence) if turn.period.startswith(str(year))]
    if timed and len(series) > 1:
        start = timed[0].turn.days.first  # "Hvert styremøte", from the September meeting on
        yield from (Planned(turn, cadence) for turn in series if turn.days.first >= start)
    elif timed is not None:
        yield from timed
    else:
        yield from (Planned(turn, cadence) for turn in series)


def _continuous(item: Item, year: int, timed: list[Planned] | None, turns_of: TurnsOf) -> Iterator[Planned]:
    """Yield the start where the plan puts it, and a look at how it goes in each quarter after."""
    start = next((known for known in sorted(item.timing) if _timed(item, known, turns_of)), None)
    if start is None or year < start or timed == []:
        return
    marker = START if year == start else STATUS
    for first in timed or ():
        yield replace(first, marker=marker, natural=quarter_period(first.turn.days.first))
    if timed is None or year == start:
        after = timed[-1].turn.days.last if timed else date.min
        quarters = [month_span(year, month, 3) for month in (1, 4, 7, 10)]
        (cadence,) = item.when
        yield from (Planned(Turn(quarter_period(q.first), q), cadence, STATUS) for q in quarters if q.first > after)


def years_without_date(item: Item, years: Iterable[int], turns: Sequence[Turn], *, follows: bool) -> Iterator[int]:
    """Yield the years in which a measure belongs to the plan but has no date. What follows an event waits for it."""
    if follows and not any(turn.period.startswith(str(year)) for year in item.timing for turn in turns):
        return
    for year in (year for year in years if year >= begins(item)):
        if not any(turn.days.overlaps(year_span(year)) or turn.period.startswith(str(year)) for turn in turns):
            yield year
