"""Nothing a client leaves behind shows a secret: logs at their loudest, errors, reprs, wires."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from smm_tui.domain.clock import to_datetime
from smm_tui.domain.errors import NetworkError
from smm_tui.networks.advertising import AudienceField, Goal, Level, PlaceKind
from smm_tui.networks.client import Client
from smm_tui.networks.community import Verb
from smm_tui.networks.page import Profile, ProfileChange
from smm_tui.networks.ports import Part
from smm_tui.sandbox.faults import SURVIVABLE, Fault

from .ads_stage import STAGINGS, AdsStage
from .people import KINDS, act, person, sweep, wire_of
from .stage import SERVERS, Stage, WorldClock, journey, open_world
from .support import MemorySlot, picture

HELLO = Part("Hello 🥐")


async def talk(stage: Stage) -> AsyncIterator[object]:
    """Everything an account does with people and with its page; all that a caller gets to see of it."""
    ref, post = await stage.posted()
    kinds = [kind for kind in KINDS if stage.can(kind)]
    for capability in kinds:
        act(stage, capability, post, person(stage, f"Person {capability}"), "Hello")
    items = []
    if kinds:
        swept = await sweep(stage, [ref])
        items = list(swept.items.values())
        yield swept
    for item in items:
        try:
            wire = await wire_of(stage, identity := stage.spec.new_identity(), item, HELLO)
            yield wire, await stage.ports().responder.send(identity, wire)
        except NetworkError as error:
            yield error
        for verb in Verb:
            try:
                await stage.ports().moderator.moderate(verb, item, reason="Spam")
            except NetworkError as error:
                yield error
    deeds: list[Callable[[Client], Awaitable[object]]] = [
        lambda client: client.editor.prepare_edit(ref, HELLO),
        lambda client: client.pinner.pin(ref),
        lambda client: client.scheduler.scheduled(),
        lambda client: client.profile_reader.read_profile(),
        lambda client: client.profile_writer.write_profile(ProfileChange(description="Bread"), expected=Profile()),
        lambda client: client.metrics.of_post(ref),
        lambda client: client.metrics.of_page(stage.clock.now - 86_400_000, stage.clock.now),
    ]
    for deed in deeds:
        try:
            yield await deed(stage.ports())
        except NetworkError as error:
            yield error


def shown(thing: object) -> str:
    """All that can be seen of a value or an error, whoever prints it."""
    if isinstance(thing, NetworkError):
        return "\n".join([repr(thing), thing.message, thing.hint, *traceback.format_exception(thing)])
    return f"{thing!r} {thing}"


@pytest.mark.parametrize("flavour", SERVERS)
async def test_no_secret_shows_in_conversation(
    flavour: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock = WorldClock()
    with open_world(tmp_path, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await stage.checked()
        left = [shown(thing) async for thing in talk(stage)]
        left += [shown(stage.ports()), caplog.text, *(str(record.args) for record in caplog.records)]
    everything = "\n".join(left)
    assert stage.secrets
    assert [secret for secret in stage.secrets if secret in everything] == []


async def advertise(ads: AdsStage) -> AsyncIterator[object]:
    """Everything an account does with its cabinet; all that a caller gets to see of it."""
    today = to_datetime(ads.stage.clock.now).date()
    deeds: list[Callable[[], Awaitable[object]]] = [
        lambda: ads.advertiser.cabinets(),
        lambda: ads.advertiser.cabinet(),
        lambda: ads.advertiser.suggest(PlaceKind.CITY, ads.network.city.name[:3]),
        lambda: ads.advertiser.suggest(AudienceField.INTERESTS, "B"),
        lambda: ads.advertiser.estimate(ads.set(), Goal.TRAFFIC),
        *(lambda level=level: ads.advertiser.prepare(level, ads.draft(level), parent_id="1") for level in Level),
        *(lambda level=level: ads.make(level) for level in Level),
        *(lambda level=level: ads.advertiser.find(level, ads.identity()) for level in Level),
        *(lambda level=level: ads.shown(level) for level in Level),
        lambda: ads.advertiser.edit(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id, ads.campaign(name="Summer")),
        lambda: ads.launch(),
        lambda: ads.advertiser.figures([ads.made[Level.AD].id], today - timedelta(days=1), today),
        lambda: ads.advertiser.end(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id),
    ]
    for deed in deeds:
        try:
            yield await deed()
        except NetworkError as error:
            yield error


@pytest.mark.parametrize("network", STAGINGS)
async def test_no_secret_shows_in_advertising(network: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = WorldClock()
    with open_world(tmp_path, clock) as world:
        stage = Stage.of(STAGINGS[network].flavour, world, clock)
        await stage.checked()
        ads = AdsStage(stage, STAGINGS[network], tmp_path)
        left = [shown(thing) async for thing in advertise(ads)]
        assert len(ads.made) == len(Level)
        for fault in SURVIVABLE:
            for method in ("GET", "POST"):
                world.plant(Fault(fault.kind, path="", method=method, status=fault.status, executed=fault.executed))
            left += [shown(thing) async for thing in advertise(ads)]
            world.clear_faults()
        left += [shown(ads.advertiser), shown(stage.ports()), caplog.text]
        left += [str(record.args) for record in caplog.records]
    everything = "\n".join(left)
    kinds = {"facebook": {"token", "app_secret"}, "vk": {"ads_client_secret", "ads_token", "ads_refresh_token"}}
    values = [stage.slot.values or {}, *stage.slot.history]
    assert kinds[network] <= {name for found in values for name, value in found.items() if value}
    assert [secret for secret in stage.secrets if secret and secret in everything] == []
    assert "POST" in caplog.text


@pytest.mark.parametrize("flavour", SERVERS)
async def test_no_secret_shows(flavour: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = WorldClock()
    left: list[str] = []
    with open_world(tmp_path, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await journey(stage, tmp_path)
        part = Part("Hello", media=(picture(tmp_path, stage.kinds[0]),))
        wire = await stage.prepared(part, identity := stage.spec.new_identity())
        left.append(repr(wire))
        for fault in SURVIVABLE:
            client = stage.client()
            for path in ("/api/v1/", "/xrpc/", "/bot", "/method/", "/v25.0/"):
                stage.fault(fault.kind, path=path, method="", status=fault.status, executed=fault.executed)
            try:
                left.append(repr(await client.send(identity, wire)))
                left.append(repr(await client.check()))
            except NetworkError as error:
                left += [repr(error), error.message, error.hint, *traceback.format_exception(error)]
            world.clear_faults()
            left += [repr(client), repr(stage.account)]
        wrong = {name: f"{value}-wrong" for name, value in (stage.slot.values or {}).items()}
        try:
            await stage.client(MemorySlot({**wrong, "pds": stage.account.server})).check()
        except NetworkError as error:
            left += [repr(error), error.message, error.hint]
        await client.aclose()
        seen = "\n".join([*left, caplog.text, *(str(record.args) for record in caplog.records)])
        assert stage.secrets
        assert [secret for secret in stage.secrets if secret in seen] == []
    assert "POST" in caplog.text
    assert ("authorization" in caplog.text) == (flavour != "telegram")  # there it is a part of the address
