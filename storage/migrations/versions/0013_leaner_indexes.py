"""Fewer indexes for each report to write: none that nothing asks, and of children only those who have what is looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_obligations_status_due_at", table_name="obligations")
    op.drop_index("ix_keys_key_id", table_name="keys")
    for column in ("case_index", "name_index", "initials_index", "merged_into"):
        known = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_children_{column}", table_name="children")
        op.create_index(f"ix_children_{column}", "children", [column], sqlite_where=known, postgresql_where=known)
    op.execute("DELETE FROM settings WHERE name LIKE 'last report:%'")
