"""Bluesky beyond publishing: what is sent, what every bad answer becomes, and that the lexicons allow all of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.clock import Instant
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
from smm_tui.networks.bluesky.client import BlueskyClient
from smm_tui.networks.bluesky.mapping import key_for
from smm_tui.networks.bluesky.video import SERVICE
from smm_tui.networks.community import Author, Item, ItemKind, Verb
from smm_tui.networks.page import Metric, Profile, ProfileChange
from smm_tui.networks.ports import Account, Capability, LinkCard, Part, RemoteRef
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.bluesky import audience
from smm_tui.sandbox.world import World
from tests.support.lexicon import input_errors, output_errors, query_errors

from .people import sweep
from .stage import FILM, Recorder, Stage, WorldClock, open_world
from .support import (
    BLUESKY,
    NOW,
    MemorySlot,
    Pauses,
    Server,
    media_file,
    picture,
    session_values,
    xrpc_error,
)

OWN = "did:plc:ann"
BOB = "did:plc:bob"
TID = "3kabcdefghijk"
POST = f"at://{OWN}/app.bsky.feed.post/{TID}"
COMMENT = f"at://{BOB}/app.bsky.feed.post/3kabcdefghijx"
CONVO = "3convo"
FACTS = {"pds": BLUESKY, "messages": True, "video": True}
REF = RemoteRef(POST, "", {"cid": "bafypost"})
STORED = {"uri": POST, "cid": "bafypost", "value": {"$type": "app.bsky.feed.post", "text": "Hi"}}
ITEM = Item(
    id=COMMENT,
    kind=ItemKind.COMMENT,
    author=Author(BOB, "bob.example", "Bob"),
    text="Rye?",
    created_at=NOW,
    post_id=POST,
    thread_id=POST,
    extra={"cid": "bafycomment", "root": POST, "root_cid": "bafypost"},
)
MESSAGE = Item("3m", ItemKind.MESSAGE, Author(BOB), "Hello", NOW, thread_id=CONVO, extra={"convo": CONVO})
AUTHOR = {"did": BOB, "handle": "bob.example", "displayName": "Bob"}
STRONG = {"uri": POST, "cid": "bafypost"}
RECORD = {"text": "Rye?", "createdAt": "2025-10-09T08:50:00.000Z", "reply": {"root": STRONG, "parent": STRONG}}
VIEW = {
    "uri": COMMENT,
    "cid": "bafycomment",
    "author": AUTHOR,
    "record": RECORD,
    "indexedAt": "2025-10-09T08:50:00.000Z",
    "viewer": {},
}
CHATTED = {"id": "3m", "rev": "3m", "text": "Hello", "sender": {"did": BOB}, "sentAt": "2025-10-09T08:50:00.000Z"}
BLOB = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/png", "size": 9}


def get(method: str) -> str:
    return f"GET /xrpc/{method}"


def post(method: str) -> str:
    return f"POST /xrpc/{method}"


LIST, GET, PUT, DELETE = (
    get("com.atproto.repo.listRecords"),
    get("com.atproto.repo.getRecord"),
    post("com.atproto.repo.putRecord"),
    post("com.atproto.repo.deleteRecord"),
)
NOTICES, POSTS, THREAD = (
    get("app.bsky.notification.listNotifications"),
    get("app.bsky.feed.getPosts"),
    get("app.bsky.feed.getPostThread"),
)
LOG, CONVOS, CONVO_OF, MESSAGES = (
    get(f"chat.bsky.convo.{name}") for name in ("getLog", "listConvos", "getConvo", "getMessages")
)
SEND, UNSEND = post("chat.bsky.convo.sendMessage"), post("chat.bsky.convo.deleteMessageForSelf")
WHO, MUTE, REPORT = (
    get("app.bsky.actor.getProfile"),
    post("app.bsky.graph.muteActor"),
    post("com.atproto.moderation.createReport"),
)
UPLOAD = post("com.atproto.repo.uploadBlob")
SERVICE_TOKEN = get("com.atproto.server.getServiceAuth")
UPLOAD_VIDEO, JOB = post("app.bsky.video.uploadVideo"), get("app.bsky.video.getJobStatus")
REFRESH = post("com.atproto.server.refreshSession")


def a_server() -> Server:
    """Everything goes well."""
    good: dict[str, Any] = {
        LIST: {"records": []},
        GET: STORED,
        PUT: {"uri": POST, "cid": "bafynew"},
        DELETE: {},
        NOTICES: {"notifications": [{**VIEW, "reason": "reply", "isRead": False}]},
        POSTS: {"posts": [VIEW]},
        THREAD: {"thread": {"post": VIEW, "replies": []}},
        LOG: {"logs": [], "cursor": "3a"},
        CONVOS: {"convos": [{"id": CONVO, "members": [AUTHOR]}]},
        CONVO_OF: {"convo": {"id": CONVO, "members": [AUTHOR]}},
        MESSAGES: {"messages": [CHATTED]},
        SEND: CHATTED,
        UNSEND: CHATTED,
        WHO: {**AUTHOR, "followersCount": 3},
        MUTE: {},
        REPORT: {"id": 1},
        UPLOAD: {"blob": BLOB},
        SERVICE_TOKEN: {"token": "service-token"},
        UPLOAD_VIDEO: {"jobStatus": {"jobId": "j", "did": OWN, "state": "JOB_STATE_CREATED"}},
        JOB: {"jobStatus": {"jobId": "j", "did": OWN, "state": "JOB_STATE_COMPLETED", "blob": BLOB}},
    }
    return Server(**{route: [answer] for route, answer in good.items()})


@dataclass
class Rates:
    """The pace that processes share, watched."""

    wait: float = 0
    taken: list[tuple[str, int, float]] = field(default_factory=list)
    learned: list[tuple[str, int, Instant]] = field(default_factory=list)

    def take(self, bucket: str, limit: int, window: float) -> float:
        self.taken.append((bucket, limit, window))
        return self.wait

    def learn(self, bucket: str, remaining: int, resets_at: Instant) -> None:
        self.learned.append((bucket, remaining, resets_at))


def bluesky(server: Server, *, rates: Rates | None = None, **facts: Any) -> BlueskyClient:
    account = Account("bluesky", BLUESKY, "ann.bsky.example", OWN, {**FACTS, **facts})
    around = Surroundings(server.transport, clock=lambda: NOW, pause=Pauses(), rates=rates)
    return BlueskyClient(account, MemorySlot(session_values()), around)


async def chat_history(client: BlueskyClient) -> object:
    return await client.inbox.fetch(None, posts=())


async def chat_log(client: BlueskyClient) -> object:
    return await client.inbox.fetch({"chat": {"log": "3a"}}, posts=())


async def film(client: BlueskyClient, folder: Path) -> object:
    part = Part("Film", (media_file(folder, "f.mp4", FILM, "video/mp4"),))
    return await client.publisher.prepare(TID, part, root=None, parent=None)


async def avatar(client: BlueskyClient, folder: Path) -> object:
    change = ProfileChange(name="Ann", avatar=picture(folder))
    return await client.profile_writer.write_profile(change, expected=Profile(revision="bafypost"))


WIRE = {"repo": OWN, "collection": "app.bsky.feed.post", "rkey": TID, "record": {}, "swapRecord": None}
CHAT_WIRE = {"convoId": CONVO, "message": {"text": "Hello"}, "at": "2025-10-09T08:53:20Z"}
IN_CHAT = RemoteRef("3m", "", {"convo": CONVO})
Operation = Callable[[BlueskyClient, Path], Awaitable[object]]
OPERATIONS: dict[str, tuple[str, Operation]] = {
    "notifications": (NOTICES, lambda client, _: client.inbox.fetch(None, posts=())),
    "likes": (POSTS, lambda client, _: client.inbox.fetch(None, posts=())),
    "gates": (LIST, lambda client, _: client.inbox.fetch(None, posts=())),
    "log": (LOG, lambda client, _: chat_log(client)),
    "chats": (CONVOS, lambda client, _: chat_history(client)),
    "chat": (MESSAGES, lambda client, _: chat_history(client)),
    "thread": (THREAD, lambda client, _: client.inbox.conversation(ITEM)),
    "gate": (GET, lambda client, _: client.inbox.conversation(ITEM)),
    "members": (CONVO_OF, lambda client, _: client.inbox.conversation(MESSAGE)),
    "like": (PUT, lambda client, _: client.moderator.moderate(Verb.LIKE, ITEM)),
    "unlike": (DELETE, lambda client, _: client.moderator.moderate(Verb.UNLIKE, ITEM)),
    "other like": (POSTS, lambda client, _: client.moderator.moderate(Verb.UNLIKE, ITEM)),
    "ban": (PUT, lambda client, _: client.moderator.moderate(Verb.BAN, ITEM)),
    "unban": (WHO, lambda client, _: client.moderator.moderate(Verb.UNBAN, ITEM)),
    "mute": (MUTE, lambda client, _: client.moderator.moderate(Verb.MUTE, ITEM)),
    "report": (REPORT, lambda client, _: client.moderator.moderate(Verb.REPORT, ITEM, reason="Spam")),
    "hide, read": (GET, lambda client, _: client.moderator.moderate(Verb.HIDE, ITEM)),
    "hide, write": (PUT, lambda client, _: client.moderator.moderate(Verb.HIDE, ITEM)),
    "profile": (GET, lambda client, _: client.profile_reader.read_profile()),
    "new profile": (PUT, avatar),
    "avatar": (UPLOAD, avatar),
    "pin": (PUT, lambda client, _: client.pinner.pin(REF)),
    "post's figures": (POSTS, lambda client, _: client.metrics.of_post(REF)),
    "page's figures": (WHO, lambda client, _: client.metrics.of_page(0, NOW)),
    "comment": (GET, lambda client, _: client.responder.prepare(TID, REF, Part("First!"))),
    "answer": (PUT, lambda client, _: client.responder.send(TID, WIRE)),
    "take back": (DELETE, lambda client, _: client.responder.delete(REF)),
    "message": (SEND, lambda client, _: client.responder.send("x", CHAT_WIRE)),
    "find message": (MESSAGES, lambda client, _: client.responder.find("x", CHAT_WIRE, taken=frozenset())),
    "remove message": (UNSEND, lambda client, _: client.responder.delete(IN_CHAT)),
    "video token": (SERVICE_TOKEN, film),
    "video": (UPLOAD_VIDEO, film),
    "video job": (JOB, film),
}
UNSAFE = {"answer", "message"}
ABSENCE_IS_DONE = {"unlike", "take back", "remove message"}  # what is gone need not be removed
BODYLESS = {"mute", "unlike", "take back", "report", "remove message"}  # nothing is read of the answer

REFUSALS: list[tuple[Any, type[NetworkError]]] = [
    (xrpc_error("ExpiredToken"), AuthExpired),
    (xrpc_error("InvalidToken", "Token could not be verified"), AuthExpired),
    (xrpc_error("InvalidToken", "Bad token method"), Forbidden),
    (xrpc_error("AuthMissing", status=401), AuthExpired),
    (xrpc_error("AccountTakedown", status=401), Forbidden),
    (xrpc_error("Forbidden", status=403), Forbidden),
    (xrpc_error("XRPCNotSupported", status=404), NotFound),
    (xrpc_error("PayloadTooLarge", status=413), Rejected),
    (xrpc_error("InvalidRequest", "unknown enum"), Rejected),
    (xrpc_error("Unprocessable", status=422), Rejected),
    (xrpc_error("RateLimitExceeded", status=429, retry_after="7"), RateLimited),
    (xrpc_error("RateLimitExceeded", status=429), RateLimited),
    (xrpc_error("MethodNotImplemented", status=501), Unsupported),
    (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), Rejected),
    (httpx.ConnectError("x"), Transient),
]
UNCLEAR: list[Any] = [
    xrpc_error("InternalServerError", status=500),
    xrpc_error("UpstreamFailure", status=502),
    xrpc_error("NotEnoughResources", status=503),
    httpx.ReadTimeout("x"),
    httpx.RemoteProtocolError("x"),
    httpx.Response(200, content=b" " * (9 * 1024 * 1024)),
]
UNREADABLE: list[Any] = [
    httpx.Response(200, content=b'{"uri": "at', headers={"content-type": "application/json"}),
    httpx.Response(200, html="<html>"),
    [],
    "text",
    7,
]


@pytest.mark.parametrize("name", OPERATIONS)
class TestBadAnswers:
    async def run(self, name: str, answer: Any, folder: Path) -> Server:
        route, operation = OPERATIONS[name]
        server = a_server().on(route, answer).on(REFRESH, xrpc_error("ExpiredToken"))
        server.on(post("com.atproto.server.createSession"), xrpc_error("AuthenticationRequired", status=401))
        await operation(bluesky(server), folder)
        return server

    async def test_what_certainly_was_not_done(self, name: str, tmp_path: Path) -> None:
        for answer, kind in REFUSALS:
            if kind is NotFound and name in ABSENCE_IS_DONE:
                await self.run(name, answer, tmp_path)
                continue
            with pytest.raises(kind) as caught:
                await self.run(name, answer, tmp_path)
            assert caught.value.message
            assert "secret" not in f"{caught.value!r} {caught.value.hint}"

    async def test_what_may_have_been_done(self, name: str, tmp_path: Path) -> None:
        for answer in UNCLEAR:
            with pytest.raises(Ambiguous if name in UNSAFE else Transient):
                await self.run(name, answer, tmp_path)

    async def test_what_cannot_be_read(self, name: str, tmp_path: Path) -> None:
        for answer in UNREADABLE:
            if name in BODYLESS and not isinstance(answer, httpx.Response):
                await self.run(name, answer, tmp_path)  # it is done, whatever is said of it
                continue
            with pytest.raises(Ambiguous if name in UNSAFE else Transient):
                await self.run(name, answer, tmp_path)

    async def test_more_than_was_asked_for(self, name: str, tmp_path: Path) -> None:
        route, _operation = OPERATIONS[name]
        (good,) = a_server().routes[route]
        await self.run(name, {**good, "new": [1], "$type": "x"}, tmp_path)


class TestInbox:
    async def test_numbers_that_are_texts_and_kinds_that_are_new(self) -> None:
        odd = [
            {**VIEW, "reason": "waved-at", "uri": COMMENT + "a"},
            {**VIEW, "reason": "reply", "indexedAt": 7, "uri": COMMENT + "b"},
            {**VIEW, "reason": "reply", "author": {"did": 7}, "uri": COMMENT + "c"},
            {**VIEW, "reason": "reply", "record": {"text": None}, "uri": COMMENT + "d"},
            {**VIEW, "reason": "reply", "uri": "https://example.com"},
            {**VIEW, "reason": "reply"},
            {**VIEW, "reason": "mention"},
        ]
        server = a_server().on(NOTICES, {"notifications": odd})
        page = await bluesky(server).inbox.fetch(None, posts=())
        assert [item.id for item in page.items if item.kind is ItemKind.COMMENT] == [COMMENT + "b", COMMENT]

    async def test_a_walk_goes_down_to_what_is_known(self) -> None:
        def at(minute: int, number: int) -> dict[str, Any]:
            when = f"2025-10-09T08:{minute:02d}:00.000Z"
            return {**VIEW, "reason": "reply", "uri": f"{COMMENT}{number}", "indexedAt": when}

        first = {"notifications": [at(50, 3), at(40, 2)], "cursor": "a"}
        server = a_server().on(NOTICES, first, {"notifications": [at(30, 1)], "cursor": "b"})
        server.on(POSTS, lambda request: httpx.Response(
            200, json={"posts": [{"uri": uri} for uri in request.url.params.get_list("uris")]}
        ))  # fmt: skip
        client = bluesky(server, messages=False)
        page = await client.inbox.fetch(None, posts=())
        assert page.more
        page = await client.inbox.fetch(json.loads(json.dumps(page.cursor)), posts=())
        assert page.more  # the server says that there is more
        server.on(NOTICES, {"notifications": []})
        page = await client.inbox.fetch(page.cursor, posts=())
        assert not page.more
        server.on(NOTICES, {"notifications": [at(52, 4), at(39, 2)], "cursor": "c"})
        page = await client.inbox.fetch(page.cursor, posts=())
        assert [item.id for item in page.items] == [f"{COMMENT}4", f"{COMMENT}2"]
        assert not page.more, "eleven minutes below the newest known one is far enough"
        assert set(page.cursor["posts"]["known"]) == {f"{COMMENT}{number}" for number in (1, 2, 3, 4)}

    async def test_what_is_not_shown_is_not_always_gone(self) -> None:
        """Posts of blocked people are there, but not shown."""
        server = a_server().on(POSTS, {"posts": []})
        assert (await bluesky(server).inbox.fetch(None, posts=())).gone == ()
        server.on(GET, xrpc_error("RecordNotFound"))
        page = await bluesky(server, messages=False).inbox.fetch(None, posts=())
        assert (page.gone, page.items) == ((COMMENT,), ())

    async def test_without_the_right_no_chat_is_asked(self) -> None:
        server = a_server()
        await bluesky(server, messages=False).inbox.fetch(None, posts=())
        assert not [request for request in server.requests if "chat." in request.url.path]

    async def test_chat_calls_name_their_service(self) -> None:
        server = a_server()
        await bluesky(server).inbox.fetch(None, posts=())
        for route in (LOG, CONVOS, MESSAGES):
            assert server.seen(route)[0].headers["atproto-proxy"] == "did:web:api.bsky.chat#bsky_chat"

    async def test_messages_taken_away(self) -> None:
        gone = {"$type": "chat.bsky.convo.defs#logDeleteMessage", "convoId": CONVO, "message": {"id": "3m"}}
        new = {"$type": "chat.bsky.convo.defs#logCreateMessage", "convoId": CONVO, "message": CHATTED}
        server = a_server().on(LOG, {"logs": [new, gone, {"$type": "x"}, 7], "cursor": "3b"})
        page = await bluesky(server).inbox.fetch({"chat": {"log": "3a"}}, posts=())
        assert [item.id for item in page.items if item.kind is ItemKind.MESSAGE] == ["3m"]
        assert page.gone == ("3m",)
        assert page.cursor["chat"] == {"log": "3b"}


class TestAnswers:
    async def test_a_comment_below_a_later_part_of_a_thread(self) -> None:
        root = {"uri": POST, "cid": "bafyroot"}
        value = {"text": "2/2", "reply": {"root": root, "parent": root}}
        server = a_server().on(GET, {**STORED, "uri": POST + "2", "value": value})
        wire = await bluesky(server).responder.prepare(TID, RemoteRef(POST + "2", ""), Part("See you"))
        assert wire["record"]["reply"] == {"root": root, "parent": {"uri": POST + "2", "cid": "bafypost"}}

    async def test_a_message_that_may_have_gone_out_is_looked_for(self) -> None:
        def mine(number: int, text: str, minute: int) -> dict[str, Any]:
            when = f"2025-10-09T08:{minute:02d}:30.000Z"
            return {**CHATTED, "id": str(number), "text": text, "sender": {"did": OWN}, "sentAt": when}

        told = [mine(4, "Hello", 54), mine(3, "Hello", 53), mine(2, "Other", 53), mine(1, "Hello", 20), CHATTED]
        responder = bluesky(a_server().on(MESSAGES, {"messages": told})).responder
        found = await responder.find("x", CHAT_WIRE, taken=frozenset())
        assert found == RemoteRef("3", f"https://bsky.app/messages/{CONVO}", {"convo": CONVO})
        again = await responder.find("x", CHAT_WIRE, taken=frozenset({"3"}))
        assert again is not None
        assert again.id == "4"
        assert await responder.find("x", CHAT_WIRE, taken=frozenset({"3", "4"})) is None

    async def test_messages_are_text(self, tmp_path: Path) -> None:
        responder = bluesky(a_server()).responder
        for part in (Part("x", (picture(tmp_path),)), Part("x", card=LinkCard("https://example.com"))):
            with pytest.raises(Unsupported):
                await responder.prepare("x", MESSAGE, part)
        with pytest.raises(Unsupported, match="app password"):
            await bluesky(a_server(), messages=False).responder.prepare("x", MESSAGE, Part("Hello"))


class TestModeration:
    async def test_hiding_keeps_the_rest_and_minds_other_hands(self) -> None:
        gate = {"$type": "app.bsky.feed.threadgate", "post": POST, "createdAt": "2025-10-09T08:00:00Z", "allow": []}
        gate["hiddenReplies"] = ["at://x/y/z"]
        first, second = ({**STORED, "cid": cid, "value": gate} for cid in ("bafy1", "bafy2"))
        server = a_server().on(GET, first, second)
        server.on(PUT, xrpc_error("InvalidSwap", "Record was at bafy2"), {"uri": POST, "cid": "bafy3"})
        await bluesky(server).moderator.moderate(Verb.HIDE, ITEM)
        assert [server.body(PUT, number)["swapRecord"] for number in (0, 1)] == ["bafy1", "bafy2"]
        assert server.body(PUT) == {
            "repo": OWN,
            "collection": "app.bsky.feed.threadgate",
            "rkey": TID,
            "record": {**gate, "hiddenReplies": ["at://x/y/z", COMMENT]},
            "swapRecord": "bafy2",
        }

    async def test_others_that_never_stop_writing(self) -> None:
        server = a_server().on(PUT, xrpc_error("InvalidSwap"))
        with pytest.raises(Transient):
            await bluesky(server).moderator.moderate(Verb.HIDE, ITEM)
        assert len(server.seen(PUT)) == 3

    async def test_a_full_list(self) -> None:
        gate = {"hiddenReplies": [f"at://x/y/{number}" for number in range(300)]}
        server = a_server().on(GET, {**STORED, "value": gate})
        with pytest.raises(Rejected, match="300"):
            await bluesky(server).moderator.moderate(Verb.HIDE, ITEM)

    async def test_a_quote_is_detached(self) -> None:
        quote = Item(COMMENT, ItemKind.MENTION, Author(BOB), "They bake", NOW, extra={"cid": "b", "quotes": POST})
        server = a_server().on(GET, xrpc_error("RecordNotFound"))
        await bluesky(server).moderator.moderate(Verb.HIDE, quote)
        assert server.body(PUT)["collection"] == "app.bsky.feed.postgate"
        assert server.body(PUT)["record"]["detachedEmbeddingUris"] == [COMMENT]
        assert server.body(PUT)["swapRecord"] is None

    async def test_what_hangs_below_others_cannot_be_hidden(self) -> None:
        theirs = Item(COMMENT, ItemKind.MENTION, Author(BOB), "x", NOW, extra={"cid": "b", "root": COMMENT})
        with pytest.raises(Unsupported):
            await bluesky(a_server()).moderator.moderate(Verb.HIDE, theirs)
        with pytest.raises(Unsupported):
            await bluesky(a_server()).moderator.moderate(Verb.LIKE, MESSAGE)

    async def test_a_like_and_a_block_have_one_place(self) -> None:
        server = a_server().on(PUT, xrpc_error("InvalidSwap", "Record was at bafy"))
        for _time in range(2):
            await bluesky(server).moderator.moderate(Verb.LIKE, ITEM)
            await bluesky(server).moderator.moderate(Verb.BAN, ITEM)
        keys = {server.body(PUT, number)["rkey"] for number in range(4)}
        assert keys == {key_for(COMMENT), key_for(BOB)}

    async def test_what_another_program_made_is_removed_too(self) -> None:
        like, block = f"at://{OWN}/app.bsky.feed.like/3kother", f"at://{OWN}/app.bsky.graph.block/3kother"
        server = a_server().on(POSTS, {"posts": [{**VIEW, "viewer": {"like": like}}]})
        server.on(WHO, {**AUTHOR, "viewer": {"blocking": block}})
        await bluesky(server).moderator.moderate(Verb.UNLIKE, ITEM)
        await bluesky(server).moderator.moderate(Verb.UNBAN, ITEM)
        assert [server.body(DELETE, number)["rkey"] for number in range(4)] == [
            key_for(COMMENT), "3kother", key_for(BOB), "3kother",
        ]  # fmt: skip

    async def test_reports_go_to_the_service_that_the_server_trusts(self) -> None:
        server = a_server()
        await bluesky(server, moderation="did:plc:mod").moderator.moderate(Verb.REPORT, ITEM, reason="Spam")
        assert server.seen(REPORT)[0].headers["atproto-proxy"] == "did:plc:mod#atproto_labeler"
        await bluesky(server).moderator.moderate(Verb.REPORT, MESSAGE)
        assert server.seen(REPORT)[1].headers["atproto-proxy"].endswith("#atproto_labeler")
        assert server.body(REPORT)["subject"] == {
            "$type": "chat.bsky.convo.defs#messageRef", "did": BOB, "convoId": CONVO, "messageId": "3m",
        }  # fmt: skip


class TestPage:
    async def test_unknown_fields_of_the_profile_stay(self) -> None:
        record = {
            "$type": "app.bsky.actor.profile",
            "displayName": "Ann",
            "website": "https://a.example",
            "new": {"a": 1},
        }
        server = a_server().on(GET, {"uri": "at://x", "cid": "bafy1", "value": record})
        change = ProfileChange(name="Anna", website="")
        profile = await bluesky(server).profile_writer.write_profile(change, expected=Profile(revision="bafy1"))
        assert (profile.name, profile.website, profile.revision) == ("Anna", "", "bafynew")
        assert server.body(PUT)["record"] == {
            "$type": "app.bsky.actor.profile", "displayName": "Anna", "new": {"a": 1},
        }  # fmt: skip
        assert server.body(PUT)["swapRecord"] == "bafy1"

    async def test_pinning_keeps_the_profile(self) -> None:
        record = {"$type": "app.bsky.actor.profile", "displayName": "Ann"}
        server = a_server().on(GET, {"uri": "at://x", "cid": "bafy1", "value": record})
        await bluesky(server).pinner.pin(REF)
        pinned = {**record, "pinnedPost": {"uri": POST, "cid": "bafypost"}}
        assert server.body(PUT)["record"] == pinned
        server.on(GET, {"uri": "at://x", "cid": "bafy2", "value": pinned})
        await bluesky(server).pinner.unpin(RemoteRef(POST + "other", ""))
        assert len(server.seen(PUT)) == 1
        await bluesky(server).pinner.unpin(REF)
        assert server.body(PUT)["record"] == record

    async def test_a_missing_figure_is_not_zero(self) -> None:
        server = a_server().on(POSTS, {"posts": [{"likeCount": "4", "replyCount": 0, "repostCount": True}]})
        told = await bluesky(server).metrics.of_post(REF)
        assert {reading.metric: reading.value for reading in told.values} == {Metric.LIKES: 4, Metric.REPLIES: 0}
        assert set(told.missing) == {Metric.REPOSTS, Metric.SAVES}
        with pytest.raises(NotFound):
            await bluesky(a_server().on(POSTS, {"posts": []})).metrics.of_post(REF)


class TestVideo:
    async def test_it_goes_to_its_own_service_with_its_own_token(self, tmp_path: Path) -> None:
        server = a_server()
        wire = await bluesky(server).publisher.prepare(
            TID,
            Part("Film", (media_file(tmp_path, "f.mp4", FILM, "video/mp4", alt="Dough"),)),
            root=None,
            parent=None,
        )
        assert wire["record"]["embed"] == {"$type": "app.bsky.embed.video", "video": BLOB, "alt": "Dough"}
        (asked,) = server.seen(SERVICE_TOKEN)
        assert dict(asked.url.params) == {
            "aud": "did:web:bsky.example",
            "lxm": "com.atproto.repo.uploadBlob",
            "exp": str(NOW // 1000 + 1800),
        }
        (upload,) = server.seen(UPLOAD_VIDEO)
        assert str(upload.url).startswith(SERVICE)
        assert upload.headers["authorization"] == "Bearer service-token"
        assert upload.content == FILM
        (look,) = server.seen(JOB)
        assert "authorization" not in look.headers

    async def test_one_that_is_there_already(self, tmp_path: Path) -> None:
        known = {"jobId": "j", "did": OWN, "state": "JOB_STATE_COMPLETED", "blob": BLOB, "error": "already_exists"}
        server = a_server().on(UPLOAD_VIDEO, httpx.Response(409, json=known))
        await film(bluesky(server), tmp_path)
        assert not server.seen(JOB)

    async def test_one_that_cannot_be_made_ready(self, tmp_path: Path) -> None:
        failed = {"jobStatus": {"jobId": "j", "state": "JOB_STATE_FAILED", "message": "Too\x1blong"}}
        with pytest.raises(Rejected, match="Too␛long"):
            await film(bluesky(a_server().on(JOB, failed)), tmp_path)

    async def test_one_that_is_never_ready(self, tmp_path: Path) -> None:
        waiting = {"jobStatus": {"jobId": "j", "state": "JOB_STATE_NEW_WORD"}}
        with pytest.raises(Transient, match="still"):
            await film(bluesky(a_server().on(JOB, waiting)), tmp_path)

    async def test_where_it_is_not_offered(self, tmp_path: Path) -> None:
        with pytest.raises(Unsupported):
            await film(bluesky(a_server(), video=False), tmp_path)


class TestPace:
    async def test_it_is_shared(self) -> None:
        rates = Rates()
        client = bluesky(a_server(), rates=rates)
        await client.moderator.moderate(Verb.LIKE, ITEM)
        await client.metrics.of_page(0, NOW)
        assert [(limit, window) for _name, limit, window in rates.taken] == [(3000, 300), (1666, 3600), (3000, 300)]
        assert all(OWN in name for name, _limit, _window in rates.taken)

    async def test_what_the_server_tells_is_learnt(self) -> None:
        rates = Rates()
        headers = {"ratelimit-remaining": "60", "ratelimit-reset": str(NOW // 1000 + 300)}
        server = a_server().on(PUT, httpx.Response(200, json={"uri": POST, "cid": "b"}, headers=headers))
        await bluesky(server, rates=rates).moderator.moderate(Verb.LIKE, ITEM)
        assert [(left, at) for _name, left, at in rates.learned] == [(60, NOW + 300_000)]

    async def test_none_left(self) -> None:
        server = a_server()
        with pytest.raises(RateLimited) as caught:
            await bluesky(server, rates=Rates(wait=12.5)).metrics.of_page(0, NOW)
        assert caught.value.retry_after == 12.5
        assert not server.requests


# Against the lexicons


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with open_world(tmp_path, clock) as world:
        yield world


class Lexical(httpx.AsyncBaseTransport):
    """Holds every request and every answer of XRPC against the official lexicons."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.seen: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        nsid = request.url.path.removeprefix("/xrpc/")
        content = await request.aread()
        if request.method == "GET":
            assert query_errors(nsid, request.url.params.multi_items()) == [], nsid
        elif content and request.headers["content-type"] == "application/json":
            assert input_errors(nsid, json.loads(content)) == [], nsid
        response = await self.inner.handle_async_request(request)
        answer = await response.aread()
        if response.status_code == 200 and answer:
            assert output_errors(nsid, json.loads(answer)) == [], nsid
        self.seen.add(nsid.rpartition(".")[2])
        return response


