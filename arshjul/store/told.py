"""The history of letters and reports: who was told what, what was reported, who opted out. Added and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, delete, exists, func, insert, null, select, text, update

from arshjul.letters.history import (
    Acknowledgement,
    Expected,
    Known,
    OptOut,
    Report,
    Sought,
    Telling,
    Told,
    normalize_address,
    put_off,
    settled,
)
from arshjul.mail.verdicts import State, waiting
from arshjul.plan.model import ReminderId, ReminderKind
from arshjul.store import facts
from arshjul.store.decisions import RESEND, log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import (
    ACKNOWLEDGEMENT,
    ATTEMPT,
    EXPECTED,
    IS_OF_ITS_DAY,
    IS_TO_READER,
    OPT_OUT,
    OUTBOX,
    REMINDER,
    chunks,
    identity_of,
    identity_values,
    reminder_id,
)
from arshjul.timing.days import local_day

COLUMNS = tuple(ACKNOWLEDGEMENT.c[name] for name in ("key", "state", "by", "note", "deadline", "reported_at"))


def acknowledge(store: Store, report: Acknowledgement) -> None:
    """Add a report; the latest of a key counts."""
    row = {
        "key": report.key,
        "state": report.state,
        "by": report.by,
        "note": report.note,
        "deadline": report.deadline,
        "reported_at": report.at,
    }
    with store.writing() as connection:
        connection.execute(insert(ACKNOWLEDGEMENT).values(row))


def acknowledgements_of(store: Store, key: str) -> tuple[Acknowledgement, ...]:
    """Return every report of a thing, the first first."""
    statement = select(*COLUMNS).where(ACKNOWLEDGEMENT.c.key == key).order_by(ACKNOWLEDGEMENT.c.id)
    with store.reading() as connection:
        return tuple(_report_of(row) for row in connection.execute(statement))


def latest_reports(connection: Connection, keys: Sequence[str] | None = None) -> tuple[Acknowledgement, ...]:
    """Return the last report of each thing, of those with one of these keys if any are given."""
    newest = select(func.max(ACKNOWLEDGEMENT.c.id)).group_by(ACKNOWLEDGEMENT.c.key)
    parts = [newest] if keys is None else [newest.where(ACKNOWLEDGEMENT.c.key.in_(some)) for some in chunks(keys)]
    reports = (select(ACKNOWLEDGEMENT.c.id, *COLUMNS).where(ACKNOWLEDGEMENT.c.id.in_(part)) for part in parts)
    rows = sorted((row for part in reports for row in connection.execute(part)), key=itemgetter(0))
    return tuple(_report_of(row[1:]) for row in rows)


def _report_of(row: Sequence[Any]) -> Acknowledgement:
    key, state, by, note, deadline, at = row
    return Acknowledgement(key, Report(state), by, note, deadline, at)


STOPPABLE: Final = (OUTBOX.c.next_at.is_not(None), IS_TO_READER)
"""What waits and is no overview: the coordinator's own letter is never stopped."""

SOON: Final = timedelta(minutes=2)
"""What was stopped and goes after all waits so long: a round may first take back what is no longer so."""


