"""Whatever VK answers, the mappings of conversation, page and figures give a value or a clean error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.networks.ports import Part, Poll, RemoteRef
from smm_tui.networks.vk import mapping, mapping_page, mapping_talk

from .strategies import anything, json_objects

KEYS = (
    "response", "items", "profiles", "groups", "id", "from_id", "owner_id", "post_id", "date", "text", "thread",
    "count", "likes", "user_likes", "attachments", "type", "photo", "sizes", "url", "parents_stack",
    "reply_to_comment", "deleted", "conversation", "peer", "last_message_id", "last_message", "out",
    "update_time", "reply_message",
    "random_id", "comment_id", "error", "description", "code", "name", "screen_name", "first_name", "links", "desc",
    "cover", "enabled", "images", "width", "fixed_post", "members_count", "activity", "reach", "visitors", "views",
    "period_from", "period_to", "reach_total", "mask", "upload_url", "hash", "server",
)  # fmt: skip
MAPPINGS: dict[str, Callable[[Any], Any]] = {
    "comments": lambda value: mapping_talk.comments(value, owner=-7, post=12),
    "thread": lambda value: mapping_talk.comments(value, owner=-7, post=12, thread=13),
    "comment": lambda value: mapping_talk.the_comment(value, owner=-7, post=12),
    "mentions": lambda value: mapping_talk.mentions(value, own=-7),
    "conversations": mapping_talk.conversations,
    "messages": lambda value: mapping_talk.messages(value, own=-7, peer=5),
    "authors": lambda value: mapping_talk.authors(value, -7),
    "made comment": lambda value: mapping_talk.comment_ref(value, owner=-7, post=12),
    "sent message": lambda value: mapping_talk.message_ref(value, own=-7, peer=5),
    "deleted message": mapping_talk.deleted_message,
    "found message": lambda value: mapping_talk.sent_message(value, 5),
    "profile": mapping_page.profile,
    "links": mapping_page.links,
    "cover": mapping_page.uploaded_cover,
    "avatar": mapping.uploaded_photo,
    "post of avatar": mapping_page.post_of_avatar,
    "reach": lambda value: mapping_page.post_reach(value, 0),
    "totals": lambda value: [mapping_page.post_totals(post, 0) for post in mapping.posts(value)],
    "members": lambda value: mapping_page.members(value, 0),
    "days": mapping_page.days,
    "poll": mapping.made_poll,
    "polls": lambda value: [mapping.poll_of(post) for post in mapping.posts(value)],
    "rights": mapping.mask,
}
ids = st.one_of(st.integers(min_value=-3, max_value=2**64), st.text(max_size=4))
entries = st.lists(st.fixed_dictionaries({"id": ids, "from_id": ids, "text": st.text()}), max_size=4)


@pytest.mark.parametrize("name", MAPPINGS)
@given(
    value=st.one_of(
        anything,
        json_objects(KEYS),
        st.lists(json_objects(KEYS), max_size=3),
        st.fixed_dictionaries({"items": st.lists(json_objects(KEYS), max_size=3)}),
        st.fixed_dictionaries({"items": entries, "groups": st.lists(json_objects(KEYS), max_size=2)}),
    )
)
def test_a_value_or_a_clean_error(name: str, value: Any) -> None:
    with suppress(SmmError):
        MAPPINGS[name](value)


@given(text=st.text(max_size=200), options=st.lists(st.text(max_size=10), min_size=1, max_size=3))
def test_any_text_makes_a_poll(text: str, options: list[str]) -> None:
    form = mapping.poll_form(Part(text, poll=Poll(tuple(options), 60)), owner="-7", now=0)
    assert len(form["question"]) <= mapping.POLL_QUESTION
    assert form["end_date"] == "60"


@given(text=st.text(max_size=60))
def test_any_text_can_be_shown_plain(text: str) -> None:
    assert mapping_talk.plain(f"[id5|Ann], {text.replace('[', '(')}").startswith("Ann, ")


@given(identity=st.text(max_size=40))
def test_a_random_id_is_one_that_vk_takes(identity: str) -> None:
    assert 0 < mapping_talk.random_id(identity) < 2**63
    assert mapping_talk.random_id(identity) == mapping_talk.random_id(identity)


@given(live=json_objects(("id", "date", "post_type", "attachments")), text=st.text(max_size=20))
def test_any_live_post_can_be_edited(live: dict[str, Any], text: str) -> None:
    form = mapping.edit_form(RemoteRef("-7_12", ""), Part(text), [], live)
    assert {"owner_id", "post_id", "message"} <= set(form)
