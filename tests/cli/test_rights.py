"""What a secret lets an account do, and when it ends, is said where a person looks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import NamedTuple

import click
import pytest

from smm_tui.networks.registry import NETWORKS, spec
from smm_tui.sandbox import seed

DAY = 24 * 3600 * 1000
END = 1_793_000_000_000  # 26 October 2026


class Login(NamedTuple):
    """What a person has in hand who connects an account, and what is then said of it."""

    handle: str
    server: str
    secrets: tuple[str, ...]
    said: tuple[str, ...]


def mastodon(world, server) -> Login:
    login = seed.add_mastodon_account(world, server, "loaf", scopes=("read", "write:statuses"))
    return Login(login.handle, login.server, (login.token,), ("cannot upload media: the token lacks write:media",))


def bluesky(world, server) -> Login:
    login = seed.add_bluesky_account(world, server, "loaf")
    return Login(login.handle, login.server, (login.app_password,), ("publish texts",))


def telegram(world, server) -> Login:
    login = seed.add_telegram_bot(world, server, "loaf")
    return Login(login.handle, login.server, (login.token,), ("publish texts",))


def vk(world, server) -> Login:
    login = seed.add_vk_community(world, server, "loaf")
    lacks = ("can publish text; cannot upload photos: needs a user token",)
    return Login(login.handle, login.server, (login.token,), lacks)


def facebook(world, server) -> Login:
    login = seed.add_facebook_page(world, server, "loaf")
    token = world.token(server.host, login.token, "access")
    world.update_token(token, expires_at=END)
    return Login(login.handle, login.server, (login.user_token, login.app_secret), ("Token ends  2026-10-26",))


def instagram(world, server) -> Login:
    login = seed.add_instagram_account(world, server, "loaf")
    secrets = login.page.user_token, login.page.app_secret
    return Login(login.handle, login.server, secrets, ("cannot publish pictures", "smm-tui media target set"))


LOGINS: dict[str, tuple[str, Callable[..., Login]]] = {
    "mastodon": (seed.MASTODON_HOST, mastodon),
    "bluesky": (seed.BLUESKY_HOST, bluesky),
    "telegram": (seed.TELEGRAM_HOST, telegram),
    "vk": (seed.VK_HOST, vk),
    "facebook": (seed.FACEBOOK_HOST, facebook),
    "instagram": (seed.FACEBOOK_HOST, instagram),
}


def tell(town, **values: object) -> None:
    """Change what the last check learnt of the first account."""
    with closing(sqlite3.connect(town.cli.data / "smm-tui.db")) as db:
        (facts,) = db.execute("SELECT facts FROM account WHERE id = 1").fetchone()
        missing = json.dumps(values.pop("missing", []))
        facts = json.dumps({**json.loads(facts), **values})
        db.execute("UPDATE account SET facts = ?, missing = ? WHERE id = 1", (facts, missing))
        db.commit()


def test_a_new_account_tells_what_it_can_do(town) -> None:
    town.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    where = ("--network", "bluesky", "--handle", town.bluesky.handle, "--server", town.bluesky.server)
    answer = town.cli("account", "add", "--project", "Bakery", *where, stdin=town.bluesky.app_password)
    can, cannot = answer.out.split("Cannot", 1)
    assert "publish texts" in can
    assert "run advertising" in cannot
    assert town.bluesky.app_password not in answer.out + answer.err


def the_terminal(monkeypatch: pytest.MonkeyPatch, answers: Iterator[str]) -> list[str]:
    """Let a person sit at the terminal, who types these; what they are asked."""
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("smm_tui.cli.account.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr(click.termui, "hidden_prompt_func", ask)
    return asked


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", NETWORKS)
def test_where_to_click_and_what_it_may_is_said_at_once(town, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host, make = LOGINS[name]
    login = make(town.world, town.world.server(host))
    wanted = [item for item in spec(name).credentials if item.secret]
    town.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    where = ("--network", name, "--handle", login.handle, "--server", login.server)
    piped = town.cli("account", "add", "--project", "Bakery", *where, stdin="\n".join(login.secrets))
    assert piped.status == 0, piped.err
    assert words(spec(name).prepare_help) in words(piped.err)
    places = [piped.err.index("Standard input gives"), *(words(piped.err).rindex(item.label) for item in wanted)]
    assert places[1:] == sorted(places[1:])
    assert [said for said in login.said if said not in piped.out] == []
    assert max(map(len, piped.out.partition("Cannot")[0].splitlines())) <= 80
    asked = the_terminal(monkeypatch, iter([*login.secrets, *[""] * (len(wanted) - len(login.secrets))]))
    typed = town.cli("account", "secret", 1)
    assert typed.status == 0, typed.err
    assert words(spec(name).prepare_help) in words(typed.err)
    assert "Standard input" not in typed.err
    assert [item.label in question for item, question in zip(wanted, asked, strict=True)] == [True] * len(wanted)
    shown = piped.out + piped.err + typed.out + typed.err
    assert [secret for secret in login.secrets if secret in shown] == []


def test_a_secret_may_be_left_out_in_the_middle(town) -> None:
    servers = {host: town.world.server(host) for host in (seed.VK_HOST, seed.VK_ADS_HOST)}
    login = seed.add_vk_community(town.world, servers[seed.VK_HOST], "loaf")
    cabinet = seed.add_vk_cabinet(town.world, servers[seed.VK_ADS_HOST], "Loaf")
    town.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    add = ("account", "add", "--project", "Bakery", "--network", "vk", "--handle", "loaf", "--server", login.server)
    answer = town.cli(*add, stdin=f"{login.token}\n\n{cabinet.client_id}\n{cabinet.client_secret}\n")
    can, cannot = answer.out.split("Cannot", 1)
    assert "run advertising" in words(can)
    assert "publish pictures" in words(cannot)


def test_more_lines_than_secrets_are_refused(town) -> None:
    town.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    add = ("account", "add", "--project", "Bakery", "--network", "bluesky", "--handle", town.bluesky.handle)
    error = town.cli.refused(*add, stdin=f"{town.bluesky.app_password}\nand more\n")
    assert (error["field"], "more lines" in error["message"], "App password" in error["hint"]) == (
        "secret",
        True,
        True,
    )


def test_without_a_secret_it_says_where_to_click(town) -> None:
    town.cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    error = town.cli.refused("account", "add", "--project", "Bakery", "--network", "telegram", "--handle", "@bread")
    assert error["hint"] == spec("telegram").prepare_help


def test_rights_that_lack_are_said_one_by_one(town) -> None:
    town.connect()
    town.cli.json("account", "check", 1)
    tell(town, missing=["cannot upload media: the token lacks write:media"])
    printed = town.cli("account", "pause", 1)
    assert printed.status == 0
    assert town.cli.json("account", "list")[0]["missing"] == ["cannot upload media: the token lacks write:media"]


@pytest.mark.parametrize(
    ("days", "said"), [(3, "in 3 days"), (1, "in 1 day"), (-2, "it has ended"), (13.9, "in 13 days"), (15, None)]
)
def test_a_token_that_ends_soon_is_spoken_of(town, days: float, said: str | None) -> None:
    town.connect()
    tell(town, expires_at=town.cli.clock.now + round(days * DAY))
    status = town.cli("status")
    checks = [item for item in town.cli.json("doctor")["checks"] if "its token ends" in item["message"]]
    document = town.cli.json("status")["expiring"]
    assert (said is not None) == bool(checks) == bool(document) == ("its token ends" in status.out)
    if said is not None:
        assert said in status.out
        assert said in checks[0]["message"]
        assert "smm-tui account secret 1" in status.out
        assert document[0]["account"] == 1
    assert town.cli.json("account", "list")[0]["expires_at"].endswith("Z")


@pytest.mark.parametrize("value", ["soon", -5, 0, None, 10**30, True, 1.5])
def test_an_unknown_end_is_none(town, value: object) -> None:
    town.connect()
    tell(town, expires_at=value)
    assert town.cli.json("status")["expiring"] == []
    assert town.cli.json("account", "list")[0]["expires_at"] is None
