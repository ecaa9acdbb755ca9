"""The schema, as SQLModel classes. Importing this costs half a second: only the writing side does.

Instants are integers (milliseconds since 1970 UTC, see :mod:`smm_tui.domain.clock`). A planned time is the wall time
as typed, the zone it was meant in, and the instant these resolved to.
"""

from smm_tui.db.tables.ledger import (
    AttemptTable,
    DeliveryTable,
    IntentTable,
    RateBucketTable,
)
from smm_tui.db.tables.plan import (
    ContentTypeTable,
    HashtagSetTable,
    IdeaTable,
    MonthApprovalTable,
    PillarTable,
    PostCommentTable,
    SlotTable,
    SpecialDayTable,
    TemplateTable,
)
from smm_tui.db.tables.posts import (
    MediaTable,
    PostMediaTable,
    PostTable,
    VariantTable,
)
from smm_tui.db.tables.projects import (
    AccountTable,
    ProjectTable,
)
from smm_tui.db.tables.records import (
    AuditTable,
    AutosaveTable,
    LeaseTable,
    SettingTable,
    UndoTable,
)

UNDOABLE = (
    ProjectTable,
    AccountTable,
    PostTable,
    VariantTable,
    PostMediaTable,
    DeliveryTable,
    ContentTypeTable,
    PillarTable,
    HashtagSetTable,
    SlotTable,
    SpecialDayTable,
    IdeaTable,
    TemplateTable,
    PostCommentTable,
    MonthApprovalTable,
)
"""What a user's command changes and `u` restores. The ledger's own rows (intents, attempts, audit) only ever grow."""

__all__ = [
    "UNDOABLE",
    "AccountTable",
    "AttemptTable",
    "AuditTable",
    "AutosaveTable",
    "ContentTypeTable",
    "DeliveryTable",
    "HashtagSetTable",
    "IdeaTable",
    "IntentTable",
    "LeaseTable",
    "MediaTable",
    "MonthApprovalTable",
    "PillarTable",
    "PostCommentTable",
    "PostMediaTable",
    "PostTable",
    "ProjectTable",
    "RateBucketTable",
    "SettingTable",
    "SlotTable",
    "SpecialDayTable",
    "TemplateTable",
    "UndoTable",
    "VariantTable",
]
