"""Nothing that an advertising workspace keeps or logs holds a secret."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from .support import AdsDesk

NAMES = {
    "facebook": {"token", "app_secret", "page_token"},
    "vk": {"token", "user_token", "ads_client_secret", "ads_token", "ads_refresh_token"},
}


def test_no_secret_is_kept_or_logged(ads: AdsDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    workspace = ads.desk.workspace
    ads.service.launch(ads.approved())
    ads.work()
    ads.turn(hours=6)
    assert {state for _level, _verb, state in ads.calls()} == {"done"}
    row = workspace.account_queries.get(ads.account)
    known = workspace.secrets.slot(row.secret_ref).read() or {}
    secrets = {known[name] for name in NAMES[ads.network]}
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and "world.db" not in path.name]
    everything = b"\n".join([caplog.text.encode(), *(path.read_bytes() for path in kept)])
    assert {"smm-tui.db", "smm-tui.db-wal"} <= {path.name for path in kept}
    assert b"Fresh bread every morning" in everything
    assert [secret for secret in secrets if secret.encode() in everything] == []
