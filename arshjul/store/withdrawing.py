"""Taking back letters that wait and tell only what is no longer so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update

from arshjul.core.model import WITHDRAWN_LEAD, ReminderId
from arshjul.core.outbox import State
from arshjul.store.deciding import log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OUTBOX, REMINDER

WAITING = (OUTBOX.c.state == State.QUEUED, OUTBOX.c.generation == 1, OUTBOX.c.variant == "")
"""What no server has or may have; the coordinator's letter, of another variant, tells how it was on its day."""


def waiting(store: Store) -> dict[str, list[ReminderId]]:
    """Return what the letters that wait would tell, by letter."""
    columns = (REMINDER.c.outbox_id, REMINDER.c.key, REMINDER.c.lead, REMINDER.c.address, REMINDER.c.deadline)
    statement = select(*columns).join(OUTBOX, OUTBOX.c.id == REMINDER.c.outbox_id).where(*WAITING)
    found: dict[str, list[ReminderId]] = {}
    with store.reading() as connection:
        for letter, *told in connection.execute(statement):
            found.setdefault(letter, []).append(ReminderId(*told))
    return found


def withdraw(store: Store, letters: Mapping[str, str], now: datetime) -> int:
    """Take letters back, for a Norwegian reason each; returns how many still waited. They stay to be seen.

    What was in them counts as not told, though it is remembered that it was to be; their place on their day is free.
    """
    count = 0
    with store.writing() as connection:
        for letter, reason in letters.items():
            fate = {"state": State.CANCELLED, "next_at": None, "variant": f"trukket {letter}"}
            if connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter, *WAITING).values(fate)).rowcount:
                mine = REMINDER.c.outbox_id == letter
                lead = f"{WITHDRAWN_LEAD} {letter} "
                connection.execute(update(REMINDER).where(mine).values(lead=lead + REMINDER.c.lead))
                connection.execute(
                    insert(ATTEMPT).values(log_entry(letter, now, reason, "withdrawn") | {"generation": 1})
                )
                count += 1
    return count
