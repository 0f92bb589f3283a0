"""One round of sending: everything whose time has come, one letter after the other. What it may say is in `mail`."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from arshjul.core.outbox import Change, State
from arshjul.core.verdicts import Outcome, Verdict
from arshjul.mail.transports import Parcel, Transport
from arshjul.store import facts, sending
from arshjul.store.engine import Store, StoreError
from arshjul.store.sending import Claimed, LostLetterError

BATCH: Final = 10
MARK_WAITS_S: Final = (0.5, 2.0, 8.0)
"""Pauses before what a server has said is written down again, should the database not take it at once."""

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a round did: how many letters came into each state, and why it ended early, if it did.

    `trouble` is Norwegian and for the admin: what the mail server or the database said.
    """

    states: Mapping[State, int] = field(default_factory=dict)
    recovered: Mapping[State, int] = field(default_factory=dict)
    expired: int = 0
    paused_until: datetime | None = None
    trouble: str = ""
    is_stopped: bool = False

    @property
    def accepted(self) -> int:
        return self.states.get(State.ACCEPTED, 0)


@dataclass(slots=True)
class _Round:
    """A round as it goes on."""

    store: Store
    transport: Transport
    now: Callable[[], datetime]
    owner: str
    stop: asyncio.Event
    sleep: Sleep
    jitter: Callable[[], float]
    states: Counter[State] = field(default_factory=Counter)
    paused_until: datetime | None = None
    trouble: str = ""


async def send_round(
    store: Store,
    transport: Transport,
    now: Callable[[], datetime],
    *,
    owner: str = "arshjul",
    stop: asyncio.Event | None = None,
    honour_pause: bool = True,
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = lambda: random.uniform(-1, 1),  # noqa: S311  (no secret, only to spread retries)
) -> SendReport:
    """Send everything whose time has come. `now` is asked again for each letter, in UTC.

    To be called by one sender at a time: hold `store.lock.sender_lock`. `stop`, or cancelling the task, ends the round
    after the letter that is on its way; what was not tried waits for the next round. A fault of the mail server pauses
    the queue, and a round within the pause does nothing unless `honour_pause` is False. A database that fails ends
    the round and is told in the report; nothing is raised for it.
    """
    this = _Round(store, transport, now, owner, stop or asyncio.Event(), sleep, jitter)
    recovered: Mapping[State, int] = {}
    expired = 0
    try:
        recovered = await _in_thread(sending.recover_orphans, store, now(), owner)
        expired = await _in_thread(sending.expire, store, now())
        pause = await _in_thread(facts.pause, store)
        if pause is not None and honour_pause and now() < pause.until:
            return SendReport(recovered=recovered, expired=expired, paused_until=pause.until, trouble=pause.reason)
        await _send_all(this)
    except StoreError as error:
        this.trouble = str(error)
    finally:
        await transport.close()
    return SendReport(dict(this.states), recovered, expired, this.paused_until, this.trouble, this.stop.is_set())


async def _send_all(this: _Round) -> None:
    while not this.stop.is_set() and this.paused_until is None:
        claimed = deque(await _in_thread(sending.claim_due, this.store, this.now(), this.owner, BATCH))
        if not claimed:
            return
        try:
            await _send_batch(this, claimed)
        finally:
            await _in_thread(sending.release, this.store, tuple(claimed), this.owner, this.now())


async def _send_batch(this: _Round, claimed: deque[Claimed]) -> None:
    """Send from the left; what is still there at the end was not tried."""
    while claimed and this.paused_until is None:
        if not await _may_go(this):
            return
        letter = claimed.popleft()
        await _undisturbed(_send_one(this, letter))


async def _may_go(this: _Round) -> bool:
    """Wait for the transport's pace; False if the round is to stop instead."""
    if this.stop.is_set():
        return False
    ready, stop = asyncio.ensure_future(this.transport.ready()), asyncio.ensure_future(this.stop.wait())
    try:
        await asyncio.wait({ready, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.cancel()
        ready.cancel()
    return ready.done() and not ready.cancelled() and not this.stop.is_set()


async def _send_one(this: _Round, letter: Claimed) -> None:
    async def on_data_started() -> None:
        await _in_thread(sending.mark_data_started, this.store, letter, this.owner)

    parcel = Parcel(letter.id, letter.sender, letter.address, letter.wire)
    try:
        verdict = await this.transport.deliver(parcel, on_data_started)
        change = await _mark(this, letter, verdict)
    except LostLetterError as error:
        this.trouble = f"Brev {letter.id} ble tatt av en annen prosess: {error}"
        return
    this.states[change.state] += 1
    if verdict.outcome in (Outcome.RELAY, Outcome.NOT_SENT):
        await _rest(this, verdict)


async def _mark(this: _Round, letter: Claimed, verdict: Verdict) -> Change:
    """Write the verdict down, and try again for a while: were it lost, an accepted letter would be sent again."""
    jitter = this.jitter()
    for wait in MARK_WAITS_S:
        try:
            return await _in_thread(_write_down, this, letter, verdict, jitter)
        except StoreError:
            await this.sleep(wait)
    return await _in_thread(_write_down, this, letter, verdict, jitter)


def _write_down(this: _Round, letter: Claimed, verdict: Verdict, jitter: float) -> Change:
    return sending.mark(this.store, letter, verdict, this.owner, now=this.now(), jitter=jitter)


async def _rest(this: _Round, verdict: Verdict) -> None:
    """Leave the server in peace for a while."""
    said = f"{verdict.code} {verdict.text}" if verdict.code else verdict.text
    pause = await _in_thread(facts.order_pause, this.store, this.now(), said)
    this.paused_until, this.trouble = pause.until, said


async def _undisturbed(work: Awaitable[None]) -> None:
    """Do the work to its end, also when the task is cancelled: nobody may leave between DATA and the reply."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _in_thread(function: Callable[..., T], *args: object) -> T:
    """Do what waits for the disk outside the event loop."""
    return await asyncio.to_thread(function, *args)
