"""Publishing on Bluesky, through the account's own server (PDS)."""

from __future__ import annotations

from functools import partial

from smm_tui.domain.errors import (
    Forbidden,
    NetworkError,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.address import host
from smm_tui.networks.bluesky import mapping, mapping_chat
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.chat import CHAT
from smm_tui.networks.bluesky.compose import post_wire, strong
from smm_tui.networks.bluesky.video import upload_limits
from smm_tui.networks.http import NotTheApi, quoted
from smm_tui.networks.ports import JSON, Checked, Part, RemoteRef

PROFILE = "app.bsky.actor.profile"
GATES = ("app.bsky.feed.threadgate", "app.bsky.feed.postgate")  # records beside a post, at its key


class BlueskyPublisher:
    """A Publisher over XRPC."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def check(self) -> Checked:
        """See `Publisher.check`. The app password is shown only to a server that proved to speak this protocol."""
        await self._ensure_is_server()
        session = self._api.result(
            await self._api.call("com.atproto.server.getSession", safe=True),
            lambda value: shape.an_object(value, "session"),
        )
        tokens = await self._api.session.tokens()
        handle = shape.text(session, "handle") or tokens.handle
        missing = []
        if session.get("active") is False:
            state = quoted(shape.text(session, "status")) or "?"
            missing.append(_("cannot publish: the account is not active ({state})").format(state=state))
        messages = await self._may_read_messages()
        if messages is None:
            missing.append(
                _(
                    "cannot read or answer direct messages: the app password was made without access to direct "
                    "messages"
                )
            )
        video, why_not = await self._may_upload_video()
        if why_not:
            missing.append(_("cannot upload videos: {reason}").format(reason=quoted(why_not)))
        facts = {"pds": tokens.pds, "messages": messages is True, "video": video}
        if service := await self._moderation_service(tokens.did):
            facts["moderation"] = service
        return Checked(
            remote_id=tokens.did,
            handle=handle,
            display_name=await self._display_name(tokens.did) or handle,
            server=self._api.server,
            url=f"https://bsky.app/profile/{handle}",
            facts=facts,
            missing=tuple(missing),
        )

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. The wire is the body of putRecord, time of writing included."""
        above = await strong(self._api, root), await strong(self._api, parent)
        return await post_wire(self._api, identity, part, root=above[0], parent=above[1])

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        return await self._api.send(wire)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`."""
        return await self._api.find(wire, taken)

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        return await self._api.record(mapping.place(ref.id), partial(mapping.shown, handle=await self._api.handle()))

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`. What its key says of replies and quotes goes with a post."""
        where = mapping.place(ref.id)
        await self._api.remove(where)
        for gate in GATES:
            await self._api.remove({**where, "collection": gate})

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()

    # What the server and the account are

    async def _ensure_is_server(self) -> None:
        server = self._api.server
        try:
            answer = await self._api.query(server, "com.atproto.server.describeServer")
            if self._api.result(answer, mapping.is_server):
                return
            status = answer.status
        except (NotTheApi, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            status = error.status
        raise Rejected(
            _("{host} does not answer as a Bluesky server.").format(host=host(server)),
            _("Check the server's address, for example https://bsky.social"),
            status=status,
            field="server",
        )

    async def _display_name(self, did: str) -> str:
        where = {"repo": did, "collection": PROFILE, "rkey": "self"}
        try:
            return await self._api.record(where, mapping.display_name) or ""
        except NetworkError:  # a name is no reason to fail a check
            return ""

    async def _may_read_messages(self) -> bool | None:
        """Whether the chat service answers the account; None when the app password does not open it."""
        try:
            await self._api.ask("chat.bsky.convo.listConvos", {"limit": 1}, mapping_chat.convos, headers=CHAT)
        except Forbidden:
            return None
        except NetworkError as error:
            return self._as_before("messages", error)
        return True

    async def _may_upload_video(self) -> tuple[bool, str]:
        """Whether the video service takes videos of the account, and what it says when it does not."""
        try:
            limits = await upload_limits(self._api)
        except NetworkError as error:
            return self._as_before("video", error), ""
        return (False, "") if limits is None else limits

    def _as_before(self, fact: str, error: NetworkError) -> bool:
        """What a probe that failed for now leaves as it was; one that was refused is answered."""
        return isinstance(error, (Transient, RateLimited)) and self._api.account.facts.get(fact) is True

    async def _moderation_service(self, did: str) -> str:
        """Who judges reports for the AppView that this server asks; empty when it cannot be told."""
        try:
            answer = await self._api.call("app.bsky.actor.getProfile", safe=True, params={"actor": did})
        except NetworkError:
            return ""
        return mapping.moderation_service(answer.headers)
