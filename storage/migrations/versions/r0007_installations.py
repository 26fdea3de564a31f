"""Workspaces that installed the app, and accounts that were unlinked by hand.

Revision 0007 after 0006, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "installation",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=500), nullable=False),
        sa.Column("installed_at", Stamp(), nullable=False),
        sa.Column("removed_at", Stamp(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "workspace"),
    )
    op.create_table(
        "install_state",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Stamp(), nullable=False),
        sa.Column("used_at", Stamp(), nullable=True),
        sa.PrimaryKeyConstraint("state_hash"),
    )
    op.create_table(
        "left_account",
        sa.Column("account", sa.String(length=340), nullable=False),
        sa.Column("left_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("left_account", "install_state", "installation"):
        op.drop_table(name)
