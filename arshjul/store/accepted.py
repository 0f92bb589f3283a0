"""The calendar files as they were last published, and the leave to publish what the brake holds back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select

from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.tables import ACCEPTED_FILE

RELEASED: Final = "feed-brake-released"


def accepted_files(store: Store) -> dict[str, tuple[str, datetime]]:
    """Return the text of each file and when it had been saved, by its name; empty before the first publishing."""
    with store.reading() as connection:
        return {row.path: (row.text, row.changed_at) for row in connection.execute(select(ACCEPTED_FILE))}


def accept(store: Store, files: Mapping[str, tuple[str, datetime]]) -> None:
    """Keep these files, and no others, as those that were published last; leave that was given has been used."""
    rows = [{"path": path, "text": text, "changed_at": at} for path, (text, at) in files.items()]
    with store.writing() as connection:
        facts.forget(connection, RELEASED)
        connection.execute(delete(ACCEPTED_FILE))
        if rows:
            connection.execute(insert(ACCEPTED_FILE), rows)


def released(store: Store) -> str | None:
    """Return which vanishing somebody has given leave for, as `core.revisions.vanishing_digest` names it."""
    with store.reading() as connection:
        return facts.get(connection, RELEASED)


def release(store: Store, vanishing: str) -> None:
    """Give leave for exactly this vanishing."""
    with store.writing() as connection:
        facts.put(connection, RELEASED, vanishing)
