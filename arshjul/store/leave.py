"""The leave that somebody has given for many dates to vanish from the feeds at once."""

from __future__ import annotations

from typing import Final

from arshjul.store import facts
from arshjul.store.engine import Store

RELEASED: Final = "feeds-may-vanish"


def released(store: Store) -> str | None:
    """Return which vanishing there is leave for, as `core.revisions.vanishing_digest` names it."""
    with store.reading() as connection:
        return facts.get(connection, RELEASED)


def release(store: Store, vanishing: str) -> None:
    """Give leave for exactly this vanishing."""
    with store.writing() as connection:
        facts.put(connection, RELEASED, vanishing)


def use_up(store: Store) -> None:
    """Take the leave back: what it was given for has been published, or is no longer asked for."""
    if released(store) is not None:
        with store.writing() as connection:
            facts.forget(connection, RELEASED)
