"""Entries with their revisions → iCalendar bytes, the same bytes every time; each event is encoded once and joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Alarm, Calendar, Event, vText

from arshjul.feeds.entries import Entry
from arshjul.feeds.revisions import Revision
from arshjul.keys import uid_of
from arshjul.printable import clean, one_line
from arshjul.timing.days import Span, Status

PRODID = "-//arshjul//arshjul//NB"
"""Holds no version: an upgrade must not change a byte of what people subscribe to."""

REFRESH = timedelta(hours=6)
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


def entry_bytes(shown: Entry, *, uid_domain: str, stamp: datetime, sequence: int = 0, alarm: bool = False) -> bytes:
    """Return one VEVENT. `stamp` is when what it says last changed, in UTC; `sequence` counts these changes."""
    event = Event()
    event.add("uid", uid_of(shown.key, uid_domain))
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


MOST_EVENTS = 1000
MOST_BYTES = 900_000
"""What every client takes: Google drops events of a feed above one megabyte, and ical.js is quadratic."""

BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed: an instant that is the same on every machine."""

_HEAD_ROOM = 4_000
"""Bytes that are kept free for the feed's own lines."""


@dataclass(frozen=True, slots=True)
class EncodedEvent:
    """An entry, encoded."""

    key: str
    days: Span
    modified_at: datetime
    body: bytes


Order = str
"""Start and UID in one text, which sorts as they do and in half the time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The encoded events in the order of feeds, by start and UID, and how many of them were encoded anew."""

    uid_domain: str = ""
    alarm: bool = False
    events: tuple[EncodedEvent, ...] = ()
    fresh: int = 0
    _known: Mapping[str, tuple[Revision, Order, EncodedEvent]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A feed, what it was joined from, and how many events were left out because there were too many."""

    feed: Feed
    head: Head
    events: tuple[EncodedEvent, ...]
    left_out: int = 0


def encoded(entries: Iterable[tuple[Entry, Revision]], *, uid_domain: str, kept: Kept, alarm: bool = False) -> Kept:
    """Return the events of all entries; `kept` are those of the last time.

    An event that has the revision of the last time is what it was: the revision holds the digest of all that is shown.
    """
    known = kept._known if (kept.uid_domain, kept.alarm) == (uid_domain, alarm) else {}  # noqa: SLF001  (its own kind)
    now, fresh = {}, 0
    for entry, revision in entries:
        old = known.get(entry.key)
        if old is None or (old[0] is not revision and old[0] != revision):
            old = (
                revision,
                f"{entry.starts.isoformat()} {uid_of(entry.key, uid_domain)}",
                _event(entry, revision, uid_domain, alarm),
            )
            fresh += 1
        now[entry.key] = old
    if not fresh and len(now) == len(known):
        return replace(kept, fresh=0)
    ordered = sorted(now.values(), key=_order)
    return Kept(uid_domain, alarm, tuple([event for _, _, event in ordered]), fresh, now)


def _event(entry: Entry, revision: Revision, uid_domain: str, alarm: bool) -> EncodedEvent:  # noqa: FBT001  (passed on)
    body = entry_bytes(
        entry, uid_domain=uid_domain, stamp=revision.modified_at, sequence=revision.sequence, alarm=alarm
    )
    return EncodedEvent(entry.key, entry.days, revision.modified_at, body)


def _order(known: tuple[Revision, Order, EncodedEvent]) -> Order:
    return known[1]


def joined(head: Head, events: Sequence[EncodedEvent], today: date, kept: Joined | None = None) -> Joined:
    """Return the feed of the events, which are in order; when nothing has changed, `kept`: what it was last time."""
    shown = trimmed(events, today)
    if kept and kept.head == head and kept.events == shown:
        return kept
    last_modified = max((event.modified_at for event in shown), default=BEFORE_ALL)
    parts = [event.body for event in shown]
    body = feed_bytes(head.name, head.description, parts, last_modified=last_modified)
    return Joined(Feed(body, etag(body), last_modified), head, shown, len(events) - len(shown))


def trimmed(events: Sequence[EncodedEvent], today: date) -> tuple[EncodedEvent, ...]:
    """Return as many of the events as every client takes: the past is left out first, then what is furthest ahead."""
    room, size = MOST_BYTES - _HEAD_ROOM, sum(len(event.body) for event in events)
    first, end = 0, len(events)
    while end - first > MOST_EVENTS or size > room:
        if events[first].days.end <= today:
            size, first = size - len(events[first].body), first + 1
        else:
            end -= 1
            size -= len(events[end].body)
    return tuple(events[first:end])
