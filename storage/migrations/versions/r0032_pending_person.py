"""What waits for one person: found without a look at all that was ever said to them.

Revision 0032 after 0031, 2026-11-29.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_outbox_pending_person",
        "outbox",
        ["person_id", "next_at"],
        unique=False,
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_outbox_pending_person", table_name="outbox")
