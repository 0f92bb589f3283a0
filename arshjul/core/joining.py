"""Entries with their revisions → feeds: each event's bytes are kept, and a feed is those bytes joined.

Nothing is encoded a second time while what people see and its revision stay the same. What is kept is exactly what the
feeds now hold, so it cannot grow. The encoding itself is in `ics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from arshjul.core.dates import Span
from arshjul.core.entries import Entry
from arshjul.core.ics import Feed, entry_bytes, etag, event_uid, feed_bytes
from arshjul.core.revisions import Revision

MOST_EVENTS = 1000
MOST_BYTES = 900_000
"""What every client takes: Google drops events of a feed above one megabyte, and ical.js is quadratic."""

BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed: an instant that is the same on every machine."""

_HEAD_ROOM = 4_000
"""Bytes that are kept free for the feed's own lines."""


@dataclass(frozen=True, slots=True)
class Event:
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
    events: tuple[Event, ...] = ()
    fresh: int = 0
    _known: Mapping[str, tuple[Revision, Order, Event]] = field(default_factory=dict)


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
    events: tuple[Event, ...]
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
                f"{entry.starts.isoformat()} {event_uid(entry.key, uid_domain)}",
                _event(entry, revision, uid_domain, alarm),
            )
            fresh += 1
        now[entry.key] = old
    if not fresh and len(now) == len(known):
        return replace(kept, fresh=0)
    ordered = sorted(now.values(), key=_order)
    return Kept(uid_domain, alarm, tuple([event for _, _, event in ordered]), fresh, now)


def _event(entry: Entry, revision: Revision, uid_domain: str, alarm: bool) -> Event:  # noqa: FBT001  (passed on)
    body = entry_bytes(
        entry, uid_domain=uid_domain, stamp=revision.modified_at, sequence=revision.sequence, alarm=alarm
    )
    return Event(entry.key, entry.days, revision.modified_at, body)


def _order(known: tuple[Revision, Order, Event]) -> Order:
    return known[1]


def joined(head: Head, events: Sequence[Event], today: date, kept: Joined | None = None) -> Joined:
    """Return the feed of the events, which are in order; when nothing has changed, `kept`: what it was last time."""
    shown = trimmed(events, today)
    if kept and kept.head == head and kept.events == shown:
        return kept
    last_modified = max((event.modified_at for event in shown), default=BEFORE_ALL)
    parts = [event.body for event in shown]
    body = feed_bytes(head.name, head.description, parts, last_modified=last_modified)
    return Joined(Feed(body, etag(body), last_modified), head, shown, len(events) - len(shown))


def trimmed(events: Sequence[Event], today: date) -> tuple[Event, ...]:
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
