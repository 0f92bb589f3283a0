"""The signals that a service is told by: to end, or to read its files anew."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


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
