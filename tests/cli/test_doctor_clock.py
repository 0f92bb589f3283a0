"""What doctor says of the clock, asked of a timedatectl in the path that answers as it is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_doctor import install, site, small
from tests.clock import main

__all__ = ["site", "small"]

UNKNOWN = "– Om klokken holdes riktig med NTP, er ikke undersøkt: "


def said_of_clock(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().out.splitlines()
    (found,) = [line for line in lines if "NTP" in line]
    return found


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        ("echo yes", 0, "✓ Klokken holdes riktig med NTP."),
        ("echo no", 1, "✗ Klokken holdes ikke riktig med NTP, så brev kan gå på feil tid."),
        ("echo", 0, f"{UNKNOWN}timedatectl sier ikke ja eller nei."),
        ("printf '\\377\\n'", 0, f"{UNKNOWN}timedatectl sier ikke ja eller nei."),
        ("echo yes; exit 1", 0, f"{UNKNOWN}timedatectl får ikke svar av systemet."),
        ("exec sleep 9", 0, f"{UNKNOWN}timedatectl svarer ikke."),
    ],
)
def test_doctor_tells_whether_the_clock_is_kept(  # noqa: PLR0917  (fixtures and parameters)
    small: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    told: str,
) -> None:  # fmt: skip
    programs = tmp_path / "programs"
    programs.mkdir()
    install(programs, f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n{answer}')
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("arshjul.service.clock.TIMEOUT_S", 1.0)
    assert main(["-C", str(small), "doctor"]) == code
    assert said_of_clock(capsys) == told
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "show --property=NTPSynchronized --value\n"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, f"{UNKNOWN}maskinen har ikke timedatectl."),
        ("\x7fELF, but no more", f"{UNKNOWN}timedatectl kan ikke kjøres: feil 8 fra systemet."),
    ],
)
def test_a_machine_that_cannot_say_is_not_wrong(  # noqa: PLR0917  (fixtures and parameters)
    small: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    told: str,
) -> None:  # fmt: skip
    programs = tmp_path / "programs"
    programs.mkdir()
    if script:
        install(programs, script)
    monkeypatch.setenv("PATH", str(programs))
    assert main(["-C", str(small), "doctor"]) == 0
    assert said_of_clock(capsys) == told
