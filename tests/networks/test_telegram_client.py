"""The Telegram client against a server in a function: what it sends, and what it makes of every answer."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    DataError,
    Forbidden,
    NetworkError,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.ports import Account, Part, Publisher, RemoteRef
from smm_tui.networks.telegram.client import TelegramClient
from smm_tui.sandbox import seed
from smm_tui.sandbox.http import Request, Upload, parameters
from smm_tui.sandbox.server import serve
from smm_tui.sandbox.world import World

from .support import MemorySlot, Server, clock, media_file, picture

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SERVER = "https://telegram.example"
CHANNEL = -1001234567890
IDENTITY = "0123456789abcdef0123456789abcdef"
PROBE = "GET /bot0:0/getMe"
CHAT = {"id": CHANNEL, "type": "channel", "title": "The Bakery", "username": "bakery"}
ADMINISTRATOR = {
    "status": "administrator",
    "can_post_messages": True,
    "can_edit_messages": True,
    "can_delete_messages": True,
    "can_restrict_members": True,
    "can_change_info": True,
}
NOBODY: frozenset[str] = frozenset()


def at(method: str) -> str:
    return f"POST /bot{TOKEN}/{method}"


def ok(result: Any) -> dict[str, Any]:
    return {"ok": True, "result": result}


def refused(status: int, description: str, **more: Any) -> httpx.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return httpx.Response(status, json=body | ({"parameters": more} if more else {}))


def message(number: int | str = 7, **more: Any) -> dict[str, Any]:
    return {"message_id": number, "date": 1_760_000_000, "chat": CHAT, "text": "Hello", **more}


def telegram(
    server: Server, *, handle: str = "@bakery", remote_id: str = str(CHANNEL), token: str | None = TOKEN
) -> Publisher:
    account = Account("telegram", SERVER, handle, remote_id)
    slot = MemorySlot(None if token is None else {"token": token})
    return TelegramClient(account, slot, Surroundings(server.transport, clock=clock)).publisher


def sending(*answers: Any) -> Server:
    return Server(**{at("sendMessage"): list(answers or [ok(message())])})


async def prepared(client: Publisher, part: Part) -> dict[str, Any]:
    wire: dict[str, Any] = json.loads(json.dumps(await client.prepare(IDENTITY, part, root=None, parent=None)))
    return wire


async def publish(server: Server, part: Part | None = None) -> RemoteRef:
    client = telegram(server)
    return await client.send(IDENTITY, await prepared(client, part or Part("Hello")))


def form(request: httpx.Request) -> dict[str, Any]:
    return parameters(Request.of(request.method, str(request.url), request.headers, request.content))


class TestCheck:
    def server(self, **more: Any) -> Server:
        return Server(
            **{
                PROBE: [refused(401, "Unauthorized")],
                at("getMe"): [ok({"id": 110201543, "is_bot": True, "username": "bakery_bot"})],
                at("getChat"): [ok({**CHAT, "linked_chat_id": -1009})],
                at("getChatMember"): [ok(ADMINISTRATOR)],
                at("getWebhookInfo"): [ok({"url": "", "has_custom_certificate": False, "pending_update_count": 0})],
                **more,
            }
        )

    async def test_it_learns_the_chat_and_the_rights(self) -> None:
        server = self.server()
        found = await telegram(server, remote_id="").check()
        assert (found.remote_id, found.handle, found.display_name) == (str(CHANNEL), "@bakery", "The Bakery")
        assert (found.url, found.server) == ("https://t.me/bakery", SERVER)
        assert found.missing == ()
        assert found.facts == {
            "bot_id": "110201543",
            "bot": "bakery_bot",
            "type": "channel",
            "own_server": True,
            "linked_chat_id": "-1009",
            "rights": list(ADMINISTRATOR)[1:],
            "discussion_rights": list(ADMINISTRATOR)[1:],
        }
        assert server.body(at("getChat")) == {"chat_id": "@bakery"}
        assert server.body(at("getChatMember"), 0) == {"chat_id": CHANNEL, "user_id": 110201543}
        assert server.body(at("getChatMember"), 1) == {"chat_id": -1009, "user_id": 110201543}
        assert isinstance(telegram(server), Publisher)

    async def test_a_channel_that_changed_its_name_is_found_by_its_number(self) -> None:
        server = self.server(**{at("getChat"): [ok({**CHAT, "username": "breads"})]})
        assert (await telegram(server).check()).handle == "@breads"
        assert server.body(at("getChat")) == {"chat_id": CHANNEL}

    async def test_a_private_channel(self) -> None:
        chat = {"id": CHANNEL, "type": "channel", "title": "Staff"}
        found = await telegram(self.server(**{at("getChat"): [ok(chat)]}), handle=str(CHANNEL)).check()
        assert (found.handle, found.url) == (str(CHANNEL), "")

    async def test_the_token_is_shown_to_no_stranger(self) -> None:
        server = self.server()
        await telegram(server).check()
        assert TOKEN not in str(server.requests[0].url)
        for stranger in (
            httpx.Response(200, html="<html>Hello</html>"),
            httpx.Response(404, json={"error": "Not Found"}),
            httpx.Response(302, headers={"location": "https://evil.example"}),
        ):
            server = self.server(**{PROBE: [stranger]})
            with pytest.raises(Rejected) as caught:
                await telegram(server).check()
            assert caught.value.field == "server"
            assert len(server.requests) == 1

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.Response(502, html="<html>Bad gateway</html>"), Transient),
            (httpx.Response(429, html="slow down"), RateLimited),
            (httpx.Response(401, headers={"content-type": "application/json"}, content=b'{"ok":fal'), Transient),
            (httpx.ConnectError("no"), Transient),
        ],
    )
    async def test_a_probe_that_fails_settles_nothing(self, answer: Any, kind: type[NetworkError]) -> None:
        server = self.server(**{PROBE: [answer]})
        with pytest.raises(kind):
            await telegram(server).check()
        assert len(server.requests) == 1

    @pytest.mark.parametrize("handle", ["", "no such thing", "@", "https://example.org/x", "a" * 65, "1.5"])
    async def test_what_is_no_channel(self, handle: str) -> None:
        with pytest.raises(Rejected) as caught:
            await telegram(self.server(), handle=handle, remote_id="").check()
        assert caught.value.field == "handle"

    async def test_a_person(self) -> None:
        server = self.server(**{at("getChat"): [ok({"id": 5, "type": "private", "first_name": "Ann"})]})
        with pytest.raises(Rejected) as caught:
            await telegram(server).check()
        assert caught.value.field == "handle"

    async def test_an_unknown_chat(self) -> None:
        server = self.server(**{at("getChat"): [refused(400, "Bad Request: chat not found")]})
        with pytest.raises(Rejected, match="@bakery") as caught:
            await telegram(server).check()
        assert caught.value.field == "handle"

    @pytest.mark.parametrize(
        "answer",
        [
            refused(400, "Bad Request: member list is inaccessible"),
            refused(403, "Forbidden: bot is not a member of the channel chat"),
            ok({"status": "member"}),
            ok({**ADMINISTRATOR, "can_post_messages": False}),
        ],
    )
    async def test_a_bot_that_may_not_post(self, answer: Any) -> None:
        sentence, *_more = (await telegram(self.server(**{at("getChatMember"): [answer]})).check()).missing
        assert sentence.startswith("cannot publish")

    async def test_a_bot_with_few_rights(self) -> None:
        member = {"status": "administrator", "can_post_messages": True, "can_delete_messages": True}
        server = self.server(**{at("getChatMember"): [ok(member), ok(ADMINISTRATOR)]})
        pin, profile = (await telegram(server).check()).missing
        assert pin.startswith("can publish; cannot pin")
        assert profile.startswith("can publish; cannot change the profile")

    async def test_rights_that_cannot_be_asked_now(self) -> None:
        with pytest.raises(Transient):
            await telegram(self.server(**{at("getChatMember"): [httpx.Response(502)]})).check()

    @pytest.mark.parametrize("token", [None, "", "word", "1:a/../b", "1:a?b", "1:ü"])
    async def test_what_is_no_token_never_leaves(self, token: str | None) -> None:
        server = self.server()
        with pytest.raises(AuthExpired) as caught:
            await telegram(server, token=token).check()
        assert server.requests == []
        assert not token or token not in f"{caught.value!r}{caught.value.hint}"

    async def test_wrong_shapes(self) -> None:
        for method, result in (("getMe", []), ("getMe", {"id": "x"}), ("getChat", {"type": "channel"})):
            with pytest.raises(Transient):
                await telegram(self.server(**{at(method): [ok(result)]})).check()
        with pytest.raises(Transient):
            await telegram(self.server(**{at("getMe"): [{"result": {}}]})).check()


class TestSend:
    async def test_a_text(self) -> None:
        server = sending()
        ref = await publish(server, Part("<b>Hello</b> & *you*", language="hu", labels=("nudity",)))
        assert server.body(at("sendMessage")) == {"chat_id": CHANNEL, "text": "<b>Hello</b> & *you*"}
        assert ref == RemoteRef(f"{CHANNEL}/7", "https://t.me/bakery/7", {"ids": "7", "shows": "text"})

    async def test_an_account_that_was_never_checked(self) -> None:
        server = sending()
        client = telegram(server, remote_id="", handle="t.me/bakery")
        await client.send(IDENTITY, await prepared(client, Part("Hello")))
        assert server.body(at("sendMessage"))["chat_id"] == "@bakery"

    async def test_a_private_channel_has_another_address(self) -> None:
        ref = await publish(sending(ok(message(chat={"id": CHANNEL, "type": "channel"}))))
        assert ref.url == "https://t.me/c/1234567890/7"
        ref = await publish(sending(ok(message(chat={"id": -5, "type": "group"}))))
        assert (ref.id, ref.url) == ("-5/7", "")

    async def test_a_picture(self, tmp_path: Path) -> None:
        server = Server(**{at("sendPhoto"): [ok(message())]})
        file = picture(tmp_path, alt="A loaf", name="private-name")
        await publish(server, Part("Bread", (file,)))
        (request,) = server.requests
        sent = form(request)
        assert {name: value for name, value in sent.items() if name != "photo"} == {
            "chat_id": str(CHANNEL),
            "caption": "Bread",
        }
        assert sent["photo"] == Upload("photo.png", "image/png", file.path.read_bytes())
        assert b"private-name" not in request.content

    async def test_a_video_with_a_warning(self, tmp_path: Path) -> None:
        server = Server(**{at("sendVideo"): [ok(message())]})
        await publish(server, Part("", (media_file(tmp_path, "a.mp4", b"x", "video/mp4"),), "food"))
        sent = form(server.requests[0])
        assert (sent["caption"], sent["has_spoiler"], sent["supports_streaming"]) == ("CW: food", "true", "true")

    async def test_an_album_is_one_call(self, tmp_path: Path) -> None:
        server = Server(**{at("sendMediaGroup"): [ok([message(7), message(8), message(9)])]})
        media = (
            picture(tmp_path, name="a"),
            picture(tmp_path, "JPEG", name="b"),
            media_file(tmp_path, "c.mp4", b"x", "video/mp4"),
        )
        ref = await publish(server, Part("Loaves", media))
        shows = ",".join(file.sha256[:16] for file in media)
        assert (ref.id, ref.extra) == (f"{CHANNEL}/7", {"ids": "7,8,9", "shows": shows})
        sent = form(server.requests[0])
        assert json.loads(sent["media"]) == [
            {"type": "photo", "media": "attach://file0", "caption": "Loaves"},
            {"type": "photo", "media": "attach://file1"},
            {"type": "video", "media": "attach://file2", "supports_streaming": True},
        ]
        assert [sent[f"file{index}"].data for index in range(3)] == [file.path.read_bytes() for file in media]

    async def test_a_message_that_is_kept_for_later(self) -> None:
        ref = await publish(sending(ok(message(0))))
        assert ref == RemoteRef("", "")
        with pytest.raises(Rejected, match="number"):
            await telegram(Server()).delete(ref)

    async def test_the_wire_holds_no_secret_and_prepare_calls_nobody(self, tmp_path: Path) -> None:
        server = Server()
        wire = await prepared(telegram(server), Part("Hello", (picture(tmp_path),)))
        assert server.requests == []
        assert TOKEN not in json.dumps(wire)

    async def test_what_cannot_be_prepared(self, tmp_path: Path) -> None:
        client = telegram(Server())
        with pytest.raises(Unsupported):
            await prepared(client, Part("", (media_file(tmp_path, "a.gif", b"GIF89a", "image/gif"),)))
        gone = picture(tmp_path)
        gone.path.unlink()
        with pytest.raises(DataError):
            await prepared(client, Part("", (gone,)))
        with pytest.raises(Rejected):
            await prepared(client, Part("half \ud83e"))

    async def test_a_file_that_is_gone_before_it_leaves_is_no_doubt(self, tmp_path: Path) -> None:
        file = picture(tmp_path)
        server = Server()
        client = telegram(server)
        wire = await prepared(client, Part("", (file,)))
        file.path.write_bytes(b"changed")
        with pytest.raises(Rejected) as caught:
            await client.send(IDENTITY, wire)
        assert caught.value.field == "media"
        assert server.requests == []

    async def test_a_group_that_moved_is_followed_once(self, tmp_path: Path) -> None:
        moved = refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009)
        server = sending(moved, ok(message(chat={"id": -1009, "type": "supergroup"})))
        assert (await publish(server)).id == "-1009/7"
        assert [json.loads(request.content)["chat_id"] for request in server.requests] == [CHANNEL, -1009]
        server = sending(moved)
        with pytest.raises(Rejected):
            await publish(server)
        assert len(server.requests) == 2
        server = Server(**{at("sendPhoto"): [moved, ok(message())]})
        await publish(server, Part("", (picture(tmp_path),)))
        first, second = (form(request) for request in server.requests)
        assert first["photo"] == second["photo"]
        assert second["chat_id"] == "-1009"


class TestRefusals:
    @pytest.mark.parametrize(
        ("answer", "kind", "field"),
        [
            (refused(400, "Bad Request: message is too long"), Rejected, "text"),
            (refused(400, "Bad Request: message text is empty"), Rejected, "text"),
            (refused(400, "Bad Request: message caption is too long"), Rejected, "text"),
            (refused(400, "Bad Request: can't parse entities: byte offset 3"), Rejected, "text"),
            (refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), Rejected, "media"),
            (refused(400, "Bad Request: wrong file identifier/HTTP URL specified"), Rejected, "media"),
            (refused(400, "Bad Request: something new"), Rejected, ""),
            (refused(400, "Bad Request: chat not found"), Rejected, "handle"),
            (refused(409, "Conflict: terminated by other getUpdates request"), Rejected, ""),
            (refused(413, "Request Entity Too Large"), Rejected, "media"),
            (httpx.Response(413, html="<html>413</html>"), Rejected, "media"),
            (httpx.Response(400, json={"surprise": 1}), Rejected, ""),
            (httpx.Response(301, headers={"location": "https://evil.example"}), Rejected, "server"),
            (refused(400, "Bad Request: need administrator rights in the channel chat"), Forbidden, None),
            (refused(400, "Bad Request: not enough rights to send text messages to the chat"), Forbidden, None),
            (refused(403, "Forbidden: bot was kicked from the channel chat"), Forbidden, None),
            (refused(403, "Forbidden: something new"), Forbidden, None),
            (refused(401, "Unauthorized"), AuthExpired, None),
            (refused(404, "Not Found"), AuthExpired, None),
            (refused(404, "Not Found: method not found"), Unsupported, None),
            (httpx.ConnectError("refused"), Transient, None),
            (httpx.ConnectTimeout("slow"), Transient, None),
            (httpx.ReadTimeout("slow"), Ambiguous, None),
            (httpx.ReadError("reset"), Ambiguous, None),
            (httpx.WriteError("reset"), Ambiguous, None),
            (httpx.RemoteProtocolError("gone"), Ambiguous, None),
            (refused(500, "Internal Server Error"), Ambiguous, None),
            (refused(502, "Bad Gateway"), Ambiguous, None),
            (httpx.Response(504, html="<html>504</html>"), Ambiguous, None),
            (httpx.Response(200, html="<html>Log in</html>"), Ambiguous, None),
            (httpx.Response(200, content=b'{"ok":true,"resu'), Ambiguous, None),
            (httpx.Response(200, json=[]), Ambiguous, None),
            (httpx.Response(200, json={"ok": False, "description": "?"}), Ambiguous, None),
            (ok({}), Ambiguous, None),
            (ok([]), Ambiguous, None),
            (ok(message("seven")), Ambiguous, None),
            (ok(message(chat=None)), Ambiguous, None),
        ],
    )
    async def test_every_answer_to_a_send(self, answer: Any, kind: type[NetworkError], field: str | None) -> None:
        server = sending(answer)
        with pytest.raises(NetworkError) as caught:
            await publish(server)
        assert type(caught.value) is kind
        assert caught.value.message
        assert field is None or getattr(caught.value, "field", None) == field
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        ("answer", "seconds"),
        [
            (refused(429, "Too Many Requests: retry after 35", retry_after=35), 35.0),
            (refused(429, "Too Many Requests", retry_after="35"), 35.0),
            (httpx.Response(429, headers={"retry-after": "12"}), 12.0),
            (refused(429, "Too Many Requests"), None),
            (refused(429, "Too Many Requests", retry_after=-1), None),
        ],
    )
    async def test_when_to_come_back(self, answer: httpx.Response, seconds: float | None) -> None:
        with pytest.raises(RateLimited) as caught:
            await publish(sending(answer))
        assert caught.value.retry_after == seconds

    async def test_a_new_token_is_taken_after_a_refusal(self) -> None:
        slot = MemorySlot({"token": "1:old"})
        server = Server(**{"POST /bot1:old/sendMessage": [refused(401, "Unauthorized")], **sending().routes})
        account = Account("telegram", SERVER, "@bakery", str(CHANNEL))
        client = TelegramClient(account, slot, Surroundings(server.transport, clock=clock)).publisher
        wire = await prepared(client, Part("Hello"))
        with pytest.raises(AuthExpired):
            await client.send(IDENTITY, wire)
        slot.values = {"token": TOKEN}
        assert (await client.send(IDENTITY, wire)).id

    async def test_numbers_as_text_and_unknown_fields(self) -> None:
        ref = await publish(sending(ok({"message_id": "7", "chat": {"id": str(CHANNEL)}, "novelty": [1]})))
        assert ref.id == f"{CHANNEL}/7"

    async def test_strangers_words_are_inert(self) -> None:
        with pytest.raises(Rejected) as caught:
            await publish(sending(refused(400, "Bad Request: \x1b[31m" + "x" * 5000)))
        assert "\x1b" not in caught.value.message
        assert len(caught.value.message) < 600


class TestDelete:
    REF = RemoteRef(f"{CHANNEL}/7", "https://t.me/bakery/7", {"ids": "7", "shows": "text"})

    async def delete(self, answer: Any, ref: RemoteRef = REF, method: str = "deleteMessage") -> Server:
        server = Server(**{at(method): [answer]})
        await telegram(server).delete(ref)
        return server

    async def test_a_message(self) -> None:
        server = await self.delete(ok(True))
        assert server.body(at("deleteMessage")) == {"chat_id": CHANNEL, "message_id": 7}

    async def test_an_album(self) -> None:
        ref = RemoteRef(f"{CHANNEL}/7", "", {"ids": "7,8"})
        server = await self.delete(ok(True), ref, "deleteMessages")
        assert server.body(at("deleteMessages")) == {"chat_id": CHANNEL, "message_ids": [7, 8]}

    async def test_what_is_gone_is_gone(self) -> None:
        await self.delete(refused(400, "Bad Request: message to delete not found"))

    async def test_too_late(self) -> None:
        with pytest.raises(Rejected, match="can't be deleted") as caught:
            await self.delete(refused(400, "Bad Request: message can't be deleted for everyone"))
        assert "48 hours" in caught.value.hint

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.ReadTimeout("slow"), Transient),
            (refused(502, "Bad Gateway"), Transient),
            (refused(400, "Bad Request: chat not found"), Rejected),
            (refused(403, "Forbidden: bot was kicked from the channel chat"), Forbidden),
            (refused(429, "Too Many Requests", retry_after=3), RateLimited),
        ],
    )
    async def test_other_ends(self, answer: Any, kind: type[NetworkError]) -> None:
        with pytest.raises(kind):
            await self.delete(answer)

    async def test_the_new_number_of_a_group_has_other_messages(self) -> None:
        server = Server(**{at("deleteMessage"): [refused(400, "Bad Request: moved", migrate_to_chat_id=-1009)]})
        with pytest.raises(Rejected):
            await telegram(server).delete(self.REF)
        assert len(server.requests) == 1


async def test_a_bot_api_server_of_ones_own_on_a_real_socket(tmp_path: Path) -> None:
    with World(tmp_path / "world.db", clock=clock, seed=1) as world:
        server = seed.add_servers(world)[seed.TELEGRAM_HOST]
        login = seed.add_telegram_bot(world, server, "bakery")
        with serve(world, server) as address:
            slot = MemorySlot({"token": login.token})
            client = TelegramClient(Account("telegram", address, "@bakery"), slot, Surroundings()).publisher
            assert (await client.check()).facts["own_server"] is True
            media = (picture(tmp_path, name="a"), picture(tmp_path, "JPEG", (400, 300), name="b"))
            ref = await client.send(IDENTITY, await prepared(client, Part("Kenyér 🥐", media)))
            (post,) = world.live_posts()
            assert (post.text, len(post.media), post.remote_id) == ("Kenyér 🥐", 2, ref.id)
            await client.delete(ref)
            assert world.live_posts() == []
            await client.aclose()


async def test_bots_cannot_look() -> None:
    server = Server()
    with pytest.raises(Unsupported):
        await telegram(server).read(TestDelete.REF)
    with pytest.raises(Unsupported):
        await telegram(server).find(IDENTITY, {}, taken=NOBODY)
    assert server.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        ok(message()),
        refused(400, "Bad Request: x"),
        refused(401, "Unauthorized"),
        httpx.ConnectError(f"/bot{TOKEN}/"),
        httpx.ReadError(f"/bot{TOKEN}/"),
        httpx.Response(302, headers={"location": f"https://evil.example/bot{TOKEN}/sendMessage"}),
        httpx.Response(200, html="<html>x</html>"),
    ],
)
async def test_the_token_shows_nowhere(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = telegram(sending(answer))
    left = [repr(client), repr(vars(client).keys())]
    try:
        left.append(repr(await client.send(IDENTITY, await prepared(client, Part("Hello")))))
    except NetworkError as error:
        left += [repr(error), error.message, error.hint, *traceback.format_exception(error)]
    shown = "\n".join([*left, caplog.text, *(str(record.args) for record in caplog.records)])
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown
    assert "telegram.example" in shown
