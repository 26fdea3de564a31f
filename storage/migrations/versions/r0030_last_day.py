"""The last day of a supervisor's service, where the roster gives it.

Revision 0030 after 0024, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those there are it is not known."""
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_column("last_day")
