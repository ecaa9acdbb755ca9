"""VK's JSON and ours: text that stays as it was written, answers of every shape, the table of errors."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.networks.page import ProfileField
from smm_tui.networks.ports import Capability, Part
from smm_tui.networks.shape import WrongShape
from smm_tui.networks.vk import mapping, refusals
from smm_tui.networks.vk.spec import COMMUNITY, SPEC, USER, profile_rules, rules, shown_text

from .strategies import anything, json_objects

ZERO_WIDTH = "\u200b"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("plain", "plain"),
        ("[club1|Us]", f"[{ZERO_WIDTH}club1|Us]"),
        ("by [id1|Ann] and [id2|Bob]", f"by [{ZERO_WIDTH}id1|Ann] and [{ZERO_WIDTH}id2|Bob]"),
        ("[https://x.example|here]", f"[{ZERO_WIDTH}https://x.example|here]"),
        ("[a] | [b]", "[a] | [b]"),
        ("[|b] [a|] []", "[|b] [a|] []"),
        ("[a\n|b]", "[a\n|b]"),
        ("a|b]", "a|b]"),
        ("[[a|b]]", f"[[{ZERO_WIDTH}a|b]]"),
        ("@bakery #bread@bakery", "@bakery #bread@bakery"),
    ],
)
def test_markup_is_shown_as_it_was_written(text: str, sent: str) -> None:
    assert mapping.escaped(text) == sent
    assert mapping.unescaped(sent) == text


@given(st.text(alphabet="[]|ab\n", max_size=30))
def test_escaping_loses_nothing(text: str) -> None:
    escaped = mapping.escaped(text)
    assert mapping.unescaped(escaped) == text
    assert mapping.escaped(escaped.replace(f"[{ZERO_WIDTH}", "[")) == escaped


def test_the_form_of_a_post() -> None:
    part = Part("Rolls", content_warning="food")
    assert mapping.post_form(part, ["photo-1_2_k", "video-1_3"], group_id="1", guid="g") == {
        "owner_id": "-1",
        "from_group": "1",
        "guid": "g",
        "message": "CW: food\n\nRolls",
        "attachments": "photo-1_2_k,video-1_3",
    }
    assert "message" not in mapping.post_form(Part(""), ["photo-1_2"], group_id="1", guid="g")
    assert shown_text("", " food ") == "CW: food"
    assert SPEC.counted("Rolls", "") == "Rolls"


POST: dict[str, Any] = {"id": 7, "owner_id": -1, "from_id": -1, "date": 1_760_000_000, "text": "Warm bread"}


def photo(owner: int = -1, number: int = 2) -> dict[str, Any]:
    sizes = [{"type": "s", "width": 75, "url": "https://x.example/s"}, {"width": 900, "url": "https://x.example/w"}]
    return {"type": "photo", "photo": {"owner_id": owner, "id": number, "sizes": sizes}}


class TestReadingBack:
    @pytest.mark.parametrize(
        ("change", "likely"),
        [
            ({}, True),
            ({"text": "Warm  bread\u200b"}, True),
            ({"text": "warm bread"}, True),
            ({"text": "Cold bread"}, False),
            ({"text": ""}, False),
            ({"attachments": [photo()]}, False),
            ({"attachments": [{"type": "link", "link": {"url": "https://x.example"}}]}, True),
            ({"copy_history": [{"id": 1}]}, False),
        ],
    )
    def test_a_text(self, change: dict[str, Any], likely: bool) -> None:
        form = {"owner_id": "-1", "message": "Warm bread"}
        assert mapping.is_likely(form, {**POST, **change}) is likely

    @pytest.mark.parametrize(
        ("attachments", "text", "likely"),
        [
            ([photo()], "Warm bread", True),
            ([photo()], "changed by VK", True),  # the photo was uploaded for this part alone
            ([photo(number=9)], "Warm bread", True),
            ([photo(number=9)], "other", False),
            ([], "Warm bread", False),
        ],
    )
    def test_files(self, attachments: list[Any], text: str, likely: bool) -> None:
        form = {"message": "Warm bread", "attachments": "photo-1_2_key"}
        assert mapping.is_likely(form, {**POST, "attachments": attachments, "text": text}) is likely

    def test_escapes_of_old_answers(self) -> None:
        assert mapping.is_likely({"message": "a & b <c>"}, {**POST, "text": "a &amp; b &lt;c&gt;"})

    def test_what_is_shown(self) -> None:
        assert mapping.shown({**POST, "text": f"[{ZERO_WIDTH}a|b]", "attachments": [photo(), {"type": "link"}]}) == {
            "text": "[a|b]",
            "media": [{"type": "photo", "alt": "", "url": "https://x.example/w"}],
            "created_at": "2025-10-09T08:53:20Z",
            "url": "https://vk.com/wall-1_7",
        }

    def test_a_page_with_something_unknown_proves_nothing(self) -> None:
        assert mapping.posts({"items": [POST]})[0]["id"] == 7
        assert mapping.posts([{"id": "8"}]) == [{"id": 8}]
        for page in ({}, {"items": None}, {"items": [POST, {"id": None}]}, {"items": ["x"]}):
            with pytest.raises(WrongShape):
                mapping.posts(page)


class TestUploads:
    @pytest.mark.parametrize(
        ("address", "server", "fine"),
        [
            ("https://pu.vk.com/c1/upload.php?act=do_add", "https://api.vk.com", True),
            ("http://127.0.0.1:8/upload", "http://127.0.0.1:8", True),
            ("http://pu.vk.com/upload", "https://api.vk.com", False),
            ("ftp://pu.vk.com/upload", "https://api.vk.com", False),
            ("file:///etc/passwd", "https://api.vk.com", False),
            ("//pu.vk.com/upload", "https://api.vk.com", False),
            ("https://[", "https://api.vk.com", False),
            ("", "https://api.vk.com", False),
        ],
    )
    def test_addresses(self, address: str, server: str, fine: bool) -> None:
        if fine:
            assert mapping.upload_address({"upload_url": address}, server) == address
        else:
            with pytest.raises(WrongShape):
                mapping.upload_address({"upload_url": address}, server)

    @pytest.mark.parametrize("empty", ["[]", "", None, []])
    def test_a_refused_picture(self, empty: Any) -> None:
        with pytest.raises(SmmError) as caught:
            mapping.uploaded_photo({"server": 1, "photo": empty, "hash": ""})
        assert getattr(caught.value, "field", "") == "media"

    def test_a_picture(self) -> None:
        told = {"server": 8541, "photo": '[{"photo":"x"}]', "hash": "abc", "new": 1}
        assert mapping.uploaded_photo(told) == {"server": "8541", "photo": '[{"photo":"x"}]', "hash": "abc"}
        saved = {"owner_id": -1, "id": "2", "access_key": "k1"}
        assert mapping.saved_photo([saved]) == "photo-1_2_k1"
        assert mapping.saved_photo([{**saved, "access_key": "k,1"}]) == "photo-1_2"
        with pytest.raises(WrongShape):
            mapping.saved_photo([{**saved, "owner_id": "-1,2"}])
        with pytest.raises(WrongShape):
            mapping.saved_photo([])


READERS = [
    mapping.is_vk,
    mapping.response,
    mapping.community,
    mapping.mask,
    mapping.uploaded_photo,
    mapping.saved_photo,
    mapping.video_slot,
    mapping.uploaded_video,
    mapping.posts,
    lambda value: [mapping.shown(post) for post in mapping.posts(value)],
    lambda value: [mapping.is_likely({"message": "x"}, post) for post in mapping.posts(value)],
    lambda value: [mapping.is_gone(post) for post in mapping.posts(value)],
    lambda value: mapping.post_ref(value, "-1"),
    lambda value: mapping.upload_address(value, "https://api.vk.com"),
    refusals.failure,
]
KEYS = (
    "response", "error", "error_code", "error_msg", "redirect_uri", "items", "groups", "id", "owner_id", "post_id",
    "screen_name", "name", "admin_level", "upload_url", "server", "photo", "hash", "access_key", "video_id", "text",
    "attachments", "type", "sizes", "url", "width", "date", "is_deleted", "copy_history", "video",
)  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@given(value=st.one_of(anything, json_objects(KEYS), st.lists(json_objects(KEYS), max_size=2)))
def test_any_answer_is_read_or_one_clean_error(reader: Any, value: Any) -> None:
    try:
        reader(value)
    except SmmError as error:
        assert error.message  # noqa: PT017


@given(json_objects(("error_code", "error_msg", "error_text", "redirect_uri", "captcha_img", "request_params")))
def test_any_error_is_one_of_the_closed_kinds(error: dict[str, Any]) -> None:
    failed = refusals.failure({"error": error})
    assert failed is not None
    told = refusals.refusal(failed, host="api.vk.com", kind=USER)
    assert told.message


KINDS = {
    "auth_expired": (5, 14, 17, 24, 25, 1114, 1116, 1117, 3300, 3301, 3302, 3303, 3304, 3609),
    "forbidden": (7, 15, 18, 19, 20, 21, 27, 28, 30, 37, 203, 210, 211, 212, 213, 214, 260, 600, 703, 704, 1051),
    "rate_limited": (6, 9, 29, 601, 1105),
    "rejected": (8, 100, 103, 104 + 9, 125, 140, 219, 222, 224, 914, 99_999),
    "not_found": (104,),
    "unsupported": (3, 23, 43),
}


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for kind, codes in KINDS.items() for code in codes])
def test_the_table_of_errors(code: int, kind: str) -> None:
    failed = refusals.Failure(code, "Words of VK", "")
    assert not refusals.is_internal(failed)
    told = refusals.refusal(failed, host="api.vk.com", kind=USER)
    assert told.kind == kind
    assert "Words of VK" in told.message
    assert told.hint


@pytest.mark.parametrize("code", [0, 1, 10, 13, 32, 36])
def test_errors_inside_vk_say_nothing(code: int) -> None:
    assert refusals.is_internal(refusals.Failure(code, "", ""))


def test_how_long_to_wait() -> None:
    waits = {
        code: getattr(refusals.refusal(refusals.Failure(code, "x", ""), host="h", kind=USER), "retry_after", None)
        for code in (6, 9, 29)
    }
    assert waits == {6: 1.0, 9: 3600.0, 29: 21_600.0}


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Access to adding post denied: you can only add 50 posts a day", "rate_limited"),
        ("Access to adding post denied: too many posts", "rate_limited"),
        ("Access to adding post denied: access to wall is closed", "forbidden"),
    ],
)
def test_a_wall_that_is_closed_and_one_that_is_full(message: str, kind: str) -> None:
    assert refusals.refusal(refusals.Failure(214, message, ""), host="h", kind=COMMUNITY).kind == kind


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("One of the parameters specified was missing or invalid: message is too long", "text"),
        ("One of the parameters specified was missing or invalid: photo is undefined", "media"),
        ("One of the parameters specified was missing or invalid: owner_id", ""),
    ],
)
def test_the_part_to_change(message: str, field: str) -> None:
    assert getattr(refusals.refusal(refusals.Failure(100, message, ""), host="h", kind=USER), "field", None) == field


@pytest.mark.parametrize(
    ("message", "repeat"),
    [
        ("Access to adding post denied: a post with this guid was already published", True),
        ("Duplicate post", True),
        ("One of the parameters specified was missing or invalid: guid is used", True),
        ("Access to adding post denied", False),
        ("User is already banned", False),
        ("misguided request", False),
    ],
)
def test_a_repeat_is_told_by_its_words(message: str, repeat: bool) -> None:
    assert refusals.is_repeat(refusals.Failure(214, message, "")) is repeat


class TestLinks:
    @pytest.mark.parametrize("key", ["redirect_uri", "captcha_img"])
    def test_the_way_out_is_shown_whole(self, key: str) -> None:
        link = "https://m.vk.com/login?act=security_check&api_hash=" + "a" * 400
        failed = refusals.failure({"error": {"error_code": 17, "error_msg": "Validation required", key: link}})
        assert failed is not None
        assert failed.link == link
        assert link in refusals.refusal(failed, host="h", kind=USER).message

    @pytest.mark.parametrize(
        "link", ["javascript:alert(1)", "http://x.example", "https://x\x1b[31m", "https://a b", 5]
    )
    def test_no_other_link_is_shown(self, link: Any) -> None:
        failed = refusals.failure({"error": {"error_code": 14, "error_msg": "Captcha needed", "redirect_uri": link}})
        assert failed is not None
        assert failed.link == ""
        assert "Captcha needed" in refusals.refusal(failed, host="h", kind=USER).message


RIGHTS = ("reads", "photos", "videos", "mentions", "moderates", "bans", "messages", "manages", "administers")
NO_RIGHT = {Capability.TEXT, Capability.PROFILE_READ, Capability.PAGE_METRICS}


class TestRules:
    def test_without_a_user_token(self) -> None:
        found = rules({"posts_as": COMMUNITY, **dict.fromkeys(RIGHTS, False)})
        assert found.capabilities == NO_RIGHT
        assert found.limits.images == 0
        assert found.limits.video_bytes is None
        assert not found.identity.can_read_back
        assert not found.identity.absence_proves
        assert found.identity.repeat_window is not None
        assert found.identity.repeat_window < 3600

    def test_with_one(self) -> None:
        found = rules({"posts_as": USER, "answers_as": COMMUNITY, "ads_cabinet": "1", **dict.fromkeys(RIGHTS, True)})
        assert found.capabilities == rules({}).capabilities
        for lacking in ("THREAD", "ALT_TEXT", "HIDE", "MUTE", "RESTRICT", "REPORTS", "LINK_CARD"):
            assert Capability[lacking] not in found.capabilities
        assert found.identity.can_read_back
        assert found.identity.absence_proves

    @pytest.mark.parametrize(
        ("right", "capability"),
        [
            ("reads", Capability.COMMENTS),
            ("moderates", Capability.RESTORE),
            ("bans", Capability.BAN_TERM),
            ("messages", Capability.MESSAGE_REPLY),
            ("mentions", Capability.MENTIONS),
            ("manages", Capability.PROFILE_WRITE),
        ],
    )
    def test_each_right_by_itself(self, right: str, capability: Capability) -> None:
        facts = {"posts_as": COMMUNITY, **dict.fromkeys(RIGHTS, False)}
        assert capability not in rules(facts).capabilities
        assert capability in rules({**facts, right: True}).capabilities

    def test_facts_of_strangers(self) -> None:
        assert rules({"posts_as": None, "reads": "yes", "photos": 1}).capabilities == NO_RIGHT

    def test_what_of_the_page_may_be_changed(self) -> None:
        by_community = profile_rules({"posts_as": COMMUNITY, "manages": True, "administers": False}).writable
        assert ProfileField.COVER in by_community
        assert ProfileField.AVATAR not in by_community
        assert profile_rules({"posts_as": COMMUNITY}).writable == frozenset()
        assert profile_rules({}).writable == frozenset(ProfileField)
