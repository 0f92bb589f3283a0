"""How often letters have been claimed, counted in the database and in a file beside it.

A database that was fetched back from a backup has forgotten what was sent since; it gives itself away by counting less
than the file. A backup must therefore leave the file `.epoch` alone, as `VACUUM INTO` and `pg_dump` do.

Machines that share a database have a file each, of what that machine has sent. One that is behind the database, or not
there, says nothing: another machine has been sending.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from arshjul.core.system_errors import why
from arshjul.store import durable, facts, witness
from arshjul.store.beside import beside
from arshjul.store.engine import Store, StoreError

EPOCH: Final = "epoch"


def advance(connection: Connection) -> int:
    """Count one more in the database, in the transaction that claims letters; returns the number, to be noted next."""
    number = int(facts.get(connection, EPOCH) or 0) + 1
    facts.put(connection, EPOCH, str(number))
    return number


def note(store: Store, number: int) -> None:
    """Write the number into the file and to the witness, after the commit and before anything is sent. StoreError.

    Neither goes back: from a database that is behind, the coordinator's letter that says so is claimed. A damaged file
    is left for a person to see, who lets the queue go (`catch_up`).
    """
    if not beside(store, EPOCH).is_file():
        _write(store, number)
    elif not damage(store):
        _write(store, max(number, _noted(store)))
    witness.note(store, max(number, witness.noted(store)))


def damage(store: Store) -> str:
    """Say what has become of the file if there is no number in it, "" if all is well."""
    path = beside(store, EPOCH)
    try:
        _noted(store)
    except ValueError:
        return f"Filen «{path}» er skadet."
    return ""


def is_behind(store: Store) -> bool:
    """Tell whether the database is older than what this machine has sent from it."""
    noted = max(_noted(store), witness.noted(store))
    with store.reading() as connection:
        return int(facts.get(connection, EPOCH) or 0) < noted


def catch_up(store: Store, connection: Connection) -> None:
    """Let the database count from where this machine's file is: a person has looked at it. A damaged file is made anew.

    Another machine's file may be ahead of that still; when it is that one's turn to send, it stands still for the same
    reason, and is let go there.
    """
    is_damaged = bool(damage(store))
    noted = 0 if is_damaged else _noted(store)
    number = max(int(facts.get(connection, EPOCH) or 0), noted, witness.noted(store))
    facts.put(connection, EPOCH, str(number))
    if is_damaged:
        _write(store, number)


def _write(store: Store, number: int) -> None:
    path = beside(store, EPOCH)
    try:
        durable.replace(path, f"{number}\n")
    except OSError as error:
        raise StoreError(f"Filen «{path}» kan ikke skrives: {why(error)}") from error


def _noted(store: Store) -> int:
    """Return the number in the file. ValueError: there is none in it."""
    path = beside(store, EPOCH)
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except OSError as error:
        unsure = "Uten den er det ikke sikkert hva som er sendt."
        raise StoreError(f"Filen «{path}» kan ikke leses: {why(error)}. {unsure}") from error
