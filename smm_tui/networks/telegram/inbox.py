"""Reading what people write to a bot.

Telegram keeps for a bot what happened within 24 hours, once: asking with an offset confirms, and deletes, everything
before it. So the offset is a part of the cursor, and is asked with only after it was stored with what came before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.community import Item, Page
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.telegram import mapping_inbox
from smm_tui.networks.telegram.api import TelegramApi

PAGE = 100
LONGEST_POLL = 50
"""Seconds that the Bot API keeps a call open at most."""
GRACE = 5
"""Seconds that an answer may be under way."""
_KEPT = DAY
_RENUMBERED = 7 * DAY  # after so long a silence numbers may begin anywhere


class TelegramInbox:
    """An Inbox over getUpdates."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`. What was deleted is not told, and edits come as the same item again."""
        account, now = self._api.account, self._api.around.clock()
        before = mapping_inbox.progress(cursor)
        who = mapping_inbox.listener(account.remote_id, account.handle, account.facts, posts)
        known = before.offset if now - before.heard < _RENUMBERED else 0
        parameters: JSON = {"limit": PAGE, "timeout": 0, "allowed_updates": list(mapping_inbox.KINDS)}
        if known:
            parameters["offset"] = known
        updates = shape.a_list(await self._api.ask("getUpdates", parameters), "updates")
        reached, items, threads = known, {}, dict(before.threads)
        for update in updates:
            try:
                number = mapping_inbox.update_number(update)
                if number < known:
                    continue  # a server that does not heed the offset
                reached = max(reached, number + 1)
                message = mapping_inbox.message_of(update)
                found = None if message is None else mapping_inbox.item(message, who, threads)
            except shape.WrongShape:
                continue
            if found is not None:
                items[found.id] = found
        if updates and not reached:
            raise shape.WrongShape("update_id")
        after = replace(
            before,
            offset=reached or before.offset,
            heard=now if reached > known or not before.heard else before.heard,
            asked=now,
            threads=threads,
        )
        return Page(
            items=tuple(items.values()),
            cursor=mapping_inbox.cursor_of(after),
            more=len(updates) >= PAGE and reached > known,
            gap=self._gap() if before.asked and now - before.asked > _KEPT else "",
        )

    async def listen(self, cursor: JSON | None, seconds: float) -> bool:
        """See `Listener.listen`: asking with the same offset once more confirms nothing that is not stored."""
        before = mapping_inbox.progress(cursor)
        parameters: JSON = {
            "limit": 1,
            "timeout": max(1, min(round(seconds) - GRACE, LONGEST_POLL)),
            "allowed_updates": list(mapping_inbox.KINDS),
        }
        if before.offset and self._api.around.clock() - before.heard < _RENUMBERED:
            parameters["offset"] = before.offset
        return bool(await self._api.wait("getUpdates", parameters, seconds))

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """Unsupported: bots see what is new, and nothing that was."""
        raise Unsupported(
            _("Telegram shows a bot no earlier messages."),
            _("What this program read stands in its inbox; look in Telegram for the rest."),
        )

    def _gap(self) -> str:
        return _(
            "{handle} was not read for more than 24 hours. Telegram keeps nothing for a bot for longer: what people "
            "wrote before that may be missing here."
        ).format(handle=self._api.account.handle)
