"""Time zones: M9 and M10 of the feeds guide. Feeds hold instants; what makes them is pinned."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from arshjul.organisation import Organisation
from arshjul.rounds.publish import year_of
from arshjul.timing.days import OSLO
from tests.conftest import ROOT
from tests.core.feeds import BOARD, STAMP, feed, values

HOUR = timedelta(hours=1)


def test_m09_no_shipped_feed_needs_a_time_zone(shipped: Organisation) -> None:
    year = year_of(shipped, STAMP.date())
    found = [*year.occurrences, replace(BOARD, period="2099-12")]
    whole = feed(found, name="Alt", uid_domain="example.no", stamp=STAMP)
    starts = values(whole, "DTSTART")
    assert len(starts) == len(year.entries) + 1 > 500
    assert re.findall(r"TZID|VTIMEZONE|TZOFFSET|X-WR-TIMEZONE", whole.body.decode()) == []
    assert [start for start in starts if not re.fullmatch(r";VALUE=DATE:\d{8}|:\d{8}T\d{6}Z", start)] == []
    assert ":20261204T090000Z" in starts


def test_m10_zones_are_those_of_the_pinned_package() -> None:
    assert zoneinfo.TZPATH == ()
    (pinned,) = re.findall(r"(?m)^tzdata==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert version("tzdata") == pinned


def test_m10_machines_own_zone_files_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Oslo").write_bytes(b"old and wrong")
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    assert zoneinfo.ZoneInfo.no_cache("Europe/Oslo").utcoffset(datetime(2027, 7, 1)) == 2 * HOUR  # noqa: DTZ001  (local)


SUMMERS = [
    (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)),
    (datetime(2028, 3, 26, 1, tzinfo=UTC), datetime(2028, 10, 29, 1, tzinfo=UTC)),
    (datetime(2029, 3, 25, 1, tzinfo=UTC), datetime(2029, 10, 28, 1, tzinfo=UTC)),
    (datetime(2030, 3, 31, 1, tzinfo=UTC), datetime(2030, 10, 27, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("first", "end"), SUMMERS)
def test_m10_norways_hours_are_those_that_feeds_were_published_with(first: datetime, end: datetime) -> None:
    # If this fails after an upgrade of tzdata, meetings that people have in their calendars move: tell them.
    last = timedelta(seconds=1)
    offsets = [(at.astimezone(OSLO).utcoffset()) for at in (first - last, first, end - last, end)]
    assert offsets == [HOUR, 2 * HOUR, 2 * HOUR, HOUR]
