"""Dates that cannot be: rules that never come, periods that no rule gives, columns without dates, breaches of the law.

Names that nobody has, and rings, are in `check`: where there are any, there are no dates to look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from arshjul.core.cadences import is_dated, leans_on
from arshjul.core.chains import chains
from arshjul.core.columns import years_in
from arshjul.core.dates import Span, year_span
from arshjul.core.dating import Dated, Dating, is_undated, meant_in
from arshjul.core.model import Catalogue, Item, Phrase
from arshjul.core.periods import can_be_announced, nearest
from arshjul.core.problems import Place, Problem, problem_at
from arshjul.core.shapes import quoted
from arshjul.core.words import date_in_words, either_in_words, list_in_words, span_in_words

ANY_YEAR = 2027
"""Where files name no year: rules are the same in all."""
YEARS_AROUND = 5
"""So many years before and after the year that the files speak of most, a rule must give a date and keep the law."""


def dating_to_check(catalogue: Catalogue) -> Dating:
    """Return the dating of the years that are looked at."""
    year = _year_spoken_of(catalogue)
    return Dating(catalogue, Span(date(year - YEARS_AROUND, 1, 1), date(year + YEARS_AROUND + 1, 1, 1)))


def dates_that_cannot_be(dating: Dating) -> Iterator[Problem]:
    """Yield what is wrong with the dates of what could be read. No name may be unknown, and there may be no rings."""
    catalogue = dating.catalogue
    look = _Look(catalogue, dating, _half_read(catalogue, dating))
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        if look.is_sure(item):
            yield from look.problems(item)


def _year_spoken_of(catalogue: Catalogue) -> int:
    """Return the year that announced dates, columns and phrases name most often, of several the latest."""
    named = Counter(
        year
        for calendar in catalogue.calendars.values()
        for item in calendar.items
        for text in (*item.announced, *item.cancelled, *map(str, item.timing), *(one.text for one in phrases_of(item)))
        for year in years_in(text)
    )
    return max(named, key=lambda year: (named[year], year), default=ANY_YEAR)


def phrases_of(item: Item) -> tuple[Phrase, ...]:
    """Return every phrase of an item that dates it."""
    return (
        *item.when,
        *(variant.phrase for variant in item.variants),
        *item.timing.values(),
        *filter(None, [item.law]),
    )


def anchored(catalogue: Catalogue, dating: Dating) -> tuple[dict[str, Item], dict[str, list[str]]]:
    """Return all items by key ("osloregionen/styremote"), and the keys of those that each one's dates are counted from.

    What its law is counted from is none of them.
    """
    items = {f"{one.calendar}/{one.id}": one for known in catalogue.calendars.values() for one in known.items}
    return items, {key: list(_anchors(item, dating)) for key, item in items.items()}


def _anchors(item: Item, dating: Dating) -> Iterator[str]:
    for phrase in (phrase for phrase in phrases_of(item) if phrase is not item.law):
        for name in leans_on(phrase.cadence):
            yield from (f"{one.calendar}/{one.id}" for one in dating.named(item.calendar, name or item.parent)[:1])


def _half_read(catalogue: Catalogue, dating: Dating) -> set[str]:
    """Return the keys of the items that could not be read in whole, and of those that lean on them."""
    items, anchors = anchored(catalogue, dating)
    found = {name for name, item in items.items() if item.half_read}
    for name in chains(items, anchors.__getitem__).depth if found else ():  # innermost first
        if not found.isdisjoint(anchors[name]):
            found.add(name)
    return found


@dataclass(slots=True)
class _Look:
    """Looks at one item after the other."""

    catalogue: Catalogue
    dating: Dating
    half_read: set[str]
    others: dict[int, Dating] = field(default_factory=dict)
    periods: dict[tuple[str, Span], list[Dated]] = field(default_factory=dict)

    def is_sure(self, item: Item) -> bool:
        return f"{item.calendar}/{item.id}" not in self.half_read

    def problems(self, item: Item) -> Iterator[Problem]:
        if item.is_measure:
            yield from self._columns(item)
            return
        if not (self.dating.dated(item) or is_undated(item)):
            place = item.when[0].place if item.when else item.place
            yield problem_at(place, f"«{item.id}» kommer aldri.", "Se på regelen.")
        else:
            yield from self._never(item)
        yield from self._announced(item)
        yield from self._cancelled(item)
        if item.law:
            yield from _breaches(item, item.law, self.dating)

    def _never(self, item: Item) -> Iterator[Problem]:
        """Yield the phrases without dates where others have some: one meeting of a list was in another age."""
        for phrase in (*item.when, *(variant.phrase for variant in item.variants)):
            if is_dated(phrase.cadence) and not leans_on(phrase.cadence) and not self.dating.turns(item, phrase):
                years = f"mellom {self.dating.horizon.first.year} og {self.dating.horizon.last.year}"
                yield problem_at(phrase.place, f"{quoted(phrase.text)} kommer aldri {years}.", "Er årstallet riktig?")

    def _announced(self, item: Item) -> Iterator[Problem]:
        for period in item.announced:
            ruled = self._ruled(item, period)
            place = item.places.get(f"announced.{period}") or item.place
            yield from _which(f"announced.{period}", place, item, period, ruled)
            known = {one.turn.period for one in ruled}
            if not meant_in(item, period, ruled) and not can_be_announced(period, known):
                text = f"Regelen i «{item.id}» gir ingen dato med perioden «{period}»."
                yield problem_at(place, text, _meant(period, known))

    def _cancelled(self, item: Item) -> Iterator[Problem]:
        for period in sorted(item.cancelled):
            ruled = self._ruled(item, period)
            place = item.places.get(f"cancelled.{period}") or item.place
            yield from _which("cancelled", place, item, period, ruled)
            known = {*(one.turn.period for one in ruled), *item.announced}
            if not meant_in(item, period, ruled) and period not in known:
                yield problem_at(place, f"Ingen forekomst har perioden «{period}».", _meant(period, known))

    def _ruled(self, item: Item, period: str) -> list[Dated]:
        dating = self._around(int(period[:4]))
        key = (f"{item.calendar}/{item.id}", dating.span)
        if key not in self.periods:
            self.periods[key] = dating.ruled(item)
        return self.periods[key]

    def _around(self, year: int) -> Dating:
        """Return the dating that knows a year; most years are in that of all items."""
        if date(year, 1, 1) in self.dating.span:
            return self.dating
        if year not in self.others:
            self.others[year] = Dating(self.catalogue, year_span(year))
        return self.others[year]

    def _columns(self, item: Item) -> Iterator[Problem]:
        """Yield the columns that name a day which their year has not. What follows an event waits for it."""
        for year, phrase in item.timing.items():
            dating, span = self._around(year), year_span(year)
            anchors = [dating.named(item.calendar, name)[0] for name in leans_on(phrase.cadence)]
            known = all(any(one.turn.days.overlaps(span) for one in dating.dated(other)) for other in anchors)
            has_date = any(turn.days.overlaps(span) for turn in dating.turns(item, phrase))
            if is_dated(phrase.cadence) and known and not has_date:
                text = f"Kolonnen for {year} sier {quoted(phrase.text)}, men det er ingen slik dato i {year}."
                yield problem_at(phrase.place, text, "Se på datoen, eller på årstallet.")


def _which(key: str, place: Place | None, item: Item, period: str, ruled: Sequence[Dated]) -> Iterator[Problem]:
    """Ask which date is meant where a period can mean several, with what to write for each."""
    periods = set(meant_in(item, period, ruled))
    meant = [one for one in ruled if one.turn.period in periods]
    if len(meant) > 1:
        days = [(one.ruled or one.turn.days) for one in meant]
        names = [f"{day.first}" for day in days]
        ways = [f"announced.{name} = …" if key != "cancelled" else f'cancelled = ["{name}"]' for name in names]
        text = f"«{period}» kan være {either_in_words(tuple(span_in_words(day) for day in days))}."
        yield problem_at(place, text, f"Skriv hvilken: {either_in_words(tuple(ways))}.")


def _meant(period: str, known: set[str]) -> str:
    near = nearest(period, known)
    if not near:
        return "Hendelsen har ingen datoer."
    if len(near) == 1:
        return f"Mente du «{near[0]}»?"
    return f"Periodene nær ved er {list_in_words(tuple(near))}."


def _breaches(item: Item, law: Phrase, dating: Dating) -> Iterator[Problem]:
    limits = {turn.period: turn.days.last for turn in dating.turns(item, law) if not turn.called_off}
    late = [
        (dated, limit)
        for dated in dating.dated(item)
        if dated.turn.days.overlaps(dating.span)
        and (limit := limits.get(dated.turn.period))
        and dated.turn.days.last > limit
    ]
    if late:
        dated, limit = late[0]
        found, more = (
            date_in_words(dated.turn.days.last),
            f" Det samme gjelder {len(late) - 1} år til." if late[1:] else "",
        )
        text = f"«{item.id}» {dated.turn.period} ({found}) er etter lovens frist {date_in_words(limit)}.{more}"
        yield problem_at(law.place, text, f"Loven: {law.text}.")
