"""The version of the schema: brought up to date by the alembic migrations that lie in `migrations`."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from arshjul import SCHEMA
from arshjul.store.backups import back_up
from arshjul.store.engine import Store, StoreError

HEAD: Final = SCHEMA

MIGRATION_LOCK: Final = 0x6172_736D  # "arsm"


def upgrade(store: Store) -> bool:
    """Bring the schema up to date; True if anything was done. Raises StoreError for a schema newer than the program.

    An SQLite database that has one already is copied first, beside it: there is no way down.
    """
    found = version(store)
    if found == HEAD:
        return False
    if found is not None and store.path is not None:
        back_up(store.path, _free(store.path.with_name(f"{store.path.name}.before-{HEAD}")))
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        _migrate(connection, _version(connection))
    return True


def require(store: Store) -> None:
    """See that the schema is the program's; a new database gets it. StoreError for an older or a newer one."""
    found = version(store)
    if found is None or (found != HEAD and found > HEAD):
        upgrade(store)
    elif found != HEAD:
        raise StoreError(
            f"Databasen er fra en eldre utgave av arshjul (skjema {found}, denne utgaven vil ha {HEAD}). Går tjenesten "
            "i den gamle utgaven, så stopp den. Kjør «arshjul migrate»; «serve» og «send» gjør det også."
        )


def version(store: Store) -> str | None:
    """Return the schema's revision, None for an empty database. Raises StoreError."""
    with store.reading() as connection:
        return _version(connection)


def _free(path: Path) -> Path:
    """Return the path, or one like it that nothing has: no copy is written over."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _migrate(connection: Connection, found: str | None) -> None:
    # Alembic is slow to import, and needed only the first time and after an upgrade of the program.
    from alembic import command  # noqa: PLC0415  (slow, see above)
    from alembic.config import Config  # noqa: PLC0415  (slow, see above)
    from alembic.script import ScriptDirectory  # noqa: PLC0415  (slow, see above)

    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"Databasen er laget av en nyere utgave av arshjul (skjema {found}, denne utgaven kjenner {HEAD}). "
            "Bruk den nyere utgaven, eller hent frem en sikkerhetskopi fra før oppgraderingen."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
