"""Quotas ("fire ganger i året") against the dates that are planned: which are not met, or are exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from arshjul.core.cadences import MONTHS_IN, Per, Quota, place
from arshjul.core.dates import Span, month_span, year_span
from arshjul.core.dating import Dating
from arshjul.core.model import Catalogue, Item, Phrase, Status

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
