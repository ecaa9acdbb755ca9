"""What bots are told of: long polling, and webhooks as far as they forbid it.

One program at a time may poll a bot. Asking with an offset confirms, and so deletes, everything before it; what
nobody asked for is gone after a day.
"""

from __future__ import annotations

from typing import Any

from smm_tui.domain.clock import HOUR
from smm_tui.sandbox.faces.telegram.call import Call, method, refusal
from smm_tui.sandbox.faces.telegram.entities import is_bot
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

UPDATE = "update"
PAGE = 100
LONGEST_POLL = 50
KEPT = 24 * HOUR
# What comes only when it is asked for by name.
_ON_DEMAND = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def announce(world: World, chat: Account, kind: str, content: JSON) -> None:
    """Tell all bots of a chat of something that a person did there."""
    with world.transaction():
        for remote_id, member in chat.data["members"].items():
            bot = world.find_account(chat.server, remote_id)
            if bot is None or not is_bot(bot) or member["status"] in ("left", "kicked") or not _wants(bot, kind):
                continue
            number = 500_000_000 + world.sequence(f"update {chat.server} {remote_id}")
            record = {"update_id": number, kind: content}
            world.add_object(bot, UPDATE, f"{remote_id}/{number}", sort=f"{number:012}", text="", record=record)


@method("getUpdates")
def get_updates(call: Call) -> list[JSON]:
    """The oldest updates that are not confirmed yet."""
    if call.bot.data.get("webhook"):
        raise refusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
            "first",
        )
    if call.bot.data.get("polled_elsewhere"):
        raise refusal(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        )
    wanted: Any = call.nested("allowed_updates")
    if isinstance(wanted, list):
        call.world.update_account(call.bot, {"allowed_updates": wanted})
    waiting = _waiting(call)
    offset = call.integer("offset") if call.text("offset") else 0
    kept = waiting[offset:] if offset < 0 else [item for item in waiting if item.record["update_id"] >= offset]
    for item in waiting:
        if item not in kept:
            call.world.delete_object(item)
    limit = min(max(call.integer("limit"), 1), PAGE) if call.text("limit") else PAGE
    return [dict(item.record) for item in kept[:limit]]


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates sent to an address, which ends polling; the sandbox sends none."""
    call.world.update_account(call.bot, {"webhook": call.text("url")})
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Go back to polling."""
    call.world.update_account(call.bot, {"webhook": ""})
    if call.flag("drop_pending_updates"):
        for item in _waiting(call):
            call.world.delete_object(item)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> JSON:
    """Where updates are sent to, and how many wait."""
    return {
        "url": call.bot.data.get("webhook", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(_waiting(call)),
    }


def _waiting(call: Call) -> list[Object]:
    """The updates that are kept, oldest first; older ones are forgotten."""
    found = list(call.world.objects(call.bot, UPDATE, ascending=True))
    stale = [item for item in found if call.world.clock() - item.stored_at >= KEPT]
    for item in stale:
        call.world.delete_object(item)
    return found[len(stale) :]


def _wants(bot: Account, kind: str) -> bool:
    allowed = bot.data.get("allowed_updates")
    return kind in allowed if allowed else kind not in _ON_DEMAND
