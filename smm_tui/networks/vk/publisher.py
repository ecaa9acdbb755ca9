"""Publishing on the wall of a VK community."""

from __future__ import annotations

import asyncio

from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.ports import JSON, Checked, Part, RemoteRef
from smm_tui.networks.vk import mapping, refusals
from smm_tui.networks.vk.api import SLOTS, VkApi
from smm_tui.networks.vk.attachments import Attachments
from smm_tui.networks.vk.rights import Rights
from smm_tui.networks.vk.spec import ADS_CLIENT, COMMUNITY, SPEC, USER
from smm_tui.networks.vk.wall import PAGE, Wall

PAGES = 10  # pages a read back goes through before it gives up


class VkPublisher:
    """A Publisher over VK's API."""

    def __init__(self, api: VkApi, wall: Wall, attachments: Attachments) -> None:
        self._api = api
        self._wall = wall
        self._attachments = attachments

    async def check(self) -> Checked:
        """See `Publisher.check`. The tokens are shown only to a server that proved to speak this API."""
        await self._api.ensure_is_server()
        community = await self._api.community()
        facts, missing = await Rights(self._api).learn()
        if await asyncio.to_thread(self._has_ads):
            from smm_tui.networks.vk.ads import rights

            of_ads, lacking = await rights.learn(self._api.account, self._api.slot, self._api.around)
            facts, missing = {**facts, **of_ads}, (*missing, *lacking)
        return Checked(
            remote_id=community.id,
            handle=community.handle,
            display_name=community.name,
            server=self._api.server,
            url=f"https://vk.com/{community.handle}",
            facts=facts,
            missing=missing,
        )

    def _has_ads(self) -> bool:
        return bool((self._api.slot.read() or {}).get(ADS_CLIENT, "").strip())

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`.

        The wire holds the `form` of the post, `as` which token it goes, and the `baseline`: the number of the newest
        post before it, so that a read back needs no clock to tell what came after; None when nobody may look.
        """
        if parent is not None:
            raise Unsupported(_("VK has no threads."), _("Shorten the text, or write a shorter variant for VK."))
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        group_id = await self._api.group()
        poster = await self._poster()
        attachments = await self._attachments.of(identity, part)
        baseline = await self._wall.newest()
        self._attachments.forget(identity)
        return {
            "form": mapping.post_form(part, attachments, group_id=group_id, guid=identity),
            "as": poster,
            "baseline": baseline,
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        return await post(self._api, wire["form"], str(wire["as"]))

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The oldest post of the community after the baseline that looks like the wire.

        Transient when so much was posted since that absence cannot be proven, Forbidden when no token may look.
        """
        owner = str(wire["form"]["owner_id"])
        baseline = wire["baseline"]
        if not isinstance(baseline, int):
            raise Forbidden(
                _("No token could read the wall of {handle} before this was sent.").format(
                    handle=self._api.account.handle
                ),
                _("Look for it on the community's page, then resolve it by hand."),
            )
        found: RemoteRef | None = None
        for page in range(PAGES):
            posts = await self._wall.page(owner, offset=page * PAGE, count=PAGE)
            for live in posts:
                ref = mapping.ref(f"{owner}_{live['id']}")
                if live["id"] > baseline and ref.id not in taken and mapping.is_likely(wire["form"], live):
                    found = ref
            # A pinned post stands before newer ones, so the page's last tells how far back it goes.
            if len(posts) < PAGE or posts[-1]["id"] <= baseline:
                return found
        if found is not None:
            return found
        raise Transient(
            _("{host} lists too many posts to be sure that this one is not among them.").format(
                host=host(self._api.server)
            ),
            _("Look for it on the community's page, then resolve it by hand."),
        )

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        live = await self._wall.post(ref)
        return None if live is None else mapping.shown(live)

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`. VK refuses a second deletion in several words, so then a look decides."""
        try:
            await self._api.first("wall.delete", mapping.place(ref.id), lambda value: value)
        except NotFound:
            return
        except (Forbidden, Rejected):
            if not await self._wall.is_gone(ref):
                raise

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()

    async def _poster(self) -> str:
        """The kind of token that posts: as the check found, else the one that VK documents."""
        kind = self._api.account.facts.get("posts_as")
        if kind is None:
            kind = USER if await self._api.token(USER) else COMMUNITY
        if kind not in SLOTS:
            raise Forbidden(
                _("None of the tokens of {handle} may post.").format(handle=self._api.account.handle),
                _("Give it a user token of an administrator with the right wall, then check the account."),
            )
        return str(kind)


async def post(api: VkApi, form: dict[str, str], kind: str) -> RemoteRef:
    """Call ``wall.post`` once. Ambiguous as in `Publisher.send`."""
    answer = await api.answer("wall.post", form, kind, safe=False)
    failed = refusals.failure(answer.error_body())
    if failed is not None and refusals.is_repeat(failed):  # the wall tells which post it means
        raise api.http.broken(answer.host, _("it says that it took this post before"), safe=False)
    return api.result(answer, lambda value: mapping.post_ref(value, str(form["owner_id"])), kind, safe=False)
