"""The Telegram face answers as the notes say that the Bot API does."""

from __future__ import annotations

import io
import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from smm_tui.domain.clock import HOUR, SECOND
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.telegram import audience
from smm_tui.sandbox.faces.telegram.updates import announce
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.seed import TelegramLogin
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World
from tests.support.bot_api import call_errors, result_errors

from .support import MP4, START, ManualClock, multipart, png, send


@dataclass
class Bot:
    """Calls the Bot API as one bot, about its chat unless another one is named."""

    world: World
    login: TelegramLogin

    def __call__(self, method: str, *, token: str | None = None, **parameters: Any) -> Response:
        body = jsonlib.dumps({"chat_id": self.login.handle, **parameters}).encode()
        url = f"{self.login.server}/bot{self.login.token if token is None else token}/{method}"
        return send(self.world, "POST", url, {"content-type": "application/json"}, body)

    def upload(self, method: str, files: Mapping[str, bytes], **fields: str) -> Response:
        kind, body = multipart(
            {"chat_id": self.login.handle, **fields}, {name: ("a", data, "image/png") for name, data in files.items()}
        )
        return send(
            self.world, "POST", f"{self.login.server}/bot{self.login.token}/{method}", {"content-type": kind}, body
        )

    def result(self, method: str, **parameters: Any) -> Any:
        answer = self(method, **parameters)
        assert answer.status == 200, answer.body
        return answer.json()["result"]


def error(response: Response) -> tuple[int, str]:
    body = response.json()
    assert body["ok"] is False
    assert body["error_code"] == response.status
    return response.status, body["description"]


def bad(description: str) -> tuple[int, str]:
    return 400, f"Bad Request: {description}"


@pytest.fixture
def server(servers: dict[str, Server]) -> Server:
    return servers[seed.TELEGRAM_HOST]


@pytest.fixture
def bot(world: World, server: Server) -> Bot:
    return Bot(world, seed.add_telegram_bot(world, server, "bakery", title="The Bakery"))


# -- who calls, and where -----------------------------------------------------------------------------------------


def test_tokens(world: World, bot: Bot) -> None:
    assert error(bot("getMe", token="no-token")) == (404, "Not Found")
    assert error(bot("getMe", token="1:unknown")) == (401, "Unauthorized")
    assert error(bot("getNothing")) == (404, "Not Found: method not found")
    assert bot("GETME").json()["result"]["is_bot"] is True
    token = world.token(bot.login.account.server, bot.login.token, "bot")
    assert token is not None
    world.revoke(token)
    assert error(bot("getMe")) == (401, "Unauthorized")
    assert error(send(world, "GET", f"{bot.login.server}/elsewhere", {}, b"")) == (404, "Not Found")


def test_a_call_by_address_alone(world: World, bot: Bot) -> None:
    url = f"{bot.login.server}/bot{bot.login.token}/sendMessage?chat_id=%40Bakery&text=Bread"
    assert send(world, "GET", url, {}, b"").json()["result"]["text"] == "Bread"


def test_chats(world: World, server: Server, bot: Bot) -> None:
    number = int(bot.login.account.remote_id)
    chat = bot.result("getChat")
    assert (chat["id"], chat["username"], chat["title"]) == (number, "bakery", "The Bakery")
    assert bot.result("getChat", chat_id=number) == chat
    assert bot.result("getChatMemberCount") == 1204
    assert error(bot("getChat", chat_id="@nobody")) == bad("chat not found")
    assert error(bot("getChat", chat_id="")) == bad("chat_id is empty")
    stranger = Bot(world, seed.add_telegram_bot(world, server, "gym", public=False))
    assert stranger.result("getChat", chat_id="@bakery") == chat
    assert error(stranger("sendMessage", chat_id="@bakery", text="x")) == (
        403,
        "Forbidden: bot is not a member of the channel chat",
    )
    assert error(bot("getChat", chat_id=stranger.login.handle))[0] == 403
    assert error(bot("getChat", chat_id="@gym")) == bad("chat not found")


@pytest.mark.parametrize(
    ("rights", "problem"),
    [
        ({"status": "kicked"}, (403, "Forbidden: bot was kicked from the channel chat")),
        ({"status": "member"}, bad("need administrator rights in the channel chat")),
        ({"status": "administrator"}, bad("not enough rights to post messages in the chat")),
    ],
)
def test_rights(world: World, server: Server, rights: dict[str, Any], problem: tuple[int, str]) -> None:
    bot = Bot(world, seed.add_telegram_bot(world, server, "gym", rights=rights))
    assert error(bot("sendMessage", text="Squats")) == problem
    assert world.live_posts() == []


