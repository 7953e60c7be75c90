"""The panel's meetings and their lists."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panels",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("meets_at", UTC(), nullable=False),
        sa.Column("submit_by", UTC(), nullable=False),
        sa.Column("called_by", sa.String(), nullable=False),
        sa.Column("called_at", UTC(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
    )
    op.create_index(op.f("ix_panels_authority_meets_at"), "panels", ["authority", "meets_at"])
    op.create_table(
        "panelcases",
        sa.Column("panel_id", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("decided_at", UTC(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("stays", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_panelcases_episode_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panelcases_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "episode_id", name=op.f("pk_panelcases")),
    )
