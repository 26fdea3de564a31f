"""Concerns about trainees, and what came of them.

Revision 0027 after 0024, 2026-11-23.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables."""
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", Stamp(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("closed_at", Stamp(), nullable=True),
        sa.Column("look_at", Stamp(), nullable=True),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainee.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        for name in ("trainee_id", "unit_id"):
            batch_op.create_index(batch_op.f(f"ix_concern_{name}"), [name], unique=False)
        planned = sa.text("look_at IS NOT NULL")
        batch_op.create_index(
            "ix_concern_look_at", ["look_at"], sqlite_where=planned, postgresql_where=planned
        )
    op.create_table(
        "concern_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Stamp(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"]),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("concern_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_step_concern_id"), ["concern_id"], unique=False)


def downgrade() -> None:
    """Nothing released is taken back."""
    op.drop_table("concern_step")
    op.drop_table("concern")
