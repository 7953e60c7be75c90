"""What every table shares: names of constraints, and moments that are always UTC."""

from datetime import UTC as ZONE
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel


class UTC(sa.TypeDecorator[datetime]):
    """A moment: refuses naive datetimes and gives aware UTC back, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Turn any aware moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(ZONE)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone, PostgreSQL gives that of the connection."""
        if value is None:
            return None
        return value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)


class Table(SQLModel):
    """The base of our tables, with constraint names that are the same on both databases."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    """A constraint that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def table_of(model: type[Table]) -> sa.Table:
    """The plain table under a model: what the queries are written against."""
    return model.metadata.tables[model.__name__.lower()]
