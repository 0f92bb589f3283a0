"""The clocks of this machine, read, and whether anybody keeps them right."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from arshjul.letters.brakes import ClockSample
from arshjul.printable import why

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
KEEPING: Final = ("show", "--property=NTPSynchronized", "--value")
TIMEOUT_S: Final = 5.0


class NoKeeperError(Exception):
    """The system does not say whether the clock is kept right; the message is Norwegian and says why."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def read_clocks(now: Callable[[], datetime] = utc_now) -> ClockSample:
    """Return the time on the wall and since the start, with the time asleep where the system counts it (Linux)."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    boot = BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""
    return ClockSample(now(), time.clock_gettime(clock), boot)


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
