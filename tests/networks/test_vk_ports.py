"""VK's ports of conversation, page and figures: every end of every call, and what is VK's own."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

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
from smm_tui.networks.community import Author, Item, ItemKind, Page, Verb
from smm_tui.networks.page import Metric, Profile, ProfileChange
from smm_tui.networks.ports import JSON, Account, Part, RemoteRef
from smm_tui.networks.vk.client import VkClient

from .support import NOW, MemorySlot, Pauses, Server, clock, media_file, picture

API, UPLOADS = "https://api.vk.example", "https://pu.vk.example"
COMMUNITY, USER = "community-secret", "user-secret"
IDENTITY = "0123456789abcdef0123456789abcdef"
POST = RemoteRef("-7_12", "https://vk.com/wall-7_12")
WHERE = {"owner": "-7", "post": "12", "comment": "13", "thread": "13"}
COMMENT = Item("-7_13", ItemKind.COMMENT, Author("5"), "Rye?", NOW, post_id="-7_12", extra=WHERE)
MENTION = Item("9_3", ItemKind.MENTION, Author("9"), "Us", NOW, extra={"owner": "9", "post": "3"})
MESSAGE = Item("im5_8", ItemKind.MESSAGE, Author("5"), "Open?", NOW, extra={"peer": "5", "message": "8"})
GROUP = {"id": 7, "name": "The Bakery", "screen_name": "bakery", "members_count": 3, "site": "https://b.example"}
ALL = (
    "photos",
    "videos",
    "reads",
    "mentions",
    "moderates",
    "bans",
    "messages",
    "manages",
    "administers",
    "statistics",
)
FACTS: JSON = {**dict.fromkeys(ALL, True), "posts_as": "user", "answers_as": "community"}
HTML = "<!doctype html><h1>nginx</h1>"


def ok(value: Any) -> JSON:
    return {"response": value}


def error(code: int, message: str = "No", **more: Any) -> JSON:
    return {"error": {"error_code": code, "error_msg": message, "request_params": [], **more}}


def comment(number: int, text: str = "Rye?", by: int = 5, **more: Any) -> JSON:
    return {"id": number, "from_id": by, "date": NOW // 1000, "text": text, "post_id": 12, "owner_id": -7, **more}


def message(number: int, text: str = "Open?", **more: Any) -> JSON:
    told = {"id": number, "from_id": 5, "peer_id": 5, "date": NOW // 1000, "text": text, "out": 0, "version": 1}
    return {**told, "conversation_message_id": number, **more}


def items(*entries: Any, **more: Any) -> JSON:
    return ok({"count": len(entries), "items": list(entries), **more})


def conversations(*last: JSON) -> JSON:
    return items(
        *(
            {
                "conversation": {"peer": {"id": each["peer_id"], "type": "user"}, "last_message_id": each["id"]},
                "last_message": each,
            }
            for each in last
        )
    )


WALL_POST = {"id": 12, "owner_id": -7, "from_id": -7, "date": NOW // 1000, "text": "Bread", "likes": {"count": 0}}
HEALTHY: dict[str, Any] = {
    "groups.getById": ok({"groups": [GROUP]}),
    "wall.get": items(WALL_POST),
    "wall.getById": items(WALL_POST),
    "wall.getComments": items(comment(13)),
    "wall.getComment": items(comment(13)),
    "wall.createComment": ok({"comment_id": 14}),
    "newsfeed.getMentions": items(),
    "messages.getConversations": conversations(),
    "messages.getHistory": items(message(8)),
    "messages.send": ok(9),
    "messages.delete": ok([{"message_id": 9, "response": 1}]),
    "wall.post": ok({"post_id": 15}),
    "wall.edit": ok({"post_id": 12}),
    "stats.get": ok([]),
    "stats.getPostReach": ok([{"post_id": 12, "reach_total": 5, "links": 0}]),
    "groups.addLink": ok({"id": 1}),
    "likes.add": ok({"likes": 1}),
    "likes.delete": ok({"likes": 0}),
}


def answering(**answers: Any) -> Server:
    """A healthy VK, but for some methods; their dots are written as underscores."""
    changed = [(name.replace("_", "."), value) for name, value in answers.items()]
    routes = {f"POST /method/{name}": [value] for name, value in HEALTHY.items()}
    for name in ("wall.pin", "wall.unpin", "wall.deleteComment", "wall.restoreComment", "wall.reportComment"):
        routes[f"POST /method/{name}"] = [ok(1)]
    for name in ("groups.ban", "groups.unban", "groups.edit", "wall.delete"):
        routes[f"POST /method/{name}"] = [ok(1)]
    routes |= {f"POST /method/{name}": told if isinstance(told, list) else [told] for name, told in changed}
    return Server(**routes)


def vk(server: Server, facts: JSON | None = None, *, user: str = USER, pause: Any = None) -> Client:
    account = Account("vk", API, "bakery", "7", FACTS if facts is None else facts)
    slot = MemorySlot({"token": COMMUNITY, "user_token": user})
    return VkClient(account, slot, Surroundings(server.transport, clock=clock, pause=pause or Pauses()))


def form(server: Server, method: str, index: int = -1) -> dict[str, str]:
    sent = dict(parse_qsl(server.seen(f"POST /method/{method}")[index].content.decode(), keep_blank_values=True))
    assert sent.pop("v") == "5.199"
    return sent


def count(server: Server, method: str) -> int:
    return len(server.seen(f"POST /method/{method}"))


async def answer(client: Client, to: Item | RemoteRef = COMMENT) -> RemoteRef:
    return await client.responder.send(IDENTITY, await client.responder.prepare(IDENTITY, to, Part("Yes")))


async def schedule(client: Client) -> RemoteRef:
    wire = await client.publisher.prepare(IDENTITY, Part("Later"), root=None, parent=None)
    return await client.scheduler.schedule(IDENTITY, wire, NOW + 3_600_000)


async def edit(client: Client) -> RemoteRef:
    return await client.editor.edit(POST, {"form": {"owner_id": "-7", "post_id": "12", "message": "Rolls"}})


async def rename(client: Client) -> Profile:
    expected = await vk(answering()).profile_reader.read_profile()
    return await client.profile_writer.write_profile(ProfileChange(name="Rolls"), expected=expected)


async def swept(client: Client, cursor: JSON | None = None, posts: tuple[RemoteRef, ...] = (POST,)) -> Page:
    """A whole round as one page."""
    found: list[Item] = []
    gone: list[str] = []
    for _step in range(30):
        page = await client.inbox.fetch(cursor, posts=posts)
        cursor = json.loads(json.dumps(page.cursor))
        found += page.items
        gone += page.gone
        if not page.more:
            return Page(tuple(found), cursor, gone=tuple(gone))
    raise AssertionError("the round does not end")


def moderated(verb: Verb) -> Callable[[Client], Awaitable[None]]:
    return lambda client: client.moderator.moderate(verb, COMMENT)


FOUND: JSON = {
    "method": "wall.createComment",
    "form": {"owner_id": "-7", "post_id": "12", "message": "Yes"},
    "thread": 0,
    "baseline": 13,
}
CALLS: dict[str, tuple[str, Callable[[Client], Awaitable[Any]]]] = {
    "comments": ("wall.getComments", lambda client: client.responder.find(IDENTITY, FOUND, taken=frozenset())),
    "mentions": ("newsfeed.getMentions", lambda client: swept(client, posts=())),
    "conversations": ("messages.getConversations", lambda client: swept(client, posts=())),
    "history": ("messages.getHistory", lambda client: client.inbox.conversation(MESSAGE)),
    "edit": ("wall.edit", edit),
    "pin": ("wall.pin", lambda client: client.pinner.pin(POST)),
    "unpin": ("wall.unpin", lambda client: client.pinner.unpin(POST)),
    "scheduled": ("wall.get", lambda client: client.scheduler.scheduled()),
    "like": ("likes.add", moderated(Verb.LIKE)),
    "unlike": ("likes.delete", moderated(Verb.UNLIKE)),
    "delete": ("wall.deleteComment", moderated(Verb.DELETE)),
    "report": ("wall.reportComment", moderated(Verb.REPORT)),
    "ban": ("groups.ban", moderated(Verb.BAN)),
    "take a message back": (
        "messages.delete",
        lambda client: client.responder.delete(RemoteRef("im5_8", "", {"peer": "5"})),
    ),
    "profile": ("groups.getById", lambda client: client.profile_reader.read_profile()),
    "rename": ("groups.edit", rename),
}
UNSAFE: dict[str, tuple[str, Callable[[Client], Awaitable[Any]]]] = {
    "comment": ("wall.createComment", answer),
    "message": ("messages.send", lambda client: answer(client, MESSAGE)),
    "schedule": ("wall.post", schedule),
}
CAPTCHA = {"captcha_sid": "1", "captcha_img": "https://api.vk.com/captcha.php?sid=1"}
# An answer, the error of a call that may be repeated, the error of one that may not.
ENDS: list[tuple[Any, type[NetworkError], type[NetworkError]]] = [
    (error(5, "invalid access_token"), AuthExpired, AuthExpired),
    (error(14, "Captcha needed", **CAPTCHA), AuthExpired, AuthExpired),
    (error(17, "Validation", redirect_uri="https://vk.com/check?x=1"), AuthExpired, AuthExpired),
    (error(6, "Too many requests per second"), RateLimited, RateLimited),
    (error(9, "Flood control"), RateLimited, RateLimited),
    (error(29, "Rate limit reached"), RateLimited, RateLimited),
    (error(7, "Permission denied"), Forbidden, Forbidden),
    (error(27, "Group authorization failed"), Forbidden, Forbidden),
    (error(1051, "Unavailable with this profile type"), Forbidden, Forbidden),
    (error(703, "You need to enable 2FA"), Forbidden, Forbidden),
    (error(3, "Unknown method passed"), Unsupported, Unsupported),
    (error(100, "wrong parameter"), Rejected, Rejected),
    (error(424242, "Something new"), Rejected, Rejected),
    (error(10, "Internal server error"), Transient, Ambiguous),
    ({"error": {"error_code": "6", "error_msg": 7}}, RateLimited, RateLimited),
    ({"error": {}}, Transient, Ambiguous),
    (httpx.Response(401, json=error(5)), AuthExpired, AuthExpired),
    (httpx.Response(403, json={}), Forbidden, Forbidden),
    (httpx.Response(409, json={}), Transient, Ambiguous),
    (httpx.Response(413, html=HTML), Rejected, Rejected),
    (httpx.Response(422, json={}), Rejected, Rejected),
    (httpx.Response(429, headers={"retry-after": "35"}), RateLimited, RateLimited),
    (httpx.Response(429, html="slow down"), RateLimited, RateLimited),
    (httpx.Response(500, json={}), Transient, Ambiguous),
    (httpx.Response(502, html=HTML), Transient, Ambiguous),
    (httpx.Response(200, html=HTML), Transient, Ambiguous),
    (httpx.Response(302, headers={"location": "https://evil.example/"}), Rejected, Rejected),
    (httpx.Response(200, content=b'{"respon', headers={"content-type": "application/json"}), Transient, Ambiguous),
    (httpx.Response(200, content=b" " * 9_000_000), Transient, Ambiguous),
    (httpx.Response(200, json=[]), Transient, Ambiguous),
    (httpx.Response(200, json={}), Transient, Ambiguous),
    (httpx.ReadTimeout("slow"), Transient, Ambiguous),
    (httpx.ReadError("reset"), Transient, Ambiguous),
    (httpx.ConnectError("no"), Transient, Transient),
]


@pytest.mark.parametrize("name", [*CALLS, *UNSAFE])
async def test_every_end_of_every_call(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each of them is one of the closed kinds, with a sentence, and shows no token."""
    caplog.set_level(logging.DEBUG)
    method, call = (CALLS | UNSAFE)[name]
    for end, safe, unsafe in ENDS:
        live = items({**WALL_POST, "is_pinned": int(name == "unpin")})
        server = answering(**{"wall_getById": live, method.replace(".", "_"): end})
        with pytest.raises(NetworkError) as caught:
            await call(vk(server))
        kind = safe if name in CALLS else unsafe
        assert isinstance(caught.value, kind), (name, end, caught.value)
        assert caught.value.message
        if "captcha" in str(end):
            assert CAPTCHA["captcha_img"] in caught.value.message
        limit = 2 if "27" in str(end) or "1051" in str(end) else 1  # once with each token at most
        assert count(server, method) <= limit, "nothing is tried in a loop"
        left = [repr(caught.value), caught.value.hint, *traceback.format_exception(caught.value)]
        assert COMMUNITY not in "\n".join(left)
        assert USER not in "\n".join(left)
    assert COMMUNITY not in caplog.text
    assert USER not in caplog.text


