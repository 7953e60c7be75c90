"""Why an interview was not held, counted."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figures", sa.Column("not_done_at", UTC(), nullable=True))
    op.add_column("figures", sa.Column("declined_by", sa.String(), nullable=True))
