"""Between our values and VK's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Part, RemoteRef
from smm_tui.networks.vk import refusals
from smm_tui.networks.vk.spec import shown_text

MODERATOR, EDITOR, ADMINISTRATOR = 1, 2, 3  # `admin_level`; an editor may post in a community's name
VIDEO_RIGHT, WALL_RIGHT, STATS_RIGHT, GROUPS_RIGHT = 16, 8192, 1_048_576, 262_144  # bits of a user token
MESSAGES_RIGHT, MANAGE_RIGHT = 4096, 262_144  # bits of a community token, WALL_RIGHT too
POLL_QUESTION = 300  # characters

# What VK, the community and the tokens are


def is_vk(value: Any) -> bool:
    """Whether an answer has the form of VK's API, be it an error."""
    return isinstance(value, dict) and ("response" in value or refusals.failure(value) is not None)


def response(value: Any) -> Any:
    """What a call gave."""
    told = shape.an_object(value, "answer")
    if "response" not in told:
        raise shape.WrongShape("response")
    return told["response"]


class Community(NamedTuple):
    """`level` is what the user whose token asked may do there: 0 nothing, 1 moderator, 2 editor, 3 administrator."""

    id: str
    handle: str
    name: str
    level: int


def community(value: Any) -> Community:
    """The first community of ``groups.getById``."""
    groups = value if isinstance(value, list) else shape.an_object(value, "groups").get("groups")
    found = shape.an_object(next(iter(shape.a_list(groups, "groups")), None), "group")
    number = digits(found, "id")
    handle = shape.text(found, "screen_name")
    return Community(
        number,
        handle if re.fullmatch(r"[\w.]{1,64}", handle) else f"club{number}",
        shape.text(found, "name") or handle or f"club{number}",
        shape.number(found, "admin_level", 0),
    )


def mask(value: Any) -> int:
    """The bits of ``account.getAppPermissions`` or ``groups.getTokenPermissions``."""
    return shape.number(value if isinstance(value, dict) else {"mask": value}, "mask", 0)


# Publishing

# What VK would turn into a mention or a link with a name of its own: [club1|Name], [https://...|Name].
_MARKUP = re.compile(r"\[(?=[^\[\]|\n]+\|[^\[\]\n]+\])")
_ESCAPED = re.compile(r"\[\u200b(?=[^\[\]|\n]+\|[^\[\]\n]+\])")


def escaped(text: str) -> str:
    """The text so that VK shows it as it was written."""
    return _MARKUP.sub("[\u200b", text)


def unescaped(text: str) -> str:
    """The text of a post as it was written."""
    return _ESCAPED.sub("[", text)


def post_form(part: Part, attachments: Sequence[str], *, group_id: str, guid: str) -> dict[str, str]:
    """The form of ``wall.post``, with the identity as its guid."""
    return {"owner_id": f"-{group_id}", "from_group": "1", "guid": guid, **content(part, attachments)}


def content(part: Part, attachments: Sequence[str]) -> dict[str, str]:
    """The text and attachments, as the methods of posts and comments take them."""
    form = {}
    if message := escaped(shown_text(part.text, part.content_warning)):
        form["message"] = message
    if attachments:
        form["attachments"] = ",".join(attachments)
    return form


def edit_form(ref: RemoteRef, part: Part, attachments: Sequence[str], live: Mapping[str, Any]) -> dict[str, str]:
    """The form of ``wall.edit``: the whole content, for VK takes away what is not sent again.

    A post that still waits keeps its time, without which it would be published at once.
    """
    form = {**place(ref.id), **content(part, attachments)}
    form.setdefault("message", "")
    if waits(live) and (date := shape.number(live, "date", 0)):
        form["publish_date"] = str(date)
    return form


