"""Supervisors' own training.

Revision 0003 after 0002, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of supervisors' courses."""
    op.create_table(
        "supervisor_training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("written_at", Stamp(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("supervisor_training", schema=None) as batch_op:
        batch_op.create_index("ix_supervisor_training_person_id", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("supervisor_training")
