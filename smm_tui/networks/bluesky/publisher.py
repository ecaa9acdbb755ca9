"""Publishing on Bluesky, through the account's own server (PDS)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import httpx

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import (
    AuthExpired,
    Forbidden,
    NetworkError,
    NotFound,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.i18n import _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.address import host, server_address
from smm_tui.networks.bluesky import images, mapping
from smm_tui.networks.bluesky.session import Session
from smm_tui.networks.bluesky.spec import SPEC, TITLE
from smm_tui.networks.http import Answer, Http, NotTheApi, Timeouts, quoted
from smm_tui.networks.ports import JSON, Account, Checked, MediaFile, Part, RemoteRef, SecretSlot

T = TypeVar("T")

RENEWALS = 2  # the stored session may have expired as well, when another process renewed it long ago


class BlueskyPublisher:
    """A Publisher over XRPC."""

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
        self._server = server_address(account.server)
        self._clock = clock
        self._http = Http(TITLE, transport=transport, timeouts=timeouts, clock=clock)
        self._session = Session(account, self._server, slot, self._http, partial(self._refusal, safe=True))

    async def check(self) -> Checked:
        """See `Publisher.check`. The app password is shown only to a server that proved to speak this protocol."""
        await self._ensure_is_server()
        session = self._result(
            await self._call("com.atproto.server.getSession", safe=True),
            lambda value: shape.an_object(value, "session"),
        )
        tokens = await self._session.tokens()
        handle = shape.text(session, "handle") or tokens.handle
        missing = []
        if session.get("active") is False:
            state = quoted(shape.text(session, "status")) or "?"
            missing.append(_("cannot publish: the account is not active ({state})").format(state=state))
        return Checked(
            remote_id=tokens.did,
            handle=handle,
            display_name=await self._display_name(tokens.did) or handle,
            server=self._server,
            url=f"https://bsky.app/profile/{handle}",
            facts={"pds": tokens.pds},
            missing=tuple(missing),
        )

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. The wire is the body of putRecord, time of writing included."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._account.facts)
        pictures = [await self._picture(file) for file in part.media]
        dids = {handle: did for handle in mapping.mentioned(part) if (did := await self._resolved(handle))}
        record = mapping.post_record(
            part,
            images=pictures,
            dids=dids,
            root=await self._strong(root),
            parent=await self._strong(parent),
            created_at=self._clock(),
        )
        tokens = await self._session.tokens()
        return {
            "repo": tokens.did,
            "collection": mapping.POST,
            "rkey": identity,
            "record": record,
            "swapRecord": None,  # "there must be none yet": a repeat changes nothing, a stranger's record stays
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        answer = await self._call("com.atproto.repo.putRecord", safe=False, body=wire)
        if answer.error_body().get("error") != "InvalidSwap":
            return self._result(answer, partial(mapping.record_ref, handle=await self._handle()), safe=False)
        # The key is ours alone, so the record there is this part, written by an attempt whose answer was lost.
        try:
            found = await self.find(identity, wire, taken=frozenset())
        except NetworkError:
            found = None
        if found is None:
            raise self._http.broken(answer.host, _("it holds another record at this place"), safe=False)
        return found

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The record's key is the identity, so nothing needs to be compared."""
        where = {name: str(wire[name]) for name in ("repo", "collection", "rkey")}
        return await self._record(where, partial(mapping.record_ref, handle=await self._handle()))

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        return await self._record(mapping.place(ref.id), partial(mapping.shown, handle=await self._handle()))

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        answer = await self._call("com.atproto.repo.deleteRecord", safe=True, body=mapping.place(ref.id))
        if not answer.ok and not isinstance(refused := self._refusal(answer, safe=True), NotFound):
            raise refused

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._http.aclose()

    # What the server and the account are

    async def _ensure_is_server(self) -> None:
        try:
            answer = await self._query(self._server, "com.atproto.server.describeServer")
            if self._result(answer, mapping.is_server):
                return
            status = answer.status
        except (NotTheApi, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            status = error.status
        raise Rejected(
            _("{host} does not answer as a Bluesky server.").format(host=host(self._server)),
            _("Check the server's address, for example https://bsky.social"),
            status=status,
            field="server",
        )

    async def _display_name(self, did: str) -> str:
        where = {"repo": did, "collection": "app.bsky.actor.profile", "rkey": "self"}
        try:
            return await self._record(where, mapping.display_name) or ""
        except NetworkError:  # a name is no reason to fail a check
            return ""

    async def _handle(self) -> str:
        tokens = await self._session.stored()
        return tokens.handle if tokens else self._account.handle.removeprefix("@")

    # Parts of a record

    async def _picture(self, file: MediaFile) -> JSON:
        limits = SPEC.rules(self._account.facts).limits
        if file.mime not in limits.mime_types:
            raise Unsupported(
                _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                _("Attach a JPEG, PNG, WebP or GIF picture."),
            )
        data, width, height = await asyncio.to_thread(_loaded, file)
        if len(data) > limits.image_bytes:
            raise Rejected(
                _("{name} is {size} bytes; {network} takes {limit} at most.").format(
                    name=file.path.name, size=len(data), network=TITLE, limit=limits.image_bytes
                ),
                _("Attach a smaller picture; it is not shrunk without you seeing it."),
                field="media",
            )
        answer = await self._call(
            "com.atproto.repo.uploadBlob", safe=True, content=data, headers={"content-type": file.mime}
        )
        return mapping.image(self._result(answer, mapping.blob), alt=file.alt, width=width, height=height)

    async def _resolved(self, handle: str) -> str:
        """The DID of a mentioned handle; empty when nobody has it, and the mention stays plain text."""
        answer = await self._call("com.atproto.identity.resolveHandle", safe=True, params={"handle": handle})
        try:
            return self._result(answer, mapping.did)
        except (Rejected, NotFound):
            return ""
        except Transient:
            if answer.status >= 500:  # the server could not look it up elsewhere; asking again would not help
                return ""
            raise

    async def _strong(self, ref: RemoteRef | None) -> JSON | None:
        """The strong reference of a post that is replied to."""
        if ref is not None and "cid" not in ref.extra:
            ref = await self._record(mapping.place(ref.id), partial(mapping.record_ref, handle=await self._handle()))
            if ref is None:
                raise NotFound(
                    _("The post that this one continues is gone."), _("Publish the thread again from its start.")
                )
        return None if ref is None else mapping.strong(ref)

    # Calls

    async def _record(self, where: JSON, read: Callable[[Any], T]) -> T | None:
        """A record from the account's own server, which is never behind; None when it is not there."""
        tokens = await self._session.stored()
        pds = tokens.pds if tokens else shape.text(self._account.facts, "pds") or self._server
        answer = await self._query(pds, "com.atproto.repo.getRecord", where)
        if not answer.ok and answer.error_body().get("error") == "RecordNotFound":
            return None
        return self._result(answer, read)

    async def _query(self, base: str, method: str, params: Mapping[str, str] | None = None) -> Answer:
        """A read that needs no login."""
        return await self._http.call("GET", f"{base}/xrpc/{method}", safe=True, params=params)

    async def _call(
        self,
        method: str,
        *,
        safe: bool,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A call as the account; when the server says that the session expired it did nothing: renew, call again."""
        verb = "GET" if body is None and content is None else "POST"
        renewals = 0
        tokens = await self._session.tokens()
        while True:
            answer = await self._http.call(
                verb,
                f"{tokens.pds}/xrpc/{method}",
                safe=safe,
                token=tokens.access,
                params=params,
                body=body,
                content=content,
                headers=headers,
                size=len(content or b""),
            )
            expired = not answer.ok and isinstance(self._refusal(answer, safe=safe), AuthExpired)
            if not expired or renewals == RENEWALS:
                return answer
            renewals += 1
            tokens = await self._session.renewed(tokens.access)

    def _result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        if not answer.ok:
            raise self._refusal(answer, safe=safe)
        return self._http.parsed(answer, read, safe=safe)

    def _refusal(self, answer: Answer, *, safe: bool) -> NetworkError:
        told = answer.error_body()
        error, message = shape.text(told, "error"), shape.text(told, "message")
        said = message or error
        status = answer.status
        if error in mapping.ACCOUNT_CLOSED and 400 <= status < 500:
            return Forbidden(
                _("{host} has closed this account: {reason}").format(host=answer.host, reason=quoted(said)),
                _("Log in on the network's site to see why."),
                status=status,
            )
        if error in mapping.TOKEN_REFUSED and status in (400, 401, 403):
            return AuthExpired(
                _("{host} no longer takes this account's session: {reason}").format(
                    host=answer.host, reason=quoted(said)
                ),
                _("Make a new app password in the network's settings and give it to this account."),
                status=status,
            )
        if error == "RecordNotFound" and 400 <= status < 500:
            return NotFound(
                _("{host} does not have it: {reason}").format(host=answer.host, reason=quoted(said)),
                _("It was deleted, or this account may not see it."),
                status=status,
            )
        return self._http.refusal(
            answer,
            said,
            safe=safe,
            field=mapping.refused_field(error, message),
            wait=self._http.wait_of(answer, "ratelimit-reset"),
        )


def _loaded(file: MediaFile) -> tuple[bytes, int, int]:
    with outgoing.opened(file) as handle:
        return images.cleaned(handle.read())
