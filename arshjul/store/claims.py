"""Taking letters out of the outbox and writing down what became of them; refusals in a row and letters given back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Text,
    Update,
    bindparam,
    case,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from arshjul.mail.checkup import Refusal, Row, domain_of, is_deferral, is_refusal, of_letter, ours_in
from arshjul.mail.verdicts import RELAY_WAIT, Change, Outcome, Phase, State, Verdict, after, doubted, waiting
from arshjul.store import facts, lock
from arshjul.store.decisions import log_entry
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OUTBOX
from arshjul.store.told import stop_waiting

ROW: Final = "refusals"
PUT_OFF: Final = "domains-put-off"
"""The domains of the recipients that were put off since a letter last got through."""
RETURNED: Final = "returned"
SAME_ANSWER: Final = "andre mottakere ble avvist på samme måte, og ingen brev kom gjennom"
ROAD: Final = "road"


def weigh(connection: Connection, letter: str, address: str, verdict: Verdict) -> tuple[Verdict, tuple[Refusal, ...]]:
    """Return what the verdict on a letter is when the letters before it are seen with it, and those that are of a kind.

    To be called in the transaction that writes the verdict down, so that a crash forgets both or neither. With an
    outcome of SETUP in place of REJECTED or REFUSED the others are to be given back (`give_back`). TEMPORARY becomes
    RELAY where a second domain is put off.
    """
    if verdict.outcome is Outcome.ACCEPTED:
        got_through(connection)
    if is_deferral(verdict):
        return _beside_other_domains(connection, address, verdict), ()
    if not is_refusal(verdict):
        return verdict, ()
    row = read(connection).and_then(of_letter(letter, address, verdict))
    ours = ours_in(row)
    _write(connection, replace(row, is_ours=row.is_ours or bool(ours)))
    return (replace(verdict, outcome=Outcome.SETUP), ours) if ours else (verdict, ())


def _beside_other_domains(connection: Connection, address: str, verdict: Verdict) -> Verdict:
    """Return what a letter's being put off means, beside the domains that were put off before it."""
    domains = {domain_of(address), *json.loads(facts.get(connection, PUT_OFF) or "[]")}
    facts.put(connection, PUT_OFF, json.dumps(sorted(domains)))
    return replace(verdict, outcome=Outcome.RELAY) if len(domains) > 1 else verdict


def got_through(connection: Connection) -> None:
    """Remember that the server has taken a letter: what it refused before that, it refused for the recipient's sake.

    Where the queue stands for it, that was the coordinator's letter; the row is then as if a person had looked at it,
    so that the same recipients do not make the queue stand again once it is let go.
    """
    facts.forget(connection, PUT_OFF)
    row = read(connection)
    if row.refusals:
        _write(connection, row.let_go() if row.is_ours else row.ended())


def let_go(connection: Connection) -> None:
    """Take the row as looked at by a person: the same recipients alone do not make the queue stand again."""
    facts.forget(connection, PUT_OFF)
    row = read(connection)
    if row.is_ours:
        _write(connection, row.let_go())


def start_anew(connection: Connection) -> None:
    """Forget the row: the letters go another way from now on."""
    facts.forget(connection, ROW)
    facts.forget(connection, PUT_OFF)


def give_back(connection: Connection, refusals: Iterable[Refusal], now: datetime) -> tuple[State, ...]:
    """Let letters wait again that were settled as refused, at no cost of an attempt; returns what they were settled as.

    One that a person has dealt with since stays as it is.
    """
    columns = (OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.attempt, OUTBOX.c.generation)
    refused = (OUTBOX.c.state.in_((State.REJECTED, State.DEAD)), func.length(OUTBOX.c.wire) > 0)
    names = [one.letter for one in refusals]
    rows = connection.execute(select(*columns).where(OUTBOX.c.id.in_(names), *refused).with_for_update()).all()
    for letter, _, attempt, generation in rows:
        fate = {
            "state": waiting(generation),
            "attempt": max(attempt - 1, 0),
            "next_at": now + RELAY_WAIT,
            "settled_at": None,
        }
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter).values(fate))
        entry = log_entry(letter, now, SAME_ANSWER, RETURNED) | {"phase": ROAD, "owner": ROAD}
        connection.execute(insert(ATTEMPT).values(entry | {"generation": generation}))
    return tuple(State(row[1]) for row in rows)


def read(connection: Connection) -> Row:
    value = facts.get(connection, ROW)
    if value is None:
        return Row()
    kept = json.loads(value)
    return Row(tuple(Refusal(*one) for one in kept["refusals"]), kept["is_ours"], frozenset(kept["looked_at"]))


def _write(connection: Connection, row: Row) -> None:
    refusals = [[one.letter, one.address, one.words] for one in row.refusals]
    value = {"refusals": refusals, "is_ours": row.is_ours, "looked_at": sorted(row.looked_at)}
    facts.put(connection, ROW, json.dumps(value, ensure_ascii=False))


