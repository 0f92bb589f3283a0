"""The service tells its coordinator at once what must be heard today, and shows it without an address."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from arshjul.service.running import Service
from arshjul.store.engine import Store
from arshjul.web.pages import index_page
from tests.clock import clocks_of
from tests.databases import database_url, store
from tests.rounds.test_urgent import EVENING, MINUTE, alarms, cancel, read, told_site

__all__ = ["database_url", "store"]

UNHEARD = "Avlyst: Styremøte fredag 12. mars 2027. Ingen brev går før fredag 12. mars 2027 kl. 08.00; ring dem: Ola."


def test_cancellation_of_the_evening_before_is_on_the_page_at_once_and_in_a_letter_after_the_rest(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    calendar, times = told_site(tmp_path, store), [EVENING]
    service = asyncio.run(started(tmp_path, store, times))

    async def after(minutes: int) -> tuple[tuple[str, ...], int]:
        times[0] = EVENING + minutes * MINUTE
        await service.tick()
        return service.site.state.unheard, len(alarms(store))

    async def live() -> list[tuple[tuple[str, ...], int]]:
        before = await after(0)
        cancel(calendar, EVENING + MINUTE)
        await service.reload()
        return [before, *[await after(minutes) for minutes in (1, 10, 11, 12)]]

    with caplog.at_level(logging.INFO, "arshjul"):
        found = asyncio.run(live())

    assert found == [((), 0), ((UNHEARD,), 0), ((UNHEARD,), 0), ((UNHEARD,), 1), ((UNHEARD,), 1)]
    said = [record.getMessage() for record in caplog.records]
    assert (said.count(UNHEARD), said.count("Et brev om det som haster, går til koordinatoren.")) == (1, 1)
    page = index_page(service.site.state)
    assert UNHEARD in page
    assert "@" not in page


async def started(folder: Path, store: Store, times: list[datetime]) -> Service:
    return Service(read(folder), store, lambda: times[0], clocks_of(lambda: times[0]))


def test_page_says_it_until_the_letters_of_the_morning_have_gone(tmp_path: Path, store: Store) -> None:
    calendar, times = told_site(tmp_path, store), [EVENING]
    cancel(calendar, EVENING)
    service = asyncio.run(started(tmp_path, store, times))

    async def live() -> list[int]:
        found = []
        for hours in (1, 11, 14, 15):
            times[0] = EVENING + timedelta(hours=hours)
            await service.tick()
            found.append(len(service.site.state.unheard))
        return found

    assert asyncio.run(live()) == [1, 1, 0, 0]
