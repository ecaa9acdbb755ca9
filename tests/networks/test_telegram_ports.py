"""Telegram beyond publishing: what each call asks, and what it makes of every answer."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    Forbidden,
    NetworkError,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Author, Item, ItemKind, Verb
from smm_tui.networks.page import Metric, ProfileChange
from smm_tui.networks.ports import JSON, Account, Capability, Part, Poll, RemoteRef
from smm_tui.networks.telegram.client import TelegramClient
from smm_tui.networks.telegram.spec import RIGHTS, SPEC

from .support import NOW, MemorySlot, Server, clock, media_file, picture
from .test_telegram_client import CHANNEL, CHAT, IDENTITY, SERVER, TOKEN, at, form, message, ok, refused

GROUP = -1009
JSON_HEADERS = {"content-type": "application/json"}
FACTS = {
    "bot_id": "110201543",
    "bot": "bakery_bot",
    "type": "channel",
    "own_server": True,
    "linked_chat_id": str(GROUP),
    "rights": list(RIGHTS),
    "discussion_rights": list(RIGHTS),
}
DISCUSSION = {"id": GROUP, "type": "supergroup", "title": "Chat"}
ANNA = {"id": 5001, "is_bot": False, "first_name": "Anna", "last_name": "Kiss", "username": "anna"}
POST = RemoteRef(f"{CHANNEL}/7", "https://t.me/bakery/7", {"ids": "7", "shows": "text"})
COMMENT = Item(
    f"{GROUP}/41",
    ItemKind.COMMENT,
    Author("5001", "@anna"),
    "Rye?",
    NOW,
    post_id=POST.id,
    extra={"chat": "supergroup"},
)
PRIVATE = Item("5001/3", ItemKind.MESSAGE, Author("5001"), "Hello", NOW, thread_id="5001", extra={"chat": "private"})
COPY = {
    "message_id": 40,
    "date": NOW // 1000,
    "chat": DISCUSSION,
    "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    "sender_chat": CHAT,
    "is_automatic_forward": True,
    "forward_origin": {"type": "channel", "date": NOW // 1000, "chat": CHAT, "message_id": 7},
    "text": "Fresh bread",
}


def telegram(server: Server, **facts: Any) -> Client:
    known = {name: value for name, value in {**FACTS, **facts}.items() if value is not None}
    account = Account("telegram", SERVER, "@bakery", str(CHANNEL), known)
    return TelegramClient(account, MemorySlot({"token": TOKEN}), Surroundings(server.transport, clock=clock))


def answering(**answers: Any) -> Server:
    return Server(**{at(method): value if isinstance(value, list) else [value] for method, value in answers.items()})


def written(number: int, text: str = "Rye?", **more: Any) -> JSON:
    return {"message_id": number, "date": NOW // 1000, "chat": DISCUSSION, "from": ANNA, "text": text, **more}


def update(number: int, what: Any, kind: str = "message") -> JSON:
    return {"update_id": number, kind: what}


# -- the bad input table, over every call --------------------------------------------------------------------------


async def edit(client: Client) -> None:
    await client.editor.edit(POST, await client.editor.prepare_edit(POST, Part("Bread")))


async def answer(client: Client, to: Item | RemoteRef = COMMENT) -> RemoteRef:
    return await client.responder.send(IDENTITY, await client.responder.prepare(IDENTITY, to, Part("Yes")))


async def poll(client: Client) -> RemoteRef:
    part = Part("Rye?", poll=Poll(("Yes", "No"), 3600))
    wire = await client.publisher.prepare(IDENTITY, part, root=None, parent=None)
    return await client.publisher.send(IDENTITY, wire)


async def rename(client: Client) -> None:
    expected = await telegram(answering(getChat=ok(CHAT))).profile_reader.read_profile()
    await client.profile_writer.write_profile(ProfileChange(name="Rolls"), expected=expected)


def moderated(verb: Verb) -> Callable[[Client], Awaitable[None]]:
    return lambda client: client.moderator.moderate(verb, COMMENT)


CALLS: dict[str, tuple[str, Callable[[Client], Awaitable[Any]]]] = {
    "inbox": ("getUpdates", lambda client: client.inbox.fetch(None, posts=[])),
    "edit": ("editMessageText", edit),
    "pin": ("pinChatMessage", lambda client: client.pinner.pin(POST)),
    "unpin": ("unpinChatMessage", lambda client: client.pinner.unpin(POST)),
    "take an answer back": ("deleteMessage", lambda client: client.responder.delete(POST)),
    "like": ("setMessageReaction", moderated(Verb.LIKE)),
    "delete": ("deleteMessage", moderated(Verb.DELETE)),
    "ban": ("banChatMember", moderated(Verb.BAN)),
    "unban": ("unbanChatMember", moderated(Verb.UNBAN)),
    "mute": ("restrictChatMember", moderated(Verb.MUTE)),
    "unrestrict": ("restrictChatMember", moderated(Verb.UNRESTRICT)),
    "read the profile": ("getChat", lambda client: client.profile_reader.read_profile()),
    "rename": ("setChatTitle", rename),
    "look for the copy": ("getChat", lambda client: client.responder.prepare(IDENTITY, POST, Part("Yes"))),
}
UNSAFE: dict[str, tuple[str, Callable[[Client], Awaitable[Any]]]] = {
    "answer": ("sendMessage", answer),
    "poll": ("sendPoll", poll),
}
# An answer, the error of a call that may be repeated, the error of one that may not.
ENDS: list[tuple[Any, type[NetworkError], type[NetworkError]]] = [
    (refused(401, "Unauthorized"), AuthExpired, AuthExpired),
    (refused(404, "Not Found"), AuthExpired, AuthExpired),
    (refused(404, "Not Found: method not found"), Unsupported, Unsupported),
    (refused(403, "Forbidden: bot was kicked from the supergroup chat"), Forbidden, Forbidden),
    (refused(403, "Forbidden: bot can't initiate conversation with a user"), Forbidden, Forbidden),
    (refused(400, "Bad Request: not enough rights to restrict/unrestrict chat member"), Forbidden, Forbidden),
    (refused(400, "Bad Request: something new"), Rejected, Rejected),
    (refused(400, "Bad Request: user is an administrator of the chat"), Rejected, Rejected),
    (refused(409, "Conflict: terminated by other getUpdates request"), Rejected, Rejected),
    (refused(413, "Request Entity Too Large"), Rejected, Rejected),
    (refused(422, "Unprocessable"), Rejected, Rejected),
    (refused(429, "Too Many Requests: retry after 35", retry_after=35), RateLimited, RateLimited),
    (httpx.Response(429, html="slow down"), RateLimited, RateLimited),
    (refused(500, "Internal Server Error"), Transient, Ambiguous),
    (httpx.Response(502, html="<html>502</html>"), Transient, Ambiguous),
    (httpx.Response(200, html="<html>Log in</html>"), Transient, Ambiguous),
    (httpx.Response(404, html="<html>Not found</html>"), Rejected, Rejected),
    (httpx.Response(302, headers={"location": "https://evil.example/"}), Rejected, Rejected),
    (httpx.Response(200, content=b'{"ok":true,"resu', headers=JSON_HEADERS), Transient, Ambiguous),
    (httpx.Response(200, content=b" " * 9_000_000), Transient, Ambiguous),
    (httpx.Response(200, json=[]), Transient, Ambiguous),
    (httpx.Response(200, json={"ok": False}), Transient, Ambiguous),
    (httpx.Response(200, json={"ok": "true", "result": True}), Transient, Ambiguous),
    (httpx.ReadTimeout("slow"), Transient, Ambiguous),
    (httpx.ReadError("reset"), Transient, Ambiguous),
    (httpx.ConnectError("no"), Transient, Transient),
]  # fmt: skip


@pytest.mark.parametrize("name", [*CALLS, *UNSAFE])
async def test_every_end_of_every_call(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each of them is one of the closed kinds, with a sentence, and shows no token."""
    caplog.set_level(logging.DEBUG)
    method, call = (CALLS | UNSAFE)[name]
    for end, safe, unsafe in ENDS:
        server = answering(**{"getChat": ok(CHAT), method: end})
        with pytest.raises(NetworkError) as caught:
            await call(telegram(server))
        kind = safe if name in CALLS else unsafe
        assert isinstance(caught.value, kind), (name, end, caught.value)
        assert caught.value.message
        if isinstance(caught.value, RateLimited) and "retry_after" in str(getattr(end, "text", "")):
            assert caught.value.retry_after == 35
        left = [
            repr(caught.value),
            caught.value.message,
            caught.value.hint,
            *traceback.format_exception(caught.value),
        ]
        assert TOKEN.partition(":")[2] not in "\n".join(left)
    shown = "\n".join([caplog.text, *(str(record.args) for record in caplog.records)])
    assert TOKEN.partition(":")[2] not in shown
    assert "telegram.example" in shown


