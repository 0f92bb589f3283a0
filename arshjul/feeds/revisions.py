"""What has been published and when it changed: entries + what is remembered + now → revisions to write. No database.

A calendar program believes that an entry has changed only when its revision fields move: `SEQUENCE`, `LAST-MODIFIED`
and `DTSTAMP`. So they move when what people see does, and at no other time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from arshjul.feeds.entries import Entry
from arshjul.keys import is_lead, split_key
from arshjul.timing.days import DAY, Span, Status, local_day

GONE = ""
"""The digest of what has left the feeds. Nothing else has it, so what comes back is a new revision."""

LEAST_VANISHED = 5
"""So few dates may go at once without anybody being asked, as long as some are left."""

LEAST_EMPTIED = 3
"""So few may be all that a calendar had ahead of it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What is remembered of one key. Instants are UTC in whole seconds.

    `sequence` counts the changes, `modified_at` is the last one. `withdrawn_at` is when it was called off or left out.
    `days` are those that it was last shown on: of what has left a feed they tell whether the feed moved on or somebody
    took it away.
    """

    key: str
    digest: str
    sequence: int
    modified_at: datetime
    first_seen: datetime
    days: Span
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Vanishing:
    """So many coming dates of a calendar, `gone` of `ahead`, would leave at once that somebody must say it is meant."""

    calendar: str
    gone: tuple[str, ...]
    ahead: int


def digest(entry: Entry) -> str:
    """Return the SHA-256 of what people see, in hex.

    A field that is empty is left out: a later version of the program can know more fields, and no entry looks edited.
    """
    shown = {field.name: value for field in fields(entry) if (value := getattr(entry, field.name))}
    return sha256(json.dumps(shown, sort_keys=True, default=_plain, ensure_ascii=False).encode()).hexdigest()


def revise(
    entries: Mapping[str, str],
    shown: Mapping[str, Entry],
    remembered: Mapping[str, Revision],
    now: datetime,
    span: Span,
    *,
    leads: bool = False,
) -> list[Revision]:
    """Return the revisions to write. `entries` are the digests of `shown` by key, `span` the days of the feeds.

    Without `leads`, what is remembered of lead-time entries is left as it is: nobody has asked for them this time.
    """
    at = now.replace(microsecond=0)
    changed = [
        _changed(shown[key], found, remembered.get(key), at)
        for key, found in entries.items()
        if (old := remembered.get(key)) is None or old.digest != found
    ]
    gone = (old for old in taken_away(entries, remembered, span) if leads or not is_lead(old.key))
    return changed + [replace(old, digest=GONE, withdrawn_at=at) for old in gone]


def taken_away(keys: Iterable[str], remembered: Mapping[str, Revision], span: Span) -> Iterator[Revision]:
    """Yield what was shown, lies within the span and is there no more."""
    for key in sorted(remembered.keys() - set(keys)):
        if remembered[key].digest != GONE and remembered[key].days.overlaps(span):
            yield remembered[key]


def vanishing(
    keys: Iterable[str], remembered: Mapping[str, Revision], today: date, span: Span, share: float
) -> list[Vanishing]:
    """Return the calendars of which more than the share of what lies ahead would vanish at once."""
    coming = Span(max(today, span.first), span.end)
    ahead: dict[str, int] = {}
    for old in remembered.values():
        if old.digest != GONE and not is_lead(old.key) and old.days.overlaps(coming):
            ahead[split_key(old.key)[0]] = ahead.get(split_key(old.key)[0], 0) + 1
    gone: dict[str, list[str]] = {}
    for old in taken_away(keys, remembered, coming):
        if not is_lead(old.key):
            gone.setdefault(split_key(old.key)[0], []).append(old.key)
    found = (Vanishing(calendar, tuple(keys), ahead[calendar]) for calendar, keys in sorted(gone.items()))
    return [one for one in found if _is_too_much(len(one.gone), one.ahead, share)]


def vanishing_digest(found: Iterable[Vanishing]) -> str:
    """Return what names exactly these dates: leave that was given for them holds for no others."""
    return sha256("\n".join(key for one in found for key in one.gone).encode()).hexdigest()


def is_still_shown(entry: Entry, revision: Revision, today: date, cancelled_days: int) -> bool:
    """Tell whether it is in the feeds: what is called off stays so many days for people to see it, and then leaves."""
    if entry.status is not Status.CANCELLED or revision.withdrawn_at is None:
        return True
    return today < local_day(revision.withdrawn_at) + cancelled_days * DAY


def _changed(entry: Entry, found: str, old: Revision | None, at: datetime) -> Revision:
    cancelled = entry.status is Status.CANCELLED
    if old is None:
        return Revision(entry.key, found, 0, at, at, entry.days, at if cancelled else None)
    # A clock that was set back must not make the newer revision look like the older one.
    at = max(at, old.modified_at + timedelta(seconds=1))
    since = old.withdrawn_at if old.digest != GONE and old.withdrawn_at else at
    return Revision(entry.key, found, old.sequence + 1, at, old.first_seen, entry.days, since if cancelled else None)


def _is_too_much(gone: int, ahead: int, share: float) -> bool:
    return gone >= (LEAST_EMPTIED if gone == ahead else LEAST_VANISHED) and gone > share * ahead


def _plain(value: object) -> object:
    if isinstance(value, Span):
        return [day.isoformat() for day in astuple(value)]
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no plain form")
