"""Between our values and the Graph API's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.text import find_links
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.facebook.spec import READ, RIGHTS, VIDEO_TYPES, shown_text
from smm_tui.networks.meta import paging, rights, tokens
from smm_tui.networks.ports import JSON, Checked, Part, RemoteRef

SITE = "https://www.facebook.com"
PAGE_FIELDS = "id,name,username,link,is_published"
POST_FIELDS = "id,message,created_time,attachments{media_type,target,subattachments{media_type,target}}"
VIDEO_FIELDS = "id,description,created_time,published,status"


# The Page


def missing(facts: Mapping[str, Any], *, now: Instant) -> list[str]:
    """Sentences for what the token lacks, or will soon."""
    found = rights.sentences(RIGHTS, facts)
    if facts.get("reads") is False:
        found.append(_("cannot read back what was published: the token lacks {permission}").format(permission=READ))
    if facts.get("cabinets") == []:
        found.append(_("cannot run advertising: the token opens no advertising account"))
    return found + tokens.ends(facts, now=now)


def checked(value: Any, *, server: str, facts: JSON, now: Instant) -> Checked:
    """What the Page tells of itself."""
    page = shape.an_object(value, "page")
    number = shape.an_id(page, "id")
    username = shape.an_id(page, "username") if page.get("username") else ""
    lacks = missing(facts, now=now)
    if page.get("is_published") is False:
        lacks.append(_("the Page is not published: nobody sees what is posted there"))
    return Checked(
        remote_id=number,
        handle=f"@{username}" if username else number,
        display_name=shape.text(page, "name") or username or number,
        server=server,
        url=shape.text(page, "link") or f"{SITE}/{number}",
        facts=facts,
        missing=tuple(lacks),
    )


# Publishing


def feed_form(part: Part, photos: Sequence[str]) -> dict[str, str]:
    """The form of ``POST /{page}/feed``. Without photos the card's link, or the first one of the text, is previewed.

    Facebook makes no preview of a link by itself when a post comes through the API. The preview's title and picture
    are what the linked page says of itself.
    """
    form = {"message": shown_text(part.text, part.content_warning)}
    if photos:
        form["attached_media"] = attached(photos)
    elif part.card is not None:
        form["link"] = part.card.url
    elif links := find_links(part.text):
        form["link"] = links[0].value
    return form


def edit_form(part: Part, *, video: bool) -> dict[str, str]:
    """The form that sets the text of a live post or video."""
    return {"description" if video else "message": shown_text(part.text, part.content_warning)}


def later_form(form: Mapping[str, str], at: Instant) -> dict[str, str]:
    """The form of a post or video that Facebook publishes by itself."""
    return {**form, "published": "false", "scheduled_publish_time": str(at // SECOND)}


def attached(photos: Sequence[str]) -> str:
    """Photos as the API takes them."""
    return json.dumps([{"media_fbid": photo} for photo in photos], separators=(",", ":"))


def source_of(value: Any) -> str:
    """The address of a photo's largest size."""
    sizes = shape.objects(shape.an_object(value, "photo"), "images")
    best = max(sizes, key=lambda size: shape.number(size, "width", 0), default={})
    return shape.an_id(best, "source")