LEASE = timedelta(minutes=45)
"""How long a sender may keep a letter, from when it took it, and anew from when DATA was to be said: longer than every
timeout of one conversation together."""

FREE: Final[dict[str, Any]] = {"lease_owner": None, "lease_until": None}
"""The columns of a letter that no sender has."""


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


def claim_due(
    store: Store, now: datetime, owner: str, limit: int, only: Collection[str] | None = None
) -> tuple[Claimed, ...]:
    """Take at most `limit` letters whose time has come, the longest waiting first; no other sender gets them.

    With `only`, none but those of these ids.
    """
    asked = () if only is None else (OUTBOX.c.id.in_(only),)
    due = (
        select(OUTBOX.c.id, OUTBOX.c.sender, OUTBOX.c.address, OUTBOX.c.wire, OUTBOX.c.attempt, OUTBOX.c.generation)
        .where(OUTBOX.c.next_at <= now, *asked)
        .order_by(OUTBOX.c.next_at, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # no words in SQLite, where BEGIN IMMEDIATE does it
    )
    lease = {"state": State.SENDING, "next_at": None, "lease_owner": owner, "lease_until": now + LEASE}
    with store.writing() as connection:
        stop_waiting(connection, now)
        letters = tuple(Claimed(*row) for row in connection.execute(due))
        if not letters:
            return ()
        claim = update(OUTBOX).where(OUTBOX.c.id == bindparam("the_id")).values(lease)
        connection.execute(claim, [{"the_id": letter.id} for letter in letters])
        number = facts.advance(connection)
    facts.note_epoch(store, number)
    return letters


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to write down about a letter: what became of it, or, without a verdict, that DATA comes next."""

    letter: Claimed
    verdict: Verdict | None = None
    jitter: float = 0.0


def write(store: Store, entries: Sequence[Entry], owner: str, now: datetime) -> tuple[Change | None, ...]:
    """Write all entries down in one durable commit and log the attempts; None for a letter that is no longer ours.

    Only when an entry without a verdict has come back as DATA_STARTED may DATA be sent. Raises StoreError, and then
    nothing is written.
    """
    with store.writing() as connection:
        ours = {row[0]: State(row[1]) for row in connection.execute(OURS, {"owner": owner})}
        weighed = [_weighed(connection, entry) if entry.letter.id in ours else (entry, ()) for entry in entries]
        fates = [(entry, _change(entry, ours.get(entry.letter.id), now), alike) for entry, alike in weighed]
        written = [(entry, change) for entry, change, _ in fates if change]
        if rows := [_row(entry, change, now) for entry, change in written]:
            connection.execute(FATE, rows)
        if attempts := [_attempt(entry.letter, entry.verdict, owner, now) for entry, _ in written if entry.verdict]:
            connection.execute(insert(ATTEMPT), attempts)
        if any(change.state is State.ACCEPTED for _, change in written):
            facts.forget(connection, facts.PAUSE)
        # Last of all: one that is given back may have been refused in this very commit.
        return tuple(_with_others(connection, change, alike, now) for _, change, alike in fates)


def lost(letter: Claimed, owner: str) -> str:
    return f"letter {letter.id} is no longer held by {owner}"


def release(store: Store, letters: Collection[Claimed], owner: str, now: datetime) -> None:
    """Put letters back that were claimed but not tried."""
    if not letters:
        return
    ours = (OUTBOX.c.id.in_([letter.id for letter in letters]), OUTBOX.c.lease_owner == owner)
    with store.writing() as connection:
        _put_back(connection, ours, now)


def recover_orphans(store: Store, now: datetime, owner: str) -> dict[State, int]:
    """Take care of letters that a dead sender left behind; returns how many came into each state.

    To be called by the one sender, before it claims (see `lock`). What had not come to DATA waits again; the rest is
    in doubt. On PostgreSQL, who does not hold the sender's lock leaves another's letters alone until their lease is
    over. StoreError, and nothing is touched, when somebody else has come to hold it.
    """
    is_alone = store.is_sqlite or lock.is_held(store)
    theirs = () if is_alone else (or_(OUTBOX.c.lease_owner == owner, OUTBOX.c.lease_until < now),)
    moved: Counter[State] = Counter()
    with store.writing() as connection:
        moved += _put_back(connection, theirs, now)
        for generation, those in ((2, OUTBOX.c.generation > 1), (1, OUTBOX.c.generation == 1)):
            change = doubted(0, generation, now)
            fate = FREE | {"state": change.state, "next_at": change.next_at}
            fate |= {"settled_at": now} if change.next_at is None else {}
            fate |= {"generation": change.generation} if generation == 1 else {}
            moved[change.state] += _move(connection, (OUTBOX.c.state == State.DATA_STARTED, those, *theirs), fate)
    return {state: count for state, count in moved.items() if count}


def expire(store: Store, now: datetime) -> int:
    """Take the letters out that are useless by now; returns how many. They stay to be seen.

    One in doubt is held for a person instead: nobody knows whether it came in time.
    """
    useless = (OUTBOX.c.next_at.is_not(None), OUTBOX.c.expires_at <= now)
    with store.writing() as connection:
        return sum(
            _move(connection, (*useless, OUTBOX.c.state == state), {"state": fate, "next_at": None, "settled_at": now})
            for state, fate in ((State.QUEUED, State.EXPIRED), (State.UNKNOWN, State.HELD))
        )


def revive(store: Store, now: datetime) -> int:
    """Let letters wait again that expired under a clock that was later than it is; returns how many."""
    under_later = (OUTBOX.c.state == State.EXPIRED, OUTBOX.c.settled_at > now, OUTBOX.c.expires_at > now)
    with store.writing() as connection:
        return _move(connection, under_later, {"state": State.QUEUED, "next_at": now, "settled_at": None})


def _put_back(connection: Connection, which: Sequence[ColumnElement[bool]], now: datetime) -> Counter[State]:
    """Let letters wait again that are being sent but had not come to DATA; it cost them no attempt."""
    moved: Counter[State] = Counter()
    for generation, those in ((1, OUTBOX.c.generation == 1), (2, OUTBOX.c.generation > 1)):
        state = waiting(generation)
        at_hand = (OUTBOX.c.state == State.SENDING, those, *which)
        moved[state] += _move(connection, at_hand, FREE | {"state": state, "next_at": now})
    return moved


def _move(connection: Connection, which: Sequence[ColumnElement[bool]], values: Mapping[str, Any]) -> int:
    return connection.execute(update(OUTBOX).where(*which).values(values)).rowcount


def _weighed(connection: Connection, entry: Entry) -> tuple[Entry, tuple[Refusal, ...]]:
    """Return the entry with its verdict seen beside those on the letters before it, and the refusals of one kind."""
    if entry.verdict is None:
        return entry, ()
    verdict, alike = weigh(connection, entry.letter.id, entry.letter.address, entry.verdict)
    return replace(entry, verdict=verdict), alike


def _with_others(
    connection: Connection, change: Change | None, alike: Sequence[Refusal], now: datetime
) -> Change | None:
    """Give the others back that were refused alike, and tell of them with the letter that showed it."""
    if change is None or not alike:
        return change
    return replace(change, in_a_row=len(alike), returned=give_back(connection, alike, now))


def _change(entry: Entry, state: State | None, now: datetime) -> Change | None:
    letter = entry.letter
    if state is None or (entry.verdict is None and state is not State.SENDING):
        return None
    if entry.verdict is None:
        return Change(State.DATA_STARTED, letter.attempt, letter.generation)
    return after(entry.verdict, letter.attempt, letter.generation, now, entry.jitter)


def _row(entry: Entry, change: Change, now: datetime) -> dict[str, Any]:
    """Return what FATE writes; a letter in DATA keeps its sender and has nothing new to tell."""
    said = entry.verdict
    return {
        "the_id": entry.letter.id,
        "the_state": change.state,
        "the_attempt": change.attempt,
        "the_generation": change.generation,
        "the_next_at": change.next_at,
        "the_lease_until": now + LEASE,
        "is_settled": said is not None,
        "the_code": said.code if said else None,
        "the_text": said.text if said else "",
        "the_accepted_at": now if change.state is State.ACCEPTED else None,
        "the_settled_at": now if said is not None and change.next_at is None else None,
    }


def _fate_statement() -> Update:
    settled = bindparam("is_settled", type_=Boolean)
    values = {
        "state": bindparam("the_state"),
        "attempt": bindparam("the_attempt"),
        "generation": bindparam("the_generation"),
        "next_at": bindparam("the_next_at"),
        "lease_owner": case((settled, null()), else_=OUTBOX.c.lease_owner),
        "lease_until": case((settled, null()), else_=bindparam("the_lease_until", type_=OUTBOX.c.lease_until.type)),
        "last_code": case((settled, bindparam("the_code", type_=Integer)), else_=OUTBOX.c.last_code),
        "last_text": case((settled, bindparam("the_text", type_=Text)), else_=OUTBOX.c.last_text),
        "accepted_at": bindparam("the_accepted_at"),
        "settled_at": bindparam("the_settled_at"),
    }
    return update(OUTBOX).where(OUTBOX.c.id == bindparam("the_id")).values(values)


FATE: Final = _fate_statement()
OURS: Final = (
    select(OUTBOX.c.id, OUTBOX.c.state)
    .where(OUTBOX.c.lease_owner == bindparam("owner"), OUTBOX.c.lease_until.is_not(None))
    .with_for_update()
)
"""What a sender has in its hands, a batch at most, kept from others until the commit."""


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