@pytest.mark.parametrize("name", [name for name in CALLS if "profile" not in name and name != "look for the copy"])
async def test_strange_fields_of_a_yes_change_nothing(name: str) -> None:
    method, call = CALLS[name]
    for result in (
        (True, [], {"message_id": "x", "novelty": 1}) if name != "inbox" else ([], [{"novelty": 1, "update_id": 1}])
    ):
        await call(
            telegram(answering(**{"getChat": ok(CHAT), method: {"ok": True, "result": result, "novelty": {}}}))
        )


@pytest.mark.parametrize("junk", [None, "junk", 7, {}, [7, None, {}], [{"update_id": "x"}], [{"message": {}}]])
async def test_updates_that_are_none(junk: Any) -> None:
    with pytest.raises(Transient):
        await telegram(answering(getUpdates=ok(junk))).inbox.fetch(None, posts=[])


# -- what an account can do ---------------------------------------------------------------------------------------


def can(**facts: Any) -> frozenset[Capability]:
    known = {name: value for name, value in {**FACTS, **facts}.items() if value is not None}
    return SPEC.rules(known).capabilities


def test_capabilities_follow_the_rights() -> None:
    everything = SPEC.rules({}).capabilities
    assert can() == everything
    conversation = {
        Capability.COMMENTS, Capability.FIRST_COMMENT, Capability.DELETE_OTHERS, Capability.BAN, Capability.BAN_TERM,
        Capability.MUTE, Capability.RESTRICT,
    }  # fmt: skip
    assert can(discussion_rights=None) == everything - conversation
    assert can(discussion_rights=[]) == everything - conversation | {Capability.COMMENTS, Capability.FIRST_COMMENT}
    assert can(rights=[]) == everything - {Capability.PIN, Capability.PROFILE_WRITE}
    assert not can(webhook=True) & {Capability.COMMENTS, Capability.MENTIONS, Capability.MESSAGES, Capability.REPLY}
    assert Capability.BAN in can(webhook=True)
    shutting_out = {Capability.BAN, Capability.BAN_TERM, Capability.MUTE, Capability.RESTRICT}
    assert can(type="group") == everything - shutting_out
    assert can(type="supergroup", discussion_rights=None) == everything
    assert can(rights="junk", discussion_rights=[7]) < everything
    assert not everything & {Capability.READ_BACK, Capability.POST_METRICS, Capability.HIDE, Capability.REPORTS}


