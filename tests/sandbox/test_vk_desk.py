"""The VK face where a community is run: what waits, what people write, who is banned, who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.sandbox import exchange, seed
from smm_tui.sandbox.faces.vk import audience
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

from .support import ManualClock
from .test_vk_face import Caller, another


@pytest.fixture
def vk(world: World) -> Caller:
    servers = seed.add_servers(world, {seed.VK_HOST: {"rates": {}}})
    return Caller(world, seed.add_vk_community(world, servers[seed.VK_HOST], "bakery", name="The Bakery"))


def person(vk: Caller, name: str = "Anna Berg") -> Account:
    server = vk.world.server(seed.VK_HOST)
    assert server is not None
    return audience.person(vk.world, server, name)


def posted(vk: Caller) -> Object:
    vk.post()
    return vk.world.live_posts()[-1]


def commented(vk: Caller, text: str = "Is it rye?") -> tuple[Object, Account, int]:
    anna = person(vk)
    item = audience.comment(vk.world, posted(vk), anna, text)
    return item, anna, item.record["number"]


class TestPostponed:
    def at(self, vk: Caller, wait: int = HOUR) -> int:
        return int((vk.world.clock() + wait) // SECOND)

    def waiting(self, vk: Caller) -> list[Any]:
        found: list[Any] = vk("wall.get", owner_id=-vk.group, filter="postponed")["items"]
        return found

    def test_it_is_published_at_its_time_under_another_number(self, vk: Caller, clock: ManualClock) -> None:
        made = vk.post("Later", publish_date=self.at(vk))
        assert vk.world.live_posts() == []
        assert [(post["id"], post["post_type"]) for post in self.waiting(vk)] == [(made["post_id"], "postpone")]
        clock.sleep(HOUR / SECOND)
        exchange.settle(vk.world)
        (post,) = vk.world.live_posts()
        assert (post.text, post.created_at) == ("Later", self.at(vk, 0) * SECOND)
        assert post.record["number"] != made["post_id"]
        assert self.waiting(vk) == []

    def test_times_that_are_not_taken(self, vk: Caller) -> None:
        for wrong in (self.at(vk, -HOUR), self.at(vk, 0), self.at(vk, 400 * DAY)):
            assert vk.error("wall.post", **vk.place, message="x", publish_date=wrong) == 100
        vk.post("First", publish_date=self.at(vk))
        assert vk.error("wall.post", **vk.place, message="Second", publish_date=self.at(vk)) == 214

    def test_an_edit_without_the_time_publishes(self, vk: Caller) -> None:
        made = vk.post("Later", publish_date=self.at(vk))
        place = {"owner_id": -vk.group, "post_id": made["post_id"]}
        vk("wall.edit", **place, message="Still later", publish_date=self.at(vk, 2 * HOUR))
        assert [post["text"] for post in self.waiting(vk)] == ["Still later"]
        vk("wall.edit", **place, message="Now")
        assert [post.text for post in vk.world.live_posts()] == ["Now"]

    def test_strangers_do_not_see_it(self, vk: Caller) -> None:
        vk.post("Later", publish_date=self.at(vk))
        other = another(vk)
        assert other.error("wall.get", owner_id=-vk.group, filter="postponed") == 15


class TestEdits:
    def test_what_is_not_sent_again_is_lost(self, vk: Caller) -> None:
        form = {"question": "Rye?", "add_answers": '["Yes","No"]', "owner_id": -vk.group}
        poll = vk("polls.create", **form)
        vk.post("Vote", attachments=f"poll{poll['owner_id']}_{poll['id']}")
        (shown,) = vk("wall.get", owner_id=-vk.group)["items"]
        assert shown["attachments"][0]["poll"]["question"] == "Rye?"
        vk("wall.edit", owner_id=-vk.group, post_id=1, message="Votes")
        (shown,) = vk("wall.get", owner_id=-vk.group)["items"]
        assert (shown["text"], shown["attachments"]) == ("Votes", [])
        assert shown["edited"]

    @pytest.mark.parametrize("answers", ["", "[]", '[""]', "yes", str(list(range(11)))])
    def test_polls_that_are_none(self, vk: Caller, answers: str) -> None:
        assert vk.error("polls.create", question="Rye?", add_answers=answers, owner_id=-vk.group) == 100

    @pytest.mark.parametrize("method", ["wall.edit", "wall.pin", "wall.unpin", "wall.delete"])
    def test_strangers_posts(self, vk: Caller, method: str) -> None:
        vk.post()
        assert another(vk).error(method, owner_id=-vk.group, post_id=1, message="x") == 15


class TestComments:
    def test_threads_of_one_level(self, vk: Caller) -> None:
        first, anna, number = commented(vk)
        post = vk.world.live_posts()[0]
        second = audience.comment(vk.world, post, anna, "Or wheat?", reply_to=first)
        audience.comment(vk.world, post, anna, "Or spelt?", reply_to=second)
        told = vk("wall.getComments", owner_id=-vk.group, post_id=1, thread_items_count=1)
        (top,) = told["items"]
        assert (told["count"], told["current_level_count"], top["thread"]["count"]) == (3, 1, 2)
        assert [answer["text"] for answer in top["thread"]["items"]] == ["Or wheat?"]
        thread = vk("wall.getComments", owner_id=-vk.group, post_id=1, comment_id=number)["items"]
        assert [answer["reply_to_comment"] for answer in thread] == [number, second.record["number"]]
        assert [answer["parents_stack"] for answer in thread] == [[number], [number]]

    def test_a_deleted_one_with_answers_leaves_a_trace(self, vk: Caller) -> None:
        first, anna, number = commented(vk)
        audience.comment(vk.world, vk.world.live_posts()[0], anna, "Or wheat?", reply_to=first)
        audience.delete(vk.world, first)
        (top,) = vk("wall.getComments", owner_id=-vk.group, post_id=1)["items"]
        assert (top["id"], top["text"], top["deleted"]) == (number, "", True)

    def test_a_guid_writes_once(self, vk: Caller) -> None:
        vk.post()
        form = {"owner_id": -vk.group, "post_id": 1, "from_group": vk.group, "message": "Yes", "guid": "g"}
        assert vk("wall.createComment", **form) == vk("wall.createComment", **form)
        assert vk("wall.getComments", owner_id=-vk.group, post_id=1)["count"] == 1

    def test_restoring(self, vk: Caller, clock: ManualClock) -> None:
        item, _anna, number = commented(vk)
        place = {"owner_id": -vk.group, "comment_id": number}
        assert vk.error("wall.restoreComment", **place) == 243
        assert vk("wall.deleteComment", **place) == 1
        assert vk.error("wall.deleteComment", **place) == 15
        assert vk("wall.restoreComment", **place) == 1
        assert vk("wall.getComment", **place)["items"][0]["text"] == item.text
        vk("wall.deleteComment", **place)
        clock.sleep(2 * DAY / SECOND)
        assert vk.error("wall.restoreComment", **place) == 15

    def test_nobody_restores_what_its_author_took_back(self, vk: Caller) -> None:
        item, _anna, number = commented(vk)
        audience.delete(vk.world, item)
        assert vk.error("wall.restoreComment", owner_id=-vk.group, comment_id=number) == 15

    def test_other_communities_do_not_moderate_here(self, vk: Caller) -> None:
        _item, _anna, number = commented(vk)
        place = {"owner_id": -vk.group, "comment_id": number}
        assert another(vk).error("wall.deleteComment", **place) == 211

    def test_a_moderator_may_ban_but_not_post(self, vk: Caller) -> None:
        moderator = another(vk, level=1)
        anna = person(moderator)
        assert moderator.error("wall.post", **moderator.place, message="x") == 214
        assert moderator("groups.ban", group_id=moderator.group, owner_id=int(anna.remote_id)) == 1


class TestBans:
    def test_they_end(self, vk: Caller, clock: ManualClock) -> None:
        anna = person(vk)
        who = {"group_id": vk.group, "owner_id": int(anna.remote_id)}
        vk("groups.ban", **who, end_date=(vk.world.clock() + HOUR) // SECOND)
        (shown,) = vk("groups.getBanned", group_id=vk.group)["items"]
        assert (shown["type"], shown["profile"]["first_name"]) == ("profile", "Anna")
        with pytest.raises(ValueError, match="banned"):
            audience.comment(vk.world, posted(vk), anna, "Hello")
        clock.sleep(2 * HOUR / SECOND)
        assert vk.error("groups.getBanned", **who) == 104
        assert vk.error("groups.unban", **who) == 15
        audience.comment(vk.world, posted(vk), anna, "Hello again")

    def test_of_nobody(self, vk: Caller) -> None:
        assert vk.error("groups.ban", group_id=vk.group, owner_id=77) == 100
        anna = int(person(vk).remote_id)
        assert vk.error("groups.ban", group_id=vk.group, owner_id=anna, end_date=5) == 100


class TestMessages:
    def test_only_to_people_who_wrote_first(self, vk: Caller) -> None:
        anna, own = person(vk), vk.login.token
        form = {"peer_id": anna.remote_id, "random_id": 7, "message": "Hello", "token": own}
        assert vk.error("messages.send", **form) == 901
        audience.message(vk.world, vk.login.account, anna, "Open?")
        number = vk("messages.send", **form)
        assert vk("messages.send", **form) == number, "the random_id was used before"
        assert vk("messages.send", **{**form, "random_id": 0}) != vk("messages.send", **{**form, "random_id": 0})
        assert vk.error("messages.send", **{**form, "random_id": 8, "message": "x" * 4097}) == 914
        vk("groups.ban", group_id=vk.group, owner_id=anna.remote_id)
        assert vk.error("messages.send", **{**form, "random_id": 9}) == 900

    def test_a_user_token_needs_the_right(self, vk: Caller) -> None:
        assert vk.error("messages.getConversations") == 15

    def test_deleting_for_both_sides(self, vk: Caller, clock: ManualClock) -> None:
        anna, own = person(vk), vk.login.token
        theirs = audience.message(vk.world, vk.login.account, anna, "Open?").record["number"]
        ours = vk("messages.send", peer_id=anna.remote_id, random_id=7, message="Yes", token=own)
        told = vk("messages.delete", message_ids=f"{theirs},{ours},99", delete_for_all=1, token=own)
        assert [entry.get("response", entry.get("error", {}).get("code")) for entry in told] == [924, 1, 100]
        late = vk("messages.send", peer_id=anna.remote_id, random_id=8, message="Yes", token=own)
        clock.sleep(2 * DAY / SECOND)
        (entry,) = vk("messages.delete", message_ids=late, delete_for_all=1, token=own)
        assert entry["error"]["code"] == 924


class TestFigures:
    def test_a_day_of_the_page(self, vk: Caller) -> None:
        item, anna, _number = commented(vk)
        audience.like(vk.world, vk.world.live_posts()[0], anna)
        audience.follow(vk.world, vk.login.account, anna)
        audience.follow(vk.world, vk.login.account, anna)
        audience.unfollow(vk.world, vk.login.account, person(vk, "Bert"))
        now = item.created_at // SECOND
        (day,) = vk("stats.get", group_id=vk.group, timestamp_from=now, timestamp_to=now)
        assert day["activity"] == {"likes": 1, "comments": 1, "copies": 0, "subscribed": 1, "unsubscribed": 0}
        assert vk("groups.getById", group_id=vk.group, fields="members_count")["groups"][0]["members_count"] == 121

    def test_they_need_the_right(self, vk: Caller) -> None:
        poor = another(vk, user_rights=("wall",))
        assert poor.error("stats.get", group_id=poor.group) == 15


def test_mentions_of_the_last_day_unless_asked(vk: Caller, clock: ManualClock) -> None:
    audience.mention(vk.world, vk.login.account, person(vk), "is good")
    clock.sleep(2 * DAY / SECOND)
    assert vk("newsfeed.getMentions", owner_id=-vk.group)["count"] == 0
    (shown,) = vk("newsfeed.getMentions", owner_id=-vk.group, start_time=1)["items"]
    assert shown["text"] == f"[club{vk.group}|The Bakery] is good"


def test_who_may_change_the_page(vk: Caller) -> None:
    assert vk("groups.edit", group_id=vk.group, title="Bakers", token=vk.login.token) == 1
    assert vk("groups.getSettings", group_id=vk.group)["title"] == "Bakers"
    editor = another(vk, level=2)
    assert editor.error("groups.edit", group_id=editor.group, title="x") == 15
    assert vk.error("groups.edit", group_id=vk.group, title="x" * 49) == 100
    assert vk.error("groups.addLink", group_id=vk.group, link="nonsense") == 100
