"""The two halves of an A/B test: in what they differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.services import audiences

if TYPE_CHECKING:
    from smm_tui.services.campaign_tree import Tree

CREATIVE = ("delivery_id", "text", "title", "link", "button", "media", "label")


def conditions(group: Any) -> dict[str, Any]:
    """What an ad set says beside its money."""
    return {
        "audience": group.audience,
        "placements": sorted(group.placements),
        "hours": group.hours,
        "bid": group.bid,
    }


def creative(ad: Any) -> dict[str, Any]:
    """What an ad shows."""
    return {name: getattr(ad, name) for name in CREATIVE}


def differences(
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    ads: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
) -> list[str]:
    """In what two sets with their ads differ, money and names aside. A part that differs in several ads is one."""
    found = [f"audience {name}" for name in audiences.differing(one["audience"], other["audience"])]
    found += [name for name in ("placements", "hours", "bid") if one[name] != other[name]]
    if len(ads) != len(others):
        found.append("number of ads")
    for mine, theirs in zip(ads, others, strict=False):
        found += [f"ad {name}" for name in CREATIVE if mine[name] != theirs[name]]
    return list(dict.fromkeys(found))


def pairs(tree: Tree) -> Iterator[tuple[Any, Any, list[str]]]:
    """The tests of a campaign: both sets, and in what they differ."""
    sets = {group.id: group for group in tree.sets}
    for group in tree.sets:
        first = sets.get(group.variant_of) if group.variant_of is not None else None
        if first is not None:
            groups = [[creative(ad) for ad in tree.ads_of(one)] for one in (first, group)]
            yield first, group, differences(conditions(first), conditions(group), groups[0], groups[1])


def ensure_comparable(tree: Tree) -> None:
    """Refuse what would make a test tell nothing: a second difference, or uneven money."""
    for first, group, found in pairs(tree):
        if len(found) > 1:
            raise InvalidInput(
                _("{one} and {other} would differ in more than one thing: {names}.").format(
                    one=first.name, other=group.name, names=", ".join(found)
                ),
                _("Change it in both, or end the test: `smm-tui ads test stop {id}`.").format(id=group.id),
                field="test",
            )
        if (first.budget_daily, first.budget_total) != (group.budget_daily, group.budget_total):
            raise InvalidInput(
                _("A test divides its money evenly between {one} and {other}.").format(
                    one=first.name, other=group.name
                ),
                _("Give both the same budget, or end the test."),
                field="test",
            )
