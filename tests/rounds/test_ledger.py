"""Whoever waits for the ledger is told how it went, whatever went wrong."""

from __future__ import annotations

import asyncio

import pytest

from arshjul.rounds.ledger import Ledger
from arshjul.store import claims, queue
from arshjul.store.claims import Claimed
from arshjul.store.engine import Store
from tests.sample_letters import NOW, many

ME = "me"


def test_a_fault_nobody_thought_of_reaches_all_who_wait(any_store: Store) -> None:
    def broken_clock() -> None:
        raise ZeroDivisionError

    first, second = claimed(any_store)
    ledger = Ledger(any_store, ME, broken_clock)  # type: ignore[arg-type]  # it never returns

    async def both() -> list[object]:
        started = asyncio.gather(ledger.data_started(first), ledger.data_started(second), return_exceptions=True)
        return [*await asyncio.wait_for(started, 5)]

    assert [type(error) for error in asyncio.run(both())] == [ZeroDivisionError] * 2


@pytest.mark.parametrize("leaver", [0, 1])
def test_who_leaves_does_not_take_the_others_along(any_store: Store, leaver: int) -> None:
    letters = claimed(any_store)
    ledger = Ledger(any_store, ME, lambda: NOW)

    async def one_leaves() -> None:
        tasks = [asyncio.create_task(ledger.data_started(letter)) for letter in letters]
        await asyncio.sleep(0)
        tasks.pop(leaver).cancel()
        await asyncio.wait_for(tasks[0], 5)

    asyncio.run(one_leaves())


def claimed(store: Store) -> tuple[Claimed, ...]:
    queue.queue(store, many(2), NOW)
    return tuple(claims.claim_due(store, NOW, ME, 10))
