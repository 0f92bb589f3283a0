"""`serve`: the web server, a tick each minute that plans, a sender of its own, and a watch over files and store.

They run side by side and know each other only through the store and `good`, the last good files. Asked to stop, each
finishes what is under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import InitVar, dataclass, field, replace
from datetime import UTC, date, datetime

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from arshjul.config import LOOPBACK
from arshjul.core.brakes import Reading
from arshjul.core.expiry import notice
from arshjul.core.outbox import WORDS
from arshjul.core.problems import Place, Problem
from arshjul.core.senddays import local_day
from arshjul.core.system_errors import why
from arshjul.core.urgent import Held, without_address
from arshjul.mail.transports import Transport
from arshjul.rounds.plan import ahead_by_edit, plan_round
from arshjul.rounds.reload import CONFIG, Loaded, load, site_fingerprint
from arshjul.rounds.send import recover, send_round
from arshjul.rounds.urgent import Lookout, tell_coordinator
from arshjul.rounds.write import TemplateWatch
from arshjul.service.parts import at_once, crash_of, is_same_way_out, new_owner, relay_of, transport_of
from arshjul.service.publishing import Publishing, Shown
from arshjul.store.engine import Store, StoreError
from arshjul.store.tokens import note_fetches
from arshjul.web.server import listen, server_config
from arshjul.web.standing import OptOuts
from arshjul.web.state import Site

TICK_SECONDS = 60
LOOK_SECONDS = 1.0
"""Between looks at the store: a token is open or closed so soon after another process has made or revoked it."""

WATCH_SECONDS = 0.025
"""Between looks at the files' names, sizes and times. An edit is served within 300 ms; a look costs 0.1 ms."""

RETRY_SECONDS = 5.0
"""From a reload that failed to the next try: each failure is a traceback in the log."""

