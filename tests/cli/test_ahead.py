"""`check`, `preview` and `doctor` tell what will stop letters, and what nobody hears of in time, before it is so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_urgent import run, told_folder
from tests.rounds.test_brakes import council, one_by_one
from tests.rounds.test_urgent import EVENING, cancel

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRAKE = "65 brev går tirsdag 24. november 2026 kl. 08.00; bremsen holder mer enn 50, så ingen av dem kommer av sted."
ASK = (
    "Se dem med «arshjul preview». Skal de gå, slipp dem da løs med «arshjul outbox release», eller sett "
    "letters_at_once høyere under [brakes] i config.toml."
)
UNHEARD = (
    "Avlyst: Styremøte fredag 12. mars 2027. Ingen brev går før fredag 12. mars 2027 kl. 08.00; "
    "ring dem: Ola <ola@example.no>."
)


@pytest.fixture
def slipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A council that has started, and whose lead time has become 250 workdays by a slip."""
    council(tmp_path, one_by_one())
    assert run(tmp_path, "send", "--at", "2026-11-20T10:00", now=FRIDAY) == 0
    council(tmp_path, one_by_one(), leads="250")
    capsys.readouterr()
    return tmp_path


def test_check_and_preview_tell_of_a_brake_that_will_trip(slipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(slipped, "check", now=FRIDAY) == 0
    told = capsys.readouterr().out.splitlines()
    assert f"{BRAKE} {ASK}" in told
    assert told[-1] == "Filene er i orden."  # and not all

    assert run(slipped, "preview", now=FRIDAY) == 0
    assert f"{BRAKE} {ASK}\n\n" in capsys.readouterr().out


def test_doctor_tells_of_a_brake_that_will_trip(slipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(slipped, "doctor", now=FRIDAY) == 1
    assert f"✗ {BRAKE}\n    Spør eller gjør: {ASK}\n" in capsys.readouterr().out


def test_check_says_that_all_is_well_once_the_slip_is_put_right(
    slipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council(slipped, one_by_one())

    assert run(slipped, "check", now=FRIDAY) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Alt er i orden."
    assert run(slipped, "preview", now=FRIDAY) == 0
    assert "bremsen" not in capsys.readouterr().out


def test_check_and_preview_tell_what_nobody_hears_of_in_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cancel(told_folder(tmp_path), EVENING)
    capsys.readouterr()

    assert run(tmp_path, "check", now=EVENING) == 0
    assert UNHEARD in capsys.readouterr().out.splitlines()
    assert run(tmp_path, "preview", now=EVENING) == 0
    assert UNHEARD in capsys.readouterr().out.splitlines()
