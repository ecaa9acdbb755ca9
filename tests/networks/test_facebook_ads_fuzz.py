"""Whatever the Marketing API answers, whoever is to be reached: a value or a clean error; money comes back whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import Rejected
from smm_tui.domain.money import decimal
from smm_tui.networks.advertising import (
    AdDraft,
    Audience,
    Cabinet,
    CampaignDraft,
    Creative,
    Goal,
    Level,
    Place,
    PlaceKind,
    SetDraft,
    Topic,
)
from smm_tui.networks.facebook import mapping_ads
from smm_tui.networks.facebook.targeting import targeting
from smm_tui.networks.meta import currency
from smm_tui.networks.meta.refusals import Failure
from smm_tui.networks.shape import WrongShape

from .strategies import anything, json_objects
from .support import NOW

USED = Cabinet("act_1", "Ads", "EUR", "Europe/Berlin", "active", least_daily=100)
KEYS = (
    "id", "key", "name", "type", "currency", "timezone_name", "account_status", "balance", "min_daily_budget",
    "default_dsa_payor", "effective_status", "status", "issues_info", "error_message", "ad_review_feedback", "global",
    "placement_specific", "facebook", "insights", "data", "spend", "daily_budget", "lifetime_budget", "spend_cap",
    "campaign_id", "adset_id", "images", "bytes", "hash", "estimate_ready", "estimate_mau_lower_bound",
    "estimate_mau_upper_bound", "daily_outcomes_curve", "reach", "date_start", "ad_id", "impressions", "clicks",
    "actions", "action_type", "value", "optimization_goal", "campaign_active_time", "region", "country_name",
)  # fmt: skip
MAPPINGS: dict[str, Callable[[Any], Any]] = {
    "cabinet": mapping_ads.cabinet,
    "campaign": lambda value: mapping_ads.remote(Level.CAMPAIGN, value, "EUR", "act_1"),
    "set": lambda value: mapping_ads.remote(Level.SET, value, "HUF", "act_1"),
    "ad": lambda value: mapping_ads.remote(Level.AD, value, "KWD", "act_1"),
    "made": mapping_ads.made,
    "image": mapping_ads.image_hash,
    "estimate": lambda value: mapping_ads.estimate(value, 500, "EUR"),
}
OF_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "place": mapping_ads.place,
    "topic": mapping_ads.topic,
    "figures": lambda value: mapping_ads.figures(value, USED, NOW),
    "parent": lambda value: mapping_ads.set_form(
        SetDraft("x", Audience((Place(PlaceKind.COUNTRY, "US", "x"),)), budget_daily=100), USED, "7", value
    ),
    "never run": mapping_ads.has_never_run,
}
dates = st.fixed_dictionaries(
    {
        "ad_id": st.just("1"),
        "date_start": st.one_of(st.dates().map(str), st.text()),
        "spend": st.one_of(st.text(), st.floats().map(str), st.integers().map(str)),
        "optimization_goal": st.sampled_from(["REACH", "LINK_CLICKS", "x"]),
    }
)


@pytest.mark.parametrize("name", MAPPINGS | OF_OBJECTS)
@given(value=st.one_of(json_objects(KEYS), dates, anything))
def test_mappings_of_answers(name: str, value: Any) -> None:
    if name in OF_OBJECTS and not isinstance(value, dict):
        value = {"data": value}
    with suppress(WrongShape, Rejected):
        (MAPPINGS | OF_OBJECTS)[name](value)


texts = st.text(max_size=12)
amounts = st.one_of(st.none(), st.integers(min_value=-5, max_value=10**9))
topics = st.lists(st.builds(Topic, texts, texts), max_size=2).map(tuple)
places = st.lists(
    st.builds(
        Place,
        st.sampled_from(PlaceKind),
        texts,
        texts,
        st.one_of(st.none(), st.integers(-5, 10**6)),
        st.one_of(st.none(), st.floats()),
        st.one_of(st.none(), st.floats()),
    ),
    max_size=3,
).map(tuple)
ages = st.one_of(st.none(), st.integers(-5, 120))
audiences = st.builds(
    Audience, places, places, ages, ages, st.sampled_from(["", "male", "female", "x"]), topics, topics, topics, topics
)
times = st.one_of(st.none(), st.integers(0, 2 * NOW))
facts = st.dictionaries(st.sampled_from(["payer", "special_categories", "special_countries"]), texts, max_size=3)


@given(audience=audiences, placements=st.lists(st.sampled_from(["facebook", "x"]), max_size=2))
def test_any_audience(audience: Audience, placements: list[str]) -> None:
    with suppress(Rejected):
        spec = targeting(audience, placements)
        assert spec["targeting_automation"] == {"advantage_audience": 0}
        low, high = spec.get("age_min", 13), spec.get("age_max", 65)
        assert 13 <= low <= high <= 65


@given(
    draft=st.one_of(
        st.builds(
            CampaignDraft, texts, st.sampled_from(Goal), st.integers(0, 2 * NOW), times, amounts, amounts, facts
        ),
        st.builds(
            SetDraft,
            texts,
            audiences,
            amounts,
            amounts,
            times,
            times,
            amounts,
            hours=st.dictionaries(texts, st.lists(st.integers(-1, 25)).map(tuple), max_size=2),
            facts=facts,
        ),
        st.builds(AdDraft, texts, st.builds(Creative, texts, texts, texts, texts, texts, label=texts)),
    )
)
def test_any_draft(draft: CampaignDraft | SetDraft | AdDraft) -> None:
    form: dict[str, str] = {}
    with suppress(Rejected):
        if isinstance(draft, CampaignDraft):
            form = mapping_ads.campaign_form(draft, USED)
            assert "special_ad_categories" in form
        elif isinstance(draft, SetDraft):
            form = mapping_ads.set_form(draft, USED, "7", {})
        else:
            mapping_ads.ensure_ad(draft)
            form = mapping_ads.creative_form(draft.creative, "7", [])
    assert all(isinstance(value, str) for value in form.values())
    if "status" in form:
        assert form["status"] == "PAUSED"


@given(amount=st.integers(1, 10**11), money=st.sampled_from(["EUR", "JPY", "HUF", "KWD", "TWD", "UGX"]))
def test_money_comes_back_whole(amount: int, money: str) -> None:
    try:
        told = currency.to_api(amount, money, field="budget_daily")
    except Rejected as error:
        assert (error.field, money in ("HUF", "KWD", "TWD")) == ("budget_daily", True)  # noqa: PT017
        return
    assert currency.from_api(told, money) == amount
    assert currency.from_decimal(decimal(amount, money), money) == amount


@pytest.mark.parametrize(
    ("value", "money", "expected"),
    [("12.34", "EUR", 1234), ("5", "JPY", 5), ("5000", "HUF", 500_000), ("-1", "EUR", None), ("NaN", "EUR", None),
     ("x", "EUR", None), (None, "EUR", None), (True, "EUR", None), (0.1, "USD", 10)],
)  # fmt: skip
def test_decimals(value: Any, money: str, expected: int | None) -> None:
    assert currency.from_decimal(value, money) == expected


def test_fields_of_refusals() -> None:
    def field(message: str, subcode: int = 0) -> str:
        return mapping_ads.field_of(Failure(100, subcode, message, False))

    assert field("x", 1885272) == "budget_daily"
    assert field("The radius is out of range") == "places"
    assert field("Your image is too small") == "pictures"
    assert field("Who knows") == ""
    assert mapping_ads.field_of(None) == ""
