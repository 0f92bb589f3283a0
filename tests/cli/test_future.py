"""`send --at` as if on a later day: never by accident to people, and silencing nothing of what comes before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cli.test_always import CALENDAR
from tests.clock import main

CONFIG = """
[letters]
send_days = ["tirsdag"]
from = "Årshjul <arshjul@example.no>"
coordinator = "Koordinator <koordinator@example.no>"
"""
SMTP = '[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 9\nstart_tls = false\n'


def write(folder: Path, config: str) -> Path:
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / "k.toml").write_text(CALENDAR, encoding="utf-8")
    (folder / "config.toml").write_text(config, encoding="utf-8")
    return folder


def subjects(folder: Path) -> list[str]:
    paths = sorted((folder / "var" / "mail" / "new").iterdir())
    found = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths)
    return sorted(str(message["Subject"]) for message in found)


def runs(folder: Path, *arguments: str) -> int:
    return main(["-C", str(folder), *arguments])


def season(folder: Path) -> list[str]:
    """Send each morning for five weeks, by a clock that shows that day, and return what was sent then."""
    before = subjects(folder) if (folder / "var" / "mail" / "new").exists() else []
    for day in range(35):
        morning = datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(days=day)
        assert main(["-C", str(folder), "send", "--at", f"{morning:%Y-%m-%dT%H:%M}"], morning) == 0
    after = subjects(folder)
    for subject in before:
        after.remove(subject)
    return after


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is sent where nothing was ever run but the days, one after the other."""
    plain = write(tmp_path_factory.mktemp("plain"), CONFIG)
    assert runs(plain, "send") == 0
    return season(plain)


def test_later_day_with_a_real_server_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, CONFIG + SMTP)

    assert main(["-C", str(folder), "send", "--at", "2027-06-30T09:00"]) == 2
    assert capsys.readouterr().err.startswith("onsdag 30. juni 2027 kl. 09.00 er frem i tid")
    assert not (folder / "var" / "mail").exists()
    assert main(["-C", str(folder), "send", "--at", "2027-06-30T09:00", "--dry-run"]) == 0


def test_run_on_a_later_day_silences_nothing_before_it(tmp_path: Path, expected: list[str]) -> None:
    ahead = write(tmp_path / "b", CONFIG)
    assert runs(ahead, "send") == 0
    main(["-C", str(ahead), "send", "--at", "2027-06-29T09:00"])

    told = season(ahead)

    assert told == expected
    assert sum("lever" in subject for subject in told) == 5


def test_first_run_on_a_later_day_is_no_first_start(tmp_path: Path, expected: list[str]) -> None:
    """What it passes over is still to come by the clock on the wall."""
    ahead = write(tmp_path / "b", CONFIG)
    assert runs(ahead, "send", "--at", "2027-06-29T09:00") == 0
    assert runs(ahead, "send") == 0

    assert season(ahead) == expected


@pytest.mark.years
def test_run_as_if_before_the_first_start_sends_nothing_that_was_past_then(tmp_path: Path, expected: list[str]) -> None:
    back = write(tmp_path / "b", CONFIG)
    assert runs(back, "send") == 0
    assert runs(back, "send", "--at", "2026-11-02T09:00") == 0
    assert runs(back, "send") == 0

    assert season(back) == expected


@pytest.mark.years
def test_pause_of_a_later_day_stops_nothing_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: list[str]
) -> None:
    ahead = write(tmp_path / "b", CONFIG)
    assert runs(ahead, "send") == 0
    (ahead / "config.toml").write_text(CONFIG + SMTP, encoding="utf-8")  # where nobody answers
    assert runs(ahead, "send", "--at", "2027-06-29T09:00", "--even-so") == 1
    (ahead / "config.toml").write_text(CONFIG, encoding="utf-8")
    capsys.readouterr()
    assert runs(ahead, "outbox", "list") == 0

    assert capsys.readouterr().out.splitlines()[0] == "Utsendingen går."
    assert season(ahead) == expected
