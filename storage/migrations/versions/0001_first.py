"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import UTC

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LEASED = sa.text("lease_until IS NOT NULL")
_SENT = sa.text("reference IS NOT NULL")
_WAITING = sa.text("state IN ('queued', 'uncertain')")


def upgrade() -> None:
    _chains()
    _children()
    _journal()
    _keys()
    _packs()
    _processes()
    _receipts()
    _settings()
    _allocations()
    _episodes()
    _crossings()
    _obligations()
    _pings()
    _posts()


def _chains() -> None:
    op.create_table(
        "chains",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("authority", name=op.f("pk_chains")),
    )


def _children() -> None:
    op.create_table(
        "children",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("case_index", sa.String(), nullable=True),
        sa.Column("name_index", sa.String(), nullable=True),
        sa.Column("initials_index", sa.String(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("created_at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["children.id"], name=op.f("fk_children_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
    )
    op.create_index("ix_children_case_index", "children", ["case_index"])
    op.create_index("ix_children_initials_index", "children", ["initials_index"])
    op.create_index("ix_children_merged_into", "children", ["merged_into"])
    op.create_index("ix_children_name_index", "children", ["name_index"])


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("child_id", sa.String(), nullable=True),
        sa.Column("episode_id", sa.String(), nullable=True),
        sa.Column("at", UTC(), nullable=False),
        sa.Column("recorded_at", UTC(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("sealed_by", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("authority", "seq", name=op.f("uq_journal_authority_seq")),
    )
    op.create_index("ix_journal_child_id", "journal", ["child_id"])
    op.create_index("ix_journal_episode_id_seq", "journal", ["episode_id", "seq"])


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("destroyed_at", UTC(), nullable=True),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_keys")),
    )
    op.create_index("ix_keys_key_id", "keys", ["key_id"])


def _packs() -> None:
    op.create_table(
        "packs",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("adopted_at", UTC(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_packs")),
    )


def _processes() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen_at", UTC(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", UTC(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )


def _allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("child_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_allocations_child_id")),
        sa.PrimaryKeyConstraint("child_id", "role", name=op.f("pk_allocations")),
    )


def _episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("child_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("pack_hash", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("risk_level", sa.String(), nullable=True),
        sa.Column("missing_since", UTC(), nullable=True),
        sa.Column("notified_at", UTC(), nullable=False),
        sa.Column("found_at", UTC(), nullable=True),
        sa.Column("returned_at", UTC(), nullable=True),
        sa.Column("closed_at", UTC(), nullable=True),
        sa.Column("next_change_at", UTC(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'located', 'returned', 'closed', 'void')", name=op.f("ck_episodes_status")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_episodes_child_id")),
        sa.ForeignKeyConstraint(["pack_hash"], ["packs.hash"], name=op.f("fk_episodes_pack_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
        sa.UniqueConstraint("reference", name=op.f("uq_episodes_reference")),
    )
    op.create_index("ix_episodes_authority_status", "episodes", ["authority", "status"])
    op.create_index("ix_episodes_child_id", "episodes", ["child_id"])
    op.create_index("ix_episodes_next_change_at", "episodes", ["next_change_at"])


def _crossings() -> None:
    op.create_table(
        "crossings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("child_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("arming", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("at", UTC(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_crossings_child_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_crossings_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossings")),
        sa.UniqueConstraint("child_id", "rule", "arming", name=op.f("uq_crossings_child_id_rule_arming")),
    )


def _obligations() -> None:
    op.create_table(
        "obligations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("arises_at", UTC(), nullable=False),
        sa.Column("due_at", UTC(), nullable=True),
        sa.Column("known_at", UTC(), nullable=False),
        sa.Column("arming", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("completed_at", UTC(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'met', 'waived', 'void')", name=op.f("ck_obligations_status")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_obligations_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint("episode_id", "rule", "nth", name=op.f("uq_obligations_episode_id_rule_nth")),
    )
    op.create_index("ix_obligations_status_due_at", "obligations", ["status", "due_at"])


def _pings() -> None:
    op.create_table(
        "pings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("arming", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("obligation_id", sa.String(), nullable=True),
        sa.Column("post_id", sa.String(), nullable=True),
        sa.Column("at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_pings_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pings")),
        sa.UniqueConstraint(
            "episode_id", "rule", "nth", "rung", "addressee", "arming", name=op.f("uq_pings_episode_id_rule_nth_rung_addressee_arming")
        ),
    )
    op.create_index("ix_pings_post_id", "pings", ["post_id"])


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("episode_id", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_at", UTC(), nullable=False),
        sa.Column("send_after", UTC(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("wanted_at", UTC(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("lease_until", UTC(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tried_at", UTC(), nullable=True),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("sent_edition", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC(), nullable=True),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.CheckConstraint("place IN ('thread', 'direct', 'room')", name=op.f("ck_posts_place")),
        sa.CheckConstraint("room IN ('coordination', 'partners', 'management')", name=op.f("ck_posts_room")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'uncertain', 'superseded', 'undeliverable')", name=op.f("ck_posts_state")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_posts_episode_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["posts.id"], name=op.f("fk_posts_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("key", name=op.f("uq_posts_key")),
    )
    ordered: list[str | sa.TextClause] = [sa.text("urgent DESC"), "queued_at", "id"]
    op.create_index("ix_posts_waiting", "posts", ordered, sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index("ix_posts_lease_until", "posts", ["lease_until"], sqlite_where=_LEASED, postgresql_where=_LEASED)
    op.create_index("ix_posts_episode_id", "posts", ["episode_id"])
    op.create_index("ix_posts_parent_id", "posts", ["parent_id"])
    op.create_index("ix_posts_reference", "posts", ["reference"], sqlite_where=_SENT, postgresql_where=_SENT)
