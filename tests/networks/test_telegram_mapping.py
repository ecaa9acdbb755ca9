"""Requests and answers of the Bot API: what we make of them, whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.domain.text import COUNTERS
from smm_tui.networks import shape
from smm_tui.networks.ports import Capability, MediaFile, Part, RemoteRef
from smm_tui.networks.telegram import mapping, mapping_check, mapping_inbox, mapping_page, refusals
from smm_tui.networks.telegram.spec import OFFICIAL, RIGHTS, SPEC, shown_text

from .strategies import anything, json_objects


@pytest.mark.parametrize(
    ("typed", "chat"),
    [
        ("@bakery", "@bakery"),
        (" bakery ", "@bakery"),
        ("https://t.me/bakery", "@bakery"),
        ("t.me/bakery", "@bakery"),
        ("-1001234567890", -1001234567890),
        ("-42", -42),
    ],
)
def test_chats_as_people_type_them(typed: str, chat: int | str) -> None:
    assert mapping.chat_id(typed) == chat


@pytest.mark.parametrize(
    ("member", "kind", "missing"),
    [
        ({"status": "creator"}, "channel", []),
        ({"status": "left"}, "channel", ["cannot publish"]),
        ({"status": "administrator"}, "channel", ["cannot publish"]),
        (
            {"status": "administrator", "can_post_messages": True},
            "channel",
            ["can publish; cannot pin", "can publish; cannot delete", "can publish; cannot change the profile"],
        ),
        ({"status": "kicked"}, "supergroup", ["cannot publish"]),
        ({"status": "left"}, "group", ["cannot publish"]),
        ({"status": "restricted", "can_send_messages": False}, "supergroup", ["cannot publish"]),
        ({"status": "restricted", "can_send_messages": True}, "supergroup", ["can publish; cannot pin"]),
        ({"status": "member"}, "supergroup", ["can publish; cannot pin"]),
        (
            {"status": "administrator"},
            "supergroup",
            [
                "can publish; cannot pin",
                "can publish; cannot delete",
                "can publish; cannot ban",
                "can publish; cannot change the profile",
            ],
        ),
        ({"status": "administrator", **dict.fromkeys(RIGHTS, True)}, "supergroup", []),
        ({"status": "novelty"}, "channel", ["cannot publish"]),
    ],
)
def test_rights(member: dict[str, Any], kind: str, missing: list[str]) -> None:
    found = mapping_check.missing_rights(member, {"id": -1, "type": kind})
    assert [sentence.startswith(start) for sentence, start in zip(found, missing, strict=True)] == [True] * len(found)


def test_a_group_where_members_are_silent() -> None:
    chat = {"id": -1, "type": "supergroup", "permissions": {"can_send_messages": False}}
    assert mapping_check.missing_rights({"status": "member"}, chat)[0].startswith("cannot publish")


def test_the_official_server_takes_smaller_videos() -> None:
    bot, chat = {"id": 1, "username": "b"}, {"id": -100, "type": "channel", "title": "x"}
    official = mapping_check.checked(bot, chat, server=OFFICIAL).facts
    own = mapping_check.checked(bot, chat, server="http://127.0.0.1:8081").facts
    sizes = [SPEC.rules(facts).limits.video_bytes for facts in ({}, official, own)]
    assert sizes == [50_000_000, 50_000_000, 2_000_000_000]


def test_what_is_declared() -> None:
    rules = SPEC.rules({})
    assert (rules.limits.characters, rules.limits.caption_characters, rules.limits.count) == (4096, 1024, "utf16")
    assert not rules.identity.can_read_back
    assert rules.identity.repeat_window is None
    assert Capability.READ_BACK not in rules.capabilities
    assert Capability.ALT_TEXT not in rules.capabilities


def test_content_warnings_stand_on_the_first_line() -> None:
    assert shown_text("Rolls", " ") == "Rolls"
    assert shown_text("Rolls", " food ") == "CW: food\n\nRolls"
    assert shown_text("", "food") == "CW: food"
    assert SPEC.counted is shown_text


@pytest.mark.parametrize("bad", ["", "x", "7", "-100/", "/7", "-100/x", "-100/7/8"])
def test_references_that_are_none(bad: str) -> None:
    with pytest.raises(SmmError):
        mapping.deletion(RemoteRef(bad, ""))


def test_a_reference_without_its_extra_is_one_message() -> None:
    assert mapping.deletion(RemoteRef("-100/7", "")) == ("deleteMessage", {"chat_id": -100, "message_id": 7})


def test_an_album_of_which_only_some_have_a_number() -> None:
    messages = [{"message_id": number, "chat": {"id": -1005}} for number in (0, 8, 9)]
    found = mapping.sent({"ok": True, "result": messages}, None)
    assert (found.id, found.extra, found.url) == ("-1005/8", {"ids": "8,9"}, "https://t.me/c/5/8")


@pytest.mark.parametrize("username", ["a/b", "../x", "a b", "\u202ex", ""])
def test_names_that_fit_no_address(username: str) -> None:
    chat = {"id": -1005, "username": username}
    assert mapping.sent({"ok": True, "result": {"message_id": 1, "chat": chat}}, None).url == "https://t.me/c/5/1"


READERS: dict[str, Callable[[Any], object]] = {
    "result": mapping.result,
    "sent": lambda value: mapping.sent(value, ["text"]),
    "sent inside": lambda value: mapping.sent({"ok": True, "result": value}, ["text"]),
    "bot": lambda value: mapping_check.checked(value, {"id": -1, "type": "channel"}, server=OFFICIAL),
    "chat": lambda value: mapping_check.checked({"id": 1}, value, server=OFFICIAL),
    "member": lambda value: mapping_check.missing_rights(value, {"id": -1, "type": "supergroup"}),
    "member's chat": lambda value: mapping_check.missing_rights({"status": "member"}, value),
    "refusal": lambda value: (
        isinstance(value, dict)
        and (
            refusals.is_refusal(value),
            refusals.description(value),
            refusals.retry_after(value),
            refusals.moved_to(value),
            refusals.refused_field(refusals.description(value)),
            refusals.names_no_change(refusals.description(value)),
            [
                refusals.error_of(status, refusals.description(value), host="x", handle="@x")
                for status in (400, 401, 403, 404, 409)
            ],
        )
    ),
    "rights": mapping_check.rights,
    "discussion": lambda value: mapping_check.missing_in_discussion(value, {"id": 1}),
    "discussion's bot": lambda value: mapping_check.missing_in_discussion({"status": "member"}, value),
    "webhook": mapping_check.webhook_of,
    "profile": mapping_page.profile,
    "update": lambda value: mapping_inbox.message_of({"message": value}) and mapping_inbox.update_number(value),
    "cursor": lambda value: mapping_inbox.cursor_of(mapping_inbox.progress(shape.an_object(value, "cursor"))),
    "facts": lambda value: mapping_inbox.listener("-100", "@x", shape.an_object(value, "facts"), []),
    "rules": lambda value: SPEC.rules({"rights": value, "discussion_rights": value, "type": value}),
}
KEYS = (
    "ok", "result", "error_code", "description", "parameters", "retry_after", "migrate_to_chat_id", "message_id",
    "chat", "id", "type", "username", "title", "linked_chat_id", "permissions", "status", "can_send_messages",
    "can_post_messages", "date", "text", "url", "photo", "big_file_unique_id", "pinned_message", "description",
    "update_id", "message", "offset", "threads", "heard", "bot", "bot_id", "rights",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(value=st.one_of(anything, json_objects(KEYS)))
def test_any_answer_gives_a_value_or_a_clean_error(name: str, value: Any) -> None:
    with suppress(SmmError):
        READERS[name](value)


WRITTEN = (
    "message_id", "chat", "id", "type", "from", "sender_chat", "username", "first_name", "title", "text", "caption",
    "entities", "offset", "length", "user", "date", "edit_date", "reply_to_message", "message_thread_id",
    "is_automatic_forward", "forward_origin", "direct_messages_topic", "topic_id", "is_direct_messages", "poll",
    "question", "sticker", "emoji", "photo",
)  # fmt: skip
LISTENER = mapping_inbox.listener(
    "-1001", "@bakery", {"type": "channel", "linked_chat_id": "-1009", "bot_id": "7", "bot": "bakery_bot"}, []
)
whole_messages = st.fixed_dictionaries(
    {
        "message_id": st.integers(1, 99),
        "date": st.integers(0, 2**40),
        "text": st.text(max_size=12),
        "chat": st.fixed_dictionaries(
            {"id": st.sampled_from([-1009, -1001, 5, "x"]), "type": st.sampled_from(["private", "supergroup", None])}
        ),
        "from": st.one_of(anything, st.just({"id": 5, "first_name": "Anna"})),
    },
    optional={
        "entities": st.lists(json_objects(WRITTEN), max_size=2),
        "reply_to_message": json_objects(WRITTEN),
        "sender_chat": json_objects(WRITTEN),
        "is_automatic_forward": st.booleans(),
        "forward_origin": json_objects(WRITTEN),
        "direct_messages_topic": json_objects(WRITTEN),
        "message_thread_id": anything,
        "poll": anything,
    },
)


@given(value=st.one_of(json_objects(WRITTEN), whole_messages))
def test_any_message_is_an_item_or_a_clean_error(value: dict[str, Any]) -> None:
    threads: dict[str, str] = {}
    with suppress(SmmError):
        item = mapping_inbox.item(value, LISTENER, threads)
        if item is not None:
            assert all((item.id, item.author.id, item.thread_id))
            item.text.encode()
            item.author.name.encode()
            assert mapping.place_of_id(item.id)
    assert all("/" in place for place in (*threads, *threads.values()))


@given(
    ref=st.builds(
        RemoteRef,
        st.one_of(st.text(max_size=20), st.just("-100/7")),
        st.just(""),
        st.dictionaries(st.sampled_from(["ids", "shows"]), st.text("0123456789,abc!textpoll", max_size=12)),
    ),
    count=st.integers(0, 3),
    text=st.text(max_size=20),
)
def test_any_reference_is_edited_or_refused_cleanly(ref: RemoteRef, count: int, text: str) -> None:
    media = tuple(MediaFile(Path("x"), "0" * 64, "image/png", 1) for _index in range(count))
    with suppress(SmmError):
        made = mapping.edits(ref, Part(text, media))
        assert len(made["shows"]) == max(count, 1)
        assert mapping.edited(ref, made["shows"]).id == ref.id
        assert mapping.deletion(ref)


@given(typed=st.text(max_size=80))
def test_any_handle_is_a_chat_or_a_clean_error(typed: str) -> None:
    with suppress(SmmError):
        chat = mapping.chat_id(typed)
        assert isinstance(chat, int) or chat[1:].isascii()


@given(text=st.text(min_size=1), warning=st.text(max_size=10), count=st.integers(0, 3))
def test_any_text_goes_out_as_it_is(text: str, warning: str, count: int) -> None:
    media = tuple(MediaFile(Path("x"), "0" * 64, "image/png", 1) for _index in range(count))
    made = mapping.request(Part(text, media, warning), -1)
    parameters = made["parameters"]
    holder = parameters["media"][0] if count > 1 else parameters
    shown = holder["caption" if count else "text"]
    assert shown.endswith(text)
    assert COUNTERS["utf16"](shown) == COUNTERS["utf16"](text) + COUNTERS["utf16"](shown_text("", warning)) + (
        2 if warning.strip() else 0
    )
    assert "parse_mode" not in str(made)
    assert len(made["files"]) == count
