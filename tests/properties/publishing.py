"""Files that are taken in and published one after the other, by the service's own parts and a real database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from arshjul.organisation import Organisation
from arshjul.service.publishing import Publishing
from arshjul.settings import FeedsShape, Settings
from arshjul.store.engine import Store
from tests.databases import opened
from tests.files_of import catalogue_of
from tests.properties.calendars import Plan

MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)


@contextmanager
def site() -> Iterator[tuple[Path, Store]]:
    """Give a folder and an open database, in memory where the machine has such a place."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        stores = opened(f"sqlite:///{name}/arshjul.db", Path(name))
        try:
            yield Path(name), next(stores)
        finally:
            for _ in stores:
                pass


def organisation(plan: Plan, folder: Path) -> Organisation:
    """Return a plan's file as it is read; nothing that vanishes holds it back."""
    settings = Settings(folder, feeds=FeedsShape(vanish_share=1.0))
    return Organisation(settings, catalogue_of(plan.text()), fingerprint=((plan.text(), 0, 0, 0),))


def feed(publishing: Publishing, now: datetime) -> bytes:
    """Publish and return the bytes that are served."""
    state = publishing.state(publishing.to_show(now), now)
    return next(iter(state.feeds.values())).body


def published(plans: Iterable[tuple[Plan, datetime]]) -> list[bytes]:
    """Return the feed after each of the plans."""
    found: list[bytes] = []
    with site() as (folder, store):
        publishing = None
        for plan, now in plans:
            read = organisation(plan, folder)
            if publishing is None:
                publishing = Publishing(read, store, now)
            else:
                publishing.take_in(read, now)
            assert publishing.problems == ()
            found.append(feed(publishing, now))
    return found
