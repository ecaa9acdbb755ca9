"""Between our values and Mastodon's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import Instant, to_instant
from smm_tui.networks import shape
from smm_tui.networks.address import host
from smm_tui.networks.mastodon.spec import (
    GOTOSOCIAL,
    MASTODON,
    READ_REPORTS,
    WRITE_ACCOUNTS,
    WRITE_REPORTS,
    software_of,
)
from smm_tui.networks.ports import JSON, Checked, MediaFile, Part, Poll, RemoteRef

# What a server says of itself


def facts(instance: Any) -> JSON:
    """What to remember of ``/api/v2/instance`` or ``/api/v1/instance``: the keys `spec.rules` reads."""
    about = shape.an_object(instance, "instance")
    version = shape.text(about, "version")
    if not version:
        raise shape.WrongShape("version")
    configuration = shape.inner(about, "configuration")
    statuses = shape.inner(configuration, "statuses")
    media = shape.inner(configuration, "media_attachments")
    accounts = shape.inner(configuration, "accounts")
    level = shape.inner(about, "api_versions").get("mastodon")
    learnt: JSON = {
        "software": software_of(version, shape.text(about, "source_url"), level),
        "version": version[:200],
        "domain": (shape.text(about, "domain") or _bare_host(shape.text(about, "uri")))[:253],
    }
    numbers = {
        "characters": (statuses, "max_characters"),
        "images": (statuses, "max_media_attachments"),
        "url_characters": (statuses, "characters_reserved_per_url"),
        "alt_characters": (media, "description_limit"),
        "image_bytes": (media, "image_size_limit"),
        "image_pixels": (media, "image_matrix_limit"),
        "video_bytes": (media, "video_size_limit"),
        "links": (accounts, "max_profile_fields"),
        "link_characters": (accounts, "profile_field_value_limit"),
        "name_characters": (accounts, "max_display_name_length"),
        "note_characters": (accounts, "max_note_length"),
    }
    learnt |= {name: value for name, (of, key) in numbers.items() if (value := shape.number(of, key, 0))}
    if "characters" not in learnt and (old := shape.number(about, "max_toot_chars", 0)):  # Pleroma and kin
        learnt["characters"] = old
    types = media.get("supported_mime_types")
    if isinstance(types, list):
        learnt["mime_types"] = sorted({t for t in types if isinstance(t, str) and len(t) < 100})
    return learnt


def checked(account: Any, learnt: JSON, *, server: str) -> Checked:
    """What ``verify_credentials`` tells of the account."""
    values = shape.an_object(account, "account")
    name = shape.an_id(values, "username") if values.get("username") else shape.an_id(values, "acct")
    domain = shape.text(learnt, "domain") or host(server)
    return Checked(
        remote_id=shape.an_id(values, "id"),
        handle=f"@{name.partition('@')[0]}@{domain}",
        display_name=shape.text(values, "display_name") or name,
        server=server,
        url=shape.text(values, "url"),
        facts=learnt,
    )


_ADMINISTRATOR, _MANAGE_REPORTS, _MANAGE_USERS = 1, 1 << 4, 1 << 10  # bits of a role's permissions


def staff_scopes(account: Any) -> tuple[str, ...]:
    """The scopes that would be of use to the account's role on its server, from ``verify_credentials``."""
    written = shape.inner(account, "role").get("permissions") if isinstance(account, dict) else None
    bits = shape.number({"bits": written}, "bits", 0)
    reports = (READ_REPORTS, WRITE_REPORTS) if bits & (_ADMINISTRATOR | _MANAGE_REPORTS) else ()
    return (*reports, WRITE_ACCOUNTS) if bits & (_ADMINISTRATOR | _MANAGE_USERS) else reports


