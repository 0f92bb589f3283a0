"""What all feeds are made from: the occurrences of a stretch of days and what people see of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.core.dates import Span
from arshjul.core.entries import Entry, entry
from arshjul.core.expand import expand
from arshjul.core.leadtimes import lead_entries
from arshjul.core.model import Occurrence
from arshjul.core.openness import opened
from arshjul.core.plan import leads_of
from arshjul.core.subscriptions import FeedSpec, Scope
from arshjul.rounds.reload import Loaded

BEHIND, AHEAD = timedelta(days=90), timedelta(days=730)
"""A feed reaches from a quarter back to two years ahead: too short angers people, too long is dropped by Google."""


@dataclass(frozen=True, slots=True)
class Year:
    """The files, expanded: what comes round in the days of the feeds, and what is shown of each by key."""

    loaded: Loaded
    today: date
    span: Span
    occurrences: tuple[Occurrence, ...]
    entries: dict[str, Entry]


def feed_span(today: date) -> Span:
    """Return the days that feeds show; it moves by whole months, so that the bytes do not change every midnight."""
    month = today.replace(day=1)
    return Span(month - BEHIND, month + AHEAD)


def year_of(loaded: Loaded, today: date) -> Year:
    """Return what feeds are made from on a day."""
    span = feed_span(today)
    found = tuple(opened(loaded.catalogue, expand(loaded.catalogue, span)))
    names = {calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()}
    shown = ((one.key, entry(one, names.get(one.calendar, ""))) for one in found)
    return Year(loaded, today, span, found, {key: seen for key, seen in shown if seen})


def lead_entries_of(year: Year) -> dict[str, Entry]:
    """Return the entries that come so long before deadlines, by key."""
    leads = leads_of(year.loaded.catalogue, year.loaded.settings.rules)
    return {
        early.key: early
        for one in year.occurrences
        if one.key in year.entries
        for early in lead_entries(one, year.entries[one.key], leads[one.calendar, one.id])
        if early.days.overlaps(year.span)
    }


def public_specs(loaded: Loaded) -> Iterable[FeedSpec]:
    """Yield the feeds that everybody may read."""
    calendars = loaded.catalogue.calendars.values()
    return (FeedSpec(Scope.CALENDAR, calendar.id) for calendar in calendars if calendar.public)
