"""The calls to the Bot API.

The bot's token is a part of every address, so no address of a call is ever shown: see `Http.call`'s ``hidden``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from smm_tui.domain.errors import AuthExpired, DataError, NetworkError, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.http import Answer
from smm_tui.networks.pace import Bucket
from smm_tui.networks.ports import JSON, Account, Capability, MediaFile, SecretSlot
from smm_tui.networks.telegram import mapping, refusals
from smm_tui.networks.telegram.spec import SPEC, TITLE

T = TypeVar("T")

NOBODY = "0:0"  # a token of the right form that is nobody's
_NO_FILES: Mapping[str, JSON] = {}


class TelegramApi(Api):
    """One bot in one chat."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self._known_token = ""

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        """What Telegram's FAQ says: messages to one chat, and calls of one bot; changes of messages count too."""
        if url.rpartition("/")[2].startswith(("send", "edit")):
            yield self.bucket("messages", 20, 60)
        yield self.bucket("", 30, 1)

    def chat(self) -> int | str:
        """The account's chat as the calls take it."""
        return mapping.chat_id(self.account.remote_id or self.account.handle)

    def ensure(self, capability: Capability) -> None:
        """Unsupported when the account does not declare a capability."""
        if capability not in SPEC.rules(self.account.facts).capabilities:
            raise Unsupported(
                _("{network} does not let this account do that.").format(network=TITLE),
                _("It has no such thing, or the bot lacks the right: run a check of the account."),
            )

    async def ask(
        self, method: str, parameters: JSON, files: Mapping[str, JSON] = _NO_FILES, *, follow: bool = True
    ) -> Any:
        """The result of a call that harms nobody when it is repeated.

        `follow`: a group that moved to another number meanwhile is followed there.
        """
        return self.result(await self.call(method, parameters, files, safe=True, follow=follow), mapping.result)

    async def change(
        self, method: str, parameters: JSON, files: Mapping[str, JSON] = _NO_FILES, *, follow: bool = False
    ) -> Any:
        """Like `ask`, for a call that brings about a state: None when it was so already."""
        answer = await self.call(method, parameters, files, safe=True, follow=follow)
        if answer.status == 400 and refusals.names_no_change(refusals.description(answer.error_body())):
            return None
        return self.result(answer, mapping.result)

    async def wait(self, method: str, parameters: JSON, seconds: float) -> Any:
        """Like `ask`, for a call that the server answers when there is something to say; None when there was
        nothing."""
        token = await self._token()
        url = f"{self.server}/bot{token}/{method}"
        answer = await self.http.hear("POST", url, seconds=seconds, body=parameters, hidden=token)
        return None if answer is None else self.result(answer, mapping.result)

    async def call(
        self,
        method: str,
        parameters: JSON,
        files: Mapping[str, JSON] = _NO_FILES,
        *,
        safe: bool,
        follow: bool = True,
    ) -> Answer:
        """One call and its whole answer, whatever it is."""
        answer = await self._post(method, parameters, files, safe=safe)
        moved = refusals.moved_to(answer.error_body()) if follow and answer.status == 400 else None
        if moved is None:
            return answer
        return await self._post(method, {**parameters, "chat_id": moved}, files, safe=safe)

    def result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        """What `read` makes of an answer; every refusal is a NetworkError."""
        if not answer.ok:
            raise self.refusal(answer, safe=safe)
        return self.http.parsed(answer, read, safe=safe)

    def refusal(self, answer: Answer, *, safe: bool) -> NetworkError:
        """The error of an answer that is a no."""
        told = answer.error_body()
        wait = self.http.wait_of(answer)
        if not refusals.is_refusal(told):
            return self.http.refusal(answer, "", safe=safe, wait=wait)
        reason = refusals.description(told)
        known = refusals.error_of(answer.status, reason, host=answer.host, handle=self.account.handle)
        if isinstance(known, AuthExpired):
            self._known_token = ""  # a person may have stored a new one meanwhile
        waits = [seconds for seconds in (wait, refusals.retry_after(told)) if seconds is not None]
        return known or self.http.refusal(
            answer, reason, safe=safe, field=refusals.refused_field(reason), wait=max(waits, default=None)
        )

    async def ensure_is_server(self) -> None:
        """Whether the Bot API answers there: it refuses nobody's token in its own form."""
        await self._token()
        answer = await self.http.call("GET", f"{self.server}/bot{NOBODY}/getMe", safe=True)
        if refusals.is_refusal(answer.error_body()):
            return
        if answer.is_damaged:
            raise self.http.broken(answer.host, _("the answer is damaged"), safe=True, status=answer.status)
        if answer.status >= 500 or answer.status == 429:
            raise self.refusal(answer, safe=True)
        raise Rejected(
            _("{host} does not answer as a server of Telegram's Bot API.").format(host=host(self.server)),
            _("Leave --server away, or give the address of your own Bot API server."),
            status=answer.status,
            field="server",
        )

    async def _token(self) -> str:
        if not self._known_token:
            values = await asyncio.to_thread(self.slot.read)
            self._known_token = (values or {}).get("token", "").strip()
        if not self._known_token:
            raise AuthExpired(
                _("No bot token is stored for {handle}.").format(handle=self.account.handle),
                _("Give this account its token again."),
            )
        if not mapping.is_token(self._known_token):
            self._known_token = ""
            raise AuthExpired(
                _("What is stored for {handle} is no bot token.").format(handle=self.account.handle),
                _("Copy it again from @BotFather: digits, a colon and 35 characters."),
            )
        return self._known_token

    async def _post(self, method: str, parameters: JSON, files: Mapping[str, JSON], *, safe: bool) -> Answer:
        token = await self._token()
        url = f"{self.server}/bot{token}/{method}"
        if not files:
            return await self.http.call("POST", url, safe=safe, body=parameters, hidden=token)
        with ExitStack() as opened:
            handles = {}
            for name, values in files.items():
                file = MediaFile(Path(values["path"]), values["sha256"], values["mime"], values["size"])
                try:
                    handle = opened.enter_context(await asyncio.to_thread(outgoing.opened, file))
                except DataError as error:  # nothing has left yet, so this is no doubt
                    raise Rejected(error.message, error.hint, field="media") from None
                handles[name] = (mapping.file_name(name, file.mime), handle, file.mime)
            return await self.http.call(
                "POST",
                url,
                safe=safe,
                form={name: _as_field(value) for name, value in parameters.items()},
                files=handles,
                size=sum(values["size"] for values in files.values()),
                hidden=token,
            )


def _as_field(value: Any) -> str:
    """A parameter as a field of a form: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
