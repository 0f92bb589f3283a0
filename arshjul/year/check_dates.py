"""Dates that cannot be, or hardly: rules that never come, periods that no rule gives, dates far from their rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from arshjul.plan.model import Catalogue, Item, KnownBy, Phrase, Plan
from arshjul.plan.problems import Place, Problem, problem_at
from arshjul.plan.shapes import quoted
from arshjul.timing.cadences import is_dated, leans_on
from arshjul.timing.days import SUNDAY, Span, can_be_announced, is_holiday, nearest, year_span, years_in
from arshjul.words import (
    date_in_words,
    day_in_words,
    either_in_words,
    list_in_words,
    month_name,
    span_in_words,
    weekday_name,
)
from arshjul.year.dating import Dated, Dating, is_undated, meant_in


@dataclass(slots=True)
class Chains:
    """`rings` of names, each as it was come upon; the `depth` of each name (1: leans on nothing), innermost first."""

    rings: list[list[str]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    """The name at the bottom of the longest chain from each name."""


def chains(names: Iterable[str], leans_on: Callable[[str], Sequence[str]]) -> Chains:
    """Return the rings and depths of all names and of what they lean on."""
    found = Chains()
    for name in names:
        if name not in found.depth:
            _walk(name, leans_on, found)
    return found


def _walk(first: str, leans_on: Callable[[str], Sequence[str]], found: Chains) -> None:
    """Go through all that a name leans on; without recursion, for a file can hold a chain of thousands."""
    path, on_path = [first], {first}
    waiting: list[Iterator[str]] = [iter(leans_on(first))]
    while path:
        other = next(waiting[-1], None)
        if other is None:
            _leave(path.pop(), leans_on, found, on_path)
            waiting.pop()
        elif other in on_path:
            found.rings.append(path[path.index(other) :])
        elif other not in found.depth:
            path.append(other)
            on_path.add(other)
            waiting.append(iter(leans_on(other)))


def _leave(name: str, leans_on: Callable[[str], Sequence[str]], found: Chains, on_path: set[str]) -> None:
    on_path.remove(name)
    below = [other for other in leans_on(name) if other in found.depth]
    deepest = max(below, key=lambda other: found.depth[other], default=None)
    found.depth[name] = 1 + (found.depth[deepest] if deepest else 0)
    found.start[name] = found.start[deepest] if deepest else name


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
    items = {one.full_id: one for known in catalogue.calendars.values() for one in known.items}
    return items, {key: list(_anchors(item, dating)) for key, item in items.items()}


def _anchors(item: Item, dating: Dating) -> Iterator[str]:
    for phrase in (phrase for phrase in phrases_of(item) if phrase is not item.law):
        for name in leans_on(phrase.cadence):
            yield from (one.full_id for one in dating.named(item.calendar, name or item.parent)[:1])


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
        return item.full_id not in self.half_read

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
        key = (item.full_id, dating.span)
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


YEARS_COMPARED = 14
"""So many years before and after an announced date the rule is asked what it can give: weekdays come round in them."""
FARTHEST_MOVE = 45
"""Days that a meeting typed in for one day is moved at most: into the next month, not into another half of the year."""
EVEN_SO = 'Er det riktig? Skriv hvorfor: unusual = "…" (eller arshjul confirm … --even-so "…").'
EVEN_SO_PLANNED = 'Er det riktig? Skriv hvorfor i planen: { dates = "…", unusual = "…" }.'


def implausible_dates(catalogue: Catalogue, today: date) -> Iterator[Problem]:
    """Yield the announced and planned dates that their rule cannot give, and what was checked on a day yet to come."""
    items = [item for calendar in catalogue.calendars.values() for item in calendar.items]
    yield from (problem for item in items for problem in _checked_later(item, today))
    years = [year for item in items for year in (*(int(period[:4]) for period in item.announced), *_plans(item))]
    if not years:
        return
    span = Span(date(min(years) - YEARS_COMPARED, 1, 1), date(max(years) + YEARS_COMPARED + 1, 1, 1))
    dating = Dating(catalogue, span)
    for item in (item for item in items if not item.half_read):
        yield from _announced(item, dating)
        yield from _planned(item, dating)


def _announced(item: Item, dating: Dating) -> Iterator[Problem]:
    ruled = tuple(dating.ruled(item)) if item.announced else ()
    for period, announcement in item.announced.items():
        if announcement.unusual or not can_be_announced(period, {one.turn.period for one in ruled}):
            continue  # a period that there is not is told of elsewhere
        if wrong := _Rule.around(period, ruled).against(announcement.days):
            place = item.places.get(f"announced.{period}") or item.place
            yield problem_at(place, f"«{item.id}» {period}: {wrong}", EVEN_SO)


def _planned(item: Item, dating: Dating) -> Iterator[Problem]:
    """Yield what is wrong with plans of meetings, each date held against what the rule would give without them."""
    plans = {year: phrases for year, phrases in _plans(item).items() if not any(one.unusual for one in _said(phrases))}
    if not plans:
        return
    ruled = tuple(dating.ruled(replace(item, variants=tuple(one for one in item.variants if not one.phrase.plan))))
    for year, phrases in plans.items():
        rule = _Rule.around(str(year), ruled)
        for phrase in phrases:
            (turn,) = dating.turns(item, phrase)
            if wrong := rule.against_planned(turn.days, phrase.text, len(phrases)):
                yield problem_at(phrase.place or item.place, f"«{item.id}» {year}: {wrong}", EVEN_SO_PLANNED)


def _plans(item: Item) -> dict[int, list[Phrase]]:
    """Return the dates of an item's plans by their years."""
    found: dict[int, list[Phrase]] = {}
    for variant in item.variants:
        if variant.phrase.plan and variant.year is not None:
            found.setdefault(variant.year, []).append(variant.phrase)
    return found


