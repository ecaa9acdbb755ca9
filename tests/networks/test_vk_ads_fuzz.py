"""Whatever VK Реклама answers and whatever a draft holds, the mappings give a value or a clean error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import SmmError
from smm_tui.networks.advertising import (
    AdDraft,
    Audience,
    CampaignDraft,
    Creative,
    Goal,
    Level,
    Place,
    PlaceKind,
    SetDraft,
    Topic,
)
from smm_tui.networks.vk.ads import mapping, packages
from smm_tui.networks.vk.ads.legacy import _items, _people
from smm_tui.networks.vk.ads.money import kopecks, roubles
from smm_tui.networks.vk.ads.targeting import targetings

from .strategies import anything, json_objects

KEYS = (
    "id", "name", "status", "items", "count", "objective", "budget_limit", "budget_limit_day", "date_start", "rows",
    "date_end", "moderation_status", "moderation_reasons", "title", "issues", "code", "ad_plan_id", "ad_group_id",
    "interests", "children", "flags", "parent_id", "uniqs", "price", "date", "base", "shows", "spent", "uniques",
    "total", "goals", "account", "balance", "currency", "packages", "banners", "username", "audience_count",
)  # fmt: skip
TODAY = date(2025, 10, 9)


def each(value: Any) -> list[Any]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else [{"id": value}]


MAPPINGS: dict[str, Callable[[Any], Any]] = {
    "cabinet": mapping.cabinet,
    "made": mapping.made,
    "made banner": mapping.made_banner,
    "campaign": lambda value: mapping.remote(Level.CAMPAIGN, value, TODAY),
    "set": lambda value: mapping.remote(Level.SET, value, TODAY),
    "ad": lambda value: mapping.remote(Level.AD, value, TODAY),
    "regions": lambda value: [mapping.region(item, depth) for depth, item in enumerate(each(value))],
    "topics": lambda value: mapping.topics(value, ""),
    "segments": lambda value: [mapping.segment(item) for item in each(value)],
    "pads": lambda value: mapping.pads(each(value), 1),
    "estimate": lambda value: mapping.estimate(value, "", 5),
    "figures": lambda value: mapping.figures(value, TODAY),
    "sums": mapping.sums,
    "packages": lambda value: packages.packages(each(value)),
    "money": kopecks,
    "stations": _items,
    "people": _people,
}


@pytest.mark.parametrize("name", MAPPINGS)
@given(value=anything | json_objects(KEYS) | st.lists(json_objects(KEYS), max_size=3))
def test_answers(name: str, value: Any) -> None:
    with suppress(SmmError):
        MAPPINGS[name](value)


@given(st.integers(0, 10**14))
def test_money_goes_there_and_back(amount: int) -> None:
    assert kopecks(roubles(amount)) == amount


topics = st.lists(st.builds(Topic, st.text(max_size=8) | st.just("interests:5"), st.text(max_size=5)), max_size=2)
places = st.lists(
    st.builds(
        Place,
        st.sampled_from(PlaceKind),
        st.text(max_size=4) | st.just("24109"),
        st.text(max_size=5),
        st.none() | st.integers(-5, 20_000),
        st.none() | st.floats(),
        st.none() | st.floats(),
    ),
    max_size=3,
).map(tuple)
ages = st.none() | st.integers(-5, 120)
audiences = st.builds(
    Audience,
    places,
    places,
    ages,
    ages,
    st.sampled_from(["", "female", "male", "x"]),
    interests=topics.map(tuple),
    lists=topics.map(tuple),
)


@given(
    audiences,
    st.dictionaries(st.sampled_from("0167x"), st.lists(st.integers(-1, 25), max_size=3).map(tuple), max_size=3),
    st.lists(st.text(max_size=4) | st.just("7"), max_size=2),
)
def test_audiences(audience: Audience, hours: dict[str, tuple[int, ...]], placements: list[str]) -> None:
    with suppress(SmmError):
        made = targetings(audience, hours, placements)
        assert made["geo"]
        for circle in made["geo"].get("local_geo", {}).get("locations", []):
            assert -90 <= circle["lat"] <= 90
            assert 500 <= circle["radius"] <= 10_000
        assert all(12 <= age <= 75 for age in made.get("age", {}).get("age_list", []))


money = st.none() | st.integers(-5, 10**9)
instants = st.integers(-(10**18), 10**18)
texts = st.text(max_size=60) | st.characters(categories=["Cs"])
drafts = (
    st.builds(CampaignDraft, texts, st.sampled_from(Goal), instants, st.none() | instants, money, money)
    | st.builds(SetDraft, texts, audiences, money, money, st.none() | instants, st.none() | instants, money)
    | st.builds(AdDraft, texts, st.builds(Creative, texts, texts, texts, texts, texts))
)


@given(drafts)
def test_drafts(draft: CampaignDraft | SetDraft | AdDraft) -> None:
    with suppress(SmmError):
        made = mapping.body(draft)
        made["name"].encode()
        assert all(not made.get(name) or float(made[name]) > 0 for name in ("budget_limit", "budget_limit_day"))
    if isinstance(draft, AdDraft):
        for goal in Goal:
            with suppress(SmmError):
                mapping.banner_body(draft, packages.Package(1, "x", goal), 5, {"icon_256x256": 7})
