"""`migrate`, `backup` and `restore`, and what the other commands do with a database that is not as they want it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import alembic.command
import pytest
from alembic.config import Config

from arshjul import SCHEMA
from arshjul.store.engine import open_store
from arshjul.store.lock import sender_lock
from tests.clock import command, main
from tests.conftest import ROOT
from tests.small_site import write_site

KEPT = "party:region/styret"
READING = [["outbox", "list"], ["token", "list"], ["opt-out", "list"], ["check"], ["doctor"], ["send", "--dry-run"]]


def run(site: Path, *arguments: str) -> int:
    return main(["-C", str(site), *arguments])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a database that has a link in it."""
    folder = tmp_path / "site"
    write_site(folder)
    assert run(folder, "send") == 0
    assert run(folder, "token", "add", "region/styret") == 0
    return folder


def database(site: Path) -> Path:
    return site / "var" / "arshjul.db"


def asked(site: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database(site))) as connection, connection:
        return connection.execute(statement).fetchall()


def links(site: Path) -> list[tuple[object, ...]]:
    return asked(site, "SELECT feed, label FROM feed_token ORDER BY created_at")


def make_older(site: Path) -> None:
    """Make it the database of an earlier version."""
    store = open_store(f"sqlite:///{database(site)}", site / "var")
    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    with store.writing() as connection:
        config.attributes["connection"] = connection
        alembic.command.downgrade(config, "0006")
    store.close()


