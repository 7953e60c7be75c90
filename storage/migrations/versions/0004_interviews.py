"""Return interviews, counted."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATES = "'owed', 'offered', 'accepted', 'declined', 'conducted', 'not_done', 'waived', 'void'"


def upgrade() -> None:
    op.create_table(
        "interviews",
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("child_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("returned_at", UTC(), nullable=False),
        sa.Column("statutory", UTC(), nullable=False),
        sa.Column("due", UTC(), nullable=True),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("interviewer", sa.String(), nullable=True),
        sa.Column("offered_at", UTC(), nullable=True),
        sa.Column("accepted_at", UTC(), nullable=True),
        sa.Column("declined_at", UTC(), nullable=True),
        sa.Column("declined_by", sa.String(), nullable=True),
        sa.Column("conducted_at", UTC(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("not_done_at", UTC(), nullable=True),
        sa.Column("recorded_at", UTC(), nullable=True),
        sa.Column("signed_off_at", UTC(), nullable=True),
        sa.Column("shared_at", UTC(), nullable=True),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_interviews_state")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_interviews_child_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_interviews_episode_id")),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_interviews")),
    )
    op.create_index(op.f("ix_interviews_authority_returned_at"), "interviews", ["authority", "returned_at"])
    op.create_index(op.f("ix_interviews_child_id"), "interviews", ["child_id"])
