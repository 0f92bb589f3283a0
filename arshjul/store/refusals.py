"""The refusals in a row, remembered across rounds, and letters given back. Whose they are: `core.refused`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from arshjul.core.outbox import RELAY_WAIT, State, waiting
from arshjul.core.refused import Refusal, Row, domain_of, is_deferral, is_refusal, of_letter, ours_in
from arshjul.core.verdicts import Outcome, Verdict
from arshjul.store import facts
from arshjul.store.deciding import log_entry
from arshjul.store.tables import ATTEMPT, OUTBOX

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
