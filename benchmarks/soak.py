"""Twenty minutes of everything at once: memory, open files and threads afterwards, and what became of every letter.

`python -m benchmarks.soak [--minutes 20]`: an edit every five seconds, feeds under load, 300 idle connections, the
database taken away twice, a mail server that answers nothing. It prints a line each minute and ends with 1 when memory
at the end is more than 5 MB from that a quarter of the way, files or threads are not as many, or a letter is lost.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from arshjul.store import queue
from arshjul.store.engine import open_store
from arshjul.store.upkeep import upgrade
from tests.clock import going
from tests.sample_letters import many
from tests.serving import Served, serving
from tests.small_site import write_site

EDIT_SECONDS, IDLE, LETTERS, LOADING = 5.0, 300, 20, 2
MOST_MB = 5.0


@dataclass(frozen=True)
class Sample:
    """What a process holds: resident memory in MB, open files that are no connections, threads."""

    megabytes: float
    files: int
    threads: int


def sample(pid: int) -> Sample:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    status = dict(line.split(":", 1) for line in lines if ":" in line)
    files = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            files += not str(one.readlink()).startswith("socket:")
    return Sample(int(status["VmRSS"].split()[0]) / 1024, files, int(status["Threads"]))


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Listen for letters, and answer nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def prepared(folder: Path, mail_port: int) -> Path:
    """Write a site with letters that wait, and return its calendar."""
    calendar = write_site(folder)
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = {mail_port}\nstart_tls = false\n')
    with contextlib.closing(open_store(f"sqlite:///{folder}/var/arshjul.db", folder / "var")) as store:
        upgrade(store)
        queue.queue(store, [*many(LETTERS)], going())
    return calendar


def edit_on(calendar: Path, ended: threading.Event) -> None:
    plain, number = calendar.read_text(encoding="utf-8"), 0
    while not ended.wait(EDIT_SECONDS):
        number += 1
        calendar.write_text(plain.replace('"Høringssvar"', f'"Høringssvar {number}"'), encoding="utf-8")


def ask_on(served: Served, ended: threading.Event, failed: list[str]) -> None:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=10) as client:
        while not ended.is_set():
            for path in ("/f/region.ics", "/", "/readyz"):
                try:
                    answer = client.get(path)
                except httpx.HTTPError as error:
                    failed.append(f"{path}: {error!r}")
                    continue
                if answer.status_code != httpx.codes.OK:
                    failed.append(f"{path}: {answer.status_code}")
            time.sleep(0.01)


def stay_idle(served: Served, ended: threading.Event) -> None:
    """Keep so many connections that ask for nothing, opened anew as they are ended."""
    url = httpx.URL(served.url)
    while not ended.is_set():
        with contextlib.ExitStack() as stack:
            for _ in range(IDLE):
                with contextlib.suppress(OSError):
                    stack.enter_context(socket.create_connection((url.host, url.port or 0), timeout=5))
            ended.wait(8)


def take_away(folder: Path) -> None:
    (folder / "var").rename(folder / "away")
    time.sleep(10)
    (folder / "away").rename(folder / "var")


def letters(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / "var" / "arshjul.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
    return int(count)


def soak(folder: Path, minutes: int) -> bool:
    """Return whether all is as it should be."""
    ended, failed, samples = threading.Event(), list[str](), list[Sample]()
    with silent_server() as mail_port:
        calendar = prepared(folder, mail_port)
        with serving(folder) as served:
            work = [threading.Thread(target=edit_on, args=(calendar, ended))]
            work += [threading.Thread(target=ask_on, args=(served, ended, failed)) for _ in range(LOADING)]
            work += [threading.Thread(target=stay_idle, args=(served, ended))]
            for one in work:
                one.start()
            for minute in range(1, minutes + 1):
                if minute in {minutes // 3, 2 * minutes // 3}:
                    take_away(folder)
                    time.sleep(50)
                else:
                    time.sleep(60)
                print(f"{minute:3} min  {sample(served.pid)}", flush=True)
                if minute in {max(minutes // 4, 1), minutes}:
                    samples.append(sample(served.pid))
            ended.set()
            for one in work:
                one.join()
    return judged(samples, failed, letters(folder))


def judged(samples: list[Sample], failed: list[str], count: int) -> bool:
    first, last = samples[0], samples[-1]
    grown = last.megabytes - first.megabytes
    print(f"memory {first.megabytes:.1f} → {last.megabytes:.1f} MB, {first} → {last}")
    print(f"letters {count}, failed requests {len(failed)} {failed[:3]}")
    is_same = (last.files, last.threads) == (first.files, first.threads)
    return grown <= MOST_MB and is_same and count >= LETTERS and not failed


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=int, default=20)
    with tempfile.TemporaryDirectory() as place:
        sys.exit(not soak(Path(place), asked.parse_args().minutes))
