"""The days on which somebody who is in no training is away.

Revision 0034 after 0033, 2026-11-30.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("written_at", Stamp(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.create_index("ix_away_person_id", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("away")
