"""A letter on its way to the server, watched: whether it has come to DATA, and whether the answer lets us wait."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.mail.transports import Parcel, Transport
from arshjul.rounds.ledger import Ledger
from arshjul.store.sending import Claimed

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
