"""What is particular to Facebook: visitors, the message window, posts for later, unnamed people, used-up calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.clock import DAY, MINUTE
from smm_tui.domain.errors import DataError, NotFound, RateLimited, Rejected, Unsupported
from smm_tui.networks.api import Surroundings
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.page import Metric, ProfileChange
from smm_tui.networks.ports import Capability, LinkCard, Part, RemoteRef
from smm_tui.networks.registry import client
from smm_tui.sandbox import things
from smm_tui.sandbox.faces.facebook import audience
from smm_tui.sandbox.world import World

from .people import act, person, sweep
from .stage import FILM, Stage, WorldClock, open_world
from .support import media_file, picture


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


@pytest.fixture
async def stage(world: World) -> Stage:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of("facebook", world, world.clock)
    await stage.checked()
    return stage


async def written(stage: Stage, kind: Capability, text: str = "Is it rye?") -> tuple[Item, things.Object]:
    ref, post = await stage.posted()
    what = act(stage, kind, post, person(stage), text)
    return (await sweep(stage, [ref])).one(text), what


class TestInbox:
    async def test_posts_on_the_page(self, stage: Stage) -> None:
        audience.visit(stage.world, stage.page, person(stage), "What a place!")
        item = (await sweep(stage)).one("What a place!")
        assert (item.kind, item.extra, item.post_id) == (ItemKind.MENTION, {"where": "visitor"}, "")
        moderator = stage.ports().moderator
        await moderator.moderate(Verb.HIDE, item)
        (shown,) = await stage.ports().inbox.conversation(item)
        assert shown.hidden
        await moderator.moderate(Verb.DELETE, item)
        assert (await sweep(stage)).items == {}

    async def test_posts_elsewhere_are_left_to_their_pages(self, stage: Stage) -> None:
        item, _what = await written(stage, Capability.MENTIONS)
        for verb in (Verb.HIDE, Verb.DELETE):
            with pytest.raises(Unsupported):
                await stage.ports().moderator.moderate(verb, item)

    async def test_people_who_are_not_named(self, stage: Stage) -> None:
        ref, post = await stage.posted()
        anna = person(stage)
        stage.world.update_account(anna, {"unnamed": True})
        act(stage, Capability.COMMENTS, post, anna, "Hello?")
        item = (await sweep(stage, [ref])).one("Hello?")
        assert (item.author.id, item.author.name, item.author.own) == ("", "", False)
        with pytest.raises(Unsupported, match="who wrote"):
            await stage.ports().moderator.moderate(Verb.BAN, item)

    async def test_a_post_that_is_gone_ends_its_turn(self, stage: Stage) -> None:
        ref, _post = await stage.posted()
        other, post = await stage.posted("Another")
        act(stage, Capability.COMMENTS, post, person(stage), "Here")
        await stage.client().delete(ref)
        assert (await sweep(stage, [ref, other])).one("Here")

    async def test_only_what_the_token_may_is_asked_for(self, stage: Stage) -> None:
        scopes = [scope for scope in stage.account.facts["scopes"] if scope != "pages_messaging"]
        stage.account = type(stage.account)(
            "facebook", stage.account.server, "@bakery", stage.account.remote_id, {"scopes": scopes}
        )
        stage.recorder.requests.clear()
        await sweep(stage)
        assert {call.url.path.rpartition("/")[2] for call in stage.recorder.requests} == {"tagged", "visitor_posts"}

    async def test_answers_to_old_messages(self, stage: Stage) -> None:
        item, _what = await written(stage, Capability.MESSAGES)
        responder = stage.ports().responder
        stage.clock.advance(2 * DAY / 1000)
        wire = await responder.prepare("a", item, Part("Sorry, late"))
        assert wire["form"]["tag"] == "HUMAN_AGENT"
        assert (await responder.send("a", wire)).id.startswith("m_")
        stage.clock.advance(6 * DAY / 1000)
        with pytest.raises(Rejected, match="7 days"):
            await responder.prepare("a", item, Part("Hello?"))
        with pytest.raises(Rejected, match="hand over") as caught:  # the server says the same
            await responder.send("a", wire)
        assert "24 hours" in caught.value.hint

    async def test_a_lost_message_is_found(self, stage: Stage) -> None:
        item, _what = await written(stage, Capability.MESSAGES)
        responder = stage.ports().responder
        wire = json.loads(json.dumps(await responder.prepare("a", item, Part("Yes"))))
        assert await responder.find("a", wire, taken=frozenset()) is None
        ref = await responder.send("a", wire)
        assert await responder.find("a", wire, taken=frozenset()) == ref
        with pytest.raises(Unsupported):
            await responder.delete(ref)

    async def test_a_comment_with_a_picture(self, stage: Stage, tmp_path: Path) -> None:
        ref, _post = await stage.posted()
        responder = stage.ports().responder
        wire = await responder.prepare("a", ref, Part("Look", (picture(tmp_path),)))
        assert (await responder.send("a", wire)).id
        with pytest.raises(Unsupported):
            await responder.prepare("a", ref, Part("x", (picture(tmp_path), picture(tmp_path, name="b"))))
        file = picture(tmp_path)
        file.path.write_bytes(b"changed")
        with pytest.raises(DataError):
            await responder.prepare("a", ref, Part("x", (file,)))

    async def test_the_same_words_twice_in_a_second(self, stage: Stage) -> None:
        ref, _post = await stage.posted()
        responder = stage.ports().responder
        first = await responder.send("a", await responder.prepare("a", ref, Part("Yes")))
        wire = await responder.prepare("b", ref, Part("Yes"))
        assert await responder.find("b", wire, taken=frozenset()) is None
        second = await responder.send("b", wire)
        assert await responder.find("b", wire, taken=frozenset({first.id})) == second


class TestPosts:
    @pytest.mark.parametrize("ahead", [0, 9 * MINUTE, 31 * DAY])
    async def test_times_that_are_not_taken(self, stage: Stage, ahead: int) -> None:
        wire = await stage.prepared(Part("Later"), "i")
        stage.recorder.requests.clear()
        with pytest.raises(Rejected) as caught:
            await stage.ports().scheduler.schedule("i", wire, stage.clock.now + ahead)
        assert caught.value.field == "time"
        assert not stage.recorder.requests

    async def test_photos_and_videos_for_later(self, stage: Stage, tmp_path: Path) -> None:
        film = media_file(tmp_path, "film.mp4", FILM, "video/mp4")
        for text, media in (("Photos", (picture(tmp_path), picture(tmp_path, "JPEG"))), ("Film", (film,))):
            wire = await stage.prepared(Part(text, media), "i")
            await stage.ports().scheduler.schedule("i", wire, stage.clock.now + DAY)
        assert stage.live() == []
        waiting = await stage.ports().scheduler.scheduled()
        assert {ref.extra["at"] for ref in waiting} == {str((stage.clock.now + DAY) // 1000)}
        stage.clock.advance(DAY / 1000)
        await stage.client().check()
        assert stage.live() == ["Photos", "Film"]

    async def test_a_card_is_the_link(self, stage: Stage, tmp_path: Path) -> None:
        card = LinkCard("https://x.example/menu", "Menu")
        wire = await stage.prepared(Part("See https://y.example/", card=card), "i")
        assert wire["form"]["link"] == "https://x.example/menu"
        with pytest.raises(Unsupported, match="preview"):
            await stage.prepared(Part("x", (picture(tmp_path),), card=card), "i")

    async def test_pictures_of_a_live_post_stay(self, stage: Stage, tmp_path: Path) -> None:
        media = (picture(tmp_path),)
        ref = await stage.publish(Part("Bred", media))
        editor = stage.ports().editor
        with pytest.raises(Unsupported, match="pictures"):
            await editor.prepare_edit(ref, Part("Bread"))
        await editor.edit(ref, await editor.prepare_edit(ref, Part("Bread", media)))
        assert stage.live() == ["Bread"]

    async def test_a_video_is_edited_pinned_and_counted(self, stage: Stage, tmp_path: Path) -> None:
        media = (media_file(tmp_path, "film.mp4", FILM, "video/mp4"),)
        ref = await stage.publish(Part("Flim", media))
        ports = stage.ports()
        await ports.editor.edit(ref, await ports.editor.prepare_edit(ref, Part("Film", media)))
        await ports.pinner.pin(ref)
        (post,) = stage.world.live_posts()
        assert (post.text, post.record["pinned"]) == ("Film", True)
        assert Metric.VIEWS in {reading.metric for reading in (await ports.metrics.of_post(ref)).values}
        with pytest.raises(NotFound):
            await ports.pinner.pin(RemoteRef("123", ""))


class TestPage:
    async def test_what_the_profile_does_not_take(self, stage: Stage, tmp_path: Path) -> None:
        profile = await stage.ports().profile_reader.read_profile()
        writer = stage.ports().profile_writer
        gif = media_file(tmp_path, "x.gif", b"GIF89a", "image/gif")
        for change, kind in (
            (ProfileChange(description="x" * 256), Rejected),
            (ProfileChange(avatar=gif), Rejected),
            (ProfileChange(name="x"), Unsupported),
            (ProfileChange(links=()), Unsupported),
        ):
            with pytest.raises(kind):
                await writer.write_profile(change, expected=profile)

    async def test_days_of_the_page(self, stage: Stage) -> None:
        anna = person(stage)
        audience.follow(stage.world, stage.page, anna)
        audience.unfollow(stage.world, stage.page, anna)
        audience.follow(stage.world, stage.page, anna)
        now = stage.clock.now
        readings = (await stage.ports().metrics.of_page(now - 3 * DAY, now)).values
        days = [reading for reading in readings if reading.metric is Metric.FOLLOWED]
        assert [reading.value for reading in days if reading.value] == [2]
        assert all(reading.since is not None and reading.at - reading.since == DAY for reading in days)
        assert sum(reading.value for reading in readings if reading.metric is Metric.UNFOLLOWED) == 1

    async def test_calls_that_are_used_up_are_not_made(self, stage: Stage) -> None:
        """What the usage headers say is kept for all processes, and the next call waits on this side."""
        learnt: dict[str, tuple[int, int]] = {}

        class Rates:
            def take(self, bucket: str, limit: int, window: float) -> float:
                left, resets = learnt.get(bucket, (1, 0))
                return 0 if left else (resets - stage.clock.now) / 1000

            def learn(self, bucket: str, remaining: int, resets_at: int) -> None:
                learnt[bucket] = (remaining, resets_at)

        usage = {"7": [{"call_count": 100, "estimated_time_to_regain_access": 10}]}
        error = {"error": {"message": "Page request limit reached", "code": 32}}
        answer = httpx.Response(400, json=error, headers={"x-business-use-case-usage": json.dumps(usage)})
        calls: list[Any] = []

        def handle(request: httpx.Request) -> httpx.Response:
            calls.append(request)
            return answer

        around = Surroundings(httpx.MockTransport(handle), clock=stage.clock, rates=Rates())
        ports = client(stage.account, stage.slot, around)
        for _time in range(2):
            with pytest.raises(RateLimited) as caught:
                await ports.profile_reader.read_profile()
            assert caught.value.retry_after == 600
        assert len(calls) == 1