def test_members(world: World, server: Server, bot: Bot) -> None:
    number = int(bot.login.bot.remote_id)
    member = bot.result("getChatMember", user_id=number)
    assert (member["status"], member["can_post_messages"]) == ("administrator", True)
    assert error(bot("getChatMember", user_id=5)) == bad("user not found")
    guest = Bot(world, seed.add_telegram_bot(world, server, "gym", rights={"status": "member"}))
    assert error(guest("getChatMember", user_id=1)) == bad("member list is inaccessible")
    group = Bot(world, seed.add_telegram_bot(world, server, "club", kind="supergroup", rights={"status": "member"}))
    assert group.result("getChatMember", user_id=int(group.login.bot.remote_id))["status"] == "member"
    assert group.result("sendMessage", text="Hello")["chat"]["type"] == "supergroup"
    mute = {"status": "restricted", "can_send_messages": False}
    silent = Bot(world, seed.add_telegram_bot(world, server, "quiet", kind="supergroup", rights=mute))
    assert error(silent("sendMessage", text="x")) == bad("not enough rights to send text messages to the chat")


def test_a_group_that_moved(world: World, server: Server) -> None:
    bot = Bot(world, seed.add_telegram_bot(world, server, "club", kind="group", public=False))
    world.update_account(bot.login.account, {"moved_to": -1001})
    answer = bot("sendMessage", text="x")
    assert error(answer) == bad("group chat was upgraded to a supergroup chat")
    assert answer.json()["parameters"] == {"migrate_to_chat_id": -1001}


# -- messages -----------------------------------------------------------------------------------------------------


def test_a_message(world: World, bot: Bot) -> None:
    message = bot.result("sendMessage", text="  🥐 by @thebakery: https://example.org #bread \n")
    assert message["message_id"] == 1
    assert message["date"] == START // SECOND
    assert message["sender_chat"]["username"] == "bakery"
    assert message["text"] == "🥐 by @thebakery: https://example.org #bread"
    assert [(e["type"], e["offset"], e["length"]) for e in message["entities"]] == [
        ("mention", 6, 10),
        ("url", 18, 19),
        ("hashtag", 38, 6),
    ]
    (post,) = world.live_posts()
    assert post.remote_id == f"{bot.login.account.remote_id}/1"
    assert bot.result("sendMessage", text="More")["message_id"] == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 4096, None),
        ("x" * 4097, "message is too long"),
        ("🥐" * 2048, None),
        ("🥐" * 2048 + "x", "message is too long"),
        (" \n ", "message text is empty"),
    ],
)
def test_lengths(bot: Bot, text: str, problem: str | None) -> None:
    answer = bot("sendMessage", text=text)
    if problem is None:
        assert answer.status == 200
    else:
        assert error(answer) == bad(problem)


def test_markup_is_text(bot: Bot) -> None:
    assert bot.result("sendMessage", text="<b>*x*</b>")["text"] == "<b>*x*</b>"
    assert error(bot("sendMessage", text="x", parse_mode="HTML")) == bad("unsupported parse_mode")


def test_a_picture_with_a_caption(world: World, bot: Bot) -> None:
    photo = bot.upload("sendPhoto", {"photo": png(8, 6)}, caption="A loaf", has_spoiler="true").json()["result"]
    assert (photo["photo"][-1]["width"], photo["caption"], photo["has_media_spoiler"]) == (8, "A loaf", True)
    again = bot.result("sendPhoto", photo=photo["photo"][0]["file_id"])
    assert again["photo"] == photo["photo"]
    assert [len(post.media) for post in world.live_posts()] == [1, 1]
    path = bot.result("getFile", file_id=photo["photo"][0]["file_id"])["file_path"]
    url = f"{bot.login.server}/file/bot{bot.login.token}/{path}"
    assert send(world, "GET", url, {}, b"").body == png(8, 6)
    assert error(bot("getFile", file_id="x")) == bad("invalid file_id")
    assert error(send(world, "GET", url + "x", {}, b"")) == (404, "Not Found")


def test_captions_are_shorter_than_messages(bot: Bot) -> None:
    assert bot.upload("sendPhoto", {"photo": png()}, caption="🥐" * 512).status == 200
    too_long = bot.upload("sendPhoto", {"photo": png()}, caption="🥐" * 512 + "x")
    assert error(too_long) == bad("message caption is too long")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(84, 4), "PHOTO_INVALID_DIMENSIONS"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_bad_pictures(bot: Bot, data: bytes, problem: str) -> None:
    assert error(bot.upload("sendPhoto", {"photo": data})) == bad(problem)


