"""The live tests' servers: the official Bluesky PDS, alone and with its AppView, each started once a test process."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from .install import Unavailable
from .server import Pds, running_network, running_pds

INSTALL_TIMEOUT = 1200
"""Seconds for a test that needs the PDS: the first one to run installs it, and its timeout counts set-up."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that need the PDS the time its installation takes."""
    for item in items:
        if {"pds", "network"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(INSTALL_TIMEOUT))


@pytest.fixture(scope="session")
def pds() -> Iterator[Pds]:
    """A real PDS with the accounts alice, bob and carol; skips where it cannot be installed."""
    try:
        with running_pds() as server:
            yield server
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def network() -> Iterator[Pds]:
    """A real PDS with its AppView and moderation service; skips where they cannot be installed."""
    try:
        with running_network() as server:
            yield server
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def limited_pds(pds: Pds) -> Iterator[Pds]:
    """Another PDS, with its rate limits on, where carol has no logins left for the next minutes."""
    with running_pds(rate_limits=True) as server:
        login = f"{server.url}/xrpc/com.atproto.server.createSession"
        body = {"identifier": server["carol"].handle, "password": "not the password"}
        with httpx.Client(timeout=30) as http:
            while http.post(login, json=body).status_code == 401:
                pass
        yield server
