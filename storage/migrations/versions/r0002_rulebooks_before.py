"""Which rulebooks held for a trainee before.

Revision 0002 after 0001, 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the trainees' earlier rulebooks, from what their units remember."""
    with op.batch_alter_table("trainee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rulebooks_before", sa.JSON(), nullable=False, server_default="[]"))
    trainee = sa.table(
        "trainee", sa.column("unit_id", sa.Integer()), sa.column("rulebooks_before", sa.JSON())
    )
    units = sa.text("SELECT id, rulebook_before, rulebook_from FROM unit WHERE rulebook_from IS NOT NULL")
    for unit, key, since in op.get_bind().execute(units).all():
        before = [[key, str(since)]]
        op.execute(trainee.update().where(trainee.c.unit_id == unit).values(rulebooks_before=before))


def downgrade() -> None:
    """Forget them."""
    with op.batch_alter_table("trainee", schema=None) as batch_op:
        batch_op.drop_column("rulebooks_before")
