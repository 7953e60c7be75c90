"""What every table shares: names of constraints, and moments that are always UTC."""

from collections.abc import Callable
from datetime import UTC as ZONE
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

_NAIVE = "A moment without a time zone cannot be stored."


class UTC(sa.TypeDecorator[datetime]):
    """A moment: refuses naive datetimes and gives aware UTC back, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Turn any aware moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(_NAIVE)
        return value.astimezone(ZONE)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone, PostgreSQL gives that of the connection."""
        if value is None:
            return None
        return value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite straight to the text it keeps: a moment is written and read more often than anything else."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """And straight from it."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _written(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_NAIVE)
    return _text(value if value.tzinfo is ZONE else value.astimezone(ZONE))


@lru_cache(maxsize=1024)
def _text(utc: datetime) -> str:
    """Kept, because what is written in one transaction has one moment in most places. In London two moments may be equal."""
    return utc.isoformat(" ", "microseconds")[:26]


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


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
