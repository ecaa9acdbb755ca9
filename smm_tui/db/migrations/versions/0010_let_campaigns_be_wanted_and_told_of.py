"""Let campaigns be wanted and told of

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('ad_rule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tested_at', sa.BigInteger(), nullable=True))

    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wanted', sa.String(), server_default=sa.text("('')"), nullable=False))
        batch_op.add_column(sa.Column('told', sa.String(), server_default=sa.text("('')"), nullable=False))
        batch_op.add_column(sa.Column('launched_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('due_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('tries', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('approved_cap', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_campaign_due', ['due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_due', sqlite_where=sa.text('due_at IS NOT NULL'))
        batch_op.drop_column('approved_cap')
        batch_op.drop_column('tries')
        batch_op.drop_column('due_at')
        batch_op.drop_column('launched_at')
        batch_op.drop_column('told')
        batch_op.drop_column('wanted')

    with op.batch_alter_table('ad_rule', schema=None) as batch_op:
        batch_op.drop_column('tested_at')

