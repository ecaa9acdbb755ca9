"""One suite for every client: conversation, pages and figures, with the people of the simulated world.

What an account declares must work against the face of its network; what it does not declare must be refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import Ambiguous, NetworkError, NotFound, Rejected, Transient, Unsupported
from smm_tui.networks import pictures
from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import INVERSE, NEEDS, Author, Item, ItemKind, Verb
from smm_tui.networks.page import Metric, Profile, ProfileChange, ProfileField, Reading, Readings
from smm_tui.networks.ports import JSON, Capability, LinkCard, Part, Poll, RemoteRef
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faults import FaultKind
from smm_tui.sandbox.world import World

from .people import (
    KINDS,
    STEPS,
    Stuck,
    Tampered,
    act,
    fingerprint,
    person,
    received,
    said,
    seen,
    spoilt,
    sweep,
    wire_of,
)
from .stage import ANSWERING, REFUSALS, SERVERS, Stage, WorldClock, open_world
from .support import NOW, picture

ANSWERS = {
    Capability.REPLY: Capability.COMMENTS,
    Capability.MESSAGE_REPLY: Capability.MESSAGES,
    Capability.FIRST_COMMENT: None,  # below an own post
}
HOUR = 3_600_000
NASTY = "Is <b>this</b> &amp; [b]that[/b] \u202egood\u202c? z\u0335\u0336 👨\u200d👩\u200d👧\nSecond line"

inbox_kinds = pytest.mark.parametrize("capability", KINDS)
answers = pytest.mark.parametrize("capability", ANSWERS)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with open_world(tmp_path, clock) as world:
        yield world


@pytest.fixture(params=SERVERS)
async def stage(request: pytest.FixtureRequest, world: World, clock: WorldClock) -> Stage:
    stage = Stage.of(request.param, world, clock)
    await stage.checked()
    return stage


class TestInbox:
    @inbox_kinds
    async def test_each_arrives_once(self, stage: Stage, capability: Capability) -> None:
        kind = KINDS[capability]
        ref, post = await stage.posted()
        if not stage.can(capability):
            try:
                stage.ports().inbox  # noqa: B018
            except Unsupported:
                assert not any(map(stage.can, KINDS))
                return
            assert any(map(stage.can, KINDS))
            with suppress(ValueError):
                act(stage, capability, post, person(stage), "Hello there")
            assert (await sweep(stage, [ref])).of(kind) == []
            return
        anna, bert = person(stage), person(stage, "Bert")
        at = []
        for who, text in ((anna, NASTY), (bert, "Bread?"), (anna, "Thanks!")):
            act(stage, capability, post, who, text)
            at.append(stage.clock.now)
        swept = await sweep(stage, [ref])
        first, second, third = (swept.one(text, kind) for text in (NASTY, "Bread?", "Thanks!"))
        assert len(swept.of(kind)) == 3
        for item, when in zip((first, second, third), at, strict=True):
            assert abs(item.created_at - when) <= 1000
            assert (item.kind, item.author.own, item.hidden) == (kind, False, False)
            assert item.post_id == (ref.id if capability is Capability.COMMENTS else item.post_id)
            assert item.parent_id == ""
        if first.author.id:
            assert first.author.id == third.author.id != second.author.id
            assert "anna" in f"{first.author.name} {first.author.handle}".casefold()
            assert "bert" in f"{second.author.name} {second.author.handle}".casefold()

        again = await sweep(stage, [ref], swept.cursor)
        assert set(again.items) <= set(swept.items)
        act(stage, capability, post, bert, "One more")
        later = await sweep(stage, [ref], again.cursor)
        assert later.one("One more", kind)
        assert len(set(swept.items) | {key for key in later.items if key[0] is kind}) == len(swept.items) + 1

    async def test_answers_among_people(self, stage: Stage) -> None:
        if not stage.can(Capability.COMMENTS):
            pytest.skip("no comments are read")
        ref, post = await stage.posted()
        first = act(stage, Capability.COMMENTS, post, person(stage), "Is it rye?")
        stage.clock.advance(2)
        stage.audience.comment(stage.world, post, person(stage, "Bert"), "It is wheat.", reply_to=first)
        swept = await sweep(stage, [ref])
        above, below = swept.one("Is it rye?"), swept.one("It is wheat.")
        assert below.parent_id == above.id
        assert below.post_id == above.post_id == ref.id
        assert below.thread_id == above.thread_id
        shown = await seen(stage, below)
        if shown is not None:
            ids = [item.id for item in shown]
            assert ids.index(above.id) < ids.index(below.id)

    @pytest.mark.parametrize("crashing", [False, True])
    @inbox_kinds
    async def test_many_pages(self, stage: Stage, capability: Capability, crashing: bool) -> None:
        if not stage.can(capability) or capability is Capability.REPORTS:
            pytest.skip("none of these are read")
        ref, post = await stage.posted()
        people = [person(stage, name) for name in ("Anna", "Bert", "Cora")]
        with stage.world.transaction():
            for number in range(130):
                act(stage, capability, post, people[number % 3], f"Loaf {number}.")
        swept = await sweep(stage, [ref], crashing=crashing)
        assert sorted(item.text.partition("Loaf ")[2] for item in swept.of(KINDS[capability])) == sorted(
            f"{number}." for number in range(130)
        )

    @inbox_kinds
    async def test_an_edit_by_the_author(self, stage: Stage, capability: Capability) -> None:
        if not stage.can(capability) or capability is Capability.REPORTS:
            pytest.skip("none of these are read")
        ref, post = await stage.posted()
        written = act(stage, capability, post, person(stage), "Is it rye?")
        before = await sweep(stage, [ref])
        stage.clock.advance(60)
        try:
            stage.audience.edit(stage.world, written, "Is it spelt?")
        except ValueError:
            pytest.skip("nobody edits there")
        after = await sweep(stage, [ref], before.cursor)
        changed = after.saying("Is it spelt?") or [
            item for item in await seen(stage, before.one("Is it rye?")) or () if "spelt" in item.text
        ]
        assert [item.id for item in changed] == [before.one("Is it rye?").id]

    @inbox_kinds
    async def test_taken_back_by_the_author(self, stage: Stage, capability: Capability) -> None:
        if not stage.can(capability) or capability is Capability.REPORTS:
            pytest.skip("none of these are read")
        ref, post = await stage.posted()
        written = act(stage, capability, post, person(stage), "Is it rye?")
        before = await sweep(stage, [ref])
        item = before.one("Is it rye?")
        try:
            stage.audience.delete(stage.world, written)
        except ValueError:
            pytest.skip("nobody takes these back there")
        stage.clock.advance(60)
        after = await sweep(stage, [ref], before.cursor)
        if item.id not in after.gone:
            shown = await seen(stage, item)
            assert shown is None or item.id not in [other.id for other in shown]

    async def test_the_same_page_for_ever(self, stage: Stage) -> None:
        capability = next(filter(stage.can, KINDS), None)
        if capability is None:
            pytest.skip("nothing is read")
        ref, post = await stage.posted()
        people = [person(stage, name) for name in ("Anna", "Bert")]
        with stage.world.transaction():
            for number in range(130):
                act(stage, capability, post, people[number % 2], f"Loaf {number}.")
        stuck = Stuck(stage.recorder)
        cursor: JSON | None = None
        for _step in range(STEPS):
            try:
                page = await stage.ports(stuck).inbox.fetch(cursor, posts=[ref])
            except Transient:
                return
            cursor = page.cursor
            if not page.more:
                return
        raise AssertionError("the inbox does not end")

    @pytest.mark.parametrize("junk", [{}, None, "junk", {"id": [], "text": 7}])
    @inbox_kinds
    async def test_a_broken_item(self, stage: Stage, capability: Capability, junk: Any) -> None:
        if not stage.can(capability):
            pytest.skip("none of these are read")
        ref, post = await stage.posted()
        for text in ("First.", "BROKEN", "Third."):
            act(stage, capability, post, person(stage, f"By {text}"), text)
        tampered = Tampered(stage.recorder, lambda _number, value: spoilt(value, "BROKEN", junk))
        found: list[Item] = []
        cursor: JSON | None = None
        for _step in range(STEPS):
            page = await stage.ports(tampered).inbox.fetch(cursor, posts=[ref])
            found += page.items
            cursor = page.cursor
            if not page.more:
                break
        texts = {item.text for item in found}
        assert all(any(text in shown for shown in texts) for text in ("First.", "Third."))
        assert not any("BROKEN" in shown for shown in texts)


def target_of(stage: Stage, capability: Capability) -> Capability | None:
    """The kind of item that an answer goes to, as far as the account reads it."""
    wanted = ANSWERS[capability]
    if wanted is None or stage.can(wanted):
        return wanted
    return Capability.MENTIONS


async def addressed(stage: Stage, capability: Capability) -> Item | RemoteRef:
    """What an answer of this capability goes to."""
    wanted = target_of(stage, capability)
    if wanted is None:
        return (await stage.posted())[0]
    return (await received(stage, wanted))[0]


UNCLEAR = [
    (FaultKind.LOST_RESPONSE, {}, True),
    (FaultKind.TIMEOUT_BEFORE, {}, False),
    (FaultKind.BAD_JSON, {}, True),
    (FaultKind.SERVER_ERROR, {"status": 500, "executed": True}, True),
    (FaultKind.HTML, {"status": 504}, False),
]


class TestAnswers:
    @answers
    async def test_said_once(self, stage: Stage, capability: Capability) -> None:
        if not stage.can(capability):
            stranger = Author("2", "anna", "Anna")
            kind = ItemKind.MESSAGE if capability is Capability.MESSAGE_REPLY else ItemKind.COMMENT
            to: Item | RemoteRef = Item("1", kind, stranger, "Hello", NOW)
            if capability is Capability.FIRST_COMMENT:
                to = (await stage.posted())[0]
            with pytest.raises(Unsupported):
                await wire_of(stage, stage.spec.new_identity(), to, Part("Hello"))
            return
        to = await addressed(stage, capability)
        identity = stage.spec.new_identity()
        stage.clock.advance(5)
        wire = await wire_of(stage, identity, to, Part("Yes, tomorrow 🥐 <b>"))
        assert said(stage, "Yes, tomorrow") == 0, "preparing makes nothing public"
        ref = await stage.ports().responder.send(identity, wire)
        assert said(stage, "Yes, tomorrow 🥐 <b>") == 1
        try:
            await stage.ports().responder.delete(ref)
        except Unsupported:  # what was sent to one person may have to stay
            assert capability is Capability.MESSAGE_REPLY
            return
        assert said(stage, "Yes, tomorrow") == 0
        await stage.ports().responder.delete(ref)

    @answers
    async def test_marked_as_own(self, stage: Stage, capability: Capability) -> None:
        wanted = ANSWERS[capability]
        if wanted is None or not stage.can(capability) or not stage.can(wanted):
            pytest.skip("not both read and answered")
        item, ref = await received(stage, wanted)
        identity = stage.spec.new_identity()
        stage.clock.advance(5)
        await stage.ports().responder.send(identity, await wire_of(stage, identity, item, Part("Yes, tomorrow")))
        stage.clock.advance(5)
        swept = await sweep(stage, [ref])
        shown = [*swept.items.values(), *(await seen(stage, item) or ())]
        own = [each for each in shown if "Yes, tomorrow" in each.text]
        assert all(each.author.own for each in own)
        assert own or await seen(stage, item) is None
        assert not any(each.author.own for each in shown if "Is there rye" in each.text)

    @pytest.mark.parametrize(("kind", "more", "executed"), UNCLEAR)
    @answers
    async def test_unclear_ends(
        self, stage: Stage, capability: Capability, kind: FaultKind, more: dict[str, Any], executed: bool
    ) -> None:
        if not stage.can(capability) or capability is Capability.MESSAGE_REPLY:
            pytest.skip("nothing public is said")
        to = await addressed(stage, capability)
        identity = stage.spec.new_identity()
        stage.clock.advance(60)
        wire = await wire_of(stage, identity, to, Part("Yes, tomorrow"))
        stage.fault(kind, path=ANSWERING[stage.account.network], **more)
        with pytest.raises(Ambiguous):
            await stage.ports().responder.send(identity, wire)
        assert said(stage, "Yes, tomorrow") == executed
        try:
            found = await stage.ports().responder.find(identity, wire, taken=frozenset())
        except Unsupported:
            assert not stage.can(Capability.READ_BACK)
            return
        assert (found is not None) == executed
        if found is not None:
            assert await stage.ports().responder.find(identity, wire, taken=frozenset({found.id})) is None
            await stage.ports().responder.delete(found)
            assert said(stage, "Yes, tomorrow") == 0

    @answers
    async def test_to_something_gone(self, stage: Stage, capability: Capability) -> None:
        wanted = target_of(stage, capability)
        if not stage.can(capability) or wanted not in (Capability.COMMENTS, Capability.MENTIONS):
            pytest.skip("nothing goes away there")
        ref, post = await stage.posted()
        written = act(stage, wanted, post, person(stage), "Is it rye?")
        item = (await sweep(stage, [ref])).one("Is it rye?")
        try:
            stage.audience.delete(stage.world, written)
        except ValueError:
            pytest.skip("nobody takes these back there")
        identity = stage.spec.new_identity()
        with suppress(NotFound, Rejected):
            await stage.ports().responder.send(identity, await wire_of(stage, identity, item, Part("Yes")))


BOTH_WAYS = [(verb, INVERSE.get(verb)) for verb in Verb if verb not in INVERSE.values()]


async def object_of(stage: Stage, verb: Verb) -> Item:
    """An item to which a verb can be done."""
    if NEEDS[verb] is Capability.CLOSE_REPORT:
        return (await received(stage, Capability.REPORTS))[0]
    capability = next(filter(stage.can, (Capability.COMMENTS, Capability.MENTIONS)))
    return (await received(stage, capability))[0]


class TestModeration:
    @pytest.mark.parametrize(("verb", "back"), BOTH_WAYS)
    async def test_there_and_back(self, stage: Stage, verb: Verb, back: Verb | None) -> None:
        ways = [verb] if back is None else [verb, back]
        if not stage.can(NEEDS[verb]):
            kind = ItemKind.REPORT if NEEDS[verb] is Capability.CLOSE_REPORT else ItemKind.COMMENT
            for way in ways:
                with pytest.raises(Unsupported):
                    await stage.ports().moderator.moderate(way, Item("1", kind, Author("2"), "Hello", NOW))
            return
        item = await object_of(stage, verb)
        if back is not None and not stage.can(NEEDS[back]):
            with pytest.raises(Unsupported):
                await stage.ports().moderator.moderate(back, item)
            ways = [verb]
        for way in ways:
            before = fingerprint(stage)
            await stage.ports().moderator.moderate(way, item, reason="Against the rules")
            once = fingerprint(stage)
            assert once != before, "something is done"
            await stage.ports().moderator.moderate(way, item, reason="Against the rules")
            if way is not Verb.REPORT:
                assert fingerprint(stage) == once, "twice is once"
            shown = await seen(stage, item)
            if shown is None or way not in (Verb.LIKE, Verb.UNLIKE, Verb.HIDE, Verb.UNHIDE, Verb.DELETE):
                continue
            same = [each for each in shown if each.id == item.id]
            if way is Verb.DELETE:
                assert same == []
            elif way in (Verb.LIKE, Verb.UNLIKE):
                assert [each.liked for each in same] == [way is Verb.LIKE]
            else:
                assert [each.hidden for each in same] == [way is Verb.HIDE]

    async def test_a_ban_with_a_term(self, stage: Stage) -> None:
        if not stage.can(Capability.BAN):
            assert not stage.can(Capability.BAN_TERM)
            pytest.skip("nobody is banned")
        item = await object_of(stage, Verb.BAN)
        before = fingerprint(stage)
        until = stage.clock.now + 7 * 24 * HOUR
        if stage.can(Capability.BAN_TERM):
            await stage.ports().moderator.moderate(Verb.BAN, item, until=until, reason="Insults")
            assert fingerprint(stage) != before
        else:
            with pytest.raises(Unsupported):
                await stage.ports().moderator.moderate(Verb.BAN, item, until=until)
            assert fingerprint(stage) == before, "nobody is banned for longer than asked"

    @pytest.mark.parametrize(
        ("kind", "more"),
        [(FaultKind.LOST_RESPONSE, {}), (FaultKind.TIMEOUT_BEFORE, {}), (FaultKind.SERVER_ERROR, {"status": 502})],
    )
    @pytest.mark.parametrize("verb", [Verb.LIKE, Verb.HIDE, Verb.DELETE, Verb.BAN, Verb.MUTE, Verb.RESTRICT])
    async def test_failures_may_be_repeated(
        self, stage: Stage, verb: Verb, kind: FaultKind, more: dict[str, Any]
    ) -> None:
        if not stage.can(NEEDS[verb]):
            pytest.skip("not done there")
        item = await object_of(stage, verb)
        stage.fault(kind, path="/", method="", **more)
        with pytest.raises(Transient):
            await stage.ports().moderator.moderate(verb, item)
        await stage.ports().moderator.moderate(verb, item)


class TestLivePosts:
    async def test_edit(self, stage: Stage) -> None:
        ref, _post = await stage.posted("Fresh bred")
        if not stage.can(Capability.EDIT):
            with pytest.raises(Unsupported):
                await stage.ports().editor.prepare_edit(ref, Part("Fresh bread"))
            return
        wire = json.loads(json.dumps(await stage.ports().editor.prepare_edit(ref, Part("Fresh bread 🥐 <b>"))))
        assert stage.live() == ["Fresh bred"]
        for _time in range(2):
            again = await stage.ports().editor.edit(ref, wire)
            assert again.id == ref.id
            assert stage.live() == ["Fresh bread 🥐 <b>"]
        await stage.client().delete(ref)
        with pytest.raises(NotFound):
            await stage.ports().editor.edit(ref, wire)
        assert stage.live() == []

    async def test_pin(self, stage: Stage) -> None:
        ref, _post = await stage.posted()
        if not stage.can(Capability.PIN):
            with pytest.raises(Unsupported):
                await stage.ports().pinner.pin(ref)
            return
        before = fingerprint(stage)
        await stage.ports().pinner.pin(ref)
        pinned = fingerprint(stage)
        assert pinned != before
        await stage.ports().pinner.pin(ref)
        assert fingerprint(stage) == pinned
        await stage.ports().pinner.unpin(ref)
        free = fingerprint(stage)
        assert free != pinned
        await stage.ports().pinner.unpin(ref)
        assert fingerprint(stage) == free

    async def test_schedule(self, stage: Stage) -> None:
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Later bread"), identity)
        at = stage.clock.now + HOUR
        if not stage.can(Capability.SCHEDULE):
            with pytest.raises(Unsupported):
                await stage.ports().scheduler.schedule(identity, wire, at)
            return
        with pytest.raises(Rejected):
            await stage.ports().scheduler.schedule(identity, wire, stage.clock.now - HOUR)
        assert stage.live() == []
        ref = await stage.ports().scheduler.schedule(identity, wire, at)
        assert stage.live() == []
        assert ref.id in [waiting.id for waiting in await stage.ports().scheduler.scheduled()]
        for _time in range(2):
            await stage.ports().scheduler.unschedule(ref)
        assert await stage.ports().scheduler.scheduled() == ()
        identity = stage.spec.new_identity()
        await stage.ports().scheduler.schedule(identity, await stage.prepared(Part("Later bread"), identity), at)
        stage.clock.advance(2 * HOUR / 1000)
        await stage.client().check()
        assert stage.live() == ["Later bread"]
        assert await stage.ports().scheduler.scheduled() == ()

    async def test_poll(self, stage: Stage) -> None:
        part = Part("Rye or wheat?", poll=Poll(("Rye 🌾", "Wheat"), 24 * 3600))
        if not stage.can(Capability.POLL):
            with pytest.raises(Unsupported):
                await stage.publish(part)
            assert stage.live() == []
            return
        await stage.publish(part)
        (post,) = stage.world.live_posts()
        shown = json.dumps([post.text, post.record], ensure_ascii=False)
        assert all(word in shown for word in ("Rye or wheat?", "Rye 🌾", "Wheat"))

    async def test_link_card(self, stage: Stage) -> None:
        card = LinkCard("https://example.com/bread", "All our bread", "Seven kinds")
        part = Part("Have a look: https://example.com/bread", card=card)
        if not stage.can(Capability.LINK_CARD):
            with pytest.raises(Unsupported):
                await stage.publish(part)
            assert stage.live() == []
            return
        await stage.publish(part)
        (post,) = stage.world.live_posts()
        assert "https://example.com/bread" in json.dumps([post.text, post.record])


TEXTS = {
    ProfileField.NAME: "The Rye Bakery",
    ProfileField.DESCRIPTION: "Bread, baked at night 🥐 & <b>",
    ProfileField.WEBSITE: "https://bakery.example/",
}


def change_of(name: ProfileField, value: Any) -> ProfileChange:
    values: dict[str, Any] = {name.value: value}
    return ProfileChange(**values)


def shown_as(profile: Profile, name: ProfileField) -> Any:
    return getattr(profile, name.value)


class TestProfile:
    async def test_read(self, stage: Stage) -> None:
        if not stage.can(Capability.PROFILE_READ):
            with pytest.raises(Unsupported):
                await stage.ports().profile_reader.read_profile()
            return
        profile = await stage.ports().profile_reader.read_profile()
        assert profile.name == "The Bakery"

    async def test_write(self, stage: Stage, tmp_path: Path) -> None:
        if not stage.can(Capability.PROFILE_WRITE):
            with pytest.raises(Unsupported):
                await stage.ports().profile_writer.write_profile(ProfileChange(description="x"), expected=Profile())
            return
        rules = stage.spec.profile(stage.account.facts)
        assert rules is not None
        profile = await stage.ports().profile_reader.read_profile()
        for name, text in TEXTS.items():
            change = change_of(name, text)
            if name not in rules.writable:
                with pytest.raises(Unsupported):
                    await stage.ports().profile_writer.write_profile(change, expected=profile)
                continue
            written = await stage.ports().profile_writer.write_profile(change, expected=profile)
            fresh = await stage.ports().profile_reader.read_profile()
            assert shown_as(written, name) == shown_as(fresh, name) == text
            others = [other for other in TEXTS if other is not name]
            assert [shown_as(fresh, other) for other in others] == [shown_as(profile, other) for other in others]
            profile = fresh
        links = (("Shop", "https://shop.example/"), ("Map", "https://map.example/"))[: rules.links]
        if ProfileField.LINKS in rules.writable:
            profile = await stage.ports().profile_writer.write_profile(ProfileChange(links=links), expected=profile)
            assert profile.links == links
        for name in (ProfileField.AVATAR, ProfileField.COVER):
            if name in rules.writable:
                file = picture(tmp_path, size=(640, 640), name=name.value)
                change = change_of(name, file)
                before = shown_as(profile, name)
                profile = await stage.ports().profile_writer.write_profile(change, expected=profile)
                assert shown_as(profile, name) not in (None, "", before)
                assert profile == await stage.ports().profile_reader.read_profile()

    async def test_a_picture_can_be_fetched_before_it_is_replaced(self, stage: Stage, tmp_path: Path) -> None:
        if not stage.can(Capability.PROFILE_WRITE):
            pytest.skip("not written there")
        file = picture(tmp_path, size=(640, 640), name="avatar")
        profile = await stage.ports().profile_reader.read_profile()
        profile = await stage.ports().profile_writer.write_profile(ProfileChange(avatar=file), expected=profile)
        around = Surroundings(stage.recorder, clock=stage.clock)
        if stage.account.network == "telegram":  # its public pictures are on a host that this world has not
            with pytest.raises(NetworkError):
                await pictures.fetch(profile.avatar or "", around, server=stage.account.server)
            return
        sent = len(stage.recorder.requests)
        data = await pictures.fetch(profile.avatar or "", around, server=stage.account.server)
        assert data.startswith((b"\x89PNG", b"\xff\xd8"))
        (asked,) = stage.recorder.requests[sent:]
        assert not any(secret in str(asked.url) + str(asked.headers.raw) for secret in stage.secrets)

    async def test_another_wrote_meanwhile(self, stage: Stage) -> None:
        if not stage.can(Capability.PROFILE_WRITE):
            pytest.skip("not written there")
        rules = stage.spec.profile(stage.account.facts)
        assert rules is not None
        name = next(name for name in (ProfileField.DESCRIPTION, ProfileField.NAME) if name in rules.writable)
        profile = await stage.ports().profile_reader.read_profile()
        theirs = change_of(name, "Theirs")
        mine = change_of(name, "Mine")
        await stage.ports().profile_writer.write_profile(theirs, expected=profile)
        with pytest.raises(Rejected):
            await stage.ports().profile_writer.write_profile(mine, expected=profile)
        assert shown_as(await stage.ports().profile_reader.read_profile(), name) == "Theirs"


METRICS = (Capability.POST_METRICS, Capability.PAGE_METRICS)
FIGURE = ("count", "like", "view", "repost", "value", "follow", "reach", "member", "total")


class TestMetrics:
    async def read(
        self, stage: Stage, capability: Capability, ref: RemoteRef, client: Client | None = None
    ) -> Readings:
        metrics = (client or stage.ports()).metrics
        if capability is Capability.POST_METRICS:
            return await metrics.of_post(ref)
        return await metrics.of_page(stage.clock.now - 3 * 24 * HOUR, stage.clock.now)

    async def watched(self, stage: Stage) -> RemoteRef:
        """A post that two people like, on a page that one of them follows."""
        ref, post = await stage.posted()
        anna, bert = person(stage), person(stage, "Bert")
        with suppress(ValueError):
            stage.audience.like(stage.world, post, anna)
            stage.audience.like(stage.world, post, bert)
        with suppress(ValueError):
            stage.audience.follow(stage.world, stage.page, anna)
        stage.clock.advance(60)
        return ref

    @pytest.mark.parametrize("capability", METRICS)
    async def test_figures(self, stage: Stage, capability: Capability) -> None:
        if not stage.can(capability):
            ref = (await stage.posted())[0]
            with pytest.raises(Unsupported):
                await self.read(stage, capability, ref)
            return
        readings = await self.read(stage, capability, await self.watched(stage))
        values = {reading.metric: reading.value for reading in readings.values if reading.since is None}
        assert readings.values
        assert not set(values) & set(readings.missing)
        assert all(abs(reading.at - stage.clock.now) <= 4 * 24 * HOUR for reading in readings.values)
        if capability is Capability.POST_METRICS:
            assert values.get(Metric.LIKES, 2) == 2
        else:
            assert values[Metric.FOLLOWERS] >= 1

    async def test_the_nameless_many_are_told_as_each_network_tells_them(self, stage: Stage) -> None:
        if not stage.can(Capability.PAGE_METRICS):
            pytest.skip("not told there")
        now = stage.clock.now

        async def told() -> list[Reading]:
            return list((await stage.ports().metrics.of_page(now - 5 * 24 * HOUR, now)).values)

        def followers(readings: list[Reading]) -> int:
            return next(one.value for one in readings if one.metric is Metric.FOLLOWERS and one.since is None)

        before = followers(await told())
        crowd.found(stage.world, stage.page, 700)
        for days_ago, gained, lost in ((3, 5, 2), (2, 4, 9)):
            crowd.move(stage.world, stage.page, gained, lost, at=now - days_ago * 24 * HOUR)
        after = await told()
        assert followers(after) == before + 698
        for metric, sum_ in ((Metric.FOLLOWED, 9), (Metric.UNFOLLOWED, 11)):
            days = [reading.value for reading in after if reading.metric is metric]
            assert not days or sum(days) == sum_, "absent, or right"

    @pytest.mark.parametrize("capability", METRICS)
    async def test_one_dead_metric(self, stage: Stage, capability: Capability) -> None:
        """Each figure in turn is refused, or comes as something else: the rest is still told."""
        if not stage.can(capability):
            pytest.skip("not told there")
        ref = await self.watched(stage)
        counted = Tampered(stage.recorder, lambda _number, value: value)
        client = stage.ports(counted)
        whole = await self.read(stage, capability, ref, client)
        counted.count = 0  # the second time knows all that it needs beside the figures
        await self.read(stage, capability, ref, client)
        calls = counted.count
        if calls > 1:
            status, refusal = REFUSALS[stage.account.network]
            for dead in range(calls):
                counted.count = 0
                counted.change = lambda number, value, dead=dead: (  # type: ignore[misc]
                    httpx.Response(status, json=refusal) if number == dead else value
                )
                left = await self.read(stage, capability, ref, client)
                assert left.missing
                assert all(left.missing.values())
                assert {reading.metric for reading in left.values} < {reading.metric for reading in whole.values}
                assert left.values
        junks: tuple[Any, ...] = (None, "many", [], {})
        for junk in junks:
            counted.change = lambda _number, value, junk=junk: without_figures(value, junk)  # type: ignore[misc]
            await self.read(stage, capability, ref, client)


def without_figures(value: Any, junk: Any) -> Any:
    """The JSON with junk where figures were."""
    if isinstance(value, list):
        return [without_figures(item, junk) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: junk
        if type(item) is int and any(word in key.casefold() for word in FIGURE)
        else without_figures(item, junk)
        for key, item in value.items()
    }


async def test_a_failing_look_is_no_empty_inbox(stage: Stage) -> None:
    """A refused or unreadable answer is an error, never "nothing new"."""
    if not any(map(stage.can, KINDS)):
        pytest.skip("nothing is read")
    ref, _post = await stage.posted()
    for kind, more in ((FaultKind.TIMEOUT_AFTER, {}), (FaultKind.SERVER_ERROR, {"status": 502})):
        stage.fault(kind, path="/", method="", **more)
        with pytest.raises(NetworkError):
            await sweep(stage, [ref])
        await sweep(stage, [ref])
