"""Meetings that were held, among the figures, which are made again from the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figures", sa.Column("meetings", sa.JSON(), nullable=True))
    op.execute("DELETE FROM settings WHERE name LIKE 'figures:%'")
