"""The clocks of this machine, a tick each minute whatever happens to them, and the signals that end a service."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from arshjul.letters.brakes import Reading
from arshjul.printable import why

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
KEEPING: Final = ("show", "--property=NTPSynchronized", "--value")
TIMEOUT_S: Final = 5.0


class NoKeeperError(Exception):
    """The system does not say whether the clock is kept right; the message is Norwegian and says why."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def read_clocks(now: Callable[[], datetime] = utc_now) -> Reading:
    """Return the time on the wall and since the start, with the time asleep where the system counts it (Linux)."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    boot = BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""
    return Reading(now(), time.clock_gettime(clock), boot)


def ask_keeper() -> str:
    """Return what systemd says of the clock being kept by NTP: "yes" or "no". Raises NoKeeperError."""
    program = shutil.which("timedatectl")
    if program is None:
        raise NoKeeperError("maskinen har ikke timedatectl")
    try:
        done = subprocess.run(  # noqa: S603  (nothing in it comes from elsewhere)
            [program, *KEEPING], stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NoKeeperError("timedatectl svarer ikke") from error
    except OSError as error:
        raise NoKeeperError(f"timedatectl kan ikke kjøres: {why(error)}") from error
    if done.returncode:
        raise NoKeeperError("timedatectl får ikke svar av systemet")
    return done.stdout.decode("utf-8", "replace").strip()


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


@contextlib.contextmanager
def asked_to_end(stop: Callable[[], None], read_anew: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on Ctrl-C or SIGTERM, `read_anew` on SIGHUP. Outside the main thread, as in tests, none arrive."""
    loop = asyncio.get_running_loop()
    signals = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGHUP: read_anew}
    with contextlib.suppress(RuntimeError, ValueError):
        for one, act in signals.items():
            loop.add_signal_handler(one, act)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
