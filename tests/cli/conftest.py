"""The command line in this process: real arguments, real streams, a clock that the test turns."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from smm_tui.bootstrap import Workspace
from smm_tui.cli.entry import run
from smm_tui.sandbox import seed
from smm_tui.sandbox.world import World
from smm_tui.services import backup
from tests.support.desk import TurnedClock


@dataclass(frozen=True)
class Answer:
    """What one command line did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def id(self) -> int:
        return self.json["id"]


class Cli:
    """Runs command lines on one data folder."""

    def __init__(self, data: Path, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
        self.data = data
        self.clock = clock
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object, stdin: str | bytes = "") -> Answer:
        """Run one; never a traceback, never an undocumented exit status."""
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        status = run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert status in (0, 1, 2, 3)
        return Answer(status, captured.out, captured.err)

    def json(self, *arguments: object, stdin: str | bytes = "") -> Any:
        """Run one that must succeed, with ``--json``."""
        answer = self(*arguments, "--json", stdin=stdin)
        assert answer.status == 0, answer.err
        return answer.json

    def refused(self, *arguments: object, stdin: str | bytes = "", status: int = 2) -> dict[str, str]:
        """Run one that must be refused with a sentence and change nothing; the error document."""
        before = self.content()
        plain = self(*arguments, stdin=stdin)
        assert plain.status == status, plain
        assert plain.out == ""
        assert len(plain.err.strip()) > 10
        answer = self(*arguments, "--json", stdin=stdin)
        assert answer.status == status
        error = answer.json["error"]
        assert error["message"] in answer.err or error["message"].isascii() is False
        assert self.content() == before
        return error

    def content(self) -> list[str]:
        """All that is in the database, but for how many calls were made."""
        path = self.data / "smm-tui.db"
        if not path.exists():
            return []
        try:
            with closing(sqlite3.connect(path)) as connection:
                return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "rate_bucket"')]
        except sqlite3.Error:
            return [path.read_bytes().hex()]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TurnedClock:
    turned = TurnedClock()
    for function in (Workspace.__init__, backup.restore):
        monkeypatch.setitem(function.__kwdefaults__, "clock", turned)
    return turned


@pytest.fixture
def cli(tmp_path: Path, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch, capsys) -> Cli:
    """The command line on an empty folder."""
    for name in ("SMM_TUI_DATABASE", "SMM_TUI_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "data"
    monkeypatch.setenv("SMM_TUI_DATA", str(data))
    monkeypatch.setenv("SMM_TUI_SECRETS", "file")
    monkeypatch.setenv("SMM_TUI_ACTOR", "tester")
    return Cli(data, clock, monkeypatch, capsys)


@pytest.fixture
def shop(cli: Cli) -> Cli:
    """With a project and one unchecked Mastodon account: all that planning needs."""
    assert cli("project", "add", "Bakery", "--timezone", "Europe/Budapest").status == 0
    arguments = ("--network", "mastodon", "--handle", "bakery@social.sandbox", "--server", "https://social.sandbox")
    assert cli("account", "add", "--project", "Bakery", *arguments, "--no-check", stdin="token\n").status == 0
    return cli


@dataclass(frozen=True)
class Town:
    """The command line over a sandbox world, with logins to connect."""

    cli: Cli
    world: World
    mastodon: seed.MastodonLogin
    bluesky: seed.BlueskyLogin

    def connect(self) -> None:
        """Add the project and both accounts."""
        self.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
        for network, login, secret in (
            ("mastodon", self.mastodon, self.mastodon.token),
            ("bluesky", self.bluesky, self.bluesky.app_password),
        ):
            where = ("--network", network, "--handle", login.handle, "--server", login.server)
            self.cli.json("account", "add", "--project", "Bakery", *where, stdin=secret + "\n")


@pytest.fixture
def town(cli: Cli, clock: TurnedClock):
    cli.data.mkdir()
    with World(cli.data / "world.db", clock=clock) as world:
        servers = seed.add_servers(world)
        yield Town(
            cli,
            world,
            seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "bakery", display_name="The Bakery"),
            seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "bakery"),
        )
