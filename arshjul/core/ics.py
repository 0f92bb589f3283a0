"""Entries as iCalendar bytes, the same bytes every time. What an entry says is decided in `entries`.

Each event is encoded once and by itself; a feed is the calendar's own lines with the events' bytes joined between them.
There is no organiser, attendee, recurrence rule, time zone or colour in a feed, on purpose: clients disagree on all of
them (each gives a feed its own colour). There is an alarm only in the feeds that were asked for with alarms: elsewhere
it would page people about somebody else's calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event, vText

from arshjul.core.entries import Entry
from arshjul.core.model import Status
from arshjul.core.texts import clean, one_line

PRODID = "-//arshjul//arshjul//NB"
"""Holds no version: an upgrade must not change a byte of what people subscribe to."""

REFRESH = timedelta(hours=6)
LONGEST_UID = 200
DAY_BEFORE, HOUR_BEFORE = timedelta(hours=-15), timedelta(hours=-1)
"""When an alarm sounds: at nine in the morning of the day before for what has no time of day, else an hour before."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed, its strong ETag with the quotes, and the instant (UTC) of the last change in it."""

    body: bytes
    etag: str
    last_modified: datetime


def etag(body: bytes) -> str:
    """Return a strong ETag of the bytes, with its quotes."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def event_uid(key: str, domain: str) -> str:
    """Return the UID for a key: ASCII, at most 200 characters, and the key itself wherever it can be read."""
    uid = f"{quote(key, safe='/')}@{domain}"
    if len(uid) <= LONGEST_UID:
        return uid
    digest = sha256(key.encode()).hexdigest()[:32]
    return f"{uid[: LONGEST_UID - len(digest) - len(domain) - 2]}-{digest}@{domain}"


def entry_bytes(shown: Entry, *, uid_domain: str, stamp: datetime, sequence: int = 0, alarm: bool = False) -> bytes:
    """Return one VEVENT. `stamp` is when what it says last changed, in UTC; `sequence` counts these changes."""
    event = Event()
    event.add("uid", event_uid(shown.key, uid_domain))
    event.add("sequence", sequence)
    event.add("dtstamp", _whole_seconds(stamp))
    event.add("last-modified", _whole_seconds(stamp))
    _add_time(event, shown)
    _add_texts(event, shown)
    event.add("status", shown.status.value.upper())
    event.add("transp", "OPAQUE" if shown.busy else "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", _busy_status(shown))
    if alarm and shown.status is not Status.CANCELLED:
        event.add_component(_alarm(shown))
    return bytes(event.to_ical())


def feed_bytes(name: str, description: str, events: Sequence[bytes], *, last_modified: datetime) -> bytes:
    """Return a VCALENDAR with the events' bytes as they are; `last_modified` is the latest of their stamps, in UTC.

    It has no UID of its own, which RFC 7986 allows: vdirsyncer takes it for the UID of every event, and keeps the last.
    """
    before, after = _head(name, description)
    stamp = f"{last_modified.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode()
    return b"".join([before, stamp, after, *events, END])


END = b"END:VCALENDAR\r\n"
_NO_STAMP = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)
def _head(name: str, description: str) -> tuple[bytes, bytes]:
    """Return a calendar's own lines, encoded once, on both sides of the instant in LAST-MODIFIED."""
    calendar = Calendar()
    for key, text in (
        ("version", "2.0"),
        ("prodid", PRODID),
        ("calscale", "GREGORIAN"),
        # RFC 5546 asks for an organiser with it; Outlook has asked for the method, and no client for the organiser.
        ("method", "PUBLISH"),
        ("name", one_line(name)),
        ("x-wr-calname", one_line(name)),
        ("x-published-ttl", "PT6H"),
    ):
        calendar.add(key, vText(text))
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, vText(clean(description) or one_line(name)))
    calendar.add("last-modified", _NO_STAMP)
    # RFC 7986 gives this property no default type; icalendar's own setter leaves the type out.
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    before, line, after = calendar.to_ical().removesuffix(END).partition(b"\r\nLAST-MODIFIED:")
    return before + line, after.removeprefix(b"19700101T000000Z")


def _add_time(event: Event, shown: Entry) -> None:
    event.add("dtstart", shown.start or shown.days.first)
    if shown.start is None:
        event.add("dtend", shown.days.end)
    elif shown.end is not None:
        event.add("dtend", shown.end)


def _add_texts(event: Event, shown: Entry) -> None:
    event.add("summary", shown.heading)
    event.add("description", shown.text)
    if shown.category:
        event.add("categories", [shown.category])
    if shown.location:
        event.add("location", shown.location)
    if shown.url:
        event.add("url", shown.url)


def _alarm(shown: Entry) -> Alarm:
    """Return the one kind that clients agree on; Home Assistant refuses one without a description."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", shown.heading)
    alarm.add("trigger", HOUR_BEFORE if shown.start else DAY_BEFORE)
    return alarm


def _busy_status(shown: Entry) -> str:
    # Exchange heeds this before TRANSP and STATUS: it is the only way to a hatched, tentative bar in Outlook.
    if shown.status is Status.TENTATIVE:
        return "TENTATIVE"
    return "BUSY" if shown.busy else "FREE"


def _whole_seconds(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
