"""What waits for one person, and when one trainee's rows are looked at: each from an index of its own.

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
    """Add the indexes."""
    op.create_index(
        "ix_outbox_pending_person",
        "outbox",
        ["person_id", "next_at"],
        unique=False,
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )
    op.create_index("ix_standing_trainee_look_at", "standing", ["trainee_id", "look_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_standing_trainee_look_at", table_name="standing")
    op.drop_index("ix_outbox_pending_person", table_name="outbox")
