"""Announced and planned dates against their rule: other years, months or weekdays, a Sunday, a day yet to come.

A year that is one off is the commonest slip. What is so all the same is taken with a reason: `unusual = "…"`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from arshjul.core.dates import SUNDAY, Span
from arshjul.core.dating import Dated, Dating
from arshjul.core.model import Catalogue, Item, KnownBy, Phrase, Plan
from arshjul.core.periods import can_be_announced
from arshjul.core.problems import Problem, problem_at
from arshjul.core.words import day_in_words, list_in_words, month_name, weekday_name
from arshjul.core.workdays import is_holiday

YEARS_AROUND = 14
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
    span = Span(date(min(years) - YEARS_AROUND, 1, 1), date(max(years) + YEARS_AROUND + 1, 1, 1))
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
        near = [one for one in ruled if abs(int(one.turn.period[:4]) - year) <= YEARS_AROUND]
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
