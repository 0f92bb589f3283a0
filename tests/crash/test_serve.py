"""`arshjul serve` itself, started anew each time: killed, and asked to end, while letters are on their way."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from arshjul.mail.verdicts import State
from arshjul.plan.model import Recipient
from arshjul.store import queue
from arshjul.store.engine import open_store
from arshjul.store.queue import QueuedLetter
from arshjul.store.upkeep import upgrade
from tests.clock import command, going
from tests.crash.bench import ROOT, process, write_site
from tests.sample_letters import queued

pytestmark = pytest.mark.faults

PATIENCE = 30.0


def letter(number: int, now: datetime) -> QueuedLetter:
    """A letter that is due, of nothing that the planning could find to be cancelled."""
    to, due = Recipient(f"m{number}@example.no"), now - timedelta(minutes=1)
    return queued(number, to=to, send_at=due, reminders=())


def taken(log: Path) -> list[str]:
    return log.read_text(encoding="ascii").splitlines() if log.exists() else []


@contextmanager
def serving(site: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (site / "said").open("ab") as said,
        subprocess.Popen(command("-C", str(site), "serve"), cwd=ROOT, stdout=said, stderr=said) as running,
    ):
        try:
            yield running
        finally:
            running.kill()


def wait_for(log: Path, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(taken(log)) < count:
        assert time.monotonic() < end, f"only {len(taken(log))} letters came"
        time.sleep(0.002)


@pytest.mark.parametrize("connections", [1, 3])
def test_serve_killed_or_asked_to_end_loses_and_doubles_nothing_in_silence(tmp_path: Path, connections: int) -> None:
    site, log, count = tmp_path, tmp_path / "taken", 90
    with process("tests.crash.sink", str(log), "7", "6", "3") as sink:
        assert sink.stdout is not None
        write_site(site, int(sink.stdout.readline()), 1, 1, connections)
        store = open_store(f"sqlite:///{site}/var/arshjul.db", site / "var")
        upgrade(store)
        now = going()
        queue.queue(store, [letter(number, now) for number in range(count)], now)

        for enough, how in ((15, signal.SIGKILL), (30, signal.SIGTERM), (45, signal.SIGKILL), (60, signal.SIGTERM)):
            before = queue.counts(store).get(State.UNKNOWN, 0)
            with serving(site) as running:
                wait_for(log, enough)
                running.send_signal(how)
                running.wait(PATIENCE)
            if how == signal.SIGTERM:
                assert running.returncode == 0, (site / "said").read_text(encoding="utf-8")
                known = queue.counts(store)
                assert known.keys() <= {State.ACCEPTED, State.QUEUED, State.UNKNOWN}
                assert known.get(State.UNKNOWN, 0) - before <= connections + 1  # what the kill before it left behind
        with serving(site):
            wait_for(log, count - queue.counts(store).get(State.UNKNOWN, 0))
            time.sleep(0.2)

        found = {info.id: info for info in queue.letters_by_state(store, limit=1000)}
        copies = Counter(line.split("@")[0].removeprefix("<r.") for line in taken(log))
        assert len(found) == count
        assert {info.state for info in found.values()} <= {State.ACCEPTED, State.UNKNOWN, State.DATA_STARTED}
        assert all(copies[name] == 1 for name, info in found.items() if info.state is State.ACCEPTED)
        assert max(copies.values()) == 1
        store.close()
