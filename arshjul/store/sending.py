"""Taking letters out of the outbox and writing down what became of them. What a verdict means is in `core.outbox`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, insert, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from arshjul.core.outbox import Change, State, after, doubted
from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OUTBOX

LEASE = timedelta(minutes=45)
"""How long a sender may keep a letter: longer than every timeout of one conversation together."""


class LostLetterError(Exception):
    """A letter that this sender held is no longer its own; nothing may be sent."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in the hands of a sender; `wire` must go out as it is."""

    id: str
    sender: str
    address: str
    wire: bytes
    attempt: int
    generation: int


def claim_due(store: Store, now: datetime, owner: str, limit: int) -> tuple[Claimed, ...]:
    """Take at most `limit` letters whose time has come, the longest waiting first; no other sender gets them."""
    due = (
        select(OUTBOX.c.id, OUTBOX.c.sender, OUTBOX.c.address, OUTBOX.c.wire, OUTBOX.c.attempt, _generation())
        .where(OUTBOX.c.next_at <= now)
        .order_by(OUTBOX.c.next_at, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # no words in SQLite, where BEGIN IMMEDIATE does it
    )
    with store.writing() as connection:
        letters = [Claimed(*row) for row in connection.execute(due)]
        taken = set(connection.execute(_claim(letters, now, owner)).scalars())
    return tuple(letter for letter in letters if letter.id in taken)


def _claim(letters: Collection[Claimed], now: datetime, owner: str) -> ReturningUpdate[tuple[Any]]:
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_([letter.id for letter in letters]), OUTBOX.c.next_at.is_not(None))
        .values(
            state=State.SENDING,
            generation=_generation(),
            next_at=None,
            lease_owner=owner,
            lease_until=now + LEASE,
        )
        .returning(OUTBOX.c.id)
    )


def _generation() -> ColumnElement[int]:
    """Count up when an uncertain letter goes out again."""
    return OUTBOX.c.generation + case((OUTBOX.c.state == State.UNKNOWN, 1), else_=0)


def mark_data_started(store: Store, letter: Claimed, owner: str) -> None:
    """Write down, durably, that from now on the server may have the letter. Only then may DATA be sent.

    Raises LostLetterError if the letter is no longer this sender's, StoreError if the database cannot be written.
    """
    _change(store, letter, owner, {State.SENDING}, {"state": State.DATA_STARTED})


def mark(store: Store, letter: Claimed, verdict: Verdict, owner: str, *, now: datetime, jitter: float = 0.0) -> Change:
    """Write down what became of the letter and log the attempt. Raises as `mark_data_started` does."""
    change = after(verdict, letter.attempt, letter.generation, now, jitter)
    values = _fate(change) | {"last_code": verdict.code, "last_text": verdict.text}
    if change.state is State.ACCEPTED:
        values["accepted_at"] = now
    with store.writing() as connection:
        _change_in(connection, letter, owner, {State.SENDING, State.DATA_STARTED}, values)
        connection.execute(insert(ATTEMPT).values(_attempt(letter, verdict, owner, now)))
        if verdict.outcome is Outcome.ACCEPTED:
            facts.forget(connection, facts.PAUSE)
    return change


def release(store: Store, letters: Collection[Claimed], owner: str, now: datetime) -> None:
    """Put letters back that were claimed but not tried; a letter in doubt goes out as its second copy later too."""
    if not letters:
        return
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_([letter.id for letter in letters]), OUTBOX.c.lease_owner == owner)
        .where(OUTBOX.c.state == State.SENDING)
        .values(_fate(Change(State.QUEUED, 0, now), attempt=False))
    )
    with store.writing() as connection:
        connection.execute(statement)


def recover_orphans(store: Store, now: datetime, owner: str) -> dict[State, int]:
    """Take care of letters that a dead sender left behind; returns how many came into each state.

    To be called by the one sender, before it claims (see `lock`). What had not come to DATA is queued again; the rest
    is in doubt. On PostgreSQL another sender's letters count as left behind when their lease is over.
    """
    theirs = None if store.is_sqlite else or_(OUTBOX.c.lease_owner == owner, OUTBOX.c.lease_until < now)
    moves = (
        (State.SENDING, None, Change(State.QUEUED, 0, now)),
        (State.DATA_STARTED, OUTBOX.c.generation == 1, doubted(0, 1, now)),
        (State.DATA_STARTED, OUTBOX.c.generation > 1, doubted(0, 2, now)),
    )
    moved = dict.fromkeys((State.QUEUED, State.UNKNOWN, State.HELD), 0)
    with store.writing() as connection:
        for state, which, change in moves:
            moved[change.state] += _move(
                connection, state, [part for part in (theirs, which) if part is not None], change
            )
    return {state: count for state, count in moved.items() if count}


def expire(store: Store, now: datetime) -> int:
    """Take the letters out that are useless by now; returns how many. They stay to be seen."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.next_at.is_not(None), OUTBOX.c.expires_at <= now, OUTBOX.c.state == State.QUEUED)
        .values(state=State.EXPIRED, next_at=None)
    )
    with store.writing() as connection:
        return connection.execute(statement).rowcount


def has_due(store: Store, now: datetime) -> bool:
    """Tell whether any letter waits whose time has come, or lies with a sender; cheap enough for every tick."""
    waiting = select(OUTBOX.c.id).where(OUTBOX.c.next_at <= now).limit(1)
    out = select(OUTBOX.c.id).where(OUTBOX.c.lease_until.is_not(None)).limit(1)
    with store.reading() as connection:
        return any(connection.execute(statement).first() is not None for statement in (waiting, out))


def _move(connection: Connection, state: State, which: list[ColumnElement[bool]], change: Change) -> int:
    """Move every letter that is out, in that state, and left behind; the attempt had no verdict and is not counted."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.lease_until.is_not(None), and_(OUTBOX.c.state == state, *which))
        .values(_fate(change, attempt=False))
    )
    return connection.execute(statement).rowcount


def _change(store: Store, letter: Claimed, owner: str, states: set[State], values: dict[str, Any]) -> None:
    with store.writing() as connection:
        _change_in(connection, letter, owner, states, values)


def _change_in(connection: Connection, letter: Claimed, owner: str, states: set[State], values: dict[str, Any]) -> None:
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == letter.id, OUTBOX.c.lease_owner == owner, OUTBOX.c.state.in_(states))
        .values(values)
    )
    if connection.execute(statement).rowcount != 1:
        raise LostLetterError(f"letter {letter.id} is no longer held by {owner}")


def _fate(change: Change, *, attempt: bool = True) -> dict[str, Any]:
    fate = {"state": change.state, "next_at": change.next_at, "lease_owner": None, "lease_until": None}
    return fate | {"attempt": change.attempt} if attempt else fate


def _attempt(letter: Claimed, verdict: Verdict, owner: str, now: datetime) -> dict[str, Any]:
    return {
        "outbox_id": letter.id,
        "generation": letter.generation,
        "phase": Phase(verdict.phase),
        "outcome": verdict.outcome,
        "code": verdict.code,
        "enhanced": verdict.enhanced,
        "text": verdict.text,
        "owner": owner,
        "ended_at": now,
    }