def poll_form(part: Part, *, owner: str, now: Instant) -> dict[str, str]:
    """The form of ``polls.create``. Its question is the first line of the text; `now` opens it."""
    assert part.poll is not None  # noqa: S101 - who asks has looked
    question = next((line.strip() for line in part.text.splitlines() if line.strip()), "")
    return {
        "owner_id": owner,
        "question": question if len(question) <= POLL_QUESTION else f"{question[: POLL_QUESTION - 1]}…",
        "add_answers": json.dumps(list(part.poll.options), ensure_ascii=False),
        "is_anonymous": "1",
        "is_multiple": "1" if part.poll.multiple else "0",
        "end_date": str(now // 1000 + part.poll.seconds),
    }


def made_poll(value: Any) -> str:
    """The attachment that ``polls.create`` made."""
    return _attachment("poll", value, "id")


def poll_of(post: Mapping[str, Any]) -> str:
    """The attachment of a post's poll, empty when it has none."""
    return next((file for file in sorted(_files(post)) if file.startswith("poll")), "")


def post_ref(value: Any, owner: str) -> RemoteRef:
    """The reference of a post that was just made on the wall of `owner`."""
    return ref(f"{owner}_{digits(shape.an_object(value, 'post'), 'post_id')}")


def ref(full_id: str) -> RemoteRef:
    """The reference of a post by its full id, such as ``-1_2``."""
    return RemoteRef(id=full_id, url=f"https://vk.com/wall{full_id}")


def place(full_id: str) -> dict[str, str]:
    """Where a post is, as ``wall.delete`` takes it."""
    owner, _bar, post = full_id.partition("_")
    return {"owner_id": owner, "post_id": post}


# Uploads


def upload_address(value: Any, server: str) -> str:
    """Where a file is to be sent; encrypted, if the API is."""
    address = shape.text(shape.an_object(value, "upload server"), "upload_url")
    try:
        parts = urlsplit(address)
    except ValueError:
        raise shape.WrongShape("upload_url") from None
    if not parts.netloc or parts.scheme not in {"https", urlsplit(server).scheme}:
        raise shape.WrongShape("upload_url")
    return address


def uploaded_photo(value: Any) -> dict[str, str]:
    """What ``photos.saveWallPhoto`` wants of an upload's answer. Rejected when VK took the file for no picture."""
    told = shape.an_object(value, "upload")
    photo = told.get("photo")
    if isinstance(photo, list):
        photo = json.dumps(photo)
    if photo in (None, "", "[]"):
        raise _refused_file(told)
    return {
        "server": shape.an_id(told, "server"),
        "photo": shape.text({"photo": photo}, "photo"),
        "hash": shape.an_id(told, "hash"),
    }


def saved_photo(value: Any) -> str:
    """The attachment that ``photos.saveWallPhoto`` made."""
    return _attachment("photo", next(iter(shape.a_list(value, "photos")), None), "id")


def video_slot(value: Any) -> str:
    """The attachment that ``video.save`` made, before its file is there."""
    return _attachment("video", value, "video_id")


def uploaded_video(value: Any) -> None:
    """Rejected when VK refused the file."""
    told = shape.an_object(value, "upload")
    if told.get("error") or told.get("error_code"):
        raise _refused_file(told)


def _attachment(kind: str, value: Any, key: str) -> str:
    told = shape.an_object(value, kind)
    owner = shape.an_id(told, "owner_id")
    if not re.fullmatch(r"-?[0-9]{1,18}", owner):
        raise shape.WrongShape("owner_id")
    key_of_access = shape.text(told, "access_key")
    suffix = f"_{key_of_access}" if re.fullmatch(r"\w{1,100}", key_of_access, re.ASCII) else ""
    return f"{kind}{owner}_{digits(told, key)}{suffix}"


def _refused_file(told: Mapping[str, Any]) -> Rejected:
    said = shape.text(told, "error") or shape.text(told, "error_descr")
    return Rejected(
        _("VK took the file for no picture or video it knows."),
        _("Open it in an editor, save it as JPEG, PNG or MP4 and attach it again."),
        status=200,
        reason=quoted(said),
        field="media",
    )


# Reading back


def posts(value: Any) -> list[JSON]:
    """The posts of a page. Strict, since a page with something unknown on it proves no absence."""
    items = value if isinstance(value, list) else shape.an_object(value, "wall").get("items")
    return [
        {**post, "id": int(digits(post, "id"))}
        for post in (shape.an_object(item, "post") for item in shape.a_list(items, "items"))
    ]


def waits(post: Mapping[str, Any]) -> bool:
    """Whether a post is not published yet."""
    return shape.text(post, "post_type") == "postpone"


def is_pinned(post: Mapping[str, Any]) -> bool:
    """Whether a post stands on top of the wall."""
    return post.get("is_pinned") in (True, 1)


def is_gone(post: Mapping[str, Any]) -> bool:
    """Whether only the trace of a deleted post is left."""
    return post.get("is_deleted") in (True, 1)


def is_likely(form: Mapping[str, Any], post: Mapping[str, Any]) -> bool:
    """Whether a post of the community is what `form` asked for.

    Uploads are made for one part, so that one of them is proof; otherwise text and number of files must agree.
    """
    wanted = set(_FILE.findall(shape.text(form, "attachments")))
    there = _files(post)
    if wanted & there:
        return True
    return (
        not shape.objects(post, "copy_history")
        and len(wanted) == len(there)
        and gist(shape.text(form, "message")) == gist(shape.text(post, "text"))
    )


def shown(post: Mapping[str, Any]) -> JSON:
    """A live post in plain terms."""
    owner = shape.an_id(post, "owner_id") if "owner_id" in post else ""
    return {
        "text": unescaped(shape.text(post, "text")),
        "media": [
            {"type": kind, "alt": "", "url": address(shape.inner(item, kind))}
            for item in shape.objects(post, "attachments")
            if (kind := shape.text(item, "type")) in ("photo", "video")
        ],
        "created_at": _moment(shape.number(post, "date", 0)),
        "url": f"https://vk.com/wall{owner}_{post['id']}",
    }


_FILE = re.compile(r"((?:photo|video|poll)-?[0-9]+_[0-9]+)")
_FILES = ("photo", "video", "poll")


def _files(post: Mapping[str, Any]) -> set[str]:
    found = set()
    for item in shape.objects(post, "attachments"):
        kind = shape.text(item, "type")
        if kind in _FILES:
            file = shape.inner(item, kind)
            found.add(f"{kind}{file.get('owner_id')}_{file.get('id')}")
    return found


def gist(text: str) -> str:
    """What a text says, without what VK may change: white space, invisible characters, case, escapes."""
    folded = unicodedata.normalize("NFKC", unescape(text)).casefold()
    return "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc", "Mn", "Zs", "Zl", "Zp"))


def address(file: Mapping[str, Any]) -> str:
    """The address of a photo in its largest size, or of a video's player."""
    sizes = shape.objects(file, "sizes")
    largest = max(sizes, key=lambda size: shape.number(size, "width", 0), default={})
    return shape.text(largest, "url") or shape.text(file, "player")


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else ""
    except (ValueError, OverflowError, OSError):
        return ""


def digits(values: Mapping[str, Any], key: str) -> str:
    number = shape.number(values, key, 0)
    if not number:
        raise shape.WrongShape(key)
    return str(number)
