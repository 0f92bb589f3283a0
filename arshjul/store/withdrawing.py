"""Taking back letters that wait, when what they tell is no longer so or has waited long enough to be written anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from arshjul.core.model import WITHDRAWN_LEAD, ReminderId
from arshjul.core.outbox import State
from arshjul.store.deciding import log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, IS_TO_READER, OUTBOX, REMINDER

WAITING = (
    OUTBOX.c.state == State.QUEUED,
    OUTBOX.c.generation == 1,
    IS_TO_READER,
    OUTBOX.c.expires_at.is_not(None),
)
"""What no server has or may have. The coordinator's letter, of another variant, tells how it was on its day; one that
a person has let go, which never expires, goes as it is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that no server has or may have: to whom, since which day, how often refused for now, what it tells.

    `details` are the hours and the place of each thing told, None where they are not known.
    """

    address: str
    send_day: date
    attempt: int
    expires_at: datetime
    told: tuple[ReminderId, ...]
    details: tuple[tuple[str | None, str | None], ...] = ()


def waiting(store: Store) -> dict[str, Waiting]:
    """Return the letters that wait and tell something, by name."""
    columns = (REMINDER.c.outbox_id, OUTBOX.c.address, OUTBOX.c.send_day, OUTBOX.c.attempt, OUTBOX.c.expires_at)
    told = (REMINDER.c.key, REMINDER.c.lead, REMINDER.c.address, REMINDER.c.deadline)
    details = (REMINDER.c.clock, REMINDER.c.location)
    statement = select(*columns, *details, *told).join(OUTBOX, OUTBOX.c.id == REMINDER.c.outbox_id).where(*WAITING)
    found: dict[str, Waiting] = {}
    with store.reading() as connection:
        for row in connection.execute(statement.order_by(REMINDER.c.id)):
            letter, address, day, attempt, expires, clock, location, *one = row
            before, seen = (found[letter].told, found[letter].details) if letter in found else ((), ())
            all_told, all_seen = (*before, ReminderId(*one)), (*seen, (clock, location))
            found[letter] = Waiting(address, day, attempt, expires, all_told, all_seen)
    return found


def withdraw(store: Store, letters: Mapping[str, str], now: datetime) -> int:
    """Take letters back, for a Norwegian reason each; returns how many still waited. They stay to be seen, but no text.

    What was in them counts as not told, though it is remembered that it was to be; their place on their day is free.
    """
    count = 0
    with store.writing() as connection:
        for letter, reason in letters.items():
            fate = {
                "state": State.CANCELLED,
                "next_at": None,
                "settled_at": now,
                "wire": b"",
                "variant": f"{WITHDRAWN_LEAD} {letter}",
            }
            if connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter, *WAITING).values(fate)).rowcount:
                mine = REMINDER.c.outbox_id == letter
                lead = f"{WITHDRAWN_LEAD} {letter} "
                connection.execute(update(REMINDER).where(mine).values(lead=lead + REMINDER.c.lead))
                connection.execute(
                    insert(ATTEMPT).values(log_entry(letter, now, reason, "withdrawn") | {"generation": 1})
                )
                count += 1
    return count


def put_off(store: Store, letters: Collection[str], until: datetime) -> None:
    """Let letters wait until then, those that wait for something sooner."""
    if not letters:
        return
    later = update(OUTBOX).where(OUTBOX.c.id == bindparam("the_id"), *WAITING, OUTBOX.c.next_at < until)
    with store.writing() as connection:
        connection.execute(later.values(next_at=until), [{"the_id": letter} for letter in letters])
