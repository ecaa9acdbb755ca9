"""Publishing on Facebook Pages."""

from __future__ import annotations

import asyncio
import io

from smm_tui.domain.errors import (
    Ambiguous,
    Forbidden,
    NetworkError,
    NotFound,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.domain.media_types import extension
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import ADVERTISE, SPEC, TITLE, VIDEO_TYPES
from smm_tui.networks.http import Answer, quoted
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.meta.graph import Read, T
from smm_tui.networks.meta.refusals import is_duplicate
from smm_tui.networks.ports import JSON, Checked, MediaFile, Part, RemoteRef

PAGE = 25  # posts an answer: with their attachments more are "too much data" for Facebook
NEWEST = 5  # posts among which the newest is looked for, in case that an older one is pinned above it
PAGES = 40  # answers a read back goes through before it gives up
CHUNK = 16 * 1024 * 1024  # bytes of a video sent in one call at most


class FacebookPublisher:
    """A Publisher over the Graph API, for one Page."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api
        self._uploaded: dict[tuple[str, int], str] = {}  # (identity, index) of an unfinished prepare -> photo id

    async def check(self) -> Checked:
        """See `Publisher.check`. The token is shown only to a server that proved to speak this API."""
        await self._api.ensure_is_server()
        self._api.access.forget()
        page = await self._api.access.found()
        facts = await self._api.access.token_facts()
        if page.tasks is not None:
            facts["tasks"] = sorted(page.tasks)
        facts["reads"] = await self._reads_posts()
        facts |= await self._ads_facts(facts)
        return await self._api.get(
            f"/{page.id}",
            lambda value: mapping.checked(value, server=self._api.server, facts=facts, now=self._api.around.clock()),
            fields=mapping.PAGE_FIELDS,
        )

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. Photos and videos are uploaded unpublished: nobody sees them.

        Photos that are done stay known to this object until the whole part is prepared, so that trying again after a
        failure does not upload them twice. Beside the form the wire holds the `baseline`, the newest post before it
        and its time, so that a read back needs no clock to tell what came after.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        self._ensure_possible(part, parent)
        page = await self._api.node()
        if part.media and part.media[0].mime in VIDEO_TYPES:
            upload = await self._uploaded_video(page, part.media[0])
            form = mapping.video_form(part, upload.session)
            return {"path": f"/{page}/videos", "form": form, "video": upload.video}
        photos = [await self._uploaded_photo(page, (identity, at), file) for at, file in enumerate(part.media)]
        newest = await self._api.get(
            f"/{page}/published_posts", mapping.newest, fields="id,created_time", limit=str(NEWEST)
        )
        for at in range(len(part.media)):
            del self._uploaded[identity, at]
        return {
            "path": f"/{page}/feed",
            "form": mapping.feed_form(part, photos),
            "photos": photos,
            "baseline": newest,
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`. "That is there already" is believed only after looking."""
        answer = await self._api.answer("POST", wire["path"], safe=False, form=wire["form"])
        if "video" in wire:
            return await self._video_sent(answer, identity, wire)
        if is_duplicate(answer):
            raise await self._duplicate(answer, identity, wire)
        return self._api.result(answer, mapping.feed_ref, safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Publisher.find`. The oldest post after the baseline that looks like the wire; a video by its id.

        Transient when so much was posted since that absence cannot be proven.
        """
        if "video" in wire:
            return await self._found_video(str(wire["video"]))
        page = await self._api.node()
        baseline = mapping.Baseline(**(wire["baseline"] or {}))
        found: RemoteRef | None = None
        after: dict[str, str] = {}
        for _answer in range(PAGES):
            posts, cursor = await self._api.get(
                f"/{page}/published_posts", mapping.posts, fields=mapping.POST_FIELDS, limit=str(PAGE), **after
            )
            later = baseline.later(posts)
            for post in later:
                if post.id not in taken and mapping.is_likely(wire["form"], wire["photos"], post):
                    found = mapping.ref(post.id)
            if posts and posts[-1] not in later:
                return found
            if not cursor:
                return found
            after = {"after": cursor}
        if found is not None:
            return found
        raise Transient(
            _("{host} lists too many posts to be sure that this one is not among them.").format(
                host=host(self._api.server)
            ),
            _("Look for it on the account's page, then resolve it by hand."),
        )

    async def read(self, ref: RemoteRef) -> JSON | None:
        """See `Publisher.read`. A video that Facebook still processes is Transient, one that it could not is gone."""
        try:
            if mapping.is_video(ref.id):
                return await self._read_video(ref.id)
            post = await self._api.get(f"/{ref.id}", mapping.node, fields=mapping.POST_FIELDS)
        except NotFound:
            return None
        return mapping.shown_post(post, await self._descriptions(mapping.photos_of(post)))

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        answer = await self._api.answer("DELETE", f"/{ref.id}")
        if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, is_success)

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()

    # What the token may do

    async def _ads_facts(self, facts: JSON) -> JSON:
        """The advertising accounts that the token opens, and which one is used."""
        if ADVERTISE not in (facts.get("scopes") or ()):
            return {}
        from smm_tui.networks.facebook import mapping_ads
        from smm_tui.networks.facebook.advertiser import FacebookAdvertiser

        try:
            found = [mapping_ads.kept(one) for one in await FacebookAdvertiser(self._api).cabinets()]
        except (Forbidden, Rejected, NotFound):
            return {"cabinets": []}
        known = [one["id"] for one in found]
        opened = [one["id"] for one in found if one["state"] == "active"] or known
        chosen = self._api.account.facts.get("cabinet")
        used = chosen if chosen in known else opened[0] if len(opened) == 1 else None
        return {"cabinets": found, **({"cabinet": used} if used else {})}

    async def _reads_posts(self) -> bool:
        page = await self._api.node()
        answer = await self._api.answer("GET", f"/{page}/published_posts", params={"fields": "id", "limit": "1"})
        return answer.ok or not isinstance(self._api.refusal(answer), Forbidden)

    def _ensure_possible(self, part: Part, parent: RemoteRef | None) -> None:
        if parent is not None:
            raise Unsupported(
                _("{network} has no threads.").format(network=TITLE),
                _("Shorten the text, so that it fits into one post."),
            )
        if part.card is not None and part.media:
            raise Unsupported(
                _("{network} shows either pictures or a link's preview.").format(network=TITLE),
                _("Remove the files, or the link's card."),
            )
        for file in part.media:
            if file.mime not in SPEC.rules({}).limits.mime_types:
                raise Unsupported(
                    _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                    _("Attach JPEG or PNG pictures, or one MP4 video."),
                )
        if not mapping.may_stand_together(file.mime for file in part.media):
            raise Unsupported(
                _("{network} takes one video, alone.").format(network=TITLE), _("Remove the other files.")
            )

    # Media

    async def _uploaded_photo(self, page: str, key: tuple[str, int], file: MediaFile) -> str:
        """The id of a photo that nobody sees yet."""
        if key not in self._uploaded:
            handle = await asyncio.to_thread(outgoing.opened, file)
            with handle:
                answer = await self._api.answer(
                    "POST",
                    f"/{page}/photos",
                    form={"published": "false", **({"alt_text_custom": file.alt} if file.alt else {})},
                    files={"source": (f"photo{extension(file.mime)}", handle, file.mime)},
                    size=file.size,
                )
            self._uploaded[key] = self._media_result(answer, mapping.photo_id)
        return self._uploaded[key]

    async def _uploaded_video(self, page: str, file: MediaFile) -> mapping.Upload:
        """An upload whose bytes are all there; its end, which publishes it, is `send`."""
        path = f"/{page}/videos"
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            form = {"upload_phase": "start", "file_size": str(file.size)}
            upload = self._media_result(await self._api.answer("POST", path, form=form), mapping.upload_started)
            start, end = upload.start, upload.end
            while start < end:
                handle.seek(start)
                chunk = await asyncio.to_thread(handle.read, min(end - start, CHUNK))
                answer = await self._api.answer(
                    "POST",
                    path,
                    form={
                        "upload_phase": "transfer",
                        "upload_session_id": upload.session,
                        "start_offset": str(start),
                    },
                    files={"video_file_chunk": ("chunk.bin", io.BytesIO(chunk), "application/octet-stream")},
                    size=len(chunk),
                )
                before = start
                start, end = self._media_result(answer, mapping.upload_offsets)
                if start <= before:
                    raise Transient(
                        _("{host} does not take the video's next bytes.").format(host=host(self._api.server)),
                        _("It is tried again by itself."),
                    )
        return upload

    def _media_result(self, answer: Answer, read: Read[T]) -> T:
        try:
            return self._api.result(answer, read)
        except Rejected as error:
            error.field = "media"
            raise

    async def _descriptions(self, photos: list[str]) -> dict[str, str]:
        """What the photos show, by their ids; a post tells it only of the photos themselves."""
        if not photos:
            return {}
        try:
            return await self._api.get("/", mapping.descriptions, ids=",".join(photos), fields="id,alt_text_custom")
        except NotFound:
            return {}

    # Ends of sending that are not plain

    async def _duplicate(self, answer: Answer, identity: str, wire: JSON) -> NetworkError:
        """The error for a post that Facebook says it has: a doubt, unless what it has is certainly another post."""
        try:
            is_another = await self.find(identity, wire, taken=frozenset()) is None
        except NetworkError:
            is_another = False
        if is_another:
            return Rejected(
                _("Facebook takes no post that equals the one before it."),
                _("Change the text a little, then send it again."),
                status=answer.status,
                field="text",
            )
        return Ambiguous(
            _("Facebook says that this post is there already."),
            _("The Page is read back before anything else."),
            status=answer.status,
        )

    async def _video_sent(self, answer: Answer, identity: str, wire: JSON) -> RemoteRef:
        """The video of an ended upload. An upload that cannot be ended may have been ended by an earlier attempt."""
        if answer.ok:
            self._api.result(answer, is_success, safe=False)
            return mapping.ref(str(wire["video"]))
        refused = self._api.refusal(answer, safe=False)
        if isinstance(refused, Rejected | NotFound):
            try:
                found = await self.find(identity, wire, taken=frozenset())
            except NetworkError:
                raise self._api.http.broken(answer.host, refused.message, safe=False, status=answer.status) from None
            if found is not None:
                return found
        raise refused

    async def _found_video(self, video: str) -> RemoteRef | None:
        try:
            published = await self._api.get(f"/{video}", mapping.is_published, fields=mapping.VIDEO_FIELDS)
        except NotFound:
            return None
        return mapping.ref(video) if published else None

    async def _read_video(self, video: str) -> JSON | None:
        value = await self._api.get(f"/{video}", mapping.node, fields=mapping.VIDEO_FIELDS)
        processed = mapping.is_processed(value)
        if processed is None:
            raise Transient(
                _("{host} is still processing the media.").format(host=host(self._api.server)),
                _("It is tried again by itself."),
            )
        return mapping.shown_video(value) if processed else None
