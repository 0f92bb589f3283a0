"""One guard over every loop of the service: what goes wrong is logged once, shown, and tried again after a while.

All waiting is counted on the monotonic clock: however the clock on the wall is set, no loop stands still for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds from a failure to the next try; each further failure doubles them."""

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Guard:
    """Does steps and counts rounds. `rounds` has, for each loop, the seconds in which it comes round.

    A step is known by the Norwegian sentence that says what it means when it fails.
    """

    rounds: Mapping[str, float] = field(default_factory=dict)
    monotonic: Callable[[], float] = time.monotonic
    _failures: dict[str, tuple[int, str, Exception]] = field(init=False, default_factory=dict)
    _went_well: dict[str, float] = field(init=False, default_factory=dict)
    _came_round: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self._came_round = dict.fromkeys(self.rounds, self.monotonic())

    async def step(self, what: str, step: Awaitable[object]) -> bool:
        """Do a step and tell whether it went well. Whatever it raises is logged, once for as long as it stays the same.

        A loop that ended for it would be silent, and a log that repeats it each second hides what else there is.
        """
        try:
            await step
        except Exception as error:
            count, before = self._failures[what][:2] if what in self._failures else (0, "")
            said = f"{type(error).__name__}: {error}"
            if said != before:
                log.exception(what)
            self._failures[what] = count + 1, said, error
            return False
        self._went_well[what] = self.monotonic()
        if self._failures.pop(what, None):
            log.info("Det går igjen. %s", what)
        return True

    def failing(self) -> list[str]:
        """Return the steps that failed when they were last tried, the first to fail first."""
        return list(self._failures)

    def errors(self) -> list[Exception]:
        """Return what those steps raised."""
        return [error for _, _, error in self._failures.values()]

    def since(self, what: str) -> float | None:
        """Return the seconds since a step last went well, None if it never has."""
        at = self._went_well.get(what)
        return None if at is None else self.monotonic() - at

    def pause(self, what: str, usual: float = 0.0) -> float:
        """Return the seconds to wait before the next try of a step: the usual ones while it goes well."""
        count = self._failures[what][0] if what in self._failures else 0
        return max(usual, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (count - 1))) if count else usual

    def came_round(self, loop: str, rest: float = 0.0) -> None:
        """Note that a loop has come round, and rests for so many seconds."""
        self._came_round[loop] = self.monotonic() + rest

    def late(self) -> dict[str, float]:
        """Return the loops that have not come round for twice their time, with the seconds since they did."""
        now = self.monotonic()
        since = {loop: now - at for loop, at in self._came_round.items()}
        return {loop: seconds for loop, seconds in since.items() if seconds > LATE * self.rounds[loop]}


LATE: Final = 2.0
"""So many times its time a loop may take to come round."""
