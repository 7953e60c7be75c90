"""Who may see an episode besides those who see every one, and what must be kept."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "permits",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("since", UTC(), nullable=False),
        sa.Column("until", UTC(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("reviewed_at", UTC(), nullable=True),
        sa.CheckConstraint("kind IN ('named', 'asked', 'glass', 'barred', 'shared', 'hold')", name=op.f("ck_permits_kind")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_permits_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permits")),
    )
    op.create_index("ix_permits_episode_id", "permits", ["episode_id"])
    op.create_index("ix_permits_who", "permits", ["who"])
