"""What happens to letters, written down durably: the journal of accepted letters, deliveries that are under way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import insert, select, update

from arshjul import disk
from arshjul.disk import Crash, go_on
from arshjul.mail.transports import Parcel, Transport
from arshjul.mail.verdicts import Change, Outcome, Phase, State, Verdict
from arshjul.printable import why
from arshjul.store import claims
from arshjul.store.claims import FREE, Claimed, Entry, LostLetterError
from arshjul.store.engine import Store, StoreError
from arshjul.store.facts import beside
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
        disk.append(
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
            claims.got_through(connection)
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
            disk.replace(path, "\n".join([*young, ""]))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"Filen «{path}» kan ikke leses: {why(error)}") from error
    found = (LINE.fullmatch(line) for line in lines)
    return {one[1]: (datetime.fromisoformat(one[3]).astimezone(UTC), int(one[2]), int(one[4])) for one in found if one}


WAITS_S: Final = (0.5, 2.0, 8.0)
"""Pauses before what a server has said is written down again, should the database not take it at once."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Waiting: TypeAlias = tuple[Entry, "asyncio.Future[Change]"]


@dataclass(slots=True)
class Ledger:
    """The pen of one sender. Several connections write at once; each goes on when its own entry is on the disk."""

    store: Store
    owner: str
    now: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep
    crash: Crash = go_on
    _waiting: list[Waiting] = field(default_factory=list, init=False)
    _writer: asyncio.Task[None] | None = field(default=None, init=False)

    async def data_started(self, letter: Claimed) -> None:
        """Write down that DATA comes next. Raises StoreError or LostLetterError, and then nothing may be sent."""
        await self._written(Entry(letter))

    async def settle(self, letter: Claimed, verdict: Verdict, jitter: float) -> Change:
        """Write the verdict down, and try again for a while: were it lost, an accepted letter would be sent again."""
        entry = Entry(letter, verdict, jitter)
        for wait in WAITS_S:
            try:
                return await self._written(entry)
            except StoreError:
                await self.sleep(wait)
        return await self._written(entry)

    async def _written(self, entry: Entry) -> Change:
        done: asyncio.Future[Change] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await done

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            work = asyncio.to_thread(self._write, [entry for entry, _ in batch])
            (outcome,) = await asyncio.gather(work, return_exceptions=True)
            self._tell(batch, outcome)

    def _tell(self, batch: Sequence[Waiting], outcome: Sequence[Change | None] | BaseException) -> None:
        """Tell all who wait, whatever went wrong, but for those that were cancelled meanwhile."""
        changes = [outcome] * len(batch) if isinstance(outcome, BaseException) else outcome
        for (entry, done), change in zip(batch, changes, strict=True):
            if done.done():
                continue
            if change is None:
                done.set_exception(LostLetterError(claims.lost(entry.letter, self.owner)))
            elif isinstance(change, BaseException):
                done.set_exception(StoreError(str(change)) if isinstance(change, StoreError) else change)
            else:
                done.set_result(change)

    def _write(self, entries: Sequence[Entry]) -> tuple[Change | None, ...]:
        is_settling = any(entry.verdict is not None for entry in entries)
        if is_settling:
            self.crash("replied")
            with suppress(OSError):  # the journal only helps when the commit fails; it comes next, and is told of
                note(self.store, entries, self.now())
            self.crash("journaled")
        changes = claims.write(self.store, entries, self.owner, self.now())
        if any(change is not None and change.state is State.ACCEPTED for change in changes):
            self.crash("accepted")
        return changes


PATIENCE_S: Final = 30.0
"""So long the others wait for the answer to a letter; it waits out its own limit while they go on."""

GRACE_S: Final = 20.0
"""So long the answer to a letter is waited for when all is to end. Before DATA nothing is."""

CUT_SHORT: Final = "utsendingen ble stanset før e-posttjeneren svarte"


@dataclass(slots=True, eq=False)
class Delivery:
    """One letter in the hands of a transport. `begun` is done once DATA comes next: all after it may be doubt."""

    letter: Claimed
    begun: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    task: asyncio.Task[Verdict] = field(init=False)

    @classmethod
    def start(cls, letter: Claimed, transport: Transport, ledger: Ledger) -> Delivery:
        this = cls(letter)

        async def on_data_started() -> None:
            if not this.begun.done():
                this.begun.set_result(None)
            await ledger.data_started(letter)
            ledger.crash("data_started")

        parcel = Parcel(letter.id, letter.sender, letter.address, letter.wire)
        this.task = asyncio.create_task(transport.deliver(parcel, on_data_started))
        return this

    async def is_answered(self, patience: float) -> bool:
        """Wait until it is known what becomes of the letter, or so many seconds in vain for the answer to its DATA."""
        awaited: set[asyncio.Future[Any]] = {self.task, self.begun}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        if not self.task.done():
            await asyncio.wait({self.task}, timeout=patience)
        return self.task.done()

    async def verdict(self) -> Verdict | None:
        """Return what is known of the letter; None when it was cut short before DATA, and so not tried.

        Raises what writing down that DATA comes next has raised.
        """
        await asyncio.wait({self.task})
        if not self.task.cancelled():
            return self.task.result()
        return Verdict(Outcome.UNKNOWN, Phase.DATA, None, CUT_SHORT) if self.begun.done() else None


async def cut_short(deliveries: Collection[Delivery], stop: asyncio.Event, grace: float) -> None:
    """Once it is to end, break off what has not come to DATA, and the rest after so many seconds."""
    await stop.wait()
    for one in tuple(deliveries):
        if not one.begun.done():
            one.task.cancel()
    await asyncio.sleep(grace)
    for one in tuple(deliveries):
        one.task.cancel()
