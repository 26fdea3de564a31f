"""A chain is found by its first version, whose number it bears, or by the one that counts: no index of all.

Every log wrote it, and nothing asked by it but the trail of what was done.

Revision 0038 after 0037, 2026-11-30.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop it."""
    op.drop_index("ix_entry_chain_id", table_name="entry")


def downgrade() -> None:
    """As it was."""
    op.create_index("ix_entry_chain_id", "entry", ["chain_id"], unique=False)