def instant(written: str) -> Instant | None:
    """An ISO 8601 time; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(written)
        return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _bare_host(uri: str) -> str:
    return host(uri) if "://" in uri else uri.partition("/")[0]


# Publishing


def status_body(
    part: Part, media_ids: Sequence[str], *, parent: RemoteRef | None, software: str, visibility: str = "public"
) -> JSON:
    """The body of ``POST /api/v1/statuses``. Self labels exist here only as "sensitive"."""
    body: JSON = {"status": part.text, "visibility": visibility}
    if media_ids:
        body["media_ids"] = list(media_ids)
    if part.poll is not None:
        body["poll"] = _poll(part.poll)
    if part.content_warning:
        body["spoiler_text"] = part.content_warning
    if part.content_warning or part.labels:
        body["sensitive"] = True
    if part.language:
        body["language"] = part.language
    if parent is not None:
        body["in_reply_to_id"] = parent.id
    if software == GOTOSOCIAL:  # an account's own default there may be Markdown, which would change the text
        body["content_type"] = "text/plain"
    return body


def edit_body(part: Part, media_ids: Sequence[str], *, kept: frozenset[str], software: str) -> JSON:
    """The body of ``PUT /api/v1/statuses/:id``: all that can change, since what is left out would stay or be lost.

    `kept` are the media that the status has already: what is said about them goes with the edit.
    """
    body = status_body(part, (), parent=None, software=software)
    del body["visibility"]
    body |= {
        "spoiler_text": part.content_warning,
        "sensitive": bool(part.content_warning or part.labels),
        "media_ids": list(media_ids),
    }
    attributes = [
        {"id": media_id, "description": file.alt}
        for media_id, file in zip(media_ids, part.media, strict=True)
        if media_id in kept
    ]
    if attributes:
        body["media_attributes"] = attributes
    return body


def _poll(poll: Poll) -> JSON:
    return {"options": list(poll.options), "expires_in": poll.seconds, "multiple": poll.multiple}


def addressed(text: str, handles: Sequence[str]) -> str:
    """A text that names all of `handles`: those it does not name yet are put before it."""
    named = {found[0].casefold() for found in _NAMED.finditer(text)}
    missing = [handle for handle in handles if handle.casefold() not in named]
    return " ".join([*missing, text]) if missing else text


def wire(body: JSON, files: Sequence[MediaFile], **more: str) -> JSON:
    """A frozen request; which file became which attachment stands beside its body."""
    hashes = {"files": [file.sha256 for file in files]} if files else {}
    return {"body": body, **more, **hashes}


def with_media(ref: RemoteRef, wire: Mapping[str, Any]) -> RemoteRef:
    """The reference with its attachments by the hashes of their files, so that an edit can keep them."""
    pairs = zip(wire.get("files", ()), wire["body"].get("media_ids", ()), strict=False)
    media = " ".join(f"{sha256}={media_id}" for sha256, media_id in pairs)
    return replace(ref, extra={"media": media}) if media else ref


def known_media(ref: RemoteRef) -> dict[str, str]:
    """The attachments of a status by the hashes of their files, as far as they are known."""
    pairs = (pair.partition("=") for pair in ref.extra.get("media", "").split())
    return {sha256: media_id for sha256, _equals, media_id in pairs if media_id}


def idempotency_key(identity: str, body: Mapping[str, Any]) -> str:
    """The same intent with the same content has the same key, on every attempt and after every restart."""
    return f"{identity}-{digest(body)[:16]}"


def status_ref(value: Any) -> RemoteRef:
    """The reference of a Status; a ScheduledStatus is none."""
    status = shape.an_object(value, "status")
    if "params" in status or status.get("scheduled_at"):
        raise shape.WrongShape("scheduled status")
    return RemoteRef(id=shape.an_id(status, "id"), url=shape.text(status, "url") or shape.text(status, "uri"))


def scheduled_ref(value: Any) -> RemoteRef:
    """The reference of a ScheduledStatus; a Status is none: it went out at once."""
    status = shape.an_object(value, "scheduled status")
    params = shape.an_object(status.get("params"), "params")
    return RemoteRef(
        id=shape.an_id(status, "id"),
        url="",
        extra={"scheduled_at": shape.text(status, "scheduled_at"), "text": shape.text(params, "text")},
    )


def scheduled_refs(value: Any) -> list[RemoteRef]:
    """The references of a page of ScheduledStatuses."""
    return [scheduled_ref(item) for item in shape.a_list(value, "scheduled statuses")]


def attached(value: Any) -> frozenset[str]:
    """The ids of a Status' attachments."""
    items = shape.objects(shape.an_object(value, "status"), "media_attachments")
    return frozenset(shape.text(item, "id") for item in items)


def is_pinned(value: Any) -> bool:
    """Whether a Status is pinned to its author's page."""
    return shape.an_object(value, "status").get("pinned") is True


def attachment(value: Any) -> str:
    """The id of an uploaded MediaAttachment."""
    return shape.an_id(shape.an_object(value, "media"), "id")


def refused_field(message: str) -> str:
    """Which part of a post a refusal's text names: "poll", "media", "language", "text", or nothing."""
    for field, words in (
        ("poll", r"poll"),
        ("media", r"media|file|image|attach|description"),
        ("language", r"language"),
        ("text", r"text|character|status too long"),
    ):
        if re.search(rf"\b({words})", message, re.IGNORECASE):
            return field
    return ""


def shown(value: Any, known: Mapping[str, str] = MappingProxyType({})) -> JSON:
    """A live status in plain terms. `known` are attachments by the hashes of their files: where there are any, each
    file says which of them it is, none for one that somebody else put there."""
    hashes = {media_id: sha256 for sha256, media_id in known.items()}
    status = shape.an_object(value, "status")
    shape.an_id(status, "id")
    return {
        "text": plain_text(shape.text(status, "content")),
        "content_warning": plain_text(shape.text(status, "spoiler_text")),
        "media": [
            {
                "type": shape.text(item, "type"),
                "alt": shape.text(item, "description"),
                "url": shape.text(item, "url"),
                **({"sha256": hashes.get(shape.text(item, "id"), "")} if hashes else {}),
            }
            for item in shape.objects(status, "media_attachments")
        ],
        "poll": _options(status),
        "created_at": shape.text(status, "created_at"),
        "url": shape.text(status, "url") or shape.text(status, "uri"),
    }


