from __future__ import annotations

import pytest

from smm_tui.networks.vk import api as vk


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated VK counts no calls of a second, so its client need not wait between them."""
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)
    monkeypatch.setattr(vk, "CALLS", {})
