"""The coordinator's urgent letters: what they have told and when, and which of them may go while letters are held."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, exists, select

from arshjul.core.brakes import HoldKind
from arshjul.core.urgent import APART
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.outbox import QueuedLetter, add, one_at_a_time
from arshjul.store.tables import ATTEMPT, IS_URGENT, OUTBOX

TOLD: Final = "alarms"
"""A JSON object of identities (see `core.urgent`), each with the instant at which its letter was written."""

REMEMBERED: Final = timedelta(days=400)


def told(store: Store, now: datetime) -> frozenset[str]:
    """Return the identities of what has been told; a run as if on a later day has told nobody."""
    with store.reading() as connection:
        return frozenset(name for name, at in _read(connection).items() if at <= now)


def may_tell(store: Store, now: datetime) -> bool:
    """Tell whether the last letter is so long ago that another may go."""
    with store.reading() as connection:
        return _may_tell(_read(connection), now)


def queue(store: Store, letter: QueuedLetter, identities: Collection[str], now: datetime) -> bool:
    """Put the letter into the outbox and remember what it tells, both or neither.

    False where another process was quicker: the next round tells what is still left.
    """
    with store.writing() as connection:
        one_at_a_time(connection)
        before = _read(connection)
        if not _may_tell(before, now) or any(before.get(name, now) < now for name in identities):
            return False
        add(connection, [letter], now)
        kept = {name: at for name, at in before.items() if at > now - REMEMBERED} | dict.fromkeys(identities, now)
        facts.put(connection, TOLD, json.dumps({name: at.isoformat() for name, at in kept.items()}))
    return True


def sendable(store: Store, kind: HoldKind, now: datetime) -> tuple[str, ...]:
    """Return the ids of those that may go though all else is held: none once a person has said stop.

    A server that refuses us is tried once with each: it may take what goes to its own people.
    """
    if kind is HoldKind.PERSON:
        return ()
    waiting = select(OUTBOX.c.id).where(IS_URGENT, OUTBOX.c.next_at <= now)
    if kind is HoldKind.SETUP:
        waiting = waiting.where(~exists().where(ATTEMPT.c.outbox_id == OUTBOX.c.id))
    with store.reading() as connection:
        return tuple(connection.execute(waiting.order_by(OUTBOX.c.id)).scalars())


def _may_tell(before: dict[str, datetime], now: datetime) -> bool:
    return all(at > now or now - at >= APART for at in before.values())


def _read(connection: Connection) -> dict[str, datetime]:
    value = facts.get(connection, TOLD)
    return {name: datetime.fromisoformat(at) for name, at in json.loads(value).items()} if value else {}
