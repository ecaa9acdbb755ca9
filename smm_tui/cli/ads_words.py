"""What ``smm-tui ads`` reads from its arguments: times, hours, facts, places and other parts of an audience."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli.session import Session
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.networks.advertising import Audience, Place

_RADIUS = re.compile(r"(.+):\s*([0-9]+(?:\.[0-9]+)?)\s*(km|m)", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def audience_options(command: Any) -> Any:
    """The options that say who is to see an ad."""
    for option in reversed(
        (
            click.option(
                "--place",
                "places",
                multiple=True,
                metavar="KIND:NAME[:RADIUS]",
                help=_(
                    "country, region, city, district, station or point (LAT,LON); as city:Berlin or station:A:1km."
                ),
            ),
            click.option("--without", multiple=True, metavar="KIND:NAME", help=_("A place that is left out.")),
            click.option("--age", metavar="FROM-TO", help=_("As 18-45, 18- or -45; empty: all ages.")),
            click.option("--sex", metavar="S", help=_("female or male; empty: both.")),
            click.option("--language", "languages", multiple=True, metavar="L", help=_("A language, by its name.")),
            click.option("--interest", "interests", multiple=True, metavar="I", help=_("An interest, by its name.")),
            click.option("--list", "lists", multiple=True, metavar="L", help=_("A list of people of the cabinet.")),
            click.option("--without-list", "without_lists", multiple=True, metavar="L", help=_("One left out.")),
            click.option("--everybody", is_flag=True, help=_("Begin with an empty audience.")),
            click.option(
                "--substitute", is_flag=True, help=_("Use what comes nearest where the network cannot express it.")
            ),
        )
    ):
        command = option(command)
    return command


def audience(session: Session, account_id: int, start: Audience, given: Mapping[str, Any]) -> Audience:
    """An audience with what was given changed; names are looked up in the network's dictionaries."""
    from smm_tui.networks.advertising import Audience, AudienceField, Topic

    lookups = session.workspace.ad_lookups
    found = Audience() if given.get("everybody") else start

    def topics(field: AudienceField, names: tuple[str, ...]) -> tuple[Topic, ...]:
        chosen = [lookups.resolve(account_id, field, name) for name in names]
        return tuple(one for one in chosen if isinstance(one, Topic))

    if given.get("places"):
        found = replace(found, places=tuple(place(session, account_id, text) for text in given["places"]))
    if given.get("without"):
        found = replace(found, without_places=tuple(place(session, account_id, text) for text in given["without"]))
    if given.get("age") is not None:
        low, high = ages(given["age"])
        found = replace(found, age_from=low, age_to=high)
    if given.get("sex") is not None:
        found = replace(found, sex=given["sex"])
    for option, field, name in (
        ("languages", AudienceField.LANGUAGES, "languages"),
        ("interests", AudienceField.INTERESTS, "interests"),
        ("lists", AudienceField.LISTS, "lists"),
        ("without_lists", AudienceField.LISTS, "without_lists"),
    ):
        if given.get(option):
            changes: dict[str, Any] = {name: topics(field, given[option])}
            found = replace(found, **changes)
    if given.get("substitute"):
        other = lookups.substitution(account_id, found)
        if other is not None and other.audience is not None:
            session.say(other.question)
            found = other.audience
    return found


def place(session: Session, account_id: int, text: str) -> Place:
    """A place from ``KIND:NAME[:RADIUS]``."""
    from smm_tui.networks.advertising import Place, PlaceKind

    word, colon, rest = text.partition(":")
    kinds = {str(kind): kind for kind in PlaceKind}
    if not colon or word.strip().lower() not in kinds:
        raise InvalidInput(
            _("“{text}” is not KIND:NAME.").format(text=text),
            _("As city:Berlin, station:Arbatskaya:1km or point:52.52,13.40:2km."),
            field="place",
        )
    kind = kinds[word.strip().lower()]
    radius = None
    if match := _RADIUS.fullmatch(rest.strip()):
        rest = match[1]
        radius = round(float(match[2]) * (1000 if match[3].lower() == "km" else 1))
    if kind is PlaceKind.POINT:
        numbers = re.fullmatch(r"\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*", rest)
        if numbers is None:
            raise InvalidInput(
                _("A point is given by latitude and longitude."), _("As point:52.52,13.40:2km."), field="place"
            )
        return Place(kind, "", rest.strip(), radius, float(numbers[1]), float(numbers[2]))
    found = session.workspace.ad_lookups.resolve(account_id, kind, rest)
    assert isinstance(found, Place)  # noqa: S101 - asked for by a kind of place
    return replace(found, radius=radius)


def ages(text: str) -> tuple[int | None, int | None]:
    """The ages of ``18-45``, ``18-``, ``-45`` or nothing."""
    if not text.strip():
        return None, None
    match = re.fullmatch(r"\s*([0-9]{1,3})?\s*-\s*([0-9]{1,3})?\s*", text)
    if match is None:
        raise InvalidInput(_("“{text}” are no ages.").format(text=text), _("As 18-45, 18- or -45."), field="age")
    return (int(match[1]) if match[1] else None, int(match[2]) if match[2] else None)


def hours(texts: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Hours of the week from ``mon-fri 9-18``: the hours that begin from 9 to 17 o'clock."""
    found: dict[str, set[int]] = {}
    for text in texts:
        match = re.fullmatch(
            r"\s*([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+([0-9]{1,2})\s*-\s*([0-9]{1,2})\s*", text, re.IGNORECASE
        )
        first = match and match[1].lower()
        last = match and (match[2] or match[1]).lower()
        if match is None or first not in _DAYS or last not in _DAYS or not 0 <= int(match[3]) < int(match[4]) <= 24:
            raise InvalidInput(
                _("“{text}” are no hours of the week.").format(text=text), _("As mon-fri 9-18."), field="hours"
            )
        at, end = _DAYS.index(first), _DAYS.index(last)
        while True:
            found.setdefault(str(at), set()).update(range(int(match[3]), int(match[4])))
            if at == end:
                break
            at = (at + 1) % 7
    return {day: tuple(sorted(chosen)) for day, chosen in found.items()}


def facts(texts: tuple[str, ...]) -> dict[str, str]:
    """Facts from ``NAME=VALUE``."""
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise InvalidInput(
                _("“{text}” is not NAME=VALUE.").format(text=text), _("As political=no."), field="fact"
            )
        found[name.strip()] = value.strip()
    return found


def moment(session: Session, text: str | None, zone: str) -> Instant | None:
    """A time in words; None for none."""
    if text is None or not text.strip():
        return None
    return parse_when(text, now=session.workspace.clock(), zone=zone).instant
