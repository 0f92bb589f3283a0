"""The command on a machine in trouble: another sender, a full disk, a read-only folder, a locked database."""

from __future__ import annotations

import asyncio
import ctypes
import mailbox
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from arshjul.mail.transports import MaildirTransport
from arshjul.mail.verdicts import State
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import queue
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.lock import sender_lock
from tests.clock import command, main
from tests.conftest import ROOT
from tests.crash.bench import week, write_site
from tests.databases import store as store  # noqa: PLC0414  (a fixture)
from tests.sample_letters import NOW, many

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h

DUE = week(0).isoformat()


def obey_the_modes() -> None:
    """Give up root's way past the modes of files, if we have it (Linux)."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def ready(folder: Path, database: str = "sqlite:///var/arshjul.db") -> Path:
    """A site whose letters are due at DUE and go into a Maildir."""
    write_site(folder, 25, 4, 1, 1)
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace('transport = "smtp"', 'transport = "maildir"')
    config.write_text(f'{text}\n[store]\nurl = "{database}"\n', encoding="utf-8")
    assert main(["-C", str(folder), "send", "--at", "2027-01-04T09:00"]) == 0
    return folder


def in_mailbox(site: Path) -> int:
    return len(mailbox.Maildir(site / "var" / "mail"))


def test_second_sender_is_refused_and_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = ready(tmp_path)
    other = open_store(f"sqlite:///{site}/var/arshjul.db", site / "var")
    with sender_lock(other):
        assert main(["-C", str(site), "send", "--at", DUE]) == 1
    assert "En annen arshjul sender allerede brev fra denne databasen" in capsys.readouterr().err
    other.close()
    assert not (site / "var" / "mail").exists()
    assert main(["-C", str(site), "send", "--at", DUE]) == 0
    assert in_mailbox(site) == 4


def test_folder_that_cannot_be_written_sends_nothing(tmp_path: Path) -> None:
    site = ready(tmp_path)
    for path in [site / "var", *(site / "var").iterdir()]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    asked = command("-C", str(site), "send", "--at", DUE)
    done = subprocess.run(asked, capture_output=True, text=True, check=False, preexec_fn=obey_the_modes, cwd=ROOT)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert "Databasen kan ikke brukes nå: attempt to write a readonly database\n" in done.stderr
    assert not (site / "var" / "mail").exists()


def test_locked_database_is_told_and_nothing_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = ready(tmp_path)
    monkeypatch.setattr("arshjul.store.engine.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(site / "var" / "arshjul.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert main(["-C", str(site), "send", "--at", DUE]) == 1
    assert capsys.readouterr().err == "Databasen kan ikke brukes nå: database is locked\n"
    assert not (site / "var" / "mail").exists()
    assert main(["-C", str(site), "send", "--at", DUE]) == 0
    assert in_mailbox(site) == 4


def full(store: Store) -> Store:
    """The same database, opened as on a disk that has no room for one more page."""
    opened = open_store(f"sqlite:///{store.path}", store.folder)

    def limit(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(opened.engine, "connect", limit)
    return opened


async def at_once(_seconds: float) -> None:
    """Do not wait."""


def test_full_disk_sends_only_what_is_written_down(store: Store, tmp_path: Path) -> None:
    queue.queue(store, many(60), NOW)
    small = full(store)
    with pytest.raises(StoreError, match="database or disk is full"):
        queue.queue(small, [one for one in many(400) if int(one.id) > 60], NOW)

    def round_with(opened: Store) -> SendReport:
        way = MaildirTransport(tmp_path / "mail")
        return asyncio.run(send_round(opened, way, lambda: NOW, sleep=at_once))

    stopped = round_with(small)
    assert stopped.trouble == "Databasen kan ikke brukes nå: database or disk is full"
    small.close()
    assert 0 < queue.counts(store)[State.QUEUED] < 60
    there = round_with(store)
    assert (there.trouble, queue.counts(store)) == ("", {State.ACCEPTED: 60})
    assert there.replayed + there.accepted + stopped.accepted == 60
    assert len(mailbox.Maildir(tmp_path / "mail")) == 60