def test_files_that_are_not_there(bot: Bot) -> None:
    assert error(bot("sendPhoto")) == bad("there is no photo in the request")
    assert error(bot("sendPhoto", photo="attach://x")) == bad("there is no photo in the request")
    assert error(bot("sendPhoto", photo="unknown")) == bad("wrong file identifier/HTTP URL specified")
    video = bot.upload("sendVideo", {"video": MP4}).json()["result"]["video"]
    assert error(bot("sendPhoto", photo=video["file_id"])) == bad("type of file mismatch")
    assert error(bot.upload("sendVideo", {"video": png()})) == bad("VIDEO_CONTENT_TYPE_INVALID")
    assert error(bot.upload("sendVideo", {"video": MP4[:24]})) == bad("VIDEO_CONTENT_TYPE_INVALID")


def test_large_files(world: World, server: Server, bot: Bot) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "BMP")
    huge = buffer.getvalue() + b"\0" * 10_000_000
    assert "too big for a photo" in error(bot.upload("sendPhoto", {"photo": huge}))[1]
    world.add_server(server.host, "telegram", config={"body_limit": 1000})
    assert error(bot.upload("sendPhoto", {"photo": b"\0" * 1000})) == (413, "Request Entity Too Large")


def album(bot: Bot, count: int, **files: bytes) -> Response:
    items = [{"type": "photo", "media": f"attach://f{index}"} for index in range(count)]
    if items:
        items[0]["caption"] = "Loaves"
    names = {f"f{index}": png(4 + index) for index in range(count)}
    return bot.upload("sendMediaGroup", {**names, **files}, media=jsonlib.dumps(items))


def test_an_album(world: World, bot: Bot) -> None:
    messages = album(bot, 3).json()["result"]
    assert [message["message_id"] for message in messages] == [1, 2, 3]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["Loaves", None, None]
    (post,) = world.live_posts()
    assert (post.text, len(post.media)) == ("Loaves", 3)
    assert error(album(bot, 0)) == bad("there are no messages to send")
    assert error(album(bot, 11)) == bad("too many messages to send as an album")
    assert error(bot("sendMediaGroup", media="[")) == bad("can't parse media JSON object")
    assert error(bot("sendMediaGroup", media=[{"type": "sticker"}])) == bad("can't parse InputMedia")


def test_a_reply(world: World, bot: Bot) -> None:
    bot.result("sendMessage", text="Root")
    message = bot.result("sendMessage", text="Reply", reply_parameters={"message_id": 1})
    assert message["reply_to_message"]["text"] == "Root"
    assert world.live_posts()[1].reply_to == world.live_posts()[0].remote_id
    problem = bot("sendMessage", text="Reply", reply_parameters={"message_id": 9})
    assert error(problem) == bad("message to be replied not found")
    free = {"message_id": 9, "allow_sending_without_reply": True}
    assert "reply_to_message" not in bot.result("sendMessage", text="Reply", reply_parameters=free)


def test_a_message_that_is_held_back_has_no_number(world: World, server: Server, bot: Bot) -> None:
    world.add_server(server.host, "telegram", config={"held_back": True})
    assert bot.result("sendMessage", text="Later")["message_id"] == 0
    assert world.live_posts() == []


# -- changing -----------------------------------------------------------------------------------------------------


