"""Who has said no to letters, added and looked up, never changed; and the letters that wait for them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from arshjul.core.opt_outs import OptOut
from arshjul.core.outbox import State, waiting
from arshjul.store.deciding import log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OPT_OUT, OUTBOX

STOPPABLE: Final = (State.QUEUED, State.UNKNOWN)


def opt_out(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write nothing to the address from now on; False if it was so already.

    Its letters that wait are stopped. They stay to be seen.
    """
    with store.writing() as connection:
        if not _report(connection, address, by, now, is_out=True):
            return False
        waits = select(OUTBOX.c.id, OUTBOX.c.generation).where(OUTBOX.c.state.in_(STOPPABLE))
        for letter, generation in connection.execute(waits.where(OUTBOX.c.address == address).with_for_update()).all():
            entry = log_entry(letter, now, by, "suppressed") | {"generation": generation}
            _move(connection, letter, {"state": State.SUPPRESSED, "next_at": None}, entry)
    return True


def opt_in(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write to the address again; False if nobody had said otherwise. What was stopped and is of use goes after all."""
    with store.writing() as connection:
        if not _report(connection, address, by, now, is_out=False):
            return False
        stopped = select(OUTBOX.c.id, OUTBOX.c.generation).where(OUTBOX.c.state == State.SUPPRESSED)
        useful = (OUTBOX.c.address == address, OUTBOX.c.expires_at > now)
        for letter, generation in connection.execute(stopped.where(*useful).with_for_update()).all():
            entry = log_entry(letter, now, by, "released") | {"generation": generation}
            _move(connection, letter, {"state": waiting(generation), "next_at": now}, entry)
    return True


def opt_outs(store: Store) -> tuple[OptOut, ...]:
    """Return those who want no letters now, by address."""
    with store.reading() as connection:
        return latest(connection)


def latest(connection: Connection) -> tuple[OptOut, ...]:
    """Return those whose last word was no, by address."""
    newest = select(func.max(OPT_OUT.c.id)).group_by(OPT_OUT.c.address)
    statement = select(OPT_OUT).where(OPT_OUT.c.id.in_(newest), OPT_OUT.c.is_out).order_by(OPT_OUT.c.address)
    return tuple(OptOut(row.address, row.reported_at, row.by) for row in connection.execute(statement))


def letter_of(store: Store, token_hash: str) -> tuple[str, str] | None:
    """Return (address, subject) of the letter whose link holds the token; None where there is no such letter."""
    statement = select(OUTBOX.c.address, OUTBOX.c.subject).where(OUTBOX.c.opt_out_hash == token_hash)
    with store.reading() as connection:
        row = connection.execute(statement).first()
    return (row[0], row[1]) if row else None


def _report(connection: Connection, address: str, by: str, now: datetime, *, is_out: bool) -> bool:
    """Add a report; False if it says nothing new."""
    last = select(OPT_OUT.c.is_out).where(OPT_OUT.c.address == address).order_by(OPT_OUT.c.id.desc()).limit(1)
    if bool(connection.execute(last).scalar()) == is_out:
        return False
    row = {"address": address, "is_out": is_out, "by": by, "reported_at": now}
    connection.execute(insert(OPT_OUT).values(row))
    return True


def _move(connection: Connection, letter: str, fate: dict[str, object], entry: dict[str, object]) -> None:
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter).values(fate))
    connection.execute(insert(ATTEMPT).values(entry))