def schema(site: Path) -> object:
    return asked(site, "SELECT version_num FROM alembic_version")[0][0]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_command_leaves_an_older_database_as_it_is(
    site: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    make_older(site)
    before = sorted(path.name for path in database(site).parent.iterdir())
    capsys.readouterr()

    code = run(site, *command)

    told = capsys.readouterr()
    assert f"skjema 0006, denne utgaven vil ha {SCHEMA}" in told.out + told.err
    assert "«arshjul migrate»" in told.out + told.err
    assert code == (0 if command == ["check"] else 1)
    assert schema(site) == "0006"
    assert sorted(path.name for path in database(site).parent.iterdir()) == before


@pytest.mark.parametrize("asking", [["migrate"], ["send"]], ids=" ".join)
def test_database_is_copied_and_then_brought_up_to_date(site: Path, asking: list[str]) -> None:
    make_older(site)
    expected = links(site)

    assert run(site, *asking) == 0

    assert (schema(site), links(site)) == (SCHEMA, expected)
    copy = database(site).with_name(f"arshjul.db.before-{SCHEMA}")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0006",)]
        assert connection.execute("SELECT feed, label FROM feed_token").fetchall() == expected


def test_copy_from_before_is_not_written_over(site: Path) -> None:
    for _ in range(2):
        make_older(site)
        assert run(site, "migrate") == 0
    assert [path.name for path in sorted(database(site).parent.glob("*.before-*"))] == [
        f"arshjul.db.before-{SCHEMA}",
        f"arshjul.db.before-{SCHEMA}-2",
    ]


def test_version_tells_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert re.fullmatch(rf"arshjul \d+\.\d+\.\d+, skjema {SCHEMA}\n", capsys.readouterr().out)


def test_backup_is_whole_and_restored(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, expected = tmp_path / "kopi.db", links(site)
    assert run(site, "backup", str(copy)) == 0
    assert (copy.stat().st_mode & 0o777, sorted(tmp_path.glob("*kopi*"))) == (0o600, [copy])
    assert run(site, "backup", str(copy)) == 1
    assert "finnes fra før, og er ikke rørt" in capsys.readouterr().err
    assert run(site, "backup", str(copy), "--yes") == 0
    assert run(site, "token", "add", "region/styret") == 0
    later = links(site)

    assert run(site, "restore", str(copy)) == 0

    assert links(site) == expected
    told = capsys.readouterr().out
    aside = site / "var" / "arshjul.db.replaced-20261120T110000"
    assert f"Det som var der, ligger i {aside}\n" in told
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT feed, label FROM feed_token ORDER BY created_at").fetchall() == later
    assert run(site, "token", "list") == 0


@pytest.mark.parametrize("content", [b"", b"ikke en database", b"SQLite format 3\0" + b"x" * 5000])
def test_file_that_is_no_database_of_ours_is_not_put_in(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    wrong, expected = tmp_path / "kopi.db", links(site)
    wrong.write_bytes(content)
    assert run(site, "restore", str(wrong)) == 1
    assert "er ikke en database fra arshjul, eller den er skadet" in capsys.readouterr().err
    assert links(site) == expected
    assert list(database(site).parent.glob("*.replaced-*")) == []


def test_nothing_is_put_in_while_a_sender_has_the_database(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "kopi.db"
    assert run(site, "backup", str(copy)) == 0
    with closing(open_store(f"sqlite:///{database(site)}", site / "var")) as store, sender_lock(store):
        assert run(site, "backup", str(tmp_path / "igjen.db")) == 0
        assert run(site, "restore", str(copy)) == 1
        assert "En annen arshjul sender allerede brev" in capsys.readouterr().err
        (site / "var" / "arshjul.db.sender").unlink()
        assert restore_elsewhere(site, copy) == (1, True)
        assert run(site, "migrate") == 0


def restore_elsewhere(site: Path, copy: Path) -> tuple[int, bool]:
    """Run `restore` in a process of its own, and tell its code and whether it said that the database is in use."""
    done = subprocess.run(command("-C", str(site), "restore", str(copy)), capture_output=True, check=False, cwd=ROOT)
    return done.returncode, "er i bruk" in done.stderr.decode()


def test_nothing_is_put_in_while_another_program_has_the_database(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kopi.db"
    assert run(site, "backup", str(copy)) == 0
    with closing(sqlite3.connect(database(site))) as other:
        other.execute("SELECT count(*) FROM fact").fetchone()
        assert restore_elsewhere(site, copy) == (1, True)
    assert restore_elsewhere(site, copy) == (0, False)


def test_nothing_is_brought_up_to_date_while_a_sender_has_the_database(site: Path) -> None:
    make_older(site)
    with (site / "var" / "arshjul.db.sender").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(site, "migrate") == 1
    assert schema(site) == "0006"


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_database_is_no_place_for_its_own_copy(site: Path, capsys: pytest.CaptureFixture[str], end: str) -> None:
    expected = links(site)
    assert run(site, "backup", f"{database(site)}{end}", "--yes") == 1
    assert "er databasen selv" in capsys.readouterr().err
    assert run(site, "restore", f"{database(site)}{end}") == 1
    assert links(site) == expected


def test_copy_of_a_later_program_or_with_a_log_beside_it_is_not_put_in(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "kopi.db"
    assert run(site, "backup", str(copy)) == 0
    (tmp_path / "kopi.db-wal").write_bytes(b"x" * 100)
    assert run(site, "restore", str(copy)) == 1
    (tmp_path / "kopi.db-wal").unlink()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(site, "restore", str(copy)) == 1
    told = capsys.readouterr().err
    assert "ligger en «-wal» med noe i" in told
    assert f"er fra en nyere utgave av arshjul (skjema 9999, denne kjenner {SCHEMA})" in told


def test_damaged_database_is_replaced(site: Path, tmp_path: Path) -> None:
    copy, expected = tmp_path / "kopi.db", links(site)
    assert run(site, "backup", str(copy)) == 0
    database(site).write_bytes(b"skadet" * 5000)
    assert run(site, "restore", str(copy)) == 0
    assert links(site) == expected


WRITE_AND_DIE = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA wal_autocheckpoint = 0")
for number in range(int(sys.argv[2])):
    connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (f"k{number}", "x" * 500))
os.kill(os.getpid(), 9)
"""


def killed(path: Path, rows: int = 300) -> None:
    """Leave a log beside a database, as a service that is killed while it writes."""
    done = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(path), str(rows)], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert Path(f"{path}-wal").stat().st_size > 0


def test_copy_put_in_beside_the_log_of_a_killed_service_is_not_destroyed(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The guide's backup of old: VACUUM INTO, and the copy put in place by hand."""
    copy, expected = tmp_path / "kopi.db", links(site)
    killed(database(site))
    assert run(site, "outbox", "list") == 0  # its own log is read
    asked(site, "VACUUM INTO '" + str(copy) + "'")
    killed(database(site), 2000)
    log = database(site).with_name("arshjul.db-wal")
    shutil.copyfile(copy, database(site))
    before = (copy.read_bytes(), log.read_bytes())
    capsys.readouterr()

    for asked_for in (["outbox", "list"], ["send"], ["token", "list"]):
        assert run(site, *asked_for) == 1
        assert "«arshjul.db-wal», som hører til en annen database" in capsys.readouterr().err
    assert (database(site).read_bytes(), log.read_bytes()) == before

    log.unlink()
    database(site).with_name("arshjul.db-shm").unlink(missing_ok=True)
    assert run(site, "token", "list") == 0
    assert links(site) == expected


def test_log_of_another_database_is_seen(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path / "annet")
    assert run(tmp_path / "annet", "send") == 0
    killed(database(tmp_path / "annet"))
    shutil.copyfile(
        database(tmp_path / "annet").with_name("arshjul.db-wal"), database(site).with_name("arshjul.db-wal")
    )
    assert run(site, "outbox", "list") == 1
    assert "hører til en annen database" in capsys.readouterr().err


def test_own_log_of_a_killed_service_is_read(site: Path) -> None:
    killed(database(site), 50)
    assert run(site, "outbox", "list") == 0
    assert asked(site, "SELECT count(*) FROM fact WHERE key LIKE 'k%'") == [(50,)]


@pytest.mark.parametrize("away", ["var/annen.db", "annet/arshjul.db"])
def test_empty_database_in_the_place_of_another_is_asked_about(
    site: Path, capsys: pytest.CaptureFixture[str], away: str
) -> None:
    (site / ".arshjul.witness").unlink(missing_ok=True)
    with (site / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'[store]\nurl = "sqlite:///{away}"\n')
    for asked_for in (["send"], ["token", "list"], ["outbox", "list"]):
        assert run(site, *asked_for) == 1
        assert f"Databasen er tom, men «{database(site)}» er det en database i." in capsys.readouterr().err
    assert run(site, "migrate", "--new") == 0
    assert run(site, "send") == 0


def test_database_that_is_removed_with_its_folder_is_asked_about(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / ".arshjul.witness").write_text("0123456789abcdef 7\n", encoding="ascii")
    shutil.rmtree(site / "var")
    assert run(site, "send") == 1
    assert f"«{site}/.arshjul.witness» vet om en annen database" in capsys.readouterr().err
    assert run(site, "migrate", "--new") == 0
    assert run(site, "send") == 0
    assert os.access(database(site), os.R_OK)
