"""Histories that trainees bring along, and the mark on what came so.

Revision 0028 after 0027, 2026-11-23.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Stamp

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
MARKED = ("entry", "absence", "placement")


def upgrade() -> None:
    """A table of what was offered; a mark that can stand only once."""
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("from_unit", sa.String(length=200), nullable=False),
        sa.Column("issued_at", Stamp(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=True),
        sa.Column("offered_at", Stamp(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", Stamp(), nullable=True),
        sa.ForeignKeyConstraint(["trainee_id"], ["trainee.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trainee_id", "digest"),
    )
    for name in MARKED:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column("imported_as", sa.String(length=48), nullable=True))
            batch_op.create_unique_constraint(f"uq_{name}_imported_as", ["imported_as"])
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("imported", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_column("imported")
    for name in MARKED:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_constraint(f"uq_{name}_imported_as", type_="unique")
            batch_op.drop_column("imported_as")
    op.drop_table("transfer")
