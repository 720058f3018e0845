"""sessions of browsers.

Revision 0015 after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("browser", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("last_to", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("due", sa.String(length=20), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("second", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("rights", sa.String(length=64), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_column("rights")
        batch_op.drop_column("second")
        batch_op.drop_column("due")
        batch_op.drop_column("last_to")
        batch_op.drop_column("browser")