async def test_all_that_is_said_fits_the_lexicons(world: World, clock: WorldClock, tmp_path: Path) -> None:
    stage = Stage.of("bluesky", world, clock)
    lexical = Lexical(stage.recorder.inner)
    stage.recorder = Recorder(lexical)
    await stage.checked()
    assert stage.can(Capability.VIDEO)
    assert stage.can(Capability.MESSAGES)
    film_file = media_file(tmp_path, "film.mp4", FILM, "video/mp4", alt="Dough")
    publisher, identity = stage.ports().publisher, stage.spec.new_identity()
    await publisher.send(
        identity, await publisher.prepare(identity, Part("Film", (film_file,)), root=None, parent=None)
    )
    await stage.publish(Part("Look", card=LinkCard("https://example.com/", "Bread", "Dark", picture(tmp_path))))
    ref, shown = await stage.posted()
    anna = audience.person(world, stage.server, "Anna")
    audience.comment(world, shown, anna, "Rye?")
    audience.mention(world, stage.page, anna, "here")
    audience.message(world, stage.page, anna, "Hello")
    audience.like(world, shown, anna)
    audience.follow(world, stage.page, anna)
    clock.advance(2)
    swept = await sweep(stage, [ref])
    await sweep(stage, [ref], swept.cursor)
    comment, chat = swept.one("Rye?"), swept.one("Hello")
    ports = stage.ports()
    for item in (comment, chat):
        identity = stage.spec.new_identity()
        sent = await ports.responder.send(identity, await ports.responder.prepare(identity, item, Part("Yes")))
        await ports.inbox.conversation(item)
        await ports.responder.delete(sent)
    for verb in (Verb.LIKE, Verb.UNLIKE, Verb.HIDE, Verb.UNHIDE, Verb.MUTE, Verb.UNMUTE, Verb.BAN, Verb.UNBAN):
        await ports.moderator.moderate(verb, comment)
    for item in (comment, chat):
        await ports.moderator.moderate(Verb.REPORT, item, reason="Spam")
    profile = await ports.profile_reader.read_profile()
    change = ProfileChange("Ann", "Bread", "https://bakery.example/", None, picture(tmp_path), picture(tmp_path))
    await ports.profile_writer.write_profile(change, expected=profile)
    await ports.pinner.pin(ref)
    await ports.metrics.of_post(ref)
    await ports.metrics.of_page(0, clock.now)
    assert lexical.seen == {
        "describeServer", "createSession", "getSession", "getServiceAuth", "getUploadLimits", "uploadVideo",
        "getJobStatus", "uploadBlob", "putRecord", "getRecord", "listRecords", "deleteRecord", "listNotifications",
        "getPosts", "getPostThread", "getProfile", "muteActor", "unmuteActor", "createReport", "getLog", "listConvos",
        "getConvo", "getMessages", "sendMessage", "deleteMessageForSelf",
    }  # fmt: skip


async def test_a_password_without_the_right_says_so(world: World, clock: WorldClock) -> None:
    stage = Stage.of("bluesky", world, clock)
    login = seed.add_bluesky_account(world, stage.server, "shy", messages=False)
    stage.account = Account("bluesky", login.server, login.handle)
    stage.slot = MemorySlot({"app_password": login.app_password})
    checked = await stage.client().check()
    assert len(checked.missing) == 1
    assert "direct messages" in checked.missing[0]
    assert checked.facts["messages"] is False
    assert len(stage.sent("createSession")) == 1, "the session is good: no login is spent on it"


async def test_who_may_not_upload_videos_is_told(world: World, clock: WorldClock) -> None:
    stage = Stage.of("bluesky", world, clock)
    world.update_account(stage.page, {"may_upload_video": False})
    checked = await stage.client().check()
    assert "not allowed for this account" in checked.missing[0]
    assert checked.facts["video"] is False
