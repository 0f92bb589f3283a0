"""When a person must look before anything is sent, and when a secret runs out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from arshjul.letters.brakes import ClockSample, clock_doubt, most_letters
from arshjul.letters.rules import notice, step

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(("normal", "most"), [(0, 50), (10, 50), (11, 55), (60, 300)])
def test_limit_is_five_times_what_is_normal_and_fifty_at_least(normal: int, most: int) -> None:
    assert most_letters(normal, 50, 5) == most


@pytest.mark.parametrize(
    ("wall", "up", "is_same_start", "doubt"),
    [
        (timedelta(minutes=1), timedelta(minutes=1), True, ""),
        (90 * DAY, 90 * DAY, True, ""),
        (timedelta(minutes=-5), timedelta(minutes=1), True, ""),
        (timedelta(minutes=10), timedelta(minutes=1), True, ""),
        (25 * HOUR, 25 * HOUR, True, ""),
        (
            HOUR,
            timedelta(minutes=1),
            True,
            "Klokken hoppet frem fra fredag 20. november 2026 kl. 12.00 til fredag 20. november 2026 kl. 13.00 mens "
            "maskinen gikk.",
        ),
        (
            25 * HOUR,
            timedelta(minutes=1),
            True,
            "Klokken hoppet frem fra fredag 20. november 2026 kl. 12.00 til lørdag 21. november 2026 kl. 13.00 mens "
            "maskinen gikk.",
        ),
        (
            400 * DAY,
            timedelta(minutes=1),
            True,
            "Klokken hoppet frem fra fredag 20. november 2026 kl. 12.00 til lørdag 25. desember 2027 kl. 12.00 mens "
            "maskinen gikk.",
        ),
        (60 * DAY, HOUR, False, ""),
        (
            400 * DAY,
            HOUR,
            False,
            "Klokken viser lørdag 25. desember 2027 kl. 12.00, og forrige gang var fredag 20. november 2026 kl. 12.00, "
            "400 dager før.",
        ),
        (
            -DAY,
            HOUR,
            True,
            "Klokken viser torsdag 19. november 2026 kl. 12.00, men brev er behandlet fredag 20. november 2026 kl. "
            "12.00. Den er stilt tilbake.",
        ),
    ],
)
def test_clock_that_cannot_be_right_is_doubted(wall: timedelta, up: timedelta, is_same_start: bool, doubt: str) -> None:
    before = ClockSample(NOON, 1000.0, "a")
    now = ClockSample(
        NOON + wall, 1000.0 + up.total_seconds() if is_same_start else 50.0, "a" if is_same_start else "b"
    )
    assert clock_doubt(before, now) == doubt


@pytest.mark.parametrize("night", [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)])
def test_nights_that_change_the_hour_are_no_jump(night: datetime) -> None:
    readings = [ClockSample(night + timedelta(minutes=minute), minute * 60.0, "a") for minute in range(6 * 60)]
    assert {clock_doubt(one, other) for one, other in pairwise(readings)} == {""}


@pytest.mark.parametrize(
    ("left", "near"), [(61, None), (60, 60), (31, 60), (30, 30), (14, 14), (7, 7), (2, 7), (1, 1), (0, 0), (-9, 0)]
)
def test_secret_is_told_of_from_sixty_days_before(left: int, near: int | None) -> None:
    assert step(date(2027, 5, 31), date(2027, 5, 31) - left * DAY) == near


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (61, ""),
        (60, " går ut om 60 dager, mandag 31. mai 2027. Lag en ny før den tid."),
        (1, " går ut i morgen, mandag 31. mai 2027. Lag en ny før den tid."),
        (0, " går ut i dag, mandag 31. mai 2027. Lag en ny, og skriv i config.toml når den går ut."),
        (-1, " gikk ut mandag 31. mai 2027. Lag en ny, og skriv i config.toml når den går ut."),
    ],
)
def test_notice_says_that_the_secret_has_run_out_only_after_its_last_day(left: int, said: str) -> None:
    expires = date(2027, 5, 31)
    start = "Hemmeligheten for innlogging på e-posttjeneren" if said else ""
    assert notice(expires, expires - left * DAY) == f"{start}{said}"


@pytest.mark.parametrize(
    ("language", "left", "said"),
    [
        (
            "nn",
            7,
            "Hemmelegheita for innlogging på e-posttenaren går ut om 7 dagar, måndag 31. mai 2027. "
            "Lag ei ny før den tid.",
        ),
        (
            "nn",
            0,
            "Hemmelegheita for innlogging på e-posttenaren går ut i dag, måndag 31. mai 2027. "
            "Lag ei ny, og skriv i config.toml når ho går ut.",
        ),
        (
            "nn",
            -9,
            "Hemmelegheita for innlogging på e-posttenaren gjekk ut måndag 31. mai 2027. "
            "Lag ei ny, og skriv i config.toml når ho går ut.",
        ),
        (
            "en",
            1,
            "The secret for logging in to the mail server expires tomorrow, on Monday 31 May 2027. "
            "Create a new one before then.",
        ),
        (
            "en",
            0,
            "The secret for logging in to the mail server expires today, Monday 31 May 2027. "
            "Create a new one, and enter in config.toml when that one expires.",
        ),
        (
            "en",
            -9,
            "The secret for logging in to the mail server expired on Monday 31 May 2027. "
            "Create a new one, and enter in config.toml when that one expires.",
        ),
    ],
)
def test_notice_is_in_the_language_that_is_asked_for(language: str, left: int, said: str) -> None:
    expires = date(2027, 5, 31)
    assert notice(expires, expires - left * DAY, language) == said
