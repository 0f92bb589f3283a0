"""The databases that these tests run on."""

from __future__ import annotations

from tests.databases import any_store, database_url, postgresql_server, postgresql_store, postgresql_url, store

__all__ = ["any_store", "database_url", "postgresql_server", "postgresql_store", "postgresql_url", "store"]
