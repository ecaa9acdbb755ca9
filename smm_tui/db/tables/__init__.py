"""The schema, as SQLModel classes. Importing this costs half a second: only the writing side does.

Instants are integers (milliseconds since 1970 UTC, see :mod:`smm_tui.domain.clock`). A planned time is the wall time
as typed, the zone it was meant in, and the instant these resolved to.
"""

from smm_tui.db.tables.inbox import (
    ActionAttemptTable,
    ActionTable,
    AuthorTable,
    BanTable,
    InboxCursorTable,
    MessageEditTable,
    MessageTable,
    NoteTable,
    PersonTable,
    RuleHitTable,
    RuleTable,
    SavedReplyTable,
    ServiceLevelTable,
    SpamWordTable,
    StrikeTable,
)
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
    MessageTable,
    PersonTable,
    AuthorTable,
    NoteTable,
    StrikeTable,
    SavedReplyTable,
    RuleTable,
    ServiceLevelTable,
)
"""What a user's command changes and `u` restores. The ledger's own rows (intents, attempts, audit) only ever grow."""

VIRTUAL = ("message_search",)
"""Full-text indexes (SQLite FTS5): the migrations make them, and SQLite keeps tables of its own behind each."""

__all__ = [
    "UNDOABLE",
    "VIRTUAL",
    "AccountTable",
    "ActionAttemptTable",
    "ActionTable",
    "AttemptTable",
    "AuditTable",
    "AuthorTable",
    "AutosaveTable",
    "BanTable",
    "ContentTypeTable",
    "DeliveryTable",
    "HashtagSetTable",
    "IdeaTable",
    "InboxCursorTable",
    "IntentTable",
    "LeaseTable",
    "MediaTable",
    "MessageEditTable",
    "MessageTable",
    "MonthApprovalTable",
    "NoteTable",
    "PersonTable",
    "PillarTable",
    "PostCommentTable",
    "PostMediaTable",
    "PostTable",
    "ProjectTable",
    "RateBucketTable",
    "RuleHitTable",
    "RuleTable",
    "SavedReplyTable",
    "ServiceLevelTable",
    "SettingTable",
    "SlotTable",
    "SpamWordTable",
    "SpecialDayTable",
    "StrikeTable",
    "TemplateTable",
    "UndoTable",
    "VariantTable",
]
