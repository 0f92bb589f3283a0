"""Waiting until files may have changed: the system tells, and where it cannot, they are looked at again and again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch

from arshjul.disk import MOUNTS, foreign_kind
from arshjul.plan.files import Ways
from arshjul.printable import printable, why

TOLD_SECONDS: Final = 30.0
"""Between looks where the system tells of changes: what it tells may be lost."""

UNTOLD_SECONDS: Final = 1.0
"""Between looks where it does not. One costs a fraction of a millisecond."""

STEP_MS: Final = 200
"""So often it is asked what the system has told, and so long files are left alone before that is passed on."""

LONGEST_MS: Final = 400
"""So long at most what is told is gathered."""

FORCED: Final = "WATCHFILES_FORCE_POLLING er satt"

OVER_LIMIT: Final = (
    "grensen for hvor mye systemet overvåker, er nådd: fs.inotify.max_user_instances eller max_user_watches"
)
_LIMIT: Final = re.compile(r"os error (?:24|28)\b|watch limit")

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class FileWatch:
    """Tells when files may have changed. Where the system cannot tell, that is logged once, and tried again later."""

    told_seconds: float = TOLD_SECONDS
    mounts: Path = MOUNTS
    _woken: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _ways: Ways | None = field(init=False, default=None)
    _listening: asyncio.Task[None] | None = field(init=False, default=None)
    _ended: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _untold: str = field(init=False, default="")
    _next_try: float = field(init=False, default=0.0)

    @property
    def is_told(self) -> bool:
        """Tell whether the system says when something changes."""
        return self._listening is not None and not self._listening.done()

    @property
    def pause(self) -> float:
        """The seconds until the next look when nothing is told."""
        return self.told_seconds if self.is_told else UNTOLD_SECONDS

    def wake(self) -> None:
        """Let `wait` end at once."""
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Wait for so long, or until something may have changed."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        self._woken.clear()

    async def follow(self, find: Callable[[], Ways], *, is_forced: bool = False) -> None:
        """Have the system tell of changes on these ways from now on; what has come before is looked at once more."""
        if not self.is_told and time.monotonic() < self._next_try:
            return
        self._next_try = time.monotonic() + self.told_seconds
        try:
            ways = await asyncio.to_thread(find)
        except OSError as error:
            await self._look_instead(why(error))
            return
        if self.is_told and ways == self._ways:
            return
        if reason := FORCED if is_forced else await asyncio.to_thread(_foreign, ways, self.mounts):
            await self._look_instead(reason)
        else:
            await self._listen_to(ways)

    async def end(self) -> None:
        """Let go of what the system keeps for it."""
        self._ended.set()
        if self._listening is not None:
            await self._listening

    async def _listen_to(self, ways: Ways) -> None:
        await self.end()
        self._ended, self._ways = asyncio.Event(), ways
        self._listening = asyncio.create_task(self._listen(ways, self._ended))
        await asyncio.sleep(0)  # the task begins, and with it the system to tell
        if self.is_told:
            self._untold = ""
            self.wake()

    async def _listen(self, ways: Ways, ended: asyncio.Event) -> None:
        def counts(_: Change, path: str) -> bool:
            return ways.lead_over(path)

        try:
            async for _ in awatch(
                *ways.folders,
                watch_filter=counts,
                debounce=LONGEST_MS,
                step=STEP_MS,
                stop_event=ended,
                rust_timeout=0,
                force_polling=False,
                recursive=False,
                ignore_permission_denied=True,
            ):
                self.wake()
        except (OSError, RuntimeError) as error:  # the latter is the library's own
            self._say(_why_not(error))
            self.wake()

    async def _look_instead(self, reason: str) -> None:
        await self.end()
        self._say(reason)

    def _say(self, reason: str) -> None:
        if reason != self._untold:
            log.warning("Systemet sier ikke fra når filene endres (%s), så de ses etter hvert sekund.", reason)
        self._untold = reason


def _why_not(error: OSError | RuntimeError) -> str:
    """Say in Norwegian why the system does not tell; the library's own errors have only English words."""
    if isinstance(error, OSError):
        return why(error)
    said = printable(str(error))
    return OVER_LIMIT if _LIMIT.search(said) else f"watchfiles: {said}"


def _foreign(ways: Ways, mounts: Path) -> str:
    """Say in Norwegian on which network's drive files lie, "" when the system can tell of all changes."""
    kinds = ((folder, foreign_kind(Path(folder), mounts)) for folder in ways.folders)
    return next((f"«{folder}» ligger på {kind}" for folder, kind in kinds if kind), "")
