"""A PostgreSQL server that asks for a password: where libpq finds it, and that nobody else sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from arshjul.config import read_settings
from arshjul.plan.files import read_toml
from arshjul.store.engine import StoreError, open_store
from tests.databases import postgresql_with_password

__all__ = ["postgresql_with_password"]


def asked(url: str, folder: Path) -> object:
    """Ask the database who we are, by the address that config.toml gives it."""
    settings, problems = read_settings(read_toml(f'[store]\nurl = "{url}"\n', "config.toml")[0], folder, {})
    assert problems == []
    store = open_store(settings.store_url, folder)
    try:
        with store.reading() as connection:
            return connection.execute(text("SELECT current_user")).scalar()
    finally:
        store.close()


def test_password_of_postgresql_comes_from_the_environment_or_a_file(
    tmp_path: Path, postgresql_with_password: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, password = postgresql_with_password
    for name in ("PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(StoreError) as unasked:
        asked(url, tmp_path)
    assert "no password supplied" in str(unasked.value)

    (tmp_path / ".pgpass").write_text(f"*:*:*:arshjul:{password}\n", encoding="ascii")
    (tmp_path / ".pgpass").chmod(0o600)
    assert asked(url, tmp_path) == "arshjul"
    monkeypatch.setenv("PGPASSFILE", str((tmp_path / ".pgpass").rename(tmp_path / "passord")))
    assert asked(url, tmp_path) == "arshjul"
    monkeypatch.delenv("PGPASSFILE")

    monkeypatch.setenv("PGPASSWORD", password)
    assert asked(url, tmp_path) == "arshjul"

    monkeypatch.setenv("PGPASSWORD", f"{password}-feil")
    with pytest.raises(StoreError) as refused:
        asked(url, tmp_path)
    assert password not in str(refused.value)
