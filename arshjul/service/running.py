"""`serve` with its database: a tick each minute that plans, a sender of its own, and a watch over files and store.

They run side by side and know each other only through the store and `good`, the last good files. What the web serves
lies in `site`. Asked to stop, each finishes what is under way, which is bounded (`rounds.ledger`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field, replace
from datetime import date, datetime
from functools import partial

from arshjul.health import Fault, Health, Queue, faults_of_queue, faults_of_secret
from arshjul.letters.brakes import ClockSample
from arshjul.letters.coordinator import Held, without_address
from arshjul.lint.answers import LOOPBACK
from arshjul.loading import CONFIG, Look, load, look_at_site, site_ways
from arshjul.organisation import Organisation
from arshjul.plan.problems import Place, Problem
from arshjul.printable import why
from arshjul.rounds.holds import queue_of
from arshjul.rounds.immediate import Lookout, tell_coordinator
from arshjul.rounds.planning import ahead_by_edit, plan_round
from arshjul.rounds.write import TemplateWatch
from arshjul.service.guard import (
    ALARMING,
    HOLDING,
    KEEPING,
    LOCKING,
    MOVED,
    MOVED_CLOCK,
    PLANNING,
    RELOADING,
    RESTING,
    ROUNDS,
    SENDING,
    SHOWING,
    TEMPLATES,
    TO_PUBLIC,
    WATCHING,
    Guard,
    Notices,
    Signs,
    Ticks,
    asked_to_end,
    diagnose,
    ticking,
)
from arshjul.service.guard import LOOK_SECONDS as CLOCK_SECONDS
from arshjul.service.parts import Sender, crash_of
from arshjul.service.publishing import Publishing, Shown
from arshjul.service.watching import FileWatch
from arshjul.store.engine import Store, StoreError
from arshjul.store.lock import SenderLock
from arshjul.store.tokens import note_fetches
from arshjul.timing.days import local_day
from arshjul.web.site import OptOuts, Site

LOOK_SECONDS = 1.0
"""Between looks at the store: a token is open or closed so soon after another process has made or revoked it."""

LONGEST_LOOK_PAUSE = 10.0
"""While the store cannot be used: letters wait for it."""

SETTLE_SECONDS = 0.05
"""From a look that finds files changed to the next one: they are read once they have been left alone so long."""

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Service:
    """Its rounds see the time by `now` and `clocks` only; it fills the site `into`."""

    organisation: InitVar[Organisation]
    store: Store
    now: Callable[[], datetime]
    clocks: Callable[[], ClockSample]
    lock: InitVar[SenderLock | None] = None
    into: InitVar[Site | None] = None
    site: Site = field(init=False)
    _feeds: Publishing = field(init=False)
    _showing: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _ticks: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _work: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _shown: Shown = field(init=False)
    _sender: Sender = field(init=False)
    _bound: tuple[str, int] = field(init=False)
    _notices: Notices = field(init=False, default_factory=Notices)
    _queue: Queue = field(init=False, default_factory=Queue)
    _told: tuple[Fault, ...] = field(init=False, default=())
    _coming: str = field(init=False, default="")
    _lookout: Lookout = field(init=False)
    _unheard: tuple[str, ...] = field(init=False, default=())
    _guard: Guard = field(init=False, default_factory=lambda: Guard(ROUNDS))
    _read: Look | None = field(init=False)
    _looked_at: Look = field(init=False)
    _templates: TemplateWatch = field(init=False, default_factory=TemplateWatch)
    _files: FileWatch = field(init=False, default_factory=FileWatch)

    def __post_init__(self, organisation: Organisation, lock: SenderLock | None, into: Site | None) -> None:
        self._feeds = Publishing(organisation, self.store, self.now())
        self._sender = Sender(self.store, self.now, self.clocks, self.good.settings, lock)
        self._shown, self._lookout = self._feeds.to_show(self.now()), Lookout(self.store)
        state = self._feeds.state(self._shown, self.now())
        self.site = into or Site(state)
        self.site.state, self.site.health = state, self.health
        self.site.opt_outs = OptOuts(self.store, self.now, self._coordinator)
        self._keep()
        self._read = self._looked_at = Look(*self.good.edition)
        place = self.good.settings.site
        self._bound = (place.host, place.port)

    @property
    def good(self) -> Organisation:
        """The last good files."""
        return self._feeds.good

    async def run(self) -> None:
        """Go round until `stop` is called or the process is asked to end."""
        with asked_to_end(self.stop, self.read_anew), ticking(self.tick) as ticks:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._watch())
                tasks.create_task(self._look())
                tasks.create_task(self._mind_clocks(ticks))
                tasks.create_task(self._begin())

    async def _begin(self) -> None:
        """Plan before the first letter goes: what waits may no longer be so, what a dead sender left among it."""
        await self._guard.step(SENDING, self._sender.recover())
        await self.tick()
        await self._send()

    @property
    def _expires(self) -> date | None:
        return self.good.settings.secret_expires

    def stop(self) -> None:
        """Ask everything to end; what is under way is finished first."""
        self._stopping.set()
        self._sender.stop()
        self._work.set()
        self._files.wake()

    def read_anew(self) -> None:
        """Read the files as if they had been edited."""
        self._read = None
        self._files.wake()

    def health(self) -> Health:
        """Return how it stands at this moment; nothing is asked of the disk or the store."""
        state = self.site.state
        signs = Signs(
            self._guard,
            self._notices,
            self._queue,
            problems=len(self._feeds.problems),
            files_read=state.loaded_at,
            feeds=len(state.feeds),
            secret_expires=self._expires,
        )
        return diagnose(signs, self.now())

    async def tick(self) -> None:
        """Plan what is due, show what has changed, wake the sender. One at a time, whoever asks."""
        async with self._ticks:
            await self._guard.step(PLANNING, self._plan())
            if self._coming:
                await self._guard.step(PLANNING, self._look_ahead())
            await self._guard.step(ALARMING, self._alarm())
            await self._guard.step(SHOWING, self.show())
            await self._guard.step(KEEPING, self._keep_aside())
            await self._guard.step(SHOWING, self._count())
            self._guard.came_round(PLANNING)
        self._work.set()

    async def _count(self) -> None:
        """See how it stands with the letters and the secret, and log what is newly wrong with them."""
        self._queue, now = await asyncio.to_thread(queue_of, self.store, self.now()), self.now()
        wrong = (*faults_of_queue(self._queue, now), *faults_of_secret(self._expires, local_day(now)))
        for fault in wrong:
            if fault not in self._told:
                log.warning("%s %s", fault.words, fault.ask)
        self._told = wrong

    async def _keep_aside(self) -> None:
        async with self._showing:
            await asyncio.to_thread(self._keep)

    async def show(self) -> None:
        """Swap in what the web serves when the files, their problems, the tokens or the day have changed."""
        async with self._showing:
            shown = await asyncio.to_thread(self._feeds.to_show, self.now())
            shown = replace(shown, notices=self._notices.shown(), coming=self._coming, unheard=self._unheard)
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
            hint = "Får filene en feil, har en omstart ingen ny kopi å gå tilbake til."
            self._notices.say(KEEPING, f"{KEEPING} {reason}.", hint)
        else:
            self._notices.withdraw(KEEPING)

    async def reload(self) -> None:
        """Take in the files as they now are; when there is a problem in them, the last good ones stay."""
        before = self.good.settings
        async with self._showing:
            organisation = await asyncio.to_thread(load, before.folder, local_day(self.now()), self.good)
            await asyncio.to_thread(self._feeds.take_in, self._where_we_are(organisation), self.now())
        self._sender.use(self.good.settings)
        await self.show()
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

    def _where_we_are(self, organisation: Organisation) -> Organisation:
        """Hold new settings against the address that is listened on: they cannot move it, and must not expose it."""
        if organisation.problems:  # its settings may be nobody's: what was said of the last good ones still holds
            return organisation
        place = organisation.settings.site
        if (place.host, place.port) == self._bound:
            self._notices.withdraw(MOVED)
        else:
            self._notices.say(MOVED, MOVED, f"Den lytter på {self._bound[0]}:{self._bound[1]}.")
        if place.index == "all" and self._bound[0] not in LOOPBACK:
            exposed = Problem(Place(CONFIG), "Forsiden ville vist alt, og tjenesten kan nås av andre.", TO_PUBLIC)
            return replace(organisation, problems=(*organisation.problems, exposed))
        return organisation

    async def _plan(self) -> None:
        self._tell_template(await asyncio.to_thread(self._templates.look, self.good))
        done = await asyncio.to_thread(
            plan_round, self.good, self.store, self.now(), reading=self.clocks(), crash=crash_of(self.good.settings)
        )
        self._tell_hold(done.held)
        self._tell_template(done.template_trouble or self._templates.trouble or ("" if done.queued else None))
        if done.withdrawn:
            log.info("Brev som ventet, og er trukket eller skrives på nytt: %d.", done.withdrawn)
        if done.passed_over:
            log.info("Første gang: påminnelser fra før i dag, som er notert og ikke blir sendt: %d.", done.passed_over)
        if done.queued:
            log.info("Brev lagt i utboksen: %d.", done.queued)

    def _tell_hold(self, reason: str) -> None:
        """Show why letters are held back, "" when they are not; logged again each day that it lasts."""
        if reason:
            hint = "Er alt som det skal, kjør «arshjul outbox release»."
            self._notices.say(HOLDING, f"{HOLDING} {reason}", hint, local_day(self.now()))
        else:
            self._notices.withdraw(HOLDING)

    def _tell_template(self, trouble: str | None) -> None:
        """Show which template letters do without, until all are in order ("", while None tells nothing)."""
        if trouble:
            self._notices.say(TEMPLATES, trouble, "Rett malen, og kjør «arshjul check».")
        elif trouble == "":
            self._notices.withdraw(TEMPLATES)

    async def _watch(self) -> None:
        """Look at the files when they may have changed; what goes wrong is tried again after ever longer pauses."""
        try:
            while not self._stopping.is_set():
                await self.watch_once()
                settings = self.good.settings
                await self._files.follow(partial(site_ways, settings), is_forced=settings.force_polling)
                usual = self._files.pause if self._read == self._looked_at else SETTLE_SECONDS
                wait = self._guard.pause(RELOADING, self._guard.pause(WATCHING, usual))
                self._guard.came_round(WATCHING, wait)
                await self._files.wait(wait)
        finally:
            await self._files.end()

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
            pause = self._guard.pause(LOCKING, self._guard.pause(SHOWING, LOOK_SECONDS))
            wait = min(pause, LONGEST_LOOK_PAUSE)
            self._guard.came_round(SHOWING, wait)
        await self._guard.step(SHOWING, self._note_fetches())

    async def look_once(self) -> bool:
        """Look at the store once, and tell whether that went well. Can it be used again, all that waited is done."""
        before = self._guard.failing()
        is_ours = await self._guard.step(LOCKING, self._sender.hold())
        is_shown = await self._guard.step(SHOWING, self._show_what_others_did())
        if is_ours and is_shown and (LOCKING in before or SHOWING in before):
            await self.tick()
        return is_ours and is_shown

    async def _show_what_others_did(self) -> None:
        if self._feeds.is_held and await asyncio.to_thread(self._feeds.is_released):
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
            await self.send_once()
            await self._work.wait()

    async def send_once(self) -> bool:
        """Send what is due, once, and tell whether that went well."""
        return await self._guard.step(SENDING, self._send_once())

    async def _send_once(self) -> None:
        report = await self._sender.send()
        if report.trouble and not report.hold:
            self._notices.say(RESTING, f"{RESTING} {report.trouble}", "Det prøves igjen av seg selv.")
        else:
            self._notices.withdraw(RESTING)
        if report.hold:
            self._tell_hold(report.hold.reason)
        await self._count()

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
