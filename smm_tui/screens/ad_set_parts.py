"""What an ad set is made of, as rows that can be changed one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from smm_tui.domain import money
from smm_tui.i18n import N_, _
from smm_tui.networks.advertising import Audience, AudienceField, Place, PlaceKind, Topic
from smm_tui.screens import audience_words as words
from smm_tui.services.campaign_queries import AdSetDraft

LISTS = {
    "places": N_("shown in"),
    "without_places": N_("not in"),
    "languages": N_("languages"),
    "interests": N_("interests"),
    "lists": N_("people of"),
    "without_lists": N_("not people of"),
}
"""The parts of an audience of which there may be many."""

NOTHING = {
    "places": N_("nowhere yet"),
    "without_places": "-",
    "languages": N_("any"),
    "interests": N_("any"),
    "lists": N_("anybody"),
    "without_lists": "-",
}

MANY_FIELDS = {
    "languages": AudienceField.LANGUAGES,
    "interests": AudienceField.INTERESTS,
    "lists": AudienceField.LISTS,
    "without_lists": AudienceField.LISTS,
}
PLACE_FIELDS = {
    PlaceKind.COUNTRY: AudienceField.COUNTRY,
    PlaceKind.REGION: AudienceField.REGION,
    PlaceKind.CITY: AudienceField.CITY,
    PlaceKind.DISTRICT: AudienceField.DISTRICT,
    PlaceKind.STATION: AudienceField.STATION,
    PlaceKind.POINT: AudienceField.POINT,
}


class Part(NamedTuple):
    """A row: its key (``places:0``, ``age``), its label, what it says, and whether it says anything."""

    key: str
    label: str
    text: str
    told: bool = True

    @property
    def name(self) -> str:
        """Of what it is a part."""
        return self.key.partition(":")[0]

    @property
    def place(self) -> int | None:
        """Which of many it is; None: there is none yet, or never more than one."""
        number = self.key.partition(":")[2]
        return int(number) if number else None


def parts(draft: AdSetDraft, segment: str, currency: str) -> Iterator[Part]:
    """The rows of an ad set."""
    audience = draft.audience
    yield Part("name", _("name"), draft.name or _("without a name yet"), bool(draft.name))
    yield Part("segment", _("saved audience"), segment or "-", bool(segment))
    for name, label in LISTS.items():
        chosen: Sequence[Place | Topic] = getattr(audience, name)
        for n, one in enumerate(chosen):
            text = f"{words.place(one)}  ({_(words.KINDS[one.kind])})" if isinstance(one, Place) else one.name
            yield Part(f"{name}:{n}", _(label) if n == 0 else "", text)
        if not chosen:
            yield Part(f"{name}:", _(label), _(NOTHING[name]), told=False)
        if name == "without_places":
            age = audience.age_from is not None or audience.age_to is not None
            yield Part("age", _("age"), words.ages(audience), age)
            yield Part("sex", _("sex"), _(words.SEXES.get(audience.sex, audience.sex)), bool(audience.sex))
    placed = ", ".join(draft.placements) or _("where the network thinks best")
    yield Part("placements", _("placements"), placed, bool(draft.placements))
    yield Part("hours", _("hours"), words.hours(draft.hours), bool(draft.hours))
    for name, label, amount in (
        ("budget_daily", _("budget a day"), draft.budget_daily),
        ("budget_total", _("budget in all"), draft.budget_total),
        ("bid", _("bid"), draft.bid),
    ):
        yield Part(name, label, money.shown(amount, currency) or "-", amount is not None)


def with_one(audience: Audience, name: str, one: Place | Topic) -> Audience:
    """The audience with one more; what is there already stays once."""
    chosen: tuple[Any, ...] = getattr(audience, name)
    same = [each for each in chosen if each.id == one.id and type(each) is type(one) and one.id]
    return audience if same else _with(audience, name, (*chosen, one))


def without_one(audience: Audience, name: str, place: int) -> Audience:
    """The audience without the one at a place."""
    chosen: tuple[Any, ...] = getattr(audience, name)
    return _with(audience, name, chosen[:place] + chosen[place + 1 :])


def instead(audience: Audience, name: str, place: int, one: Place) -> Audience:
    """The audience with another one at a place."""
    chosen: tuple[Any, ...] = getattr(audience, name)
    return _with(audience, name, (*chosen[:place], one, *chosen[place + 1 :]))


def _with(audience: Audience, name: str, chosen: tuple[Any, ...]) -> Audience:
    changed: dict[str, Any] = {name: chosen}
    return replace(audience, **changed)
