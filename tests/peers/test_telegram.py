"""python-telegram-bot and our client of Telegram: the same requests; and the peer at home on the simulated server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from telegram import error as peer_error
from telegram.request import HTTPXRequest

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Account, Part, Poll, RemoteRef
from smm_tui.networks.registry import client
from smm_tui.networks.telegram.moderator import PERMISSIONS
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.telegram import audience
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Request, Upload, parameters
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World
from tests.networks.stage import FILM, Recorder, WorldClock
from tests.networks.support import MemorySlot, media_file, picture

IDENTITY = "0123456789abcdef0123456789abcdef"


def peer_over(login: seed.TelegramLogin, transport: httpx.AsyncBaseTransport) -> telegram.Bot:
    """The peer's own client, unchanged but for where its bytes go."""
    requests = [HTTPXRequest(httpx_kwargs={"transport": transport}) for _index in range(2)]
    return telegram.Bot(
        login.token,
        base_url=f"{login.server}/bot",
        base_file_url=f"{login.server}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )


@dataclass
class Both:
    """Our client and the peer's, as the same bot in the same world."""

    world: World
    clock: WorldClock
    login: seed.TelegramLogin
    discussion: int
    ours: Client
    peer: telegram.Bot
    recorder: Recorder

    @property
    def channel(self) -> int:
        return int(self.login.account.remote_id)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with World(tmp_path / "world.db", clock=clock, seed=1) as world:
        yield world


@pytest.fixture
async def both(world: World, clock: WorldClock) -> AsyncIterator[Both]:
    server = seed.add_servers(world)[seed.TELEGRAM_HOST]
    login = seed.add_telegram_bot(world, server, "bakery", title="The Bakery")
    group = seed.add_telegram_discussion(world, login)
    recorder = Recorder(SandboxTransport(world))
    slot, around = MemorySlot({"token": login.token}), Surroundings(recorder, clock=clock)
    found = await client(Account("telegram", login.server, login.handle), slot, around).publisher.check()
    account = Account("telegram", login.server, found.handle, found.remote_id, found.facts)
    async with peer_over(login, SandboxTransport(world)) as peer:
        yield Both(world, clock, login, int(group.remote_id), client(account, slot, around), peer, recorder)


# -- the same requests --------------------------------------------------------------------------------------------


class Noting(httpx.AsyncBaseTransport):
    """Notes requests and says yes to everything."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return httpx.Response(200, json={"ok": True, "result": True})


def said(request: httpx.Request) -> tuple[str, dict[str, Any]]:
    """The method and parameters of a request: files as their bytes, whatever they are called on the way."""
    fields = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
    files = {f"attach://{name}": value.data for name, value in fields.items() if isinstance(value, Upload)}

    def plain(value: Any) -> Any:
        if isinstance(value, Upload):
            return value.data
        if isinstance(value, str):
            if value in files:
                return files[value]
            with suppress(ValueError):
                found = json.loads(value)
                return value if isinstance(found, str) else plain(found)
            return value
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        return value

    shown = {name: plain(value) for name, value in fields.items() if f"attach://{name}" not in files}
    uploads = {name: value.data for name, value in fields.items() if isinstance(value, Upload)}
    mentioned = json.dumps([value for value in fields.values() if isinstance(value, str)])
    direct = {name: data for name, data in uploads.items() if f"attach://{name}" not in mentioned}
    return request.url.path.rpartition("/")[2], shown | direct


Ours = Callable[[Client], Awaitable[Any]]
Peers = Callable[[telegram.Bot], Awaitable[Any]]


async def published(ours: Client, part: Part) -> RemoteRef:
    wire = await ours.publisher.prepare(IDENTITY, part, root=None, parent=None)
    return await ours.publisher.send(IDENTITY, json.loads(json.dumps(wire)))


async def same(method: str, both: Both, ours: Ours, peers: Peers) -> None:
    """Both make the same request."""
    await ours(both.ours)
    mine = said(both.recorder.requests[-1])
    noting = Noting()
    with suppress(TypeError, AttributeError):  # it makes objects of answers that are none
        await peers(peer_over(both.login, noting))
    assert [said(request) for request in noting.requests] == [mine]
    assert mine[0] == method


async def test_publishing(both: Both, tmp_path: Path) -> None:
    chat, loaf, roll = both.channel, picture(tmp_path, name="a"), picture(tmp_path, "JPEG", (40, 30), name="b")
    film = media_file(tmp_path, "film.mp4", FILM, "video/mp4")
    data = [file.path.read_bytes() for file in (loaf, roll, film)]

    await same(
        "sendMessage",
        both,
        lambda ours: published(ours, Part("Kenyér <b>🥐</b>")),
        lambda peer: peer.send_message(chat, "Kenyér <b>🥐</b>"),
    )
    await same(
        "sendPhoto",
        both,
        lambda ours: published(ours, Part("A loaf", (loaf,), "food")),
        lambda peer: peer.send_photo(chat, data[0], caption="CW: food\n\nA loaf", has_spoiler=True),
    )
    await same(
        "sendVideo",
        both,
        lambda ours: published(ours, Part("A film", (film,))),
        lambda peer: peer.send_video(chat, data[2], caption="A film", supports_streaming=True),
    )
    await same(
        "sendMediaGroup",
        both,
        lambda ours: published(ours, Part("Loaves", (loaf, roll))),
        lambda peer: peer.send_media_group(
            chat, [telegram.InputMediaPhoto(data[0], caption="Loaves"), telegram.InputMediaPhoto(data[1])]
        ),
    )
    await same(
        "sendPoll",
        both,
        lambda ours: published(ours, Part("Rye?", poll=Poll(("Yes 🌾", "No"), 3600, multiple=True))),
        lambda peer: peer.send_poll(
            chat,
            "Rye?",
            [telegram.InputPollOption("Yes 🌾"), telegram.InputPollOption("No")],
            is_anonymous=True,
            allows_multiple_answers=True,
            open_period=3600,
        ),
    )


async def test_live_posts(both: Both, tmp_path: Path) -> None:
    chat, loaf, roll = both.channel, picture(tmp_path, name="a"), picture(tmp_path, "JPEG", (40, 30), name="b")
    text = await published(both.ours, Part("Bred"))
    album = await published(both.ours, Part("Loaves", (loaf, roll)))
    numbers = [int(number) for number in album.extra["ids"].split(",")]

    async def edit(ours: Client, ref: RemoteRef, part: Part) -> None:
        await ours.editor.edit(ref, json.loads(json.dumps(await ours.editor.prepare_edit(ref, part))))

    await same(
        "editMessageText",
        both,
        lambda ours: edit(ours, text, Part("Bread")),
        lambda peer: peer.edit_message_text("Bread", chat, 1),
    )
    await same(
        "editMessageCaption",
        both,
        lambda ours: edit(ours, album, Part("Rolls", (loaf, roll))),
        lambda peer: peer.edit_message_caption(chat, numbers[0], caption="Rolls"),
    )
    await same(
        "editMessageMedia",
        both,
        lambda ours: edit(ours, album, Part("Rolls", (loaf, loaf))),
        lambda peer: peer.edit_message_media(telegram.InputMediaPhoto(loaf.path.read_bytes()), chat, numbers[1]),
    )
    await same(
        "pinChatMessage",
        both,
        lambda ours: ours.pinner.pin(text),
        lambda peer: peer.pin_chat_message(chat, 1, disable_notification=True),
    )
    await same(
        "unpinChatMessage", both, lambda ours: ours.pinner.unpin(text), lambda peer: peer.unpin_chat_message(chat, 1)
    )
    await same(
        "deleteMessage", both, lambda ours: ours.publisher.delete(text), lambda peer: peer.delete_message(chat, 1)
    )
    await same(
        "deleteMessages",
        both,
        lambda ours: ours.publisher.delete(album),
        lambda peer: peer.delete_messages(chat, numbers),
    )


async def commented(both: Both) -> tuple[RemoteRef, Item]:
    ref = await published(both.ours, Part("Fresh bread"))
    server = both.world.server(seed.TELEGRAM_HOST)
    assert server is not None
    anna = audience.person(both.world, server, "Anna")
    audience.comment(both.world, both.world.live_posts()[-1], anna, "Rye?")
    audience.message(both.world, both.login.account, anna, "When?")
    page = await both.ours.inbox.fetch(None, posts=[ref])
    return ref, next(item for item in page.items if item.kind is ItemKind.COMMENT)


async def test_conversation(both: Both) -> None:
    ref, item = await commented(both)
    place, number = both.discussion, int(item.id.partition("/")[2])
    updates = both.recorder.requests[-1]
    assert said(updates) == (
        "getUpdates",
        {"limit": 100, "timeout": 0, "allowed_updates": ["message", "edited_message"]},
    )

    async def answer(ours: Client, to: Item | RemoteRef) -> None:
        await ours.responder.send(IDENTITY, await ours.responder.prepare(IDENTITY, to, Part("Yes")))

    await same(
        "sendMessage",
        both,
        lambda ours: answer(ours, item),
        lambda peer: peer.send_message(place, "Yes", reply_parameters=telegram.ReplyParameters(number)),
    )
    await same(
        "sendMessage",
        both,
        lambda ours: answer(ours, ref),
        lambda peer: peer.send_message(place, "Yes", reply_parameters=telegram.ReplyParameters(1)),
    )
    await same(
        "setMessageReaction",
        both,
        lambda ours: ours.moderator.moderate(Verb.LIKE, item),
        lambda peer: peer.set_message_reaction(place, number, [telegram.ReactionTypeEmoji("👍")]),
    )
    await same(
        "getUpdates",
        both,
        lambda ours: ours.inbox.fetch({"offset": 7, "heard": both.clock.now}, posts=[ref]),
        lambda peer: peer.get_updates(7, 100, 0, ["message", "edited_message"]),
    )


async def test_moderation(both: Both) -> None:
    _ref, item = await commented(both)
    place, person = both.discussion, int(item.author.id)
    until = both.clock.now + 3_600_000
    mute, free = (telegram.ChatPermissions.de_json(dict.fromkeys(PERMISSIONS, allowed)) for allowed in (False, True))

    await same(
        "restrictChatMember",
        both,
        lambda ours: ours.moderator.moderate(Verb.MUTE, item, until=until),
        lambda peer: peer.restrict_chat_member(place, person, mute, until_date=until // 1000),
    )
    await same(
        "restrictChatMember",
        both,
        lambda ours: ours.moderator.moderate(Verb.UNMUTE, item),
        lambda peer: peer.restrict_chat_member(place, person, free),
    )
    await same(
        "banChatMember",
        both,
        lambda ours: ours.moderator.moderate(Verb.BAN, item, until=until),
        lambda peer: peer.ban_chat_member(place, person, until_date=until // 1000),
    )
    await same(
        "unbanChatMember",
        both,
        lambda ours: ours.moderator.moderate(Verb.UNBAN, item),
        lambda peer: peer.unban_chat_member(place, person, only_if_banned=True),
    )


async def test_profile(both: Both, tmp_path: Path) -> None:
    chat, file = both.channel, picture(tmp_path, size=(320, 320))
    profile = await both.ours.profile_reader.read_profile()

    def last(name: str) -> httpx.Request:
        return [request for request in both.recorder.requests if request.url.path.endswith(name)][-1]

    change = ProfileChange(name="Rolls", description="Since 1912", avatar=file)
    await both.ours.profile_writer.write_profile(change, expected=profile)
    noting = Noting()
    peer = peer_over(both.login, noting)
    await peer.set_chat_title(chat, "Rolls")
    await peer.set_chat_description(chat, "Since 1912")
    await peer.set_chat_photo(chat, file.path.read_bytes())
    await peer.get_chat_member_count(chat)
    await both.ours.metrics.of_page(0, both.clock.now)
    for request in noting.requests:
        assert said(last(said(request)[0])) == said(request)
    assert len(noting.requests) == 4


# -- the peer on the simulated server ------------------------------------------------------------------------------


async def test_the_peer_publishes(both: Both, tmp_path: Path) -> None:
    peer, chat = both.peer, both.channel
    assert (await peer.get_me()).username == "bakery_bot"
    about = await peer.get_chat("@bakery")
    assert (about.id, about.title, about.linked_chat_id) == (chat, "The Bakery", both.discussion)
    (admin,) = await peer.get_chat_administrators(chat)
    assert isinstance(admin, telegram.ChatMemberAdministrator)
    assert admin.can_post_messages
    message = await peer.send_message(chat, "Kenyér 🥐 https://example.org #bread")
    assert [entity.type for entity in message.entities] == ["url", "hashtag"]
    loaf = picture(tmp_path).path.read_bytes()
    photo = await peer.send_photo(chat, loaf, caption="A loaf", has_spoiler=True)
    assert (photo.photo[-1].width, photo.caption, photo.has_media_spoiler) == (6, "A loaf", True)
    assert await (await peer.get_file(photo.photo[-1].file_id)).download_as_bytearray() == loaf
    album = await peer.send_media_group(chat, [telegram.InputMediaPhoto(loaf), telegram.InputMediaVideo(FILM)])
    assert len({message.media_group_id for message in album}) == 1
    asked = await peer.send_poll(chat, "Rye?", ["Yes", "No"])
    assert asked.poll is not None
    assert [option.text for option in asked.poll.options] == ["Yes", "No"]
    edited = await peer.edit_message_text("Bread", chat, message.message_id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.edit_date is not None) == ("Bread", True)
    changed = await peer.edit_message_media(telegram.InputMediaPhoto(loaf, caption="New"), chat, photo.message_id)
    assert isinstance(changed, telegram.Message)
    assert changed.caption == "New"
    assert await peer.pin_chat_message(chat, message.message_id)
    pinned = (await peer.get_chat(chat)).pinned_message
    assert pinned is not None
    assert pinned.text == "Bread"
    assert await peer.unpin_chat_message(chat, message.message_id)
    assert await peer.delete_messages(chat, [each.message_id for each in album])
    assert [post.text for post in both.world.live_posts()] == ["Bread", "New", "Rye?"]


async def test_the_peer_talks_and_moderates(both: Both, tmp_path: Path) -> None:
    peer, world, group = both.peer, both.world, both.discussion
    await peer.send_message(both.channel, "Fresh bread")
    server = world.server(seed.TELEGRAM_HOST)
    assert server is not None
    anna = audience.person(world, server, "Anna")
    written = audience.comment(world, world.live_posts()[0], anna, "Rye?")
    audience.edit(world, written, "Rye bread?")
    audience.message(world, both.login.account, anna, "Hello")
    audience.direct_message(world, both.login.account, anna, "Hello, channel")
    copy, comment, edit, private, direct = await peer.get_updates()
    assert copy.message is not None
    assert comment.message is not None
    assert copy.message.is_automatic_forward
    assert isinstance(copy.message.forward_origin, telegram.MessageOriginChannel)
    assert copy.message.forward_origin.message_id == 1
    assert comment.message.reply_to_message is not None
    assert comment.message.reply_to_message.message_id == comment.message.message_thread_id == 1
    assert edit.edited_message is not None
    assert edit.edited_message.text == "Rye bread?"
    assert private.message is not None
    assert direct.message is not None
    assert private.message.chat.type == "private"
    assert direct.message.chat.is_direct_messages
    assert direct.message.direct_messages_topic is not None
    answer = await peer.send_message(
        direct.message.chat_id, "Hi", direct_messages_topic_id=direct.message.direct_messages_topic.topic_id
    )
    assert answer.direct_messages_topic == direct.message.direct_messages_topic
    assert (await private.message.reply_text("Hi")).chat.id == int(anna.remote_id)
    assert (await comment.message.reply_text("Yes", do_quote=True)).message_thread_id == 1
    assert await peer.set_message_reaction(group, comment.message.message_id, "👍")
    person = int(anna.remote_id)
    assert await peer.restrict_chat_member(group, person, telegram.ChatPermissions.no_permissions())
    assert (await peer.get_chat_member(group, person)).status == "restricted"
    assert await peer.ban_chat_member(group, person)
    assert (await peer.get_chat_member(group, person)).status == "kicked"
    with pytest.raises(PermissionError):
        audience.comment(world, world.live_posts()[0], anna, "Rye?")
    assert await peer.unban_chat_member(group, person, only_if_banned=True)
    assert await peer.delete_message(group, comment.message.message_id)
    chat = both.channel
    assert await peer.set_chat_title(chat, "Rolls")
    assert await peer.set_chat_description(chat, "Since 1912")
    assert await peer.set_chat_photo(chat, picture(tmp_path, size=(320, 320)).path.read_bytes())
    about = await peer.get_chat(chat)
    assert (about.title, about.description, about.photo is not None) == ("Rolls", "Since 1912", True)
    assert await peer.get_chat_member_count(chat) == 1204


async def test_the_peer_knows_the_refusals(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    peer, world = both.peer, both.world
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    world.plant(Fault(FaultKind.RATE_LIMITED, seconds=35))
    with pytest.raises(peer_error.RetryAfter) as caught:
        await peer.send_message(both.channel, "x")
    assert caught.value.retry_after == timedelta(seconds=35)
    with pytest.raises(peer_error.BadRequest, match="Chat not found"):
        await peer.send_message("@nobody", "x")
    with pytest.raises(peer_error.BadRequest, match="Message to be replied not found"):
        await peer.send_message(both.channel, "x", reply_parameters=telegram.ReplyParameters(99))
    server = world.server(seed.TELEGRAM_HOST)
    assert server is not None
    with pytest.raises(peer_error.Forbidden):
        await peer.send_message(int(audience.person(world, server, "Bert").remote_id), "x")
    await peer.set_webhook("https://bakery.example/hook")
    assert (await peer.get_webhook_info()).url == "https://bakery.example/hook"
    with pytest.raises(peer_error.Conflict):
        await peer.get_updates()
    token = world.token(seed.TELEGRAM_HOST, both.login.token, "bot")
    assert token is not None
    world.revoke(token)
    with pytest.raises(peer_error.InvalidToken):
        await peer.get_me()
