"""Publishing in Telegram channels and groups, as a bot.

The bot's token is a part of every address, so no address of a call is ever shown: see `Http.call`'s ``hidden``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import (
    AuthExpired,
    DataError,
    Forbidden,
    NetworkError,
    Rejected,
    Unsupported,
)
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host, server_address
from smm_tui.networks.http import Answer, Http, Timeouts, quoted
from smm_tui.networks.ports import JSON, Account, Checked, MediaFile, Part, RemoteRef, SecretSlot
from smm_tui.networks.telegram import mapping
from smm_tui.networks.telegram.spec import SPEC, TITLE

T = TypeVar("T")

NOBODY = "0:0"  # a token of the right form that is nobody's


class TelegramPublisher:
    """A Publisher over the Bot API."""

    def __init__(
        self,
        account: Account,
        slot: SecretSlot,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._account = account
        self._slot = slot
        self._server = server_address(account.server)
        self._http = Http(TITLE, transport=transport, timeouts=timeouts, clock=clock)
        self._known_token = ""

    async def check(self) -> Checked:
        """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
        chat_id = self._chat()
        await self._token()
        await self._ensure_is_server()
        bot = await self._ask("getMe", {})
        chat = await self._ask("getChat", {"chat_id": chat_id})
        found = mapping.checked(bot, chat, server=self._server)
        member = {"chat_id": int(found.remote_id), "user_id": int(found.facts["bot_id"])}
        try:
            missing = mapping.missing_rights(await self._ask("getChatMember", member), chat)
        except (Forbidden, Rejected) as error:
            if error.status not in (400, 403):
                raise
            missing = (mapping.no_administrator(),)  # who is none may not even ask
        return replace(found, missing=missing)

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. Files have no upload of their own here: the wire says which ones go with the call.

        The parts of a long text follow each other as messages of their own, for a channel has no replies.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._account.facts)
        for file in part.media:
            if file.mime not in SPEC.rules({}).limits.mime_types:
                raise Unsupported(
                    _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                    _("Attach JPEG, PNG or WebP pictures, or an MP4 video."),
                )
            (await asyncio.to_thread(outgoing.opened, file)).close()
        return mapping.request(part, self._chat())

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`. Nothing in the call tells a repeat from a second post."""
        answer = await self._followed(wire["method"], wire["parameters"], wire["files"], safe=False)
        return self._result(answer, mapping.sent, safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """Unsupported: bots cannot see what they sent."""
        raise self._unreadable()

    async def read(self, ref: RemoteRef) -> JSON | None:
        """Unsupported: bots cannot see what they sent."""
        raise self._unreadable()

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`. An album goes as a whole; of what is partly gone already, the rest."""
        method, parameters = mapping.deletion(ref)
        # Not followed to the new number of a group: there the same number is another message.
        answer = await self._post(method, parameters, {}, safe=True)
        reason = mapping.description(answer.error_body())
        if answer.status == 400 and mapping.names_nothing_to_delete(reason):
            return
        if answer.status == 400 and mapping.names_too_old(reason):
            raise Rejected(
                _("Telegram does not let the bot delete it: {reason}").format(reason=quoted(reason)),
                _("Bots may delete messages of the last 48 hours only. Delete it in Telegram itself."),
                status=answer.status,
                reason=quoted(reason),
            )
        self._result(answer, mapping.result)

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._http.aclose()

    # What the server and the chat are

    async def _ensure_is_server(self) -> None:
        """Whether the Bot API answers there: it refuses nobody's token in its own form."""
        answer = await self._http.call("GET", f"{self._server}/bot{NOBODY}/getMe", safe=True)
        if mapping.is_refusal(answer.error_body()):
            return
        if answer.is_damaged:
            raise self._http.broken(answer.host, _("the answer is damaged"), safe=True, status=answer.status)
        if answer.status >= 500 or answer.status == 429:
            raise self._refusal(answer, safe=True)
        raise Rejected(
            _("{host} does not answer as a server of Telegram's Bot API.").format(host=host(self._server)),
            _("Leave --server away, or give the address of your own Bot API server."),
            status=answer.status,
            field="server",
        )

    def _chat(self) -> int | str:
        return mapping.chat_id(self._account.remote_id or self._account.handle)

    def _unreadable(self) -> Unsupported:
        return Unsupported(
            _("Telegram does not show a bot what it sent."),
            _("Look in {handle} itself: is it there?").format(handle=self._account.handle),
        )

    # Calls

    async def _token(self) -> str:
        if not self._known_token:
            values = await asyncio.to_thread(self._slot.read)
            self._known_token = (values or {}).get("token", "").strip()
        if not self._known_token:
            raise AuthExpired(
                _("No bot token is stored for {handle}.").format(handle=self._account.handle),
                _("Give this account its token again."),
            )
        if not mapping.is_token(self._known_token):
            self._known_token = ""
            raise AuthExpired(
                _("What is stored for {handle} is no bot token.").format(handle=self._account.handle),
                _("Copy it again from @BotFather: digits, a colon and 35 characters."),
            )
        return self._known_token

    async def _ask(self, method: str, parameters: JSON) -> Any:
        return self._result(await self._followed(method, parameters, {}, safe=True), mapping.result)

    async def _followed(self, method: str, parameters: JSON, files: Mapping[str, JSON], *, safe: bool) -> Answer:
        """The answer to a call; a group that moved to another number meanwhile is followed there, once."""
        answer = await self._post(method, parameters, files, safe=safe)
        moved = mapping.moved_to(answer.error_body()) if answer.status == 400 else None
        if moved is None:
            return answer
        return await self._post(method, {**parameters, "chat_id": moved}, files, safe=safe)

    async def _post(self, method: str, parameters: JSON, files: Mapping[str, JSON], *, safe: bool) -> Answer:
        token = await self._token()
        url = f"{self._server}/bot{token}/{method}"
        if not files:
            return await self._http.call("POST", url, safe=safe, body=parameters, hidden=token)
        with ExitStack() as opened:
            handles = {}
            for name, values in files.items():
                file = MediaFile(Path(values["path"]), values["sha256"], values["mime"], values["size"])
                try:
                    handle = opened.enter_context(await asyncio.to_thread(outgoing.opened, file))
                except DataError as error:  # nothing has left yet, so this is no doubt
                    raise Rejected(error.message, error.hint, field="media") from None
                handles[name] = (mapping.file_name(name, file.mime), handle, file.mime)
            return await self._http.call(
                "POST",
                url,
                safe=safe,
                form={name: _as_field(value) for name, value in parameters.items()},
                files=handles,
                size=sum(values["size"] for values in files.values()),
                hidden=token,
            )

    def _result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        if not answer.ok:
            raise self._refusal(answer, safe=safe)
        return self._http.parsed(answer, read, safe=safe)

    def _refusal(self, answer: Answer, *, safe: bool) -> NetworkError:
        told = answer.error_body()
        wait = self._http.wait_of(answer)
        if not mapping.is_refusal(told):
            return self._http.refusal(answer, "", safe=safe, wait=wait)
        reason, status = mapping.description(told), answer.status
        said = quoted(reason)
        if status == 404 and "method" in reason.lower():
            return Unsupported(
                _("{host} does not know this call.").format(host=answer.host),
                _("It runs an old version of the Bot API: update it."),
                status=status,
            )
        if status in (401, 404):
            self._known_token = ""  # a person may have stored a new one meanwhile
            return AuthExpired(
                _("{host} does not take the token of this bot: {reason}").format(host=answer.host, reason=said),
                _("Write /token to @BotFather, copy the bot's token and give it to this account."),
                status=status,
            )
        if status == 409:
            return Rejected(
                _("Another program uses this bot: {reason}").format(reason=said),
                _("Only one program may use a bot. Stop the other one, or make a bot of its own for this account."),
                status=status,
                reason=said,
            )
        if status in (400, 403) and mapping.names_no_chat(reason):
            return Rejected(
                _("The bot does not know {handle}: {reason}").format(handle=self._account.handle, reason=said),
                _("Check the name, and make the bot an administrator there."),
                status=status,
                reason=said,
                field="handle",
            )
        if status in (400, 403) and mapping.names_a_right(reason):
            return Forbidden(
                _("The bot may not do that in {handle}: {reason}").format(handle=self._account.handle, reason=said),
                _("Make it an administrator who may post, edit and delete messages."),
                status=status,
            )
        told_wait = mapping.retry_after(told)
        waits = [seconds for seconds in (wait, told_wait) if seconds is not None]
        return self._http.refusal(
            answer, reason, safe=safe, field=mapping.refused_field(reason), wait=max(waits, default=None)
        )


def _as_field(value: Any) -> str:
    """A parameter as a field of a form: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
