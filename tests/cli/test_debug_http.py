"""``--debug-http`` keeps a line for every call, and no secret."""

from __future__ import annotations

import logging
import re
import stat
from pathlib import Path

import pytest

from smm_tui.cli import http_log
from smm_tui.cli.http_log import HttpLog
from smm_tui.domain.errors import DataError


def test_every_call_is_there_and_no_secret(town) -> None:
    town.connect()
    post = ("--project", "Bakery", "--type", "informational", "--at", "+1m", "--text", "Fresh bread")
    town.cli.json("post", "approve", town.cli.json("post", "add", *post)["id"])
    town.cli.clock.turn(61)
    answer = town.cli("worker", "--once", "--debug-http")
    path = town.cli.data / "http.log"
    assert answer.status == 0
    assert str(path) in answer.err.splitlines()[-1]
    assert "POST social.sandbox" not in answer.out + answer.err
    lines = path.read_text().splitlines()
    (sent,) = [line for line in lines if "POST social.sandbox/api/v1/statuses -> 200" in line]
    assert re.search(r"\d+ bytes, \d+ ms.*; sent .*authorization.*; got .*content-type", sent)
    assert [line for line in lines if "com.atproto.repo.putRecord -> 200" in line]
    secrets = [town.mastodon.token, town.bluesky.app_password, "Bearer", "Fresh bread"]
    secrets += [row[0] for row in town.world.rows("SELECT value FROM tokens")]
    assert [secret for secret in secrets if secret in path.read_text()] == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not logging.getLogger(http_log.SOURCE).isEnabledFor(logging.DEBUG)


def test_nothing_is_kept_unless_asked_for(town) -> None:
    town.connect()
    assert not (town.cli.data / "http.log").exists()


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_log, "SIZE", 2000)
    log = HttpLog(tmp_path / "http.log")
    for number in range(200):
        logging.getLogger(http_log.SOURCE).debug("GET social.example/%s \x1b[31m", number)
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["http.log", "http.log.1"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())
    assert "\x1b" not in (tmp_path / "http.log").read_text()
    assert "/199 " in (tmp_path / "http.log").read_text()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        HttpLog(tmp_path / "file" / "http.log")
