"""What is particular to Instagram's client: containers, the public place for pictures, preflight, quota."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    Forbidden,
    NetworkError,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.instagram.publisher import InstagramPublisher
from smm_tui.networks.ports import Account, Part, RemoteRef
from smm_tui.networks.public_media import PublicMedia
from smm_tui.sandbox import seed
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World

from .stage import FILM, Stage, WorldClock, open_world
from .support import MemorySlot, media_file, picture


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


@pytest.fixture
async def stage(world: World) -> Stage:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of("instagram", world, world.clock)
    await stage.checked()
    return stage


def hosted(stage: Stage) -> list[str]:
    return [row[0] for row in stage.world.rows("SELECT id FROM media WHERE server = ?", seed.FILES_HOST)]


async def prepared(stage: Stage, part: Part, identity: str = "i") -> dict[str, object]:
    return await stage.ports().publisher.prepare(identity, part, root=None, parent=None)


class TestCheck:
    async def test_facts(self, stage: Stage) -> None:
        checked = await stage.client().check()
        assert (checked.handle, checked.missing) == ("@bakery", ())
        assert checked.facts["public_media"] is True
        assert "instagram_basic" in checked.facts["scopes"]
        assert checked.url == "https://www.instagram.com/bakery/"
        assert (stage.slot.values or {})["instagram_id"] == checked.remote_id

    async def test_without_a_public_place(self, stage: Stage, tmp_path: Path) -> None:
        for place in (None, PublicMedia(MemorySlot(None))):
            stage.public_media = place
            checked = await stage.client().check()
            assert "smm-tui media target set" in checked.missing[0]
            with pytest.raises(Unsupported, match="public address") as caught:
                await prepared(stage, Part("x", (picture(tmp_path, "JPEG"),)))
            assert "smm-tui media target set" in caught.value.hint

    async def test_a_page_without_an_instagram_account(self, stage: Stage) -> None:
        login = seed.add_facebook_page(stage.world, stage.server, "gym", name="The Gym")
        for token in (login.token, login.user_token):
            stage.account = Account("instagram", login.server, "@gym")
            stage.slot = MemorySlot({"token": token})
            with pytest.raises(Rejected) as caught:
                await stage.client().check()
            assert caught.value.field == "handle"

    async def test_the_pages_own_token(self, stage: Stage) -> None:
        values = stage.slot.values or {}
        stage.slot = MemorySlot({"token": values["page_token"]})
        stage.account = Account("instagram", stage.account.server, "bakery")
        assert (await stage.client().check()).handle == "@bakery"

    async def test_the_end_of_the_token_is_a_fact(self, stage: Stage) -> None:
        (token,) = stage.world.tokens(stage.world.accounts(network="facebook")[0], "access")
        ends = stage.clock.now + 3 * 24 * 3_600_000
        stage.world.update_token(token, expires_at=ends)
        checked = await stage.client().check()
        assert checked.facts["expires_at"] == ends
        assert "the token ends on" in checked.missing[0]


class TestPreparing:
    async def test_what_cannot_be(self, stage: Stage, tmp_path: Path) -> None:
        jpeg = picture(tmp_path, "JPEG")
        for part, kind, field in (
            (Part("Only words"), Rejected, "media"),
            (Part("x" * 2201, (jpeg,)), Rejected, "text"),
            (Part(" ".join(f"#tag{number}" for number in range(31)), (jpeg,)), Rejected, "text"),
            (Part(" ".join(f"@name{number}" for number in range(21)), (jpeg,)), Rejected, "text"),
            (Part("x", (jpeg,) * 11), Rejected, "media"),
            (Part("x", (picture(tmp_path, "PNG"),)), Unsupported, None),
        ):
            with pytest.raises(kind) as caught:
                await prepared(stage, part)
            assert getattr(caught.value, "field", None) == field
        with pytest.raises(Unsupported, match="threads"):
            await stage.client().prepare("i", Part("x", (jpeg,)), root=None, parent=RemoteRef("1", ""))
        assert hosted(stage) == []

    async def test_a_ratio_that_is_not_taken(self, stage: Stage, tmp_path: Path) -> None:
        with pytest.raises(Rejected, match="aspect ratio") as caught:
            await prepared(stage, Part("x", (picture(tmp_path, "JPEG", (100, 10)),)))
        assert caught.value.field == "media"

    async def test_a_picture_is_public_only_until_it_is_published(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Hello", (picture(tmp_path, "JPEG", alt="A loaf"),)))
        assert hosted(stage) == wire["hosted"]
        ref = await stage.client().send("i", wire)
        assert hosted(stage) == []
        shown = await stage.client().read(ref)
        assert shown is not None
        assert shown["media"][0]["alt"] == "A loaf"
        assert "/p/" in ref.url

    async def test_ten_of_both_kinds(self, stage: Stage, tmp_path: Path) -> None:
        film = media_file(tmp_path, "film.mp4", FILM, "video/mp4")
        media = (film, *(picture(tmp_path, "JPEG", name=str(number)) for number in range(9)))
        wire = await prepared(stage, Part("All", media))
        ref = await stage.client().send("i", wire)
        shown = await stage.client().read(ref)
        assert shown is not None
        assert [file["type"] for file in shown["media"]] == ["video", *["photo"] * 9]
        assert hosted(stage) == []

    async def test_a_failed_carousel_goes_on_where_it_was(self, stage: Stage, tmp_path: Path) -> None:
        publisher = stage.ports().publisher
        media = tuple(picture(tmp_path, "JPEG", name=name) for name in "abc")
        stage.fault(FaultKind.TIMEOUT_BEFORE, path="/media", after=2)
        with pytest.raises(Transient):
            await publisher.prepare("i", Part("x", media), root=None, parent=None)
        await publisher.prepare("i", Part("x", media), root=None, parent=None)
        made = [call for call in stage.sent("/media") if call.method == "POST" and call.url.host == "graph.sandbox"]
        assert len(made) == 5  # three, one again, and the carousel

    async def test_a_video_that_is_none(self, stage: Stage, tmp_path: Path) -> None:
        broken = media_file(tmp_path, "film.mp4", b"\x00\x00\x00\x18ftypmp42nothing", "video/mp4")
        with pytest.raises(Rejected, match="video") as caught:
            await prepared(stage, Part("x", (broken,)))
        assert caught.value.field == "media"

    async def test_a_videos_bytes_go_to_one_host_only(self, stage: Stage, tmp_path: Path) -> None:
        await prepared(stage, Part("x", (media_file(tmp_path, "film.mp4", FILM, "video/mp4"),)))
        (upload,) = stage.sent("/ig-api-upload/")
        assert upload.url.host == "graph.sandbox"  # the answer names rupload.facebook.com
        assert upload.headers["authorization"].startswith("OAuth ")

    async def test_the_days_posts(self, stage: Stage, tmp_path: Path) -> None:
        stage.world.add_server(stage.server.host, "facebook", config={"instagram_posts": 1})
        part = Part("One", (picture(tmp_path, "JPEG"),))
        second = await prepared(stage, replace(part, text="Two"), "j")
        await stage.client().send("i", await prepared(stage, part))
        with pytest.raises(RateLimited, match="24 hours") as caught:
            await prepared(stage, replace(part, text="Three"), "k")
        assert caught.value.retry_after == 3600
        with pytest.raises(RateLimited, match="no more posts") as caught:
            await stage.client().send("j", second)
        assert caught.value.retry_after == 3600


class TestSending:
    async def test_one_container_is_one_post(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Once", (picture(tmp_path, "JPEG"),)))
        refs = [await stage.client().send("i", wire) for _time in range(3)]
        assert len({ref.id for ref in refs}) == 1
        assert stage.live() == ["Once"]
        assert len(stage.sent("/media_publish")) == 1

    async def test_a_video_in_the_making(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Film", (media_file(tmp_path, "film.mp4", FILM, "video/mp4"),)))
        with pytest.raises(Transient, match="processing"):
            await stage.client().send("i", wire)
        assert await stage.client().find("i", wire, taken=frozenset()) is None
        stage.clock.advance(3)
        assert (await stage.client().send("i", wire)).id
        assert stage.live() == ["Film"]

    async def test_a_container_that_expired(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Late", (picture(tmp_path, "JPEG"),)))
        stage.clock.advance(25 * 3600)
        with pytest.raises(Rejected, match="24 hours") as caught:
            await stage.client().send("i", wire)
        assert "prepared anew" in caught.value.hint
        assert await stage.client().find("i", wire, taken=frozenset()) is None
        assert hosted(stage) == []

    async def test_published_but_not_listed_yet(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Soon", (picture(tmp_path, "JPEG"),)))
        ref = await stage.client().send("i", wire)
        with pytest.raises(Ambiguous):
            await stage.client().find("i", wire, taken=frozenset({ref.id}))

    async def test_a_container_that_is_forgotten(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Soon", (picture(tmp_path, "JPEG"),)))
        ref = await stage.client().send("i", wire)
        found = stage.world.find_object(stage.server.host, "container", str(wire["container"]))
        assert found is not None
        stage.world.delete_object(found)
        assert await stage.client().find("i", wire, taken=frozenset()) == ref

    async def test_a_place_that_is_gone_stops_no_post(self, stage: Stage, tmp_path: Path) -> None:
        wire = await prepared(stage, Part("Hello", (picture(tmp_path, "JPEG"),)))
        stage.world.plant(Fault(FaultKind.REFUSED, host=seed.FILES_HOST, times=9))
        await stage.client().send("i", wire)
        assert stage.live() == ["Hello"]


class TestPublicMedia:
    def place(self, world: World, **more: str) -> PublicMedia:
        server = world.server(seed.FILES_HOST)
        assert server is not None
        if not hasattr(self, "folder"):
            self.folder = seed.add_public_folder(world, server, "gym")
        return PublicMedia(MemorySlot({**self.folder, **more}), SandboxTransport(world))

    async def test_check(self, stage: Stage) -> None:
        url = await self.place(stage.world).check()
        assert url.startswith("https://files.sandbox/files/smm-tui-check-")
        assert hosted(stage) == []

    async def test_what_is_wrong_is_said(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        cases: list[tuple[dict[str, str], type[NetworkError]]] = [
            ({"password": "wrong-secret-password"}, Forbidden),
            ({"public": "https://files.sandbox/nowhere"}, Rejected),
            ({"address": "https://files.sandbox/dav/no/folder"}, Rejected),
            ({"address": "https://nowhere.example/dav"}, Transient),
            ({"address": ""}, Unsupported),
        ]
        for wrong, kind in cases:
            with pytest.raises(kind) as caught:
                await self.place(stage.world, **wrong).check()
            assert caught.value.message
            assert "password" not in f"{caught.value!r}{caught.value.hint}".replace("name and password", "")
            assert hosted(stage) == []
        assert "wrong-secret-password" not in caplog.text
        target = await self.place(stage.world).target()
        assert self.folder["password"] not in repr(target)

    @pytest.mark.parametrize(
        ("status", "kind"), [(500, Transient), (503, Transient), (507, Rejected), (423, Transient), (404, Rejected)]
    )
    async def test_every_answer(self, stage: Stage, tmp_path: Path, status: int, kind: type[NetworkError]) -> None:
        place = PublicMedia(
            MemorySlot({"address": "https://a.example/dav", "public": "https://a.example/p"}),
            httpx.MockTransport(lambda _request: httpx.Response(status)),
        )
        with pytest.raises(kind):
            await place.put("x.jpg", picture(tmp_path, "JPEG"))
        await place.remove("x.jpg")

    async def test_a_dead_token_says_so(self, stage: Stage, tmp_path: Path) -> None:
        stage.fault(FaultKind.EXPIRED_TOKEN, path="/media")
        with pytest.raises(AuthExpired):
            await prepared(stage, Part("x", (picture(tmp_path, "JPEG"),)))


def test_the_client_is_made_of_small_ports(stage: Stage) -> None:
    client = stage.ports()
    assert isinstance(client.publisher, InstagramPublisher)
    assert client.inbox is client.inbox
    for port in ("editor", "pinner", "scheduler", "profile_writer"):
        with pytest.raises(Unsupported):
            getattr(client, port)