def _said(phrases: Iterable[Phrase]) -> Iterator[Plan]:
    return (phrase.plan for phrase in phrases if phrase.plan)


def _checked_later(item: Item, today: date) -> Iterator[Problem]:
    found = [(f"announced.{period}", one.checked) for period, one in item.announced.items()]
    plans = {one.phrase.plan: one.phrase.place for one in item.variants if one.phrase.plan}
    places = [(item.places.get(key) or item.place, checked) for key, checked in found]
    for place, checked in [*places, *((place, plan.checked) for plan, place in plans.items())]:
        if checked and checked > today:
            message = f"«checked» er {day_in_words(checked)}, som ikke har vært ennå."
            yield problem_at(place, message, "Skriv dagen du så etter, eller ta det bort.")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an event's rule gives for a period, and for the same part of the years around it ("-09", "-Q3")."""

    period: str
    own: Sequence[Dated]
    same: Sequence[Dated]
    of_year: Sequence[Dated]

    @classmethod
    def around(cls, period: str, ruled: Sequence[Dated]) -> _Rule:
        year, part = int(period[:4]), _part(period)
        near = [one for one in ruled if abs(int(one.turn.period[:4]) - year) <= YEARS_COMPARED]
        own = [one for one in near if one.turn.period == period]
        same = [one for one in near if _part(one.turn.period) == part] or near
        return cls(period, own, same, [one for one in near if one.turn.period[:4] == str(year)])

    def against(self, days: Span) -> str:
        """Return why a date cannot be that of the period, "" where it can."""
        free = self._free_day(days) if self.same else ""  # without a rule the announcement is all there is
        return self._year(days) or self._month(days) or self._weekday(days) or free

    def against_planned(self, days: Span, text: str, count: int) -> str:
        """Return why a date cannot be one of so many that somebody has decided for the year, "" where it can.

        A plan may have more meetings than the rule, in months of its own and on other weekdays. One with no more is
        about the same meetings. Who writes "søndag 7. februar" means a Sunday.
        """
        ruled = [one.turn.days for one in self.of_year]
        far = min((abs((days.first - one.first).days) for one in ruled), default=0)
        if count <= len(ruled) and far > FARTHEST_MOVE:
            return f"{day_in_words(days.first)} er {far} dager fra nærmeste dato som regelen gir."
        if days.first.weekday() == SUNDAY and weekday_name(SUNDAY) in text.casefold():
            return ""
        return self._free_day(days)

    def _year(self, days: Span) -> str:
        year = int(self.period[:4])
        own = {day.year for one in self.own for day in (one.turn.days.first, one.turn.days.last)}
        ways = {one.turn.days.first.year - int(one.turn.period[:4]) for one in self.same} or {0}
        years = own or {year + way for way in ways}
        if days.first.year in years:
            return ""
        said = list_in_words(tuple(map(str, sorted(years))))
        return f"{day_in_words(days.first)} er ikke i {said}, der regelen har perioden {self.period}."

    def _month(self, days: Span) -> str:
        typed = [one.turn.days for one in self.own if _is_typed(one)]
        if typed:
            far = min(abs((days.first - one.first).days) for one in typed)
            return f"{day_in_words(days.first)} er {far} dager fra datoen i «when»." if far > FARTHEST_MOVE else ""
        months = {day.month for one in self.same for day in one.turn.days}
        if not months or days.first.month in months:
            return ""
        said = list_in_words(tuple(month_name(month) for month in sorted(months)))
        return f"{day_in_words(days.first)} er ikke i {said}, der regelen legger den."

    def _weekday(self, days: Span) -> str:
        if not self.same or any(_is_typed(one) for one in self.own or self.same):
            return ""
        weekdays = {day.weekday() for one in self.same for day in one.turn.days}
        if days.first.weekday() in weekdays:
            return ""
        said = " eller ".join(weekday_name(weekday) for weekday in sorted(weekdays))
        return f"{day_in_words(days.first)} er ikke en {said}, som regelen sier."

    def _free_day(self, days: Span) -> str:
        if not _is_free(days.first) or any(_falls_on_free_days(one) for one in self.same):
            return ""
        what = "en søndag" if days.first.weekday() == SUNDAY else "en helligdag"
        return f"{day_in_words(days.first)} er {what}{', og regelen gir aldri en slik dag' if self.same else ''}."


def _part(period: str) -> str:
    """Return which part of its year a period is, whichever of several in it: "-09" of 2027-09.2."""
    return period[4:].partition(".")[0]


def _is_typed(dated: Dated) -> bool:
    return dated.known_by in (KnownBy.TYPED, KnownBy.ANNOUNCEMENT)


def _falls_on_free_days(dated: Dated) -> bool:
    """Tell whether a rule's own day is free; a window that only passes over a Sunday gives none."""
    return all(_is_free(day) for day in dated.turn.days)


def _is_free(day: date) -> bool:
    return day.weekday() == SUNDAY or is_holiday(day)