@pytest.mark.parametrize(
    ("facts", "call"),
    [
        ({"rights": []}, CALLS["pin"][1]),
        ({"rights": []}, CALLS["unpin"][1]),
        ({"rights": []}, CALLS["rename"][1]),
        ({"discussion_rights": []}, CALLS["ban"][1]),
        ({"discussion_rights": []}, CALLS["delete"][1]),
        ({"discussion_rights": None}, CALLS["look for the copy"][1]),
        ({"webhook": True}, answer),
        ({"rights": None, "linked_chat_id": None}, CALLS["look for the copy"][1]),
        ({}, moderated(Verb.HIDE)),
        ({}, moderated(Verb.REPORT)),
        ({}, lambda client: client.metrics.of_post(POST)),
        ({}, lambda client: client.inbox.conversation(COMMENT)),
        ({}, lambda client: client.responder.find(IDENTITY, {}, taken=frozenset())),
    ],
)
async def test_what_is_not_declared_is_refused_and_asks_nobody(
    facts: dict[str, Any], call: Callable[[Client], Awaitable[Any]]
) -> None:
    server = Server()
    with pytest.raises(Unsupported):
        await call(telegram(server, **facts))
    assert server.requests == []


def test_the_limits_are_said() -> None:
    said = " ".join(SPEC.notes)
    assert all(word in said for word in ("24 hours", "48 hours", "discussion group", "no views"))


# -- the check ----------------------------------------------------------------------------------------------------


def checking(*members: Any, webhook: str = "", sees_all: bool = False, **chat: Any) -> Server:
    return Server(
        **{
            "GET /bot0:0/getMe": [refused(401, "Unauthorized")],
            at("getMe"): [ok({"id": 110201543, "username": "bakery_bot", "can_read_all_group_messages": sees_all})],
            at("getChat"): [ok({**CHAT, **chat})],
            at("getChatMember"): list(members),
            at("getWebhookInfo"): [ok({"url": webhook, "has_custom_certificate": False, "pending_update_count": 0})],
        }
    )


ADMIN = ok({"status": "administrator", **dict.fromkeys(RIGHTS, True)})


async def test_a_discussion_group_that_the_bot_is_not_in() -> None:
    for stranger in (refused(403, "Forbidden: bot is not a member"), refused(400, "Bad Request: user not found")):
        found = await telegram(checking(ADMIN, stranger, linked_chat_id=GROUP)).publisher.check()
        assert "discussion_rights" not in found.facts
        assert found.missing == ("cannot read or answer comments: the bot is not in the channel's discussion group",)
    found = await telegram(checking(ADMIN, ok({"status": "left"}), linked_chat_id=GROUP)).publisher.check()
    assert "discussion_rights" not in found.facts
    assert len(found.missing) == 1


@pytest.mark.parametrize(("sees_all", "problems"), [(False, 1), (True, 2)])
async def test_a_plain_member_of_the_discussion_group(sees_all: bool, problems: int) -> None:
    server = checking(ADMIN, ok({"status": "member"}), sees_all=sees_all, linked_chat_id=GROUP)
    found = await telegram(server).publisher.check()
    assert found.facts["discussion_rights"] == []
    assert len(found.missing) == problems
    assert all("comments" in sentence or "restrict" in sentence for sentence in found.missing)


async def test_a_webhook_is_told_without_its_path() -> None:
    server = checking(ADMIN, webhook="https://hooks.example/secret-path")
    found = await telegram(server).publisher.check()
    assert found.facts["webhook"] is True
    assert "hooks.example" in found.missing[0]
    assert "secret" not in found.missing[0]


# -- the inbox ----------------------------------------------------------------------------------------------------


async def fetched(
    *updates: Any, cursor: JSON | None = None, posts: tuple[RemoteRef, ...] = (POST,), **facts: Any
) -> Any:
    body = json.dumps(ok(list(updates))).encode()  # in ASCII, where halves of characters can stand
    server = answering(getUpdates=httpx.Response(200, content=body))
    return await telegram(server, **facts).inbox.fetch(cursor, posts=posts)


async def test_a_comment() -> None:
    told = {"reply_to_message": COPY, "message_thread_id": 40}
    page = await fetched(update(100, COPY), update(101, written(41, "Is it <b>rye</b>? 🥐", **told)))
    (item,) = page.items
    assert item == Item(
        id=f"{GROUP}/41",
        kind=ItemKind.COMMENT,
        author=Author("5001", "@anna", "Anna Kiss", "https://t.me/anna"),
        text="Is it <b>rye</b>? 🥐",
        created_at=NOW // 1000 * 1000,
        url="https://t.me/c/9/41",
        post_id=POST.id,
        thread_id=f"{GROUP}/40",
        extra={"chat": "supergroup"},
    )
    assert page.cursor == {"offset": 102, "heard": NOW, "asked": NOW, "threads": {f"{GROUP}/40": POST.id}}
    assert (page.more, page.gone, page.gap) == (False, (), "")


