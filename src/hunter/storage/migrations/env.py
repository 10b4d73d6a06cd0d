"""What Alembic runs around the migrations: it is handed an open connection by `storage.schema`."""

from alembic import context

from hunter.storage.orm import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
