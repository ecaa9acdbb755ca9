"""Publishing on Mastodon and the servers that speak its API."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.address import host, server_address
from smm_tui.networks.http import Answer, Http, NotTheApi, Timeouts
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.spec import SPEC, TITLE
from smm_tui.networks.ports import JSON, Account, Checked, MediaFile, Part, RemoteRef, SecretSlot

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]

PAGE = 40  # statuses a page: the API's maximum
PAGES = 25  # pages a read back goes through before it gives up
PROCESSING = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 30.0, 30.0)  # pauses (s) while the server converts a video


class MastodonPublisher:
    """A Publisher over the Mastodon API. `pause` waits (seconds) while the server processes an upload."""

    def __init__(
        self,
        account: Account,
        slot: SecretSlot,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        clock: Clock = system_clock,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._account = account
        self._slot = slot
        self._server = server_address(account.server)
        self._http = Http(TITLE, transport=transport, timeouts=timeouts, clock=clock)
        self._pause = pause
        self._software = shape.text(account.facts, "software")
        self._remote_id = account.remote_id
        self._known_token = ""
        self._uploaded: dict[tuple[str, int], str] = {}  # (identity, index) of an unfinished prepare -> media id

    async def check(self) -> Checked:
        """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
        try:
            learnt = await self._facts()
        except (NotTheApi, shape.WrongShape, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            raise Rejected(
                _("{host} does not answer as a Mastodon server.").format(host=host(self._server)),
                _("Check the server's address, for example https://mastodon.social"),
                status=error.status,
                field="server",
            ) from None
        found = await self._get(
            "/api/v1/accounts/verify_credentials",
            lambda value: mapping.checked(value, learnt, server=self._server),
        )
        self._software, self._remote_id = str(learnt["software"]), found.remote_id
        return replace(found, missing=await self._missing_rights(found.remote_id))

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`.

        Uploads that are done stay known to this object until the whole part is prepared, so that trying again after
        a failure does not upload them twice. The wire holds the `body` and the `baseline`: the newest own status
        before it, so that a read back needs no clock to tell what came after.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._account.facts)
        media_ids = [await self._ready_media((identity, index), file) for index, file in enumerate(part.media)]
        baseline = parent.id if parent is not None else await self._newest()
        for index in range(len(part.media)):
            del self._uploaded[identity, index]
        return {
            "body": mapping.status_body(part, media_ids, parent=parent, software=self._software),
            "baseline": baseline,
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        body = wire["body"]
        answer = await self._http.call(
            "POST",
            f"{self._server}/api/v1/statuses",
            safe=False,
            token=await self._token(),
            headers={"idempotency-key": mapping.idempotency_key(identity, body)},
            body=body,
        )
        return self._result(answer, mapping.status_ref, safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The oldest status after the baseline that looks like the wire.

        Transient when so much was posted since that absence cannot be proven.
        """
        baseline = str(wire["baseline"])
        found: RemoteRef | None = None
        own = await self._own_statuses()
        query = f"limit={PAGE}&exclude_reblogs=true"
        for _page in range(PAGES):
            answer = await self._answer("GET", f"{own}?{query}")
            page = self._result(answer, mapping.statuses)
            for status in page:
                if mapping.is_no_later(status["id"], baseline, self._software):
                    return found
                if status["id"] not in taken and mapping.is_likely(wire["body"], status):
                    found = mapping.status_ref(status)
            query = mapping.next_page(answer.headers.get("link", "")) if page else ""
            if not query:
                return found
        if found is not None:
            return found
        raise Transient(
            _("{host} lists too many posts to be sure that this one is not among them.").format(
                host=host(self._server)
            ),
            _("Look for it on the account's page, then resolve it by hand."),
        )

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        try:
            return await self._get(f"/api/v1/statuses/{quote(ref.id, safe='')}", mapping.shown)
        except NotFound:
            return None

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        answer = await self._answer("DELETE", f"{self._server}/api/v1/statuses/{quote(ref.id, safe='')}")
        if not answer.ok and not isinstance(refused := self._refusal(answer, safe=True), NotFound):
            raise refused

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._http.aclose()

    # What the server is, and what the token may do

    async def _facts(self) -> JSON:
        """The instance's facts. Asked without the token first: only servers in limited mode need it."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                try:
                    return await self._get(path, mapping.facts, token="")
                except (AuthExpired, Forbidden):
                    return await self._get(path, mapping.facts)
            except (NotFound, Rejected) as error:
                last = error
        raise last

    async def _missing_rights(self, remote_id: str) -> tuple[str, ...]:
        """Sentences for the rights the token lacks.

        No call tells a token's scopes, so each right is tried on a thing that cannot exist (id 0): without the right
        the answer is 403, with it anything else.
        """
        own = f"/api/v1/accounts/{quote(remote_id, safe='')}/statuses?limit=1"
        probes = (
            ("PUT", "/api/v1/statuses/0", _("cannot publish: the token lacks write:statuses")),
            ("PUT", "/api/v1/media/0", _("cannot upload media: the token lacks write:media")),
            ("GET", own, _("cannot read back what was published: the token lacks read:statuses")),
        )
        missing = []
        for method, path, sentence in probes:
            answer = await self._answer(method, self._server + path)
            if answer.status == 403:
                missing.append(sentence)
        return tuple(missing)

    # Media and own statuses

    async def _ready_media(self, key: tuple[str, int], file: MediaFile) -> str:
        """The id of a media attachment that may be put on a status."""
        if key in self._uploaded or not await self._upload(key, file):
            await self._until_processed(key)
        return self._uploaded[key]

    async def _upload(self, key: tuple[str, int], file: MediaFile) -> bool:
        """Upload one file; whether it is ready at once."""
        extension = mimetypes.guess_extension(file.mime) or ""
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            answer = await self._http.call(
                "POST",
                f"{self._server}/api/v2/media",
                safe=True,
                token=await self._token(),
                form={"description": file.alt} if file.alt else {},
                files={"file": (f"media{extension}", handle, file.mime)},
                size=file.size,
            )
        try:
            self._uploaded[key] = self._result(answer, mapping.attachment)
        except Rejected as error:
            error.field = "media"
            raise
        return answer.status != 202

    async def _until_processed(self, key: tuple[str, int]) -> None:
        """Wait until the server has processed an upload: it refuses a status with unprocessed media."""
        path = f"{self._server}/api/v1/media/{quote(self._uploaded[key], safe='')}"
        for pause in (*PROCESSING, None):
            answer = await self._answer("GET", path)
            if answer.ok and answer.status != 206:
                return
            if not answer.ok:
                refused = self._refusal(answer, safe=True)
                if isinstance(refused, (Rejected, NotFound)):  # spoilt or dropped there: the next try uploads anew
                    del self._uploaded[key]
                if isinstance(refused, Rejected):
                    refused.field = "media"
                raise refused
            if pause is not None:
                await self._pause(pause)
        raise Transient(
            _("{host} is still processing the media.").format(host=host(self._server)),
            _("It is tried again by itself."),
        )

    async def _newest(self) -> str:
        """The id of the newest own status, empty when there is none."""
        url = f"{await self._own_statuses()}?limit=1"
        page = self._result(await self._answer("GET", url), mapping.statuses)
        return str(page[0]["id"]) if page else ""

    async def _own_statuses(self) -> str:
        if not self._remote_id:
            self._remote_id = await self._get(
                "/api/v1/accounts/verify_credentials",
                lambda value: shape.an_id(shape.an_object(value, "account"), "id"),
            )
        return f"{self._server}/api/v1/accounts/{quote(self._remote_id, safe='')}/statuses"

    # Calls

    async def _token(self) -> str:
        if not self._known_token:
            values = await asyncio.to_thread(self._slot.read)
            self._known_token = (values or {}).get("token", "").strip()
        if not self._known_token:
            raise AuthExpired(
                _("No access token is stored for {handle}.").format(handle=self._account.handle),
                _("Give this account its token again."),
            )
        return self._known_token

    async def _get(self, path: str, read: Callable[[Any], T], *, token: str | None = None) -> T:
        return self._result(await self._answer("GET", self._server + path, token=token), read)

    async def _answer(self, method: str, url: str, *, token: str | None = None) -> Answer:
        """The answer to a safe call, with the account's token unless another one is given."""
        return await self._http.call(method, url, safe=True, token=await self._token() if token is None else token)

    def _result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        if not answer.ok:
            raise self._refusal(answer, safe=safe)
        return self._http.parsed(answer, read, safe=safe)

    def _refusal(self, answer: Answer, *, safe: bool) -> NetworkError:
        told = answer.error_body()
        if answer.status == 401:
            self._known_token = ""  # a person may have stored a new one meanwhile
        reason = shape.text(told, "error_description") or shape.text(told, "error")
        return self._http.refusal(
            answer,
            reason,
            safe=safe,
            field=mapping.refused_field(reason),
            wait=self._http.wait_of(answer, "x-ratelimit-reset"),
        )
