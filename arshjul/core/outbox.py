"""The states of a letter on its way and what a verdict makes of them; pure. The rows are in `store`.

    QUEUED → SENDING → DATA_STARTED → ACCEPTED
                                    → UNKNOWN → SENDING (once more, same bytes) → … → HELD
An uncertain letter is sent again once, byte for byte the same, because a missed deadline costs more than a second copy
(RFC 1047). After that a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from arshjul.core.verdicts import Outcome, Verdict
from arshjul.core.wording import SAY


class State(StrEnum):
    """Where a letter is. ACCEPTED means that the server has taken it, not that anybody has it."""

    QUEUED = "queued"
    SENDING = "sending"
    DATA_STARTED = "data_started"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    HELD = "held"
    REJECTED = "rejected"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"


URGENT, NOW = "varsel", "straks"
"""What the variant of a letter begins with that goes beside the day's own: the coordinator's that does not wait for an
hour of letters, and a reader's that a person has sent at once. Its own name follows."""

WORDS = {state: SAY["nb"][f"state_{state}"] for state in State}
"""What people are told of a state on the command line and in the log; the other languages are for letters only."""

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
MAX_ATTEMPTS = 36
"""About five days of trying (RFC 5321 section 4.5.4.1)."""

JITTER = 0.2
"""A waiting time is at most this part longer or shorter."""

DOUBT_WAIT = timedelta(minutes=30)
RELAY_WAIT = timedelta(minutes=1)
RELAY_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a letter; `next_at` is when it is tried again, if it is.

    `generation` is above 1 once the letter may have been taken: what goes out from then on may be a second copy.
    `in_a_row` is how many letters were refused alike, where that makes it our fault and not the recipients', and
    `returned` what those had been settled as that wait again now. With `pauses` the whole queue is to rest.
    """

    state: State
    attempt: int
    generation: int = 1
    next_at: datetime | None = None
    in_a_row: int = 0
    returned: tuple[State, ...] = ()
    pauses: bool = False


def after(verdict: Verdict, attempt: int, generation: int, now: datetime, jitter: float) -> Change:
    """Say what a verdict makes of a letter; `jitter` in [-1, 1] stretches the waiting time by as much of JITTER."""
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return Change(State.ACCEPTED, attempt, generation)
        case Outcome.NOT_SENT | Outcome.RELAY | Outcome.SETUP:
            # Later than the others, so that no single letter stops them all.
            pauses = verdict.outcome is not Outcome.SETUP
            return Change(waiting(generation), attempt, generation, now + RELAY_WAIT, pauses=pauses)
        case Outcome.TEMPORARY:
            return _tried(attempt, generation, now, jitter)
        case Outcome.REJECTED:
            return Change(State.REJECTED, attempt + 1, generation)
        case Outcome.REFUSED:
            return Change(State.DEAD, attempt + 1, generation)
        case Outcome.UNKNOWN:
            return doubted(attempt, generation, now)


def waiting(generation: int) -> State:
    """Say in which state a letter waits: one in doubt stays in doubt until a later copy is accepted or refused."""
    return State.UNKNOWN if generation > 1 else State.QUEUED


def _tried(attempt: int, generation: int, now: datetime, jitter: float) -> Change:
    if attempt + 1 >= MAX_ATTEMPTS:
        return Change(State.DEAD, attempt + 1, generation)
    wait = BACKOFF[min(attempt, len(BACKOFF) - 1)] * (1 + JITTER * jitter)
    return Change(waiting(generation), attempt + 1, generation, now + wait)


def doubted(attempt: int, generation: int, now: datetime) -> Change:
    """Say what becomes of a letter that may have been taken: once more, and after that a person decides."""
    if generation > 1:
        return Change(State.HELD, attempt, generation)
    return Change(State.UNKNOWN, attempt, generation + 1, now + DOUBT_WAIT)


def relay_pause(before: int) -> timedelta:
    """Say how long the queue rests when the server fails, after so many pauses in a row before this one."""
    return RELAY_PAUSES[min(before, len(RELAY_PAUSES) - 1)]
