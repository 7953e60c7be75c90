"""Whether a database has the schema this version was written for."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def is_current(engine: Engine) -> bool:
    """Whether every migration was run, and none that we do not know."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    return found == set(ScriptDirectory.from_config(config).get_heads())
