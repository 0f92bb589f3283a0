"""Which occurrences each feed holds. How they become bytes is in `core.ics`, how they are served in `web`."""

from __future__ import annotations

from datetime import date, timedelta

from arshjul.core.dates import Span
from arshjul.core.expand import expand
from arshjul.core.ics import Feed, feed
from arshjul.core.model import Calendar, Occurrence, Party
from arshjul.rounds.reload import Loaded

BEHIND, AHEAD = timedelta(days=90), timedelta(days=730)
"""A feed reaches from a quarter back to two years ahead: too short angers people, too long is dropped by Google."""


def feed_span(today: date) -> Span:
    """Return the days that feeds show; it moves by whole months, so that the bytes do not change every midnight."""
    month = today.replace(day=1)
    return Span(month - BEHIND, month + AHEAD)


def calendar_feed(loaded: Loaded, calendar: Calendar, today: date, found: list[Occurrence] | None = None) -> Feed:
    """Return the feed of all that a calendar holds."""
    occurrences = expand(loaded.catalogue, feed_span(today)) if found is None else found
    own = [one for one in occurrences if one.calendar == calendar.id]
    return _feed(loaded, own, calendar.id, calendar.name, calendar.description)


def party_feed(loaded: Loaded, party: Party, today: date, found: list[Occurrence] | None = None) -> Feed:
    """Return the feed of all that a party, or something that it is part of, is responsible for or contributes to."""
    occurrences = expand(loaded.catalogue, feed_span(today)) if found is None else found
    own = [one for one in occurrences if party.full_id in one.parties]
    calendar = loaded.catalogue.calendars[party.calendar]
    return _feed(loaded, own, party.full_id, f"{party.name} – {calendar.name}", f"Årshjulet for {party.name}")


def _feed(loaded: Loaded, occurrences: list[Occurrence], uid: str, name: str, description: str) -> Feed:
    return feed(
        occurrences,
        name=name,
        uid=uid,
        uid_domain=loaded.settings.site.uid_domain,
        stamp=loaded.changed,
        description=description,
        calendar_names={calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()},
    )
