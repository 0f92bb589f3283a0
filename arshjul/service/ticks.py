"""A tick each minute, whatever happens to the clock on the wall.

APScheduler reckons its next run from that clock: set back two hours, it is silent for two hours; set ahead for one
tick and right again, for as long as it was ahead. So the monotonic clock looks after it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

TICK_SECONDS: Final = 60
LOOK_SECONDS: Final = 20.0
"""Between looks at both clocks."""

LONGEST_WAIT: Final = timedelta(seconds=TICK_SECONDS + 5)
"""No tick is further away than that, as the clock on the wall is now."""

PARTED_SECONDS: Final = 5.0
"""So far may the clock on the wall go from the monotonic one between two looks; NTP moves it by far less."""


@dataclass(slots=True)
class Ticks:
    """The job that ticks, and how the clocks stood. `wall` and `monotonic` are in seconds."""

    job: Any  # apscheduler has no types
    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    _apart: float = 0.0

    def __post_init__(self) -> None:
        self._apart = self.wall() - self.monotonic()

    def look(self) -> bool:
        """Tick at once when the clocks have parted since the last look, or the next tick is too far away.

        A clock that is set ahead and right again between two looks has not parted from the other one; but a tick in
        that time has put the next one as far ahead. Returns whether either is so.
        """
        apart, now = self.wall() - self.monotonic(), datetime.now(UTC)
        parted = abs(apart - self._apart) > PARTED_SECONDS
        self._apart = apart
        far = self.job.next_run_time is not None and self.job.next_run_time - now > LONGEST_WAIT
        if parted or far:
            self.job.modify(next_run_time=now)
        return parted or far


@contextlib.contextmanager
def ticking(tick: Callable[[], object], seconds: float = TICK_SECONDS) -> Iterator[Ticks]:
    """Call `tick` each minute, late ones too and never two at once, which are not the library's defaults."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    job = scheduler.add_job(tick, trigger, misfire_grace_time=None, coalesce=True, max_instances=1)
    scheduler.start()
    try:
        yield Ticks(job)
    finally:
        scheduler.shutdown(wait=False)
