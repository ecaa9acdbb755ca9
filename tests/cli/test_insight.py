"""``smm-tui insight``, from a terminal."""

from __future__ import annotations


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


VERBS = ("growth", "reach", "engagement", "hours", "response", "mix")


def test_nothing_yet_is_told_and_is_not_zero(shop) -> None:
    documents = {verb: shop.json("insight", verb) for verb in VERBS}
    for verb, document in documents.items():
        assert document["from"] < document["to"]
        assert shop("insight", verb).out.strip(), verb
    assert documents["growth"]["followers"] is None
    (one,) = documents["mix"]["projects"]
    assert (one["verdict"], one["p"], one["extra_per_1000"]) == ("not_enough", None, None)
    assert "Not enough data" in one["sentence"]
    assert shop.json("insight", "growth", "--project", "Bakery", "--range", "1y", "--until", "2026-09-01")["to"] == (
        "2026-09-01"
    )
    for by in ("type", "hour", "weekday", "segment", "network", "account"):
        assert shop.json("insight", "engagement", "--by", by)["by"] == by


def test_bad_input(shop) -> None:
    for arguments in (
        ("growth", "--range", "soon"),
        ("growth", "--range", "2026-09-10", "--until", "2026-09-01"),
        ("growth", "--project", "Nobody"),
        ("engagement", "--by", "colour"),
        ("reach", "--metric", "shoes"),
        ("readings", "--account", "bakery", "--metric", "shoes"),
        ("readings", "--account", "nobody"),
    ):
        shop.refused("insight", *arguments)
