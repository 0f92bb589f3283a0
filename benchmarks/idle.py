"""What a service costs that has nothing to do, and how long an edit takes until it is served.

`python -m benchmarks.idle [--seconds 300]` runs `arshjul serve` on a copy of the shipped folder, lets it settle, counts
the time of the processor that it takes (utime and stime of /proc/PID/stat), and then saves a calendar some times and
asks for its feed until the new text is there. It does so twice: as the system tells of changes, and, with
WATCHFILES_FORCE_POLLING, as on a network drive, where the files are looked at. It ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.serving import free_port

ROOT = Path(__file__).parents[1]
PUBLIC = "politisk-aar"
"""The calendar, and its feed, that is edited."""
MOST_PERCENT, MOST_SECONDS = 0.3, 2.0
FORCE = "WATCHFILES_FORCE_POLLING"


def copied_site(folder: Path, port: int) -> None:
    """Copy the shipped folder, to be served on a port of 127.0.0.1."""
    shutil.copytree(ROOT / "calendars", folder / "calendars")
    shutil.copytree(ROOT / "templates", folder / "templates")
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    config = re.sub(r"(?m)^port = \d+", f"port = {port}", config)
    (folder / "config.toml").write_text(config.replace("127.0.0.1:8000", f"127.0.0.1:{port}"), encoding="utf-8")


@contextmanager
def serving(folder: Path, port: int, *, polling: bool) -> Iterator[int]:
    """Serve the folder in a process of its own, whose number is given."""
    command = [sys.executable, "-m", "arshjul", "-C", str(folder), "serve"]
    environment = {key: value for key, value in os.environ.items() if key != FORCE}
    environment |= {FORCE: "1"} if polling else {}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
    try:
        wait_until_ready(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("arshjul did not start")


def spent(pid: int) -> tuple[float, float]:
    """Return the seconds of processor time that a process has taken: in its own code, and in the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / ticks, int(fields[12]) / ticks


def idle_percent(pid: int, settle: float, seconds: float) -> float:
    """Return the share of a core that it takes over so many seconds, in percent."""
    time.sleep(settle)
    before, began = spent(pid), time.monotonic()
    time.sleep(seconds)
    after, took = spent(pid), time.monotonic() - began
    user, system = ((late - early) / took * 100 for early, late in zip(before, after, strict=True))
    print(
        f"  idle over {took:.0f} s: {user + system:.3f} % of a core (user {user:.3f}, system {system:.3f})", flush=True
    )
    return user + system


def edit_seconds(folder: Path, port: int, edits: int) -> list[float]:
    """Save a calendar again and again, renamed into place and written where it lies by turns; time each until served.

    What is saved is the name of the calendar, which its public feed says.
    """
    calendar, url = folder / "calendars" / f"{PUBLIC}.toml", f"http://127.0.0.1:{port}/f/{PUBLIC}.ics"
    plain = calendar.read_text(encoding="utf-8")
    return [edit(calendar, url, plain, number) for number in range(edits)]


def edit(calendar: Path, url: str, plain: str, number: int) -> float:
    time.sleep(4.0 + number * 0.37)  # at another place in the round of each look
    title = f"Endret {number}"
    text = re.sub(r'(?m)^name = ".*"', f'name = "{title}"', plain, count=1)
    if number % 2:
        calendar.write_text(text, encoding="utf-8")
    else:
        aside = calendar.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(calendar)
    began = time.monotonic()
    with httpx.Client(trust_env=False) as client:
        while title not in client.get(url).text:
            if time.monotonic() - began > 30:
                raise SystemExit("the edit is not served")
            time.sleep(0.02)
    return time.monotonic() - began


def measure(settle: float, seconds: float, edits: int, *, polling: bool) -> bool:
    """Print the figures of one way of watching; tells whether both goals are met."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        copied_site(folder, port)
        with serving(folder, port, polling=polling) as pid:
            percent = idle_percent(pid, settle, seconds)
            times = edit_seconds(folder, port, edits)
    print(f"  saved -> served, {edits} edits: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s")
    return percent < MOST_PERCENT and max(times) < MOST_SECONDS


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=300.0, help="so long each way is measured")
    options.add_argument("--settle", type=float, default=60.0)
    options.add_argument("--edits", type=int, default=10)
    options.add_argument("--native-only", action="store_true", help="leave the second way out")
    asked = options.parse_args()
    is_met = True
    for polling in (False, True)[: 1 if asked.native_only else 2]:
        print("looked at, as on a network drive" if polling else "as the system tells of changes", flush=True)
        is_met &= measure(asked.settle, asked.seconds, asked.edits, polling=polling)
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
