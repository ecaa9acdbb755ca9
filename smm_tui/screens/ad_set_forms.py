"""The small forms of an ad set's parts, and an ad set as it is kept while it is being changed."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from smm_tui.domain import money
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks.advertising import AdsRules, Audience, AudienceField, Place, PlaceKind
from smm_tui.screens import audience_words as words
from smm_tui.screens.ad_set_parts import Part, instead
from smm_tui.screens.ads_look import GOALS as GOALS
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services import audiences
from smm_tui.services.campaign_queries import AdSetDraft
from smm_tui.widgets.form import Field

Change = Callable[[AdSetDraft], None]

RADIUS = {
    PlaceKind.CITY: AudienceField.CITY_RADIUS,
    PlaceKind.STATION: AudienceField.STATION,
    PlaceKind.POINT: AudienceField.POINT,
}
"""Places around which a distance can be drawn, and what the network must know for it."""


def form_of(part: Part, draft: AdSetDraft, rules: AdsRules, currency: str, change: Change) -> FormScreen | None:
    """The form of a part; None for one that is only taken or left."""
    if part.name in ("name", "budget_daily", "budget_total", "bid"):
        return _basics(draft, currency, change)
    if part.name in ("age", "sex"):
        return _people(draft, rules, change)
    if part.name == "placements":
        return _placements(draft, rules, change)
    if part.name == "hours":
        return _hours(draft, change)
    if part.name == "places" and part.place is not None:
        place = draft.audience.places[part.place]
        if place.kind in RADIUS:
            return _distance(part, draft, place, rules, change)
    return None


def point_form(rules: AdsRules, chosen: Callable[[Place], None]) -> FormScreen:
    """A circle around coordinates."""
    least, most = rules.radius_least / 1000, rules.radius_most / 1000
    fields = [
        Field("name", _("Name"), "", _("What is there, for you.")),
        Field("latitude", _("Latitude"), "", _("In degrees, as 47.4979.")),
        Field("longitude", _("Longitude"), "", _("In degrees, as 19.0402.")),
        Field("km", _("Distance"), "1", _("In km, from {least:g} to {most:g}.").format(least=least, most=most)),
    ]

    async def save(values: Values) -> None:
        north, east = _degrees(values, "latitude", 90), _degrees(values, "longitude", 180)
        metres = _metres(values["km"], rules)
        name = values["name"].strip() or f"{north:g}, {east:g}"
        chosen(Place(PlaceKind.POINT, "", name, metres, north, east))

    return FormScreen(_("Around a point"), lambda _typed: fields, save)


def name_form(suggested: str, store: Callable[[str], Awaitable[None]]) -> FormScreen:
    """Under which name an audience is saved."""
    field = Field("name", _("Name"), suggested, _("Used again by its name, in all campaigns of this client."))

    async def save(values: Values) -> None:
        await store(values["name"])

    return FormScreen(_("Save the audience as"), lambda _typed: [field], save)


def as_json(draft: AdSetDraft) -> dict[str, Any]:
    """An ad set as it is kept while it is being changed."""
    return {
        "name": draft.name,
        "audience": audiences.as_json(draft.audience),
        "segment_id": draft.segment_id,
        "placements": list(draft.placements),
        "hours": {day: list(hours) for day, hours in draft.hours.items()},
        "budget_daily": draft.budget_daily,
        "budget_total": draft.budget_total,
        "bid": draft.bid,
    }


def draft_of(kept: Mapping[str, Any]) -> AdSetDraft:
    """What `as_json` kept."""
    return AdSetDraft(
        kept["name"],
        audiences.from_json(kept["audience"]),
        kept["segment_id"],
        tuple(kept["placements"]),
        {day: tuple(hours) for day, hours in kept["hours"].items()},
        kept["budget_daily"],
        kept["budget_total"],
        kept["bid"],
    )


def _basics(draft: AdSetDraft, currency: str, change: Change) -> FormScreen:
    fields = [Field("name", _("Name"), draft.name, _("For you and your client; nobody else sees it."))]
    for name, label, help in (
        ("budget_daily", _("Budget a day"), _("Only where the campaign has none; typed as 12.50.")),
        ("budget_total", _("Budget in all"), _("Over all days; only where the campaign has none.")),
        ("bid", _("Bid"), _("What may be paid at most, as the network counts bids; empty: it decides.")),
    ):
        amount = getattr(draft, name)
        shown = "" if amount is None else money.decimal(amount, currency)
        fields.append(Field(name, f"{label} ({currency})", shown, help))

    async def save(values: Values) -> None:
        daily, total, bid = (
            money.parse(values[name], currency, field=name) if values[name].strip() else None
            for name in ("budget_daily", "budget_total", "bid")
        )
        name = values["name"].strip()
        if not name:
            raise InvalidInput(_("Give it a name."), field="name")
        change(replace(draft, name=name, budget_daily=daily, budget_total=total, bid=bid))

    return FormScreen(_("Name and money"), lambda _typed: fields, save)


def _people(draft: AdSetDraft, rules: AdsRules, change: Change) -> FormScreen:
    audience = draft.audience
    ages = _("From {least} to {most}; empty: all.").format(least=rules.age_least, most=rules.age_most)
    fields = [
        Field("age_from", _("Age from"), _number(audience.age_from), ages),
        Field("age_to", _("Age to"), _number(audience.age_to), ages),
        Field("sex", _("Sex"), audience.sex, choices=tuple((sex, _(title)) for sex, title in words.SEXES.items())),
    ]

    async def save(values: Values) -> None:
        low, high = _age(values, "age_from", rules), _age(values, "age_to", rules)
        changed = replace(audience, age_from=low, age_to=high, sex=values["sex"])
        change(replace(draft, audience=audiences.checked(changed), segment_id=_segment(draft, changed)))

    return FormScreen(_("Age and sex"), lambda _typed: fields, save)


def _placements(draft: AdSetDraft, rules: AdsRules, change: Change) -> FormScreen | None:
    if not rules.placements:
        return None
    yes_no = (("", _("no")), ("yes", _("yes")))
    fields = [
        Field(
            name,
            name,
            "yes" if name in draft.placements else "",
            _("None chosen: the network decides."),
            choices=yes_no,
        )
        for name in rules.placements
    ]

    async def save(values: Values) -> None:
        change(replace(draft, placements=tuple(name for name in rules.placements if values[name])))

    return FormScreen(_("Where ads are shown"), lambda _typed: fields, save)


def _hours(draft: AdSetDraft, change: Change) -> FormScreen:
    known = words.hours(draft.hours) if draft.hours else ""
    field = Field("hours", _("Hours"), known, _("As Mon-Fri 8-20; Sat 9-12, in the cabinet's zone; empty: always."))

    async def save(values: Values) -> None:
        change(replace(draft, hours=words.parse_hours(values["hours"])))

    return FormScreen(_("When ads are shown"), lambda _typed: [field], save)


def _distance(part: Part, draft: AdSetDraft, place: Place, rules: AdsRules, change: Change) -> FormScreen:
    known = "" if place.radius is None else f"{place.radius / 1000:g}"
    least, most = rules.radius_least / 1000, rules.radius_most / 1000
    help = _("In km, from {least:g} to {most:g}; empty: the place itself.").format(least=least, most=most)
    field = Field("km", _("Distance"), known, help)

    async def save(values: Values) -> None:
        metres = _metres(values["km"], rules) if values["km"].strip() else None
        changed = instead(draft.audience, part.name, part.place or 0, replace(place, radius=metres))
        change(replace(draft, audience=changed, segment_id=_segment(draft, changed)))

    return FormScreen(_("Around {place}").format(place=place.name), lambda _typed: [field], save)


def _segment(draft: AdSetDraft, changed: Audience) -> int | None:
    """A saved audience that is changed here is no longer the saved one."""
    return draft.segment_id if changed == draft.audience else None


def _metres(typed: str, rules: AdsRules) -> int:
    km = _decimal(typed, "km")
    if not rules.radius_least <= km * 1000 <= rules.radius_most:
        raise InvalidInput(
            _("The network draws circles from {least:g} to {most:g} km.").format(
                least=rules.radius_least / 1000, most=rules.radius_most / 1000
            ),
            field="km",
        )
    return round(km * 1000)


def _degrees(values: Values, name: str, most: int) -> float:
    degrees = _decimal(values[name], name)
    if abs(degrees) > most:
        raise InvalidInput(_("Degrees go from -{most} to {most}.").format(most=most), field=name)
    return degrees


def _decimal(typed: str, field: str) -> float:
    try:
        number = float(typed.strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(_("That is no number."), _("Write it as 1 or 1.5."), field=field)
    return number


def _age(values: Values, name: str, rules: AdsRules) -> int | None:
    typed = values[name].strip()
    if not typed:
        return None
    if not typed.isdecimal() or not rules.age_least <= int(typed[:4]) <= rules.age_most:
        raise InvalidInput(
            _("Ages there go from {least} to {most}.").format(least=rules.age_least, most=rules.age_most), field=name
        )
    return int(typed)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
