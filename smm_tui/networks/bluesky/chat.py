"""Calls of the chat service, which the account's own server passes on when this header asks it to."""

from __future__ import annotations

from smm_tui.networks.bluesky import mapping_chat
from smm_tui.networks.bluesky.api import BlueskyApi, Params
from smm_tui.networks.bluesky.mapping_chat import Message

CHAT = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
PAGE = 100
PAGES = 10  # of one conversation: a thousand messages


async def messages(api: BlueskyApi, convo: str, *, pages: int = PAGES) -> list[Message]:
    """The latest messages of a conversation, newest first."""
    found: list[Message] = []
    cursor = ""
    for _page in range(pages):
        params: Params = {"convoId": convo, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
        page = await api.ask("chat.bsky.convo.getMessages", params, mapping_chat.messages, headers=CHAT)
        found += page.messages
        if not page.cursor or page.cursor == cursor or not page.messages:
            break
        cursor = page.cursor
    return found
