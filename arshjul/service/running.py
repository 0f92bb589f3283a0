"""`serve`: the web server, a tick each minute that plans, a sender of its own, and a look at the files each second.

The four run side by side and know each other only through the store and `self.good`, the last good files. Each is
stopped by `self.stopping`; the letter that is under way is finished first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from arshjul.core.problems import Problem
from arshjul.core.senddays import local_day
from arshjul.rounds.plan import plan_round
from arshjul.rounds.reload import Loaded, load, site_fingerprint
from arshjul.service.parts import Parts, open_parts
from arshjul.service.state import site_state
from arshjul.store.engine import StoreError
from arshjul.store.tokens import all_hashes
from arshjul.web.server import server_config
from arshjul.web.state import Site

TICK_SECONDS = 60
LOOK_SECONDS = 1.0

log = logging.getLogger("arshjul")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """A running service. `now` is the only clock that its rounds see."""

    good: Loaded
    parts: Parts
    now: Callable[[], datetime] = utc_now
    problems: tuple[Problem, ...] = ()
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    work: asyncio.Event = field(default_factory=asyncio.Event)
    site: Site = field(init=False)
    server: uvicorn.Server = field(init=False)
    _shown: object = None

    def __post_init__(self) -> None:
        self.site = Site(self._state())
        settings = self.good.settings.site
        self.server = _Server(server_config(self.site, settings.host, settings.port))

    async def run(self) -> None:
        """Serve until `stop` is called or a signal comes."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        # A tick that wakes late must still run, and never beside another: APScheduler's own defaults skip it.
        trigger = IntervalTrigger(seconds=TICK_SECONDS, timezone=UTC)
        scheduler.add_job(self.tick, trigger, misfire_grace_time=None, coalesce=True, max_instances=1)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._serve())
                tasks.create_task(self._watch())
                tasks.create_task(self._send())
                await self.tick()
        finally:
            scheduler.shutdown(wait=False)

    def stop(self) -> None:
        """Ask everything to end; what is under way is finished."""
        self.stopping.set()
        self.work.set()
        self.server.should_exit = True

    async def tick(self) -> None:
        """Plan what is due, show what has changed, and wake the sender. A fault is logged; the next tick tries again."""
        try:
            planned = await asyncio.to_thread(plan_round, self.good, self.parts.store, self.parts.writer, self.now())
            if planned.queued or planned.passed_over:
                log.info("brev lagt i utboksen: %d, passert før start: %d", planned.queued, planned.passed_over)
            await self.show()
        except Exception:
            log.exception("planleggingen feilet; den prøves igjen om et minutt")
        self.work.set()

    async def show(self) -> None:
        """Swap in what the web serves, when the files, their problems, the tokens or the day have changed."""
        tokens = await asyncio.to_thread(all_hashes, self.parts.store)
        shown = (self.good, self.problems, tokens, local_day(self.now()))
        if shown != self._shown:
            self.site.state = await asyncio.to_thread(self._state)
            self._shown = shown

    def reload(self) -> None:
        """Take in the files as they now are; with a problem in them the last good ones stay."""
        loaded = load(self.good.settings.folder)
        self.problems = loaded.problems
        if loaded.problems:
            log.error("filene har feil, de forrige brukes fortsatt:\n%s", "\n".join(map(str, loaded.problems)))
        else:
            self.good = loaded
            self.parts = self.parts.with_settings(loaded.settings)
            log.info("filene er lest inn på nytt")

    def _state(self) -> object:
        return site_state(self.good, self.problems, all_hashes(self.parts.store), self.now())

    async def _serve(self) -> None:
        await self.server.serve()
        self.stop()

    async def _watch(self) -> None:
        """Reload when the files have changed and then been left alone for a moment: editors save in several steps."""
        seen = before = self.good.fingerprint
        while not await self._stopped(LOOK_SECONDS):
            marks = await asyncio.to_thread(site_fingerprint, self.good.settings)
            if marks not in (seen, before):
                before = marks
            elif marks != seen:
                seen = before = marks
                await asyncio.to_thread(self.reload)
                await self.tick()
            else:
                await self.show()

    async def _send(self) -> None:
        while not self.stopping.is_set():
            self.work.clear()
            try:
                await self.parts.send(self.now, self.stopping)
            except Exception:
                log.exception("utsendingen feilet; den prøves igjen om et minutt")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.work.wait(), TICK_SECONDS)

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)
        return self.stopping.is_set()
