"""Records and answers of the AT Protocol: what we make of them, whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.domain.identity import is_tid
from smm_tui.networks.bluesky import mapping, mapping_chat, mapping_inbox, mapping_page, mapping_video
from smm_tui.networks.bluesky.spec import SPEC, shown_text
from smm_tui.networks.ports import Part, RemoteRef
from smm_tui.networks.shape import WrongShape

from .strategies import anything, json_objects
from .support import NOW, session

OWN = "did:plc:ann"
URI = "at://did:plc:ann/app.bsky.feed.post/3kabc"


def record(part: Part, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"embed": None, "dids": {}, "root": None, "parent": None, "created_at": NOW, **more}
    return mapping.post_record(part, **values)


def marked(text: str, facets: list[dict[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """What each facet covers, cut out by bytes."""
    data = text.encode()
    return [
        (data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), facet["features"][0])
        for facet in facets
    ]


class TestRecord:
    def test_the_least(self) -> None:
        assert record(Part("Hello")) == {
            "$type": "app.bsky.feed.post",
            "text": "Hello",
            "createdAt": "2025-10-09T08:53:20Z",
        }

    def test_everything(self) -> None:
        root, parent = {"uri": "at://r", "cid": "b1"}, {"uri": "at://p", "cid": "b2"}
        made = record(
            Part("Hi", language="hu", labels=("nudity",), content_warning="Nudity"),
            embed=mapping.images([mapping.image({"$type": "blob"}, alt="Bread", width=6, height=4)]),
            root=root,
            parent=parent,
        )
        assert made["langs"] == ["hu"]
        assert made["reply"] == {"root": root, "parent": parent}
        assert made["labels"]["values"] == [{"val": "nudity"}]
        assert made["embed"] == {
            "$type": "app.bsky.embed.images",
            "images": [{"image": {"$type": "blob"}, "alt": "Bread", "aspectRatio": {"width": 6, "height": 4}}],
        }

    def test_facets_are_bytes(self) -> None:
        text = "🥐 Új: https://example.com/ű?q=1. Írj @Bob.Example! #Kenyér és @nobody.example"
        facets = mapping.facets_of(text, {"bob.example": "did:plc:bob"})
        assert marked(text, facets) == [
            ("https://example.com/ű?q=1", mapping._feature("link", uri="https://example.com/ű?q=1")),
            ("@Bob.Example", mapping._feature("mention", did="did:plc:bob")),
            ("#Kenyér", mapping._feature("tag", tag="Kenyér")),
        ]

    @given(st.text(alphabet=st.sampled_from("a. @#:/é🥐b-https\n"), max_size=60))
    def test_facets_never_overlap_and_lie_on_characters(self, text: str) -> None:
        dids = dict.fromkeys(mapping.mentioned(Part(text)), "did:plc:x")
        end = 0
        for facet in mapping.facets_of(text, dids):
            index = facet["index"]
            assert end <= index["byteStart"] < index["byteEnd"] <= len(text.encode())
            text.encode()[index["byteStart"] : index["byteEnd"]].decode()
            end = index["byteEnd"]

    @pytest.mark.parametrize(
        ("warning", "shown"),
        [
            ("", "text"),
            ("  ", "text"),
            ("nudity", "text"),
            ("Graphic-Media", "text"),
            ("food", "CW: food\n\ntext"),
        ],
    )
    def test_content_warnings(self, warning: str, shown: str) -> None:
        assert shown_text("text", warning) == shown
        assert record(Part("text", content_warning=warning))["text"] == shown
        assert SPEC.counted("text", warning) == shown

    def test_facets_count_the_warning_too(self) -> None:
        made = record(Part("See https://example.com", content_warning="élelem"))
        assert marked(made["text"], made["facets"])[0][0] == "https://example.com"


class TestSessions:
    DOCUMENT = "https://pds.host.example"

    def document(self, endpoint: str, name: str = "#atproto_pds") -> dict[str, Any]:
        return {"didDoc": {"service": ["junk", {"id": name, "serviceEndpoint": endpoint}]}}

    def test_an_entryway_sends_to_the_own_server(self) -> None:
        tokens = mapping.tokens(session(**self.document("https://pds.host.example/")), "https://bsky.social")
        assert tokens.pds == "https://pds.host.example"
        tokens = mapping.tokens(
            session(**self.document("https://pds.host.example", "did:plc:ann#atproto_pds")), "https://bsky.social"
        )
        assert tokens.pds == "https://pds.host.example"

    @pytest.mark.parametrize(
        "endpoint", ["http://pds.example", "https://user@pds.example", "https://pds.example/path", "file:///x", 7]
    )
    def test_strange_endpoints_are_not_believed(self, endpoint: Any) -> None:
        tokens = mapping.tokens(session(**self.document(endpoint)), "https://bsky.social")
        assert tokens.pds == "https://bsky.social"

    def test_a_server_without_tls_is_kept(self) -> None:
        tokens = mapping.tokens(session(**self.document("https://pds.example")), "http://127.0.0.1:2583")
        assert tokens.pds == "http://127.0.0.1:2583"

    def test_stored_and_read_again(self) -> None:
        tokens = mapping.tokens(session(), "https://bsky.social")
        assert mapping.stored_tokens(tokens.values()) == tokens
        assert mapping.stored_tokens({**tokens.values(), "refresh_jwt": ""}) is None
        assert mapping.stored_tokens({"app_password": "x"}) is None

    def test_tokens_do_not_show(self) -> None:
        assert "secret" not in repr(mapping.tokens(session(), "https://bsky.social"))


class TestAddresses:
    def test_web_addresses(self) -> None:
        assert mapping.web_url(URI, "ann.example") == "https://bsky.app/profile/ann.example/post/3kabc"
        assert mapping.web_url(URI, "handle.invalid") == "https://bsky.app/profile/did:plc:ann/post/3kabc"
        assert mapping.web_url(URI, "") == "https://bsky.app/profile/did:plc:ann/post/3kabc"

    @pytest.mark.parametrize(
        "uri", ["", "at://", "https://x/y/z", "at://did:plc:ann/coll", "at://a/b/c/d", "at://a/b/ c"]
    )
    def test_what_is_no_record_address(self, uri: str) -> None:
        with pytest.raises(WrongShape):
            mapping.place(uri)

    def test_references(self) -> None:
        ref = mapping.record_ref({"uri": URI, "cid": "bafy", "commit": {}, "new": 1}, handle="ann.example")
        assert ref == RemoteRef(URI, "https://bsky.app/profile/ann.example/post/3kabc", {"cid": "bafy"})
        assert mapping.strong(ref) == {"uri": URI, "cid": "bafy"}


@pytest.mark.parametrize(
    ("error", "message", "field"),
    [
        ("BlobTooLarge", "", "media"),
        ("InvalidMimeType", "", "media"),
        ("InvalidRequest", "Invalid app.bsky.feed.post record: Record/text must not be longer", "text"),
        ("InvalidRequest", "grapheme too big (maximum 300, got 301) at $.record.text", "text"),
        ("InvalidRequest", 'Missing required key "alt" at $.record.embed.images[0]', "media"),
        ("InvalidRecord", "Invalid record: Record/embed/images/0/alt must be a string", "media"),
        ("InvalidRecord", "Record/langs must not have more than 3 elements", "language"),
        ("InvalidRequest", "Record/other", ""),
    ],
)
def test_what_a_refusal_names(error: str, message: str, field: str) -> None:
    assert mapping.refused_field(error, message) == field


READERS: dict[str, Callable[[Any], object]] = {
    "tokens": lambda value: mapping.tokens(value, "https://bsky.social"),
    "blob": mapping.blob,
    "did": mapping.did,
    "record_ref": lambda value: mapping.record_ref(value, handle="ann.example"),
    "shown": lambda value: mapping.shown(value, handle="ann.example"),
    "display_name": mapping.display_name,
    "is_server": mapping.is_server,
    "stored_record": mapping.stored,
    "strong_of": mapping.strong_of,
    "thread_root": mapping.thread_root,
    "job": mapping_video.job,
    "upload_limits": mapping_video.upload_limits,
    "service_token": mapping_video.service_token,
    "notifications": lambda value: mapping_inbox.notifications(value, own=OWN),
    "thread": lambda value: mapping_inbox.thread(value, own=OWN),
    "likes": mapping_inbox.likes,
    "listed": lambda value: mapping_inbox.listed(value, mapping_inbox.REPLIES),
    "blocking": mapping_inbox.blocking,
    "convo": mapping_chat.convo,
    "convos": mapping_chat.convos,
    "messages": mapping_chat.messages,
    "log": mapping_chat.log,
    "sent": lambda value: mapping_chat.sent(value, convo="3c"),
    "post_readings": lambda value: mapping_page.post_readings(value, NOW),
    "page_readings": lambda value: mapping_page.page_readings(value, NOW),
    "profile": lambda value: mapping_page.profile(
        value if isinstance(value, dict) else {}, "b", did=OWN, handle="", pds="https://x.example"
    ),
    "stored": lambda value: mapping.stored_tokens(value if isinstance(value, dict) else {}),
}
KEYS = (
    "uri", "cid", "value", "text", "embed", "images", "labels", "values", "val", "alt", "createdAt", "blob", "ref",
    "$link", "$type", "mimeType", "did", "handle", "accessJwt", "refreshJwt", "didDoc", "service", "id",
    "serviceEndpoint", "displayName", "availableUserDomains", "pds", "access_jwt", "jobStatus", "jobId", "state",
    "token", "canUpload", "notifications", "posts", "thread", "post", "replies", "parent", "root", "reply", "record",
    "author", "reason", "indexedAt", "viewer", "like", "cursor", "records", "hiddenReplies", "convo", "convos",
    "convoId", "members", "messages", "message", "logs", "sender", "sentAt", "likeCount", "replyCount",
    "followersCount", "avatar", "pinnedPost", "relatedProfiles",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(value=st.one_of(anything, json_objects(KEYS)))
def test_any_answer_gives_a_value_or_a_clean_error(name: str, value: Any) -> None:
    with suppress(SmmError):
        READERS[name](value)


@given(
    views=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "uri": st.sampled_from([URI, "at://did:plc:bob/app.bsky.feed.post/3kbob", "x", 7]),
                "cid": st.sampled_from(["bafy", "", None]),
                "author": st.one_of(anything, st.just({"did": "did:plc:bob", "handle": "bob.example"})),
                "reason": st.sampled_from(["reply", "mention", "quote", "new-word", 7]),
                "record": st.one_of(anything, json_objects(KEYS), st.just({"text": "Hi", "createdAt": "2025-10-09"})),
                "indexedAt": st.sampled_from(["2025-10-09T08:53:20Z", "9999-99-99", "0001-01-01T00:00:00+14:00", 7]),
                "viewer": anything,
            },
        ),
        max_size=4,
    )
)
def test_one_odd_notification_spoils_no_other(views: list[Any]) -> None:
    good = {
        "uri": "at://did:plc:eve/app.bsky.feed.post/3keve",
        "cid": "bafy",
        "author": {"did": "did:plc:eve"},
        "reason": "mention",
        "record": {"text": "Hello", "createdAt": "2025-10-09T08:53:20Z"},
        "indexedAt": "2025-10-09T08:53:20Z",
    }
    found = mapping_inbox.notifications({"notifications": [*views, good]}, own=OWN)
    assert found.items[-1].text == "Hello"


@pytest.mark.parametrize("subject", ["", "at://x/y/z", "did:plc:bob", "\ud800"])
def test_keys_of_what_there_is_once(subject: str) -> None:
    assert is_tid(mapping.key_for(subject))
    assert mapping.key_for(subject) == mapping.key_for(subject) != mapping.key_for(subject + "x")


@given(text=st.text(), warning=st.text(max_size=10))
def test_any_text_makes_a_record(text: str, warning: str) -> None:
    record(Part(text, content_warning=warning))
