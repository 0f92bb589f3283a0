"""Two saves that a disk gives the same time: the second one is read as well, in the service and beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from arshjul.loading import Look, load, look_at_site
from arshjul.plan.files import YOUNG
from arshjul.service.parts import store_of
from arshjul.service.publishing import keep_unedited
from arshjul.service.running import Service
from tests.clock import NOON, clocks_of
from tests.files_of import TODAY_OF_FILES
from tests.small_site import write_site

SAVED = NOON.timestamp()
"""A whole second, as the disk has it."""


def save(path: Path, old: str, new: str, at: float = SAVED) -> None:
    """Save in place: the file keeps its inode, its size and, to the second, its time."""
    assert len(old.encode()) == len(new.encode())
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, (at, at))


def saved_long_ago(folder: Path) -> Path:
    calendar = write_site(folder)
    for path in (calendar, folder / "config.toml"):
        os.utime(path, (SAVED - 3600, SAVED - 3600))
    return calendar


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def with_service(folder: Path, clock: Clock, use: Callable[[Service], Awaitable[None]]) -> None:
    async def using() -> None:
        organisation = load(folder, TODAY_OF_FILES)
        assert not organisation.problems
        await use(Service(organisation, store_of(organisation.settings), clock, clocks_of(clock)))

    asyncio.run(using())


async def watch(service: Service) -> None:
    for _ in range(2):  # a file must be left alone from one look to the next
        assert await service.watch_once()


def june(service: Service) -> str:
    items = service.good.catalogue.calendars["region"].items
    return next(item.when[0].text for item in items if item.id == "hoering")


@pytest.mark.parametrize("pause", [0.0, 0.9, 2.5])
def test_second_save_within_a_second_is_read(tmp_path: Path, pause: float) -> None:
    calendar, clock = saved_long_ago(tmp_path), Clock()

    async def use(service: Service) -> None:
        save(calendar, "1. juni", "2. juni")
        await watch(service)
        first = june(service)
        save(calendar, "2. juni", "3. juni")
        clock.wait(pause)
        await watch(service)
        assert (first, june(service)) == ("2. juni", "3. juni")

    with_service(tmp_path, clock, use)


def test_save_in_the_second_of_the_start_is_read(tmp_path: Path) -> None:
    calendar, clock = saved_long_ago(tmp_path), Clock()
    os.utime(calendar, (SAVED, SAVED))

    async def use(service: Service) -> None:
        save(calendar, "1. juni", "2. juni")
        clock.wait(60)
        await watch(service)
        assert june(service) == "2. juni"

    with_service(tmp_path, clock, use)


def test_save_while_the_files_are_read_is_read_after_it(tmp_path: Path) -> None:
    calendar = saved_long_ago(tmp_path)
    save(calendar, "1. juni", "2. juni")
    organisation = load(tmp_path, TODAY_OF_FILES)
    save(calendar, "2. juni", "3. juni")

    seen = look_at_site(organisation.settings, NOON, Look(*organisation.edition))

    assert seen.marks == organisation.fingerprint
    assert seen != Look(*organisation.edition)


@pytest.mark.parametrize(("age", "is_final"), [(0, False), (2, False), (3, True), (3600, True), (-60, False)])
def test_files_are_read_at_each_look_only_while_they_are_young(tmp_path: Path, age: int, *, is_final: bool) -> None:
    calendar = saved_long_ago(tmp_path)
    os.utime(calendar, (SAVED, SAVED))
    organisation, now = load(tmp_path, TODAY_OF_FILES), NOON + timedelta(seconds=age)

    seen = look_at_site(organisation.settings, now, Look(*organisation.edition))

    assert seen.is_final is is_final
    assert (look_at_site(organisation.settings, now, seen) is seen) is is_final
    assert timedelta(seconds=3) == YOUNG


def test_file_that_was_saved_again_in_the_same_second_is_not_kept_as_the_last_good_one(tmp_path: Path) -> None:
    calendar = saved_long_ago(tmp_path)
    organisation = load(tmp_path, TODAY_OF_FILES)
    kept = tmp_path / "var" / "last-good" / "region.toml"
    keep_unedited(organisation)
    before = kept.read_text(encoding="utf-8")

    save(calendar, "1. juni", "2. juni", SAVED - 3600)
    keep_unedited(organisation)

    assert "1. juni" in before
    assert kept.read_text(encoding="utf-8") == before


def test_pipe_among_the_calendars_is_not_waited_for(tmp_path: Path) -> None:
    saved_long_ago(tmp_path)
    os.mkfifo(tmp_path / "calendars" / "pipe.toml")
    organisation = load(tmp_path, TODAY_OF_FILES)

    seen = look_at_site(organisation.settings, NOON, Look(*organisation.edition))

    assert [str(problem) for problem in organisation.problems] == [
        "calendars/pipe.toml:1:1: Dette er ingen vanlig fil."
    ]
    assert seen == Look(*organisation.edition)
