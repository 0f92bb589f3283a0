"""`serve`: the web server, a tick each minute that plans, a sender of its own, and a look at the files each second.

They run side by side and know each other only through the store and `good`, the last good files. Asked to stop, each
finishes what is under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from arshjul.core.brakes import Reading
from arshjul.core.expiry import notice
from arshjul.core.problems import Problem
from arshjul.core.senddays import local_day
from arshjul.mail.transports import Transport
from arshjul.rounds.plan import plan_round
from arshjul.rounds.reload import Loaded, keep, load, site_fingerprint
from arshjul.rounds.send import send_round
from arshjul.service.clock import read_clocks, utc_now
from arshjul.service.parts import at_once, crash_of, relay_of, transport_of
from arshjul.service.state import site_state
from arshjul.store.engine import Store
from arshjul.store.tokens import all_hashes
from arshjul.web.server import listen, server_config
from arshjul.web.state import Site, SiteState

TICK_SECONDS = 60
LOOK_SECONDS = 1.0

log = logging.getLogger("arshjul")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the web's state was made from; when any of it has changed, it is made anew."""

    good: Loaded
    problems: tuple[Problem, ...]
    tokens: frozenset[tuple[str, str]]
    day: date


@dataclass(slots=True)
class Service:
    """A service on open ports. `now` is the only clock that its rounds see. Needs a running event loop."""

    good: Loaded
    store: Store
    now: Callable[[], datetime] = utc_now
    clocks: Callable[[], Reading] = read_clocks
    problems: tuple[Problem, ...] = field(init=False)
    site: Site = field(init=False)
    _server: uvicorn.Server = field(init=False)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _work: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _shown: Shown | None = field(init=False, default=None)
    _transport: Transport = field(init=False)
    _relay: str = field(init=False)
    _told_expiry: date | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.problems = self.good.problems  # of the files as they are, when these are the ones kept from before
        if not self.problems:
            keep(self.good)
        self._transport, self._relay = transport_of(self.good.settings), relay_of(self.good.settings)
        self.site = Site(self._state(self._to_show()))
        place = self.good.settings.site
        self._server = _Server(server_config(self.site, place.host, place.port))

    async def run(self) -> None:
        """Serve until `stop` is called or the process is asked to end. Raises OSError when the port is taken."""
        place = self.good.settings.site
        listener = listen(place.host, place.port)
        with _asked_to_end(self.stop), contextlib.closing(listener), _ticking(self.tick):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._server.serve(sockets=[listener]))
                tasks.create_task(self._watch())
                tasks.create_task(self._send())
                tasks.create_task(self.tick())

    def stop(self) -> None:
        """Ask everything to end; what is under way is finished first."""
        self._stopping.set()
        self._work.set()
        self._server.should_exit = True

    async def tick(self) -> None:
        """Plan what is due, show what has changed, wake the sender."""
        await _survived(self._plan())
        await _survived(self.show())
        self._work.set()

    async def show(self) -> None:
        """Swap in what the web serves when the files, their problems, the tokens or the day have changed."""
        shown = await asyncio.to_thread(self._to_show)
        if shown != self._shown:
            self.site.state = await asyncio.to_thread(self._state, shown)
            self._shown = shown

    async def _plan(self) -> None:
        done = await asyncio.to_thread(
            plan_round, self.good, self.store, self.now(), reading=self.clocks(), crash=crash_of(self.good.settings)
        )
        if done.held:
            log.warning("Ingen nye brev legges i utboksen: %s", done.held)
        self._tell_expiry()
        if done.queued or done.passed_over:
            log.info("Brev lagt i utboksen: %d. Påminnelser fra før start: %d.", done.queued, done.passed_over)

    def _tell_expiry(self) -> None:
        """Say once a day that the secret for the mail server runs out soon."""
        expires, today = self.good.settings.secret_expires, local_day(self.now())
        if expires and today != self._told_expiry and (said := notice(expires, today)):
            log.warning(said)
        self._told_expiry = today

    def reload(self) -> None:
        """Take in the files as they now are; when there is a problem in them, the last good ones stay."""
        loaded = load(self.good.settings.folder)
        self.problems = loaded.problems
        if loaded.problems:
            log.error("Filene har feil, så de forrige brukes fortsatt:\n%s", "\n".join(map(str, loaded.problems)))
            return
        if loaded.settings != self.good.settings:  # the same way out keeps its pace
            self._transport, self._relay = transport_of(loaded.settings), relay_of(loaded.settings)
        self.good = loaded
        keep(loaded)
        log.info("Filene er lest inn på nytt.")

    def _to_show(self) -> Shown:
        tokens = frozenset(all_hashes(self.store).items())
        return Shown(self.good, self.problems, tokens, local_day(self.now()))

    def _state(self, shown: Shown) -> SiteState:
        return site_state(shown.good, shown.problems, dict(shown.tokens), self.now())

    async def _watch(self) -> None:
        """Reload once files have changed and then been left alone for a moment: editors save in several steps."""
        seen = before = self.good.fingerprint
        while not await self._stopped(LOOK_SECONDS):
            marks = await asyncio.to_thread(site_fingerprint, self.good.settings)
            if marks != seen and marks == before:
                seen = marks
                await _survived(asyncio.to_thread(self.reload))
                await self.tick()
            else:
                await _survived(self.show())  # a token may have been made or revoked by another process
            before = marks

    async def _send(self) -> None:
        """Send when there is work, one round after the other, in a task that nobody cancels."""
        while not self._stopping.is_set():
            self._work.clear()
            await _survived(self._send_once())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), TICK_SECONDS)

    async def _send_once(self) -> None:
        settings = self.good.settings
        report = await send_round(
            self.store,
            self._transport,
            self.now,
            at_once=at_once(settings),
            stop=self._stopping,
            reading=self.clocks(),
            relay=self._relay,
            crash=crash_of(settings),
        )
        if report.states:
            log.info("Brev: %s.", ", ".join(f"{count} {state}" for state, count in report.states.items()))
        if report.trouble:
            log.warning("Utsendingen venter: %s", report.trouble)
        if report.hold:
            log.warning("Den står til «arshjul outbox release».")

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()


async def _survived(step: Awaitable[object]) -> None:
    """Do a step of a loop. Whatever goes wrong in it is logged, and the loop goes on: a dead service is silent."""
    try:
        await step
    except Exception:
        log.exception("Noe gikk galt. Det prøves igjen om litt.")


class _Server(uvicorn.Server):
    """uvicorn, without its own handling of signals: the service stops its other parts too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _ticking(tick: Callable[[], object]) -> Iterator[None]:
    """Call `tick` each minute, late ones too and never two at once, which are not the library's defaults."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    trigger = IntervalTrigger(seconds=TICK_SECONDS, timezone=UTC)
    scheduler.add_job(tick, trigger, misfire_grace_time=None, coalesce=True, max_instances=1)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


@contextlib.contextmanager
def _asked_to_end(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on Ctrl-C or SIGTERM. Outside the main thread, where tests run it, no signals arrive."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    with contextlib.suppress(RuntimeError, ValueError):
        for one in signals:
            loop.add_signal_handler(one, stop)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
