"""The world over httpx and over a socket, from several threads and processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from smm_tui.sandbox import seed
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.server import serve
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World

from .support import BlueskyCaller, MastodonCaller, png

Client = Callable[[], httpx.Client]


async def test_unknown_hosts_are_never_asked(world: World, servers: dict[str, Server]) -> None:
    async with httpx.AsyncClient(transport=SandboxTransport(world)) as client:
        with pytest.raises(httpx.ConnectError, match="no such host in the sandbox"):
            await client.get("https://mastodon.social/api/v2/instance")
    assert world.calls() == []


async def test_httpx_forms_and_files(world: World, mastodon: MastodonCaller) -> None:
    headers = {"authorization": f"Bearer {mastodon.login.token}"}
    base = mastodon.login.server
    data = png() + b"\r\n--x\r\n\r\n\x00"
    async with httpx.AsyncClient(transport=SandboxTransport(world), base_url=base, headers=headers) as client:
        form = {"description": "Ünï"}
        uploaded = await client.post("/api/v2/media", files={"file": ("á.png", data, "image/png")}, data=form)
        media = uploaded.json()
        assert media["description"] == "Ünï"
        assert (await client.get(media["url"])).content == data
        posted = await client.post("/api/v1/statuses", data={"status": "Hi", "media_ids[]": [media["id"]]})
        assert len(posted.json()["media_attachments"]) == 1


async def test_did_documents(world: World, bluesky: BlueskyCaller) -> None:
    async with httpx.AsyncClient(transport=SandboxTransport(world)) as client:
        found = await client.get(f"https://plc.directory/{bluesky.login.did}")
        assert found.json() == bluesky.session["didDoc"]
        assert (await client.get("https://plc.directory/did:plc:nobody")).status_code == 404


async def test_a_transport_opens_and_closes_its_own_world(path: Path, mastodon: MastodonCaller) -> None:
    transport = SandboxTransport(path)
    async with httpx.AsyncClient(transport=transport) as client:
        assert (await client.get(f"{mastodon.login.server}/api/v2/instance")).status_code == 200
    with pytest.raises(Exception, match="closed"):
        transport.world.servers()


async def test_many_at_once(world: World, mastodon: MastodonCaller) -> None:
    headers = {"authorization": f"Bearer {mastodon.login.token}"}
    async with httpx.AsyncClient(transport=SandboxTransport(world), headers=headers) as client:
        url = f"{mastodon.login.server}/api/v1/statuses"
        answers = await asyncio.gather(*(client.post(url, json={"status": f"{n}"}) for n in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({post.remote_id for post in world.live_posts()}) == 50


PROCESS = """
import asyncio, sys, httpx
from smm_tui.sandbox.transport import SandboxTransport

async def main(path, url, token, name, count):
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=SandboxTransport(path), headers=headers) as client:
        for number in range(int(count)):
            key = {"idempotency-key": f"{name} {number}"}
            answer = await client.post(url, json={"status": f"{name} {number}"}, headers=key)
            assert answer.status_code == 200, answer.text
            print(answer.json()["id"])

asyncio.run(main(*sys.argv[1:]))
"""


def start(path: Path, mastodon: MastodonCaller, name: str, count: int) -> subprocess.Popen[str]:
    url = f"{mastodon.login.server}/api/v1/statuses"
    arguments = [sys.executable, "-c", PROCESS, str(path), url, mastodon.login.token, name, str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_at_once(path: Path, world: World, mastodon: MastodonCaller) -> None:
    processes = [start(path, mastodon, name, 40) for name in ("one", "two")]
    printed = [process.communicate(timeout=60) for process in processes]
    assert [(process.returncode, err) for process, (_, err) in zip(processes, printed, strict=True)] == [(0, "")] * 2
    ids = [line for out, _ in printed for line in out.split()]
    assert len(ids) == len(set(ids)) == 80
    assert {post.remote_id for post in world.live_posts()} == set(ids)


@pytest.mark.parametrize(("kind", "live"), [(FaultKind.CRASH_BEFORE, 1), (FaultKind.CRASH_AFTER, 2)])
def test_a_crash_kills_the_client_alone(
    path: Path, world: World, mastodon: MastodonCaller, kind: FaultKind, live: int
) -> None:
    world.plant(Fault(kind, after=1))
    process = start(path, mastodon, "one", 5)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == -9
    assert len(out.split()) == 1
    assert len(world.live_posts()) == live
    again = start(path, mastodon, "one", 2)
    again.communicate(timeout=60)
    assert (again.returncode, len(world.live_posts())) == (0, 2)


# -- over a socket ------------------------------------------------------------------------------------------------


def test_serving_on_loopback(world: World, servers: dict[str, Server], mastodon: MastodonCaller) -> None:
    headers = {"authorization": f"Bearer {mastodon.login.token}"}
    with serve(world, servers[seed.MASTODON_HOST]) as base, httpx.Client(base_url=base, headers=headers) as client:
        status = client.post("/api/v1/statuses", json={"status": "Hi"}).json()
        assert status["url"].startswith(f"{base}/@bakery/")
        client.post(
            "/api/v1/statuses", content=iter([b'{"status"', b': "Ho"}']), headers={"content-type": "application/json"}
        )
        page = client.get(mastodon.statuses, params={"limit": 1})
        following = client.get(page.links["next"]["url"]).json()
        assert [item["id"] for item in following] == [status["id"]]
        assert client.head("/api/v2/instance").content == b""
        assert client.get("/nowhere").status_code == 404
    assert mastodon("GET", f"/api/v1/statuses/{status['id']}").json()["url"].startswith("https://social.sandbox/")


def test_a_stopped_server_is_gone(world: World, servers: dict[str, Server]) -> None:
    with httpx.Client() as client:
        with serve(world, servers[seed.MASTODON_HOST]) as base:
            assert client.get(f"{base}/api/v2/instance").status_code == 200
        with pytest.raises(httpx.ConnectError):
            client.get(f"{base}/api/v2/instance")


def test_a_pds_on_loopback_names_itself(world: World, servers: dict[str, Server], bluesky: BlueskyCaller) -> None:
    with serve(world, servers[seed.BLUESKY_HOST]) as base, httpx.Client(base_url=base) as client:
        body = {"identifier": bluesky.login.handle, "password": bluesky.login.app_password}
        session = client.post("/xrpc/com.atproto.server.createSession", json=body).json()
        assert session["didDoc"]["service"][0]["serviceEndpoint"] == base
        headers = {"authorization": f"Bearer {session['accessJwt']}"}
        assert client.get("/xrpc/com.atproto.server.getSession", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.REFUSED, (httpx.RemoteProtocolError, httpx.ReadError)),
        (FaultKind.RESET_BEFORE, (httpx.ReadError,)),
        (FaultKind.LOST_RESPONSE, (httpx.RemoteProtocolError, httpx.ReadError)),
        (FaultKind.TIMEOUT_AFTER, (httpx.ReadTimeout,)),
        (FaultKind.CRASH_AFTER, (httpx.ReadError,)),
    ],
)
def test_faults_break_the_socket(
    world: World,
    servers: dict[str, Server],
    mastodon: MastodonCaller,
    kind: FaultKind,
    error: tuple[type[Exception], ...],
) -> None:
    with serve(world, servers[seed.MASTODON_HOST]) as base, httpx.Client(base_url=base, timeout=0.2) as client:
        client.get("/api/v2/instance")  # the fault meets a connection that is kept alive
        world.plant(Fault(kind))
        with pytest.raises(error):
            client.get("/api/v2/instance")
        assert client.get("/api/v2/instance").status_code == 200