def scheduled(post: JSON) -> RemoteRef:
    """A post that waits, with its time (Unix seconds) as ``at``."""
    found = ref(shape.an_id(post, "id"))
    return replace(found, extra={"at": str(paging.moment(post, "scheduled_publish_time") // SECOND)})


def post_of(value: Any) -> str:
    """The id of a video's post."""
    return shape.an_id(shape.an_object(value, "video"), "post_id")


def media_count(value: Any) -> int:
    """How many photos and videos a live post has."""
    return len(_attached(shape.an_object(value, "post")))


def video_form(part: Part, session: str) -> dict[str, str]:
    """The form of the call that ends an upload to ``/{page}/videos`` and publishes it."""
    return {
        "upload_phase": "finish",
        "upload_session_id": session,
        "description": shown_text(part.text, part.content_warning),
        "published": "true",
    }


def photo_id(value: Any) -> str:
    """The id of an uploaded photo."""
    return shape.an_id(shape.an_object(value, "photo"), "id")


class Upload(NamedTuple):
    """A resumable upload: the server wants the bytes from `start` up to `end`; it has all when they are equal."""

    session: str
    video: str
    start: int
    end: int


def upload_started(value: Any) -> Upload:
    """The answer to ``upload_phase=start``."""
    answer = shape.an_object(value, "upload")
    session, video = shape.an_id(answer, "upload_session_id"), shape.an_id(answer, "video_id")
    return Upload(session, video, *_offsets(answer))


def upload_offsets(value: Any) -> tuple[int, int]:
    """The answer to ``upload_phase=transfer``: which bytes are wanted next."""
    return _offsets(shape.an_object(value, "upload"))


def _offsets(answer: JSON) -> tuple[int, int]:
    start, end = (shape.number({key: answer.get(key)}, key, 0) for key in ("start_offset", "end_offset"))
    if "start_offset" not in answer or "end_offset" not in answer or start > end:
        raise shape.WrongShape("start_offset")
    return start, end


def feed_ref(value: Any) -> RemoteRef:
    """The reference of a post that was just made."""
    return ref(shape.an_id(shape.an_object(value, "post"), "id"))


def ref(remote_id: str) -> RemoteRef:
    """The reference of a post (``{page}_{post}``) or video."""
    return RemoteRef(id=remote_id, url=f"{SITE}/{remote_id}")


def is_video(remote_id: str) -> bool:
    """Whether a reference is that of a video: posts have the Page's number before their own."""
    return "_" not in remote_id


# Reading back


class Post(NamedTuple):
    """A post of the Page's feed, as far as it tells whose it is. `media` are the ids of its photos and videos."""

    id: str
    text: str
    created: Instant
    media: tuple[str, ...]
    has_video: bool


def posts(value: Any) -> tuple[list[Post], str]:
    """A page of the feed and the cursor of the next one, empty at the end.

    Strict, since a page with something unknown on it proves no absence. ``paging.next`` is never used: that address
    holds the token.
    """
    answer = shape.an_object(value, "feed")
    found = [_post(shape.an_object(item, "post")) for item in shape.a_list(answer.get("data"), "data")]
    return found, paging.next_cursor(answer)


def newest(value: Any) -> JSON | None:
    """What a `Baseline` is made of, from the beginning of the feed; None for an empty one."""
    found, _after = posts(value)
    latest = max(found, key=lambda post: post.created, default=None)
    return None if latest is None else {"id": latest.id, "created": latest.created}


class Baseline(NamedTuple):
    """The newest post before an attempt; without one, everything came later."""

    id: str = ""
    created: Instant = -1

    def later(self, page: Sequence[Post]) -> list[Post]:
        """The posts of a page that came after it. Within its own second the order of the feed decides.

        An old post may be pinned above newer ones, so the first old one is not the end.
        """
        found = []
        passed = False
        for post in page:
            passed = passed or post.id == self.id
            if post.created > self.created or (post.created == self.created and not passed):
                found.append(post)
        return found


def _post(post: JSON) -> Post:
    files = _attached(post)
    return Post(
        id=shape.an_id(post, "id"),
        text=shape.text(post, "message"),
        created=paging.moment(post, "created_time"),
        media=tuple(shape.text(shape.inner(item, "target"), "id") for item in files),
        has_video=any("video" in shape.text(item, "media_type") for item in files),
    )


def _attached(post: Mapping[str, Any]) -> list[JSON]:
    """The photos and videos of a post, those inside an album included."""
    outer = shape.objects(shape.inner(post, "attachments"), "data")
    flat: list[JSON] = []
    for item in outer:
        flat += shape.objects(shape.inner(item, "subattachments"), "data") or [item]
    return [item for item in flat if shape.text(item, "media_type") in ("photo", "video")]


def is_likely(form: Mapping[str, str], photos: Sequence[str], post: Post) -> bool:
    """Whether a post is what this form made: the same photos, else the same words and number of photos."""
    if post.has_video:
        return False
    if photos and set(photos) & set(post.media):
        return True
    return len(post.media) == len(photos) and gist(post.text) == gist(form.get("message", ""))


def gist(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Mn"))


def is_published(value: Any) -> bool:
    """Whether a video's upload was ended with the order to publish it; it may still be processed."""
    video = shape.an_object(value, "video")
    shape.an_id(video, "id")
    return video.get("published") is True and _phase(video, "uploading_phase") == "complete"


def is_processed(value: Any) -> bool | None:
    """Whether people can see a video: None while it is processed, False when that failed."""
    video = shape.an_object(value, "video")
    state = shape.text(shape.inner(video, "status"), "video_status")
    phases = {_phase(video, "processing_phase"), _phase(video, "publishing_phase")}
    if state in ("error", "expired") or "error" in phases:
        return False
    return True if state in ("ready", "") else None


def _phase(video: Mapping[str, Any], name: str) -> str:
    return shape.text(shape.inner(video, "status", name), "status")


def node(value: Any) -> JSON:
    """A node of the graph as it came."""
    return shape.an_object(value, "node")


def shown_post(value: Any, descriptions: Mapping[str, str]) -> JSON:
    """A live post in plain terms; `descriptions` are those of its photos."""
    post = shape.an_object(value, "post")
    number = shape.an_id(post, "id")
    media = []
    for item in _attached(post):
        target = shape.text(shape.inner(item, "target"), "id")
        media.append(
            {
                "type": shape.text(item, "media_type"),
                "alt": descriptions.get(target, ""),
                "url": f"{SITE}/{target}" if target else "",
            }
        )
    return _shown(number, shape.text(post, "message"), media, shape.text(post, "created_time"))


def shown_video(value: Any) -> JSON:
    """A live video in plain terms."""
    video = shape.an_object(value, "video")
    number = shape.an_id(video, "id")
    media = [{"type": "video", "alt": "", "url": f"{SITE}/{number}"}]
    return _shown(number, shape.text(video, "description"), media, shape.text(video, "created_time"))


def _shown(number: str, text: str, media: list[JSON], created: str) -> JSON:
    return {"text": text, "media": media, "created_at": created, "url": f"{SITE}/{number}"}


def photos_of(value: Any) -> list[str]:
    """The ids of a post's photos."""
    found = (
        shape.text(shape.inner(item, "target"), "id")
        for item in _attached(shape.an_object(value, "post"))
        if shape.text(item, "media_type") == "photo"
    )
    return [number for number in found if number]


def descriptions(value: Any) -> dict[str, str]:
    """The descriptions of photos by their id, of an answer to ``?ids=``."""
    photos = shape.an_object(value, "photos")
    return {
        number: shape.text(photo, "alt_text_custom") for number, photo in photos.items() if isinstance(photo, dict)
    }


def may_stand_together(file_mimes: Iterable[str]) -> bool:
    """Whether files may stand in one post: photos alone, or one video alone."""
    mimes = list(file_mimes)
    return len(mimes) == 1 or not VIDEO_TYPES & set(mimes)
