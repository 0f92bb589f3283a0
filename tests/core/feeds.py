"""Occurrences to make feeds of, and ways to read a feed: by lines, by property, by another parser."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from arshjul.core.dates import Span
from arshjul.core.ics import Feed, feed
from arshjul.core.model import Kind, Occurrence, Recipient, Status
from arshjul.core.turns import Clock

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
