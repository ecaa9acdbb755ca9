"""What Facebook and Instagram share: taking turns, rights, figures; and every new mapping against whatever comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.errors import SmmError
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.facebook import mapping as fb
from smm_tui.networks.facebook import mapping_inbox, mapping_page
from smm_tui.networks.facebook.spec import SPEC as FACEBOOK
from smm_tui.networks.instagram import mapping as ig
from smm_tui.networks.instagram.spec import SPEC as INSTAGRAM
from smm_tui.networks.meta import insights, paging, tokens
from smm_tui.networks.meta.rounds import Round, Step
from smm_tui.networks.page import Metric
from smm_tui.networks.ports import Capability

from .strategies import anything, json_objects
from .support import NOW


def item(number: str, at: int, **more: Any) -> Item:
    return Item(number, ItemKind.COMMENT, Author("1"), "x", at, **more)


class TestRounds:
    def walk(
        self, lists: dict[str, list[Item]], cursor: Any = None, size: int = 2
    ) -> tuple[list[str], set[str], Any]:
        """One whole round over lists that are newest first."""
        seen: list[str] = []
        gone: set[str] = set()
        for _step in range(100):
            turn = Round(cursor, list(lists))
            assert turn.source is not None
            start = int(turn.after or 0)
            items = lists[turn.source]
            after = str(start + size) if start + size < len(items) else ""
            page = turn.page(Step(tuple(items[start : start + size]), after, remembers=True))
            seen += [each.id for each in page.items]
            gone |= set(page.gone)
            cursor = json.loads(json.dumps(page.cursor))
            if not page.more:
                return seen, gone, cursor
        raise AssertionError("it does not end")

    def test_all_the_first_time_and_the_newest_page_after(self) -> None:
        lists = {"a": [item(f"a{at}", at) for at in range(9, 0, -1)], "b": [item("b1", 3)]}
        seen, gone, cursor = self.walk(lists)
        assert sorted(seen) == sorted(each.id for items in lists.values() for each in items)
        assert gone == set()
        again, gone, cursor = self.walk(lists, cursor)
        assert again == ["a9", "a8", "b1"]
        lists["a"] = [item("a11", 11), item("a10", 10), *lists["a"]]
        assert set(self.walk(lists, cursor)[0]) >= {"a11", "a10", "b1"}

    def test_what_vanishes_from_the_newest_page_is_told_once(self) -> None:
        lists = {"a": [item("a3", 3), item("a2", 2), item("a1", 1)]}
        _seen, _gone, cursor = self.walk(lists)
        lists["a"] = [item("a2", 2), item("a1", 1)]
        _seen, gone, cursor = self.walk(lists, cursor)
        assert gone == {"a3"}
        assert self.walk(lists, cursor)[1] == set()

    def test_what_is_pushed_off_the_newest_page_is_not_gone(self) -> None:
        lists = {"a": [item("a2", 2), item("a1", 1)]}
        _seen, _gone, cursor = self.walk(lists)
        lists["a"] = [item(f"a{at}", at) for at in range(8, 0, -1)]
        assert self.walk(lists, cursor)[1] == set()

    def test_a_list_that_is_always_the_same_ends(self) -> None:
        cursor = None
        for step in range(400):
            page = Round(cursor, ["a"]).page(Step((item("a1", 1),), "same"))
            cursor = page.cursor
            if not page.more:
                assert step < 5
                return
        raise AssertionError("it does not end")

    def test_a_source_that_is_no_longer_looked_at_is_forgotten(self) -> None:
        _seen, _gone, cursor = self.walk({"a": [item("a1", 1)], "b": [item("b1", 1)]})
        _seen, _gone, cursor = self.walk({"b": [item("b1", 1)]}, cursor)
        assert set(cursor["marks"]) == {"b"}
        assert Round(cursor, []).source is None

    @given(st.one_of(st.none(), anything, json_objects(["marks", "left", "after", "steps", "top", "head", "a"])))
    def test_any_cursor_is_taken(self, cursor: Any) -> None:
        turn = Round(cursor, ["a", "b"])
        page = turn.page(Step((item("a1", 1),), "x", remembers=True))
        json.dumps(page.cursor)


class TestRights:
    @pytest.mark.parametrize(
        ("scope", "lost"),
        [
            ("pages_manage_engagement", Capability.HIDE),
            ("pages_read_user_content", Capability.COMMENTS),
            ("pages_messaging", Capability.MESSAGES),
            ("pages_manage_metadata", Capability.PROFILE_WRITE),
            ("read_insights", Capability.POST_METRICS),
            ("pages_manage_posts", Capability.EDIT),
        ],
    )
    def test_what_a_page_cannot_do_without_a_permission(self, scope: str, lost: Capability) -> None:
        scopes = {
            "pages_manage_engagement", "pages_read_user_content", "pages_messaging", "pages_manage_metadata",
            "read_insights", "pages_manage_posts",
        }  # fmt: skip
        assert lost in FACEBOOK.rules({"scopes": sorted(scopes)}).capabilities
        facts = {"scopes": sorted(scopes - {scope})}
        assert lost not in FACEBOOK.rules(facts).capabilities
        assert any(scope in sentence for sentence in fb.missing(facts, now=NOW))

    def test_a_task_and_who_manages_everything(self) -> None:
        assert Capability.HIDE not in FACEBOOK.rules({"tasks": ["CREATE_CONTENT"]}).capabilities
        assert Capability.HIDE in FACEBOOK.rules({"tasks": ["MANAGE"]}).capabilities
        assert FACEBOOK.profile({"tasks": ["CREATE_CONTENT"], "scopes": []}) is None

    def test_instagram_without_a_public_place(self) -> None:
        rules = INSTAGRAM.rules({"public_media": False})
        assert Capability.IMAGE not in rules.capabilities
        assert Capability.VIDEO in rules.capabilities
        (sentence,) = ig.missing({"public_media": False}, now=NOW)
        assert "smm-tui media target set" in sentence
        assert Capability.COMMENTS not in INSTAGRAM.rules({"scopes": []}).capabilities


class TestWindows:
    @pytest.mark.parametrize(
        ("age", "kind"),
        [(HOUR, "RESPONSE"), (DAY, "MESSAGE_TAG"), (6 * DAY, "MESSAGE_TAG"), (7 * DAY, None)],
    )
    def test_how_long_a_message_may_be_answered(self, age: int, kind: str | None) -> None:
        form = mapping_inbox.messaging_form("5", "Yes", since=NOW - age, now=NOW)
        assert (form and form["messaging_type"]) == kind
        assert form is None or ("tag" in form) == (kind == "MESSAGE_TAG")

    def test_a_long_time_is_asked_for_in_pieces(self) -> None:
        pieces = insights.windows(NOW - 100 * DAY, NOW, 90 * DAY)
        assert len(pieces) == 2
        assert pieces[0]["until"] == pieces[1]["since"]
        assert insights.windows(NOW, NOW, DAY) == []


KEYS = [
    "data", "id", "paging", "next", "cursors", "after", "message", "from", "created_time", "timestamp", "text",
    "parent", "attachment", "url", "messages", "updated_time", "attachments", "to", "picture", "cover", "about",
    "values", "value", "end_time", "total_value", "summary", "total_count", "reactions", "comments", "shares",
    "status_code", "status", "children", "config", "quota_usage", "quota_total", "permission", "success", "username",
    "replies", "parent_id", "hidden", "caption", "permalink", "images", "source", "width", "post_id", "like_count",
]  # fmt: skip
READERS: list[Callable[[Any], Any]] = [
    lambda value: paging.listed(value, lambda one: mapping_inbox.comment(one, page="7", post_id="7_1")),
    lambda value: paging.listed(value, lambda one: mapping_inbox.mention(one, page="7", visitor=True)),
    lambda value: paging.listed(value, lambda one: mapping_inbox.thread(one, page="7")),
    lambda value: paging.listed(value, lambda one: mapping_inbox.message(one, page="7", thread="t")),
    lambda value: paging.listed(value, fb.scheduled),
    lambda value: paging.listed(value, lambda one: ig.comments(one, account="7", post_id="1")),
    lambda value: paging.listed(value, ig.tag),
    mapping_inbox.newest,
    mapping_inbox.answer_ref,
    mapping_inbox.message_ref,
    mapping_page.profile,
    mapping_page.totals,
    mapping_page.followers,
    fb.source_of,
    fb.post_of,
    fb.media_count,
    ig.newest,
    ig.quota,
    ig.profile,
    ig.status,
    ig.container_id,
    ig.is_uploaded,
    ig.ref,
    ig.all_media,
    ig.shown,
    ig.totals,
    ig.followers,
    lambda value: ig.checked(value, server="https://g", facts={}, now=NOW),
    tokens.granted,
    lambda value: ig.missing(tokens.granted(value), now=NOW),
    lambda value: insights.by_day(Metric.REACH, value),
    lambda value: insights.totals(Metric.REACH, value, at=NOW),
]


@pytest.mark.parametrize("read", READERS)
@given(value=st.one_of(anything, json_objects(KEYS)))
def test_whatever_comes_is_a_value_or_a_clean_error(read: Callable[[Any], Any], value: Any) -> None:
    with suppress(SmmError):
        read(value)
    with suppress(SmmError):
        read({"data": [value], "id": "1"})


@given(st.text(max_size=60))
def test_a_text_that_networks_touched_is_recognised(text: str) -> None:
    assert fb.gist(text) == fb.gist(f" {text}\n\u200b") == ig.gist(text)


def test_one_bad_item_leaves_the_others() -> None:
    good = {"id": "1_2", "created_time": "2025-10-09T08:53:20+0000", "message": "\x1b[31m<b>"}
    found, after = paging.listed(
        {"data": [good, {"id": "1_3"}, None, {**good, "id": "1_4", "from": {"id": {"x": 1}}}]},
        lambda one: mapping_inbox.comment(one, page="7", post_id="7_1"),
    )
    assert [(each.id, each.text, each.author) for each in found] == [("1_2", "\x1b[31m<b>", Author(""))]
    assert after == ""
