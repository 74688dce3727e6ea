"""Run by Alembic, with the connection that `PostgresStore.migrate` hands over."""

from alembic import context

from cookiegate.stores.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