JUNK: tuple[Any, ...] = (None, "junk", 7, [], {}, {"items": 7}, {"items": None})


@pytest.mark.parametrize("name", ["comments", "mentions", "conversations", "history", "scheduled", "profile"])
async def test_answers_of_another_shape(name: str) -> None:
    method, call = CALLS[name]
    for junk in JUNK:
        if name == "scheduled" and junk == []:
            continue  # as older versions answer
        with pytest.raises(Transient):
            await call(vk(answering(**{method.replace(".", "_"): ok(junk)})))


class TestInbox:
    async def test_one_broken_entry_never_sinks_a_page(self) -> None:
        broken = [None, "x", {}, {"id": "y"}, comment(0), {**comment(15), "from_id": None}, {"id": 16, "from_id": []}]
        server = answering(wall_getComments=items(comment(13, "First"), *broken, comment(17, "Last")))
        server.routes["POST /method/messages.getConversations"] = [items({"conversation": 7}, None, {})]
        assert [item.text for item in (await swept(vk(server))).items] == ["First", "Last"]

    async def test_numbers_as_strings_and_new_fields(self) -> None:
        told = {**comment(13), "id": "13", "from_id": "5", "date": str(NOW // 1000), "novelty": {"x": 1}}
        (item,) = (await swept(vk(answering(wall_getComments=items(told))))).items
        assert (item.id, item.author.id, item.created_at) == ("-7_13", "5", NOW // 1000 * 1000)

    async def test_what_an_item_tells(self) -> None:
        sizes = [{"type": "s", "width": 75, "url": "https://x.example/s"}, {"width": 9, "url": "https://x.example/t"}]
        attachments = [
            {"type": "photo", "photo": {"id": 1, "owner_id": 5, "sizes": sizes}},
            {"type": "video", "video": {"id": 2, "owner_id": 5}},
            {"type": "link", "link": {"url": "javascript:alert(1)"}},
            {"type": "sticker", "sticker": {"images": [{"width": 64, "url": "https://x.example/sticker"}]}},
            {"type": "novelty", "novelty": {}},
        ]
        told = comment(
            14,
            "[id6|Ben], [club7|bakery] is good",
            parents_stack=[13],
            reply_to_comment=13,
            attachments=attachments,
            likes={"count": 1, "user_likes": 0, "group_liked": True},
        )
        who = {"id": 5, "first_name": "Ann", "last_name": "Berg", "screen_name": "ann"}
        answers = items(told, profiles=[who], groups=[])
        (item,) = (await swept(vk(answering(wall_getComments=answers)))).items
        assert item.text == "Ben, bakery is good"
        assert item.author == Author("5", "ann", "Ann Berg", "https://vk.com/ann")
        assert (item.parent_id, item.thread_id, item.liked) == ("-7_13", "-7_13", True)
        assert item.url == "https://vk.com/wall-7_12?reply=14&thread=13"
        assert item.attachments == (
            "https://x.example/s",
            "https://vk.com/video5_2",
            "link",
            "https://x.example/sticker",
            "novelty",
        )

    async def test_closed_comments_stop_nothing(self) -> None:
        server = answering(wall_getComments=error(212, "Access to post comments denied"))
        server.routes["POST /method/messages.getConversations"] = [conversations(message(8))]
        assert [item.kind for item in (await swept(vk(server))).items] == [ItemKind.MESSAGE]

    async def test_long_threads_are_read_to_their_end(self) -> None:
        first = comment(13, thread={"count": 120, "items": [comment(20 + n, f"a{n}") for n in range(10)]})

        def pages(request: httpx.Request) -> httpx.Response:
            asked = dict(parse_qsl(request.content.decode()))
            offset = int(asked["offset"])
            thread = [comment(20 + n, f"a{n}") for n in range(120)][offset : offset + 100]
            return httpx.Response(
                200, json=items(*(thread if "comment_id" in asked else [first] if not offset else []))
            )

        found = (await swept(vk(answering(wall_getComments=pages)))).items
        assert {item.text for item in found} == {"Rye?", *(f"a{n}" for n in range(120))}
        assert {item.thread_id for item in found} == {"-7_13"}

    async def test_a_deletion_is_believed_only_after_a_look(self) -> None:
        client = vk(answering(wall_getComments=items(comment(13), comment(14))))
        cursor = (await swept(client)).cursor
        shifted = answering(wall_getComments=items(comment(13)), wall_getComment=items(comment(14)))
        page = await swept(vk(shifted), cursor)
        assert (page.gone, len(page.items)) == ((), 2)
        gone = answering(wall_getComments=items(comment(13)), wall_getComment=error(15, "Access denied"))
        page = await swept(vk(gone), page.cursor)
        assert page.gone == ("-7_14",)
        assert (await swept(vk(gone), page.cursor)).gone == ()

    async def test_only_new_and_young_messages_are_read(self) -> None:
        old: JSON = {"date": NOW // 1000 - 3 * 86_400}
        server = answering(messages_getConversations=conversations(message(8, **old)))
        server.routes["POST /method/messages.getHistory"] = [items(message(8, **old))]
        first = await swept(vk(server), posts=())
        assert [item.id for item in first.items] == ["im5_8"]
        again = await swept(vk(server), first.cursor, posts=())
        assert again.items == ()
        assert count(server, "messages.getHistory") == 1
        assert form(server, "messages.getHistory")["group_id"] == "7"

    async def test_chats_are_no_direct_messages(self) -> None:
        chat = message(8, peer_id=2_000_000_001)
        assert (await swept(vk(answering(messages_getConversations=conversations(chat))))).items[1:] == ()

    async def test_a_cursor_of_another_form_begins_anew(self) -> None:
        page = await vk(answering()).inbox.fetch({"since": 5}, posts=[POST])
        assert [item.id for item in page.items] == ["-7_13"]

    async def test_what_the_tokens_cannot_read_is_not_asked_for(self) -> None:
        server = answering()
        facts = {**dict.fromkeys(ALL, False), "posts_as": "community", "answers_as": "community"}
        assert await vk(server, facts, user="").inbox.fetch(None, posts=[POST])
        assert server.requests == []

    async def test_people_without_names_are_still_there(self) -> None:
        told = {"id": 3, "owner_id": 9, "from_id": 9, "date": NOW // 1000, "text": "[club7|Bakery] hi"}
        server = answering(newsfeed_getMentions=[items(told), items()], users_get=error(10), groups_getById=ok([]))
        with pytest.raises(Transient):
            await swept(vk(server), posts=())
        server = answering(newsfeed_getMentions=[items(told), items()], users_get=error(18))
        (item,) = (await swept(vk(server), posts=())).items
        assert (item.author.handle, item.text, item.url) == ("id9", "Bakery hi", "https://vk.com/wall9_3")


class TestAnswers:
    async def test_a_message_goes_with_a_number_of_its_own(self) -> None:
        server = answering(messages_getHistory=items(message(9, "Yes", out=1, random_id=1)))
        client = vk(server)
        wire = await client.responder.prepare(IDENTITY, MESSAGE, Part("Yes"))
        number = wire["form"]["random_id"]
        assert (await client.responder.send(IDENTITY, wire)).id == "im5_9"
        assert await client.responder.find(IDENTITY, wire, taken=frozenset()) is None
        server.routes["POST /method/messages.getHistory"] = [items(message(9, "Yes", out=1, random_id=int(number)))]
        found = await client.responder.find(IDENTITY, wire, taken=frozenset())
        assert found is not None
        assert found.id == "im5_9"
        assert server.seen("POST /method/messages.send")[0].headers["authorization"] == f"Bearer {COMMUNITY}"

    @pytest.mark.parametrize(
        ("code", "kind"), [(901, Forbidden), (902, Forbidden), (950, Forbidden), (914, Rejected)]
    )
    async def test_people_who_cannot_be_written_to(self, code: int, kind: type[NetworkError]) -> None:
        with pytest.raises(kind):
            await answer(vk(answering(messages_send=error(code))), MESSAGE)

    async def test_a_first_comment(self) -> None:
        server = answering()
        ref = await answer(vk(server), POST)
        assert (ref.id, ref.url) == ("-7_14", "https://vk.com/wall-7_12?reply=14")
        sent = form(server, "wall.createComment")
        assert sent == {"owner_id": "-7", "post_id": "12", "from_group": "7", "guid": IDENTITY, "message": "Yes"}

    async def test_an_answer_to_a_mention_goes_with_the_user_token(self) -> None:
        server = answering()
        await answer(vk(server), MENTION)
        assert server.seen("POST /method/wall.createComment")[0].headers["authorization"] == f"Bearer {USER}"

    async def test_nobody_may_look(self) -> None:
        client = vk(answering(), {**FACTS, "reads": False})
        wire = await client.responder.prepare(IDENTITY, COMMENT, Part("Yes"))
        assert wire["baseline"] is None
        with pytest.raises(Unsupported):
            await client.responder.find(IDENTITY, wire, taken=frozenset())

    async def test_nobody_may_write(self) -> None:
        with pytest.raises(Forbidden):
            await answer(vk(answering(), {**FACTS, "answers_as": ""}))

    async def test_a_message_that_is_too_old_to_be_taken_back(self) -> None:
        told = ok(
            [{"message_id": 8, "error": {"code": 924, "description": "Can't delete this message for everybody"}}]
        )
        with pytest.raises(Rejected, match="for everybody"):
            await vk(answering(messages_delete=told)).responder.delete(RemoteRef("im5_8", "", {"peer": "5"}))

    async def test_one_that_is_gone_is_taken_back(self) -> None:
        told = ok([{"message_id": 99, "error": {"code": 100, "description": "Message not found"}}])
        await vk(answering(messages_delete=told)).responder.delete(RemoteRef("im5_99", "", {"peer": "5"}))


class TestModeration:
    async def test_bans(self) -> None:
        server = answering()
        await vk(server).moderator.moderate(Verb.BAN, COMMENT, until=NOW + 86_400_000, reason="rude")
        sent = form(server, "groups.ban")
        assert sent == {
            "group_id": "7",
            "owner_id": "5",
            "end_date": str(NOW // 1000 + 86_400),
            "reason": "0",
            "comment": "rude",
            "comment_visible": "0",
        }
        await vk(server).moderator.moderate(Verb.BAN, MESSAGE)
        assert "end_date" not in form(server, "groups.ban")

    @pytest.mark.parametrize("looked", [ok({"count": 1, "items": []}), error(15)])
    async def test_one_who_cannot_be_let_in_again(self, looked: JSON) -> None:
        server = answering(groups_unban=error(15), groups_getBanned=looked)
        with pytest.raises(Forbidden):
            await vk(server).moderator.moderate(Verb.UNBAN, COMMENT)

    @pytest.mark.parametrize("code", [15, 100, 104])
    async def test_deleted_before(self, code: int) -> None:
        server = answering(wall_deleteComment=error(code), wall_getComment=error(15))
        await vk(server).moderator.moderate(Verb.DELETE, COMMENT)

    async def test_restoring(self) -> None:
        await vk(answering(wall_restoreComment=error(243))).moderator.moderate(Verb.RESTORE, COMMENT)
        server = answering(wall_restoreComment=error(15), wall_getComment=error(15))
        with pytest.raises(Forbidden):
            await vk(server).moderator.moderate(Verb.RESTORE, COMMENT)

    @pytest.mark.parametrize("verb", [Verb.DELETE, Verb.RESTORE, Verb.REPORT])
    @pytest.mark.parametrize("item", [MENTION, MESSAGE])
    async def test_only_comments(self, verb: Verb, item: Item) -> None:
        server = answering()
        with pytest.raises(Unsupported):
            await vk(server).moderator.moderate(verb, item)
        assert server.requests == []

    @pytest.mark.parametrize(("words", "code"), [("insult", "6"), ("Spam", "0"), ("something else", "0")])
    async def test_reasons_of_reports(self, words: str, code: str) -> None:
        server = answering()
        await vk(server).moderator.moderate(Verb.REPORT, COMMENT, reason=words)
        assert form(server, "wall.reportComment")["reason"] == code


class TestPosts:
    @pytest.mark.parametrize("code", [15, 100, 104])
    async def test_an_edit_of_what_is_gone(self, code: int) -> None:
        with pytest.raises(NotFound):
            await edit(vk(answering(wall_edit=error(code), wall_getById=items())))

    async def test_a_postponed_post_keeps_its_time(self) -> None:
        live = {**WALL_POST, "post_type": "postpone", "date": 1_900_000_000}
        wire = await vk(answering(wall_getById=items(live))).editor.prepare_edit(POST, Part("Rolls"))
        assert wire["form"]["publish_date"] == "1900000000"

    async def test_a_slot_that_is_taken(self) -> None:
        refused = error(214, "Access to adding post denied: a post is already scheduled for this time")
        with pytest.raises(Rejected) as caught:
            await schedule(vk(answering(wall_post=refused)))
        assert caught.value.field == "at"

    @pytest.mark.parametrize(("pinned", "method"), [(1, "pin"), (0, "unpin")])
    async def test_pinned_already(self, pinned: int, method: str) -> None:
        live = items({**WALL_POST, "is_pinned": pinned})
        server = answering(**{f"wall_{method}": error(15), "wall_getById": live})
        await getattr(vk(server).pinner, method)(POST)


class TestPage:
    async def test_a_picture_leaves_no_post(self, tmp_path: Path) -> None:
        server = answering(
            photos_getOwnerPhotoUploadServer=ok({"upload_url": f"{UPLOADS}/up"}),
            photos_saveOwnerPhoto=ok({"photo_hash": "h", "photo_src": "x", "post_id": 44}),
        ).on("POST /up", {"server": 3, "photo": "x", "hash": "h"})
        expected = await vk(server).profile_reader.read_profile()
        await vk(server).profile_writer.write_profile(ProfileChange(avatar=picture(tmp_path)), expected=expected)
        assert form(server, "wall.delete") == {"owner_id": "-7", "post_id": "44"}
        (upload,) = server.seen("POST /up")
        assert "authorization" not in upload.headers

    async def test_a_cover_that_is_no_picture(self, tmp_path: Path) -> None:
        server = answering(photos_getOwnerCoverPhotoUploadServer=ok({"upload_url": f"{UPLOADS}/up"})).on(
            "POST /up", {"photo": "", "hash": ""}
        )
        expected = await vk(server).profile_reader.read_profile()
        change = ProfileChange(cover=media_file(tmp_path, "x.png", b"x", "image/png"))
        with pytest.raises(Rejected) as caught:
            await vk(server).profile_writer.write_profile(change, expected=expected)
        assert caught.value.field == "media"
        assert count(server, "photos.saveOwnerCoverPhoto") == 0

    async def test_links_are_brought_into_their_order(self) -> None:
        def link(number: int, host: str, text: str) -> JSON:
            return {"id": number, "url": f"https://{host}.example/", "desc": text}

        before, after = [link(1, "a", "A"), link(2, "b", "B")], [link(2, "b", "C"), link(3, "d", "D")]
        group = [*[{**GROUP, "links": before}] * 3, {**GROUP, "links": after[:1]}, *[{**GROUP, "links": after}] * 2]
        server = answering(groups_getById=[ok({"groups": [each]}) for each in group])
        for name in ("deleteLink", "editLink", "reorderLink"):
            server.on(f"POST /method/groups.{name}", ok(1))
        client = vk(server)
        expected = await client.profile_reader.read_profile()
        links = (("D", "https://d.example/"), ("C", "https://b.example/"))
        await client.profile_writer.write_profile(ProfileChange(links=links), expected=expected)
        assert form(server, "groups.deleteLink")["link_id"] == "1"
        assert form(server, "groups.editLink") == {"group_id": "7", "link_id": "2", "text": "C"}
        assert form(server, "groups.addLink") == {"group_id": "7", "link": "https://d.example/", "text": "D"}
        assert [form(server, "groups.reorderLink", n)["link_id"] for n in range(2)] == ["3", "2"]

    async def test_figures_that_are_zero_are_told_and_those_that_are_absent_are_not(self) -> None:
        readings = await vk(answering()).metrics.of_post(POST)
        values = {reading.metric: reading.value for reading in readings.values}
        assert values == {Metric.LIKES: 0, Metric.REACH: 5, Metric.CLICKS: 0}
        assert set(readings.missing) == {Metric.VIEWS, Metric.REPLIES, Metric.REPOSTS}

    async def test_days(self) -> None:
        start = NOW // 1000 - 86_400
        day = {"period_from": start, "period_to": start + 86_399, "activity": {"subscribed": 2, "likes": "3"}}
        older = {"period_from": "2025-10-01", "period_to": "2025-10-02", "reach": {"reach": 9}}
        readings = await vk(answering(stats_get=ok([day, older, None, {}, {"period_from": 5}]))).metrics.of_page(
            0, NOW
        )
        told = {(reading.metric, reading.value) for reading in readings.values if reading.since is not None}
        assert told == {(Metric.FOLLOWED, 2), (Metric.LIKES, 3), (Metric.REACH, 9)}
        assert Metric.UNFOLLOWED in readings.missing

    async def test_without_a_right_to_statistics(self) -> None:
        readings = await vk(answering(stats_get=error(7, "Permission denied"))).metrics.of_page(0, NOW)
        assert [reading.metric for reading in readings.values] == [Metric.FOLLOWERS]
        assert "Permission denied" in readings.missing[Metric.REACH]


class TestPace:
    class Rates:
        """Lets every second call wait once."""

        def __init__(self) -> None:
            self.taken: list[tuple[str, int, float]] = []

        def take(self, bucket: str, limit: int, window: float) -> float:
            self.taken.append((bucket, limit, window))
            return 0.25 if len(self.taken) % 2 else 0.0

        def learn(self, bucket: str, remaining: int, resets_at: int) -> None:
            raise AssertionError("VK tells nothing")

    async def test_all_processes_share_it(self) -> None:
        rates, pauses, server = self.Rates(), Pauses(), answering()
        slot = MemorySlot({"token": COMMUNITY, "user_token": USER})
        around = Surroundings(server.transport, clock=clock, pause=pauses, rates=rates)
        client = VkClient(Account("vk", API, "bakery", "7", FACTS), slot, around)
        await client.profile_reader.read_profile()
        await client.inbox.conversation(MESSAGE)
        assert pauses.total == pytest.approx(0.5)
        assert [(limit, window) for _bucket, limit, window in rates.taken] == [(3, 1.0)] * 2 + [(20, 1.0)] * 2
        assert not any(COMMUNITY in bucket or USER in bucket for bucket, _limit, _window in rates.taken)
