"""What was put to somebody who has to answer."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHASED = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("asked_at", UTC(), nullable=False),
        sa.Column("due_at", UTC(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("next_at", UTC(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", UTC(), nullable=True),
        sa.Column("post_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('handover', 'approval', 'submission')", name=op.f("ck_asks_kind")),
        sa.CheckConstraint("state IN ('waiting', 'questioned', 'accepted', 'refused', 'withdrawn')", name=op.f("ck_asks_state")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_asks_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
    )
    op.create_index(op.f("ix_asks_next_at"), "asks", ["next_at"], sqlite_where=_CHASED, postgresql_where=_CHASED)
    op.create_index(op.f("ix_asks_authority_kind_state"), "asks", ["authority", "kind", "state"])
    op.create_index(op.f("ix_asks_episode_id"), "asks", ["episode_id"])
    op.create_index(op.f("ix_asks_group_id"), "asks", ["group_id"])
