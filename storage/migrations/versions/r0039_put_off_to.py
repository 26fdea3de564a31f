"""A message that a day off, an absence or the day's other message puts off has waited since then, not before.

Revision 0039 after 0038, 2026-12-01.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment."""
    op.add_column("outbox", sa.Column("put_off_to", Stamp(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("outbox", "put_off_to")
