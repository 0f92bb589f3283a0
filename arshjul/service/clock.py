"""The clocks of this machine, read."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from arshjul.core.brakes import Reading

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def utc_now() -> datetime:
    return datetime.now(UTC)


def read_clocks() -> Reading:
    """Return the time on the wall and since the start, with the time asleep where the system counts it (Linux)."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    boot = BOOT_ID.read_text(encoding="ascii").strip() if BOOT_ID.exists() else ""
    return Reading(utc_now(), time.clock_gettime(clock), boot)
