"""Publishing on the wall of a VK community."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
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
from smm_tui.networks.http import Answer, Http, NotTheApi, Timeouts, quoted
from smm_tui.networks.ports import JSON, Account, Checked, MediaFile, Part, RemoteRef, SecretSlot
from smm_tui.networks.vk import mapping, refusals
from smm_tui.networks.vk.spec import COMMUNITY, SPEC, TITLE, USER

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]

VERSION = "5.199"
PAGE = 100  # posts a page: the API's maximum
PAGES = 10  # pages a read back goes through before it gives up
USER_INTERVAL = 0.34  # seconds between two calls with a user token: three a second are allowed
SLOTS = {COMMUNITY: "token", USER: "user_token"}  # where the secret keeps each kind of token


class VkPublisher:
    """A Publisher over VK's API. `pause` waits (seconds) to keep to the pace that VK allows a user token.

    Every call goes with the kind of token that VK takes there. What may be repeated is tried with the other kind
    when VK refuses the first; a post is not, since its guid holds for one caller only.
    """

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
        self._group_id = account.remote_id
        self._known_tokens: dict[str, str] = {}
        self._next_call = 0.0  # of the event loop's time
        self._uploaded: dict[tuple[str, int], str] = {}  # (identity, index) of an unfinished prepare -> attachment

    async def check(self) -> Checked:
        """See `Publisher.check`. The tokens are shown only to a server that proved to speak this API.

        Nothing tells what a token may do, so each right is tried where trying does nothing: a post without content
        is refused for that by whoever may post.
        """
        await self._ensure_is_server()
        community = await self._community()
        self._group_id = community.id
        facts, missing = await self._rights()
        return Checked(
            remote_id=community.id,
            handle=community.handle,
            display_name=community.name,
            server=self._server,
            url=f"https://vk.com/{community.handle}",
            facts=facts,
            missing=missing,
        )

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`.

        Uploads that are done stay known to this object until the whole part is prepared. The wire holds the `form`
        of the post, `as` which token it goes, and the `baseline`: the number of the newest post before it, so that a
        read back needs no clock to tell what came after; None when nobody may look.
        """
        if parent is not None:
            raise Unsupported(_("VK has no threads."), _("Shorten the text, or write a shorter variant for VK."))
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._account.facts)
        group_id = await self._group()
        poster = await self._poster()
        attachments = [await self._attachment((identity, index), file) for index, file in enumerate(part.media)]
        baseline = await self._newest()
        for index in range(len(part.media)):
            del self._uploaded[identity, index]
        return {
            "form": mapping.post_form(part, attachments, group_id=group_id, guid=identity),
            "as": poster,
            "baseline": baseline,
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        kind = str(wire["as"])
        answer = await self._answer("wall.post", wire["form"], kind, safe=False)
        failed = refusals.failure(answer.error_body())
        if failed is not None and refusals.is_repeat(failed):  # the wall tells which post it means
            raise self._http.broken(answer.host, _("it says that it took this post before"), safe=False)
        owner = str(wire["form"]["owner_id"])
        return self._result(answer, lambda value: mapping.post_ref(value, owner), kind, safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The oldest post of the community after the baseline that looks like the wire.

        Transient when so much was posted since that absence cannot be proven, Forbidden when no token may look.
        """
        owner = str(wire["form"]["owner_id"])
        baseline = wire["baseline"]
        if not isinstance(baseline, int):
            raise Forbidden(
                _("No token could read the wall of {handle} before this was sent.").format(
                    handle=self._account.handle
                ),
                _("Look for it on the community's page, then resolve it by hand."),
            )
        found: RemoteRef | None = None
        for page in range(PAGES):
            posts = await self._wall(owner, offset=page * PAGE, count=PAGE)
            for post in posts:
                ref = mapping.ref(f"{owner}_{post['id']}")
                if post["id"] > baseline and ref.id not in taken and mapping.is_likely(wire["form"], post):
                    found = ref
            # A pinned post stands before newer ones, so the page's last tells how far back it goes.
            if len(posts) < PAGE or posts[-1]["id"] <= baseline:
                return found
        if found is not None:
            return found
        raise Transient(
            _("{host} lists too many posts to be sure that this one is not among them.").format(
                host=host(self._server)
            ),
            _("Look for it on the community's page, then resolve it by hand."),
        )

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        posts = await self._first("wall.getById", {"posts": ref.id}, mapping.posts)
        return next((mapping.shown(post) for post in posts if not mapping.is_gone(post)), None)

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`. VK refuses a second deletion in several words, so then a look decides."""
        try:
            await self._first("wall.delete", mapping.place(ref.id), lambda value: value)
        except NotFound:
            return
        except (Forbidden, Rejected):
            if not await self._is_gone(ref):
                raise

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._http.aclose()

    # What the server, the community and the tokens are

    async def _ensure_is_server(self) -> None:
        try:
            answer = await self._http.call(
                "POST", f"{self._server}/method/utils.getServerTime", safe=True, form={"v": VERSION}
            )
            if not answer.ok:
                raise self._http.refusal(answer, "", safe=True)
            if self._http.parsed(answer, mapping.is_vk, safe=True):
                return
            status = answer.status
        except (NotTheApi, NotFound, Rejected, Unsupported) as error:
            if isinstance(error, Rejected) and error.field == "server":
                raise
            status = error.status
        raise Rejected(
            _("{host} does not answer as VK's API.").format(host=host(self._server)),
            _("Check the server's address, for example https://api.vk.com"),
            status=status,
            field="server",
        )

    async def _community(self) -> mapping.Community:
        """The community whose token this is: only such a token may ask without naming one."""
        try:
            return await self._ask("groups.getById", {}, COMMUNITY, mapping.community)
        except (Rejected, Forbidden, shape.WrongShape) as error:
            raise Rejected(
                _("That is not the token of a community."),
                _("Make one in the community: Manage > API usage. A person's token goes into the second field."),
                status=error.status,
                field="token",
            ) from None

    async def _rights(self) -> tuple[JSON, tuple[str, ...]]:
        """What the tokens may do, for `spec.rules`, and sentences for what they may not."""
        wall = {"owner_id": f"-{self._group_id}", "from_group": "1"}
        by_community = await self._refused("wall.post", wall, COMMUNITY)
        facts: JSON = {
            "posts_as": "" if by_community else COMMUNITY,
            "reads": False,
            "photos": False,
            "videos": False,
        }
        missing: list[str] = []
        if await self._token(USER):
            group = {"group_id": self._group_id}
            editor = (await self._ask("groups.getById", group, USER, mapping.community)).level >= mapping.EDITOR
            if not editor:
                missing.append(_("the user token's owner is no editor or administrator of the community"))
            posts = await self._refused("wall.post", wall, USER)
            if posts is not None and not by_community:
                missing.append(_("the user token may not post: {reason}").format(reason=quoted(posts.message)))
            if editor and posts is None:
                facts["posts_as"] = USER
            facts["reads"] = (
                await self._refused("wall.get", {"owner_id": wall["owner_id"], "count": "1"}, USER) is None
            )
            facts["photos"] = editor and await self._refused("photos.getWallUploadServer", group, USER) is None
            facts["videos"] = editor and await self._may_upload_videos()
        if not facts["posts_as"]:
            missing.append(
                _("cannot publish: needs a user token of an administrator with wall ({reason})").format(
                    reason=quoted(by_community.message if by_community else "")
                )
            )
        needs = {
            "photos": _("cannot upload photos: needs a user token of an administrator with wall, photos"),
            "videos": _("cannot upload videos: needs a user token of an administrator with wall, video"),
            "reads": _("cannot read back what was published: needs a user token with wall"),
        }
        lacking = [sentence for right, sentence in needs.items() if not facts[right]]
        if lacking and facts["posts_as"]:
            lacking[0] = _("can publish text; {lacking}").format(lacking=lacking[0])
        return facts, (*missing, *lacking)

    async def _may_upload_videos(self) -> bool:
        try:
            mask = await self._ask("account.getAppPermissions", {}, USER, mapping.mask)
        except (Forbidden, Rejected, Unsupported):  # a newer kind of token, which does not tell
            return False
        return bool(mask & mapping.VIDEO_RIGHT)

    async def _refused(self, method: str, form: Mapping[str, str], kind: str) -> refusals.Failure | None:
        """Why a kind of token may not call a method; None when it may, or only its parameters are wrong."""
        answer = await self._answer(method, form, kind)
        try:
            self._result(answer, lambda value: value, kind)
        except (Forbidden, Rejected, Unsupported):
            failed = refusals.failure(answer.error_body())
            if failed is not None and failed.code != refusals.PARAMETER:
                return failed
        return None

    async def _group(self) -> str:
        if not self._group_id:
            self._group_id = (await self._community()).id
        return self._group_id

    async def _poster(self) -> str:
        """The kind of token that posts: as the check found, else the one that VK documents."""
        kind = self._account.facts.get("posts_as")
        if kind is None:
            kind = USER if await self._token(USER) else COMMUNITY
        if kind not in SLOTS:
            raise Forbidden(
                _("None of the tokens of {handle} may post.").format(handle=self._account.handle),
                _("Give it a user token of an administrator with the right wall, then check the account."),
            )
        return str(kind)

    # Media

    async def _attachment(self, key: tuple[str, int], file: MediaFile) -> str:
        """An uploaded file, in the words of ``wall.post``."""
        if key not in self._uploaded:
            upload = self._video if file.mime.startswith("video/") else self._photo
            try:
                self._uploaded[key] = await upload(file)
            except Rejected as error:
                error.field = "media"
                raise
        return self._uploaded[key]

    async def _photo(self, file: MediaFile) -> str:
        group = {"group_id": await self._group()}
        address = await self._first("photos.getWallUploadServer", group, self._address)
        stored = await self._upload(address, "photo", file, mapping.uploaded_photo)
        return await self._first("photos.saveWallPhoto", {**group, **stored}, mapping.saved_photo)

    async def _video(self, file: MediaFile) -> str:
        """VK converts it afterwards; it may be attached at once."""
        form = {"group_id": await self._group(), "name": file.path.stem[:100], "wallpost": "0"}
        address, attachment = await self._first(
            "video.save", form, lambda value: (self._address(value), mapping.video_slot(value))
        )
        await self._upload(address, "video_file", file, mapping.uploaded_video)
        return attachment

    async def _upload(self, address: str, field: str, file: MediaFile, read: Callable[[Any], T]) -> T:
        """Send a file to the address that VK named; the token stays here, since that is another host."""
        extension = mimetypes.guess_extension(file.mime) or ""
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            answer = await self._http.call(
                "POST", address, safe=True, files={field: (f"media{extension}", handle, file.mime)}, size=file.size
            )
        if not answer.ok:
            raise self._http.refusal(answer, "", safe=True, field="media")
        return self._http.parsed(answer, read, safe=True)

    def _address(self, value: Any) -> str:
        return mapping.upload_address(value, self._server)

    # The wall

    async def _newest(self) -> int | None:
        """The number of the newest post, 0 when there is none; None: no token can read the wall."""
        if self._account.facts.get("reads") is False:
            return None
        try:  # two, since a pinned post stands first
            posts = await self._wall(f"-{await self._group()}", offset=0, count=2)
        except Forbidden:
            if self._account.facts.get("reads") is True:
                raise
            return None
        return max((post["id"] for post in posts), default=0)

    async def _wall(self, owner: str, *, offset: int, count: int) -> list[JSON]:
        form = {"owner_id": owner, "filter": "owner", "offset": str(offset), "count": str(count)}
        return await self._first("wall.get", form, mapping.posts)

    async def _is_gone(self, ref: RemoteRef) -> bool:
        try:
            return await self.read(ref) is None
        except NetworkError:
            return False

    # Calls

    async def _first(self, method: str, form: Mapping[str, str], read: Callable[[Any], T]) -> T:
        """A repeatable call with the user token; with the community's where there is none, or VK takes only that."""
        kind = USER if await self._token(USER) else COMMUNITY
        answer = await self._answer(method, form, kind)
        failed = refusals.failure(answer.error_body())
        if kind == USER and failed is not None and refusals.needs_other_token(failed):
            other = await self._answer(method, form, COMMUNITY)
            if other.ok and refusals.failure(other.error_body()) is None:
                return self._result(other, read, COMMUNITY)
        return self._result(answer, read, kind)

    async def _ask(self, method: str, form: Mapping[str, str], kind: str, read: Callable[[Any], T]) -> T:
        """A repeatable call with one kind of token."""
        return self._result(await self._answer(method, form, kind), read, kind)

    async def _answer(self, method: str, form: Mapping[str, str], kind: str, *, safe: bool = True) -> Answer:
        token = await self._token(kind)
        if not token:
            raise AuthExpired(
                _("No {token} is stored for {handle}.").format(
                    token=refusals.token_name(kind), handle=self._account.handle
                ),
                _("Give this account its token again."),
            )
        if kind == USER:
            await self._keep_pace()
        return await self._http.call(
            "POST", f"{self._server}/method/{method}", safe=safe, token=token, form={**form, "v": VERSION}
        )

    async def _keep_pace(self) -> None:
        now = asyncio.get_running_loop().time()
        wait = self._next_call - now
        self._next_call = max(now, self._next_call) + USER_INTERVAL
        if wait > 0:
            await self._pause(wait)

    async def _token(self, kind: str) -> str:
        """A token as it is stored, empty when there is none."""
        if not self._known_tokens:
            values = await asyncio.to_thread(self._slot.read) or {}
            self._known_tokens = {name: values.get(slot, "").strip() for name, slot in SLOTS.items()}
        return self._known_tokens[kind]

    def _result(self, answer: Answer, read: Callable[[Any], T], kind: str, *, safe: bool = True) -> T:
        failed = refusals.failure(answer.error_body())
        if not answer.ok:
            raise self._http.refusal(answer, failed.message if failed else "", safe=safe)
        if failed is None:
            return self._http.parsed(answer, lambda value: read(mapping.response(value)), safe=safe)
        if refusals.is_internal(failed):
            reason = quoted(failed.message) or str(failed.code)
            raise self._http.broken(answer.host, reason, safe=safe, status=answer.status)
        error = refusals.refusal(failed, host=answer.host, kind=kind)
        if isinstance(error, AuthExpired):
            self._known_tokens = {}  # a person may have stored a new one meanwhile
        raise error
