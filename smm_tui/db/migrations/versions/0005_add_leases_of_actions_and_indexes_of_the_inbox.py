"""Add leases of actions and indexes of the inbox

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('action', sa.Column('lease_owner', sa.String(), nullable=True))
    op.add_column('action', sa.Column('lease_until', sa.BigInteger(), nullable=True))
    op.create_index('ix_message_answer', 'message', ['account_id', 'parent_remote_id'], sqlite_where=sa.text('own'))
    op.create_index('ix_message_handled', 'message', ['project_id', 'handled_at'])
    op.create_index('ix_message_snoozed', 'message', ['snoozed_until'], sqlite_where=sa.text("state = 'snoozed'"))


def downgrade() -> None:
    op.drop_index('ix_message_snoozed', 'message')
    op.drop_index('ix_message_handled', 'message')
    op.drop_index('ix_message_answer', 'message')
    op.drop_column('action', 'lease_until')
    op.drop_column('action', 'lease_owner')
