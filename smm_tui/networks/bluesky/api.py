"""The calls of one Bluesky account, through its own server (PDS), which passes on what other services answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from smm_tui.domain.errors import (
    AuthExpired,
    Forbidden,
    NetworkError,
    NotFound,
    Transient,
)
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.bluesky import mapping
from smm_tui.networks.bluesky.session import Session
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.http import Answer, quoted
from smm_tui.networks.pace import Bucket
from smm_tui.networks.ports import JSON, Account, RemoteRef, SecretSlot

T = TypeVar("T")
Params = Mapping[str, str | int | Sequence[str]]

RENEWALS = 2  # the stored session may have expired as well, when another process renewed it long ago
SWAPS = 3  # so often a record is read and merged again when somebody else wrote it meanwhile
WRITES = 5000 // 3  # in an hour: new records, at the points that each of them costs


class BlueskyApi(Api):
    """XRPC: queries and procedures, with the account's session."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self.session = Session(account, self.server, slot, self.http, partial(self.refusal, safe=True))

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        """See `Api.buckets`: the reference server's limits of log-ins, of all calls, and of writes.

        What an answer tells is mostly of all calls, so writes come after those though they are fewer.
        """
        if url.endswith("/com.atproto.server.createSession"):
            yield self.bucket("sessions", 30, 300)
        yield self.bucket("", 3000, 300)
        if url.endswith(mapping.WRITING):
            yield self.bucket("writes", WRITES, 3600)

    # Who calls

    async def did(self) -> str:
        """The account's own identifier; logs in when it is not known."""
        return (await self.session.tokens()).did

    async def handle(self) -> str:
        """The account's handle, without a call."""
        tokens = await self.session.stored()
        return tokens.handle if tokens else self.account.handle.removeprefix("@")

    async def pds(self) -> str:
        """The account's own server, without a call."""
        tokens = await self.session.stored()
        return tokens.pds if tokens else shape.text(self.account.facts, "pds") or self.server

    # Calls

    async def query(self, base: str, method: str, params: Params | None = None, *, token: str = "") -> Answer:
        """A read that needs no login there, or one with a token made for it."""
        return await self.http.call("GET", _address(base, method, params), safe=True, token=token)

    async def call(
        self,
        method: str,
        *,
        safe: bool,
        params: Params | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A call as the account; when the server says that the session expired it did nothing: renew, call again."""
        verb = "GET" if body is None and content is None else "POST"
        renewals = 0
        tokens = await self.session.tokens()
        while True:
            answer = await self.http.call(
                verb,
                _address(tokens.pds, method, params),
                safe=safe,
                token=tokens.access,
                body=body,
                content=content,
                headers=headers,
                size=len(content or b""),
            )
            expired = not answer.ok and isinstance(self.refusal(answer, safe=safe), AuthExpired)
            if not expired or renewals == RENEWALS:
                return answer
            renewals += 1
            tokens = await self.session.renewed(tokens.access)

    async def ask(
        self, method: str, params: Params, read: Callable[[Any], T], *, headers: Mapping[str, str] | None = None
    ) -> T:
        """What `read` makes of a query's answer."""
        return self.result(await self.call(method, safe=True, params=params, headers=headers), read)

    def result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        """What `read` makes of an answer; a refusal is raised."""
        if not answer.ok:
            raise self.refusal(answer, safe=safe)
        return self.http.parsed(answer, read, safe=safe)

    async def do(self, method: str, body: JSON, *, headers: Mapping[str, str] | None = None) -> None:
        """A procedure that may be repeated and whose answer's content does not matter."""
        answer = await self.call(method, safe=True, body=body, headers=headers)
        if not answer.ok:
            raise self.refusal(answer, safe=True)
        self.http.ensure_done(answer)

    def refusal(self, answer: Answer, *, safe: bool) -> NetworkError:
        """The error of an answer that is none."""
        told = answer.error_body()
        error, message = shape.text(told, "error"), shape.text(told, "message")
        said = message or error
        status = answer.status
        names = {"host": answer.host, "reason": quoted(said)}
        if error in mapping.ACCOUNT_CLOSED and 400 <= status < 500:
            return Forbidden(
                _("{host} has closed this account: {reason}").format(**names),
                _("Log in on the network's site to see why."),
                status=status,
            )
        if mapping.lacks_right(error, message) and status in (400, 401, 403):
            return Forbidden(
                _("The app password does not open this at {host}: {reason}").format(**names),
                _("Make a new app password that allows access to direct messages and give it to this account."),
                status=status,
            )
        if error in mapping.TOKEN_REFUSED and status in (400, 401, 403):
            return AuthExpired(
                _("{host} no longer takes this account's session: {reason}").format(**names),
                _("Make a new app password in the network's settings and give it to this account."),
                status=status,
            )
        if error in mapping.NOT_THERE and 400 <= status < 500:
            return NotFound(
                _("{host} does not have it: {reason}").format(**names),
                _("It was deleted, or this account may not see it."),
                status=status,
            )
        return self.http.refusal(
            answer,
            said,
            safe=safe,
            field=mapping.refused_field(error, message),
            wait=self.http.wait_of(answer, "ratelimit-reset"),
        )

    # Records

    async def record(self, where: JSON, read: Callable[[Any], T]) -> T | None:
        """A record of the account from its own server, which is never behind; None when it is not there."""
        answer = await self.query(await self.pds(), "com.atproto.repo.getRecord", where)
        if not answer.ok and answer.error_body().get("error") == "RecordNotFound":
            return None
        return self.result(answer, read)

    async def reference(self, where: JSON) -> RemoteRef | None:
        """The reference of a record, None when it is not there."""
        return await self.record(where, partial(mapping.record_ref, handle=await self.handle()))

    async def send(self, wire: JSON) -> RemoteRef:
        """Put the frozen record of an intent at its key, once. Raises as `Publisher.send`."""
        answer = await self.call("com.atproto.repo.putRecord", safe=False, body=wire)
        if answer.error_body().get("error") != "InvalidSwap":
            return self.result(answer, partial(mapping.record_ref, handle=await self.handle()), safe=False)
        # The key is ours alone, so the record there is this part, written by an attempt whose answer was lost.
        try:
            found = await self.find(wire)
        except NetworkError:
            found = None
        if found is None:
            raise self.http.broken(answer.host, _("it holds another record at this place"), safe=False)
        return found

    async def find(self, wire: JSON, taken: frozenset[str] = frozenset()) -> RemoteRef | None:
        """The record of an intent; its key is the identity, so nothing needs to be compared."""
        found = await self.reference({name: str(wire[name]) for name in ("repo", "collection", "rkey")})
        return None if found is None or found.id in taken else found

    async def put(self, where: JSON, record: JSON, *, over: str | None) -> RemoteRef | None:
        """Put a record over the one with the cid `over` (None: there is none); None when another stands there.

        The same record again changes nothing, so a failure is Transient.
        """
        body = {**where, "record": record, "swapRecord": over}
        answer = await self.call("com.atproto.repo.putRecord", safe=True, body=body)
        if answer.error_body().get("error") == "InvalidSwap":
            return None
        return self.result(answer, partial(mapping.record_ref, handle=await self.handle()))

    async def change(self, where: JSON, changed: Callable[[JSON], JSON]) -> None:
        """Bring a record, or its absence ({}), to what `changed` makes of it, keeping what others wrote meanwhile."""
        for _attempt in range(SWAPS):
            found = await self.record(where, mapping.stored)
            record, cid = found or ({}, None)
            wanted = changed(record)
            if wanted == record or await self.put(where, wanted, over=cid):
                return
        raise Transient(
            _("{network} changes this just now in other hands.").format(network=TITLE),
            _("It is tried again by itself."),
        )

    async def remove(self, where: JSON) -> None:
        """Delete a record; not there is success."""
        try:
            await self.do("com.atproto.repo.deleteRecord", where)
        except NotFound:
            return

    async def upload(self, data: bytes, mime: str) -> JSON:
        """The blob object of uploaded bytes; the same bytes again give the same."""
        answer = await self.call(
            "com.atproto.repo.uploadBlob", safe=True, content=data, headers={"content-type": mime}
        )
        return self.result(answer, mapping.blob)


def _address(base: str, method: str, params: Params | None) -> str:
    query = urlencode(params, doseq=True) if params else ""
    return f"{base}/xrpc/{method}{'?' if query else ''}{query}"
