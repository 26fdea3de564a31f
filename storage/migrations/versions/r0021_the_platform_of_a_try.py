"""Over which platform a row was last tried, and what the try was called there.

Revision 0021 after 0020, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a row that was being sent during the upgrade is one of which nothing is known."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried_on", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("sent_as", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("sent_as")
        batch_op.drop_column("tried_on")
