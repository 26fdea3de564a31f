"""When a person wants to be reminded, and requirements nobody is to be reminded of for a while.

Revision 0005, after 0004, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A person's own hours; mutes, each with its reason."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("morning", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("weekly_day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("weekly_at", sa.Time(), nullable=True))
    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=48), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Stamp(), nullable=False),
        sa.Column("lifted_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainee.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mute_trainee_id"), ["trainee_id"], unique=False)
