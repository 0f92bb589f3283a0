"""`serve` started anew, as after a reboot, on files with a mistake: the last good year is served, and reminded of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cli.test_always import CALENDAR, broken, run
from tests.serving import free_port, started, until


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def folder(tmp_path: Path, port: int) -> Path:
    """A site that `send` has run on once, before anything was due; a letter is then due while its files are broken."""
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(CALENDAR, encoding="utf-8")
    config = f'[site]\nport = {port}\nindex = "all"\n[letters]\nsend_days = ["fredag"]\nleads = ["25 dager"]\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    assert run(tmp_path, "send", "--at", "2026-11-18T09:00") == 0
    return tmp_path


@broken
@pytest.mark.faults
def test_last_good_year_is_served_and_reminded_of(folder: Path, port: int, spoil: Callable[[Path], None]) -> None:
    """By the tests' clock it is noon on 20 November, 25 days before the report."""
    spoil(folder)

    with started(folder, port) as served:
        page = httpx.get(served.url, trust_env=False).text
        feed = httpx.get(served.feed("k"), trust_env=False).text
        letters = folder / "var" / "mail" / "new"
        until(lambda: letters.is_dir() and any(letters.iterdir()), "a letter has gone")

    assert "Kalenderfilene har feil" in page
    assert "bygger på den siste gode utgaven" in page
    assert re.findall("DTSTART;VALUE=DATE:(.*)\r", feed) == ["20261215", "20271215"]
    assert [b"Rapporten sendes" in one.read_bytes() for one in letters.iterdir()] == [True]
    assert "De siste filene som var i orden, brukes." in (folder / "serve.log").read_text(encoding="utf-8")


@broken
def test_without_last_good_files_it_says_so_and_ends(
    folder: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(folder)
    shutil.rmtree(folder / "var" / "last-good")

    assert run(folder, "serve") == 1
    assert capsys.readouterr().err.splitlines()[-1] == "Én feil. Ingenting er gjort."
