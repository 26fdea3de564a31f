"""Requested assessments, their levels, and remarks.

Revision 0006, after 0005, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who was asked to assess whom, and what was said of an entry."""
    op.create_table(
        "assessment_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=32), nullable=True),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", Stamp(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", Stamp(), nullable=True),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("look_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainee.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("assessment_request", schema=None) as batch_op:
        for name in ("trainee_id", "assessor_id", "chain_id"):
            batch_op.create_index(batch_op.f(f"ix_assessment_request_{name}"), [name], unique=False)
        waiting = sa.text("look_at IS NOT NULL")
        batch_op.create_index(
            "ix_request_look_at", ["look_at"], sqlite_where=waiting, postgresql_where=waiting
        )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", Stamp(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_id"),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_chain_id"), ["chain_id"], unique=False)
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=16), nullable=True))