def opt_out(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write nothing to the address from now on; False if it was so already.

    Its letters that wait are stopped. They stay to be seen.
    """
    with store.writing() as connection:
        is_new = _report_opt_out(connection, address, by, now, is_out=True)
        stop_waiting(connection, now)
    return is_new


def opt_in(store: Store, address: str, by: str, now: datetime) -> bool:
    """Write to the address again; False if nobody had said otherwise. What was stopped and is of use goes after all."""
    with store.writing() as connection:
        if not _report_opt_out(connection, address, by, now, is_out=False):
            return False
        stopped = select(OUTBOX.c.id, OUTBOX.c.generation).where(OUTBOX.c.state == State.SUPPRESSED)
        useful = (_goes_to(normalize_address(address)), OUTBOX.c.expires_at > now)
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
        return latest_opt_outs(connection)


def latest_opt_outs(connection: Connection) -> tuple[OptOut, ...]:
    """Return those whose last word was no, by address in small letters."""
    columns = (OPT_OUT.c.address, OPT_OUT.c.reported_at, OPT_OUT.c.by)
    return tuple(OptOut(*row) for row in connection.execute(_newest(*columns).order_by(OPT_OUT.c.address)))


def letter_of(store: Store, token_hash: str) -> tuple[str, str] | None:
    """Return (address, subject) of the letter whose link holds the token; None where there is no such letter."""
    statement = select(OUTBOX.c.address, OUTBOX.c.subject).where(OUTBOX.c.opt_out_hash == token_hash)
    with store.reading() as connection:
        row = connection.execute(statement).first()
    return (row[0], row[1]) if row else None


def _report_opt_out(connection: Connection, address: str, by: str, now: datetime, *, is_out: bool) -> bool:
    """Add a report; False if it says nothing new."""
    if connection.dialect.name == "postgresql":  # one at a time; SQLite's BEGIN IMMEDIATE has seen to it already
        connection.execute(text("LOCK TABLE opt_out IN SHARE ROW EXCLUSIVE MODE"))
    mine = OPT_OUT.c.address == normalize_address(address)
    last = select(OPT_OUT.c.is_out).where(mine).order_by(OPT_OUT.c.id.desc()).limit(1)
    if bool(connection.execute(last).scalar()) == is_out:
        return False
    row = {"address": normalize_address(address), "is_out": is_out, "by": by, "reported_at": now}
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


TAKEN: Final = (State.ACCEPTED, State.UNKNOWN, State.HELD)
NEVER_WENT: Final = frozenset({State.EXPIRED, State.CANCELLED})
WAITING: Final = frozenset({State.QUEUED, State.SENDING})
REFUSED: Final = frozenset({State.REJECTED, State.DEAD, State.SUPPRESSED})
"""The states of a letter that nobody has been told by. A change that was refused is not told again and again."""


_STATE: Final = case(
    (OUTBOX.c.state.is_not(None), OUTBOX.c.state), (REMINDER.c.passed_over, null()), else_=State.ACCEPTED
)
"""The state of a letter; what a person has taken as told, in a letter that the database has forgotten, is accepted."""


def known(store: Store, sought: Sought | None = None, *, is_waiting_told: bool = True) -> Known:
    """Return what planning must know of what has happened: all of it, or as much as is sought, however long ago began.

    With `is_waiting_told` False, what is only in letters that wait is not among the `last` that people were told.
    """
    names = select(REMINDER.c.id, REMINDER.c.withdrawn_by, *identity_of(REMINDER))
    sheets = select(OUTBOX.c.address, OUTBOX.c.send_day).where(OUTBOX.c.state != State.CANCELLED, IS_OF_ITS_DAY)
    with store.reading() as connection:
        live, planned = (facts.get(connection, key) for key in (facts.GO_LIVE, facts.PLANNED))
        keys = _keys(connection, sought)
        rows = [(by, reminder_id(identity)) for _, by, *identity in _rows(connection, names, keys)]
        last, in_time = _last(connection, frozenset() if is_waiting_told else WAITING, keys)
        reports = latest_reports(connection, keys)
        written = connection.execute(sheets if sought is None else sheets.where(OUTBOX.c.send_day >= sought.since))
        return Known(
            told=frozenset(identity for by, identity in rows if not by),
            written=frozenset((row[0], row[1]) for row in written),
            baseline=live is not None,
            last=last,
            in_time=in_time,
            settled=settled(reports),
            planned=date.fromisoformat(planned) if planned else None,
            go_live=local_day(datetime.fromisoformat(live)) if live else None,
            opted_out={one.address: local_day(one.at) for one in latest_opt_outs(connection)},
            withdrawn=_withdrawn(rows),
            put_off=put_off(reports),
            expected=_expected(connection),
        )


def _keys(connection: Connection, sought: Sought | None) -> list[str] | None:
    if sought is None:
        return None
    ahead = select(REMINDER.c.key).where(REMINDER.c.deadline >= sought.since).distinct()
    return sorted({*connection.execute(ahead).scalars(), *sought.keys})


def _rows(connection: Connection, statement: Select[Any], keys: Sequence[str] | None) -> list[Sequence[Any]]:
    """Return what a statement finds of reminders of these keys, of all when they are None, in the order of ids."""
    if keys is None:
        return [*connection.execute(statement.order_by(REMINDER.c.id))]
    parts = (statement.where(REMINDER.c.key.in_(some)) for some in chunks(keys))
    return sorted((row for part in parts for row in connection.execute(part)), key=itemgetter(0))


def note_planned(store: Store, day: date) -> None:
    """Remember that a round has planned the letters of a day; what is due by then and comes later is new.

    A run as if on a later day leaves a mark in the future: the next one of today takes its place.
    """
    with store.reading() as connection:
        before = facts.get(connection, facts.PLANNED)
    if before != day.isoformat():
        with store.writing() as connection:
            facts.put(connection, facts.PLANNED, day.isoformat())


def note_expected(store: Store, new: Expected) -> None:
    """Remember which reminders the files of now make, in place of those of before."""
    rows = [identity_values(reminder) for reminder in new.reminders]
    with store.writing() as connection:
        connection.execute(delete(EXPECTED))
        if rows:
            connection.execute(insert(EXPECTED), rows)
        facts.put(connection, facts.EXPECTED, new.until.isoformat())


def is_hour_over(store: Store, day: date) -> bool:
    """Tell whether the letters of that day have been planned: what comes up later waits for the next."""
    with store.reading() as connection:
        return facts.get(connection, facts.HOUR) == day.isoformat()


def note_hour(store: Store, day: date) -> None:
    """Remember that all letters of the day have been planned and written."""
    with store.writing() as connection:
        facts.put(connection, facts.HOUR, day.isoformat())


def tellings(store: Store, key: str) -> tuple[Telling, ...]:
    """Return what has been told of a thing, the first first."""
    statement = (
        select(OUTBOX.c.send_day, _STATE, REMINDER.c.created_at, *identity_of(REMINDER))
        .outerjoin(OUTBOX, OUTBOX.c.id == REMINDER.c.outbox_id)
        .where(REMINDER.c.key == key)
        .order_by(REMINDER.c.id)
    )
    with store.reading() as connection:
        return tuple(
            Telling(reminder_id(identity), day or local_day(created), State(state) if state else None)
            for day, state, created, *identity in connection.execute(statement)
        )


def last(store: Store, keys: Iterable[str]) -> dict[tuple[str, str], Told]:
    """Return, by key and address, the last that each person has been told of each thing with one of these keys."""
    with store.reading() as connection:
        return _last(connection, frozenset(), sorted(keys))[0]


def first_letters(store: Store, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return, for each (key, address), the Message-ID of the first letter on it that the server has or may have."""
    found = {}
    statement = select(OUTBOX.c.message_id).join(REMINDER, REMINDER.c.outbox_id == OUTBOX.c.id).order_by(REMINDER.c.id)
    with store.reading() as connection:
        for key, address in things:
            ours = (REMINDER.c.key == key, REMINDER.c.address == address, OUTBOX.c.state.in_(TAKEN))
            if first := connection.execute(statement.where(*ours).limit(1)).scalar():
                found[key, address] = str(first)
    return found


def _expected(connection: Connection) -> Expected | None:
    until = facts.get(connection, facts.EXPECTED)
    found = frozenset(reminder_id(row) for row in connection.execute(select(*identity_of(EXPECTED))))
    return Expected(date.fromisoformat(until), found) if until else None


def _withdrawn(rows: Iterable[tuple[str, ReminderId]]) -> frozenset[tuple[str, str]]:
    """Return the (key, address) whose last row was withdrawn; the rows in the order in which they were written."""
    found: set[tuple[str, str]] = set()
    for withdrawn_by, reminder in rows:
        change = found.add if withdrawn_by else found.discard
        change((reminder.key, reminder.address))
    return frozenset(found)


def _last(
    connection: Connection, left_out: frozenset[State], keys: Sequence[str] | None
) -> tuple[dict[tuple[str, str], Told], frozenset[tuple[str, str, date]]]:
    """Return the last thing each person was told of each key, by a letter that has gone or is on its way.

    Letters in the states `left_out` are as if they were not there.

    And (key, address, date) of every date that any letter told in time, and that none has taken back since.
    """
    columns = (REMINDER.c.key, REMINDER.c.address, REMINDER.c.kind, REMINDER.c.deadline, REMINDER.c.title)
    details = (REMINDER.c.clock, REMINDER.c.location)
    statement = (
        select(
            REMINDER.c.id, *columns, *details, OUTBOX.c.send_day, _STATE, REMINDER.c.created_at, OUTBOX.c.accepted_at
        )
        .outerjoin(OUTBOX, OUTBOX.c.id == REMINDER.c.outbox_id)
        .where(~REMINDER.c.passed_over)
    )
    newest: dict[tuple[str, str], Told] = {}
    numbers: dict[tuple[str, str], int] = {}
    in_time: dict[tuple[str, str], set[date]] = {}
    for row in _rows(connection, statement, keys):
        _, key, address, kind, deadline, title, clock, location, day, state, created, accepted = row
        if state in left_out:
            continue
        thing, is_change = (key, address), kind in (ReminderKind.CHANGE, ReminderKind.GONE)
        numbers[thing] = numbers.get(thing, 0) + is_change
        if deadline is not None and state not in NEVER_WENT and (is_change or state not in REFUSED):
            is_gone, number = kind == ReminderKind.GONE, numbers[thing]
            is_late = state in WAITING or (accepted is not None and local_day(accepted) > deadline)
            told = Told(deadline, day or local_day(created), title, number, is_gone, is_late, clock, location)
            newest[thing] = told
            if is_change:
                in_time.pop(thing, None)
            if not is_gone and not is_late:
                in_time.setdefault(thing, set()).add(deadline)
        elif thing in newest:  # a change that never went has used its number up
            newest[thing] = replace(newest[thing], changes=numbers[thing])
    return newest, frozenset((*thing, day) for thing, days in in_time.items() for day in days)
