"""Desks that advertise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_tui.networks.vk import api as vk
from smm_tui.networks.vk.ads import api as vk_ads

from .support import NETWORKS, AdsDesk, make_ads_desk


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """No limit of calls in a second where no time passes."""
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk_ads, "CALLS", 100_000)


@pytest.fixture(params=list(NETWORKS))
def ads(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AdsDesk]:
    """On each network that sells ads."""
    made = make_ads_desk(tmp_path, request.param)
    yield made
    made.desk.workspace.close()
    made.desk.world.close()


@pytest.fixture
def facebook(tmp_path: Path) -> Iterator[AdsDesk]:
    """Where the network makes no difference."""
    made = make_ads_desk(tmp_path, "facebook")
    yield made
    made.desk.workspace.close()
    made.desk.world.close()
