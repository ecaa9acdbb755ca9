"""People around the bots of the Telegram face: discussion groups, private talk, moderation, the chat's looks."""

from __future__ import annotations

from typing import Any

import pytest

from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.telegram import audience
from smm_tui.sandbox.faces.telegram.members import PERMISSIONS
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World
from tests.support.bot_api import result_errors

from .support import START, ManualClock, png
from .test_telegram_face import Bot, bad, error


@pytest.fixture
def server(servers: dict[str, Server]) -> Server:
    return servers[seed.TELEGRAM_HOST]


@pytest.fixture
def bot(world: World, server: Server) -> Bot:
    return Bot(world, seed.add_telegram_bot(world, server, "bakery", title="The Bakery"))


@pytest.fixture
def group(world: World, bot: Bot) -> Account:
    return seed.add_telegram_discussion(world, bot.login)


@pytest.fixture
def anna(world: World, server: Server) -> Account:
    return audience.person(world, server, "Anna")


def now_in(world: World, group: Account) -> Bot:
    """The bot of a discussion group, talking about that."""
    (bot,) = (world.find_account(group.server, number) for number in group.data["members"])
    assert bot is not None
    (token,) = world.tokens(bot, "bot")
    server = world.server(group.server)
    assert server is not None
    return Bot(world, seed.TelegramLogin(group, bot, server.base, group.remote_id, token.value))


# -- comments ------------------------------------------------------------------------------------------------------


