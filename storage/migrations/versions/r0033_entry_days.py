"""What took several days: found without a look at everything else that took place.

Revision 0033 after 0032, 2026-11-29.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_SEVERAL = sa.text("end_date IS NOT NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_entry_days",
        "entry",
        ["trainee_id", "activity", "end_date"],
        unique=False,
        sqlite_where=_SEVERAL,
        postgresql_where=_SEVERAL,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_entry_days", table_name="entry")
