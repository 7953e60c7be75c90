"""Named values the program remembers between starts."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import put_all
from storage.tables import SETTINGS

_VALUE = sa.select(SETTINGS.c.value).where(SETTINGS.c.name == sa.bindparam("name"))


def get(session: Session, name: str) -> str | None:
    """The value, or None when it was never put."""
    value: str | None = session.scalar(_VALUE, {"name": name})
    return value


def put(session: Session, name: str, value: str) -> None:
    """Remember a value in place of the one before."""
    put_all(session, SETTINGS, [{"name": name, "value": value}])


def named(session: Session, prefix: str) -> dict[str, str]:
    """Every value whose name begins so, by what follows in the name."""
    rows = session.execute(sa.select(SETTINGS.c.name, SETTINGS.c.value).where(SETTINGS.c.name.startswith(prefix, autoescape=True)))
    return {name.removeprefix(prefix): value for name, value in rows}


def drop(session: Session, name: str) -> bool:
    """Forget a value; False when somebody did before."""
    return bool(session.connection().execute(sa.delete(SETTINGS).where(SETTINGS.c.name == name)).rowcount)
