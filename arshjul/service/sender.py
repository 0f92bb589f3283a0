"""The one sender of a service: its lock, its way out, and the round that sends what is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from arshjul.config import Settings
from arshjul.core.brakes import Reading
from arshjul.core.outbox import WORDS
from arshjul.mail.transports import Transport
from arshjul.rounds.send import SendReport, recover, send_round
from arshjul.service.parts import at_once, crash_of, is_same_way_out, new_owner, relay_of, spare, transport_of
from arshjul.store.engine import Store
from arshjul.store.lock import SenderLock

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Sender:
    """Sends while it holds the lock. Without one, as where nobody else can send, it is taken for granted."""

    store: Store
    now: Callable[[], datetime]
    clocks: Callable[[], Reading]
    settings: Settings
    lock: SenderLock | None = None
    _owner: str = field(init=False, default_factory=new_owner)
    _transport: Transport = field(init=False)
    _relay: str = field(init=False)
    _rest: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _stopped: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._transport, self._relay = transport_of(self.settings), relay_of(self.settings)

    def use(self, settings: Settings) -> None:
        """Go by these settings from the next round on; connections and pace are kept where they are the same."""
        before, self.settings = self.settings, settings
        if not is_same_way_out(settings, before):
            self._transport = transport_of(settings)
        if settings != before:
            self._relay = relay_of(settings)

    def stop(self) -> None:
        """End the round that is under way, as `send_round` does; no other is begun."""
        self._stopped = True
        self._rest.set()

    async def hold(self) -> None:
        """See that this process still is the sender; if not, the round rests. Raises AnotherSenderError, StoreError."""
        is_held = self.lock is None
        try:
            if self.lock is not None:
                await asyncio.to_thread(self.lock.hold)
                is_held = True
        finally:
            if not is_held:
                self._rest.set()

    async def recover(self) -> None:
        """Put right what a sender that died has left. Raises StoreError."""
        await self.hold()
        await asyncio.to_thread(recover, self.store, self.now(), self._owner, self.clocks(), self._relay)

    async def send(self) -> SendReport:
        """Send everything whose time has come. Raises AnotherSenderError, StoreError where the lock is not held."""
        await self.hold()
        if not self._stopped:
            self._rest.clear()
        report = await send_round(
            self.store,
            self._transport,
            self.now,
            owner=self._owner,
            at_once=at_once(self.settings),
            spare=spare(self.settings),
            stop=self._rest,
            reading=self.clocks(),
            relay=self._relay,
            crash=crash_of(self.settings),
        )
        if report.states:
            log.info("Brev: %s.", ", ".join(f"{count} {WORDS[state]}" for state, count in report.states.items()))
        return report
