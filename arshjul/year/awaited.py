"""Which dates are still tentative though somebody should have announced them, and quotas without dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from arshjul.keys import key_of
from arshjul.plan.model import Catalogue, Item, Phrase
from arshjul.timing.cadences import MONTHS_IN, Per, Quota, leans_on
from arshjul.timing.days import Span, Status, Turn, month_span, year_span
from arshjul.timing.places import place
from arshjul.year.dating import Dated, Dating

MONTHS: Final = {**MONTHS_IN, Per.YEAR: 12}
"""The lengths of the periods that are looked at; a week is too short to plan ahead, a term too long to judge."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An item with the phrase that asks for so many times, and how many are dated in the period."""

    item: Item
    phrase: Phrase
    days: Span
    planned: int


def unmet(catalogue: Catalogue, today: date) -> Iterator[Unmet]:
    """Yield the quotas of the periods that today is in that are not met by what has a date, or are exceeded."""
    dating = Dating(catalogue, year_span(today.year))
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        for phrase in item.when:
            if isinstance(phrase.cadence, Quota) and (days := _period(phrase.cadence, today)):
                quota = phrase.cadence
                planned = sum(
                    dated.turn.days.last in days and dated.status is not Status.CANCELLED
                    for dated in dating.dated(item)
                )
                if planned < quota.least or (quota.most is not None and planned > quota.most):
                    yield Unmet(item, phrase, days, planned)


def _period(quota: Quota, today: date) -> Span | None:
    """Return the days of the quota's period that today is in, only those of its part of the year."""
    months = MONTHS.get(quota.per)
    if months is None:
        return None
    whole = month_span(today.year, (today.month - 1) // months * months + 1, months)
    if quota.within is None:
        return whole
    part = place(quota.within, today.year)
    return whole.common(part) if part else None


AHEAD = timedelta(days=730)
"""How far ahead dates are looked at: an election day is announced sixteen months before."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A tentative date that will be announced: what is computed now, and the day by which it should be public.

    `rule` is the phrase behind the date, `source` where the announcement, or that of another year, is to be found.
    """

    calendar: str
    id: str
    period: str
    title: str
    days: Span
    public_by: date
    is_deadline: bool = False
    rule: str = ""
    source: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """The key of the occurrence whose date it is."""
        return key_of(self.calendar, self.id, self.period)

    @property
    def wanted(self) -> date:
        """The day by which it must be known: the deadline itself, or the first day on which it may happen."""
        return self.days.last if self.is_deadline else self.days.first


def dates_to_confirm(catalogue: Catalogue, today: date) -> tuple[ToConfirm, ...]:
    """Return the dates, coming or running, that should have been announced before today and stand unannounced."""
    found = announcements_awaited(catalogue, Span(today, today + AHEAD))
    return tuple(sorted((one for one in found if one.public_by < today), key=lambda one: (one.days, one.key)))


def announcements_awaited(catalogue: Catalogue, span: Span) -> Iterator[ToConfirm]:
    """Yield every tentative date in a span whose announcement comes by a known day, whether that is past or not."""
    dating = Dating(catalogue, span)
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        for dated in dating.dated(item) if item.announced_by else ():
            is_open = dated.status is Status.TENTATIVE and dated.turn.days.overlaps(span)
            if is_open and item.announced_by and (by := _public_by(item, item.announced_by, dated.turn, dating)):
                yield _to_confirm(item, dated, by)


def _public_by(item: Item, phrase: Phrase, turn: Turn, dating: Dating) -> date | None:
    """Return the day by which a date should be public.

    What is counted from an event ("16 måneder før valget") is that of the event's own period; a day of the year is the
    last one that is not after the date itself: for 8 January, the 15 November before.
    """
    found, follows = dating.turns(item, phrase), bool(leans_on(phrase.cadence))
    known = (by.days.last for by in found if not by.called_off and (not follows or by.period == turn.period))
    return max((last for last in known if last <= turn.days.last), default=None)


def _to_confirm(item: Item, dated: Dated, public_by: date) -> ToConfirm:
    return ToConfirm(
        calendar=item.calendar,
        id=item.id,
        period=dated.turn.period,
        title=item.title,
        days=dated.turn.days,
        public_by=public_by,
        is_deadline=dated.turn.deadline,
        rule=dated.rule,
        source=dated.source or item.source,
        note=item.note,
    )