PLANNING = "Planleggingen feilet, så ingen nye brev legges i utboksen."
RELOADING = "Filene kunne ikke leses inn, så de forrige brukes fortsatt."
SENDING = "Utsendingen av brev feilet."
ALARMING = "Det som haster, kunne ikke skrives til koordinatoren."
KEEPING = "Filene er i bruk, men kopien av dem i var/last-good kan ikke lagres:"
SHOWING = "Siden og abonnementene kunne ikke oppdateres."
MOVED = "Ny adresse eller port gjelder først når tjenesten startes på nytt."
TO_PUBLIC = "Sett index = «public» når andre kan nå tjenesten."
HOLDING = "Utsendingen står:"
TEMPLATES = "En mal for brevene kan ikke brukes."

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Service:
    """A service on open ports. Its rounds see the time by `now` and `clocks` only. Needs a running event loop."""

    loaded: InitVar[Loaded]
    store: Store
    now: Callable[[], datetime]
    clocks: Callable[[], Reading]
    site: Site = field(init=False)
    _feeds: Publishing = field(init=False)
    _showing: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _ticks: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _server: uvicorn.Server = field(init=False)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _work: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _shown: Shown = field(init=False)
    _owner: str = field(init=False, default_factory=new_owner)
    _transport: Transport = field(init=False)
    _relay: str = field(init=False)
    _bound: tuple[str, int] = field(init=False)
    _notices: dict[str, Problem] = field(init=False, default_factory=dict)
    _told_hold: tuple[str, date] | None = field(init=False, default=None)
    _told_expiry: date | None = field(init=False, default=None)
    _coming: str = field(init=False, default="")
    _lookout: Lookout = field(init=False)
    _unheard: tuple[str, ...] = field(init=False, default=())
    _templates: TemplateWatch = field(init=False, default_factory=TemplateWatch)

    def __post_init__(self, loaded: Loaded) -> None:
        self._feeds = Publishing(loaded, self.store, self.now())
        self._transport, self._relay = transport_of(self.good.settings), relay_of(self.good.settings)
        self._shown, self._lookout = self._feeds.to_show(self.now()), Lookout(self.store)
        self.site = Site(
            self._feeds.state(self._shown, self.now()), opt_outs=OptOuts(self.store, self.now, self._coordinator)
        )
        self._keep()
        place = self.good.settings.site
        self._bound = (place.host, place.port)
        self._server = _Server(server_config(self.site, place.host, place.port))

    @property
    def good(self) -> Loaded:
        """The last good files."""
        return self._feeds.good

    async def run(self) -> None:
        """Serve until `stop` is called or the process is asked to end. Raises ListenError when the port is taken."""
        place = self.good.settings.site
        listener = listen(place.host, place.port)
        with _asked_to_end(self.stop), contextlib.closing(listener), _ticking(self.tick):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._server.serve(sockets=[listener]))
                tasks.create_task(self._watch())
                tasks.create_task(self._look())
                tasks.create_task(self._begin())

    async def _begin(self) -> None:
        """Plan before the first letter goes: what waits may no longer be so, what a dead sender left among it."""
        await self._step(SENDING, self._recover())
        await self.tick()
        await self._send()

    async def _recover(self) -> None:
        await asyncio.to_thread(recover, self.store, self.now(), self._owner, self.clocks(), self._relay)

    def stop(self) -> None:
        """Ask everything to end; what is under way is finished first."""
        self._stopping.set()
        self._work.set()
        self._server.should_exit = True

    async def tick(self) -> None:
        """Plan what is due, show what has changed, wake the sender. One at a time, whoever asks."""
        async with self._ticks:
            await self._step(PLANNING, self._plan())
            if self._coming:
                await self._step(PLANNING, self._look_ahead())
            await self._step(ALARMING, self._alarm())
            await self._step(SHOWING, self.show())
            async with self._showing:
                await asyncio.to_thread(self._keep)
        self._work.set()

    async def show(self) -> None:
        """Swap in what the web serves when the files, their problems, the tokens or the day have changed."""
        async with self._showing:
            shown = await asyncio.to_thread(self._feeds.to_show, self.now())
            problems = (*shown.problems, *self._notices.values())
            shown = replace(shown, problems=problems, coming=self._coming, unheard=self._unheard)
            if shown != self._shown:
                self.site.state = await asyncio.to_thread(self._feeds.state, shown, self.now())
                self._shown = shown
                await asyncio.to_thread(self._keep)

    def _keep(self) -> None:
        """Keep the files to go back to. A copy that cannot be made is told until it can; what is shown is no older."""
        try:
            self._feeds.keep()
        except (OSError, StoreError) as error:
            reason = why(error) if isinstance(error, OSError) else str(error)
            said = _notice(f"{KEEPING} {reason}.", "Får filene en feil, har en omstart ingen ny kopi å gå tilbake til.")
            if said != self._notices.get(KEEPING):
                log.warning(said.message)
            self._notices[KEEPING] = said
        else:
            self._notices.pop(KEEPING, None)

    async def reload(self) -> None:
        """Take in the files as they now are; when there is a problem in them, the last good ones stay."""
        before = self.good.settings
        async with self._showing:
            loaded = await asyncio.to_thread(load, before.folder, local_day(self.now()), self.good)
            await asyncio.to_thread(self._feeds.take_in, self._where_we_are(loaded), self.now())
        if not is_same_way_out(self.good.settings, before):
            self._transport = transport_of(self.good.settings)
        if self.good.settings != before:
            self._relay = relay_of(self.good.settings)
        await self._look_ahead()
        await self.show()

    async def _look_ahead(self) -> None:
        """See which letters the files as they are now will cause, and say so: put right in time, they do not go."""
        coming = await asyncio.to_thread(ahead_by_edit, self.good, self.store, self.now())
        if coming and coming != self._coming:
            log.info("%s Rettes filene før da, går de ikke.", coming)
        self._coming = coming

    async def _alarm(self) -> None:
        """See what must be heard today: the page and the log say it at once, and the coordinator gets a letter."""
        found = await asyncio.to_thread(self._lookout.look, self.good, self.now())
        before, self._unheard = (
            self._unheard,
            tuple(one.words("nb", without_address) for one in found if not isinstance(one, Held)),
        )
        for said in self._unheard:
            if said not in before:
                log.warning(said)
        crash = crash_of(self.good.settings)
        if await asyncio.to_thread(tell_coordinator, self.good, self.store, self.now(), found, crash=crash):
            log.info("Et brev om det som haster, går til koordinatoren.")

    def _coordinator(self) -> str:
        coordinator = self.good.settings.rules.coordinator
        return coordinator.address if coordinator else ""

    def _where_we_are(self, loaded: Loaded) -> Loaded:
        """Hold new settings against the address that is listened on: they cannot move it, and must not expose it."""
        if loaded.problems:  # its settings may be nobody's: what was said of the last good ones still holds
            return loaded
        place = loaded.settings.site
        self._notices.pop(MOVED, None)
        if (place.host, place.port) != self._bound:
            self._notices[MOVED] = _notice(MOVED, f"Den lytter på {self._bound[0]}:{self._bound[1]}.")
        if place.index == "all" and self._bound[0] not in LOOPBACK:
            exposed = Problem(Place(CONFIG), "Forsiden ville vist alt, og tjenesten kan nås av andre.", TO_PUBLIC)
            return replace(loaded, problems=(*loaded.problems, exposed))
        return loaded

    async def _step(self, what: str, step: Awaitable[object]) -> bool:
        """Do a step of a loop and tell whether it went well.

        What goes wrong is logged and shown, and the loop goes on: a dead service is silent.
        """
        try:
            await step
        except Exception:
            log.exception(what)
            self._notices[what] = _notice(what, "Loggen sier mer. Det prøves igjen av seg selv.")
            return False
        self._notices.pop(what, None)
        return True

    async def _plan(self) -> None:
        self._tell_template(await asyncio.to_thread(self._templates.look, self.good))
        done = await asyncio.to_thread(
            plan_round, self.good, self.store, self.now(), reading=self.clocks(), crash=crash_of(self.good.settings)
        )
        self._tell_hold(done.held)
        self._tell_template(done.template_trouble or self._templates.trouble or ("" if done.queued else None))
        self._tell_expiry()
        if done.withdrawn:
            log.info("Brev som ventet, og er trukket eller skrives på nytt: %d.", done.withdrawn)
        if done.passed_over:
            log.info("Første gang: påminnelser fra før i dag, som er notert og ikke blir sendt: %d.", done.passed_over)
        if done.queued:
            log.info("Brev lagt i utboksen: %d.", done.queued)

    def _tell_hold(self, reason: str) -> None:
        """Show why letters are held back, "" when they are not; log it once, and again each day that it lasts."""
        self._notices.pop(HOLDING, None)
        told, self._told_hold = self._told_hold, (reason, local_day(self.now()))
        if reason:
            said = f"{HOLDING} {reason}"
            self._notices[HOLDING] = _notice(said, "Er alt som det skal, kjør «arshjul outbox release».")
            if self._told_hold != told:
                log.warning(said)

    def _tell_template(self, trouble: str | None) -> None:
        """Show and log which template letters do without, until all are in order ("", while None tells nothing)."""
        if trouble:
            said = _notice(trouble, "Rett malen, og kjør «arshjul check».")
            if said != self._notices.get(TEMPLATES):
                log.warning(said.message)
            self._notices[TEMPLATES] = said
        elif trouble == "":
            self._notices.pop(TEMPLATES, None)

    def _tell_expiry(self) -> None:
        """Say once a day that the secret for the mail server runs out soon."""
        expires, today = self.good.settings.secret_expires, local_day(self.now())
        if expires and today != self._told_expiry and (said := notice(expires, today)):
            log.warning(said)
        self._told_expiry = today

    async def _watch(self) -> None:
        """Reload once files have changed and then been left alone for a moment: editors save in several steps."""
        seen = before = self.good.fingerprint
        while not await self._stopped(WATCH_SECONDS):
            marks = await asyncio.to_thread(site_fingerprint, self.good.settings)
            if marks != seen and marks == before:
                if await self._step(RELOADING, self.reload()):
                    seen = marks
                    await self.tick()
                else:
                    await self._stopped(RETRY_SECONDS)
            before = marks

    async def _look(self) -> None:
        """See what other processes have written to the store: tokens, leave for what is held back. Note fetches."""
        while not await self._stopped(LOOK_SECONDS):
            await self._step(SHOWING, self._look_once())
        await self._step(SHOWING, self._note_fetches())

    async def _look_once(self) -> None:
        if await asyncio.to_thread(self._feeds.is_released):
            await self.reload()
        await self.show()
        await self._note_fetches()

    async def _note_fetches(self) -> None:
        if fetches := self.site.fetches.take():
            await asyncio.to_thread(note_fetches, self.store, fetches, self.now().date())

    async def _send(self) -> None:
        """Send after each tick, which has planned, one round after the other, in a task that nobody cancels."""
        while not self._stopping.is_set():
            self._work.clear()
            await self._step(SENDING, self._send_once())
            await self._work.wait()

    async def _send_once(self) -> None:
        settings = self.good.settings
        report = await send_round(
            self.store,
            self._transport,
            self.now,
            owner=self._owner,
            at_once=at_once(settings),
            stop=self._stopping,
            reading=self.clocks(),
            relay=self._relay,
            crash=crash_of(settings),
        )
        if report.states:
            log.info("Brev: %s.", ", ".join(f"{count} {WORDS[state]}" for state, count in report.states.items()))
        if report.trouble:
            log.warning("Utsendingen hviler: %s", report.trouble)
        if report.hold:
            log.warning("Den står til «arshjul outbox release».")

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()


def _notice(text: str, hint: str) -> Problem:
    return Problem(Place("tjenesten"), text, hint)


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