def test_a_post_is_copied_and_pinned_where_it_is_discussed(world: World, bot: Bot, group: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    (told,) = bot.result("getUpdates")
    copy = told["message"]
    assert (copy["chat"]["id"], copy["is_automatic_forward"]) == (int(group.remote_id), True)
    assert (copy["sender_chat"]["username"], copy["from"]["id"]) == ("bakery", 777000)
    assert copy["forward_origin"]["message_id"] == 1
    talk = now_in(world, group)
    assert talk.result("getChat")["pinned_message"] == copy
    assert bot.result("getChat")["linked_chat_id"] == int(group.remote_id)
    assert [post.text for post in world.live_posts()] == ["Fresh bread"]


def test_comments_name_the_copy_and_answers_the_thread(world: World, bot: Bot, group: Account, anna: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    (post,) = world.live_posts()
    first = audience.comment(world, post, anna, "Rye?")
    audience.comment(world, post, anna, "Or wheat?", reply_to=first)
    talk = now_in(world, group)
    answer = talk.result("sendMessage", text="Rye.", reply_parameters={"message_id": 3})
    assert (answer["message_thread_id"], answer["reply_to_message"]["text"]) == (1, "Or wheat?")
    assert "reply_to_message" not in answer["reply_to_message"]
    _copy, *told = [update["message"] for update in bot.result("getUpdates")]
    assert [(each["text"], each["message_thread_id"]) for each in told] == [("Rye?", 1), ("Or wheat?", 1)]
    assert len(world.live_posts()) == 1


def test_edits_are_told_and_deletions_are_not(world: World, bot: Bot, group: Account, anna: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    written = audience.comment(world, world.live_posts()[0], anna, "Rye?")
    written = audience.edit(world, written, "Spelt?")
    audience.delete(world, written)
    kinds = [next(name for name in update if name != "update_id") for update in bot.result("getUpdates")]
    assert kinds == ["message", "message", "edited_message"]
    gone = now_in(world, group)("sendMessage", text="x", reply_parameters={"message_id": 2})
    assert error(gone) == bad("message to be replied not found")


def test_a_channel_without_a_group(world: World, bot: Bot, anna: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    with pytest.raises(ValueError, match="no discussion"):
        audience.comment(world, world.live_posts()[0], anna, "Rye?")
    with pytest.raises(ValueError, match="reports"):
        audience.report(world, world.live_posts()[0], anna, "Spam")


# -- private talk, and elsewhere -----------------------------------------------------------------------------------


def test_who_wrote_first_may_be_answered(world: World, bot: Bot, anna: Account) -> None:
    refusal = (403, "Forbidden: bot can't initiate conversation with a user")
    assert error(bot("sendMessage", chat_id=anna.remote_id, text="Hi")) == refusal
    audience.message(world, bot.login.account, anna, "Hello")
    assert bot.result("sendMessage", chat_id=anna.remote_id, text="Hi")["chat"]["type"] == "private"
    assert bot.result("deleteMessage", chat_id=anna.remote_id, message_id=1) is True
    world.update_account(anna, {"members": {bot.login.bot.remote_id: {"status": "kicked"}}})
    blocked = bot("sendMessage", chat_id=anna.remote_id, text="Hi")
    assert error(blocked) == (403, "Forbidden: bot was blocked by the user")
    assert error(bot("sendMessage", chat_id="@anna", text="Hi")) == bad("chat not found")


def test_direct_messages_of_a_channel_need_their_topic(world: World, bot: Bot, anna: Account) -> None:
    audience.direct_message(world, bot.login.account, anna, "Hello")
    (told,) = bot.result("getUpdates")
    chat = told["message"]["chat"]
    assert chat["is_direct_messages"] is True
    assert error(bot("sendMessage", chat_id=chat["id"], text="Hi"))[0] == 400
    topic = told["message"]["direct_messages_topic"]["topic_id"]
    answer = bot.result("sendMessage", chat_id=chat["id"], text="Hi", direct_messages_topic_id=topic)
    assert answer["direct_messages_topic"]["topic_id"] == topic
    assert world.live_posts() == []


def test_mentions_elsewhere(world: World, bot: Bot, anna: Account) -> None:
    audience.mention(world, bot.login.account, anna, "bakes well")
    (told,) = bot.result("getUpdates")
    assert told["message"]["text"] == "@bakery_bot bakes well"
    assert told["message"]["entities"] == [{"type": "mention", "offset": 0, "length": 11}]


def test_reactions_and_members_are_told_to_who_asks(world: World, bot: Bot, group: Account, anna: Account) -> None:
    named = ["message_reaction", "message_reaction_count", "chat_member"]
    bot.result("getUpdates", allowed_updates=named)
    bot.result("sendMessage", text="Fresh bread")
    post = world.live_posts()[0]
    comment = audience.comment(world, post, anna, "Rye?")
    audience.like(world, post, anna)
    audience.like(world, comment, anna)
    audience.follow(world, bot.login.account, anna)
    audience.follow(world, bot.login.account, anna)
    assert bot.result("getChatMemberCount") == 1205
    audience.unfollow(world, bot.login.account, anna)
    assert bot.result("getChatMemberCount") == 1204
    told = bot.result("getUpdates")
    assert result_errors("getUpdates", told) == []
    assert [list(update)[1] for update in told] == [
        "message_reaction_count", "message_reaction", "chat_member", "chat_member",
    ]  # fmt: skip


# -- shutting out --------------------------------------------------------------------------------------------------


def test_bans_and_their_terms(world: World, bot: Bot, group: Account, anna: Account, clock: ManualClock) -> None:
    bot.result("sendMessage", text="Fresh bread")
    (post,) = world.live_posts()
    talk = now_in(world, group)
    who: dict[str, Any] = {"user_id": int(anna.remote_id)}

    def status() -> tuple[str, int]:
        member = talk.result("getChatMember", **who)
        assert result_errors("getChatMember", member) == []
        return member["status"], member.get("until_date", 0)

    until = (clock() + HOUR) // SECOND
    assert status() == ("left", 0)
    talk.result("banChatMember", **who, until_date=until)
    assert status() == ("kicked", until)
    with pytest.raises(PermissionError):
        audience.comment(world, post, anna, "Rye?")
    clock.now += HOUR
    assert status() == ("left", 0)
    audience.comment(world, post, anna, "Rye?")
    for never in (clock.now // SECOND + 29, (clock.now + 367 * DAY) // SECOND, 5):
        talk.result("banChatMember", **who, until_date=never)
        assert status() == ("kicked", 0)
    talk.result("unbanChatMember", **who, only_if_banned=True)
    assert status() == ("left", 0)


def test_unbanning_a_member_throws_them_out(world: World, bot: Bot, group: Account, anna: Account) -> None:
    talk = now_in(world, group)
    who: dict[str, Any] = {"user_id": int(anna.remote_id)}
    audience.follow(world, group, anna)
    talk.result("unbanChatMember", **who, only_if_banned=True)
    assert talk.result("getChatMember", **who)["status"] == "member"
    talk.result("unbanChatMember", **who)
    assert talk.result("getChatMember", **who)["status"] == "left"


def test_silence(world: World, bot: Bot, group: Account, anna: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    talk = now_in(world, group)
    who: dict[str, Any] = {"user_id": int(anna.remote_id)}
    talk.result("restrictChatMember", **who, permissions={"can_send_messages": False})
    member = talk.result("getChatMember", **who)
    assert result_errors("getChatMember", member) == []
    assert (member["status"], member["can_send_messages"]) == ("restricted", False)
    with pytest.raises(PermissionError):
        audience.comment(world, world.live_posts()[0], anna, "Rye?")
    talk.result("restrictChatMember", **who, permissions=dict.fromkeys(PERMISSIONS, True))
    audience.comment(world, world.live_posts()[0], anna, "Rye?")
    assert error(talk("restrictChatMember", **who)) == bad("can't parse permissions JSON object")


def test_who_cannot_be_shut_out(world: World, server: Server, bot: Bot, group: Account, anna: Account) -> None:
    talk = now_in(world, group)
    who: dict[str, Any] = {"user_id": int(anna.remote_id)}
    assert error(talk("banChatMember", user_id=5)) == bad("user not found")
    assert error(talk("banChatMember", user_id=int(bot.login.bot.remote_id))) == bad("can't restrict self")
    members = {**group.data["members"], anna.remote_id: {"status": "administrator"}}
    world.update_account(group, {"members": members})
    assert error(talk("banChatMember", **who)) == bad("user is an administrator of the chat")
    powerless = {bot.login.bot.remote_id: {"status": "administrator"}}
    world.update_account(group, {"members": powerless})
    assert error(talk("banChatMember", **who)) == bad("not enough rights to restrict/unrestrict chat member")
    basic = Bot(world, seed.add_telegram_bot(world, server, "club", kind="group", public=False))
    assert error(basic("restrictChatMember", **who, permissions={}))[1].endswith("only for supergroups")
    basic.result("banChatMember", **who, until_date=(START + DAY) // SECOND)
    assert basic.result("getChatMember", **who)["until_date"] == 0


def test_channels_that_write(world: World, server: Server, bot: Bot, group: Account) -> None:
    gym = seed.add_telegram_bot(world, server, "gym").account
    talk = now_in(world, group)
    for method in ("banChatSenderChat", "unbanChatSenderChat"):
        assert talk.result(method, sender_chat_id=int(gym.remote_id)) is True
    assert error(talk("banChatSenderChat", sender_chat_id=5)) == bad("chat not found")


def test_deleting_what_others_wrote_needs_the_right(world: World, bot: Bot, group: Account, anna: Account) -> None:
    bot.result("sendMessage", text="Fresh bread")
    audience.comment(world, world.live_posts()[0], anna, "Spam")
    talk = now_in(world, group)
    world.update_account(group, {"members": {bot.login.bot.remote_id: {"status": "member"}}})
    assert error(talk("deleteMessage", message_id=2)) == bad("message can't be deleted")
    world.update_account(group, {"members": group.data["members"]})
    assert talk.result("deleteMessage", message_id=2) is True


# -- reactions, polls, edits ---------------------------------------------------------------------------------------


def test_a_bot_reacts_once(bot: Bot) -> None:
    bot.result("sendMessage", text="Fresh bread")
    thumb = [{"type": "emoji", "emoji": "👍"}]
    assert bot.result("setMessageReaction", message_id=1, reaction=thumb) is True
    assert bot.result("setMessageReaction", message_id=1, reaction=[]) is True
    assert error(bot("setMessageReaction", message_id=9, reaction=thumb)) == bad("message to react not found")
    assert error(bot("setMessageReaction", message_id=1, reaction=thumb * 2)) == bad("REACTIONS_TOO_MANY")
    wrong = [{"type": "emoji", "emoji": "🥐"}]
    assert error(bot("setMessageReaction", message_id=1, reaction=wrong)) == bad("REACTION_INVALID")


def options(*texts: str) -> list[dict[str, str]]:
    return [{"text": text} for text in texts]


def test_a_poll(world: World, bot: Bot) -> None:
    message = bot.result("sendPoll", question="Rye?", options=options("Yes", "No"), open_period=60)
    assert result_errors("sendPoll", message) == []
    assert message["poll"]["close_date"] == START // SECOND + 60
    assert [post.text for post in world.live_posts()] == ["Rye?"]
    media = {"type": "photo", "media": "x"}
    assert error(bot("editMessageMedia", message_id=1, media=media)) == bad("message can't be edited")


@pytest.mark.parametrize(
    "parameters",
    [
        {"question": ""},
        {"question": "x" * 301},
        {"options": []},
        {"options": "Yes"},
        {"options": options(*"abcdefghijklm")},
        {"options": options("x" * 101)},
        {"open_period": 4},
        {"is_anonymous": False},
    ],
)
def test_bad_polls(world: World, bot: Bot, parameters: dict[str, Any]) -> None:
    asked = {"question": "Rye?", "options": options("Yes", "No"), **parameters}
    assert error(bot("sendPoll", **asked))[0] == 400
    assert world.live_posts() == []


def test_another_picture(world: World, bot: Bot) -> None:
    bot.result("sendMessage", text="Bread")
    media = '{"type": "photo", "media": "attach://f", "caption": "Rolls"}'
    first = bot.upload("editMessageMedia", {"f": png(8, 6)}, message_id="1", media=media).json()["result"]
    assert result_errors("editMessageMedia", first) == []
    assert ("text" in first, first["caption"], first["photo"][0]["width"]) == (False, "Rolls", 8)
    second = bot.upload("editMessageMedia", {"f": png(9, 6)}, message_id="1", media=media).json()["result"]
    assert second["photo"][0]["width"] == 9
    (post,) = world.live_posts()
    assert (post.text, len(post.media)) == ("Rolls", 1)
    assert error(bot("editMessageMedia", message_id=1, media={"type": "sticker"})) == bad("can't parse InputMedia")


# -- the chat's looks ----------------------------------------------------------------------------------------------


def test_title_description_and_photo(world: World, bot: Bot) -> None:
    assert bot.result("setChatTitle", title="Rolls") is True
    assert bot.result("setChatDescription", description="Since 1912") is True
    assert bot.upload("setChatPhoto", {"photo": png(200, 200)}).json()["result"] is True
    chat = bot.result("getChat")
    assert result_errors("getChat", chat) == []
    assert (chat["title"], chat["description"]) == ("Rolls", "Since 1912")
    assert chat["photo"]["small_file_unique_id"] != chat["photo"]["big_file_unique_id"]
    assert bot.result("sendMessage", text="x")["chat"]["title"] == "Rolls"
    assert bot.result("deleteChatPhoto") is True
    assert "photo" not in bot.result("getChat")
    assert error(bot("setChatTitle", title="Rolls")) == bad("chat title is not modified")
    assert error(bot("setChatTitle", title=" ")) == bad("CHAT_TITLE_EMPTY")
    assert error(bot("setChatDescription", description="Since 1912")) == bad("chat description is not modified")
    assert error(bot("setChatDescription", description="x" * 256)) == bad("CHAT_ABOUT_TOO_LONG")
    assert error(bot("setChatPhoto", photo="file-id")) == bad("there is no photo in the request")
    assert error(bot.upload("setChatPhoto", {"photo": png(159, 200)})) == bad("PHOTO_CROP_SIZE_SMALL")
    world.update_account(bot.login.account, {"members": {bot.login.bot.remote_id: {"status": "administrator"}}})
    assert error(bot("setChatTitle", title="x")) == bad("not enough rights to change chat title")


def test_pins_are_many(bot: Bot) -> None:
    for text in ("one", "two"):
        bot.result("sendMessage", text=text)
    for number in (2, 1):
        bot.result("pinChatMessage", message_id=number)
    assert bot.result("getChat")["pinned_message"]["text"] == "two"
    bot.result("unpinChatMessage", message_id=2)
    assert bot.result("getChat")["pinned_message"]["text"] == "one"
    assert error(bot("unpinChatMessage", message_id=2)) == bad("message to unpin not found")
