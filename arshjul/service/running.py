"""`serve`: the web server, a tick each minute that plans, a sender of its own, and a watch over files and store.

They run side by side and know each other only through the store and `good`, the last good files. Asked to stop, each
finishes what is under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import InitVar, dataclass, field, replace
from datetime import date, datetime

import uvicorn

from arshjul.config import LOOPBACK
from arshjul.core.brakes import Reading
from arshjul.core.expiry import notice
from arshjul.core.health import Area, Fault, Health
from arshjul.core.outbox import WORDS
from arshjul.core.problems import Place, Problem
from arshjul.core.senddays import local_day
from arshjul.core.system_errors import why
from arshjul.core.urgent import Held, without_address
from arshjul.mail.transports import Transport
from arshjul.rounds.plan import ahead_by_edit, plan_round
from arshjul.rounds.reload import CONFIG, Loaded, Look, load, look_at_site
from arshjul.rounds.send import recover, send_round
from arshjul.rounds.urgent import Lookout, tell_coordinator
from arshjul.rounds.write import TemplateWatch
from arshjul.service.faults import (
    ALARMING,
    AREAS,
    FILES,
    HOLDING,
    KEEPING,
    LATE,
    MOVED,
    MOVED_CLOCK,
    PLANNING,
    RELOADING,
    ROUNDS,
    SAID_OF,
    SENDING,
    SHOWING,
    TEMPLATES,
    TO_PUBLIC,
    WATCHING,
)
from arshjul.service.guard import Guard
from arshjul.service.parts import at_once, crash_of, is_same_way_out, new_owner, relay_of, transport_of
from arshjul.service.publishing import Publishing, Shown
from arshjul.service.signals import asked_to_end
from arshjul.service.ticks import LOOK_SECONDS as CLOCK_SECONDS
from arshjul.service.ticks import Ticks, ticking
from arshjul.store.engine import Store, StoreError
from arshjul.store.tokens import note_fetches
from arshjul.web.server import listen, server_config
from arshjul.web.standing import OptOuts
from arshjul.web.state import Site

LOOK_SECONDS = 1.0
"""Between looks at the store: a token is open or closed so soon after another process has made or revoked it."""

WATCH_SECONDS = 0.025
"""Between looks at the files' names, sizes and times. An edit is served within 300 ms; a look costs 0.1 ms."""

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
    _guard: Guard = field(init=False, default_factory=lambda: Guard(ROUNDS))
    _read: Look | None = field(init=False)
    _looked_at: Look = field(init=False)
    _templates: TemplateWatch = field(init=False, default_factory=TemplateWatch)

    def __post_init__(self, loaded: Loaded) -> None:
        self._feeds = Publishing(loaded, self.store, self.now())
        self._transport, self._relay = transport_of(self.good.settings), relay_of(self.good.settings)
        self._shown, self._lookout = self._feeds.to_show(self.now()), Lookout(self.store)
        self.site = Site(
            self._feeds.state(self._shown, self.now()),
            opt_outs=OptOuts(self.store, self.now, self._coordinator),
            health=self.health,
        )
        self._keep()
        self._read = self._looked_at = Look(*self.good.edition)
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
        ends = asked_to_end(self.stop, self.read_anew)
        with ends, contextlib.closing(listener), ticking(self.tick) as ticks:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._server.serve(sockets=[listener]))
                tasks.create_task(self._watch())
                tasks.create_task(self._look())
                tasks.create_task(self._mind_clocks(ticks))
                tasks.create_task(self._begin())

    async def _begin(self) -> None:
        """Plan before the first letter goes: what waits may no longer be so, what a dead sender left among it."""
        await self._guard.step(SENDING, self._recover())
        await self.tick()
        await self._send()

    async def _recover(self) -> None:
        await asyncio.to_thread(recover, self.store, self.now(), self._owner, self.clocks(), self._relay)

    def stop(self) -> None:
        """Ask everything to end; what is under way is finished first."""
        self._stopping.set()
        self._work.set()
        self._server.should_exit = True

    def read_anew(self) -> None:
        """Read the files as if they had been edited."""
        self._read = None

    def health(self) -> Health:
        """Return how it stands at this moment; nothing is asked of the disk or the store."""
        late = (
            Fault(AREAS[loop], LATE[loop].format(seconds=int(s // 10 * 10))) for loop, s in self._guard.late().items()
        )
        failing = (Fault(AREAS[what], what) for what in self._guard.failing())
        known = [Fault(Area.FILES, FILES)] if self._feeds.problems else []
        known += [Fault(*SAID_OF[what]) for what in self._notices]
        return Health(tuple(dict.fromkeys((*failing, *late))), tuple(known))

    async def tick(self) -> None:
        """Plan what is due, show what has changed, wake the sender. One at a time, whoever asks."""
        async with self._ticks:
            await self._guard.step(PLANNING, self._plan())
            if self._coming:
                await self._guard.step(PLANNING, self._look_ahead())
            await self._guard.step(ALARMING, self._alarm())
            await self._guard.step(SHOWING, self.show())
            await self._guard.step(KEEPING, self._keep_aside())
            self._guard.came_round(PLANNING)
        self._work.set()

    async def _keep_aside(self) -> None:
        async with self._showing:
            await asyncio.to_thread(self._keep)

    async def show(self) -> None:
        """Swap in what the web serves when the files, their problems, the tokens or the day have changed."""
        async with self._showing:
            shown = await asyncio.to_thread(self._feeds.to_show, self.now())
            notices = tuple(self._notices.values())
            shown = replace(shown, notices=notices, coming=self._coming, unheard=self._unheard)
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
        """Look at the files again and again; what goes wrong is tried again after a longer and longer pause."""
        wait = WATCH_SECONDS
        while not await self._stopped(wait):
            await self.watch_once()
            wait = self._guard.pause(RELOADING, self._guard.pause(WATCHING, WATCH_SECONDS))
            self._guard.came_round(WATCHING, wait)

    async def watch_once(self) -> bool:
        """Look at the files once, and tell whether that went well."""
        return await self._guard.step(WATCHING, self._reload_if_edited())

    async def _reload_if_edited(self) -> None:
        """Reload once files have changed and then been left alone for a moment: editors save in several steps."""
        seen = await asyncio.to_thread(look_at_site, self.good.settings, self.now(), self._looked_at)
        if self._read != seen == self._looked_at and await self._guard.step(RELOADING, self.reload()):
            self._read = seen
            await self.tick()
        self._looked_at = seen

    async def _mind_clocks(self, ticks: Ticks) -> None:
        """Tick at once when the clock on the wall was moved: ticks follow it, and the round finds out what it means."""
        while not await self._stopped(CLOCK_SECONDS):
            if ticks.look():
                log.warning(MOVED_CLOCK)

    async def _look(self) -> None:
        """See what other processes have written to the store: tokens, leave for what is held back. Note fetches."""
        wait = LOOK_SECONDS
        while not await self._stopped(wait):
            await self.look_once()
            wait = self._guard.pause(SHOWING, LOOK_SECONDS)
            self._guard.came_round(SHOWING, wait)
        await self._guard.step(SHOWING, self._note_fetches())

    async def look_once(self) -> bool:
        """Look at the store once, and tell whether that went well."""
        return await self._guard.step(SHOWING, self._show_what_others_did())

    async def _show_what_others_did(self) -> None:
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
            await self._guard.step(SENDING, self._send_once())
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
