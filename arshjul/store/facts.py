"""Single things to remember, in the database and in files beside it that tell whether it is the newest."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from arshjul import disk
from arshjul.mail.verdicts import RELAY_PAUSES, relay_pause
from arshjul.printable import printable, why
from arshjul.store.engine import Store, StoreError
from arshjul.store.tables import FACT

GO_LIVE: Final = "go-live"
PAUSE: Final = "relay-pause"
PLANNED: Final = "planned-day"
"""The last day whose letters a round has planned."""
EXPECTED: Final = "expected-until"
"""The last day of which the reminders to come are noted (see `known.Expected`)."""
HOUR: Final = "letters-hour"
"""The day whose hour of letters has been; unlike PLANNED it may go back, as when days are tried out in order."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The queue rests because the mail server failed, `count` times in a row; `reason` is what it said."""

    until: datetime
    count: int
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason))

    def is_on(self, now: datetime) -> bool:
        """Tell whether it lasts at `now` (UTC); a longer one than any is of a run as if on a later day."""
        return now < self.until <= now + RELAY_PAUSES[-1]


def get(connection: Connection, key: str) -> str | None:
    value: str | None = connection.execute(select(FACT.c.value).where(FACT.c.key == key)).scalar()
    return value


def put(connection: Connection, key: str, value: str) -> None:
    """Remember a value in place of the one before, in one statement: two writers at once do not collide."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(FACT).values(key=key, value=value)
    connection.execute(new.on_conflict_do_update(index_elements=[FACT.c.key], set_={"value": value}))


def put_first(connection: Connection, key: str, value: str) -> str:
    """Remember a value unless there is one; returns the one that counts, whoever wrote it."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(FACT).values(key=key, value=value).on_conflict_do_nothing(index_elements=[FACT.c.key]))
    return get(connection, key) or value


def forget(connection: Connection, key: str) -> None:
    connection.execute(delete(FACT).where(FACT.c.key == key))


def go_live(store: Store) -> datetime | None:
    """Return the instant of the first start, None before it."""
    with store.reading() as connection:
        value = get(connection, GO_LIVE)
    return datetime.fromisoformat(value) if value else None


def pause(store: Store) -> Pause | None:
    """Return the pause that was ordered last, over or not; None after the server has taken a letter again."""
    with store.reading() as connection:
        return _read_pause(connection)


def order_pause(store: Store, now: datetime, reason: str) -> Pause:
    """Let the queue rest, longer each time in a row."""
    with store.writing() as connection:
        before = _read_pause(connection)
        count = before.count if before else 0
        ordered = Pause(now + relay_pause(count), count + 1, reason)
        put(connection, PAUSE, json.dumps([ordered.until.isoformat(), ordered.count, ordered.reason]))
    return ordered


def _read_pause(connection: Connection) -> Pause | None:
    value = get(connection, PAUSE)
    if value is None:
        return None
    until, count, reason = json.loads(value)
    return Pause(datetime.fromisoformat(until), count, reason)


RELEASED: Final = "feeds-may-vanish"


def released(store: Store) -> str | None:
    """Return which vanishing there is leave for, as `feeds.revisions.vanishing_digest` names it."""
    with store.reading() as connection:
        return get(connection, RELEASED)


def release(store: Store, vanishing: str) -> None:
    """Give leave for exactly this vanishing."""
    with store.writing() as connection:
        put(connection, RELEASED, vanishing)


def use_up(store: Store) -> None:
    """Take the leave back: what it was given for has been published, or is no longer asked for."""
    if released(store) is not None:
        with store.writing() as connection:
            forget(connection, RELEASED)


NAME: Final = "name"
NAME_BYTES: Final = 6


def beside(store: Store, ending: str) -> Path:
    """Return the path of a small file. On PostgreSQL the database is asked for its name the first time. StoreError."""
    return store.folder / f"{store.path.name if store.path else _name(store)}.{ending}"


def _name(store: Store) -> str:
    """Return the database's own name, such as "postgresql-1f0c9a7b22e4"; a new database gets one."""
    if NAME not in store.known:
        with store.reading() as connection:
            found = get(connection, NAME)
        if found is None:
            with store.writing() as connection:
                found = put_first(connection, NAME, f"postgresql-{secrets.token_hex(NAME_BYTES)}")
        store.known[NAME] = found
    return store.known[NAME]


DEFAULT: Final = "arshjul.db"
"""The file that the database lies in where config.toml says nothing else."""

IDENTITY: Final = "identity"
IDENTITY_BYTES: Final = 8


def note_witness(store: Store, number: int) -> None:
    """Write down that letters have been claimed so often, after the commit and before anything is sent."""
    if store.witness is not None:
        name = name_database(store)
        with suppress(OSError):  # `doctor` says so; a letter is worth more than its witness
            disk.replace(store.witness, f"{name} {number}\n")


def witnessed(store: Store) -> int:
    """Return how often letters were claimed from this database as far as the witness knows, 0 if it knows nothing."""
    if store.witness is None:
        return 0
    try:
        name, number = store.witness.read_text(encoding="ascii").split()
    except (OSError, ValueError):  # away, or no witness of ours
        return 0
    with store.reading() as connection:
        is_ours = get(connection, IDENTITY) == name
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
            found = get(connection, IDENTITY)
        if found is None:
            with store.writing() as connection:
                found = put_first(connection, IDENTITY, secrets.token_hex(IDENTITY_BYTES))
        store.known[IDENTITY] = found
    return store.known[IDENTITY]


EPOCH: Final = "epoch"


def advance(connection: Connection) -> int:
    """Count one more in the database, in the transaction that claims letters; returns the number, to be noted next."""
    number = int(get(connection, EPOCH) or 0) + 1
    put(connection, EPOCH, str(number))
    return number


def note_epoch(store: Store, number: int) -> None:
    """Write the number into the file and to the witness, after the commit and before anything is sent. StoreError.

    Neither goes back: from a database that is behind, the coordinator's letter that says so is claimed. A damaged file
    is left for a person to see, who lets the queue go (`catch_up`).
    """
    if not beside(store, EPOCH).is_file():
        _write(store, number)
    elif not damage(store):
        _write(store, max(number, _noted(store)))
    note_witness(store, max(number, witnessed(store)))


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
    noted = max(_noted(store), witnessed(store))
    with store.reading() as connection:
        return int(get(connection, EPOCH) or 0) < noted


def catch_up(store: Store, connection: Connection) -> None:
    """Let the database count from where this machine's file is: a person has looked at it. A damaged file is made anew.

    Another machine's file may be ahead of that still; when it is that one's turn to send, it stands still for the same
    reason, and is let go there.
    """
    is_damaged = bool(damage(store))
    noted = 0 if is_damaged else _noted(store)
    number = max(int(get(connection, EPOCH) or 0), noted, witnessed(store))
    put(connection, EPOCH, str(number))
    if is_damaged:
        _write(store, number)


def _write(store: Store, number: int) -> None:
    path = beside(store, EPOCH)
    try:
        disk.replace(path, f"{number}\n")
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
