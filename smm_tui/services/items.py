"""Between what a network calls an item and the row it is stored as."""

from __future__ import annotations

from smm_tui.db.tables import AuthorTable, MessageTable
from smm_tui.networks.community import Author, Item, ItemKind

ANSWERED_ELSEWHERE = "answered_elsewhere"
"""The kind of error of a reply that was stopped because somebody else had answered meanwhile."""
_APART = {ItemKind.MESSAGE: "message:", ItemKind.REPORT: "report:"}


def key_of(kind: str, remote_id: str) -> str:
    """What an item's row is known by: networks number messages, reports and the rest each on their own."""
    return _APART.get(ItemKind(kind), "") + remote_id


def keys_of_gone(remote_id: str) -> tuple[str, ...]:
    """The rows that an id of something taken back may mean: what a person wrote, never a report about it."""
    return remote_id, _APART[ItemKind.MESSAGE] + remote_id


def item_of(row: MessageTable, author: AuthorTable | None) -> Item:
    """A stored message as good as a fresh item."""
    kind = ItemKind(row.kind)
    writer = (
        Author("") if author is None else Author(author.remote_id, author.handle, author.name, author.url, row.own)
    )
    return Item(
        row.remote_id.removeprefix(_APART.get(kind, "")),
        kind,
        writer,
        row.text,
        row.created_at,
        url=row.url,
        post_id=row.post_remote_id,
        parent_id=row.parent_remote_id,
        thread_id=row.thread_id,
        edited_at=row.edited_at,
        liked=row.liked,
        attachments=tuple(row.attachments),
        language=row.language,
        extra=row.extra,
    )
