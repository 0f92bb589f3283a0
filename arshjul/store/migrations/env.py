"""How alembic runs the migrations: on the connection that `schema.upgrade` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from arshjul.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
