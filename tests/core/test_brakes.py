"""When a person must look before anything is sent, and when a secret runs out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from arshjul.core.brakes import Reading, clock_doubt, most_letters
from arshjul.core.expiry import notice, step

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
        (HOUR, timedelta(minutes=1), True, ""),
        (25 * HOUR, timedelta(minutes=1), True, ""),
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
    before = Reading(NOON, 1000.0, "a")
    now = Reading(NOON + wall, 1000.0 + up.total_seconds() if is_same_start else 50.0, "a" if is_same_start else "b")
    assert clock_doubt(before, now) == doubt


@pytest.mark.parametrize("night", [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)])
def test_nights_that_change_the_hour_are_no_jump(night: datetime) -> None:
    readings = [Reading(night + timedelta(minutes=minute), minute * 60.0, "a") for minute in range(6 * 60)]
    assert {clock_doubt(one, other) for one, other in pairwise(readings)} == {""}


@pytest.mark.parametrize(
    ("left", "near"), [(61, None), (60, 60), (31, 60), (30, 30), (14, 14), (7, 7), (2, 7), (1, 1), (0, 0), (-9, 0)]
)
def test_secret_is_told_of_from_sixty_days_before(left: int, near: int | None) -> None:
    assert step(date(2027, 5, 31), date(2027, 5, 31) - left * DAY) == near


def test_notice_says_the_day() -> None:
    expires = date(2027, 5, 31)
    start = "Hemmeligheten for innlogging på e-posttjeneren"
    assert notice(expires, expires - 61 * DAY) == ""
    assert notice(expires, expires - DAY) == f"{start} går ut mandag 31. mai 2027, om én dag. Lag en ny før den tid."
    assert notice(expires, expires) == f"{start} gikk ut mandag 31. mai 2027. Lag en ny, og skriv når den går ut."
