"""What a person decides about a letter: send it again, take it as arrived, keep it back. Each decision is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from arshjul.core.outbox import State, waiting
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, OUTBOX

PERSON: Final = "person"
RESEND: Final = "resend"
OUT: Final = (State.SENDING, State.DATA_STARTED)
MAYBE_TAKEN: Final = (State.ACCEPTED, State.UNKNOWN)


class DecisionError(Exception):
    """The letter is not in a state for that; the message is Norwegian."""


def find(store: Store, name: str) -> tuple[str, ...]:
    """Return the ids of the letters whose id ends so: the endings are what tells letters of one moment apart."""
    statement = select(OUTBOX.c.id).where(OUTBOX.c.id.endswith(name.upper(), autoescape=True)).limit(10)
    with store.reading() as connection:
        return tuple(connection.execute(statement).scalars())


def resend(store: Store, letter: str, now: datetime, who: str) -> bool:
    """Let the letter go at the next round, the same bytes; returns whether it may be a second copy."""

    def fate(state: State, generation: int) -> dict[str, Any]:
        if generation > 1 or state in MAYBE_TAKEN:  # the journal's word on earlier copies must not settle this one
            generation += 1
        return {
            "state": waiting(generation),
            "generation": generation,
            "attempt": 0,
            "next_at": now,
            "expires_at": None,
            "accepted_at": None,
            "settled_at": None,
        }

    return _decide(store, log_entry(letter, now, who, RESEND), (), fate) > 1


def accept(store: Store, letter: str, now: datetime, who: str) -> None:
    """Take the letter as arrived: somebody has seen it at the recipient's, or told them otherwise."""

    def fate(_: State, generation: int) -> dict[str, Any]:
        return {
            "state": State.ACCEPTED,
            "generation": generation,
            "next_at": None,
            "accepted_at": now,
            "settled_at": now,
        }

    _decide(store, log_entry(letter, now, who, "accepted"), (State.ACCEPTED,), fate)


def hold(store: Store, letter: str, now: datetime, who: str) -> None:
    """Keep a letter back that waits."""

    def fate(_: State, generation: int) -> dict[str, Any]:
        return {"state": State.HELD, "generation": generation, "next_at": None, "settled_at": now}

    others = tuple(state for state in State if state not in (State.QUEUED, State.UNKNOWN))
    _decide(store, log_entry(letter, now, who, "held"), others, fate)


def _decide(
    store: Store, entry: dict[str, object], refused: tuple[State, ...], fate: Callable[[State, int], dict[str, Any]]
) -> int:
    """Change the letter of the log entry as `fate` says for its state and generation; returns the new generation."""
    letter = entry["outbox_id"]
    with store.writing() as connection:
        row = connection.execute(
            select(OUTBOX.c.state, OUTBOX.c.generation).where(OUTBOX.c.id == letter).with_for_update()
        ).one()
        state = State(row[0])
        if state in OUT:
            raise DecisionError("Brevet er under sending nå. Prøv igjen om litt.")
        if state is State.CANCELLED:
            raise DecisionError("Brevet er trukket. Det som fortsatt gjelder, kommer i et nytt.")
        if state in refused:
            raise DecisionError("Brevet er ikke i en tilstand der det kan gjøres. Se «arshjul outbox show».")
        values = fate(state, row[1])
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter).values(values))
        connection.execute(insert(ATTEMPT).values(entry | {"generation": row[1]}))
    generation: int = values["generation"]
    return generation


def log_entry(letter: str, now: datetime, who: str, what: str) -> dict[str, object]:
    """Return a row of the log of attempts, without the generation, for what a person has decided."""
    return {
        "outbox_id": letter,
        "phase": PERSON,
        "outcome": what,
        "code": None,
        "enhanced": "",
        "text": who,
        "owner": PERSON,
        "ended_at": now,
    }
