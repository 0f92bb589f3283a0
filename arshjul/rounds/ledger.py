"""What happens to letters, written down durably; what comes in while the disk is busy shares the next commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from arshjul.core.crashes import Crash, go_on
from arshjul.core.outbox import Change, State
from arshjul.core.verdicts import Verdict
from arshjul.store import journal, sending
from arshjul.store.engine import Store, StoreError
from arshjul.store.sending import Claimed, Entry, LostLetterError

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
                done.set_exception(LostLetterError(sending.lost(entry.letter, self.owner)))
            elif isinstance(change, BaseException):
                done.set_exception(StoreError(str(change)) if isinstance(change, StoreError) else change)
            else:
                done.set_result(change)

    def _write(self, entries: Sequence[Entry]) -> tuple[Change | None, ...]:
        is_settling = any(entry.verdict is not None for entry in entries)
        if is_settling:
            self.crash("replied")
            with suppress(OSError):  # the journal only helps when the commit fails; it comes next, and is told of
                journal.note(self.store, entries, self.now())
            self.crash("journaled")
        changes = sending.write(self.store, entries, self.owner, self.now())
        if any(change is not None and change.state is State.ACCEPTED for change in changes):
            self.crash("accepted")
        return changes