async def test_the_offset_is_asked_with_only_when_it_was_stored() -> None:
    server = answering(getUpdates=ok([update(100, written(41))]))
    first = await telegram(server).inbox.fetch(None, posts=[])
    again = await telegram(server).inbox.fetch(None, posts=[])
    assert first == again
    await telegram(server).inbox.fetch(first.cursor, posts=[])
    asked = [json.loads(request.content).get("offset") for request in server.requests]
    assert asked == [None, None, 101]
    body = server.body(at("getUpdates"))
    assert (body["timeout"], body["limit"], body["allowed_updates"]) == (0, 100, ["message", "edited_message"])


async def test_deep_in_a_thread_the_cursor_remembers_the_post() -> None:
    page = await fetched(update(100, COPY))
    bert = written(52, "Wheat.", reply_to_message=written(51), message_thread_id=40)
    (item,) = (await fetched(update(101, bert), cursor=json.loads(json.dumps(page.cursor)))).items
    assert (item.post_id, item.parent_id, item.thread_id) == (POST.id, f"{GROUP}/51", f"{GROUP}/40")
    (item,) = (await fetched(update(101, bert))).items
    assert (item.post_id, item.parent_id) == ("", f"{GROUP}/51")


async def test_an_album_is_one_post() -> None:
    album = RemoteRef(f"{CHANNEL}/6", "", {"ids": "6,7"})
    (item,) = (await fetched(update(1, written(41, reply_to_message=COPY)), posts=(album,))).items
    assert item.post_id == album.id


async def test_a_post_that_somebody_published_in_telegram_itself() -> None:
    (item,) = (await fetched(update(1, written(41, reply_to_message=COPY)), posts=())).items
    assert item.post_id == f"{CHANNEL}/7"


