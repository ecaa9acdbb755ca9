"""Acting on what people write, and on the people, in the chats where the bot is an administrator."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, MINUTE, SECOND, Instant
from smm_tui.domain.errors import NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import NEEDS, Item, ItemKind, Verb
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.telegram import mapping, messages
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import SUPERGROUP

THUMB = "\N{THUMBS UP SIGN}"
SHORTEST, LONGEST = MINUTE, 366 * DAY - MINUTE  # terms outside of 30 s to 366 d are for ever; a minute for slow lines
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_invite_users",
    "can_change_info",
    "can_pin_messages",
    "can_manage_topics",
)
_TERMINABLE = (Verb.BAN, Verb.MUTE, Verb.RESTRICT)


class TelegramModerator:
    """A Moderator over the Bot API. Muting and restricting are one here: the person may read, and write nothing."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`. Telegram has no place for a reason."""
        self._api.ensure(NEEDS[verb])
        term = self._term(until) if verb in _TERMINABLE else {}
        chat, message = mapping.place_of_id(item.id)
        match verb:
            case Verb.LIKE | Verb.UNLIKE:
                await self._react(chat, message, liked=verb is Verb.LIKE)
            case Verb.DELETE:
                await messages.delete(self._api, RemoteRef(item.id, item.url))
            case Verb.BAN | Verb.UNBAN:
                await self._ban(chat, item, term, banned=verb is Verb.BAN)
            case _:
                await self._silence(chat, item, term, silent=verb in (Verb.MUTE, Verb.RESTRICT))

    async def _react(self, chat: int, message: int, *, liked: bool) -> None:
        reaction = [{"type": "emoji", "emoji": THUMB}] if liked else []
        parameters = {"chat_id": chat, "message_id": message, "reaction": reaction}
        await self._api.change("setMessageReaction", parameters)

    async def _ban(self, chat: int, item: Item, term: JSON, *, banned: bool) -> None:
        person = self._person(item)
        if person < 0:
            if term:
                raise self._impossible(_("Telegram bans channels for good only."))
            method = "banChatSenderChat" if banned else "unbanChatSenderChat"
            await self._api.change(method, {"chat_id": chat, "sender_chat_id": person}, follow=True)
            return
        who: JSON = {"chat_id": chat, "user_id": person}
        if banned:
            await self._api.change("banChatMember", {**who, **term}, follow=True)
        else:
            await self._lift("unbanChatMember", {**who, "only_if_banned": True})  # else it throws a member out

    async def _silence(self, chat: int, item: Item, term: JSON, *, silent: bool) -> None:
        person = self._person(item)
        if person < 0:
            raise self._impossible(_("Telegram silences people only: a channel can be banned."))
        parameters = {
            "chat_id": chat,
            "user_id": person,
            "permissions": dict.fromkeys(PERMISSIONS, not silent),
            **term,
        }
        if silent:
            await self._api.change("restrictChatMember", parameters, follow=True)
        else:
            await self._lift("restrictChatMember", parameters)

    async def _lift(self, method: str, parameters: JSON) -> None:
        """Who is not there any more is free already."""
        try:
            await self._api.change(method, parameters, follow=True)
        except NotFound as error:
            if error.status != 400:
                raise

    def _person(self, item: Item) -> int:
        """The author's number, negative for a channel. Unsupported where nobody can be shut out."""
        if item.kind is ItemKind.MESSAGE:
            raise self._impossible(_("A bot cannot shut anybody out of a private conversation."))
        if item.extra.get("chat", SUPERGROUP) != SUPERGROUP:
            raise self._impossible(_("A bot shuts people out of supergroups only, for good or for a time."))
        if not mapping.is_number(item.author.id):
            raise self._impossible(_("Telegram did not say who wrote this."))
        return int(item.author.id)

    def _impossible(self, why: str) -> Unsupported:
        return Unsupported(why, _("Do it in Telegram itself."))

    def _term(self, until: Instant | None) -> JSON:
        if until is None:
            return {}
        if not SHORTEST <= until - self._api.around.clock() <= LONGEST:
            raise Rejected(
                _("Telegram's terms last one minute at the least and 365 days at the most."),
                _("Choose another term, or none: then it is for good."),
                field="until",
            )
        return {"until_date": -(-until // SECOND)}
