"""Whether the database is fit to be trusted with letters: durable, writable, whole, with room to grow."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from arshjul.core.checkup import Finding, well, wrong
from arshjul.core.system_errors import why
from arshjul.store import facts, witness
from arshjul.store.engine import Store, StoreError

LEAST_FREE: Final = 100_000_000
KEY: Final = ("store", "url")
PRAGMAS: Final = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}


def look(store: Store) -> Iterator[Finding]:
    """Yield what is found; a database that fails is a finding too."""
    try:
        with store.writing() as connection:
            facts.put(connection, "doctor", "was here")
            facts.forget(connection, "doctor")
        yield well("Databasen kan skrives.")
        if store.is_sqlite:
            yield from _sqlite(store)
        yield from _folder(store)
        if not witness.is_writable(store):
            text_ = f"«{store.witness}» kan ikke skrives. Settes «var» tilbake fra en kopi, blir det ikke oppdaget."
            yield wrong(
                text_, "store", "witness", ask="Sett witness under [store] til en fil som tjenesten kan skrive."
            )
    except StoreError as error:
        yield wrong(str(error), *KEY, ask="Se etter at disken ikke er full, og at tjenestens bruker eier mappen.")


def _sqlite(store: Store) -> Iterator[Finding]:
    with store.reading() as connection:
        found = {name: str(connection.execute(text(f"PRAGMA {name}")).scalar()) for name in PRAGMAS}
        whole = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if found == PRAGMAS:
        yield well("Databasen tåler strømbrudd (WAL, synchronous = FULL).")
    else:
        ask = "Ligger databasen på en nettverksdisk? Flytt den til en disk i maskinen."
        yield wrong(f"Databasen tåler kanskje ikke strømbrudd: {found}", *KEY, ask=ask)
    if whole != "ok":
        yield wrong(f"Databasen er skadet: {whole}", *KEY, ask="Hent frem den siste sikkerhetskopien.")


def _folder(store: Store) -> Iterator[Finding]:
    """Look at the folder of the small files, where SQLite has the database too."""
    folder = store.folder
    where = "der databasen ligger" if store.is_sqlite else f"i «{folder}», der det noteres hva som er sendt"
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield wrong(f"Bare {free // 1_000_000} MB ledig {where}.", *KEY, ask="Gjør plass på disken.")
    else:
        yield well(f"{free // 1_000_000_000} GB ledig {where}.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield wrong(f"Mappen «{folder}» kan ikke skrives: {why(error)}", *KEY, ask=f"Kjør: chmod u+w {folder}")
