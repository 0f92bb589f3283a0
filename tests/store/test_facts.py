"""A fact is remembered once, however many write it down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from arshjul.store import facts
from arshjul.store.engine import Store

WRITERS = 4


def test_writers_at_once_do_not_collide(any_store: Store) -> None:
    ready = Barrier(WRITERS)

    def write(number: int) -> None:
        ready.wait(5)
        with any_store.writing() as connection:
            facts.put(connection, "key", f"{number}")

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    with any_store.reading() as connection:
        assert facts.get(connection, "key") in {f"{number}" for number in range(WRITERS)}
