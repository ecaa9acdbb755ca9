"""What is sold: VK's packages, of which each set takes one by its goal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.advertising import Goal
from smm_tui.networks.vk.ads.words import OBJECTIVES

# Ids that were seen; they count only where VK lists them. Names tell the others.
_SEEN: Mapping[Goal, int] = {Goal.FOLLOWERS: 3122, Goal.MESSAGES: 3127, Goal.ENGAGEMENT: 3194}
_NAMES: Mapping[Goal, str] = {
    Goal.FOLLOWERS: r"вступ|подпис|join|follow",
    Goal.MESSAGES: r"сообщени|напис|messag",
    Goal.ENGAGEMENT: r"пост|запис|\bpost",
    Goal.TRAFFIC: r"",
    Goal.REACH: r"",
}


class Package(NamedTuple):
    """One package, and the goal it serves."""

    id: int
    name: str
    goal: Goal

    @property
    def shows_post(self) -> bool:
        """Whether its ads show a post that is there, instead of a content of their own."""
        return self.goal is Goal.ENGAGEMENT

    @property
    def is_community(self) -> bool:
        """Whether its ads lead to the community."""
        return self.goal in (Goal.FOLLOWERS, Goal.MESSAGES)


def packages(items: Sequence[Mapping[str, Any]]) -> list[Package]:
    """The packages of a listing that can be bought and whose goal is known."""
    found = []
    for item in items:
        number = shape.number(item, "id", 0)
        known = item.get("objective")
        objectives = [known] if isinstance(known, str) else known if isinstance(known, list) else []
        name = shape.text(item, "name")
        if not number or shape.text(item, "status") not in ("", "active"):
            continue
        fitting = [goal for goal, objective in OBJECTIVES.items() if objective in objectives]
        goal = next((goal for goal in fitting if _SEEN.get(goal) == number), None) or next(
            (
                goal
                for goal in fitting
                if re.search(_NAMES[goal], name, re.IGNORECASE) and number not in _SEEN.values()
            ),
            None,
        )
        if goal is not None:
            found.append(Package(number, name, goal))
    return found


def chosen(listed: Sequence[Package], goal: Goal) -> Package:
    """The package for a goal. Rejected (field ``goal``) when VK sells none."""
    fitting = [package for package in listed if package.goal is goal]
    seen = next((package for package in fitting if package.id == _SEEN.get(goal)), None)
    if seen is not None or fitting:
        return seen or fitting[0]
    raise Rejected(_("VK sells nothing for that goal to this account."), _("Choose another goal."), field="goal")
