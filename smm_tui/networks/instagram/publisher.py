"""Publishing on Instagram: a container is filled, and published by one call that happens once at most."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from smm_tui.domain.errors import Ambiguous, NetworkError, NotFound, RateLimited, Rejected, Transient, Unsupported
from smm_tui.domain.media_types import extension
from smm_tui.domain.text import find_hashtags, find_mentions
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.http import Answer, quoted
from smm_tui.networks.instagram import mapping
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.instagram.mapping import Status
from smm_tui.networks.instagram.spec import HANDLES, HASHTAGS, SPEC, TITLE, VIDEO_TYPES, shown_text
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.ports import JSON, Checked, MediaFile, Part, RemoteRef

PAGE = 25  # media an answer
NEWEST = 10  # media among which those of the newest second are
PAGES = 40  # answers a read back goes through before it gives up
WAITS = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0)  # seconds between looks at a video that a carousel waits for
QUOTA_WAIT = 3600.0  # seconds; the window of 24 hours slides, and Instagram does not say when it has room


class _Filled(NamedTuple):
    """A container and the public file that Instagram fetches for it, if any."""

    id: str
    hosted: str = ""


class InstagramPublisher:
    """A Publisher over the Graph API, for one professional account."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api
        self._filled: dict[tuple[str, int], _Filled] = {}  # (identity, index) of an unfinished prepare

    async def check(self) -> Checked:
        """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
        await self._api.ensure_is_server()
        self._api.access.forget()
        page = await self._api.access.found()
        facts = await self._api.access.token_facts()
        if page.tasks is not None:
            facts["tasks"] = sorted(page.tasks)
        facts["public_media"] = await self._has_public_media()
        return await self._api.get(
            f"/{page.instagram}",
            lambda value: mapping.checked(value, server=self._api.server, facts=facts, now=self._api.around.clock()),
            fields=mapping.ACCOUNT_FIELDS,
        )

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. Fills a container, which nobody sees; its id is what the wire is about.

        Containers that are filled stay known to this object until the whole part is prepared. RateLimited when the
        account's posts of the last 24 hours are used up.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        self._ensure_possible(part, parent)
        account = await self._api.node()
        await self._ensure_quota(account)
        caption = shown_text(part.text, part.content_warning)
        filled: list[_Filled] = []
        if len(part.media) == 1:
            filled.append(await self._fill((identity, 0), account, part.media[0], {"caption": caption}))
            container = filled[0].id
        else:
            for at, file in enumerate(part.media):
                filled.append(await self._fill((identity, at), account, file, {"is_carousel_item": "true"}))
            for child in filled:
                await self._until_finished(child.id)
            form = mapping.carousel_form([child.id for child in filled], caption)
            answer = await self._api.answer("POST", f"/{account}/media", form=form)
            container = self._api.result(answer, mapping.container_id)
        newest = await self._api.get(f"/{account}/media", mapping.newest, fields="id,timestamp", limit=str(NEWEST))
        for at in range(len(part.media)):
            self._filled.pop((identity, at), None)
        return {
            "container": container,
            "caption": caption,
            "files": len(part.media),
            "hosted": [child.hosted for child in filled if child.hosted],
            "baseline": newest,
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`. The container's status decides, so that a repeat publishes nothing twice.

        Transient while Instagram still fetches or processes the media.
        """
        status, words = await self._status(str(wire["container"]))
        if status is Status.PUBLISHED:
            return await self._published(wire, frozenset())
        if status is Status.IN_PROGRESS:
            raise Transient(
                _("{host} is still processing the media.").format(host=host(self._api.server)),
                _("It is tried again by itself."),
            )
        if status is not Status.FINISHED:
            await self._tidy(wire)
            raise self._unusable(status, words)
        account = await self._api.node()
        form = {"creation_id": str(wire["container"])}
        answer = await self._api.answer("POST", f"/{account}/media_publish", safe=False, form=form)
        number = self._api.result(answer, mapping.container_id, safe=False)
        await self._tidy(wire)
        return await self._ref(number)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The container tells whether it was published, the media which one it became.

        Transient when it was published and is not among the media yet.
        """
        try:
            status, _words = await self._status(str(wire["container"]))
        except NotFound:  # containers are forgotten some time after their end
            return await self._among_media(wire, taken)
        if status is not Status.PUBLISHED:
            return None
        return await self._published(wire, taken)

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`."""
        try:
            return await self._api.get(f"/{ref.id}", mapping.shown, fields=mapping.SHOWN_FIELDS)
        except NotFound:
            return None

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        answer = await self._api.answer("DELETE", f"/{ref.id}")
        if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, is_success)

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()

    # What is possible

    async def _has_public_media(self) -> bool:
        place = self._api.around.public_media
        return place is not None and await place.target() is not None

    def _ensure_possible(self, part: Part, parent: RemoteRef | None) -> None:
        limits = SPEC.rules({}).limits
        if parent is not None:
            raise Unsupported(
                _("{network} has no threads.").format(network=TITLE),
                _("Shorten the text, so that it fits into one post."),
            )
        if not part.media:
            raise Rejected(
                _("{network} takes no post without a picture or video.").format(network=TITLE),
                _("Attach a JPEG picture or an MP4 video."),
                field="media",
            )
        if len(part.media) > limits.images:
            raise Rejected(
                _("{network} takes {limit} files in one post.").format(network=TITLE, limit=limits.images),
                _("Remove the other files."),
                field="media",
            )
        for file in part.media:
            if file.mime not in limits.mime_types:
                raise Unsupported(
                    _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                    _("Attach JPEG pictures or MP4 videos."),
                )
        caption = shown_text(part.text, part.content_warning)
        counts = (
            (len(caption.encode("utf-16-le")) // 2, limits.characters, _("characters")),
            (len(find_hashtags(caption)), HASHTAGS, _("hashtags")),
            (len(find_mentions(caption)), HANDLES, _("names of accounts")),
        )
        for count, limit, what in counts:
            if count > limit:
                raise Rejected(
                    _("The caption has {count} {what}, Instagram takes {limit}.").format(
                        count=count, what=what, limit=limit
                    ),
                    _("Shorten it."),
                    field="text",
                )

    async def _ensure_quota(self, account: str) -> None:
        try:
            used, total = await self._api.get(
                f"/{account}/content_publishing_limit", mapping.quota, fields="quota_usage,config"
            )
        except (Rejected, NotFound):
            return  # not told: publishing itself will say
        if total and used >= total:
            raise RateLimited(
                _("Instagram takes {total} posts of this account in 24 hours, and {used} are out.").format(
                    total=total, used=used
                ),
                _("It goes on by itself when the last 24 hours hold fewer."),
                retry_after=QUOTA_WAIT,
            )

    # Containers

    async def _fill(self, key: tuple[str, int], account: str, file: MediaFile, form: dict[str, str]) -> _Filled:
        """A container with a file in it, or with Instagram on its way to fetch it."""
        if key not in self._filled:
            if file.mime in VIDEO_TYPES:
                self._filled[key] = await self._with_video(account, file, form)
            else:
                self._filled[key] = await self._with_picture(key, account, file, form)
        return self._filled[key]

    async def _with_picture(
        self, key: tuple[str, int], account: str, file: MediaFile, form: dict[str, str]
    ) -> _Filled:
        place = self._api.around.public_media
        if place is None or await place.target() is None:
            raise Unsupported(
                _("Instagram takes no picture's bytes: it fetches pictures from a public address."),
                _("Name such a place with `smm-tui media target set`, then check this account again."),
            )
        name = f"smm-tui-{key[0]}-{key[1]}{extension(file.mime)}"
        url = await place.put(name, file)
        alt = {"alt_text": file.alt} if file.alt else {}
        answer = await self._api.answer("POST", f"/{account}/media", form={"image_url": url, **alt, **form})
        return _Filled(self._media_result(answer), name)

    async def _with_video(self, account: str, file: MediaFile, form: dict[str, str]) -> _Filled:
        kind = "VIDEO" if "is_carousel_item" in form else "REELS"
        form = {"media_type": kind, "upload_type": "resumable", **form}
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            container = self._media_result(await self._api.answer("POST", f"/{account}/media", form=form))
            answer = await self._api.upload(container, handle, file.size)
        if not answer.ok and 400 <= answer.status < 500 and answer.status not in (401, 408, 429):
            raise Rejected(
                _("{host} refused the video.").format(host=answer.host),
                _("Instagram takes MP4 and MOV with H.264 and AAC, from 3 seconds to 15 minutes."),
                status=answer.status,
                field="media",
            )
        self._api.result(answer, mapping.is_uploaded)
        return _Filled(container)

    def _media_result(self, answer: Answer) -> str:
        try:
            return self._api.result(answer, mapping.container_id)
        except Rejected as error:
            error.field = error.field or "media"
            raise

    async def _until_finished(self, container: str) -> None:
        """Wait for a part of a carousel, which cannot be put together before."""
        for wait in (*WAITS, None):
            status, words = await self._status(container)
            if status is Status.FINISHED:
                return
            if status is not Status.IN_PROGRESS:
                raise self._unusable(status, words)
            if wait is None:
                break
            await self._api.around.pause(wait)
        raise Transient(
            _("{host} is still processing the media.").format(host=host(self._api.server)),
            _("It is tried again by itself."),
        )

    async def _status(self, container: str) -> tuple[Status, str]:
        return await self._api.get(f"/{container}", mapping.status, fields=mapping.STATUS_FIELDS)

    def _unusable(self, status: Status, words: str) -> Rejected:
        if status is Status.EXPIRED:
            return Rejected(
                _("Instagram kept the prepared post for 24 hours, and it was not published in time."),
                _("Change or approve the post again: it is prepared anew."),
                field="media",
            )
        return Rejected(
            _("Instagram cannot use the media: {reason}").format(reason=quoted(words) or status.value),
            _("Pictures: JPEG, from 4:5 to 1.91:1. Videos: MP4 or MOV with H.264 and AAC."),
            reason=quoted(words),
            field="media",
        )

    async def _tidy(self, wire: JSON) -> None:
        """Take away the public files, which nobody needs any more."""
        place = self._api.around.public_media
        for name in wire["hosted"] if place is not None else ():
            await place.remove(str(name))  # type: ignore[union-attr]

    # Media

    async def _published(self, wire: JSON, taken: frozenset[str]) -> RemoteRef:
        """What a published container became."""
        await self._tidy(wire)
        found = await self._among_media(wire, taken)
        if found is None:
            raise Ambiguous(
                _("Instagram published it and does not show it yet."),
                _("It is looked for again by itself."),
            )
        return found

    async def _among_media(self, wire: JSON, taken: frozenset[str]) -> RemoteRef | None:
        """The oldest of the account's media after the baseline that has this caption and number of files."""
        account = await self._api.node()
        held, caption = wire["baseline"], mapping.gist(str(wire["caption"]))
        baseline = mapping.Baseline(held["created"], tuple(held["ids"]))
        found: RemoteRef | None = None
        after: dict[str, str] = {}
        for _answer in range(PAGES):
            page, cursor = await self._api.get(
                f"/{account}/media", mapping.all_media, fields=mapping.MEDIA_FIELDS, limit=str(PAGE), **after
            )
            for media in page:
                same = mapping.gist(media.caption) == caption and media.files == wire["files"]
                if same and media.id not in taken and baseline.is_later(media.created, media.id):
                    found = RemoteRef(media.id, media.url)
            past = any(media.created < baseline.created for media in page)
            if past or not cursor or after.get("after") == cursor:
                return found
            after = {"after": cursor}
        return found

    async def _ref(self, number: str) -> RemoteRef:
        """The reference of what was just published; without its address when that cannot be learnt now."""
        try:
            return await self._api.get(f"/{number}", mapping.ref, fields="id,permalink")
        except NetworkError:
            return RemoteRef(number, mapping.SITE)
