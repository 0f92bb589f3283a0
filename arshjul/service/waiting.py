"""`serve` before its database can be used: pages and open feeds go by the files, and the database is tried again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from arshjul.health import AGAIN, Area, Fault, Health, faults_of_files
from arshjul.loading import load_kept, load_to_act
from arshjul.organisation import Loaded
from arshjul.rounds.publish import Publisher, public_specs, year_of
from arshjul.service.guard import AREAS, OPENING, Guard, Notices, asked_to_end
from arshjul.service.publishing import site_state
from arshjul.store.engine import StoreError
from arshjul.timing.days import local_day
from arshjul.web.site import Site

LOOK_SECONDS = 1.0
"""Between looks whether a next try is due: the pauses between tries grow, see `guard`."""

Opened = TypeVar("Opened")
"""What `start` opens: the service."""


@dataclass(slots=True)
class Waiting(Generic[Opened]):
    """Fills a site from the files alone, and opens the service with `start` as soon as that goes.

    What only the database knows is not there: who has which private feed, who wants no letters, what was sent; nor
    the brake against dates that vanish. So it shows the files that were published last, where copies of them are kept.
    """

    site: Site
    loaded: Loaded
    start: Callable[[Loaded], Awaitable[Opened]]
    now: Callable[[], datetime]
    error: InitVar[StoreError]
    _guard: Guard = field(init=False, default_factory=Guard)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _service: Opened | None = field(init=False, default=None)
    _notices: Notices = field(init=False, default_factory=Notices)
    _shown: tuple[object, ...] = field(init=False, default=())

    def __post_init__(self, error: StoreError) -> None:
        self.site.health, self.site.opt_outs = self.health, None
        self._show(str(error))

    def health(self) -> Health:
        words = [error.words for error in self._guard.errors() if isinstance(error, StoreError)]
        faults = [Fault(AREAS[OPENING], OPENING, AGAIN), *(Fault(Area.STORE, said, AGAIN) for said in words)]
        return Health(tuple(dict.fromkeys(faults)), tuple(faults_of_files(len(self.loaded.problems))))

    def stop(self) -> None:
        self._stopping.set()

    def read_anew(self) -> None:
        """The files are read before each try."""

    async def run(self) -> Opened | None:
        """Return the service once its database can be used; None when asked to end first."""
        with asked_to_end(self.stop, self.read_anew):
            while not await self._stopped(self._guard.pause(OPENING, LOOK_SECONDS)):
                if await self._guard.step(OPENING, self._try()):
                    return self._service
        return None

    async def _try(self) -> None:
        loaded = await asyncio.to_thread(load_to_act, self.loaded.settings.folder, local_day(self.now()))
        if loaded.catalogue.calendars:
            self.loaded = loaded
        try:
            self._service = await self.start(self.loaded)
        except StoreError as error:
            await asyncio.to_thread(self._show, str(error))
            raise

    def _show(self, reason: str) -> None:
        """Show the files by themselves; what is wrong with the database stands beside them."""
        now = self.now()
        self._notices.say(OPENING, f"{OPENING} {reason}", AGAIN)
        shown = (self.loaded.edition, self.loaded.problems, reason, local_day(now))
        if shown == self._shown:
            return
        good = load_kept(self.loaded.settings.folder, local_day(now)) or self.loaded
        year = year_of(good, local_day(now))
        published = Publisher(None).publish(year, public_specs(good), now)
        state = site_state(year, published, self.loaded.problems, {}, now)
        self.site.state = replace(state, letters=(), knows_tokens=False, notices=self._notices.shown())
        self._shown = shown

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
