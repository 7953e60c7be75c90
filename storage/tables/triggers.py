"""Triggers that keep the journal append-only; re-created after every migration, because SQLite loses them."""

from sqlalchemy import Connection

_SENTENCE = "the journal is append-only"

_SQLITE = tuple(
    statement
    for verb in ("update", "delete")
    for statement in (
        f"DROP TRIGGER IF EXISTS journal_refuses_{verb}",
        f"CREATE TRIGGER journal_refuses_{verb} BEFORE {verb.upper()} ON journal BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END",
    )
)

_POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$",
    "DROP TRIGGER IF EXISTS journal_refuses ON journal",
    "CREATE TRIGGER journal_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION journal_refuses()",
)


def create(connection: Connection) -> None:
    """Put the triggers of the connection's database in place, whatever was there before."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
