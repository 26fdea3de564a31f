"""A booking may last for days.

Revision 0037 after 0036, 2026-11-30.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the last day."""
    op.add_column("booking", sa.Column("end_date", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("booking", "end_date")
