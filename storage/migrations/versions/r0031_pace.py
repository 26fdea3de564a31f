"""How many lines one person wrote in a minute: read from an index.

Revision 0031 after 0030, 2026-11-23.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_pace", ["person_id", "said_at"], unique=False)


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_pace")
