"""Files that wait, sealed, for somebody to accept them.

Revision 0024 after 0021, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "offered_file",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("offered_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash"),
    )
    op.create_index("ix_offered_file_offered_at", "offered_file", ["offered_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_offered_file_offered_at", table_name="offered_file")
    op.drop_table("offered_file")
