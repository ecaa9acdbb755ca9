"""Add figures by day and what becomes of page wishes

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_figure",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_day_figure_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "metric", "day", name=op.f("pk_day_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "page_profile",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("live", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error_message", sa.String(), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_page_profile_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_page_profile")),
    )
    op.create_table(
        "figure_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("error_message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_figure_turn_account_id_account")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_figure_turn_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_turn")),
        sa.UniqueConstraint("account_id", "delivery_id", name=op.f("uq_figure_turn_account_id_delivery_id")),
    )
    op.create_index("ix_figure_turn_delivery", "figure_turn", ["delivery_id"])
    op.create_index("ix_figure_turn_due", "figure_turn", ["account_id", "next_at"])
    op.create_table(
        "post_figure",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("live_at", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Integer(), nullable=True),
        sa.Column("reposts", sa.Integer(), nullable=True),
        sa.Column("saves", sa.Integer(), nullable=True),
        sa.Column("clicks", sa.Integer(), nullable=True),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("engagement", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_post_figure_account_id_account")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_post_figure_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_post_figure")),
    )
    op.create_index("ix_post_figure_account", "post_figure", ["account_id", "live_at"])
    op.add_column("profile_wish", sa.Column("identity", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("profile_wish", sa.Column("actor", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("profile_wish", sa.Column("until_at", sa.BigInteger(), nullable=True))
    op.add_column("profile_wish", sa.Column("reverts", sa.Integer(), nullable=True))
    op.add_column("profile_wish", sa.Column("after", sa.JSON(), nullable=True))
    op.add_column("profile_wish", sa.Column("error_hint", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("profile_wish", sa.Column("sent", sa.JSON(), nullable=True))
    op.add_column("profile_wish", sa.Column("first_sent_at", sa.BigInteger(), nullable=True))
    op.add_column("profile_wish", sa.Column("next_try_at", sa.BigInteger(), nullable=True))
    op.add_column("profile_wish", sa.Column("lease_owner", sa.String(), nullable=True))
    op.add_column("profile_wish", sa.Column("lease_until", sa.BigInteger(), nullable=True))
    op.add_column("profile_wish", sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("profile_wish", "tries")
    op.drop_column("profile_wish", "lease_until")
    op.drop_column("profile_wish", "lease_owner")
    op.drop_column("profile_wish", "next_try_at")
    op.drop_column("profile_wish", "first_sent_at")
    op.drop_column("profile_wish", "sent")
    op.drop_column("profile_wish", "error_hint")
    op.drop_column("profile_wish", "after")
    op.drop_column("profile_wish", "reverts")
    op.drop_column("profile_wish", "until_at")
    op.drop_column("profile_wish", "actor")
    op.drop_column("profile_wish", "identity")
    op.drop_index("ix_post_figure_account", "post_figure")
    op.drop_table("post_figure")
    op.drop_index("ix_figure_turn_due", "figure_turn")
    op.drop_index("ix_figure_turn_delivery", "figure_turn")
    op.drop_table("figure_turn")
    op.drop_table("page_profile")
    op.drop_table("day_figure")
