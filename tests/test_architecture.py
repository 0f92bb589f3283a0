"""The walks of `docs/architecture.md`: each function is there, and is called in the order that the page says."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest

from arshjul.loading import load
from arshjul.plan.parse import understood
from arshjul.rounds.planning import plan_round
from arshjul.rounds.publish import Publisher, public_specs, year_of
from arshjul.rounds.sending import send_round
from arshjul.service.parts import store_of, transport_of
from arshjul.timing.days import Span
from arshjul.timing.phrases import read
from arshjul.year.expand import expand
from tests.conftest import ROOT
from tests.files_of import catalogue_of
from tests.small_site import write_site

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SPRING = datetime(2027, 4, 20, 8, tzinfo=UTC)
MEETINGS = """
[[event]]
id = "styremote"
title = "Styremøte"
when = ["2027-02-12", "2027-04-23"]

[[event]]
id = "papirer"
title = "Sakspapirer"
when = "5 virkedager før styremøtet"
"""


def walk(title: str) -> list[str]:
    """Return the functions of a walk, in order."""
    (section,) = re.findall(rf"^### {title}\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(r"^\d+\. `([\w.]+)`", section, re.MULTILINE)


@contextmanager
def traced(calls: list[str]) -> Iterator[None]:
    """Note every call of a function of ours, also in threads that begin meanwhile."""

    def note(frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("arshjul."):
            calls.append(f"{module.removeprefix('arshjul.')}.{frame.f_code.co_qualname}")

    before = sys.getprofile()
    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(before)


def publish(folder: Path, calls: list[str]) -> None:
    write_site(folder)
    understood.cache_clear()  # another test may have had the same phrases read
    with traced(calls):
        year = year_of(load(folder, SPRING.date()), SPRING.date())
    with closing(store_of(year.organisation.settings, migrate=True)) as store, traced(calls):
        Publisher(store).publish(year, public_specs(year.organisation), SPRING)


def come_round(_: Path, calls: list[str]) -> None:
    with traced(calls):
        assert read("5 virkedager før styremøtet")
    catalogue = catalogue_of(MEETINGS)
    with traced(calls):
        occurrences = expand(catalogue, Span(date(2027, 1, 1), date(2028, 1, 1)))
        assert [occurrence.key for occurrence in occurrences if occurrence.id == "papirer"]


def remind(folder: Path, calls: list[str]) -> None:
    write_site(folder)
    config = folder / "config.toml"
    config.write_text(f'{config.read_text(encoding="utf-8")}\n[letters]\nfrom = "a@example.no"\n', encoding="utf-8")
    organisation = load(folder, SPRING.date())
    with closing(store_of(organisation.settings, migrate=True)) as store:
        for number in range(30):
            now = SPRING + timedelta(days=number)
            calls.clear()
            with traced(calls):
                planned = plan_round(organisation, store, now)
            if planned.queued:
                break
        with traced(calls):
            report = asyncio.run(send_round(store, transport_of(organisation.settings), lambda: now))
    assert sum(report.states.values()) == 1


@pytest.mark.parametrize(
    ("title", "go"),
    [
        ("A line of TOML to a feed", publish),
        ("A phrase to an occurrence", come_round),
        ("A reminder to an accepted letter", remind),
    ],
)
def test_walk_calls_its_functions_in_order(title: str, go: Callable[[Path, list[str]], None], tmp_path: Path) -> None:
    calls: list[str] = []

    go(tmp_path, calls)

    steps = walk(title)
    assert len(steps) >= 10
    assert [step for step in steps if step not in calls] == [], "never called"
    after = 0
    for step in steps:
        assert step in calls[after:], f"{step} is not called after the step before it"
        after += calls[after:].index(step)
