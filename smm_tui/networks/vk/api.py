"""The calls of VK's API for one community: two tokens, errors inside HTTP 200, the pace, uploads."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from smm_tui.domain.errors import AuthExpired, Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.address import host
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.http import Answer, NotTheApi, quoted
from smm_tui.networks.ports import Account, MediaFile, SecretSlot
from smm_tui.networks.vk import mapping, refusals
from smm_tui.networks.vk.spec import COMMUNITY, TITLE, USER

T = TypeVar("T")

VERSION = "5.199"
CALLS = {USER: 3, COMMUNITY: 20}  # a second, by kind of token
USER_INTERVAL = 0.34  # seconds between two calls with a user token, where no other process is known to call
TURNS = 10  # times that a call waits behind those of other processes before it tries its luck
SLOTS = {COMMUNITY: "token", USER: "user_token"}  # where the secret keeps each kind of token


class VkApi(Api):
    """Every call goes with the kind of token that VK takes there.

    What may be repeated is tried with the other kind when VK refuses the first; a post is not, since its guid holds
    for one caller only.
    """

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self._group_id = account.remote_id
        self._known_tokens: dict[str, str] = {}
        self._next_call = 0.0  # of the event loop's time

    # Who calls

    async def token(self, kind: str) -> str:
        """A token as it is stored, empty when there is none."""
        if not self._known_tokens:
            values = await asyncio.to_thread(self.slot.read) or {}
            self._known_tokens = {name: values.get(slot, "").strip() for name, slot in SLOTS.items()}
        return self._known_tokens[kind]

    async def group(self) -> str:
        """The community's number; asked for when the account was never checked."""
        if not self._group_id:
            self._group_id = (await self.community()).id
        return self._group_id

    async def owner(self) -> str:
        """The community as the owner of things."""
        return f"-{await self.group()}"

    async def community(self) -> mapping.Community:
        """The community whose token this is: only such a token may ask without naming one."""
        try:
            found = await self.ask("groups.getById", {}, COMMUNITY, mapping.community)
        except (Rejected, Forbidden, shape.WrongShape) as error:
            raise Rejected(
                _("That is not the token of a community."),
                _("Make one in the community: Manage > API usage. A person's token goes into the second field."),
                status=error.status,
                field="token",
            ) from None
        self._group_id = found.id
        return found

    async def ensure_is_server(self) -> None:
        """Rejected (field ``server``) unless VK's API answers there; no token is shown."""
        try:
            answer = await self.http.call(
                "POST", f"{self.server}/method/utils.getServerTime", safe=True, form={"v": VERSION}
            )
            if not answer.ok:
                raise self.http.refusal(answer, "", safe=True)
            if self.http.parsed(answer, mapping.is_vk, safe=True):
                return
            status = answer.status
        except (NotTheApi, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            status = error.status
        raise Rejected(
            _("{host} does not answer as VK's API.").format(host=host(self.server)),
            _("Check the server's address, for example https://api.vk.com"),
            status=status,
            field="server",
        )

    # Calls

    async def first(self, method: str, form: Mapping[str, str], read: Callable[[Any], T]) -> T:
        """A repeatable call with the user token; with the community's where there is none, or VK takes only that."""
        return await self._with_either(USER if await self.token(USER) else COMMUNITY, method, form, read)

    async def as_community(self, method: str, form: Mapping[str, str], read: Callable[[Any], T]) -> T:
        """A repeatable call with the community's token; with the user's where VK takes only that."""
        return await self._with_either(COMMUNITY, method, form, read)

    async def ask(self, method: str, form: Mapping[str, str], kind: str, read: Callable[[Any], T]) -> T:
        """A repeatable call with one kind of token."""
        return self.result(await self.answer(method, form, kind), read, kind)

    async def refused(self, method: str, form: Mapping[str, str], kind: str) -> refusals.Failure | None:
        """Why a kind of token may not call a method; None when it may, or only its parameters are wrong."""
        answer = await self.answer(method, form, kind)
        try:
            self.result(answer, lambda value: value, kind)
        except (Forbidden, Rejected, Unsupported):
            failed = refusals.failure(answer.error_body())
            if failed is not None and failed.code != refusals.PARAMETER:
                return failed
        return None

    async def answer(self, method: str, form: Mapping[str, str], kind: str, *, safe: bool = True) -> Answer:
        """The answer to one call, whatever it is."""
        token = await self.token(kind)
        if not token:
            raise AuthExpired(
                _("No {token} is stored for {handle}.").format(
                    token=refusals.token_name(kind), handle=self.account.handle
                ),
                _("Give this account its token again."),
            )
        await self._keep_pace(kind, token)
        return await self.http.call(
            "POST", f"{self.server}/method/{method}", safe=safe, token=token, form={**form, "v": VERSION}
        )

    def result(self, answer: Answer, read: Callable[[Any], T], kind: str, *, safe: bool = True) -> T:
        """What `read` makes of an answer; a refusal in it is raised, though its status says OK."""
        failed = refusals.failure(answer.error_body())
        if not answer.ok:
            raise self.http.refusal(answer, failed.message if failed else "", safe=safe)
        if failed is None:
            return self.http.parsed(answer, lambda value: read(mapping.response(value)), safe=safe)
        if refusals.is_internal(failed):
            reason = quoted(failed.message) or str(failed.code)
            raise self.http.broken(answer.host, reason, safe=safe, status=answer.status)
        error = refusals.refusal(failed, host=answer.host, kind=kind)
        if isinstance(error, AuthExpired):
            self._known_tokens = {}  # a person may have stored a new one meanwhile
        raise error

    async def upload(self, address: str, field: str, file: MediaFile, read: Callable[[Any], T]) -> T:
        """Send a file to the address that VK named; the token stays here, since that is another host."""
        extension = mimetypes.guess_extension(file.mime) or ""
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            answer = await self.http.call(
                "POST", address, safe=True, files={field: (f"media{extension}", handle, file.mime)}, size=file.size
            )
        if not answer.ok:
            raise self.http.refusal(answer, "", safe=True, field="media")
        return self.http.parsed(answer, read, safe=True)

    def upload_address(self, value: Any) -> str:
        """Where a file is to be sent, of an answer that says it."""
        return mapping.upload_address(value, self.server)

    async def _with_either(self, kind: str, method: str, form: Mapping[str, str], read: Callable[[Any], T]) -> T:
        other = COMMUNITY if kind == USER else USER
        answer = await self.answer(method, form, kind)
        failed = refusals.failure(answer.error_body())
        if failed is not None and refusals.needs_other_token(failed) and await self.token(other):
            second = await self.answer(method, form, other)
            if second.ok and refusals.failure(second.error_body()) is None:
                return self.result(second, read, other)
        return self.result(answer, read, kind)

    async def _keep_pace(self, kind: str, token: str) -> None:
        """Wait for a turn, a second at most each time: VK counts by the second, and a post takes several calls."""
        rates, limit = self.around.rates, CALLS.get(kind)
        if rates is not None and limit is not None:
            bucket = f"vk {kind} {hashlib.sha256(token.encode()).hexdigest()[:16]}"
            for _turn in range(TURNS):
                wait = await asyncio.to_thread(rates.take, bucket, limit, 1.0)
                if not wait:
                    return
                await self.around.pause(min(wait, 1.0))
        elif kind == USER:
            now = asyncio.get_running_loop().time()
            wait = self._next_call - now
            self._next_call = max(now, self._next_call) + USER_INTERVAL
            if wait > 0:
                await self.around.pause(wait)
