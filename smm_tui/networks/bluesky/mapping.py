"""Between our values and the AT Protocol's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smm_tui.domain.clock import Instant, iso
from smm_tui.domain.text import byte_span, find_handles, find_hashtags, find_links, utf8_length
from smm_tui.networks import shape
from smm_tui.networks.bluesky.spec import labels_of, shown_text
from smm_tui.networks.ports import JSON, LinkCard, Part, RemoteRef

POST = "app.bsky.feed.post"
_TAG_BYTES = 640

_KEY_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_AT_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+|[A-Za-z0-9.-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]+)")


# Sessions


@dataclass(frozen=True, slots=True)
class Tokens:
    """A login session, as it is stored beside the app password."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    did: str
    handle: str
    pds: str

    def values(self) -> dict[str, str]:
        """As SecretSlot values."""
        return {
            "access_jwt": self.access,
            "refresh_jwt": self.refresh,
            "did": self.did,
            "handle": self.handle,
            "pds": self.pds,
        }


def stored_tokens(values: Mapping[str, str]) -> Tokens | None:
    """The session among stored values, None when there is none or a part of it is missing."""
    names = ("access_jwt", "refresh_jwt", "did", "handle", "pds")
    found = [shape.text(values, name) for name in names]
    return Tokens(*found) if all(found) else None


def tokens(value: Any, server: str) -> Tokens:
    """What createSession and refreshSession answer; `server` is where they were asked."""
    session = shape.an_object(value, "session")
    return Tokens(
        access=shape.an_id(session, "accessJwt"),
        refresh=shape.an_id(session, "refreshJwt"),
        did=shape.an_id(session, "did"),
        handle=shape.an_id(session, "handle"),
        pds=_pds(shape.inner(session, "didDoc"), server),
    )


def _pds(did_document: JSON, server: str) -> str:
    """The account's own server: an entryway such as bsky.social holds no repositories.

    A server without TLS is a test or home server that names itself by names which only it knows: it is kept.
    """
    if server.startswith("https://"):
        for service in shape.objects(did_document, "service"):
            endpoint = shape.text(service, "serviceEndpoint")
            if shape.text(service, "id").endswith("#atproto_pds") and re.fullmatch(
                r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?", endpoint
            ):
                return endpoint.rstrip("/").lower()
    return server


# Records


def mentioned(part: Part) -> list[str]:
    """The handles a part mentions, each once, lower case."""
    return list(dict.fromkeys(span.value.lower() for span in find_handles(_text(part))))


def post_record(
    part: Part,
    *,
    embed: JSON | None,
    dids: Mapping[str, str],
    root: JSON | None,
    parent: JSON | None,
    created_at: Instant,
) -> JSON:
    """The record of a post; `dids` are the resolved ones of `mentioned`, `root` and `parent` strong references."""
    text = _text(part)
    record: JSON = {"$type": POST, "text": text, "createdAt": iso(created_at)}
    if part.language:
        record["langs"] = [part.language]
    if facets := facets_of(text, dids):
        record["facets"] = facets
    if parent is not None:
        record["reply"] = {"root": root or parent, "parent": parent}
    if embed:
        record["embed"] = embed
    if labels := labels_of(part.content_warning, part.labels):
        record["labels"] = {
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": label} for label in labels],
        }
    return record


def facets_of(text: str, dids: Mapping[str, str]) -> list[JSON]:
    """Links, mentions and hashtags by their UTF-8 byte ranges, in order, never overlapping."""
    links = [(span, _feature("link", uri=span.value)) for span in find_links(text)]
    mentions = [
        (span, _feature("mention", did=dids[span.value.lower()]))
        for span in find_handles(text)
        if span.value.lower() in dids
    ]
    tags = [
        (span, _feature("tag", tag=span.value))
        for span in find_hashtags(text)
        if utf8_length(span.value) <= _TAG_BYTES
    ]
    facets: list[JSON] = []
    done = 0
    for span, feature in sorted([*links, *mentions, *tags], key=lambda found: found[0].start):
        if span.start >= done:
            first, last = byte_span(text, span.start, span.end)
            facets.append({"index": {"byteStart": first, "byteEnd": last}, "features": [feature]})
            done = span.end
    return facets


def image(blob: JSON, *, alt: str, width: int, height: int) -> JSON:
    """One picture of an embed."""
    return {"image": blob, "alt": alt, "aspectRatio": {"width": width, "height": height}}


def images(pictures: Sequence[JSON]) -> JSON:
    """The embed of pictures."""
    return {"$type": "app.bsky.embed.images", "images": list(pictures)}


def video(blob: JSON, *, alt: str, width: int | None, height: int | None) -> JSON:
    """The embed of a video."""
    embed: JSON = {"$type": "app.bsky.embed.video", "video": blob}
    if alt:
        embed["alt"] = alt
    if width and height:
        embed["aspectRatio"] = {"width": width, "height": height}
    return embed


def card(link: LinkCard, thumb: JSON | None) -> JSON:
    """The embed of a link; the network looks at no page by itself."""
    external: JSON = {"uri": link.url, "title": link.title, "description": link.description}
    if thumb is not None:
        external["thumb"] = thumb
    return {"$type": "app.bsky.embed.external", "external": external}


def blob(value: Any) -> JSON:
    """The blob object of an upload, to be put into a record unchanged."""
    found = shape.inner(shape.an_object(value, "blob"), "blob")
    shape.an_id(shape.inner(found, "ref"), "$link")
    if found.get("$type") != "blob" or not shape.text(found, "mimeType"):
        raise shape.WrongShape("blob")
    return found


