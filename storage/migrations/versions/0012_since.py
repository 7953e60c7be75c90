"""Since when a child is what they are: an absence that became missing counts from then. Filled as episodes are looked at."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("episodes", sa.Column("since", UTC(), nullable=True))
    op.execute("DELETE FROM settings WHERE name LIKE 'figures:%'")
