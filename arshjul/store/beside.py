"""The small files of a store, for what must be known when the database is away, or is older than what was sent from it.

SQLite has them beside its file, named after it. Those of PostgreSQL lie in a folder of the site; a name is written into
the database for them, so that it is found again however it is reached and wherever a backup of it was fetched back to,
and so that no two databases share files. Each machine has its own.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from arshjul.store import facts
from arshjul.store.engine import Store

NAME: Final = "name"
NAME_BYTES: Final = 6


def beside(store: Store, ending: str) -> Path:
    """Return the path of a small file. On PostgreSQL the database is asked for its name the first time. StoreError."""
    return store.folder / f"{store.path.name if store.path else _name(store)}.{ending}"


def _name(store: Store) -> str:
    """Return the database's own name, such as "postgresql-1f0c9a7b22e4"; a new database gets one."""
    if NAME not in store.known:
        with store.reading() as connection:
            found = facts.get(connection, NAME)
        if found is None:
            with store.writing() as connection:
                found = facts.put_first(connection, NAME, f"postgresql-{secrets.token_hex(NAME_BYTES)}")
        store.known[NAME] = found
    return store.known[NAME]
