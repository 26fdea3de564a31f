"""Whose messages are found: of those that are somebody's. A row is nobody's until it is answered.

Revision 0036 after 0035, 2026-11-30.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SOMEBODYS = sa.text("person_id IS NOT NULL")
_INDEXES = {"ix_inbox_person": ["person_id", "id"], "ix_inbox_pace": ["person_id", "said_at"]}


def upgrade() -> None:
    """Make the two indexes of persons anew."""
    for name, columns in _INDEXES.items():
        op.drop_index(name, table_name="inbox")
        op.create_index(
            name, "inbox", columns, unique=False, sqlite_where=_SOMEBODYS, postgresql_where=_SOMEBODYS
        )


def downgrade() -> None:
    """As they were."""
    for name, columns in _INDEXES.items():
        op.drop_index(name, table_name="inbox")
        op.create_index(name, "inbox", columns, unique=False)
