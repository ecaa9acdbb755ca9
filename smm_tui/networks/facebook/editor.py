"""Changing, pinning and handing over posts of a Page."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, MINUTE, Instant
from smm_tui.domain.errors import NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import SPEC, TITLE
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.ports import JSON, Part, RemoteRef

SOONEST: Instant = 10 * MINUTE  # what Facebook keeps for later: no sooner, no later
LATEST: Instant = 30 * DAY
PAGE = 100
PAGES = 20


class FacebookEditor:
    """An Editor over the Graph API: the text may change, the media may not."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def prepare_edit(self, ref: RemoteRef, part: Part) -> JSON:
        """See `Editor.prepare_edit`. Unsupported when the part has other media than the live post."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        video = mapping.is_video(ref.id)
        live = 1
        if not video:
            live = await self._api.get(f"/{ref.id}", mapping.media_count, fields=mapping.POST_FIELDS)
        if len(part.media) != live:
            raise Unsupported(
                _("{network} cannot change the pictures of a live post.").format(network=TITLE),
                _("Change the text only, or publish a new post."),
            )
        return {"form": mapping.edit_form(part, video=video)}

    async def edit(self, ref: RemoteRef, wire: JSON) -> RemoteRef:
        """See `Editor.edit`."""
        self._api.result(await self._api.answer("POST", f"/{ref.id}", form=wire["form"]), is_success)
        return ref


class FacebookPinner:
    """A Pinner over the Graph API."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def pin(self, ref: RemoteRef) -> None:
        """See `Pinner.pin`."""
        await self._set(ref, "true")

    async def unpin(self, ref: RemoteRef) -> None:
        """See `Pinner.unpin`."""
        await self._set(ref, "false")

    async def _set(self, ref: RemoteRef, value: str) -> None:
        post = ref.id
        if mapping.is_video(post):
            page = await self._api.node()
            number = await self._api.get(f"/{post}", mapping.post_of, fields="post_id")
            post = number if "_" in number else f"{page}_{number}"
        self._api.result(await self._api.answer("POST", f"/{post}", form={"is_pinned": value}), is_success)


class FacebookScheduler:
    """A Scheduler over the Graph API: 10 minutes to 30 days ahead."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def schedule(self, identity: str, wire: JSON, at: Instant) -> RemoteRef:
        """See `Scheduler.schedule`. Photos are copied as temporary ones, which posts for later ask for."""
        ahead = at - self._api.around.clock()
        if not SOONEST <= ahead <= LATEST:
            raise Rejected(
                _("{network} keeps posts for later from 10 minutes to 30 days ahead.").format(network=TITLE),
                _("Choose another time, or let this program publish it."),
                field="time",
            )
        form = mapping.later_form(wire["form"], at)
        if wire.get("photos"):
            form["attached_media"] = mapping.attached([await self._temporary(photo) for photo in wire["photos"]])
        answer = await self._api.answer("POST", wire["path"], safe=False, form=form)
        if "video" in wire:
            self._api.result(answer, is_success, safe=False)
            return mapping.ref(str(wire["video"]))
        return self._api.result(answer, mapping.feed_ref, safe=False)

    async def scheduled(self) -> tuple[RemoteRef, ...]:
        """See `Scheduler.scheduled`; ``extra`` tells ``at``, the time in Unix seconds."""
        page = await self._api.node()
        found: list[RemoteRef] = []
        after: dict[str, str] = {}
        for _answer in range(PAGES):
            refs, cursor = await self._api.get(
                f"/{page}/scheduled_posts",
                lambda value: paging.listed(value, mapping.scheduled),
                fields="id,scheduled_publish_time",
                limit=str(PAGE),
                **after,
            )
            found += refs
            if not cursor or after.get("after") == cursor:
                return tuple(found)
            after = {"after": cursor}
        raise Transient(_("{host} lists too many posts.").format(host=host(self._api.server)))

    async def unschedule(self, ref: RemoteRef) -> None:
        """See `Scheduler.unschedule`."""
        answer = await self._api.answer("DELETE", f"/{ref.id}")
        if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, is_success)

    async def _temporary(self, photo: str) -> str:
        """A copy of an uploaded photo that a post for later may have."""
        page = await self._api.node()
        source = await self._api.get(f"/{photo}", mapping.source_of, fields="images")
        form = {"url": source, "published": "false", "temporary": "true"}
        return self._api.result(await self._api.answer("POST", f"/{page}/photos", form=form), mapping.photo_id)
