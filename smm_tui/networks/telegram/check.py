"""The check of an account: is this the Bot API, which chat is it, and what may the bot do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from smm_tui.domain.errors import Forbidden, NotFound, Rejected
from smm_tui.networks.ports import Checked
from smm_tui.networks.telegram import mapping_check
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import CHANNEL


async def check(api: TelegramApi) -> Checked:
    """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
    chat_id = api.chat()
    await api.ensure_is_server()
    bot = await api.ask("getMe", {})
    chat = await api.ask("getChat", {"chat_id": chat_id})
    found = mapping_check.checked(bot, chat, server=api.server)
    facts = dict(found.facts)
    missing: list[str] = []
    member = await _membership(api, found.remote_id, facts)
    facts["rights"] = [] if member is None else mapping_check.rights(member)
    missing += [mapping_check.no_administrator()] if member is None else mapping_check.missing_rights(member, chat)
    if "linked_chat_id" in facts and facts["type"] == CHANNEL:
        member = await _membership(api, facts["linked_chat_id"], facts)
        if member is None:
            missing.append(mapping_check.not_in_discussion())
        else:
            missing += mapping_check.missing_in_discussion(member, bot)
            if mapping_check.is_inside(member):
                facts["discussion_rights"] = mapping_check.rights(member)
    if where := mapping_check.webhook_of(await api.ask("getWebhookInfo", {})):
        facts["webhook"] = True
        missing.append(mapping_check.webhook_set(where))
    return replace(found, facts=facts, missing=tuple(missing))


async def _membership(api: TelegramApi, chat: str, facts: Mapping[str, Any]) -> Any:
    """What the bot is in a chat; None when it may not even ask, for it is nobody there."""
    try:
        return await api.ask("getChatMember", {"chat_id": int(chat), "user_id": int(facts["bot_id"])})
    except (Forbidden, NotFound, Rejected) as error:
        if error.status not in (400, 403):
            raise
        return None
