"""One round of sending: everything whose time has come, one letter after the other. What it may say is in `mail`.

A letter whose DATA is not answered waits by itself: the others go on over another connection.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from arshjul.disk import Crash, go_on
from arshjul.letters.brakes import OF_PLANNING, ClockSample, Hold, HoldKind
from arshjul.mail.transports import Transport
from arshjul.mail.verdicts import Change, Outcome, State, Verdict
from arshjul.rounds import holds
from arshjul.rounds.ledger import GRACE_S, PATIENCE_S, Delivery, Ledger, Sleep, cut_short, replay
from arshjul.store import claims, facts, queue
from arshjul.store.claims import Claimed, LostLetterError
from arshjul.store.engine import Store, StoreError

BATCH: Final = 10
"""Letters that are claimed at once, for each connection."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a round did: how many letters came into each state, and why it ended early, if it did.

    `trouble` is Norwegian and for the admin: what the mail server or the database said. With a `hold` the queue stands
    still until a person lets it go.
    """

    states: Mapping[State, int] = field(default_factory=dict)
    recovered: Mapping[State, int] = field(default_factory=dict)
    replayed: int = 0
    expired: int = 0
    paused_until: datetime | None = None
    trouble: str = ""
    hold: Hold | None = None

    @property
    def accepted(self) -> int:
        return self.states.get(State.ACCEPTED, 0)


@dataclass(slots=True)
class _Round:
    """A round as it goes on."""

    ledger: Ledger
    transport: Transport
    stop: asyncio.Event
    jitter: Callable[[], float]
    at_once: int
    spare: int
    patience: float
    grace: float
    relay: str
    only: Collection[str] | None = None
    is_cancelled: bool = False
    running: int = 0
    under_way: set[Delivery] = field(default_factory=set)
    set_aside: list[asyncio.Task[None]] = field(default_factory=list)
    states: Counter[State] = field(default_factory=Counter)
    fault: Verdict | None = None
    rested: Verdict | None = None
    in_a_row: int = 0
    paused_until: datetime | None = None
    trouble: str = ""
    hold: Hold | None = None

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.stop.is_set() or self.fault is not None or bool(self.trouble)

    @property
    def free(self) -> int:
        """How many more connections may have a letter."""
        return self.at_once + self.spare - len(self.slow) - self.running

    @property
    def slow(self) -> list[asyncio.Task[None]]:
        """The letters that wait for their answer while the others go on."""
        return [task for task in self.set_aside if not task.done()]

    def start(self, letter: Claimed) -> Delivery:
        delivery = Delivery.start(letter, self.transport, self.ledger)
        self.under_way.add(delivery)
        delivery.task.add_done_callback(lambda _: self.under_way.discard(delivery))
        return delivery

    def cancel(self) -> None:
        """End early because the round's task was cancelled."""
        self.is_cancelled = True
        self.stop.set()

    def meet(self, fault: Verdict) -> None:
        """Take in a fault of the server. Several connections may meet it; what needs a person outweighs the rest."""
        if self.fault is None or (fault.outcome is Outcome.SETUP and self.fault.outcome is not Outcome.SETUP):
            self.fault = fault

    def note(self, change: Change) -> None:
        """Count a letter, and anew those that wait again."""
        self.states[change.state] += 1
        for state in change.returned:
            if self.states[state]:  # else it was settled in a round before
                self.states[state] -= 1
                self.states[State.QUEUED] += 1


async def send_round(
    store: Store,
    transport: Transport,
    now: Callable[[], datetime],
    *,
    owner: str = "arshjul",
    at_once: int = 1,
    spare: int = 0,
    patience: float = PATIENCE_S,
    grace: float = GRACE_S,
    stop: asyncio.Event | None = None,
    honour_pause: bool = True,
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = lambda: random.uniform(-1, 1),  # noqa: S311  (no secret, only to spread retries)
    reading: ClockSample | None = None,
    relay: str = "",
    only: Collection[str] | None = None,
    crash: Crash = go_on,
) -> SendReport:
    """Send everything whose time has come. `now` is asked again for each letter, in UTC.

    To be called by one sender at a time: hold `store.lock.sender_lock`. The transport takes `at_once` letters at the
    same time, and `spare` more while others have waited for an answer longer than `patience`, in seconds. `stop`, which
    cancelling the task sets too, ends the round: what has not come to DATA at once, what has after its answer or
    `grace` seconds, and then it is in doubt; what was not tried waits for the next round. A fault of the mail server
    pauses the queue, and a round within the pause does nothing unless `honour_pause` is False. A queue on hold is left
    alone, but for the coordinator's urgent letters (for `reading` and `relay` see `brakes`). With `only`, no other
    letters than those of these ids are sent. A database that fails ends the round and is told in the report; nothing is
    raised for it.
    """
    ledger = Ledger(store, owner, now, sleep, crash)
    stop = stop or asyncio.Event()
    this = _Round(ledger, transport, stop, jitter, at_once, spare, patience, grace, relay, only)
    before = SendReport()
    try:
        this.hold = await _in_thread(_look, store, now(), reading, relay)
        if this.hold is None or this.hold.kind is HoldKind.SETUP:  # else clock or database is not to be trusted
            before = await _in_thread(_put_right, store, now(), owner)
        await _send_what_may_go(this, honour_pause=honour_pause)
    except StoreError as error:
        this.trouble = str(error)
    finally:
        await transport.close()
    return replace(
        before, states=dict(+this.states), paused_until=this.paused_until, trouble=this.trouble, hold=this.hold
    )


