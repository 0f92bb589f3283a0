"""`arshjul serve` really running, in a process of its own, on a free port of 127.0.0.1; and a site that is small."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import httpx

from tests.clock import command

ROOT = Path(__file__).parents[1]
STARTING = 30.0
"""Seconds that a start may take on a busy machine."""


@dataclass(frozen=True)
class Served:
    """A running service and the folder that it reads."""

    folder: Path
    url: str
    pid: int

    def feed(self, name: str) -> str:
        """Return the address of a public feed."""
        return f"{self.url}/f/{name}.ics"

    def calendar(self, name: str) -> Path:
        return self.folder / "calendars" / f"{name}.toml"


FIRST_PORT, PORTS_EACH = 20_000, 1_000
"""Below those that the system hands out: a port that is drawn now is not given to a client before it is listened on."""


@cache
def _ports() -> Iterator[int]:
    """The ports of this worker, one after the other, from a place that other runs on this machine seldom begin at."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    first = FIRST_PORT + number * PORTS_EACH
    return (first + one % PORTS_EACH for one in count(os.getpid()))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on, and that no other worker of this run is given."""
    for port in _ports():
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Served]:
    """Run the service in a folder with config.toml; stop it at the end. A port keeps the address over a restart."""
    port = port or free_port()
    config = folder / "config.toml"
    text = re.sub(r"(?m)^port = \d+.*$", f"port = {port}", config.read_text(encoding="utf-8"), count=1)
    config.write_text(re.sub(r'(?m)^url = "http.*$', f'url = "http://127.0.0.1:{port}"', text), encoding="utf-8")
    with started(folder, port) as served:
        yield served


@contextmanager
def started(folder: Path, port: int) -> Iterator[Served]:
    """Run the service in a folder as it is, whatever has become of its files; `port` is the one that they named."""
    log = folder / "serve.log"
    with log.open("ab") as out:
        running = subprocess.Popen(command("-C", str(folder), "serve"), cwd=ROOT, stdout=out, stderr=out)
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", running, log)
            yield Served(folder, f"http://127.0.0.1:{port}", running.pid)
        finally:
            running.terminate()
            running.wait(timeout=15)


def until(holds: Callable[[], object], what: str = "what was waited for", seconds: float = 30.0) -> None:
    """Wait until a callable returns something true; fail with the words when it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


def _wait_until_ready(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        assert running.poll() is None, log.read_text(encoding="utf-8")
        try:
            return httpx.get(f"{url}/readyz", trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    until(ready, "the service is ready", STARTING)
