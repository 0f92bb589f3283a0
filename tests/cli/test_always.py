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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that every test has a copy of."""
    tmp_path = tmp_path_factory.mktemp("made")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[letters]\nsend_days = ["tirsdag"]\n', encoding="utf-8")
    assert run(tmp_path, "send", "--at", "2026-11-02T09:00") == 0
    assert run(tmp_path, "send", "--at", "2026-11-17T09:00") == 0
    assert run(tmp_path, "token", "add", "k/kontoret") == 0
    return tmp_path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A site that has told of the report on 17 November and has a link to its calendar."""
    return Path(shutil.copytree(made, tmp_path / "site"))


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


def misspell_config(folder: Path) -> None:
    (folder / "config.toml").write_text('[letters]\nsend_day = ["tirsdag"]\n', encoding="utf-8")


OF_CALENDARS = [break_calendar, lose_calendars]
OF_CONFIG = [break_config, empty_config, lose_config, misspell_config]
BREAKS = [*OF_CALENDARS, *OF_CONFIG]
broken = pytest.mark.parametrize("spoil", BREAKS, ids=[spoil.__name__ for spoil in BREAKS])
without_copies = pytest.mark.parametrize("has_copies", [True, False], ids=["last good", "none"])


def spoiled(folder: Path, spoil: Callable[[Path], None], *, has_copies: bool) -> None:
    spoil(folder)
    if not has_copies:
        shutil.rmtree(folder / "var" / "last-good")


IN_THE_STORE = [
    ["outbox", "hold"],
    ["outbox", "list"],
    ["outbox", "release"],
    ["token", "list"],
    ["token", "revoke", "k/kontoret"],
    ["token", "rotate", "k/kontoret"],
    ["opt-out", "undo", "taushet@example.no"],
]
WITH_CALENDARS = [
    ["token", "add", "k/kontoret"],
    ["opt-out", "list"],
    ["opt-out", "add", "kontoret@example.no"],
    ["outbox", "release", "--without-sending"],
]


def exit_of(command: list[str]) -> int:
    """Return 1 where there is a fault to tell of: the last letters were planned days before what is now."""
    return int(command[:2] == ["outbox", "list"])


def ready(folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the command with the name of the link that it is about, where it is about one."""
    run(folder, "opt-out", "add", "taushet@example.no")
    run(folder, "token", "list")
    prefix = capsys.readouterr().out.splitlines()[-1].split("…")[0]
    return [*command[:2], prefix] if command[1] in {"revoke", "rotate"} else command


@pytest.mark.parametrize("spoil", OF_CALENDARS, ids=[spoil.__name__ for spoil in OF_CALENDARS])
@pytest.mark.parametrize("command", IN_THE_STORE, ids=" ".join)
def test_command_that_needs_no_calendar_reads_none(
    folder: Path, spoil: Callable[[Path], None], command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled(folder, spoil, has_copies=False)
    command = ready(folder, command, capsys)
    capsys.readouterr()

    assert run(folder, *command) == exit_of(command)
    assert "feil" not in capsys.readouterr().err


@pytest.mark.parametrize("spoil", OF_CALENDARS, ids=[spoil.__name__ for spoil in OF_CALENDARS])
@without_copies
@pytest.mark.parametrize("command", WITH_CALENDARS, ids=" ".join)
def test_command_that_calendars_only_help_goes_by_the_last_good_ones_or_none(
    folder: Path,
    spoil: Callable[[Path], None],
    has_copies: bool,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoiled(folder, spoil, has_copies=has_copies)

    assert run(folder, *command) == exit_of(command)
    last = "De siste som var i orden, brukes." if has_copies else "Det gjøres uten dem."
    assert f"Kalenderne kan ikke brukes som de er (se «arshjul check»). {last}\n" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", OF_CONFIG, ids=[spoil.__name__ for spoil in OF_CONFIG])
@without_copies
@pytest.mark.parametrize("command", [*IN_THE_STORE, *WITH_CALENDARS], ids=" ".join)
def test_command_goes_by_the_last_good_settings_or_says_which_database(  # noqa: PLR0917  (fixtures and parameters)
    folder: Path,
    spoil: Callable[[Path], None],
    has_copies: bool,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoiled(folder, spoil, has_copies=has_copies)
    command = ready(folder, command, capsys)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    assert run(folder, *command) == exit_of(command)
    without = f"Det gjøres i databasen {folder}/var/arshjul.db, uten config.toml."
    said = "Den siste config.toml som var i orden, brukes." if has_copies else without
    assert f"Én feil. {said}\n" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("k", "calendar:k"),
        ("k/kontoret;leads", "party:k/kontoret;leads"),
        ("recipient:Kontoret@Example.no", "recipient:kontoret@example.no"),
        ("area:k/Høring og innspill", "area:k/horing-og-innspill"),
    ],
)
def test_link_is_made_without_calendars_with_the_word_that_nobody_has_looked(
    folder: Path, asked: str, stored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled(folder, lose_calendars, has_copies=False)
    capsys.readouterr()

    assert run(folder, "token", "add", asked) == 0
    assert f"Det er ikke sett etter om «{stored}» finnes.\n" in capsys.readouterr().err
    run(folder, "token", "list")
    assert f"  {stored}  " in capsys.readouterr().out


@broken
@without_copies
@pytest.mark.parametrize("command", [["done", KEY], ["explain", KEY], ["accept"]], ids=" ".join)
def test_command_works_whatever_is_wrong_with_the_files(
    folder: Path,
    spoil: Callable[[Path], None],
    has_copies: bool,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoiled(folder, spoil, has_copies=has_copies)
    capsys.readouterr()

    assert run(folder, *command) == exit_of(command)
    assert "feil. De" in capsys.readouterr().err  # which files are wrong, and what is used instead


@broken
@without_copies
def test_hold_is_ordered_and_released(
    folder: Path, spoil: Callable[[Path], None], has_copies: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled(folder, spoil, has_copies=has_copies)
    run(folder, "outbox", "hold")
    capsys.readouterr()

    assert run(folder, "outbox", "list") == 1
    assert "✗ Utsendingen er stanset av noen.\n" in capsys.readouterr().out
    assert run(folder, "outbox", "release") == 0
    capsys.readouterr()
    run(folder, "outbox", "list")
    assert "Utsendingen" not in capsys.readouterr().out


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
    assert "✗ Det er feil i filene, så de forrige brukes fortsatt.\n" in out
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
