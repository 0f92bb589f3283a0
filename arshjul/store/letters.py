"""What the outbox holds, to be looked at. Nothing here changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from arshjul.core.model import Recipient
from arshjul.core.outbox import State
from arshjul.store.engine import Store
from arshjul.store.sending import LEASE
from arshjul.store.tables import ATTEMPT, OUTBOX


@dataclass(frozen=True, slots=True)
class LetterInfo:
    """A letter as the outbox knows it, without its text. `next_at` is None once it no longer waits: `settled_at`."""

    id: str
    state: State
    to: Recipient
    subject: str
    send_day: date
    send_at: datetime
    next_at: datetime | None
    attempt: int
    generation: int
    last_code: int | None
    last_text: str
    accepted_at: datetime | None
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptInfo:
    """One attempt to send a letter."""

    phase: str
    outcome: str
    code: int | None
    text: str
    generation: int
    ended_at: datetime


INFO = (
    OUTBOX.c.id,
    OUTBOX.c.state,
    OUTBOX.c.address,
    OUTBOX.c.name,
    OUTBOX.c.subject,
    OUTBOX.c.send_day,
    OUTBOX.c.send_at,
    OUTBOX.c.next_at,
    OUTBOX.c.attempt,
    OUTBOX.c.generation,
    OUTBOX.c.last_code,
    OUTBOX.c.last_text,
    OUTBOX.c.accepted_at,
    OUTBOX.c.created_at,
    OUTBOX.c.settled_at,
)


def counts(store: Store) -> Mapping[State, int]:
    """Return how many letters there are in each state that has any."""
    statement = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    with store.reading() as connection:
        return {State(row[0]): row[1] for row in connection.execute(statement)}


def unanswered(store: Store) -> tuple[int, datetime] | None:
    """Return how many letters are handed over and not answered, and since when the first of them; None without any."""
    oldest = select(func.count(), func.min(OUTBOX.c.lease_until)).where(OUTBOX.c.state == State.DATA_STARTED)
    with store.reading() as connection:
        count, until = connection.execute(oldest).one()
    return (count, until - LEASE) if count else None


def letters_by_state(store: Store, *states: State, limit: int = 100) -> tuple[LetterInfo, ...]:
    """Return the letters in these states (in any, when none is given), the newest first."""
    statement = select(*INFO).order_by(OUTBOX.c.send_at.desc(), OUTBOX.c.id.desc()).limit(limit)
    if states:
        statement = statement.where(OUTBOX.c.state.in_(states))
    with store.reading() as connection:
        return tuple(_info(row) for row in connection.execute(statement))


def letter(store: Store, letter_id: str) -> LetterInfo | None:
    """Return one letter, None if there is none of that id."""
    with store.reading() as connection:
        row = connection.execute(select(*INFO).where(OUTBOX.c.id == letter_id)).first()
    return _info(row) if row is not None else None


def accepted_between(store: Store, start: datetime, end: datetime) -> tuple[LetterInfo, ...]:
    """Return the letters that the server took in the time [start, end], in the order of that.

    With now as `end`, what a run as if on a later day has sent does not count until that day.
    """
    taken = OUTBOX.c.accepted_at.between(start, end)
    statement = select(*INFO).where(taken).order_by(OUTBOX.c.accepted_at, OUTBOX.c.id)
    with store.reading() as connection:
        return tuple(_info(row) for row in connection.execute(statement))


def last_send_day(store: Store, variant: str, today: date, *states: State) -> date | None:
    """Return the send day of the last letter of a kind (in these states, if any), None when there has been none.

    One that a run as if on a later day has sent says nothing of what is due today.
    """
    statement = select(func.max(OUTBOX.c.send_day)).where(OUTBOX.c.variant == variant, OUTBOX.c.send_day <= today)
    if states:
        statement = statement.where(OUTBOX.c.state.in_(states))
    with store.reading() as connection:
        found: date | None = connection.execute(statement).scalar()
    return found


def attempts_of(store: Store, letter_id: str) -> tuple[AttemptInfo, ...]:
    """Return the attempts to send a letter, the first first."""
    columns = (
        ATTEMPT.c.phase,
        ATTEMPT.c.outcome,
        ATTEMPT.c.code,
        ATTEMPT.c.text,
        ATTEMPT.c.generation,
        ATTEMPT.c.ended_at,
    )
    statement = select(*columns).where(ATTEMPT.c.outbox_id == letter_id).order_by(ATTEMPT.c.id)
    with store.reading() as connection:
        return tuple(AttemptInfo(*row) for row in connection.execute(statement))


def wire_of(store: Store, letter_id: str) -> bytes | None:
    """Return the bytes of a letter as they go over the line, None if there is no such letter."""
    with store.reading() as connection:
        wire: bytes | None = connection.execute(select(OUTBOX.c.wire).where(OUTBOX.c.id == letter_id)).scalar()
    return wire


def _info(row: Sequence[Any]) -> LetterInfo:
    name, state, address, called, *rest = row
    return LetterInfo(name, State(state), Recipient(address, called), *rest)
