"""A published feed, read by the icalendar library as a subscriber's program would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from icalendar import Event

from tests.properties.almanac import DAY


@dataclass(frozen=True, order=True)
class Seen:
    """One entry as a subscriber sees it. `first` is a day, or an instant in UTC; `last` the last day, if any."""

    uid: str
    first: date
    last: date | None
    summary: str
    status: str
    rest: str = ""
    sequence: int = 0
    stamp: str = ""

    @property
    def item(self) -> str:
        return self.uid.split("~")[1]

    @property
    def what(self) -> tuple[date, date | None, str, str, str]:
        return self.first, self.last, self.summary, self.status, self.rest


OF_THE_REVISION = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


def entries(body: bytes) -> list[Seen]:
    _, *events = body.decode().replace("\r\n ", "").partition("END:VCALENDAR")[0].split("BEGIN:VEVENT\r\n")
    return [_seen(event) for event in events]


@lru_cache(maxsize=50_000)
def _seen(text: str) -> Seen:
    """Read one event by itself: what has not changed need not be read again."""
    event: Any = Event.from_ical(f"BEGIN:VEVENT\r\n{text}")  # whose values are of thirty kinds
    first, last = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    if isinstance(first, datetime):
        first = first.astimezone(UTC)
    elif last is not None:
        last -= DAY
    rest = [line for line in text.split("\r\n") if line.split(":")[0].split(";")[0] not in OF_THE_REVISION]
    return Seen(
        uid=str(event["UID"]),
        first=first,
        last=last,
        summary=str(event["SUMMARY"]),
        status=str(event["STATUS"]),
        rest="\n".join(rest),
        sequence=int(event["SEQUENCE"]),
        stamp=event["LAST-MODIFIED"].to_ical().decode(),
    )
