"""How alembic meets our database: on the connection it is given, in the transaction that is open."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import METADATA, UTC, triggers


def _render(kind: str, thing: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types so that a migration imports what it names."""
    if kind == "type" and isinstance(thing, UTC):
        autogen.imports.add("from storage.tables.columns import UTC")
        return "UTC()"
    if kind == "type" and type(thing).__name__ == "AutoString":
        return "sa.String()"
    return False


def _migrate(connection: sa.Connection) -> None:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=_render)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7311)")  # two processes that start at once migrate in turn
    with context.begin_transaction():
        context.run_migrations()
    triggers.create(connection)


_migrate(context.config.attributes["connection"])
