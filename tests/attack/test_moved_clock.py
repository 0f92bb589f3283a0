"""`serve` while the clock on the wall is moved, and only that one: no silence, no letter too early, nobody needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from arshjul.health import HELD
from arshjul.letters.brakes import HoldKind
from tests.conftest import ROOT, need
from tests.serving import free_port, until
from tests.small_site import edit, write_site

CLOCK = HELD[HoldKind.CLOCK]
SOON = 60.0
"""Seconds: both clocks are looked at each twenty."""


@dataclass(frozen=True)
class Faked:
    """A service whose clock is `moved` from the machine's."""

    url: str
    offset: Path

    def move(self, by: str) -> None:
        """Move the clock on the wall, "+25h" from the machine's; the monotonic one goes on."""
        draft = self.offset.with_name("draft")
        draft.write_text(f"{by}\n", encoding="ascii")
        draft.replace(self.offset)

    def health(self) -> dict[str, object]:
        found: dict[str, object] = httpx.get(f"{self.url}/healthz", trust_env=False).json()
        return found

    def faults(self) -> list[str]:
        faults = self.health()["faults"]
        assert isinstance(faults, list)
        return [one["words"] for one in faults]

    def planned_ago(self) -> float:
        """Return the seconds since planning last went well, by the monotonic clock."""
        facts = self.health()["facts"]
        assert isinstance(facts, dict)
        return float(facts["planning"]["seconds_since_success"] or 1e9)


@pytest.fixture
def faked(tmp_path: Path) -> Iterator[Faked]:
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    library = need("faketime", str(libraries[0]) if libraries else None)
    write_site(tmp_path)
    port = free_port()
    edit(tmp_path / "config.toml", "port = 8000", f"port = {port}")
    site = Faked(f"http://127.0.0.1:{port}", tmp_path / "offset")
    site.move("+0")
    environment = os.environ | {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(site.offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    asked = [sys.executable, "-m", "arshjul", "-C", str(tmp_path), "serve"]
    with (
        (tmp_path / "serve.log").open("wb") as out,
        subprocess.Popen(asked, stdout=out, stderr=out, cwd=ROOT, env=environment) as process,
    ):
        try:
            until(lambda: is_well(site), "all is well")
            yield site
        finally:
            process.terminate()
            assert process.wait(60) == 0


def is_well(site: Faked) -> bool:
    try:
        return site.faults() == []
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("ahead", ["+25h", "+30d", "+40m"])
def test_clock_that_is_ahead_for_a_while_holds_the_letters_for_that_long(faked: Faked, ahead: str) -> None:
    faked.move(ahead)
    until(lambda: CLOCK in faked.faults(), "the jump is found", SOON)
    faked.move("+0")
    until(lambda: faked.faults() == [], "nobody is needed", 2 * SOON)
    assert faked.planned_ago() < SOON


@pytest.mark.parametrize("behind", ["-2h", "-1h"])
def test_clock_that_is_set_back_keeps_nothing_from_being_planned(faked: Faked, behind: str) -> None:
    faked.move(behind)
    for _ in range(2):
        until(lambda: faked.planned_ago() > 10, "time goes on", SOON)
        until(lambda: faked.planned_ago() < 5, "the next round", 1.5 * SOON)
    assert faked.faults() == []
