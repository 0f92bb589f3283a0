"""The commands `migrate`, `backup` and `restore`: what an upgrade, a copy and the way back need."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from arshjul.cli.commands import Need, with_files
from arshjul.organisation import Organisation
from arshjul.plan.addresses import database_in_words
from arshjul.service.parts import store_of
from arshjul.store import upkeep
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.lock import AnotherSenderError, locked_beside
from arshjul.store.upkeep import HEAD

NOT_SQLITE = "Databasen er PostgreSQL. Bruk pg_dump til kopien, og pg_restore eller psql til å sette den inn igjen."


@partial(with_files, need=Need.SETTINGS)
def migrate(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Bring the database up to date, or take a new one into use where there was another."""
    try:
        with _no_sender(organisation):
            store_of(organisation.settings, migrate=True, is_new=arguments.new).close()
    except (StoreError, AnotherSenderError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Oppdatert: {database_in_words(organisation.settings.store_url)}, skjema {HEAD}.")
    return 0


@partial(with_files, need=Need.SETTINGS)
def backup(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Write a copy of the database; the service may run."""
    into: Path = arguments.file
    if into.exists() and not arguments.yes:
        print(f"«{into}» finnes fra før, og er ikke rørt. Skriv --yes for å skrive over den.", file=sys.stderr)
        return 1
    try:
        with contextlib.closing(_sqlite(organisation)) as store:
            upkeep.back_up(_path(store), into.absolute())
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Kopien er skrevet og kontrollert: {into}")
    return 0


@partial(with_files, need=Need.SETTINGS)
def restore(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Put a copy in the place of the database; nobody may have it open."""
    try:
        with contextlib.closing(_sqlite(organisation)) as store, locked_beside(store), upkeep.unused(_path(store)):
            aside = upkeep.put_back(arguments.file.absolute(), _path(store), arguments.now())
    except (StoreError, AnotherSenderError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Satt inn: {arguments.file}")
    for path in aside:
        print(f"Det som var der, ligger i {path}")
    print("Er det sendt brev siden kopien ble tatt, står utsendingen til «arshjul outbox release».")
    return 0


@contextlib.contextmanager
def _no_sender(organisation: Organisation) -> Iterator[None]:
    """Let nobody send meanwhile; PostgreSQL has a lock of its own for those who migrate."""
    if not organisation.settings.store_url.startswith("sqlite"):
        yield
        return
    with contextlib.closing(_sqlite(organisation)) as store, locked_beside(store):
        yield


def _sqlite(organisation: Organisation) -> Store:
    """Return the store unopened: nothing is asked of its file. Raises StoreError for PostgreSQL."""
    if not organisation.settings.store_url.startswith("sqlite"):
        raise StoreError(NOT_SQLITE)
    if organisation.problems:
        raise StoreError("config.toml sier hvor databasen ligger. Rett den først.")
    return open_store(organisation.settings.store_url, organisation.settings.state, looked_at=False)


def _path(store: Store) -> Path:
    if store.path is None:
        raise StoreError(NOT_SQLITE)
    return store.path
