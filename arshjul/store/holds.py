"""The queue standing still until a person lets it go, and what is remembered to judge by. When it is: `core.brakes`."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from arshjul.core.brakes import ENDED_BY_OTHERS, OF_PLANNING, Hold, HoldKind, Reading
from arshjul.store import epoch, facts, refusals
from arshjul.store.engine import Store

HOLD: Final = "hold"
CLOCK: Final = "clock"
ALLOWED: Final = "letters-allowed"
GAP_SEEN: Final = "gap-seen"
"""The last planned day before a gap that a person has looked at."""
ALLOWED_FOR: Final = timedelta(days=1)


def current(store: Store) -> Hold | None:
    """Return why the queue stands still, None if it does not."""
    with store.reading() as connection:
        return _read(connection)


def order(store: Store, hold: Hold) -> Hold:
    """Let the queue stand still; where it does already, the first reason stays. Returns the one that counts.

    SETUP ends by itself when the settings change, and a hold of planning is found anew, so what stops all takes their
    place.
    """
    with store.writing() as connection:
        before = _read(connection)
        if before is not None and (before.kind not in ENDED_BY_OTHERS or hold.kind in OF_PLANNING or before == hold):
            return before
        if before is not None and before.kind is hold.kind is HoldKind.SETUP:
            return before
        value = [hold.kind, hold.reason, hold.since.isoformat(), hold.letters, hold.relay]
        facts.put(connection, HOLD, json.dumps(value, ensure_ascii=False))
    return hold


def release(store: Store, now: datetime) -> Hold | None:
    """Let the queue go on, and its pause end; returns what it stood still for.

    What made it stand still is taken as looked at: as many letters at once as there were then, the clock as it is, the
    database as it is.
    """
    with store.writing() as connection:
        hold = _read(connection)
        for key in (HOLD, CLOCK, facts.PAUSE):
            facts.forget(connection, key)
        refusals.let_go(connection)
        epoch.catch_up(store, connection)
        if hold is not None and hold.kind in (HoldKind.FLOOD, HoldKind.EDITS):
            facts.put(connection, ALLOWED, json.dumps([hold.letters, (now + ALLOWED_FOR).isoformat()]))
        if hold is not None and hold.kind is HoldKind.GAP:
            facts.put(connection, GAP_SEEN, facts.get(connection, facts.PLANNED) or "")
    return hold


def is_gap_seen(store: Store, planned: date) -> bool:
    """Tell whether a person has let go what came due after that last planned day."""
    with store.reading() as connection:
        return facts.get(connection, GAP_SEEN) == planned.isoformat()


def lift(store: Store) -> None:
    """End a hold whose cause is gone, without a person."""
    with store.writing() as connection:
        facts.forget(connection, HOLD)
        refusals.start_anew(connection)


def allowed(store: Store, now: datetime) -> int:
    """Return how many letters a person has said may go at once, 0 if nobody has."""
    with store.reading() as connection:
        value = facts.get(connection, ALLOWED)
    if value is None:
        return 0
    letters, until = json.loads(value)
    return int(letters) if now < datetime.fromisoformat(until) else 0


def last_reading(store: Store) -> Reading | None:
    """Return how the clocks stood when letters were seen to last."""
    with store.reading() as connection:
        value = facts.get(connection, CLOCK)
    if value is None:
        return None
    wall, up, boot = json.loads(value)
    return Reading(datetime.fromisoformat(wall), up, boot)


def note_reading(store: Store, reading: Reading) -> None:
    with store.writing() as connection:
        facts.put(connection, CLOCK, json.dumps([reading.wall.isoformat(), reading.up, reading.boot]))


def _read(connection: Connection) -> Hold | None:
    value = facts.get(connection, HOLD)
    if value is None:
        return None
    kind, reason, since, letters, relay = json.loads(value)
    return Hold(HoldKind(kind), reason, datetime.fromisoformat(since), letters, relay)
