"""How channels and people of Microsoft Teams are reached."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("seen_at", UTC(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "whose", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_team", "conversations", ["team"])
