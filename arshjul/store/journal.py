"""`accepted.journal`: which letters the server has taken, written before the database knows of it.

It is read at the start of each round, so that a letter is not in doubt whose 250 was read by a process that died, or
could not reach its database; nor sent again from a database that was fetched back from a backup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import insert, select, update

from arshjul.core.outbox import State
from arshjul.core.system_errors import why
from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.store import durable, refusals
from arshjul.store.beside import beside
from arshjul.store.engine import Store, StoreError
from arshjul.store.sending import FREE, Entry
from arshjul.store.tables import ATTEMPT, OUTBOX

ENDING: Final = "accepted"
LINE: Final = re.compile(r"([0-9A-Z]{26}) (\d+) (\S+) (\d+)")
AT_REST: Final = (State.QUEUED, State.UNKNOWN, State.HELD)
OPEN: Final = (*AT_REST, State.SENDING, State.DATA_STARTED)
LONGEST, KEPT, KEPT_DAYS = 20_000, 10_000, 7
"""Lines: when there are more than LONGEST, the youngest KEPT stay, and all of the last KEPT_DAYS days that have any: of
the morning that a process dies in, or a backup is put back after, all is known however many letters it had."""


def note(store: Store, entries: Iterable[Entry], now: datetime) -> None:
    """Write down those entries that say ACCEPTED. Raises OSError."""
    lines = [
        f"{entry.letter.id} {entry.letter.generation} {now.isoformat()} {entry.verdict.code or 0}\n"
        for entry in entries
        if entry.verdict is not None and entry.verdict.outcome is Outcome.ACCEPTED
    ]
    if lines:
        durable.append(
            beside(store, ENDING), "".join(["\n", *lines])
        )  # what a crash cut off before takes none of these with it


def replay(store: Store, owner: str, states: Collection[State] = OPEN) -> int:
    """Mark the letters as accepted that the journal says so of; returns how many. Raises StoreError.

    While another sends, only those in `states` that no sender has. A line counts for the copy that it was written for:
    not for one that a person has asked for since.
    """
    if not (accepted := _read(store)):
        return 0
    with store.writing() as connection:
        waiting = connection.execute(select(OUTBOX.c.id, OUTBOX.c.generation).where(OUTBOX.c.state.in_(states)))
        found = [(row[0], *accepted[row[0]]) for row in waiting if row[0] in accepted]
        count = 0
        for letter, at, generation, code in ((name, *said) for name, *said in found):
            fate = FREE | {
                "state": State.ACCEPTED,
                "next_at": None,
                "accepted_at": at,
                "settled_at": at,
                "last_code": code or None,
            }
            mine = update(OUTBOX).where(OUTBOX.c.id == letter, OUTBOX.c.generation <= generation)
            if connection.execute(mine.values(fate)).rowcount:
                connection.execute(insert(ATTEMPT).values(_attempt(letter, at, generation, code, owner)))
                count += 1
        if count:
            refusals.got_through(connection)
    return count


def _attempt(letter: str, at: datetime, generation: int, code: int, owner: str) -> dict[str, object]:
    verdict = Verdict(Outcome.ACCEPTED, Phase.DATA, code or None, "Fra accepted.journal")
    return {
        "outbox_id": letter,
        "generation": generation,
        "phase": verdict.phase,
        "outcome": verdict.outcome,
        "code": verdict.code,
        "enhanced": "",
        "text": verdict.text,
        "owner": owner,
        "ended_at": at,
    }


def _young(lines: Sequence[str]) -> list[str]:
    """Return the lines that stay; the days are those in the lines, so that a clock that was wrong drives none out."""
    days = [found[3][:10] if (found := LINE.fullmatch(line)) else "" for line in lines]
    last = list(dict.fromkeys(day for day in reversed(days) if day))[:KEPT_DAYS]
    youngest = len(lines) - KEPT
    return [line for place, line in enumerate(lines) if place >= youngest or days[place] in last]


def _read(store: Store) -> dict[str, tuple[datetime, int, int]]:
    """Return what the journal says, by letter; a line that a crash cut off says nothing."""
    path = beside(store, ENDING)
    try:
        lines = [line for line in path.read_text(encoding="ascii", errors="replace").splitlines() if line]
        if len(lines) > LONGEST and len(young := _young(lines)) < len(lines):
            durable.replace(path, "\n".join([*young, ""]))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"Filen «{path}» kan ikke leses: {why(error)}") from error
    found = (LINE.fullmatch(line) for line in lines)
    return {one[1]: (datetime.fromisoformat(one[3]).astimezone(UTC), int(one[2]), int(one[4])) for one in found if one}