async def test_an_edit_is_the_same_item() -> None:
    changed = written(41, "Spelt?", edit_date=NOW // 1000 + 60)
    page = await fetched(update(1, written(41)), update(2, changed, "edited_message"))
    (item,) = page.items
    assert (item.text, item.edited_at) == ("Spelt?", NOW // 1000 * 1000 + 60_000)


@pytest.mark.parametrize(
    ("sender", "own"),
    [
        ({"sender_chat": CHAT, "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}}, True),
        ({"sender_chat": DISCUSSION, "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}, True),
        ({"from": {"id": 110201543, "is_bot": True, "first_name": "Bakery"}}, True),
        ({"sender_chat": {"id": -1005, "type": "channel", "title": "Gym", "username": "gym"}}, False),
    ],
)
async def test_who_writes_as_the_page(sender: JSON, own: bool) -> None:
    (item,) = (await fetched(update(1, written(41, **sender)))).items
    assert item.author.own is own
    assert own or (item.author.id, item.author.handle, item.author.name) == ("-1005", "@gym", "Gym")


async def test_private_messages_and_direct_ones() -> None:
    private = written(3, chat={"id": 5001, "type": "private", "first_name": "Anna"})
    chat = {"id": -1007, "type": "supergroup", "is_direct_messages": True}
    direct = written(4, chat=chat, direct_messages_topic={"topic_id": 77, "user": ANNA})
    first, second = (await fetched(update(1, private), update(2, direct))).items
    assert (first.kind, first.thread_id, first.extra) == (ItemKind.MESSAGE, "5001", {"chat": "private"})
    assert (second.kind, second.thread_id) == (ItemKind.MESSAGE, "-1007#77")
    assert second.extra == {"chat": "direct", "topic": "77"}


@pytest.mark.parametrize(
    ("text", "entity", "kind"),
    [
        ("🥐 @bakery_bot hi", {"type": "mention", "offset": 3, "length": 11}, ItemKind.MENTION),
        ("🥐 @Bakery hi", {"type": "mention", "offset": 3, "length": 7}, ItemKind.MENTION),
        ("the bot", {"type": "text_mention", "offset": 4, "length": 3, "user": {"id": 110201543}}, ItemKind.MENTION),
        ("@bakeryx hi", {"type": "mention", "offset": 0, "length": 8}, None),
        ("@bakery hi", {"type": "mention", "offset": -1, "length": 7}, None),
        ("@bakery hi", {"type": "bold", "offset": 0, "length": 7}, None),
        ("nothing", {}, None),
    ],
)
async def test_mentions_elsewhere(text: str, entity: JSON, kind: ItemKind | None) -> None:
    elsewhere = {"id": -1003, "type": "supergroup", "title": "Square", "username": "square"}
    items = (await fetched(update(1, written(9, text, chat=elsewhere, entities=[entity])))).items
    assert [item.kind for item in items] == ([] if kind is None else [kind])
    assert not items or items[0].url == "https://t.me/square/9"
    (here,) = (await fetched(update(1, written(9, text, entities=[entity])))).items
    assert here.kind is (kind or ItemKind.COMMENT)
    (below,) = (await fetched(update(1, written(9, text, entities=[entity], reply_to_message=COPY)))).items
    assert below.kind is ItemKind.COMMENT


@pytest.mark.parametrize(
    ("content", "text", "attachments"),
    [
        ({"photo": [{"file_id": "x"}], "caption": "Mine"}, "Mine", ("photo",)),
        ({"sticker": {"emoji": "🥐"}}, "🥐", ("sticker",)),
        ({"poll": {"question": "Rye?"}}, "Rye?", ("poll",)),
        ({"voice": {"file_id": "x"}}, "", ("voice",)),
        ({"text": "half \ud83e"}, "half \ufffd", ()),
        ({"text": "\u202eevil\x1b[31m"}, "\u202eevil\x1b[31m", ()),
        ({"new_chat_members": [ANNA]}, None, ()),
        ({"pinned_message": COPY}, None, ()),
    ],
)
async def test_contents(content: JSON, text: str | None, attachments: tuple[str, ...]) -> None:
    told = {name: value for name, value in written(9).items() if name != "text"}
    items = (await fetched(update(1, {**told, **content}))).items
    assert [(item.text, item.attachments) for item in items] == ([] if text is None else [(text, attachments)])


async def test_a_group_is_its_own_discussion() -> None:
    facts: dict[str, Any] = {"type": "supergroup", "linked_chat_id": None, "discussion_rights": None}
    here = {"id": CHANNEL, "type": "supergroup", "title": "Club"}
    told = written(9, chat=here, reply_to_message={**message(7), "chat": here}, message_thread_id=7)
    below, alone = (await fetched(update(1, told), update(2, written(10, chat=here)), **facts)).items
    assert (below.post_id, below.parent_id, below.thread_id) == (POST.id, "", POST.id)
    assert (alone.kind, alone.post_id, alone.thread_id) == (ItemKind.COMMENT, "", f"{CHANNEL}/10")


@pytest.mark.parametrize(("asked", "gap"), [(NOW - DAY + 1, False), (NOW - DAY - 1, True)])
async def test_who_was_away_for_a_day_is_told(asked: int, gap: bool) -> None:
    page = await fetched(cursor={"offset": 9, "heard": asked, "asked": asked})
    assert ("24 hours" in page.gap) is gap
    assert not (await fetched(cursor=page.cursor)).gap


async def test_after_a_week_of_silence_numbers_may_begin_anywhere() -> None:
    server = answering(getUpdates=ok([update(3, written(41))]))
    page = await telegram(server).inbox.fetch({"offset": 900, "heard": NOW - 8 * DAY, "asked": NOW - HOUR}, posts=[])
    assert "offset" not in server.body(at("getUpdates"))
    assert ([item.id for item in page.items], page.cursor["offset"]) == ([f"{GROUP}/41"], 4)
    silent = await fetched(cursor={"offset": 900, "heard": NOW - 8 * DAY, "asked": NOW - HOUR})
    assert (silent.cursor["offset"], silent.cursor["heard"]) == (900, NOW - 8 * DAY)


async def test_full_pages_go_on_and_end() -> None:
    full = [update(number, written(number)) for number in range(1, 101)]
    page = await fetched(*full)
    assert (len(page.items), page.more) == (100, True)
    page = await fetched(*full, cursor=page.cursor)
    assert (page.items, page.more) == ((), False)


async def test_threads_that_are_remembered_are_few() -> None:
    many = [update(number, {**COPY, "message_id": number}) for number in range(1, 101)]
    cursor: JSON | None = None
    for start in range(0, 500, 100):
        moved = [{**each, "update_id": each["update_id"] + start} for each in many]
        for each in moved:
            each["message"] = {**each["message"], "message_id": each["update_id"]}
        cursor = (await fetched(*moved, cursor=cursor)).cursor
    assert cursor is not None
    assert len(cursor["threads"]) == 300
    assert f"{GROUP}/500" in cursor["threads"]


@pytest.mark.parametrize("cursor", [{}, {"offset": "x", "threads": 7}, {"offset": -3, "threads": {"a": 1}}])
async def test_a_cursor_that_cannot_be_read_begins_anew(cursor: JSON) -> None:
    assert len((await fetched(update(1, written(41)), cursor=cursor)).items) == 1


async def test_a_second_poller_and_a_webhook_are_explained() -> None:
    for words, hint in (("terminated by other getUpdates", "one program"), ("webhook is active", "deleteWebhook")):
        server = answering(getUpdates=refused(409, f"Conflict: can't, {words}"))
        with pytest.raises(Rejected) as caught:
            await telegram(server).inbox.fetch(None, posts=[])
        assert hint in caught.value.hint


# -- answers ------------------------------------------------------------------------------------------------------


async def test_an_answer() -> None:
    server = answering(sendMessage=ok(message(50, chat=DISCUSSION)))
    assert (await answer(telegram(server))).id == f"{GROUP}/50"
    assert server.body(at("sendMessage")) == {
        "chat_id": GROUP,
        "text": "Yes",
        "reply_parameters": {"message_id": 41},
    }


async def test_answers_to_messages_go_to_the_person() -> None:
    server = answering(sendMessage=ok(message(50)))
    await answer(telegram(server), PRIVATE)
    reply = {"message_id": 3, "allow_sending_without_reply": True}
    assert server.body(at("sendMessage")) == {"chat_id": 5001, "text": "Yes", "reply_parameters": reply}
    extra = {"chat": "direct", "topic": "77"}
    await answer(telegram(server), Item("-1007/4", ItemKind.MESSAGE, Author("5001"), "Hi", NOW, extra=extra))
    assert server.body(at("sendMessage"))["direct_messages_topic_id"] == 77


async def test_an_answer_to_what_is_gone() -> None:
    with pytest.raises(NotFound):
        await answer(telegram(answering(sendMessage=refused(400, "Bad Request: message to be replied not found"))))


async def test_an_answer_with_a_picture(tmp_path: Path) -> None:
    server = answering(sendPhoto=ok(message(50)))
    client = telegram(server)
    wire = await client.responder.prepare(IDENTITY, COMMENT, Part("Look", (picture(tmp_path),)))
    await client.responder.send(IDENTITY, json.loads(json.dumps(wire)))
    assert json.loads(form(server.requests[0])["reply_parameters"]) == {"message_id": 41}


async def test_the_first_comment_goes_below_the_pinned_copy() -> None:
    server = answering(getChat=ok({**DISCUSSION, "pinned_message": COPY}))
    wire = await telegram(server).responder.prepare(IDENTITY, POST, Part("First"))
    assert wire["parameters"] == {"chat_id": GROUP, "text": "First", "reply_parameters": {"message_id": 40}}
    assert server.body(at("getChat")) == {"chat_id": GROUP}


async def test_the_first_comment_finds_the_copy_in_waiting_updates_and_confirms_none() -> None:
    origin = {"type": "channel", "date": NOW // 1000, "chat": CHAT, "message_id": 6}
    other = {**COPY, "message_id": 39, "forward_origin": origin}
    server = answering(
        getChat=ok({**DISCUSSION, "pinned_message": other}),
        getUpdates=ok([7, update(1, written(38)), update(2, other), update(3, COPY)]),
    )
    wire = await telegram(server).responder.prepare(IDENTITY, POST, Part("First"))
    assert wire["parameters"]["reply_parameters"] == {"message_id": 40}
    assert "offset" not in server.body(at("getUpdates"))


@pytest.mark.parametrize("updates", [ok([]), refused(409, "Conflict: webhook is active")])
async def test_a_copy_that_is_not_there_yet_is_waited_for(updates: Any) -> None:
    server = answering(getChat=ok(DISCUSSION), getUpdates=updates)
    with pytest.raises(Transient, match="does not show the post yet"):
        await telegram(server).responder.prepare(IDENTITY, POST, Part("First"))


async def test_in_a_group_a_comment_answers_the_post_itself() -> None:
    client = telegram(Server(), type="supergroup", linked_chat_id=None)
    wire = await client.responder.prepare(IDENTITY, POST, Part("First"))
    assert (wire["parameters"]["chat_id"], wire["parameters"]["reply_parameters"]) == (CHANNEL, {"message_id": 7})


# -- moderation ---------------------------------------------------------------------------------------------------


async def moderate(verb: Verb, item: Item = COMMENT, answer: Any = None, **more: Any) -> tuple[str, JSON]:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer or httpx.Response(200, json=ok(True))

    account = Account("telegram", SERVER, "@bakery", str(CHANNEL), {**FACTS, **more.pop("facts", {})})
    around = Surroundings(httpx.MockTransport(handler), clock=clock)
    client = TelegramClient(account, MemorySlot({"token": TOKEN}), around)
    await client.moderator.moderate(verb, item, **more)
    (request,) = seen
    return request.url.path.rpartition("/")[2], json.loads(request.content)


async def test_likes() -> None:
    where = {"chat_id": GROUP, "message_id": 41}
    assert await moderate(Verb.LIKE) == (
        "setMessageReaction",
        {**where, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    )
    assert await moderate(Verb.UNLIKE) == ("setMessageReaction", {**where, "reaction": []})


async def test_deleting_what_others_wrote() -> None:
    assert await moderate(Verb.DELETE) == ("deleteMessage", {"chat_id": GROUP, "message_id": 41})
    await moderate(Verb.DELETE, answer=refused(400, "Bad Request: message to delete not found"))
    with pytest.raises(Rejected) as caught:
        await moderate(Verb.DELETE, answer=refused(400, "Bad Request: message can't be deleted for everyone"))
    assert "48 hours" in caught.value.hint


async def test_bans() -> None:
    who = {"chat_id": GROUP, "user_id": 5001}
    until = NOW + 7 * DAY
    assert await moderate(Verb.BAN) == ("banChatMember", who)
    assert await moderate(Verb.BAN, until=until) == ("banChatMember", {**who, "until_date": until // 1000})
    assert await moderate(Verb.UNBAN) == ("unbanChatMember", {**who, "only_if_banned": True})
    await moderate(Verb.UNBAN, answer=refused(400, "Bad Request: PARTICIPANT_ID_INVALID"))


async def test_silence() -> None:
    for on, off in ((Verb.MUTE, Verb.UNMUTE), (Verb.RESTRICT, Verb.UNRESTRICT)):
        method, body = await moderate(on, until=NOW + DAY)
        assert (method, body["until_date"]) == ("restrictChatMember", (NOW + DAY) // 1000)
        assert set(body["permissions"].values()) == {False}
        method, body = await moderate(off)
        assert set(body["permissions"].values()) == {True}
        assert "until_date" not in body


@pytest.mark.parametrize("until", [NOW - DAY, NOW, NOW + 59_000, NOW + 366 * DAY])
@pytest.mark.parametrize("verb", [Verb.BAN, Verb.MUTE])
async def test_terms_that_telegram_would_take_for_ever(verb: Verb, until: int) -> None:
    with pytest.raises(Rejected) as caught:
        await moderate(verb, until=until)
    assert caught.value.field == "until"


async def test_a_channel_that_writes_is_banned_for_good() -> None:
    gym = Item(f"{GROUP}/41", ItemKind.COMMENT, Author("-1005"), "Spam", NOW, extra={"chat": "supergroup"})
    who = {"chat_id": GROUP, "sender_chat_id": -1005}
    assert await moderate(Verb.BAN, gym) == ("banChatSenderChat", who)
    assert await moderate(Verb.UNBAN, gym) == ("unbanChatSenderChat", who)
    for verb, more in ((Verb.BAN, {"until": NOW + DAY}), (Verb.MUTE, {})):
        with pytest.raises(Unsupported):
            await moderate(verb, gym, **more)


async def test_whom_nobody_can_shut_out() -> None:
    nobody = Item(f"{GROUP}/41", ItemKind.COMMENT, Author(""), "x", NOW)
    basic = Item(f"{GROUP}/41", ItemKind.COMMENT, Author("5"), "x", NOW, extra={"chat": "group"})
    for verb, item, more in (
        (Verb.BAN, PRIVATE, {}),
        (Verb.MUTE, PRIVATE, {}),
        (Verb.BAN, nobody, {}),
        (Verb.MUTE, basic, {}),
        (Verb.BAN, basic, {}),
        (Verb.BAN, COMMENT, {"facts": {"type": "group"}}),
    ):
        with pytest.raises(Unsupported):
            await moderate(verb, item, **more)


async def test_a_ban_follows_a_group_that_moved_and_a_deletion_does_not() -> None:
    moved = refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1010)
    server = answering(banChatMember=[moved, ok(True)], deleteMessage=[moved, ok(True)])
    await telegram(server).moderator.moderate(Verb.BAN, COMMENT)
    assert [json.loads(request.content)["chat_id"] for request in server.requests] == [GROUP, -1010]
    with pytest.raises(Rejected):
        await telegram(server).moderator.moderate(Verb.DELETE, COMMENT)


# -- live posts ---------------------------------------------------------------------------------------------------


async def changed(ref: RemoteRef, part: Part, *answers: Any) -> tuple[list[tuple[str, Any]], RemoteRef]:
    seen: list[httpx.Request] = []
    left = list(answers)

    async def handler(request: httpx.Request) -> httpx.Response:
        await request.aread()
        seen.append(request)
        return left.pop(0) if left else httpx.Response(200, json=ok(message()))

    account = Account("telegram", SERVER, "@bakery", str(CHANNEL), FACTS)
    around = Surroundings(httpx.MockTransport(handler), clock=clock)
    client = TelegramClient(account, MemorySlot({"token": TOKEN}), around)
    wire = json.loads(json.dumps(await client.editor.prepare_edit(ref, part)))
    after = await client.editor.edit(ref, wire)
    return [(request.url.path.rpartition("/")[2], form(request)) for request in seen], after


async def test_an_edit_of_a_text() -> None:
    calls, after = await changed(POST, Part("<b>Bread</b>"))
    assert calls == [("editMessageText", {"chat_id": CHANNEL, "message_id": 7, "text": "<b>Bread</b>"})]
    assert after == POST
    same = refused(400, "Bad Request: message is not modified: specified new message content")
    assert (await changed(POST, Part("Bread"), same))[1] == POST
    with pytest.raises(NotFound):
        await changed(POST, Part("Bread"), refused(400, "Bad Request: message to edit not found"))


async def test_an_edit_of_an_album_uploads_only_what_is_new(tmp_path: Path) -> None:
    loaf, roll = picture(tmp_path, name="a"), picture(tmp_path, "JPEG", (40, 30), name="b")
    marks = ",".join(file.sha256[:16] for file in (loaf, roll))
    album = RemoteRef(f"{CHANNEL}/7", "", {"ids": "7,8", "shows": marks})

    calls, after = await changed(album, Part("Rolls", (loaf, roll)))
    assert calls == [("editMessageCaption", {"chat_id": CHANNEL, "message_id": 7, "caption": "Rolls"})]
    assert after == album

    calls, after = await changed(album, Part("Rolls", (loaf, loaf)))
    assert [method for method, _fields in calls] == ["editMessageCaption", "editMessageMedia"]
    fields = calls[1][1]
    assert json.loads(fields["media"]) == {"type": "photo", "media": "attach://file"}
    assert (fields["message_id"], fields["file"].data) == ("8", loaf.path.read_bytes())
    assert after.extra["shows"] == ",".join([loaf.sha256[:16]] * 2)

    calls, after = await changed(album, Part("Rolls", (loaf, roll), "food"))
    assert [json.loads(fields["media"])["has_spoiler"] for _method, fields in calls] == [True, True]
    assert json.loads(calls[0][1]["media"])["caption"] == "CW: food\n\nRolls"
    assert (await changed(after, Part("More", (loaf, roll), "food")))[0][0][0] == "editMessageCaption"


async def test_an_edit_of_what_was_sent_before_files_were_noted(tmp_path: Path) -> None:
    calls, after = await changed(RemoteRef(POST.id, "", {"ids": "7"}), Part("Bread", (picture(tmp_path),)))
    assert [method for method, _fields in calls] == ["editMessageMedia"]
    assert after.extra["shows"]
    assert (await changed(POST, Part("Bread", (picture(tmp_path),))))[0][0][0] == "editMessageMedia"


async def test_edits_that_telegram_does_not_make(tmp_path: Path) -> None:
    loaf = picture(tmp_path)
    album = RemoteRef(f"{CHANNEL}/7", "", {"ids": "7,8"})
    photo = RemoteRef(POST.id, "", {"ids": "7", "shows": loaf.sha256[:16]})
    asked = RemoteRef(POST.id, "", {"ids": "7", "shows": "poll"})
    for ref, part in (
        (album, Part("x", (loaf,))),
        (album, Part("x")),
        (photo, Part("x")),
        (photo, Part("x", (loaf,) * 2)),
    ):
        with pytest.raises(Rejected) as caught:
            await changed(ref, part)
        assert caught.value.field == "media"
    for ref, part in ((asked, Part("x")), (POST, Part("x", poll=Poll(("a", "b"), 60)))):
        with pytest.raises(Unsupported):
            await changed(ref, part)
    with pytest.raises(Unsupported):
        await changed(POST, Part("x", (media_file(tmp_path, "a.gif", b"GIF89a", "image/gif"),)))
    with pytest.raises(Rejected):
        await changed(RemoteRef("", ""), Part("x"))


@pytest.mark.parametrize(
    "part",
    [
        Part("", poll=Poll(("a", "b"), 60)),
        Part("x" * 301, poll=Poll(("a", "b"), 60)),
        Part("x", poll=Poll((), 60)),
        Part("x", poll=Poll(("a",) * 13, 60)),
        Part("x", poll=Poll(("a" * 101, "b"), 60)),
        Part("x", poll=Poll(("a", ""), 60)),
        Part("x", poll=Poll(("a", "b"), 4)),
        Part("x", poll=Poll(("a", "b"), 2_628_001)),
    ],
)
async def test_polls_that_telegram_does_not_take(part: Part) -> None:
    with pytest.raises(Rejected) as caught:
        await telegram(Server()).publisher.prepare(IDENTITY, part, root=None, parent=None)
    assert caught.value.field == "poll"


async def test_a_poll_with_a_picture(tmp_path: Path) -> None:
    part = Part("x", (picture(tmp_path),), poll=Poll(("a", "b"), 60))
    with pytest.raises(Rejected):
        await telegram(Server()).publisher.prepare(IDENTITY, part, root=None, parent=None)


async def test_unpinning_what_is_not_pinned() -> None:
    server = answering(unpinChatMessage=refused(400, "Bad Request: message to unpin not found"))
    await telegram(server).pinner.unpin(POST)
    with pytest.raises(NotFound):
        await telegram(answering(pinChatMessage=refused(400, "Bad Request: message to pin not found"))).pinner.pin(
            POST
        )


# -- the page -----------------------------------------------------------------------------------------------------

PHOTO = {
    "small_file_id": "a", "small_file_unique_id": "b", "big_file_id": "c", "big_file_unique_id": "AQADx",
}  # fmt: skip


async def test_the_profile() -> None:
    chat = {**CHAT, "description": "Bread", "photo": PHOTO, "pinned_message": message(5)}
    found = await telegram(answering(getChat=ok(chat))).profile_reader.read_profile()
    assert (found.name, found.description, found.url) == ("The Bakery", "Bread", "https://t.me/bakery")
    assert (found.avatar, found.pinned) == ("https://t.me/i/userpic/320/bakery.jpg#AQADx", f"{CHANNEL}/5")
    assert (found.website, found.links, found.cover) == (None, None, None)
    private = await telegram(answering(getChat=ok({"id": CHANNEL, "photo": PHOTO}))).profile_reader.read_profile()
    assert (private.avatar, private.url, private.pinned) == ("", "", "")


async def test_a_profile_that_is_as_it_shall_be() -> None:
    server = answering(
        getChat=ok(CHAT),
        setChatTitle=refused(400, "Bad Request: chat title is not modified"),
        setChatDescription=refused(400, "Bad Request: chat description is not modified"),
    )
    client = telegram(server)
    expected = await client.profile_reader.read_profile()
    change = ProfileChange(name="The Bakery", description="")
    assert await client.profile_writer.write_profile(change, expected=expected) == expected
    assert server.body(at("setChatDescription")) == {"chat_id": CHANNEL, "description": ""}


async def test_profiles_that_telegram_does_not_take(tmp_path: Path) -> None:
    server = answering(getChat=ok(CHAT))
    client = telegram(server)
    expected = await client.profile_reader.read_profile()
    webp, huge = picture(tmp_path, "WEBP"), media_file(tmp_path, "huge.png", b"x" * 10_000_001, "image/png")
    for change, field in (
        (ProfileChange(name="x" * 129), "name"),
        (ProfileChange(name=" "), "name"),
        (ProfileChange(description="x" * 256), "description"),
        (ProfileChange(avatar=webp), "avatar"),
        (ProfileChange(avatar=huge), "avatar"),
    ):
        with pytest.raises(Rejected) as caught:
            await client.profile_writer.write_profile(change, expected=expected)
        assert caught.value.field == field
    for change in (
        ProfileChange(website="https://x.example"),
        ProfileChange(links=()),
        ProfileChange(cover=picture(tmp_path)),
    ):
        with pytest.raises(Unsupported):
            await client.profile_writer.write_profile(change, expected=expected)
    assert len(server.requests) == 1


async def test_members() -> None:
    found = await telegram(answering(getChatMemberCount=ok("1204"))).metrics.of_page(NOW - DAY, NOW)
    assert [(reading.metric, reading.value, reading.at) for reading in found.values] == [
        (Metric.FOLLOWERS, 1204, NOW)
    ]
    told = await telegram(answering(getChatMemberCount=refused(403, "Forbidden: no"))).metrics.of_page(0, NOW)
    assert (told.values, list(told.missing)) == ((), [Metric.FOLLOWERS])
    with pytest.raises(Transient):
        await telegram(answering(getChatMemberCount=ok({}))).metrics.of_page(0, NOW)
    with pytest.raises(Transient):
        await telegram(answering(getChatMemberCount=httpx.Response(502))).metrics.of_page(0, NOW)
