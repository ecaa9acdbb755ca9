"""Whatever a server answers, the mappings of conversation and page give a value or a clean error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.networks.mastodon import mapping, mapping_inbox, mapping_page
from smm_tui.networks.mastodon.inbox import Cursor
from smm_tui.networks.mastodon.mapping_inbox import Own, Place
from smm_tui.networks.mastodon.spec import SPEC, profile
from smm_tui.networks.ports import Part, Poll, RemoteRef

from .strategies import anything, json_objects

OWN = Own("7", "social.example")
KEYS = (
    "id", "type", "status", "account", "acct", "username", "display_name", "created_at", "edited_at", "content",
    "visibility", "mentions", "in_reply_to_id", "in_reply_to_account_id", "media_attachments", "ancestors",
    "descendants", "comment", "category", "target_account", "statuses", "action_taken", "source", "fields", "note",
    "poll", "options", "params", "scheduled_at", "permissions", "role", "favourites_count", "followers_count",
)  # fmt: skip
MAPPINGS: dict[str, Callable[[Any], Any]] = {
    "notices": mapping_inbox.notices,
    "context": mapping_inbox.context,
    "item": lambda value: mapping_inbox.item(mapping_inbox.a_status(value), OWN),
    "comment": lambda value: mapping_inbox.item(mapping_inbox.a_status(value), OWN, Place("1", "1")),
    "reports": lambda value: mapping_inbox.reports(value, OWN),
    "report": lambda value: mapping_inbox.report(value, OWN),
    "reported": mapping_inbox.reported,
    "about": lambda value: mapping_inbox.is_about(mapping_inbox.a_status(value), OWN),
    "profile": lambda value: mapping_page.profile(value, None),
    "pinned": mapping_page.pinned,
    "post figures": lambda value: mapping_page.of_post(value, 0),
    "page figures": lambda value: mapping_page.of_page(value, 0),
    "scheduled": mapping.scheduled_refs,
    "attached": mapping.attached,
    "is pinned": mapping.is_pinned,
    "role": mapping.staff_scopes,
    "cursor": lambda value: Cursor.of(value if isinstance(value, dict) else None).places(),
}
contexts = st.fixed_dictionaries(
    {"ancestors": st.lists(json_objects(KEYS), max_size=3), "descendants": st.lists(json_objects(KEYS), max_size=5)}
)


@pytest.mark.parametrize("name", MAPPINGS)
@given(value=st.one_of(anything, json_objects(KEYS), st.lists(json_objects(KEYS), max_size=3)))
def test_a_value_or_a_clean_error(name: str, value: Any) -> None:
    with suppress(SmmError):
        MAPPINGS[name](value)


@given(value=contexts)
def test_every_status_of_a_context_has_a_place(value: Any) -> None:
    above, below = mapping_inbox.context(value)
    places = mapping_inbox.places("1", below, {"2": Place("2", "2")})
    assert all(mapping_inbox.status_id(status) in places for status in below)
    mapping_inbox.above(above, places, OWN)


@given(facts=json_objects(("lacks", "staff", "software", "links", "name_characters", "note_characters")))
def test_any_facts(facts: dict[str, Any]) -> None:
    SPEC.rules(facts)
    assert profile(facts).links > 0


@given(text=st.text(), handles=st.lists(st.sampled_from(["@bob@far.example", "@eve@x.example"]), unique=True))
def test_an_answer_names_everybody_once(text: str, handles: list[str]) -> None:
    named = mapping.addressed(text, handles)
    assert named.endswith(text)
    assert mapping.addressed(named, handles) == named or "@" in text


@given(text=st.text(), options=st.lists(st.text(), max_size=4), media=st.text())
def test_bodies(text: str, options: list[str], media: str) -> None:
    part = Part(text, poll=Poll(tuple(options), 300))
    assert mapping.edit_body(part, [], kept=frozenset(), software="")["poll"]["options"] == options
    mapping.known_media(RemoteRef("1", "", {"media": media}))
