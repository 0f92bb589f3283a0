"""Who has said no to letters, added and looked up, never changed; and the letters that wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, select, text, update

from arshjul.core.opt_outs import OptOut, folded
from arshjul.core.outbox import State, waiting
from arshjul.store.deciding import RESEND, log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, IS_TO_READER, OPT_OUT, OUTBOX

STOPPABLE: Final = (OUTBOX.c.next_at.is_not(None), IS_TO_READER)
"""What waits and is no overview: the coordinator's own letter is never stopped."""

SOON: Final = timedelta(minutes=2)
"""What was stopped and goes after all waits so long: a round may first take back what is no longer so."""


def opt_out(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write nothing to the address from now on; False if it was so already.

    Its letters that wait are stopped. They stay to be seen.
    """
    with store.writing() as connection:
        is_new = _report(connection, address, by, now, is_out=True)
        stop_waiting(connection, now)
    return is_new


def opt_in(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write to the address again; False if nobody had said otherwise. What was stopped and is of use goes after all."""
    with store.writing() as connection:
        if not _report(connection, address, by, now, is_out=False):
            return False
        stopped = select(OUTBOX.c.id, OUTBOX.c.generation).where(OUTBOX.c.state == State.SUPPRESSED)
        useful = (_goes_to(folded(address)), OUTBOX.c.expires_at > now)
        for letter, generation in connection.execute(stopped.where(*useful).with_for_update()).all():
            entry = log_entry(letter, now, by, "released") | {"generation": generation}
            _move(connection, letter, {"state": waiting(generation), "next_at": now + SOON, "settled_at": None}, entry)
    return True


def stop_waiting(connection: Connection, now: datetime) -> None:
    """Stop what waits for those who have said no, but for what a person has let go since.

    To be called before letters are claimed: one that was with a sender, or just being written, waits anew.
    """
    said_no = _newest(OPT_OUT.c.address, OPT_OUT.c.by, OPT_OUT.c.reported_at).subquery()
    let_go = exists().where(
        ATTEMPT.c.outbox_id == OUTBOX.c.id, ATTEMPT.c.outcome == RESEND, ATTEMPT.c.ended_at >= said_no.c.reported_at
    )
    waits = (
        select(OUTBOX.c.id, OUTBOX.c.generation, said_no.c.by)
        .join(said_no, said_no.c.address == func.lower(OUTBOX.c.address))
        .where(*STOPPABLE, ~let_go)
        .with_for_update(of=OUTBOX)
    )
    for letter, generation, by in connection.execute(waits).all():
        entry = log_entry(letter, now, by, "suppressed") | {"generation": generation}
        _move(connection, letter, {"state": State.SUPPRESSED, "next_at": None, "settled_at": now}, entry)


def opt_outs(store: Store) -> tuple[OptOut, ...]:
    """Return those who want no letters now, by address."""
    with store.reading() as connection:
        return latest(connection)


def latest(connection: Connection) -> tuple[OptOut, ...]:
    """Return those whose last word was no, by address in small letters."""
    columns = (OPT_OUT.c.address, OPT_OUT.c.reported_at, OPT_OUT.c.by)
    return tuple(OptOut(*row) for row in connection.execute(_newest(*columns).order_by(OPT_OUT.c.address)))


def letter_of(store: Store, token_hash: str) -> tuple[str, str] | None:
    """Return (address, subject) of the letter whose link holds the token; None where there is no such letter."""
    statement = select(OUTBOX.c.address, OUTBOX.c.subject).where(OUTBOX.c.opt_out_hash == token_hash)
    with store.reading() as connection:
        row = connection.execute(statement).first()
    return (row[0], row[1]) if row else None


def _report(connection: Connection, address: str, by: str, now: datetime, *, is_out: bool) -> bool:
    """Add a report; False if it says nothing new."""
    if connection.dialect.name == "postgresql":  # one at a time; SQLite's BEGIN IMMEDIATE has seen to it already
        connection.execute(text("LOCK TABLE opt_out IN SHARE ROW EXCLUSIVE MODE"))
    mine = OPT_OUT.c.address == folded(address)
    last = select(OPT_OUT.c.is_out).where(mine).order_by(OPT_OUT.c.id.desc()).limit(1)
    if bool(connection.execute(last).scalar()) == is_out:
        return False
    row = {"address": folded(address), "is_out": is_out, "by": by, "reported_at": now}
    connection.execute(insert(OPT_OUT).values(row))
    return True


def _newest(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the last word of each address, where that is no."""
    newest = select(func.max(OPT_OUT.c.id)).group_by(OPT_OUT.c.address)
    return select(*columns).where(OPT_OUT.c.id.in_(newest), OPT_OUT.c.is_out)


def _goes_to(address: str) -> ColumnElement[bool]:
    return func.lower(OUTBOX.c.address) == address


def _move(connection: Connection, letter: str, fate: dict[str, object], entry: dict[str, object]) -> None:
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter).values(fate))
    connection.execute(insert(ATTEMPT).values(entry))
