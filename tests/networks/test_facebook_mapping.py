"""The Graph API's JSON: what we make of it, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import SmmError
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook.spec import SPEC
from smm_tui.networks.meta import tokens
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.meta.refusals import Failure, failure, regained_after
from smm_tui.networks.ports import Capability, Part, RemoteRef
from smm_tui.networks.shape import WrongShape

from .strategies import anything, json_objects
from .support import NOW

CREATED = "2025-10-09T08:53:20+0000"


def post(number: str = "1", message: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"id": f"7_{number}", "message": message, "created_time": CREATED, **more}


def photos(*numbers: str) -> dict[str, Any]:
    items = [{"media_type": "photo", "target": {"id": number}} for number in numbers]
    if len(items) > 1:
        items = [{"media_type": "album", "target": {"id": "55"}, "subattachments": {"data": items}}]
    return {"attachments": {"data": items}}


def parsed(*values: dict[str, Any]) -> list[mapping.Post]:
    return mapping.posts({"data": list(values)})[0]


class TestRules:
    def test_what_was_never_checked_can_be_read_back(self) -> None:
        rule = SPEC.rules({}).identity
        assert (rule.repeat_window, rule.absence_proves, rule.can_read_back) == (None, True, True)
        assert 10 <= rule.settle <= 60

    def test_without_the_right_to_read_nothing_is_believed(self) -> None:
        rules = SPEC.rules({"reads": False})
        assert (rules.identity.absence_proves, rules.identity.can_read_back) == (False, False)
        assert Capability.READ_BACK not in rules.capabilities

    def test_a_content_warning_stands_on_the_first_line(self) -> None:
        assert SPEC.counted("The end.", "food") == "CW: food\n\nThe end."
        assert SPEC.counted("", "food") == "CW: food"
        assert SPEC.counted("The end.", " ") == "The end."


class TestTokens:
    def test_pages_of_a_person(self) -> None:
        pages, after = tokens.managed_pages(
            {
                "data": [
                    {"id": 7, "name": "Bakery", "username": "bakery", "access_token": "t", "tasks": ["MANAGE", 3]},
                    {"id": "8", "name": "No task on it"},
                    "rubbish",
                ],
                "paging": {"cursors": {"after": "x"}, "next": "https://graph/?access_token=secret"},
            }
        )
        assert [(page.id, page.tasks) for page in pages] == [("7", ("MANAGE",))]
        assert after == "x"
        assert "'t'" not in repr(pages)
        assert all(pages[0].is_called(name) for name in ("7", "bakery", "@Bakery "))
        assert not pages[0].is_called("gym")

    def test_the_last_answer_has_no_next(self) -> None:
        assert tokens.managed_pages({"data": [], "paging": {"cursors": {"after": "x"}}}) == ([], "")

    def test_rights_that_hold_on_other_pages_do_not_count(self) -> None:
        data = {
            "is_valid": True,
            "scopes": ["pages_manage_posts", "pages_read_engagement"],
            "granular_scopes": [
                {"scope": "pages_manage_posts", "target_ids": ["8"]},
                {"scope": "pages_read_engagement"},
            ],
            "expires_at": 0,
            "data_access_expires_at": "1770000000",
        }
        assert tokens.token_facts({"data": data}, "7") == {
            "scopes": ["pages_read_engagement"],
            "data_access_expires_at": 1_770_000_000_000,
        }

    @pytest.mark.parametrize("data", [{}, {"scopes": [], "is_valid": False}])
    def test_a_token_of_which_nothing_is_told(self, data: dict[str, Any]) -> None:
        with pytest.raises(WrongShape):
            tokens.token_facts({"data": data}, "7")

    def test_what_is_missing_is_said(self) -> None:
        facts = {"scopes": ["pages_show_list"], "reads": False, "tasks": ["ANALYZE"]}
        sentences = mapping.missing(facts, now=NOW)
        assert [sentence.partition(":")[0] for sentence in sentences] == [
            "cannot publish",
            "cannot show comments and mentions",
            "cannot answer, like, hide, delete or ban",
            "cannot read or answer messages",
            "cannot change the page profile",
            "cannot read figures",
            "cannot run advertising",
            "cannot publish",
            "cannot moderate",
            "cannot answer messages",
            "cannot read back what was published",
        ]

    def test_nothing_is_missing_where_nothing_is_known(self) -> None:
        assert mapping.missing({}, now=NOW) == []

    @pytest.mark.parametrize(("days", "warned"), [(1, True), (13, True), (15, False), (60, False)])
    def test_the_end_of_a_token_is_forecast(self, days: int, warned: bool) -> None:
        ends = NOW + days * DAY
        sentences = mapping.missing({"expires_at": ends}, now=NOW)
        assert [sentence[:20] for sentence in sentences] == (["the token ends on 20"] if warned else [])

    def test_a_page_without_a_name_in_its_address(self) -> None:
        checked = mapping.checked({"id": 7, "name": "Bakery"}, server="https://g", facts={}, now=NOW)
        assert (checked.handle, checked.remote_id, checked.url) == ("7", "7", "https://www.facebook.com/7")

    def test_a_hidden_page(self) -> None:
        checked = mapping.checked(
            {"id": "7", "username": "bakery", "is_published": False}, server="https://g", facts={}, now=NOW
        )
        assert checked.handle == "@bakery"
        assert "not published" in checked.missing[0]


class TestForms:
    def test_text(self) -> None:
        assert mapping.feed_form(Part("Hello"), []) == {"message": "Hello"}

    def test_the_first_link_is_previewed(self) -> None:
        form = mapping.feed_form(Part("See https://a.example/1, and https://b.example/"), [])
        assert form["link"] == "https://a.example/1"
        assert form["message"].startswith("See https://a.example/1,")

    def test_photos_take_the_place_of_a_preview(self) -> None:
        form = mapping.feed_form(Part("See https://a.example/1"), ["5", "6"])
        assert json.loads(form["attached_media"]) == [{"media_fbid": "5"}, {"media_fbid": "6"}]
        assert "link" not in form

    def test_a_video_is_published_by_its_last_call(self) -> None:
        form = mapping.video_form(Part("Film", content_warning="food"), "9")
        assert form == {
            "upload_phase": "finish",
            "upload_session_id": "9",
            "description": "CW: food\n\nFilm",
            "published": "true",
        }

    def test_offsets_are_numbers_or_words(self) -> None:
        started = {"upload_session_id": 9, "video_id": "8", "start_offset": "0", "end_offset": 4}
        assert mapping.upload_started(started) == mapping.Upload("9", "8", 0, 4)
        assert mapping.upload_offsets({"start_offset": "4", "end_offset": "4"}) == (4, 4)

    @pytest.mark.parametrize("answer", [{}, {"start_offset": "4"}, {"start_offset": "5", "end_offset": "4"}, []])
    def test_unusable_offsets(self, answer: Any) -> None:
        with pytest.raises(WrongShape):
            mapping.upload_offsets(answer)

    def test_references(self) -> None:
        assert mapping.feed_ref({"id": "7_1"}) == RemoteRef("7_1", "https://www.facebook.com/7_1")
        assert mapping.is_video("1")
        assert not mapping.is_video("7_1")
        for value in ({"success": False}, {}, {"success": "true"}):
            with pytest.raises(WrongShape):
                is_success(value)

    @pytest.mark.parametrize(
        ("mimes", "possible"),
        [
            ([], True),
            (["image/png", "image/jpeg"], True),
            (["video/mp4"], True),
            (["video/mp4", "image/png"], False),
            (["video/mp4", "video/mp4"], False),
        ],
    )
    def test_what_may_stand_together(self, mimes: list[str], possible: bool) -> None:
        assert mapping.may_stand_together(mimes) == possible


class TestReadingBack:
    @pytest.mark.parametrize(
        ("message", "same"),
        [
            ("Hello,  world\u00e9", True),
            ("Hello, world\u0065\u0301", True),
            ("  Hello,\nworld\u00e9\u200b ", True),
            ("Hello world\u00e9", False),
            ("Hello, world\u00e9!", False),
            ("", False),
        ],
    )
    def test_the_same_words(self, message: str, same: bool) -> None:
        (found,) = parsed(post(message=message))
        assert mapping.is_likely({"message": "Hello, world\u00e9"}, [], found) == same

    def test_a_link_makes_no_media(self) -> None:
        (found,) = parsed(post(attachments={"data": [{"media_type": "link", "target": {"url": "https://x"}}]}))
        assert mapping.is_likely({"message": "Hello"}, [], found)

    def test_photos(self) -> None:
        form = {"message": "Hello"}
        one, two, none, ours = parsed(
            post("1", **photos("5")),
            post("2", **photos("5", "6")),
            post("3"),
            post("4", "edited", **photos("8", "9")),
        )
        assert two.media == ("5", "6")
        assert mapping.is_likely(form, ["1", "2"], two)  # the same number and words, renumbered
        assert not mapping.is_likely(form, ["1", "2"], one)
        assert not mapping.is_likely(form, ["1", "2"], none)
        assert mapping.is_likely(form, ["8", "9"], ours)
        assert not mapping.is_likely(form, [], one)

    def test_a_video_is_no_post_of_photos(self) -> None:
        (found,) = parsed(post(attachments={"data": [{"media_type": "video", "target": {"id": "5"}}]}))
        assert not mapping.is_likely({"message": "Hello"}, ["5"], found)

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"data": "x"},
            {"data": [7]},
            {"data": [{"id": "7_1"}]},
            {"data": [{"created_time": CREATED}]},
            {"data": [{"id": "7_1", "created_time": "yesterday"}]},
        ],
    )
    def test_a_page_with_something_unknown_proves_nothing(self, value: Any) -> None:
        with pytest.raises(WrongShape):
            mapping.posts(value)

    def test_the_times_are_instants(self) -> None:
        assert parsed(post())[0].created == 1_760_000_000_000

    @pytest.mark.parametrize(
        ("value", "published", "processed"),
        [
            ({"published": False, "status": {"video_status": "uploading"}}, False, None),
            ({"published": True, "status": {"uploading_phase": {"status": "in_progress"}}}, False, True),
            (
                {
                    "published": True,
                    "status": {"video_status": "processing", "uploading_phase": {"status": "complete"}},
                },
                True,
                None,
            ),
            (
                {"published": True, "status": {"video_status": "ready", "uploading_phase": {"status": "complete"}}},
                True,
                True,
            ),
            (
                {
                    "published": True,
                    "status": {
                        "video_status": "error",
                        "uploading_phase": {"status": "complete"},
                        "processing_phase": {"status": "error"},
                    },
                },
                True,
                False,
            ),
        ],
    )
    def test_videos(self, value: dict[str, Any], published: bool, processed: bool | None) -> None:
        video = {"id": "8", **value}
        assert mapping.is_published(video) == published
        assert mapping.is_processed(video) is processed

    def test_shown(self) -> None:
        value = post(**photos("5", "6"))
        assert mapping.photos_of(value) == ["5", "6"]
        shown = mapping.shown_post(value, mapping.descriptions({"5": {"alt_text_custom": "A loaf"}, "6": {}, "7": 1}))
        assert shown["text"] == "Hello"
        assert [item["alt"] for item in shown["media"]] == ["A loaf", ""]
        assert mapping.shown_video({"id": "8", "description": "Film"})["url"] == "https://www.facebook.com/8"


class TestRefusals:
    def test_the_sentence_for_people_wins(self) -> None:
        told = {"error": {"message": "Invalid parameter", "code": "100", "error_user_msg": "Too long"}}
        assert failure(told) == Failure(100, 0, "Too long", transient=False)

    @pytest.mark.parametrize(
        "told", [{}, {"error": "RecordNotFound"}, {"error": {"code": 1}}, {"error": {"message": "x"}}]
    )
    def test_other_forms_are_none(self, told: dict[str, Any]) -> None:
        assert failure(told) is None

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ('{"7": [{"type": "pages", "estimated_time_to_regain_access": 5}]}', 300.0),
            (
                '{"7": [{"estimated_time_to_regain_access": "5"}], "8": [{"estimated_time_to_regain_access": 9}]}',
                540.0,
            ),
            ('{"7": [{"estimated_time_to_regain_access": 0}]}', None),
            ('{"7": {"estimated_time_to_regain_access": 5}}', None),
            ('{"7": [{"estimated_time_to_regain_access": 99999999999}]}', 86_400.0),
            ("[]", None),
            ("rubbish", None),
            ("", None),
        ],
    )
    def test_minutes_of_the_usage_headers(self, header: str, seconds: float | None) -> None:
        assert regained_after({"x-business-use-case-usage": header}) == seconds


READERS: list[Callable[[Any], Any]] = [
    tokens.managed_pages,
    lambda value: tokens.page_of(value, "t"),
    tokens.app_id,
    lambda value: mapping.missing(tokens.token_facts(value, "7"), now=NOW),
    lambda value: mapping.checked(value, server="https://g", facts={}, now=NOW),
    mapping.photo_id,
    mapping.upload_started,
    mapping.upload_offsets,
    mapping.feed_ref,
    is_success,
    mapping.posts,
    mapping.is_published,
    mapping.is_processed,
    lambda value: mapping.shown_post(value, mapping.descriptions(value)),
    mapping.shown_video,
    mapping.photos_of,
    lambda value: failure(value) if isinstance(value, dict) else None,
    lambda value: regained_after({"x-business-use-case-usage": json.dumps(value)}),
]
KEYS = [
    "id", "data", "name", "username", "access_token", "tasks", "paging", "next", "cursors", "after", "scopes",
    "granular_scopes", "target_ids", "scope", "expires_at", "created_time", "message", "attachments", "media_type",
    "target", "subattachments", "status", "video_status", "uploading_phase", "published", "start_offset",
    "end_offset",
    "upload_session_id", "video_id", "success", "error", "code", "error_subcode", "description",
]  # fmt: skip


@pytest.mark.parametrize("read", READERS)
@given(value=st.one_of(anything, json_objects(KEYS), json_objects(KEYS).map(lambda inner: {"data": [inner]})))
def test_whatever_comes_is_a_value_or_a_clean_error(read: Callable[[Any], Any], value: Any) -> None:
    with suppress(SmmError):
        read(value)
