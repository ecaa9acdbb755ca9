"""Mastodon's JSON and HTML: what we make of it, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.spec import GOTOSOCIAL, MASTODON, OTHER, SPEC, software_of
from smm_tui.networks.ports import Part, RemoteRef
from smm_tui.networks.shape import WrongShape

from .strategies import anything, json_objects
from .support import MASTODON_INSTANCE


class TestFacts:
    @pytest.mark.parametrize(
        ("version", "source", "level", "software"),
        [
            ("4.5.3", "https://github.com/mastodon/mastodon", 7, MASTODON),
            ("4.5.3+glitch", "https://github.com/glitch-soc/mastodon", 7, MASTODON),
            ("4.2.1", "https://github.com/mastodon/mastodon", None, MASTODON),
            ("0.20.2+git-b7d27c2", "https://codeberg.org/superseriousbusiness/gotosocial", None, GOTOSOCIAL),
            ("2.7.2 (compatible; Pleroma 2.7.0)", "", None, OTHER),
            ("4.0.0 (compatible; Mitra 4.3)", "", 2, OTHER),
            ("4.0.0 (not true; really snac2/2.38)", "", None, OTHER),
            ("3.5.3", "", None, OTHER),
            ("1", "", True, OTHER),
        ],
    )
    def test_whose_code_answers(self, version: str, source: str, level: object, software: str) -> None:
        assert software_of(version, source, level) == software

    def test_limits_come_from_the_instance(self) -> None:
        facts = mapping.facts(
            {
                **MASTODON_INSTANCE,
                "configuration": {
                    "statuses": {"max_characters": "1000", "max_media_attachments": 8},
                    "media_attachments": {"image_size_limit": 1000, "supported_mime_types": ["image/png", 7]},
                },
            }
        )
        limits = SPEC.rules(facts).limits
        assert (limits.characters, limits.images, limits.image_bytes, limits.count) == (1000, 8, 1000, "mastodon")
        assert limits.mime_types == {"image/png"}
        assert limits.url_characters == 23

    def test_gotosocial_counts_otherwise_and_knows_no_keys(self) -> None:
        rules = SPEC.rules({"software": GOTOSOCIAL, "characters": 5000})
        assert (rules.limits.count, rules.limits.url_characters) == ("codepoints", None)
        assert rules.identity.repeat_window is None
        assert rules.identity.absence_proves

    def test_an_unchecked_account_takes_no_repeat_for_harmless(self) -> None:
        rules = SPEC.rules({})
        assert rules.identity.repeat_window is None
        assert (rules.limits.characters, rules.limits.count) == (500, "mastodon")

    def test_mastodon_keeps_keys_for_an_hour(self) -> None:
        rule = SPEC.rules(mapping.facts(MASTODON_INSTANCE)).identity
        assert rule.repeat_window is not None
        assert rule.settle < rule.repeat_window < 3600

    def test_the_handle_is_whole(self) -> None:
        account = {"id": 7, "username": "ann", "acct": "ann", "display_name": "Ann", "url": "https://x/@ann"}
        checked = mapping.checked(account, {"domain": "example.social"}, server="https://web.example.social")
        assert (checked.handle, checked.remote_id) == ("@ann@example.social", "7")


class TestPublishing:
    def test_the_body(self) -> None:
        part = Part("Hello", content_warning="food", language="de")
        body = mapping.status_body(part, ["1", "2"], parent=RemoteRef("9", ""), software=MASTODON)
        assert body == {
            "status": "Hello",
            "visibility": "public",
            "media_ids": ["1", "2"],
            "spoiler_text": "food",
            "sensitive": True,
            "language": "de",
            "in_reply_to_id": "9",
        }
        assert mapping.status_body(Part("Hello"), [], parent=None, software=MASTODON) == {
            "status": "Hello",
            "visibility": "public",
        }

    def test_labels_make_it_sensitive(self) -> None:
        assert mapping.status_body(Part("x", labels=("nudity",)), [], parent=None, software="")["sensitive"]

    def test_the_key_is_of_the_intent_and_its_content(self) -> None:
        body = {"status": "a", "visibility": "public"}
        key = mapping.idempotency_key("0123", body)
        assert key == mapping.idempotency_key("0123", dict(reversed(body.items())))
        assert key.startswith("0123-")
        assert key != mapping.idempotency_key("0124", body)
        assert key != mapping.idempotency_key("0123", {**body, "status": "b"})

    @pytest.mark.parametrize(
        "answer",
        [
            {"id": "1", "scheduled_at": "2030-01-01T00:00:00Z", "params": {"text": "x"}},
            {"id": "1", "params": {}},
            {"uri": "x"},
            {"id": None},
            {"id": "two words"},
            [],
            "1",
        ],
    )
    def test_what_is_no_status(self, answer: Any) -> None:
        with pytest.raises(WrongShape):
            mapping.status_ref(answer)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Validation failed: Text character limit of 500 exceeded", "text"),
        ("Validation failed: Text can't be blank", "text"),
        ("Bad Request: status too long, 6000 characters provided but limit is 5000", "text"),
        ("Cannot attach more than 4 files", "media"),
        ("Cannot attach files that have not finished processing", "media"),
        ("Validation failed: Language is invalid", "language"),
        ("Validation failed", ""),
    ],
)
def test_what_a_refusal_names(message: str, field: str) -> None:
    assert mapping.refused_field(message) == field


class TestPlainText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>One<br />two</p><p>three</p>", "One\ntwo\n\nthree"),
            ("<p>a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#39;</p>", "a & b <c> \"d\" 'e'"),
            (
                '<p>See <a href="https://example.com/a/very/long?q=1&amp;r=2" rel="nofollow">'
                '<span class="invisible">https://</span><span class="ellipsis">example.com/a/ve</span>'
                '<span class="invisible">ry/long?q=1</span></a>!</p>',
                "See https://example.com/a/very/long?q=1&r=2!",
            ),
            (
                '<p><span class="h-card"><a href="https://a.example/@bob" class="u-url mention">@<span>bob</span></a>'
                '</span> <a href="https://x/tags/Bread" class="mention hashtag">#<span>Bread</span></a></p>',
                "@bob #Bread",
            ),
            ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
            ("no tags at all", "no tags at all"),
            ("1 < 2 <unclosed", "1 < 2 <unclosed"),
            ("", ""),
        ],
    )
    def test_what_is_seen(self, html: str, text: str) -> None:
        assert mapping.plain_text(html) == text

    @given(st.text())
    def test_any_html(self, html: str) -> None:
        mapping.plain_text(html)


class TestSameText:
    @pytest.mark.parametrize(
        ("sent", "stored"),
        [
            ("Hello  world ", "Hello world"),
            ("Line\r\nbreak", "Line\n\nbreak"),
            ("Hi @bob@remote.example!", "Hi @bob!"),
            ("See https://Example.com", "See https://example.com/"),
            ("Go to example.com now", "Go to http://example.com now"),
            ("Cafe\u0301", "Café"),
            ("family 👨\u200d👩\u200d👧 ❤\ufe0f", "family 👨👩👧 ❤"),
            ("https://example.com/a", "https://example.com/a"),
            ("https://example.com/%C3%A9", "https://example.com/é"),
            ("", ""),
        ],
    )
    def test_servers_may_rewrite(self, sent: str, stored: str) -> None:
        assert mapping.same_text(sent, stored)

    @pytest.mark.parametrize(
        ("sent", "stored"),
        [
            ("Bread at 8", "Bread at 9"),
            ("Hello", ""),
            ("👍", "👎"),
            ("https://example.com/a", "https://example.com/b"),
            ("Part (1/2)", "Part (2/2)"),
        ],
    )
    def test_other_texts_differ(self, sent: str, stored: str) -> None:
        assert not mapping.same_text(sent, stored)

    @given(st.text())
    def test_a_text_is_itself(self, text: str) -> None:
        assert mapping.same_text(text, text)


class TestReadingBack:
    BODY: ClassVar = {"status": "Hello", "visibility": "public", "media_ids": ["5"], "in_reply_to_id": "3"}
    STATUS: ClassVar = {
        "id": "9",
        "content": "<p>Hello</p>",
        "media_attachments": [{"id": "5"}],
        "in_reply_to_id": "3",
        "spoiler_text": "",
    }

    def test_likely(self) -> None:
        assert mapping.is_likely(self.BODY, self.STATUS)
        assert mapping.is_likely({**self.BODY, "in_reply_to_id": "3"}, {**self.STATUS, "in_reply_to_id": 3})

    @pytest.mark.parametrize(
        "change",
        [
            {"content": "<p>Other</p>"},
            {"media_attachments": []},
            {"media_attachments": None},
            {"in_reply_to_id": None},
            {"spoiler_text": "food"},
            {"reblog": {"id": "1"}},
        ],
    )
    def test_unlikely(self, change: dict[str, Any]) -> None:
        assert not mapping.is_likely(self.BODY, {**self.STATUS, **change})

    def test_the_next_page(self) -> None:
        link = (
            '<https://s.example/api/v1/accounts/7/statuses?limit=40&max_id=5>; rel="next", '
            '<https://s.example/api/v1/accounts/7/statuses?limit=40&min_id=9>; rel="prev"'
        )
        assert mapping.next_page(link) == "limit=40&max_id=5"
        assert mapping.next_page(link.partition(", ")[2]) == ""
        assert mapping.next_page("") == ""

    def test_order_of_ids(self) -> None:
        assert mapping.is_no_later("999", "1000", MASTODON)
        assert mapping.is_no_later("1000", "1000", OTHER)
        assert not mapping.is_no_later("1001", "1000", MASTODON)
        assert not mapping.is_no_later("999", "1000", OTHER)
        assert not mapping.is_no_later("999", "", MASTODON)

    def test_one_unusable_status_proves_nothing(self) -> None:
        with pytest.raises(WrongShape):
            mapping.statuses([{"id": "1"}, {"content": "no id"}])


READERS: dict[str, Callable[[Any], object]] = {
    "facts": mapping.facts,
    "checked": lambda value: mapping.checked(value, {}, server="https://social.example"),
    "status_ref": mapping.status_ref,
    "attachment": mapping.attachment,
    "shown": mapping.shown,
    "statuses": mapping.statuses,
    "likely": lambda value: mapping.is_likely(TestReadingBack.BODY, value if isinstance(value, dict) else {}),
    "rules": lambda value: SPEC.rules(value if isinstance(value, dict) else {}),
}
KEYS = (
    "id", "username", "acct", "version", "domain", "uri", "url", "content", "spoiler_text", "in_reply_to_id",
    "media_attachments", "configuration", "statuses", "max_characters", "supported_mime_types", "params",
    "scheduled_at", "software", "characters", "mime_types", "api_versions", "reblog", "type", "description",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(value=st.one_of(anything, json_objects(KEYS), st.lists(json_objects(KEYS), max_size=3)))
def test_any_answer_gives_a_value_or_a_clean_error(name: str, value: Any) -> None:
    with suppress(SmmError):
        READERS[name](value)


@given(version=st.text(max_size=30), value=json_objects(KEYS))
def test_rules_come_of_any_facts(version: str, value: dict[str, Any]) -> None:
    facts = mapping.facts({**value, "version": version or "1"})
    assert SPEC.rules(facts).limits.characters > 0
