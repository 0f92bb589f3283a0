"""What a person or planning decides about a queued letter: send again, take as arrived, keep back, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from arshjul.mail.verdicts import State
from arshjul.mail.verdicts import waiting as verdicts_waiting
from arshjul.plan.model import ReminderId
from arshjul.store.engine import Store
from arshjul.store.tables import ATTEMPT, IS_TO_READER, OUTBOX, REMINDER, identity_of, reminder_id

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
            "state": verdicts_waiting(generation),
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


def keep_back(store: Store, letter: str, now: datetime, who: str) -> None:
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


WAITING = (
    OUTBOX.c.state == State.QUEUED,
    OUTBOX.c.generation == 1,
    IS_TO_READER,
    OUTBOX.c.expires_at.is_not(None),
)
"""What no server has or may have. The coordinator's letter, of another variant, tells how it was on its day; one that
a person has let go, which never expires, goes as it is."""


WITHDRAWN: Final = "trukket"
"""What begins the variant of a letter that was taken back; its name follows, so that its place on its day is free."""


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
    told = identity_of(REMINDER)
    details = (REMINDER.c.clock, REMINDER.c.location)
    asked = select(REMINDER.c.id, *columns, *details, *told)
    statement = asked.join(OUTBOX, OUTBOX.c.id == REMINDER.c.outbox_id).where(*WAITING)
    found: dict[str, Waiting] = {}
    with store.reading() as connection:
        # Put in order here: SQLite would go through all reminders there ever were to have them so.
        for row in sorted(connection.execute(statement).all(), key=itemgetter(0)):
            _, letter, address, day, attempt, expires, clock, location, *one = row
            before, seen = (found[letter].told, found[letter].details) if letter in found else ((), ())
            all_told, all_seen = (*before, reminder_id(one)), (*seen, (clock, location))
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
                "variant": f"{WITHDRAWN} {letter}",
            }
            if connection.execute(update(OUTBOX).where(OUTBOX.c.id == letter, *WAITING).values(fate)).rowcount:
                mine = REMINDER.c.outbox_id == letter
                connection.execute(update(REMINDER).where(mine).values(withdrawn_by=letter))
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
