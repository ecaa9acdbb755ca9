"""The registry: declarations without httpx, clients on demand, addresses as people type them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.text import COUNTERS
from smm_tui.networks.address import server_address
from smm_tui.networks.ports import Account, Capability, Publisher
from smm_tui.networks.registry import NETWORKS, connect, spec

from .support import MemorySlot


def test_declarations_cost_no_httpx() -> None:
    code = (
        "import sys, smm_tui.networks.registry as r\n"
        "[s.rules({}) and s.new_identity() for s in r.NETWORKS.values()]\n"
        "heavy = {'httpx', 'asyncio', 'PIL', 'ssl', 'regex'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_is_declared_whole(name: str) -> None:
    network = spec(name)
    assert network.name == name
    assert len(network.glyph) == 2
    assert network.prepare_help
    assert all(field.label for field in network.credentials)
    assert any(field.secret for field in network.credentials)
    assert network.new_identity() != network.new_identity()
    rules = network.rules({})
    assert rules.limits.count in COUNTERS
    assert {Capability.IMAGE, Capability.DELETE} <= rules.capabilities
    assert (Capability.TEXT in rules.capabilities) == (name != "instagram")
    assert (Capability.READ_BACK in rules.capabilities) == rules.identity.can_read_back
    assert (Capability.VIDEO in rules.capabilities) == (rules.limits.video_bytes is not None)


@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("mastodon", "social.example"),
        ("Bluesky", "https://bsky.social"),
        ("telegram", "https://api.telegram.org"),
        ("VK", "api.vk.com"),
        ("Facebook", "https://graph.facebook.com"),
        ("instagram", "https://graph.facebook.com"),
    ],
)
def test_each_network_has_a_client(name: str, server: str) -> None:
    assert isinstance(connect(Account(name, server, "ann"), MemorySlot({})), Publisher)


def test_an_unknown_network() -> None:
    with pytest.raises(InvalidInput) as caught:
        spec("mastadon")
    assert "Did you mean mastodon?" in caught.value.hint
    with pytest.raises(InvalidInput) as caught:
        connect(Account("\x1b[31m", "x", "y"), MemorySlot({}))
    assert "\x1b" not in caught.value.message
    assert "mastodon, bluesky, " in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("social.example", "https://social.example"),
        (" https://Social.Example/ ", "https://social.example"),
        ("http://127.0.0.1:2583", "http://127.0.0.1:2583"),
        ("http://[::1]:2583/", "http://[::1]:2583"),
        ("localhost:3000", "https://localhost:3000"),
        ("bücher.example", "https://bücher.example"),
    ],
)
def test_addresses(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "ftp://social.example",
        "javascript:alert(1)",
        "https://ann:pw@social.example",
        "https://social.example/@ann",
        "https://social.example/?a=1",
        "social example",
        "@ann@social.example",
        "https://social.example:99999",
        "https://social..example",
        "https://-x.example",
        "https://[::1",
        "https://a\x1b[31m.example",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        server_address(typed)
    assert caught.value.field == "server"
    assert "\x1b" not in caught.value.message


@given(st.text(max_size=40))
def test_any_address_is_kept_or_refused(typed: str) -> None:
    try:
        address = server_address(typed)
    except InvalidInput:
        return
    assert server_address(address) == address
