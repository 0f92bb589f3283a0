"""How long an edit takes until a running service serves it, and whether anybody meets a failed or mixed answer.

`python -m benchmarks.reload` starts `arshjul serve` on a site of its own: one calendar of 500 events in 60 feeds behind
tokens, or with `--apart` 60 calendars of 500 events with one feed each. Clients ask for all feeds the whole time. The
calendar file is saved as editors do (aside and renamed, or cut and written in two steps), and the clock runs from the
moment that the file is whole until a feed holds the new text. Figures are in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from arshjul.store import tokens
from arshjul.store.engine import open_store
from arshjul.store.upkeep import upgrade

FEEDS, EVENTS, GOAL_MS = 60, 500, 2000
MARK = "Møte 0000"


@dataclass
class Seen:
    """What the asking clients have met."""

    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest_ms: float = 0.0


def calendar_text(name: str, first: str) -> str:
    """Return a calendar of events with a date each, all for sixty parties."""
    parties = [
        f'[[party]]\nid = "part-{number:02}"\nname = "Part {number:02}"\nmembers = ["part{number:02}@example.no"]\n'
        for number in range(FEEDS)
    ]
    parts = ", ".join(f'"Part {number:02}"' for number in range(FEEDS))
    parties.append(f'[[party]]\nid = "alle"\nname = "Alle parter"\nparts = [{parts}]\n')
    start = date.today() + timedelta(days=1)  # noqa: DTZ011  (a benchmark is run today)
    events = [
        f'[[event]]\nid = "e{number:04}"\ntitle = "{first if number == 0 else f"Møte {number:04}"}"\n'
        f'when = "{start + timedelta(days=number)}"\ncontributors = "Alle parter"\n'
        for number in range(EVENTS)
    ]
    return "\n".join([f'[calendar]\nid = "{name}"\nname = "Kalender {name}"\n', *parties, *events])


def write_site(folder: Path, *, apart: bool, port: int) -> Path:
    """Write the site; returns the calendar file that is edited."""
    calendars = folder / "calendars"
    calendars.mkdir()
    for number in range(FEEDS if apart else 1):
        (calendars / f"k{number:02}.toml").write_text(calendar_text(f"k{number:02}", MARK), encoding="utf-8")
    (folder / "config.toml").write_text(f"[site]\nport = {port}\n", encoding="utf-8")
    return calendars / "k00.toml"


def make_tokens(folder: Path, *, apart: bool) -> list[str]:
    """Return the paths of sixty feeds."""
    (folder / "var").mkdir()
    store = open_store(f"sqlite:///{folder}/var/arshjul.db", folder / "var")
    upgrade(store)
    names = [f"calendar:k{number:02}" if apart else f"party:k00/part-{number:02}" for number in range(FEEDS)]
    made = [tokens.add(store, name, "", datetime.now(UTC)) for name in names]
    store.close()
    return [f"/f/{token}/{name.replace('/', ':').split(':')[-1]}.ics" for token, name in zip(made, names, strict=True)]


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the site in a process of its own."""
    command = [sys.executable, "-m", "arshjul", "-C", str(folder), "serve"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_until_ready(port, process)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("arshjul did not start")


def ask(port: int, paths: list[str], stop: threading.Event, seen: Seen) -> None:
    """Ask for the feeds one after the other, and check every answer: whole, 500 events, one text throughout."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        while not stop.is_set():
            for path in paths:
                began = time.perf_counter()
                answer = client.get(path)
                seen.slowest_ms = max(seen.slowest_ms, (time.perf_counter() - began) * 1000)
                seen.answers += 1
                if fault := wrong(answer):
                    seen.wrong.append(f"{path[-14:]}: {fault}")
                time.sleep(0.01)


def wrong(answer: httpx.Response) -> str:
    """Return what is wrong with an answer, "" when nothing is."""
    if answer.status_code != httpx.codes.OK:
        return str(answer.status_code)
    if not answer.content.endswith(b"END:VCALENDAR\r\n") or answer.content.count(b"BEGIN:VEVENT") != EVENTS:
        return "not whole"
    modified = re.findall(rb"\nLAST-MODIFIED:(\w+)", answer.content)
    return "" if modified[0] == max(modified[1:]) else "mixed"


def save(path: Path, text: str, *, in_steps: bool) -> float:
    """Save the file and return when it was whole."""
    if in_steps:
        half = len(text) // 2
        with path.open("w", encoding="utf-8") as file:
            file.write(text[:half])
            file.flush()
            time.sleep(0.01)
            file.write(text[half:])
    else:
        aside = path.with_suffix(".toml.new")
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105  (as editors do)
    return time.perf_counter()


async def until_served(port: int, paths: list[str], title: str, saved: float) -> tuple[float, float]:
    """Return when the first and when the last of the paths held the new text, in ms from when the file was saved."""
    found = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        for path in paths:
            while f"SUMMARY:{title}".encode() not in (await client.get(path)).content:
                if time.perf_counter() - saved > 30:
                    raise SystemExit("the edit is not served")
                await asyncio.sleep(0.002)
            found.append((time.perf_counter() - saved) * 1000)
    return found[0], found[-1]


def measure(*, apart: bool, rounds: int, clients: int) -> int:
    """Print the figures; returns 1 when the goal is missed or an answer was wrong."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        calendar = write_site(folder, apart=apart, port=port)
        paths = make_tokens(folder, apart=apart)
        seen, stop = Seen(), threading.Event()
        with serving(folder, port) as process:
            asking = [threading.Thread(target=ask, args=(port, paths, stop, seen)) for _ in range(clients)]
            for thread in asking:
                thread.start()
            times = [one_edit(calendar, port, paths[:1] if apart else paths[::30], number) for number in range(rounds)]
            stop.set()
            for thread in asking:
                thread.join()
            memory = resident(process.pid)
        return report(times, seen, memory, clients)


def one_edit(calendar: Path, port: int, paths: list[str], number: int) -> tuple[float, float]:
    title = f"Endret {number:04}"
    text = calendar_text("k00", title)
    time.sleep(0.5)
    saved = save(calendar, text, in_steps=number % 2 == 1)
    return asyncio.run(until_served(port, paths, title, saved))


def resident(pid: int) -> float:
    """Return the memory of a process in MiB, where the system tells (Linux)."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def report(times: list[tuple[float, float]], seen: Seen, memory: float, clients: int) -> int:
    first = [one[0] for one in times]
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"edits {len(times)}, feeds {FEEDS}, events in each {EVENTS}, clients asking {clients}, load {load}")
    print(f"saved -> served: median {statistics.median(first):.0f} ms, slowest {max(first):.0f} ms")
    print(
        f"answers checked {seen.answers}, wrong {len(seen.wrong)}, slowest {seen.slowest_ms:.0f} ms; {memory:.0f} MiB"
    )
    print("\n".join(seen.wrong[:5]))
    return int(max(first) > GOAL_MS or bool(seen.wrong))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--apart", action="store_true", help="60 calendars of 500 events instead of 60 parties in one")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--clients", type=int, default=2)
    asked = options.parse_args()
    sys.exit(measure(apart=asked.apart, rounds=asked.rounds, clients=asked.clients))
