"""The command with its letters on a PostgreSQL server: what it notes beside the database lies in the site's var/."""

from __future__ import annotations

import mailbox
import re
import shutil
from pathlib import Path

import pytest

from arshjul.store import facts
from arshjul.store.engine import open_store
from arshjul.store.facts import IDENTITY
from tests.cli.test_trouble import DUE, ready
from tests.clock import main
from tests.databases import back_up, fetch_back, postgresql_server, postgresql_url
from tests.serving import free_port, started
from tests.small_site import write_site

__all__ = ["postgresql_server", "postgresql_url"]


def run(site: Path, *arguments: str) -> int:
    return main(["-C", str(site), *arguments])


def in_mailbox(site: Path) -> int:
    return len(mailbox.Maildir(site / "var" / "mail"))


def test_doctor_looks_at_the_folder_of_the_notes(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ready(tmp_path, postgresql_url)
    capsys.readouterr()
    run(site, "doctor")
    said = capsys.readouterr().out
    assert "✓ Databasen kan skrives.\n" in said
    assert f" GB ledig i «{site / 'var'}», der det noteres hva som er sendt.\n" in said


def test_a_database_fetched_back_beside_an_empty_folder_sends_nothing_again(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where the folder was that of a container: the witness lies with config.toml."""
    site = ready(tmp_path, postgresql_url)
    copy = back_up(postgresql_url)
    assert run(site, "send", "--at", DUE) == 0
    assert in_mailbox(site) == 4
    fetch_back(copy, postgresql_url)
    shutil.rmtree(site / "var")
    capsys.readouterr()

    assert run(site, "send", "--at", DUE) == 1
    assert "eldre enn brevene som er sendt fra den" in capsys.readouterr().err
    assert not (site / "var" / "mail").exists()


@pytest.mark.faults
def test_service_says_which_database_it_uses_and_names_it(tmp_path: Path, postgresql_url: str) -> None:
    port = free_port()
    write_site(tmp_path)
    store = f'[store]\nurl = "{postgresql_url}"\n'
    (tmp_path / "config.toml").write_text(f"[site]\nport = {port}\n{store}", encoding="utf-8")

    with started(tmp_path, port):
        pass

    address, _, name = postgresql_url.rpartition("/")
    host = address.rpartition("@")[2]
    said = (tmp_path / "serve.log").read_text(encoding="utf-8")
    assert f" INFO I bruk: PostgreSQL-databasen «{name}» på {host}.\n" in said
    opened = open_store(postgresql_url, tmp_path / "var")
    with opened.reading() as connection:
        assert facts.get(connection, IDENTITY)
    opened.close()


def test_a_database_fetched_back_sends_nothing_again(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ready(tmp_path, postgresql_url)
    copy = back_up(postgresql_url)
    assert run(site, "send", "--at", DUE) == 0
    assert in_mailbox(site) == 4
    names = sorted(re.sub("-[0-9a-f]{12}", "", path.name) for path in (site / "var").glob("postgresql-*"))
    assert names == ["postgresql.accepted", "postgresql.epoch"]
    fetch_back(copy, postgresql_url)
    capsys.readouterr()

    assert run(site, "send", "--at", DUE) == 1
    assert "eldre enn brevene som er sendt fra den" in capsys.readouterr().err
    assert in_mailbox(site) == 4
    assert run(site, "outbox", "release") == 0
    assert capsys.readouterr().out.startswith("Utsendingen går igjen. Den sto fordi: Databasen er eldre enn brevene")
    assert run(site, "outbox", "list") == 0
    assert capsys.readouterr().out == "Utsendingen går.\nIngen brev.\n"
