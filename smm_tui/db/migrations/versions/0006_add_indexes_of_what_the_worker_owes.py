"""Add indexes of what the worker owes

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_delivery_retry', 'delivery', ['next_try_at'], sqlite_where=sa.text('next_try_at IS NOT NULL')
    )
    op.create_index(
        'ix_delivery_moving', 'delivery', ['state', 'due_at'], sqlite_where=sa.text("state IN ('armed', 'sending')")
    )


def downgrade() -> None:
    op.drop_index('ix_delivery_moving', 'delivery')
    op.drop_index('ix_delivery_retry', 'delivery')
