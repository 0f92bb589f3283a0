"""The version of the schema: brought up to date by the alembic migrations that lie in `migrations`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect, text

from arshjul.store.engine import Store, StoreError

HEAD: Final = "0007"
"""The newest revision; kept here so that alembic need not be imported to see that nothing is to be done."""

MIGRATION_LOCK: Final = 0x6172_736D  # "arsm"


def upgrade(store: Store) -> bool:
    """Bring the schema up to date; True if anything was done. Raises StoreError for a schema newer than the program."""
    with store.reading() as connection:
        found = _version(connection)
    if found == HEAD:
        return False
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        _migrate(connection, _version(connection))
    return True


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
