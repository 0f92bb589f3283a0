"""A file outside the folder of the database that says how often letters were claimed from it.

Is the whole folder put back from a backup, or lost with a container while PostgreSQL is put back, the counter in it
(see `epoch`) says nothing. The witness lies with `config.toml`, or where `[store] witness` says, and is only of the one
database whose name is in it: that has its name from the first start, so that every backup has it. It helps where it
can: what cannot be written is told by `doctor`, and stops no letter. A whole machine that is put back is seen by the
gap since the last round (`brakes`).
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import Final

from arshjul.store import durable, facts
from arshjul.store.engine import Store

IDENTITY: Final = "identity"
IDENTITY_BYTES: Final = 8


def note(store: Store, number: int) -> None:
    """Write down that letters have been claimed so often, after the commit and before anything is sent."""
    if store.witness is not None:
        name = name_database(store)
        with suppress(OSError):  # `doctor` says so; a letter is worth more than its witness
            durable.replace(store.witness, f"{name} {number}\n")


def noted(store: Store) -> int:
    """Return how often letters were claimed from this database as far as the witness knows, 0 if it knows nothing."""
    if store.witness is None:
        return 0
    try:
        name, number = store.witness.read_text(encoding="ascii").split()
    except (OSError, ValueError):  # away, or no witness of ours
        return 0
    with store.reading() as connection:
        is_ours = facts.get(connection, IDENTITY) == name
    return int(number) if is_ours and number.isascii() and number.isdigit() else 0


def is_writable(store: Store) -> bool:
    """Tell whether the witness can be written, as far as the system says."""
    place = store.witness
    return place is None or os.access(place if place.exists() else place.parent, os.W_OK)


def name_database(store: Store) -> str:
    """Return the name that the database has for its witness; a new one gets one. Raises StoreError."""
    if IDENTITY not in store.known:
        with store.reading() as connection:
            found = facts.get(connection, IDENTITY)
        if found is None:
            with store.writing() as connection:
                found = facts.put_first(connection, IDENTITY, secrets.token_hex(IDENTITY_BYTES))
        store.known[IDENTITY] = found
    return store.known[IDENTITY]
