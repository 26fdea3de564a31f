"""What a log reads and writes of the indexes: no more than it needs.

A unit's leaders are found without its people, and when topics were raised without the sessions. What has no
reference (a command, a press) is in no index of references.

Revision 0035 after 0034, 2026-11-30.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_RAISED = sa.text("state = 'live' AND CAST(topics AS VARCHAR) != '[]'")
_REFERRED = sa.text("message_ref != ''")
_MESSAGE = ["platform", "workspace", "message_ref"]


def upgrade() -> None:
    """Add what is new, and exchange what was."""
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL has no index of a JSON column
        covered = ["trainee_id", "activity", "state", "topics", "on_date", "end_date"]
        op.create_index("ix_entry_topics", "entry", covered, unique=False, sqlite_where=_RAISED)
    op.create_index("ix_role_unit", "role", ["unit_id", "role", "person_id"], unique=False)
    op.drop_index("ix_role_unit_id", table_name="role")
    op.drop_index("ix_inbox_message", table_name="inbox")
    op.create_index(
        "ix_inbox_message",
        "inbox",
        _MESSAGE,
        unique=False,
        sqlite_where=_REFERRED,
        postgresql_where=_REFERRED,
    )


def downgrade() -> None:
    """Exchange them back."""
    op.drop_index("ix_inbox_message", table_name="inbox")
    op.create_index("ix_inbox_message", "inbox", _MESSAGE, unique=False)
    op.drop_index("ix_role_unit", table_name="role")
    op.create_index("ix_role_unit_id", "role", ["unit_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_entry_topics", table_name="entry")
