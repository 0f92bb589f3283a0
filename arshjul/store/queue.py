"""The outbox as a whole: letters put into it, each thing told once; what it holds; what health is computed from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, func, insert, select, text

from arshjul.letters.brakes import HoldKind
from arshjul.letters.coordinator import APART
from arshjul.mail.verdicts import State
from arshjul.plan.model import Recipient, Reminder, ReminderId
from arshjul.store import facts
from arshjul.store.claims import LEASE
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, IS_URGENT, OUTBOX, REMINDER, chunks, identity_of, identity_values, reminder_id


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


def letters_by_state(
    store: Store, *states: State, limit: int = 100, settled_after: datetime | None = None
) -> tuple[LetterInfo, ...]:
    """Return the letters in these states (in any, when none is given), the newest first.

    With `settled_after`, only those that came into their state later than that.
    """
    statement = select(*INFO).order_by(OUTBOX.c.send_at.desc(), OUTBOX.c.id.desc()).limit(limit)
    if states:
        statement = statement.where(OUTBOX.c.state.in_(states))
    if settled_after is not None:
        statement = statement.where(OUTBOX.c.settled_at > settled_after)
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


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter that is ready to go: `wire` holds all its bytes, its Message-ID and Date among them, for good.

    `id` names it in the Message-ID and in the outbox. It is sent at `send_at` (UTC) or as soon after as can be, but not
    once `expires_at` has come. There is one letter to an address on a send day; `variant` lets one of another kind go
    beside. `opt_out_hash` is the hash of the token in its link to say no to more letters.
    """

    id: str
    to: Recipient
    sender: str
    send_day: date
    send_at: datetime
    subject: str
    message_id: str
    wire: bytes
    reminders: tuple[Reminder, ...]
    variant: str = ""
    expires_at: datetime | None = None
    opt_out_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of letters that were to be queued, by their ids.

    `told` had nothing new in them. `again` were overtaken by another round: partly told already, or that day's letter
    is written; nothing of them is recorded, and the next round plans them anew.
    """

    queued: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


def baseline(store: Store, passed: Iterable[Reminder], now: datetime) -> int:
    """Record the first start, and what was then already past as passed over: never sent, still to be seen.

    Returns how many were passed over that were not known before.
    """
    with store.writing() as connection:
        one_at_a_time(connection)
        if facts.get(connection, facts.GO_LIVE) is None:
            facts.put(connection, facts.GO_LIVE, now.isoformat())
        return sum(_pass_over(connection, reminder, now) for reminder in passed)


def forget_later_start(store: Store, now: datetime) -> None:
    """Forget a first start that is later than the clock on the wall: a run as if on a later day was no start.

    What it passed over is still to come. Only to be asked when `now` (UTC) is what that clock shows: a run as if on an
    earlier day than the start makes no new start.
    """
    live = facts.go_live(store)
    if live is None or live <= now:
        return
    with store.writing() as connection:
        one_at_a_time(connection)
        connection.execute(delete(REMINDER).where(REMINDER.c.passed_over, REMINDER.c.created_at > now))
        facts.forget(connection, facts.GO_LIVE)


def take_as_told(store: Store, reminders: Iterable[Reminder], now: datetime) -> int:
    """Record what a person says has been told, by letters that this database has forgotten; returns how many things."""
    with store.writing() as connection:
        one_at_a_time(connection)
        return sum(_pass_over(connection, reminder, now, is_told=True) for reminder in reminders)


def queue(store: Store, letters: Sequence[QueuedLetter], now: datetime) -> Queued:
    """Queue the letters, all in one transaction, each with everything in it or not at all.

    Rounds that run at the same time, in other processes too, wait for each other here, so nothing is told twice.
    """
    queued: list[QueuedLetter] = []
    told: list[str] = []
    again: list[str] = []
    with store.writing() as connection:
        one_at_a_time(connection)
        said, written = _told_to(connection, letters), _written_on(connection, letters)
        for letter in letters:
            names = {reminder.id for reminder in letter.reminders}
            count, place = len(names & said), (letter.to.address, letter.send_day, letter.variant)
            if names and count == len(names):
                told.append(letter.id)
            elif count or place in written:
                again.append(letter.id)
            else:
                queued.append(letter)
                said |= names
                written.add(place)
        add(connection, queued, now)
    return Queued(tuple(letter.id for letter in queued), tuple(told), tuple(again))


def one_at_a_time(connection: Connection) -> None:
    """Wait for whoever else queues; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE reminder IN SHARE ROW EXCLUSIVE MODE"))


