"""`send` writes to the coordinator what must be heard today, in the same run; `check` and `preview` say it too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.test_doctor import running
from tests.clock import main
from tests.rounds.test_urgent import EVENING, LETTERS, MORNINGS, cancel, site
from tests.small_site import CONFIG
from tests.smtp_servers import ScriptedServer


def run(folder: Path, *arguments: str, now: datetime = EVENING) -> int:
    return main(["-C", str(folder), *arguments], now)


def with_server(folder: Path, port: int) -> None:
    mail = f'[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nstart_tls = false\n'
    (folder / "config.toml").write_text(CONFIG + LETTERS + mail, encoding="utf-8")


def told_folder(folder: Path) -> Path:
    """A site from which letters have gone until the evening before a meeting; returns its calendar file."""
    calendar = site(folder)
    for morning in MORNINGS:
        if morning < EVENING:
            assert run(folder, "send", "--at", f"{morning:%Y-%m-%dT%H:%MZ}", now=morning) == 0
    return calendar


def test_send_tells_the_coordinator_of_a_cancellation_at_any_hour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cancel(told_folder(tmp_path), EVENING)
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", "2027-03-11T20:00") == 0
    assert capsys.readouterr().out == "1 brev sendt.\n"
    assert run(tmp_path, "send", "--at", "2027-03-11T23:00") == 0
    assert capsys.readouterr().out == "0 brev sendt.\n"


def test_send_that_is_refused_tells_the_coordinator_in_the_same_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = told_folder(tmp_path)
    cancel(calendar, EVENING)
    refusal = "550 5.7.1 <ola@example.no>: Relay access denied"
    with running(ScriptedServer({"RCPT": [refusal, "250 OK"]})) as port:
        with_server(tmp_path, port)
        capsys.readouterr()
        assert run(tmp_path, "send", "--even-so", "--at", "2027-03-12T08:01") == 1

    told = capsys.readouterr()
    assert told.out == "1 brev sendt, 1 venter.\n"
    assert told.err.startswith("Utsendingen står: E-posttjeneren sender ikke brev videre for oss: 550 5.7.1 <ola@")


def test_letter_waits_for_the_hour_to_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendar = told_folder(tmp_path)
    cancel(calendar, EVENING)
    run(tmp_path, "send", "--at", "2027-03-11T20:00")
    calendar.write_text(calendar.read_text(encoding="utf-8").replace("cancelled =", "# cancelled ="), encoding="utf-8")
    run(tmp_path, "send", "--at", "2027-03-11T20:05")
    moved = calendar.read_text(encoding="utf-8").replace('"2027-03-12"', '"2027-03-19"')
    calendar.write_text(moved, encoding="utf-8")
    capsys.readouterr()

    for at in ("20:10", "20:59", "21:00", "21:01"):
        run(tmp_path, "send", "--at", f"2027-03-11T{at}")

    assert capsys.readouterr().out.split("\n") == [*["0 brev sendt."] * 2, "1 brev sendt.", "0 brev sendt.", ""]
