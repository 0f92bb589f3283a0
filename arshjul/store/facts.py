"""Single things to remember: when the service was first started, whether the mail server is being left in peace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from arshjul.core.outbox import RELAY_PAUSES, relay_pause
from arshjul.core.printable import printable
from arshjul.store.engine import Store
from arshjul.store.tables import FACT

GO_LIVE: Final = "go-live"
PAUSE: Final = "relay-pause"
PLANNED: Final = "planned-day"
"""The last day whose letters a round has planned."""
EXPECTED: Final = "expected-until"
"""The last day of which the reminders to come are noted (see `known.Expected`)."""
HOUR: Final = "letters-hour"
"""The day whose hour of letters has been; unlike PLANNED it may go back, as when days are tried out in order."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The queue rests because the mail server failed, `count` times in a row; `reason` is what it said."""

    until: datetime
    count: int
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason))

    def is_on(self, now: datetime) -> bool:
        """Tell whether it lasts at `now` (UTC); a longer one than any is of a run as if on a later day."""
        return now < self.until <= now + RELAY_PAUSES[-1]


def get(connection: Connection, key: str) -> str | None:
    value: str | None = connection.execute(select(FACT.c.value).where(FACT.c.key == key)).scalar()
    return value


def put(connection: Connection, key: str, value: str) -> None:
    """Remember a value in place of the one before, in one statement: two writers at once do not collide."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(FACT).values(key=key, value=value)
    connection.execute(new.on_conflict_do_update(index_elements=[FACT.c.key], set_={"value": value}))


def put_first(connection: Connection, key: str, value: str) -> str:
    """Remember a value unless there is one; returns the one that counts, whoever wrote it."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(FACT).values(key=key, value=value).on_conflict_do_nothing(index_elements=[FACT.c.key]))
    return get(connection, key) or value


def forget(connection: Connection, key: str) -> None:
    connection.execute(delete(FACT).where(FACT.c.key == key))


def go_live(store: Store) -> datetime | None:
    """Return the instant of the first start, None before it."""
    with store.reading() as connection:
        value = get(connection, GO_LIVE)
    return datetime.fromisoformat(value) if value else None


def pause(store: Store) -> Pause | None:
    """Return the pause that was ordered last, over or not; None after the server has taken a letter again."""
    with store.reading() as connection:
        return _read_pause(connection)


def order_pause(store: Store, now: datetime, reason: str) -> Pause:
    """Let the queue rest, longer each time in a row."""
    with store.writing() as connection:
        before = _read_pause(connection)
        count = before.count if before else 0
        ordered = Pause(now + relay_pause(count), count + 1, reason)
        put(connection, PAUSE, json.dumps([ordered.until.isoformat(), ordered.count, ordered.reason]))
    return ordered


def _read_pause(connection: Connection) -> Pause | None:
    value = get(connection, PAUSE)
    if value is None:
        return None
    until, count, reason = json.loads(value)
    return Pause(datetime.fromisoformat(until), count, reason)