def _put_right(store: Store, now: datetime, owner: str) -> SendReport:
    """Take care of what was left behind, and of what is useless by now."""
    replayed, recovered = _recover(store, now, owner)
    return SendReport(recovered=recovered, replayed=replayed, expired=claims.expire(store, now))


def _recover(store: Store, now: datetime, owner: str) -> tuple[int, Mapping[State, int]]:
    """Take care of what was left behind: by a sender that died, or under a clock that was later."""
    claims.revive(store, now)
    return replay(store, owner), claims.recover_orphans(store, now, owner)


async def _send_what_may_go(this: _Round, *, honour_pause: bool) -> None:
    store, now = this.ledger.store, this.ledger.now()
    pause = await _in_thread(facts.pause, store) if honour_pause else None
    is_paused = pause is not None and pause.is_on(now)
    if this.hold is not None:
        await _send_though_held(this, this.hold, is_paused=is_paused)
    elif pause is not None and is_paused:
        this.paused_until, this.trouble = pause.until, pause.reason
    else:
        await _send_all(this)


def recover(store: Store, now: datetime, owner: str, reading: ClockSample | None = None, relay: str = "") -> None:
    """Put right what a sender that died has left, as `send_round` does; before planning, which may take it back.

    To be called by the one sender, and before it sends. A new database is named. Raises StoreError.
    """
    facts.name_database(store)
    hold = _look(store, now, reading, relay)
    if hold is None or hold.kind is HoldKind.SETUP:
        _recover(store, now, owner)


def _look(store: Store, now: datetime, reading: ClockSample | None, relay: str) -> Hold | None:
    """Return why nothing may be sent. What a hold of planning is about is not in the outbox; the rest goes."""
    hold = holds.look(store, now, reading, relay)
    return None if hold is not None and hold.kind in OF_PLANNING else hold


async def _send_though_held(this: _Round, hold: Hold, *, is_paused: bool) -> None:
    """Send the coordinator's urgent letters, which say that the queue stands; nothing else."""
    ledger = this.ledger
    this.only = () if is_paused else await _in_thread(queue.sendable, ledger.store, hold.kind, ledger.now())
    if this.only:
        await _send_all(this)
    this.hold, this.trouble = hold, hold.reason


async def _send_all(this: _Round) -> None:
    ending = asyncio.create_task(cut_short(this.under_way, this.stop, this.grace))
    try:
        while not this.is_over and await _send_some(this):
            if this.slow:
                await _look_up(this)
        await _rest(this)
    except asyncio.CancelledError:
        this.cancel()
        raise
    finally:
        if slow := this.slow:
            await asyncio.wait(slow)
        ending.cancel()
    for task in this.set_aside:
        task.result()
    await _rest(this)


async def _send_some(this: _Round) -> bool:
    """Send a batch, or wait a while for a slow letter when there is none or no connection; False when all is done."""
    ledger, size = this.ledger, BATCH * min(this.at_once, this.free)
    claimed = deque[Claimed]()
    if size:
        claimed += await _in_thread(claims.claim_due, ledger.store, ledger.now(), ledger.owner, size, this.only)
    if not claimed:
        if slow := this.slow:
            await asyncio.wait(slow, timeout=this.patience, return_when=asyncio.FIRST_COMPLETED)
        return bool(slow)
    ledger.crash("claimed")
    try:
        await _send_batch(this, claimed)
    finally:
        await _in_thread(claims.release, ledger.store, tuple(claimed), ledger.owner, ledger.now())
    return True


