"""Not more letters a minute than the server takes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

MINUTE: Final = 60.0


@dataclass(slots=True)
class Pace:
    """At most `per_minute` letters in any sixty seconds; `clock` is monotonic, in seconds."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _sent: deque[float] = field(default_factory=deque, init=False)

    async def step(self) -> None:
        """Wait until another letter may go, and count it."""
        while (wait := self._wait()) > 0:
            await self.sleep(wait)
        self._sent.append(self.clock())

    def _wait(self) -> float:
        now = self.clock()
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        return self._sent[0] + MINUTE - now if len(self._sent) >= self.per_minute else 0.0
