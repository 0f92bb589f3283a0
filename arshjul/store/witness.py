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
from pathlib import Path
from typing import Final

from arshjul.store import durable, facts
from arshjul.store.engine import Store, StoreError

DEFAULT: Final = "arshjul.db"
"""The file that the database lies in where config.toml says nothing else."""

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


def refuse_empty(store: Store, state: Path) -> None:
    """Raise StoreError when an empty database stands in the place of one that is known: by the witness, or in `state`.

    Who has links, who has said no, and what has been sent would be forgotten without a word.
    """
    other = state / DEFAULT
    if store.witness is not None and store.witness.is_file():
        known = f"«{store.witness}» vet om en annen database, som det er sendt brev fra"
    elif other.is_file() and other.stat().st_size and (store.path is None or store.path != other.resolve()):
        known = f"«{other}» er det en database i"
    else:
        return
    raise StoreError(
        f"Databasen er tom, men {known}. Uten den er lenker, nei til brev og det som er sendt, glemt. Se på url under "
        "[store], eller sett inn en kopi («arshjul restore»). Skal dere begynne på nytt, kjør «arshjul migrate --new»."
    )


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