def test_editing(world: World, bot: Bot, clock: ManualClock) -> None:
    bot.result("sendMessage", text="Bred")
    clock.sleep(60)
    edited = bot.result("editMessageText", message_id=1, text="Bread")
    assert (edited["text"], edited["edit_date"]) == ("Bread", START // SECOND + 60)
    assert [post.text for post in world.live_posts()] == ["Bread"]
    assert error(bot("editMessageText", message_id=1, text="Bread"))[1].startswith(
        "Bad Request: message is not modified"
    )
    assert error(bot("editMessageText", message_id=9, text="x")) == bad("message to edit not found")
    assert error(bot("editMessageCaption", message_id=1, caption="x"))[0] == 400
    album(bot, 2)
    assert bot.result("editMessageCaption", message_id=3, caption="Second")["caption"] == "Second"
    assert error(bot("editMessageText", message_id=3, text="x"))[0] == 400


def test_deleting_within_two_days(world: World, bot: Bot, clock: ManualClock) -> None:
    bot.result("sendMessage", text="Old")
    clock.now += 48 * HOUR - 1000
    assert bot.result("sendMessage", text="New")
    assert bot.result("deleteMessage", message_id=1) is True
    assert error(bot("deleteMessage", message_id=1)) == bad("message to delete not found")
    clock.now += 48 * HOUR
    assert error(bot("deleteMessage", message_id=2)) == bad("message can't be deleted for everyone")
    assert [post.text for post in world.live_posts()] == ["New"]


def test_deleting_an_album(world: World, bot: Bot) -> None:
    album(bot, 3)
    assert bot.result("deleteMessage", message_id=1) is True
    (post,) = world.live_posts()
    assert (post.text, [message["message_id"] for message in post.record["messages"]]) == ("", [2, 3])
    assert bot.result("deleteMessages", message_ids=[1, 2, 3]) is True
    assert world.live_posts() == []
    assert error(bot("deleteMessages", message_ids=[])) == bad("message identifiers are not specified")


def test_what_another_bot_sent(world: World, server: Server, bot: Bot) -> None:
    other = Bot(world, seed.add_telegram_bot(world, server, "gym"))
    rights = {"status": "administrator", "can_post_messages": True}
    members = {**bot.login.account.data["members"], other.login.bot.remote_id: rights}
    world.update_account(bot.login.account, {"members": members})
    bot.result("sendMessage", text="Mine")
    assert error(other("deleteMessage", chat_id="@bakery", message_id=1)) == bad("message can't be deleted")
    assert error(other("editMessageText", chat_id="@bakery", message_id=1, text="x")) == bad(
        "message can't be edited"
    )
    pin = other("pinChatMessage", chat_id="@bakery", message_id=1)
    assert error(pin) == bad("not enough rights to manage pinned messages in the chat")


def test_pinning(bot: Bot) -> None:
    bot.result("sendMessage", text="Look")
    assert bot.result("pinChatMessage", message_id=1) is True
    assert bot.result("getChat")["pinned_message"]["text"] == "Look"
    assert error(bot("pinChatMessage", message_id=7)) == bad("message to pin not found")
    assert bot.result("unpinChatMessage") is True
    assert "pinned_message" not in bot.result("getChat")


# -- updates ------------------------------------------------------------------------------------------------------


@pytest.fixture
def group(world: World, server: Server) -> Bot:
    return Bot(world, seed.add_telegram_bot(world, server, "club", kind="supergroup"))


def write(world: World, chat: Account, name: str, text: str) -> Object:
    """Somebody writes in a group, answering nobody."""
    return audience.say(world, chat, audience.person(world, server_of(world), name), text)


def server_of(world: World) -> Server:
    found = world.server(seed.TELEGRAM_HOST)
    assert found is not None
    return found


def heard(bot: Bot, **parameters: Any) -> list[str]:
    return [update["message"]["text"] for update in bot.result("getUpdates", **parameters)]


def test_an_offset_confirms_what_is_before_it(world: World, group: Bot) -> None:
    for text in ("one", "two", "three"):
        write(world, group.login.account, "Ann", text)
    assert heard(group) == heard(group) == ["one", "two", "three"]
    assert heard(group, limit=2) == ["one", "two"]
    second = group.result("getUpdates")[1]["update_id"]
    assert heard(group, offset=second) == ["two", "three"]
    assert heard(group) == ["two", "three"]
    assert heard(group, offset=-1) == ["three"]
    assert heard(group) == ["three"]
    group.result("sendMessage", text="mine")
    assert heard(group) == ["three"]


def test_updates_are_kept_for_a_day(world: World, group: Bot, clock: ManualClock) -> None:
    write(world, group.login.account, "Ann", "old")
    clock.now += HOUR
    write(world, group.login.account, "Ann", "new")
    clock.now += 23 * HOUR
    assert heard(group) == ["new"]
    assert group.result("getWebhookInfo")["pending_update_count"] == 1


def test_one_poller_only(world: World, group: Bot) -> None:
    write(world, group.login.account, "Ann", "one")
    group.result("setWebhook", url="https://bakery.example/hook")
    assert error(group("getUpdates"))[0] == 409
    assert group.result("deleteWebhook") is True
    assert heard(group) == ["one"]
    world.update_account(group.login.bot, {"polled_elsewhere": True})
    assert error(group("getUpdates")) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    world.update_account(group.login.bot, {"polled_elsewhere": False})
    group.result("deleteWebhook", drop_pending_updates=True)
    assert heard(group) == []


def test_some_updates_come_only_when_they_are_named(world: World, group: Bot) -> None:
    chat = group.login.account
    announce(world, chat, "chat_member", {"chat": {}})
    assert group.result("getUpdates", allowed_updates=["chat_member"]) == []
    announce(world, chat, "chat_member", {"chat": {}})
    write(world, chat, "Ann", "not named")
    assert [list(update)[1] for update in group.result("getUpdates")] == ["chat_member"]
    members = {group.login.bot.remote_id: {"status": "kicked"}}
    world.update_account(chat, {"members": members})
    announce(world, world.account(chat.id), "chat_member", {"chat": {}})
    assert len(group.result("getUpdates")) == 1


# -- limits and faults --------------------------------------------------------------------------------------------


def test_twenty_messages_a_minute(bot: Bot, clock: ManualClock) -> None:
    for number in range(20):
        bot.result("sendMessage", text=str(number))
    clock.sleep(10)
    answer = bot("sendMessage", text="x")
    assert error(answer) == (429, "Too Many Requests: retry after 50")
    assert answer.json()["parameters"] == {"retry_after": 50}
    assert answer.headers["retry-after"] == "50"
    clock.sleep(50)
    assert bot("sendMessage", text="x").status == 200


@pytest.mark.parametrize(
    ("fault", "status", "description"),
    [
        (Fault(FaultKind.RATE_LIMITED, seconds=90), 429, "Too Many Requests: retry after 90"),
        (Fault(FaultKind.RATE_LIMITED_BARE), 429, "Too Many Requests"),
        (Fault(FaultKind.EXPIRED_TOKEN), 401, "Unauthorized"),
        (Fault(FaultKind.SERVER_ERROR, status=500), 500, "Internal Server Error"),
    ],
)
def test_faults(world: World, bot: Bot, fault: Fault, status: int, description: str) -> None:
    world.plant(fault)
    assert error(bot("sendMessage", text="x")) == (status, description)
    assert world.live_posts() == []
    assert world.calls(path="sendMessage")[0].account == "bakery_bot"


# -- the official description ---------------------------------------------------------------------------------------


def test_answers_fit_the_description_of_the_bot_api(bot: Bot) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("getMe", {}),
        ("sendMessage", {"text": "#Bread by @thebakery https://example.org"}),
        ("sendMessage", {"text": "Reply", "reply_parameters": {"message_id": 1}}),
        ("pinChatMessage", {"message_id": 1}),
        ("getChat", {}),
        ("getChatMember", {"user_id": int(bot.login.bot.remote_id)}),
        ("getChatMemberCount", {}),
        ("editMessageText", {"message_id": 1, "text": "Rolls"}),
        ("unpinChatMessage", {}),
        ("deleteMessages", {"message_ids": [1]}),
        ("deleteMessage", {"message_id": 2}),
    ]
    for method, parameters in calls:
        assert result_errors(method, bot.result(method, **parameters)) == [], method
    uploads = {
        "sendPhoto": bot.upload("sendPhoto", {"photo": png()}, caption="#a"),
        "sendVideo": bot.upload("sendVideo", {"video": MP4}),
        "sendMediaGroup": album(bot, 2),
    }
    for method, answer in uploads.items():
        assert result_errors(method, answer.json()["result"]) == [], method
    file_id = uploads["sendPhoto"].json()["result"]["photo"][0]["file_id"]
    assert result_errors("getFile", bot.result("getFile", file_id=file_id)) == []


def test_updates_fit_the_description_of_the_bot_api(world: World, group: Bot) -> None:
    write(world, group.login.account, "Ann", "Hello")
    for method in ("getUpdates", "getWebhookInfo", "deleteWebhook"):
        assert result_errors(method, group.result(method)) == []


def test_the_helper_sees_what_is_wrong() -> None:
    assert call_errors("sendMessage", {"chat_id": 1, "text": "x"}, form=False) == []
    assert call_errors("sendMessage", {"chat_id": 1, "txt": "x"}, form=False) == [
        "sendMessage: lacks text",
        "sendMessage: txt is unknown",
    ]
    assert call_errors("deleteMessages", {"chat_id": 1, "message_ids": ["1"]}, form=False) == [
        "deleteMessages.message_ids[0]: '1' is no Integer"
    ]
    assert call_errors("sendNothing", {}, form=False) == ["there is no method sendNothing"]
    assert result_errors("sendMessage", {"message_id": 1, "date": 1}) == ["sendMessage: lacks chat"]
