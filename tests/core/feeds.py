"""Occurrences to make feeds of, and ways to read a feed: by lines, by property, by another parser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from arshjul.feeds.entries import entry
from arshjul.feeds.ics import Feed, entry_bytes, etag, feed_bytes
from arshjul.keys import uid_of
from arshjul.plan.model import Kind, Occurrence, Recipient
from arshjul.timing.days import Clock, Span, Status

STAMP = datetime(2026, 11, 2, 7, 30, 15, 123456, tzinfo=UTC)

BOARD = Occurrence(
    calendar="osloregionen",
    id="styremote",
    period="2026-12",
    title="Styremøte",
    kind=Kind.DAY,
    days=Span.of(date(2026, 12, 4)),
    clock=Clock(time(10), time(12, 30)),
    status=Status.CONFIRMED,
    responsible=("Styret", "Sekretariatet"),
    recipients=(Recipient("hemmelig@example.no", "Hemmelig"),),
    source="https://www.example.no/moter?aar=2026",
    location="Rådhuset, Oslo",
)
BUDGET_DEBATE = Occurrence(
    calendar="politisk-aar",
    id="finansdebatt",
    period="2026",
    title="Finansdebatt",
    kind=Kind.WINDOW,
    days=Span.of(date(2026, 12, 1), date(2026, 12, 5)),
    rule="1.–5. desember",
    source="Stortingets budsjettsyklus",
)
INPUT = Occurrence(
    calendar="osloregionen",
    id="1.2",
    period="2026-12",
    title="Status for det interessepolitiske arbeidet",
    kind=Kind.DEADLINE,
    days=Span.of(date(2026, 12, 15)),
    deadline=date(2026, 12, 15),
    responsible=("Sekretariatet",),
    contributors=("Delregionene", "Kommunene", "Ordførerne"),
    area="Felles politiske prioriteringer; høring, innspill",
    note="Sendes samlet.\nEtt vedlegg.",
)


def feed(
    occurrences: Iterable[Occurrence],
    *,
    name: str,
    uid_domain: str,
    stamp: datetime,
    description: str = "",
    calendar_names: Mapping[str, str] | None = None,
) -> Feed:
    """Return the feed of all that has a date, sorted by start and UID, as simply as it can be made.

    What is published is joined from parts (`feeds.ics`), and is held against this byte for byte. `stamp` is the
    instant (UTC) of the last change. `calendar_names` gives the names of calendars by id.
    """
    names = calendar_names or {}
    shown = [entry(each, names.get(each.calendar, "")) for each in occurrences]
    entries = sorted((each for each in shown if each), key=lambda each: (each.starts, uid_of(each.key, uid_domain)))
    events = [entry_bytes(each, uid_domain=uid_domain, stamp=stamp) for each in entries]
    body = feed_bytes(name, description, events, last_modified=stamp)
    return Feed(body, etag(body), stamp.replace(microsecond=0))


def feed_of(*occurrences: Occurrence) -> Feed:
    return feed(
        occurrences,
        name="Osloregionen IPR",
        uid_domain="kalender.example.no",
        stamp=STAMP,
        description="Møter og frister",
        calendar_names={"osloregionen": "Osloregionen IPR", "politisk-aar": "Det politiske året"},
    )


def lines(feed: Feed) -> list[str]:
    """Return the feed's lines, unfolded."""
    return feed.body.decode().replace("\r\n ", "").split("\r\n")


def values(feed: Feed, name: str) -> list[str]:
    """Return the values of a property in all events, in their order, as written."""
    events = feed.body.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    found = [line for event in events for line in event.split("\r\n") if line.split(":")[0].split(";")[0] == name]
    return [line[len(name) :] for line in found]


def read(feed: Feed) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(feed.body.decode())
