"""Alembic's entry: it runs on the connection that storage.schema hands it, never on one of its own."""

from alembic import context

from storage.columns import is_of, told_conditions
from storage.tables import metadata


def run() -> None:
    """Migrate on the given connection. SQLite alters tables by copying them, hence the batch mode."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=told_conditions(metadata),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_object=is_of(connection.dialect.name),
    )
    with context.begin_transaction():
        context.run_migrations()


run()
