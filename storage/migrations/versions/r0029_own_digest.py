"""When a person wants their digest, beside when the unit has it.

Revision 0029 after 0028, 2026-11-23.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A person's own day and hour, and whether one with nothing to tell is wanted."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest_day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("digest_at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("digest_when_empty", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ("digest_when_empty", "digest_at", "digest_day"):
            batch_op.drop_column(name)
