"""A letter on its way to the server, watched: whether it has come to DATA, and whether the answer lets us wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from arshjul.core.verdicts import Verdict
from arshjul.mail.transports import Parcel, Transport
from arshjul.rounds.ledger import Ledger
from arshjul.store.sending import Claimed

PATIENCE_S: Final = 30.0
"""So long the others wait for the answer to a letter; it waits out its own limit while they go on."""


@dataclass(slots=True)
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

    async def verdict(self) -> Verdict:
        """Return what is known of the letter. Raises what writing down that DATA comes next has raised."""
        await asyncio.wait({self.task})
        return self.task.result()
