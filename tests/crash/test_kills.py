"""The real program, killed again and again while it sends: nothing is lost silently, nothing doubled unmarked.

`make faults` asks for more kills and letters than `make test` does, `.ci/run` and `make crash` for many more; the seed
is printed, and the same one draws the same moments (what the program has come to by then depends on the machine).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.bench import Bench, Kill, bench, process, week

KILLS = int(os.environ.get("ARSHJUL_TEST_KILLS", "12"))
LETTERS = int(os.environ.get("ARSHJUL_TEST_LETTERS", "60"))
SEED = int(os.environ.get("ARSHJUL_TEST_SEED", "20261120"))
CHANCE = random.Random
PARTIES = min(50 if LETTERS <= 5000 else 100, LETTERS // 2)
MOST_BEFORE_KILL = 4
KILLED = -9
HALF_HOUR = timedelta(minutes=31)
VISIBLE = ("accepted", "held")
"""What may become of a letter that the server never refuses: in the end it has it, or a person is asked."""


@dataclass
class Figures:
    """What happened, and how it must not have."""

    kills: int = 0
    in_flight: int = 0
    letters: int = 0
    states: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    doubled: int = 0
    lost: int = 0
    doubled_outside_unknown: int = 0
    most_copies: int = 0
    other_bytes: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.in_flight} with a letter in hand), {self.letters} letters: "
            f"{self.unknown} were in doubt, {self.doubled} of them came twice, {self.states['held']} are held; "
            f"lost {self.lost}, doubled outside UNKNOWN {self.doubled_outside_unknown}, "
            f"most copies {self.most_copies}, with other bytes {self.other_bytes}"
        )


def kill_loop(program: Bench, chance: random.Random, kills: int, weeks: int) -> Figures:
    """Send week after week, killed at any moment of starting, planning and sending; end each week in peace."""
    figures = Figures()
    for number in range(weeks):
        at = week(number)
        while figures.kills < kills * (number + 1) // weeks:
            status = program.send(at, kill=moment(chance))
            at += HALF_HOUR
            if status != KILLED:
                break
            figures.kills += 1
            figures.in_flight += program.count("lease_until IS NOT NULL") > 0
        while program.send(at) or program.count("next_at IS NOT NULL OR lease_until IS NOT NULL"):
            at += HALF_HOUR
            assert at < week(number + 1), program.said()
    return figures


def moment(chance: random.Random) -> Kill:
    """Draw when to kill: while the program starts and plans, or so long after the server has taken some letters."""
    letters = chance.randrange(MOST_BEFORE_KILL)
    return Kill(letters, chance.uniform(0, 0.012) if letters else chance.uniform(0, 0.25))


def judge(program: Bench, figures: Figures, expected: int) -> Figures:
    """Compare what was to be told, what the program knows and what the server has."""
    rows, copies = program.rows(), program.copies()
    digests = {row.message_id: row.sha256 for row in rows}
    figures.letters = len(rows)
    figures.states = Counter(row.state for row in rows)
    figures.unknown = sum(row.generation > 1 for row in rows)
    figures.doubled = sum(copies[row.message_id] > 1 for row in rows)
    not_visible = sum(row.state not in VISIBLE for row in rows)
    not_there = sum(row.state == "accepted" and not copies[row.message_id] for row in rows)
    figures.lost = expected - program.told() + not_visible + not_there
    figures.doubled_outside_unknown = sum(copies[row.message_id] > 1 and row.generation == 1 for row in rows)
    figures.most_copies = max(copies.values())
    figures.other_bytes = sum(digests.get(name) != digest for name, digest in program.taken())
    return figures


def killed(folder: Path, connections: int, part: float) -> tuple[Figures, str]:
    """Run a part of the kills with so many connections; returns what happened and what the program said."""
    folder.mkdir()
    kills, weeks = round(KILLS * part), -(-LETTERS // 2 // PARTIES)
    with (
        process("tests.crash.driver") as driver,
        bench(folder, driver, parties=PARTIES, weeks=weeks, connections=connections, seed=SEED) as program,
    ):
        figures = kill_loop(program, CHANCE(SEED + connections), kills + kills // 10, weeks)
        judge(program, figures, PARTIES * weeks)
        return figures, program.said()


def test_killed_again_and_again_nothing_is_lost_or_doubled_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = {1: 0.65, 4: 0.35}
    with ThreadPoolExecutor() as both:  # each waits most of the time
        running = {n: both.submit(killed, tmp_path / str(n), n, part) for n, part in parts.items()}
        found = {connections: one.result() for connections, one in running.items()}
    for connections, (figures, said) in found.items():
        with capsys.disabled():
            print(f"\nkill -9, {connections} connection(s), seed {SEED}: {figures}")
        assert "Traceback" not in said, said
        assert figures.kills >= round(KILLS * parts[connections])  # letters may run out before a week's last kill
        assert figures.letters == PARTIES * -(-LETTERS // 2 // PARTIES)
        assert (figures.lost, figures.doubled_outside_unknown, figures.other_bytes) == (0, 0, 0)
        assert figures.most_copies <= 2
