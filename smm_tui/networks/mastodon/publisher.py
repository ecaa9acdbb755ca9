"""Publishing on Mastodon and the servers that speak its API."""

from __future__ import annotations

from dataclasses import replace

from smm_tui.domain.errors import AuthExpired, Forbidden, NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.address import host
from smm_tui.networks.http import NotTheApi
from smm_tui.networks.mastodon import mapping, rights
from smm_tui.networks.mastodon.api import VERIFY, MastodonApi, account_path, status_path
from smm_tui.networks.mastodon.spec import SPEC
from smm_tui.networks.mastodon.uploads import Uploads
from smm_tui.networks.ports import JSON, Checked, Part, RemoteRef

PAGE = 40  # statuses a page: the API's maximum
PAGES = 25  # pages a read back goes through before it gives up


class MastodonPublisher:
    """A Publisher over the Mastodon API."""

    def __init__(self, api: MastodonApi, uploads: Uploads) -> None:
        self._api = api
        self._uploads = uploads

    async def check(self) -> Checked:
        """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
        try:
            learnt = await self._facts()
        except (NotTheApi, shape.WrongShape, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            raise Rejected(
                _("{host} does not answer as a Mastodon server.").format(host=host(self._api.server)),
                _("Check the server's address, for example https://mastodon.social"),
                status=error.status,
                field="server",
            ) from None
        found, useful = await self._api.get(
            VERIFY,
            lambda value: (
                mapping.checked(value, learnt, server=self._api.server),
                mapping.staff_scopes(value),
            ),
        )
        self._api.software, self._api.own_id = str(learnt["software"]), found.remote_id
        lacks = await rights.lacking(self._api, rights.probes(found.remote_id, useful))
        facts = {**learnt, "lacks": lacks, "staff": [scope for scope in useful if scope not in lacks]}
        return replace(found, facts=facts, missing=tuple(map(rights.sentence, lacks)))

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`.

        The wire holds the `body` and the `baseline`: the newest own status before it, so that a read back needs no
        clock to tell what came after.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        media_ids = await self._uploads.ready(identity, part.media)
        baseline = parent.id if parent is not None else await self.newest()
        self._uploads.forget(identity, len(part.media))
        body = mapping.status_body(part, media_ids, parent=parent, software=self._api.software)
        return mapping.wire(body, part.media, baseline=baseline)

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        body = wire["body"]
        answer = await self._api.call(
            "POST",
            "/api/v1/statuses",
            safe=False,
            headers={"idempotency-key": mapping.idempotency_key(identity, body)},
            body=body,
        )
        return mapping.with_media(self._api.result(answer, mapping.status_ref, safe=False), wire)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The oldest status after the baseline that looks like the wire.

        Transient when so much was posted since that absence cannot be proven.
        """
        baseline = str(wire["baseline"])
        found: RemoteRef | None = None
        own = account_path(await self._api.own(), "statuses")
        query = f"limit={PAGE}&exclude_reblogs=true"
        for _page in range(PAGES):
            answer = await self._api.call("GET", f"{own}?{query}")
            page = self._api.result(answer, mapping.statuses)
            for status in page:
                if mapping.is_no_later(status["id"], baseline, self._api.software):
                    return found
                if status["id"] not in taken and mapping.is_likely(wire["body"], status):
                    found = mapping.with_media(mapping.status_ref(status), wire)
            query = mapping.next_page(answer.headers.get("link", "")) if page else ""
            if not query:
                return found
        if found is not None:
            return found
        raise Transient(
            _("{host} lists too many posts to be sure that this one is not among them.").format(
                host=host(self._api.server)
            ),
            _("Look for it on the account's page, then resolve it by hand."),
        )

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        known = mapping.known_media(ref)
        try:
            return await self._api.get(status_path(ref.id), lambda value: mapping.shown(value, known))
        except NotFound:
            return None

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        try:
            await self._api.do("DELETE", status_path(ref.id))
        except NotFound:
            return

    async def newest(self) -> str:
        """The id of the newest own status, empty when there is none."""
        page = await self._api.get(account_path(await self._api.own(), "statuses?limit=1"), mapping.statuses)
        return str(page[0]["id"]) if page else ""

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()

    async def _facts(self) -> JSON:
        """The instance's facts. Asked without the token first: only servers in limited mode need it."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                try:
                    return await self._api.get(path, mapping.facts, token="")
                except (AuthExpired, Forbidden):
                    return await self._api.get(path, mapping.facts)
            except (NotFound, Rejected) as error:
                last = error
        raise last
