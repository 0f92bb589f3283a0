"""What the crash tests stand on: a site, the program to run in it, a sink, and what became of each letter."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from tests.properties.almanac import workdays_from

ROOT = Path(__file__).parents[2]
LINE = 1 + 64 + len("<r.01ARZ3NDEKTSV4RRFFQ69G5FAV@example.no>\n")
"""The length of a line in the sink's log."""

GO_LIVE = datetime(2027, 1, 4, 9)  # noqa: DTZ001  (local, as `send --at` takes it)
FIRST = date(2027, 2, 3)
"""The first deadline, a Wednesday; its letters go so many workdays before, on a Wednesday too."""
LEAD = 5

CONFIG = """
[site]
port = 0
[letters]
send_days = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag"]
leads = [5]
from = "Årshjul <arshjul@example.no>"
[mail]
transport = "smtp"
host = "127.0.0.1"
port = {port}
start_tls = false
per_minute = 1000000
connections = {connections}
[brakes]
letters_at_once = 1000
"""


@dataclass(frozen=True)
class Row:
    """A letter in the outbox."""

    message_id: str
    sha256: str
    state: str
    generation: int


@dataclass(frozen=True)
class Kill:
    """When to kill the program: so many seconds after the server has taken so many more letters, or after the start."""

    after_letters: int
    after_s: float


@dataclass
class Bench:
    """A site in which the program is run as often as asked."""

    site: Path
    sink_log: Path
    driver: subprocess.Popen[str]

    def send(self, at: datetime, *, crash_at: str = "", kill: Kill | None = None) -> int:
        """Run `arshjul send` as if it were `at`, Norwegian time; returns its exit status."""
        return self.run("send", "--even-so", "--at", at.isoformat(), crash_at=crash_at, kill=kill)

    def run(self, *argv: str, crash_at: str = "", kill: Kill | None = None) -> int:
        size = self.sink_log.stat().st_size if self.sink_log.exists() else 0
        asked = {
            "argv": ["-C", str(self.site), *argv],
            "environment": {"ARSHJUL_CRASH_AT": crash_at},
            "output": str(self.site / "said"),
            "watched": str(self.sink_log),
            "kill_at_size": size + LINE * kill.after_letters if kill and kill.after_letters else 0,
            "kill_after": kill.after_s if kill else None,
        }
        print(json.dumps(asked), file=self.driver.stdin, flush=True)
        return int(_out(self.driver).readline())

    def rows(self) -> list[Row]:
        """Return every letter that the program knows of."""
        return [Row(*row) for row in self._select("SELECT message_id, wire_sha256, state, generation FROM outbox")]

    def count(self, where: str) -> int:
        return int(self._select(f"SELECT count(*) FROM outbox WHERE {where}")[0][0])

    def told(self) -> int:
        """Return how many reminders are in letters; one to each party each week is to be told."""
        statement = "SELECT count(*) FROM reminder JOIN outbox ON outbox.id = outbox_id WHERE NOT passed_over"
        return int(self._select(statement)[0][0])

    def _select(self, statement: str) -> list[tuple[str, str, str, int]]:
        path = self.site / "var" / "arshjul.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return connection.execute(statement).fetchall()

    def taken(self) -> list[tuple[str, str]]:
        """Return what the server has taken: the Message-ID and SHA-256 of each copy."""
        lines = self.sink_log.read_text(encoding="ascii").splitlines() if self.sink_log.exists() else []
        return [(name, digest) for name, digest in (line.split() for line in lines)]

    def copies(self) -> Counter[str]:
        return Counter(name for name, _ in self.taken())

    def said(self) -> str:
        return (self.site / "said").read_text(encoding="utf-8")


@contextmanager
def bench(
    site: Path, driver: subprocess.Popen[str], *, parties: int, weeks: int, connections: int = 1, seed: int = 0
) -> Iterator[Bench]:
    """A site where each of so many parties has a deadline every week, a sink, and the program, started once already."""
    log = site / "taken"
    with process("tests.crash.sink", str(log), str(seed), "6", "3") as sink:
        port = int(_out(sink).readline())
        write_site(site, port, parties, weeks, connections)
        ready = Bench(site, log, driver)
        assert ready.send(GO_LIVE) == 0, ready.said()
        yield ready


def write_site(site: Path, port: int, parties: int, weeks: int, connections: int = 1, *, first: date = FIRST) -> None:
    (site / "calendars").mkdir()
    shutil.copytree(ROOT / "templates", site / "templates")
    (site / "config.toml").write_text(CONFIG.format(port=port, connections=connections), encoding="utf-8")
    (site / "calendars" / "alle.toml").write_text("\n".join(_calendar(parties, weeks, first)), encoding="utf-8")


def week(number: int) -> datetime:
    """Return when the letters of a week go, Norwegian time: in Easter earlier than a week before."""
    day = workdays_from(FIRST + timedelta(weeks=number), -LEAD)
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=8)


def _calendar(parties: int, weeks: int, first: date) -> Iterator[str]:
    yield '[calendar]\nid = "alle"\nname = "Alle"'
    for number in range(parties):
        yield f'[[party]]\nid = "m{number}"\nname = "M{number}"\nmembers = ["m{number}@example.no"]'
    names = [f"M{number}" for number in range(parties)]
    yield f'[[party]]\nid = "alle"\nname = "Alle"\nparts = {json.dumps(names)}'
    dates = [(first + timedelta(weeks=number)).isoformat() for number in range(weeks)]
    yield f'[[event]]\nid = "frist"\ntitle = "Innspill"\nwhen = {json.dumps(dates)}\nresponsible = "Alle"'


@contextmanager
def process(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command: Sequence[str] = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _out(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout
