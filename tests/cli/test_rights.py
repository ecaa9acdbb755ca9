"""What a secret lets an account do, and when it ends, is said where a person looks."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from smm_tui.networks.registry import spec

DAY = 24 * 3600 * 1000


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
