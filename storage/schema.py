"""Whether a database has the schema this version was written for."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def is_current(engine: Engine) -> bool:
    """Whether every migration was run, and none that we do not know."""
    with engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    return found == set(_scripts().get_heads())


def schema_of(engine: Engine) -> str | None:
    """The migration a database was brought to last; None when it never saw one."""
    with engine.connect() as connection:
        found: str | None = MigrationContext.configure(connection).get_current_revision()
    return found


def known() -> set[str]:
    """Every migration that this version has."""
    return {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return ScriptDirectory.from_config(config)