async def _look_up(this: _Round) -> None:
    """See whether a person has stopped the letters meanwhile: a slow one can make the round last for long."""
    hold = await _in_thread(holds.current, this.ledger.store) if this.only is None else None
    if hold is not None and hold.kind not in OF_PLANNING:
        this.hold, this.trouble = hold, hold.reason


async def _send_batch(this: _Round, claimed: deque[Claimed]) -> None:
    """Send over all connections, each from the left; what is still there at the end was not tried.

    Cancelled, they come to their end first: nobody may leave between DATA and the reply, or before waiting for it.
    """
    count = min(this.at_once, this.free, len(claimed))
    this.running = count
    lines = [asyncio.create_task(_send_line(this, claimed)) for _ in range(count)]
    try:
        await asyncio.wait(lines)
    except asyncio.CancelledError:
        this.cancel()
        await asyncio.wait(lines)
        raise
    for line in lines:
        line.result()


async def _send_line(this: _Round, claimed: deque[Claimed]) -> None:
    """Send one letter after the other.

    With several lines, what became of a letter is written down while the next is being addressed: they share a commit.
    With one there is no hurry, and fewer letters are in doubt should the process die.
    """
    settling: asyncio.Task[None] | None = None
    try:
        while claimed and not this.is_over and await _may_go(this):
            if not claimed or this.is_over:
                return
            delivery = this.start(claimed.popleft())
            if not await delivery.is_answered(this.patience):
                this.set_aside.append(asyncio.create_task(_end_slow(this, delivery)))
                if this.free < 0:
                    return
                continue
            verdict = await _verdict(this, delivery)
            if delivery.task.cancelled() and verdict is None:
                claimed.append(delivery.letter)
            if settling is not None:
                await settling
            settling = asyncio.create_task(_settle(this, delivery.letter, verdict)) if verdict else None
            if settling is not None and this.at_once == 1:
                await settling
    finally:
        this.running -= 1
        if settling is not None:
            await settling


async def _end_slow(this: _Round, delivery: Delivery) -> None:
    if verdict := await _verdict(this, delivery):
        await _settle(this, delivery.letter, verdict)


async def _may_go(this: _Round) -> bool:
    """Wait for the transport's pace; False if the round is to stop instead."""
    ready = asyncio.ensure_future(this.transport.ready())
    await asyncio.sleep(0)
    stop = asyncio.ensure_future(this.stop.wait()) if not ready.done() else None
    try:
        if stop is not None:
            await asyncio.wait({ready, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if stop is not None:
            stop.cancel()
        ready.cancel()
    return ready.done() and not ready.cancelled() and not this.is_over


async def _verdict(this: _Round, delivery: Delivery) -> Verdict | None:
    """Return what is known of a letter; None if it was not handed over, and then the round ends for all lines."""
    try:
        verdict = await delivery.verdict()
    except (LostLetterError, StoreError) as error:
        this.trouble = _trouble(delivery.letter, error)
        return None
    if verdict is not None and verdict.outcome in (Outcome.RELAY, Outcome.NOT_SENT, Outcome.SETUP):
        this.meet(verdict)
    return verdict


async def _settle(this: _Round, letter: Claimed, verdict: Verdict) -> None:
    try:
        change = await this.ledger.settle(letter, verdict, this.jitter())
    except (LostLetterError, StoreError) as error:
        this.trouble = _trouble(letter, error)
    else:
        this.note(change)
        if change.in_a_row:
            this.in_a_row = max(this.in_a_row, change.in_a_row)
            this.meet(replace(verdict, outcome=Outcome.SETUP))
        elif change.pauses:  # what was said of this letter alone may be about all, beside what was said before
            this.meet(replace(verdict, outcome=Outcome.RELAY))


def _trouble(letter: Claimed, error: LostLetterError | StoreError) -> str:
    lost = isinstance(error, LostLetterError)
    return f"Brev {letter.id} ble tatt av en annen prosess: {error}" if lost else str(error)


async def _rest(this: _Round) -> None:
    """Leave the server in peace after a fault, for a while or until a person has mended the settings."""
    fault = this.fault
    if fault is None or fault is this.rested:
        return
    this.rested = fault
    store, now = this.ledger.store, this.ledger.now()
    if fault.outcome is Outcome.SETUP:
        this.hold = await _in_thread(holds.hold_for_setup, store, fault, now, this.relay, this.in_a_row)
        this.trouble = this.hold.reason
        return
    pause = await _in_thread(facts.order_pause, store, now, fault.said)
    this.paused_until, this.trouble = pause.until, fault.said


async def _in_thread(function: Callable[..., T], *args: object) -> T:
    """Do what waits for the disk outside the event loop."""
    return await asyncio.to_thread(function, *args)
