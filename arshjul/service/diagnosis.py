"""What the service knows of itself at a moment → its health. Nothing is asked of the disk or the store here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from arshjul.core.health import (
    AGAIN,
    Area,
    Fault,
    Health,
    Queue,
    faults_of_files,
    faults_of_hold,
    faults_of_queue,
    faults_of_secret,
)
from arshjul.core.senddays import local_day
from arshjul.service.faults import AREAS, LATE, PLANNING, SENDING, SHOWING
from arshjul.service.guard import Guard
from arshjul.service.notices import Notices
from arshjul.store.engine import StoreError
from arshjul.store.schema import HEAD


@dataclass(frozen=True, slots=True)
class Signs:
    """What health is computed from: the loops, what is noticed, and how it stood with the letters at the last look."""

    guard: Guard
    notices: Notices
    queue: Queue
    problems: int
    files_read: datetime | None
    feeds: int
    secret_expires: date | None


def diagnose(signs: Signs, now: datetime) -> Health:
    """Return how it stands at `now` (UTC)."""
    guard = signs.guard
    failing = [
        *(Fault(AREAS[what], what, AGAIN) for what in guard.failing()),
        *(Fault(AREAS[loop], LATE[loop].format(seconds=int(s // 10 * 10)), AGAIN) for loop, s in guard.late().items()),
        *(Fault(Area.STORE, error.words, AGAIN) for error in guard.errors() if isinstance(error, StoreError)),
        *faults_of_queue(signs.queue, now),
        *faults_of_secret(signs.secret_expires, local_day(now)),
    ]
    known = [*faults_of_files(signs.problems), *faults_of_hold(signs.queue, now), *signs.notices.faults()]
    return Health(tuple(dict.fromkeys(failing)), tuple(known), _facts(signs))


def _facts(signs: Signs) -> Mapping[str, Mapping[str, str | float | None]]:
    guard, queue = signs.guard, signs.queue
    return {
        Area.FILES: {"read_at": _iso(signs.files_read), "problems": signs.problems},
        Area.STORE: {"schema": HEAD, "seconds_since_used": guard.since(SHOWING)},
        Area.PLANNING: {"seconds_since_success": guard.since(PLANNING), "last_day": _iso(queue.planned)},
        Area.SENDING: {
            "seconds_since_success": guard.since(SENDING),
            "last_accepted_at": _iso(queue.accepted),
            "hold": queue.hold,
            "resting_until": _iso(queue.resting_until),
            "waiting_since": _iso(queue.waiting_since),
            "undecided": queue.undecided,
        },
        Area.FEEDS: {"seconds_since_seen_to": guard.since(SHOWING), "public": signs.feeds},
        Area.SECRETS: {"expire_on": _iso(signs.secret_expires)},
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
