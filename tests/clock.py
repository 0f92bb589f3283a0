"""The tests' clock: it stands still for commands in this process, and goes on from the same noon for those in others.

Run as a program it is `arshjul` by such a clock: the first argument says what time.monotonic() was at noon.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from arshjul import cli
from arshjul.letters.brakes import ClockSample

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
"""Noon in Norway on a Friday."""

STARTED = time.monotonic()


def main(argv: Sequence[str], now: datetime = NOON) -> int:
    """Run a command in this process at a time that stands still."""
    return cli.main(argv, lambda: now)


def command(*arguments: str) -> list[str]:
    """Return how to run a command in a process of its own, with a clock that goes on and is the same for them all."""
    return [sys.executable, "-m", "tests.clock", str(STARTED), *arguments]


def going(noon: float = STARTED) -> datetime:
    """Return what the clock of the processes shows."""
    return NOON + timedelta(seconds=time.monotonic() - noon)


def clocks_of(now: Callable[[], datetime]) -> Callable[[], ClockSample]:
    """Return clocks that have gone as far since the machine was started as the one on the wall has."""
    return lambda: ClockSample(now(), (now() - NOON).total_seconds(), "tests")


if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[2:], partial(going, float(sys.argv[1]))))
