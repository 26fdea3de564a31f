"""${message}

Revision ${up_revision}, after ${down_revision | comma,n}, ${create_date.date()}.
"""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
