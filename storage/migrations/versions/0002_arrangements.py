"""Absences, swapped turns of the rota and suspensions."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrangements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=True),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("since", UTC(), nullable=False),
        sa.Column("until", UTC(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", UTC(), nullable=False),
        sa.CheckConstraint("kind IN ('absence', 'swap', 'suspension')", name=op.f("ck_arrangements_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangements")),
    )
    op.create_index("ix_arrangements_until", "arrangements", ["until"])
