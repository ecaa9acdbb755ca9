"""What is fixed by VK Реклама: its limits, its zone, its words for ours."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from smm_tui.i18n import N_
from smm_tui.networks.advertising import AdsRules, AudienceField, Goal, Level

TITLE = "VK Реклама"
ZONE = ZoneInfo("Europe/Moscow")  # of all its days and hours
CURRENCY = "RUB"
PAGE = 50  # the most that a list gives at once
IDS = 200  # of one call for figures
DAYS = 365  # of one call for figures
SETTLED_DAYS = 3  # so many days after it, a day's figures are not counted again

AGE_LEAST, AGE_MOST = 12, 75
RADIUS_LEAST, RADIUS_MOST, RADIUS = 500, 10_000, 1_000  # metres; the last where none is asked for

PATHS: Mapping[Level, str] = {Level.CAMPAIGN: "ad_plans", Level.SET: "ad_groups", Level.AD: "banners"}
PARENTS: Mapping[Level, str] = {Level.SET: "ad_plan_id", Level.AD: "ad_group_id"}
OBJECTIVES: Mapping[Goal, str] = {
    Goal.REACH: "reach",
    Goal.TRAFFIC: "traffic",
    Goal.ENGAGEMENT: "socialengagement",
    Goal.FOLLOWERS: "socialengagement",
    Goal.MESSAGES: "socialengagement",
}
BUTTONS: Mapping[str, str] = {
    "learn_more": "learnMore",
    "shop": "buy",
    "order": "buy",
    "book": "book",
    "sign_up": "signUp",
    "subscribe": "subscribe",
    "contact": "contactUs",
    "message": "message",
    "follow": "signUp",
}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ADS = AdsRules(
    fields=frozenset(
        {
            AudienceField.COUNTRY,
            AudienceField.REGION,
            AudienceField.CITY,
            AudienceField.STATION,
            AudienceField.POINT,
            AudienceField.WITHOUT_PLACES,
            AudienceField.AGE,
            AudienceField.SEX,
            AudienceField.INTERESTS,
            AudienceField.LISTS,
        }
    ),
    goals=frozenset(OBJECTIVES),
    age_least=AGE_LEAST,
    age_most=AGE_MOST,
    radius_least=RADIUS_LEAST,
    radius_most=RADIUS_MOST,
    least_daily={CURRENCY: 10_000},
    settled_days=SETTLED_DAYS,
    day_most=125,  # VK promises no bound: this is what is counted with
)

ISSUES: Mapping[str, str] = {
    "NO_MONEY": N_("There is no money on the advertising account."),
    "BANNER_BANNED": N_("The ad was refused by the moderators."),
    "BANNER_ON_MODERATION": N_("The moderators have not looked at the ad yet."),
    "OUT_OF_DAY_LIMIT": N_("The budget of the day is spent."),
    "OUT_OF_LIMIT": N_("The budget is spent."),
    "STOPPED": N_("It is stopped."),
    "NO_ALLOWED_BANNERS": N_("It has no ad that the moderators allowed."),
}
"""Why a thing does not run, by VK's word."""