def did(value: Any) -> str:
    """The DID that resolveHandle found."""
    found = shape.an_id(shape.an_object(value, "did"), "did")
    if not found.startswith("did:"):
        raise shape.WrongShape("did")
    return found


def record_ref(value: Any, *, handle: str) -> RemoteRef:
    """The reference of a stored record, from putRecord's or getRecord's answer."""
    answer = shape.an_object(value, "record")
    uri = shape.an_id(answer, "uri")
    return RemoteRef(id=uri, url=web_url(uri, handle), extra={"cid": shape.an_id(answer, "cid")})


def strong(ref: RemoteRef) -> JSON:
    """A strong reference, for replies."""
    return {"uri": ref.id, "cid": ref.extra["cid"]}


def strong_of(value: Any) -> JSON | None:
    """A strong reference in a record, None when there is no usable one."""
    found = value if isinstance(value, dict) else {}
    uri, cid = shape.text(found, "uri"), shape.text(found, "cid")
    return {"uri": uri, "cid": cid} if cid and _AT_URI.fullmatch(uri) else None


def stored(value: Any) -> tuple[JSON, str]:
    """A stored record and its cid."""
    answer = shape.an_object(value, "record")
    return shape.an_object(answer.get("value"), "value"), shape.an_id(answer, "cid")


def thread_root(value: Any) -> JSON | None:
    """The strong reference of the post that began the thread of a stored post; None when that is the post itself."""
    return strong_of(shape.inner(stored(value)[0], "reply", "root"))


def key_for(subject: str) -> str:
    """The record key of what there shall be once for a subject (a like, a block): a TID made of its name."""
    value = int.from_bytes(hashlib.sha256(subject.encode("utf-8", "replace")).digest()[:8], "big") >> 4
    return "".join(_KEY_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def place(uri: str) -> JSON:
    """Repository, collection and key of an at:// address, as the calls name them."""
    found = _AT_URI.fullmatch(uri)
    if found is None:
        raise shape.WrongShape("uri")
    return {"repo": found[1], "collection": found[2], "rkey": found[3]}


def web_url(uri: str, handle: str) -> str:
    """Where people see a post; by the handle, unless it is one that no longer proves itself."""
    where = place(uri)
    profile = handle if handle and handle != "handle.invalid" else where["repo"]
    return f"https://bsky.app/profile/{profile}/post/{where['rkey']}"


def shown(value: Any, *, handle: str) -> JSON:
    """A live post in plain terms."""
    answer = shape.an_object(value, "record")
    record = shape.inner(answer, "value")
    embed = shape.inner(record, "embed")
    media = [("image", item) for item in shape.objects(embed, "images")]
    if "video" in embed:
        media.append(("video", embed))
    return {
        "text": shape.text(record, "text"),
        "labels": [shape.text(label, "val") for label in shape.objects(shape.inner(record, "labels"), "values")],
        "media": [{"type": kind, "alt": shape.text(item, "alt"), "url": ""} for kind, item in media],
        "created_at": shape.text(record, "createdAt"),
        "url": web_url(shape.an_id(answer, "uri"), handle),
    }


def display_name(value: Any) -> str:
    """The display name in a profile record, empty when it has none."""
    return shape.text(shape.inner(value, "value") if isinstance(value, dict) else {}, "displayName")


def is_server(value: Any) -> bool:
    """Whether describeServer was answered by a server of the AT Protocol."""
    return isinstance(value, dict) and isinstance(value.get("availableUserDomains"), list)


def moderation_service(headers: Mapping[str, str]) -> str:
    """The service that judges reports, as an answer of the AppView names it; empty when it names none."""
    first = headers.get("atproto-content-labelers", "").partition(",")[0].partition(";")[0].strip()
    return first if re.fullmatch(r"did:[a-z]+:[A-Za-z0-9._:%-]+", first) else ""


# Refusals

WRITING = ("/com.atproto.repo.putRecord", "/com.atproto.repo.deleteRecord")
NOT_THERE = frozenset({"RecordNotFound", "NotFound", "InvalidConvo"})
ACCOUNT_CLOSED = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended"})
TOKEN_REFUSED = frozenset({"ExpiredToken", "InvalidToken"})
_FIELDS = {
    "text": "text",
    "embed": "media",
    "langs": "language",
    "displayName": "name",
    "description": "description",
    "website": "website",
    "avatar": "avatar",
    "banner": "cover",
}
TOO_LARGE_OR_WRONG_FILE = frozenset({"BlobTooLarge", "PayloadTooLarge", "InvalidMimeType"})


def lacks_right(error: str, message: str) -> bool:
    """Whether the session is good, but not for this: the app password was made without access to direct messages."""
    return error == "InvalidToken" and message == "Bad token method"


def refused_field(error: str, message: str) -> str:
    """Which part of a post a refusal names: "text", "media", "language", or nothing."""
    if error in TOO_LARGE_OR_WRONG_FILE:
        return "media"
    # Older servers write the place as Record/text, newer ones as $.record.text.
    named = re.search(r"\b(?:Record/|record\.)([A-Za-z]+)\b", message)
    return _FIELDS.get(named[1], "") if named else ""


def _text(part: Part) -> str:
    return shown_text(part.text, part.content_warning)


def _feature(kind: str, **values: str) -> JSON:
    return {"$type": f"app.bsky.richtext.facet#{kind}", **values}
