"""Putting letters into the outbox, each thing told once. Sending them from there is in `sending`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from sqlalchemy import Connection, delete, insert, select, text

from arshjul.core.model import Recipient, Reminder, ReminderId
from arshjul.core.outbox import State
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX, REMINDER
from arshjul.store.told import known as known  # noqa: PLC0414  (what is told is asked for and added to together)

T = TypeVar("T")
MOST_IN_STATEMENT: Final = 500


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
    told = select(REMINDER.c.key, REMINDER.c.lead, REMINDER.c.address, REMINDER.c.deadline)
    found = (connection.execute(told.where(REMINDER.c.key.in_(some))) for some in _chunks(keys))
    return {ReminderId(*row) for rows in found for row in rows}


def _written_on(connection: Connection, letters: Sequence[QueuedLetter]) -> set[tuple[str, date, str]]:
    """Return the letters that there are on those days: to whom, on which day, of which kind."""
    days = sorted({letter.send_day for letter in letters})
    written = select(OUTBOX.c.address, OUTBOX.c.send_day, OUTBOX.c.variant)
    found = (connection.execute(written.where(OUTBOX.c.send_day.in_(some))) for some in _chunks(days))
    return {(row[0], row[1], row[2]) for rows in found for row in rows}


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in parts that a statement can hold."""
    for start in range(0, len(values), MOST_IN_STATEMENT):
        yield values[start : start + MOST_IN_STATEMENT]


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
    name = reminder.id
    there = select(REMINDER.c.id).where(
        REMINDER.c.address == name.address,
        REMINDER.c.key == name.key,
        REMINDER.c.lead == name.lead,
        REMINDER.c.deadline == name.deadline,
    )
    if connection.execute(there).first() is not None:
        return False
    connection.execute(insert(REMINDER).values(_told_row(reminder, now) | {"passed_over": not is_told}))
    return True


def _told_row(reminder: Reminder, now: datetime) -> dict[str, object]:
    return {
        "key": reminder.id.key,
        "lead": reminder.id.lead,
        "address": reminder.id.address,
        "due": reminder.due,
        "deadline": reminder.id.deadline,
        "title": reminder.occurrence.title,
        "clock": reminder.occurrence.hour,
        "location": reminder.occurrence.location,
        "passed_over": False,
        "created_at": now,
    }
