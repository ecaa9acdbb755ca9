"""``smm-tui insight``, from a terminal."""

from __future__ import annotations

import pytest


def test_figures_come_in_and_are_told_with_their_moment(town) -> None:
    town.connect()
    shop = town.cli
    report = shop.json("insight", "sync", "--project", "Bakery")
    assert report["led"]
    assert report["figures"] > 0
    growth = shop.json("insight", "growth", "--project", "Bakery", "--range", "7d")
    assert set(growth) >= {"from", "to", "followers", "change", "as_of", "curve", "gained", "lost", "accounts"}
    assert growth["as_of"] is not None
    row = next(row for row in growth["accounts"] if row["network"] == "mastodon")
    assert (row["last"], row["error"]) == (0, None)
    assert len(growth["curve"]["points"]) == 7
    (first, *_more) = shop.json("insight", "readings", "--account", "1")
    assert set(first) == {"account_id", "delivery", "metric", "value", "since", "at", "read_at"}
    assert "bakery" in shop("insight", "growth").out


@pytest.mark.parametrize("verb", ["growth", "reach", "engagement", "hours", "response", "mix"])
def test_nothing_yet_is_told_and_is_not_zero(shop, verb) -> None:
    document = shop.json("insight", verb)
    assert document["from"] < document["to"]
    assert shop("insight", verb).out.strip()
    assert shop.json("insight", verb, "--project", "Bakery", "--range", "1y", "--until", "2026-09-01")
    if verb == "mix":
        (one,) = document["projects"]
        assert (one["verdict"], one["p"], one["extra_per_1000"]) == ("not_enough", None, None)
        assert "Not enough data" in one["sentence"]
    if verb == "growth":
        assert document["followers"] is None


@pytest.mark.parametrize("by", ["type", "hour", "weekday", "segment", "network", "account"])
def test_posts_by_what_they_have_in_common(shop, by) -> None:
    assert shop.json("insight", "engagement", "--by", by)["by"] == by


@pytest.mark.parametrize(
    "arguments",
    [
        ("growth", "--range", "soon"),
        ("growth", "--range", "2026-09-10", "--until", "2026-09-01"),
        ("growth", "--project", "Nobody"),
        ("engagement", "--by", "colour"),
        ("reach", "--metric", "shoes"),
        ("readings", "--account", "bakery", "--metric", "shoes"),
        ("readings", "--account", "nobody"),
    ],
)
def test_bad_input(shop, arguments) -> None:
    shop.refused("insight", *arguments)