def _told_to(connection: Connection, letters: Sequence[QueuedLetter]) -> set[ReminderId]:
    """Return what the letters' recipients have been told of the letters' items."""
    keys = sorted({reminder.id.key for letter in letters for reminder in letter.reminders})
    told = select(*identity_of(REMINDER)).where(REMINDER.c.withdrawn_by == "")
    found = (connection.execute(told.where(REMINDER.c.key.in_(some))) for some in chunks(keys))
    return {reminder_id(row) for rows in found for row in rows}


def _written_on(connection: Connection, letters: Sequence[QueuedLetter]) -> set[tuple[str, date, str]]:
    """Return the letters that there are on those days: to whom, on which day, of which kind."""
    days = sorted({letter.send_day for letter in letters})
    written = select(OUTBOX.c.address, OUTBOX.c.send_day, OUTBOX.c.variant)
    found = (connection.execute(written.where(OUTBOX.c.send_day.in_(some))) for some in chunks(days))
    return {(row[0], row[1], row[2]) for rows in found for row in rows}


def add(connection: Connection, letters: Sequence[QueuedLetter], now: datetime) -> None:
    """Put letters in as they are, in a transaction that has seen to it that nothing is told twice."""
    if letters:
        connection.execute(insert(OUTBOX), [_row(letter, now) for letter in letters])
    rows = [_told_row(one, now) | {"outbox_id": letter.id} for letter in letters for one in letter.reminders]
    if rows:
        connection.execute(insert(REMINDER), rows)


def _row(letter: QueuedLetter, now: datetime) -> dict[str, object]:
    return {
        "id": letter.id,
        "state": State.QUEUED,
        "address": letter.to.address,
        "name": letter.to.name,
        "send_day": letter.send_day,
        "variant": letter.variant,
        "send_at": letter.send_at,
        "subject": letter.subject,
        "sender": letter.sender,
        "message_id": letter.message_id,
        "wire": letter.wire,
        "wire_sha256": hashlib.sha256(letter.wire).hexdigest(),
        "attempt": 0,
        "generation": 1,
        "next_at": letter.send_at,
        "expires_at": letter.expires_at,
        "last_text": "",
        "opt_out_hash": letter.opt_out_hash,
        "created_at": now,
    }


def _pass_over(connection: Connection, reminder: Reminder, now: datetime, *, is_told: bool = False) -> bool:
    same = [REMINDER.c[name] == value for name, value in identity_values(reminder.id).items()]
    there = select(REMINDER.c.id).where(*same, REMINDER.c.withdrawn_by == "")
    if connection.execute(there).first() is not None:
        return False
    connection.execute(insert(REMINDER).values(_told_row(reminder, now) | {"passed_over": not is_told}))
    return True


def _told_row(reminder: Reminder, now: datetime) -> dict[str, object]:
    return identity_values(reminder.id) | {
        "withdrawn_by": "",
        "due": reminder.due,
        "title": reminder.occurrence.title,
        "clock": reminder.occurrence.hour,
        "location": reminder.occurrence.location,
        "passed_over": False,
        "created_at": now,
    }


TOLD: Final = "alarms"
"""A JSON object of identities (see `letters.coordinator`), each with the instant at which its letter was written."""

REMEMBERED: Final = timedelta(days=400)


def alarms_told(store: Store, now: datetime) -> frozenset[str]:
    """Return the identities of what has been told; a run as if on a later day has told nobody."""
    with store.reading() as connection:
        return frozenset(name for name, at in _read(connection).items() if at <= now)


def may_tell(store: Store, now: datetime) -> bool:
    """Tell whether the last letter is so long ago that another may go."""
    with store.reading() as connection:
        return _may_tell(_read(connection), now)


def queue_alarm(store: Store, letter: QueuedLetter, identities: Collection[str], now: datetime) -> bool:
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
