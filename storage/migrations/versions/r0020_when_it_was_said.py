"""When a message was said, beside when it was received: a message may overtake another.

Revision 0020 after 0007, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0020"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; for what was received before, it is not known."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said_at", Stamp(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("said_at")
