"""One guard over every loop: a fault is logged once, told wherever it is asked, and ends no loop."""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from arshjul.health import AGAIN, Area, Fault, Health
from arshjul.service.guard import SHOWING, WATCHING, Guard, Ticks, ticking
from arshjul.service.running import Service
from arshjul.web.app import create_app
from tests.service.test_reload import with_service
from tests.small_site import edit

LOOP = "Runden feilet."


async def fails(words: str) -> None:
    raise ValueError(words)


async def goes_well() -> None:
    pass


def test_fault_is_logged_once_for_as_long_as_it_stays_the_same(caplog: pytest.LogCaptureFixture) -> None:
    guard = Guard()

    async def work() -> list[tuple[bool, float]]:
        steps = [fails("a"), fails("a"), fails("b"), fails("b"), goes_well(), goes_well(), fails("b")]
        return [(await guard.step(LOOP, step), guard.pause(LOOP, 0.5)) for step in steps]

    with caplog.at_level(logging.INFO, "arshjul"):
        went = asyncio.run(work())

    assert went == [(False, 1), (False, 2), (False, 4), (False, 8), (True, 0.5), (True, 0.5), (False, 1)]
    assert [record.message for record in caplog.records] == [LOOP, LOOP, f"Det går igjen. {LOOP}", LOOP]


def test_pauses_grow_to_a_minute_and_no_further() -> None:
    guard = Guard()

    async def work() -> None:
        for _ in range(100):
            await guard.step(LOOP, fails("a"))

    asyncio.run(work())
    assert guard.pause(LOOP) == 60


def test_stop_is_no_fault() -> None:
    async def work() -> None:
        await Guard().step(LOOP, asyncio.sleep(60))

    async def stopped() -> None:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())


def test_loop_that_has_not_come_round_for_twice_its_time_is_late() -> None:
    clock = iter((100.0, 110.0, 111.0, 300.0, 300.0, 300.0, 370.0, 371.0, 421.0))
    guard = Guard({"rask": 5.0, "treg": 60.0}, lambda: next(clock))

    assert [guard.late() for _ in range(3)] == [{}, {"rask": 11.0}, {"rask": 200.0, "treg": 200.0}]
    guard.came_round("rask", 60.0)
    guard.came_round("treg")
    assert [guard.late() for _ in range(3)] == [{}, {"rask": 11.0}, {"rask": 61.0, "treg": 121.0}]


@contextmanager
def no_files_left() -> Iterator[None]:
    """Let this process open no more files, as when too many connections are open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def asked(service: Service, path: str) -> httpx.Response:
    way = httpx.ASGITransport(app=create_app(service.site))
    async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1") as client:
        return await client.get(path)


def test_watch_without_files_to_open_goes_on_and_is_told_everywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def use(service: Service) -> None:
        await service.tick()
        well = (await asked(service, "/healthz")).json()
        assert (well["status"], well["faults"], sorted(well["facts"])) == ("ok", [], sorted(Area))
        with no_files_left():
            assert not await service.watch_once()
            assert service.health().failing == (Fault(Area.FILES, WATCHING),)
            assert service.health().failing[0].ask == AGAIN
            ready, healthy = await asked(service, "/readyz"), await asked(service, "/healthz")
        assert (ready.status_code, ready.text) == (200, f"klar\n- {WATCHING}\n")
        assert (healthy.status_code, healthy.json()["status"]) == (503, "fault")
        assert healthy.json()["faults"] == [{"area": "files", "words": WATCHING}]
        assert WATCHING in (await asked(service, "/")).text

        edit(tmp_path / "calendars" / "region.toml", 'title = "Styremøte"', 'title = "Møte i styret"')
        for _ in range(3):
            assert await service.watch_once()
        assert service.health() == Health()
        assert "Møte i styret" in (await asked(service, "/")).text

    with_service(tmp_path, use)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [WATCHING]


def test_store_that_is_gone_is_told_though_the_page_cannot_be_made_anew(tmp_path: Path) -> None:
    async def use(service: Service) -> None:
        service.store.close()
        for path in (tmp_path / "var").glob("arshjul.db*"):
            path.unlink()
        (tmp_path / "var" / "arshjul.db").mkdir()
        await service.look_once()
        assert Fault(Area.FEEDS, SHOWING) in service.health().failing
        assert SHOWING in (await asked(service, "/")).text
        assert (await asked(service, "/healthz")).status_code == 503
        assert (await asked(service, "/readyz")).status_code == 200

    with_service(tmp_path, use)


def test_files_with_a_fault_are_a_fault_of_health_without_its_words(tmp_path: Path) -> None:
    async def use(service: Service) -> None:
        edit(tmp_path / "calendars" / "region.toml", 'title = "Styremøte"', 'hemmelig = "Ola"')
        await service.reload()
        answer = await asked(service, "/healthz")
        assert answer.status_code == 503
        assert answer.json()["faults"] == [
            {"area": "files", "words": "Det er feil i filene, så de forrige brukes fortsatt."}
        ]

    with_service(tmp_path, use)


@pytest.mark.parametrize("moved", [-7200.0, 7200.0, 30 * 86400.0, -6.0])
def test_clock_that_is_moved_makes_no_tick_late(moved: float) -> None:
    shift = 0.0

    async def work(job: Any, ticked: asyncio.Event) -> None:  # noqa: ANN401  (apscheduler has no types)
        nonlocal shift
        ticks = Ticks(job, lambda: shift, lambda: 0.0)
        assert not ticks.look()
        shift = moved
        assert ticks.look()
        assert not ticks.look()
        await asyncio.wait_for(ticked.wait(), 10)

    with_job(work, seconds=60)


@pytest.mark.parametrize("ahead", [{"days": 30}, {"hours": 2}, {"seconds": 70}])
def test_tick_that_a_clock_ahead_has_put_far_away_comes_at_once_though_no_look_saw_the_clock_move(
    ahead: dict[str, int],
) -> None:
    """Set ahead for one tick and right again, all between two looks."""

    async def work(job: Any, ticked: asyncio.Event) -> None:  # noqa: ANN401  (apscheduler has no types)
        assert Ticks(job, lambda: 0.0, lambda: 0.0).look()
        await asyncio.wait_for(ticked.wait(), 10)

    with_job(work, **ahead)


def with_job(work: Callable[[Any, asyncio.Event], Awaitable[None]], **after: int) -> None:
    """Do some work with a job of a scheduler that runs, and comes after so long."""

    async def scheduled() -> None:
        scheduler, ticked = AsyncIOScheduler(timezone=UTC), asyncio.Event()
        job = scheduler.add_job(ticked.set, "interval", **after)
        scheduler.start()
        await work(job, ticked)
        scheduler.shutdown(wait=False)

    asyncio.run(scheduled())


def test_ticks_come_by_themselves_and_a_clock_that_drifts_makes_no_more() -> None:
    async def work() -> int:
        count, drift = 0, 0.0

        def tick() -> None:
            nonlocal count
            count += 1

        with ticking(tick, seconds=0.05) as ticks:
            ticks.wall = lambda: drift
            ticks.monotonic = lambda: 0.0
            ticks.look()
            for _ in range(20):
                drift += 4.0
                assert not ticks.look()
                await asyncio.sleep(0.02)
        return count

    assert asyncio.run(work()) >= 2