# Reading back


def statuses(value: Any) -> list[JSON]:
    """The statuses of a page. Strict, since a page with something unknown on it proves no absence."""
    return [
        {**status, "id": shape.an_id(status, "id")}
        for status in (shape.an_object(item, "status") for item in shape.a_list(value, "statuses"))
    ]


def is_no_later(status_id: str, baseline: str, software: str) -> bool:
    """Whether a status is the baseline or older. Only Mastodon's and GoToSocial's ids are known to sort by time."""
    if status_id == baseline:
        return True
    if not baseline or software not in (MASTODON, GOTOSOCIAL):
        return False
    return (len(status_id), status_id) < (len(baseline), baseline)


def next_page(link: str) -> str:
    """The query of rel="next" in a Link header, empty at the end of a list.

    Only the query: a server behind another name may put that name into its links, and the token stays where it is.
    """
    for url, parameters in re.findall(r"<([^<>]*)>([^<]*)", link):
        if re.search(r"""rel\s*=\s*["']?next\b""", parameters):
            return str(url).partition("?")[2]
    return ""


def is_likely(body: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
    """Whether a status of ours is what `body` asked for, compared as loosely as servers rewrite text."""
    media_ids = body.get("media_ids")
    wanted_media = len(media_ids) if isinstance(media_ids, list) else 0
    parent = status.get("in_reply_to_id")
    return (
        not status.get("reblog")
        and len(shape.objects(status, "media_attachments")) == wanted_media
        and _options(status) == shape.inner(body, "poll").get("options", [])
        and (str(parent) if parent else "") == shape.text(body, "in_reply_to_id")
        and same_text(shape.text(body, "spoiler_text"), plain_text(shape.text(status, "spoiler_text")))
        and same_text(shape.text(body, "status"), plain_text(shape.text(status, "content")))
    )


def _options(status: Mapping[str, Any]) -> list[str]:
    return [shape.text(option, "title") for option in shape.objects(shape.inner(status, "poll"), "options")]


def same_text(sent: str, stored: str) -> bool:
    """Whether two plain texts say the same.

    Letters, digits and signs must agree; white space, invisible characters, case, hosts of mentions and the spelling
    of links (which servers complete, encode and shorten) need not, unless links are all there is.
    """
    words, links = _gist(sent)
    other_words, other_links = _gist(stored)
    return words == other_words and (bool(words) or links == other_links)


_MENTION = re.compile(r"(?<!\w)@([\w.-]*\w)@[\w.-]*\w")
_NAMED = re.compile(r"(?<![\w/])@[\w.-]*\w@[\w.-]*\w")
_LINK = re.compile(r"://|\w\.\w")


def _gist(text: str) -> tuple[str, list[str]]:
    folded = unicodedata.normalize("NFKC", _MENTION.sub(r"@\1", text)).casefold()
    words: list[str] = []
    links: list[str] = []
    for token in folded.split():
        (links if _LINK.search(token) else words).append(token)
    invisible = ("Cf", "Cc", "Mn", "Zs")
    return (
        "".join(c for c in "".join(words) if unicodedata.category(c) not in invisible),
        [unquote(link.rpartition("://")[2]).removeprefix("www.").strip("/.,;:!?()[]") for link in links],
    )


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b(class|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})


def plain_text(html: str) -> str:
    """The text that a status' (sanitised) HTML shows: paragraphs, line breaks, and links by their target.

    The text of a link is not used, since servers hide parts of it.
    """
    parts: list[str] = []
    in_link = False
    done = 0
    for tag in _TAG.finditer(html):
        if not in_link:
            parts.append(unescape(html[done : tag.start()]))
        done = tag.end()
        closing, name = bool(tag[1]), tag[2].lower()
        if name == "a":
            href = "" if closing else _link_target(tag[3])
            in_link = bool(href)
            parts.append(href)
        elif name == "br":
            parts.append("\n")
        elif name == "li" and not closing:
            parts.append("\n- ")
        elif name in _BLOCKS and not closing and parts:
            parts.append("\n\n")
    if not in_link:
        parts.append(unescape(html[done:]))
    return "".join(parts).strip()


def _link_target(attributes: str) -> str:
    """The address of a link, empty for mentions and hashtags, whose own text is what was written."""
    values = {m[1].lower(): unescape(m[2] or m[3] or "") for m in _ATTRIBUTE.finditer(attributes)}
    kind = values.get("class", "").split()
    return "" if "mention" in kind or "hashtag" in kind else values.get("href", "")
