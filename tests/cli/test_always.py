"""What stops, revokes, says no or reports works whatever is wrong with the files, from the last good ones or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clock import main

CALENDAR = """
[calendar]
id = "k"
name = "Kalenderen"
visibility = "public"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = "innen 15. desember"
responsible = "Kontoret"
"""
KEY = "k/rapport/2026"


def run(folder: Path, *arguments: str) -> int:
    return main(["-C", str(folder), *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site that has told of the report on 17 November and has a link to its calendar."""
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[letters]\nsend_days = ["tirsdag"]\n', encoding="utf-8")
    assert run(tmp_path, "send", "--at", "2026-11-02T09:00") == 0
    assert run(tmp_path, "send", "--at", "2026-11-17T09:00") == 0
    assert run(tmp_path, "token", "add", "k/kontoret") == 0
    return tmp_path


def break_calendar(folder: Path) -> None:
    (folder / "calendars" / "k.toml").write_text(CALENDAR.replace("15. desember", "15. desembr"), encoding="utf-8")


def break_config(folder: Path) -> None:
    (folder / "config.toml").write_text("[letters\n", encoding="utf-8")


def empty_config(folder: Path) -> None:
    (folder / "config.toml").write_text("", encoding="utf-8")


def lose_config(folder: Path) -> None:
    (folder / "config.toml").unlink()


def lose_calendars(folder: Path) -> None:
    shutil.rmtree(folder / "calendars")


BREAKS = [break_calendar, break_config, empty_config, lose_config, lose_calendars]
broken = pytest.mark.parametrize("spoil", BREAKS, ids=[spoil.__name__ for spoil in BREAKS])
without_copies = pytest.mark.parametrize("has_copies", [True, False], ids=["last good", "none"])


def spoiled(folder: Path, spoil: Callable[[Path], None], *, has_copies: bool) -> None:
    spoil(folder)
    if not has_copies:
        shutil.rmtree(folder / "var" / "last-good")


@broken
@without_copies
@pytest.mark.parametrize(
    "command",
    [
        ["outbox", "hold"],
        ["outbox", "list"],
        ["token", "list"],
        ["token", "revoke", "k/kontoret"],
        ["opt-out", "list"],
        ["opt-out", "add", "kontoret@example.no"],
        ["done", KEY],
        ["explain", KEY],
        ["accept"],
    ],
    ids=" ".join,
)
def test_command_works_whatever_is_wrong_with_the_files(
    folder: Path,
    spoil: Callable[[Path], None],
    has_copies: bool,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    if command[:2] == ["token", "revoke"]:
        run(folder, "token", "list")
        command = ["token", "revoke", capsys.readouterr().out.splitlines()[-1].split("…")[0]]
    spoiled(folder, spoil, has_copies=has_copies)
    capsys.readouterr()

    assert run(folder, *command) == 0
    assert "feil. De" in capsys.readouterr().err  # which files are wrong, and what is used instead


@broken
@without_copies
def test_hold_is_ordered_and_released(
    folder: Path, spoil: Callable[[Path], None], has_copies: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled(folder, spoil, has_copies=has_copies)
    run(folder, "outbox", "hold")
    capsys.readouterr()

    assert run(folder, "outbox", "list") == 0
    assert "Utsendingen står" in capsys.readouterr().out
    assert run(folder, "outbox", "release") == 0
    run(folder, "outbox", "list")
    assert "Utsendingen går" in capsys.readouterr().out


@broken
def test_done_is_undone_without_any_files(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoiled(folder, spoil, has_copies=False)

    assert run(folder, "done", KEY) == 0
    assert run(folder, "undo", KEY) == 0


def test_done_of_what_nobody_was_told_is_refused_without_files(folder: Path) -> None:
    spoiled(folder, break_calendar, has_copies=False)

    assert run(folder, "done", "k/noe-annet/2026") == 2


@broken
def test_doctor_tells_of_broken_files_and_goes_on(
    folder: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled(folder, spoil, has_copies=True)

    assert run(folder, "doctor") == 1
    out = capsys.readouterr().out
    assert "✗ Filene har feil" in out
    assert "Databasen kan skrives." in out


@broken
def test_send_goes_by_the_last_good_files_and_says_so(
    folder: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A site that only ever runs `send` has copies too."""
    spoiled(folder, spoil, has_copies=True)
    capsys.readouterr()

    assert run(folder, "send", "--at", "2026-12-08T09:00") == 1
    told = capsys.readouterr()
    assert told.out == "1 brev sendt.\n"
    assert "De siste filene som var i orden, brukes." in told.err


def test_send_without_good_files_does_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoiled(folder, break_calendar, has_copies=False)
    capsys.readouterr()

    assert run(folder, "send", "--at", "2026-12-08T09:00") == 1
    assert "Ingenting er gjort." in capsys.readouterr().err


def test_id_that_is_changed_is_asked_about_where_only_send_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = CALENDAR.replace('id = "rapport"', 'id = "arsrapport"')
    (folder / "calendars" / "k.toml").write_text(renamed, encoding="utf-8")
    capsys.readouterr()

    assert run(folder, "send", "--at", "2026-12-08T09:00") == 1
    told = capsys.readouterr()
    assert told.out == "1 brev sendt.\n"
    assert "«arsrapport» er ny, og «rapport», som ligner, er borte." in told.err
    assert run(folder, "check") == 1
    assert "«arsrapport» er ny" in capsys.readouterr().err
