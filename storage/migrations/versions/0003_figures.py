"""Figures that reports count, and the periods that were reported."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("care_status", sa.String(), nullable=True),
        sa.Column("in_care", sa.Boolean(), nullable=True),
        sa.Column("ours", sa.Boolean(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("stretches", sa.JSON(), nullable=False),
        sa.Column("acknowledged_at", UTC(), nullable=True),
        sa.Column("offered_at", UTC(), nullable=True),
        sa.Column("accepted_at", UTC(), nullable=True),
        sa.Column("declined_at", UTC(), nullable=True),
        sa.Column("conducted_at", UTC(), nullable=True),
        sa.Column("offered", sa.Boolean(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_figures_episode_id")),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_figures")),
    )
    op.create_table(
        "periods",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("made_at", UTC(), nullable=False),
        sa.Column("late", sa.String(), nullable=False),
        sa.Column("partial", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "report", "starts", name=op.f("pk_periods")),
    )
