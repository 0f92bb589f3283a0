"""Wrong use, missing files and odd files: a sentence in Norwegian, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.clock import main
from tests.small_site import edit

OUTSIDE = "er utenfor årene 1900–2200"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("read", "--year", "99999", "Q3"), f"arshjul read: --year: «99999» {OUTSIDE}"),
        (("read", "--year", "-5", "Q3"), f"arshjul read: --year: «-5» {OUTSIDE}"),
        (("read", "--year", "0", "Q3"), f"arshjul read: --year: «0» {OUTSIDE}"),
        (("read", "--year", "26", "Q3"), f"arshjul read: --year: «26» {OUTSIDE}"),
        (("read", "--year", "i år", "Q3"), "arshjul read: --year: «i år» er ikke noe årstall; skriv 2027"),
        (("agenda", "--from", "9999-01-01"), f"arshjul agenda: --from: «9999-01-01» {OUTSIDE}"),
        (("agenda", "--from", "0001-01-01"), f"arshjul agenda: --from: «0001-01-01» {OUTSIDE}"),
        (("send", "--at", "0001-01-01T00:00"), f"arshjul send: --at: «0001-01-01T00:00» {OUTSIDE}"),
        (("send", "--at", "9999-12-31T23:59"), f"arshjul send: --at: «9999-12-31T23:59» {OUTSIDE}"),
        (
            ("token", "rotate", "abc", "--days", "mange"),
            "arshjul token rotate: --days: «mange» er ikke noe tall; skriv for eksempel 30",
        ),
        (("agenda", "--json=1"), "arshjul agenda: --json: her skal det ikke stå noen verdi: '1'"),
        (("explain",), "arshjul explain: det mangler: NØKKEL"),
    ],
)
def test_argument_that_cannot_be_is_refused(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert left.value.code == 2
    assert capsys.readouterr().err.splitlines()[0] == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("--from", "2027-03-01", "--to", "2027-02-01"), "--to (1. februar 2027) er før --from (1. mars 2027).\n"),
        (("--to", "2020-01-01"), "--to (1. januar 2020) er før i dag. Skriv også --from.\n"),
    ],
)
@pytest.mark.parametrize("command", ["agenda", "preview"])
def test_days_that_end_before_they_begin_are_refused(
    site: Path, command: str, days: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, command, *days) == 2
    assert capsys.readouterr() == ("", told)


def test_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "borte", "check") == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'borte'}:1:1: Mappen finnes ikke.")


@pytest.mark.parametrize("command", ["check", "agenda", "serve", "publish"])
def test_config_that_is_missing_or_empty_stops_every_command(
    site: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the values of an empty config, private calendars would be shown to all."""
    arguments = [command, *([str(site / "ut")] if command == "publish" else [])]
    (site / "config.toml").write_text("# alt er borte\n")
    assert run(site, *arguments) == 1
    assert capsys.readouterr().err.startswith("config.toml:1:1: config.toml er tom.")

    (site / "config.toml").unlink()
    assert run(site, *arguments) == 1
    assert capsys.readouterr().err.startswith("config.toml:1:1: config.toml mangler.")
    assert not (site / "ut").exists()


def test_folder_of_calendars_is_told_at_the_line_that_names_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(site / "config.toml", 'calendars = "calendars"', 'calendars = "kalendere"')
    assert run(site, "check") == 1
    assert capsys.readouterr().err.startswith(
        "config.toml:13:13: Mappen «kalendere» finnes ikke.\n    Rett calendars under [files], eller lag mappen.\n"
    )

    (site / "kalendere").mkdir()
    (site / "kalendere" / "ny.toml.txt").touch()
    assert run(site, "check") == 1
    assert capsys.readouterr().err.startswith(
        "config.toml:13:13: Mappen «kalendere» har ingen kalenderfiler (*.toml).\n"
        "    Navnet må slutte på .toml, med små bokstaver: ny.toml.txt.\n"
    )


def test_pipe_and_folder_with_a_calendars_name_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(site / "calendars" / "a.toml")
    (site / "calendars" / "b.toml").mkdir()

    assert run(site, "check") == 1
    assert capsys.readouterr().err == (
        "calendars/a.toml:1:1: Dette er ingen vanlig fil.\ncalendars/b.toml:1:1: Dette er ingen vanlig fil.\n"
        "\n2 feil. Ingenting er gjort.\n"
    )


def test_file_whose_name_keeps_it_from_being_read_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("k.toml.txt", "K.TOML", "k.toml~", ".k.toml.swp"):
        (site / "calendars" / name).touch()

    assert run(site, "check") == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "K.TOML: Filen leses ikke, for navnet slutter ikke på .toml.",
        "k.toml.txt: Filen leses ikke, for navnet slutter ikke på .toml.",
    ]
