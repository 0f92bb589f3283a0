"""How it stands with the letters, in one look at the database: what health is computed from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from arshjul.core.health import Queue
from arshjul.core.outbox import State
from arshjul.store import facts, holds
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX

WAITING: Final = (State.QUEUED, State.SENDING, State.DATA_STARTED, State.UNKNOWN)


def queue_of(store: Store, now: datetime) -> Queue:
    """Return how it stands at `now` (UTC). Raises StoreError."""
    oldest = select(func.min(OUTBOX.c.send_at)).where(OUTBOX.c.state.in_(WAITING), OUTBOX.c.send_at <= now)
    undecided = select(func.count()).where(OUTBOX.c.state == State.HELD)
    accepted = select(func.max(OUTBOX.c.accepted_at))
    hold, pause = holds.current(store), facts.pause(store)
    with store.reading() as connection:
        planned = facts.get(connection, facts.PLANNED)
        since: datetime | None = connection.execute(oldest).scalar()
        return Queue(
            hold=hold.kind if hold else None,
            resting_until=pause.until if pause and pause.is_on(now) else None,
            waiting_since=since,
            undecided=connection.execute(undecided).scalar_one(),
            accepted=connection.execute(accepted).scalar(),
            planned=date.fromisoformat(planned) if planned else None,
        )
