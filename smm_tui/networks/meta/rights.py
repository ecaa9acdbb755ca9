"""What a token must have for what an account does: permissions and tasks, as one table a network. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.i18n import _
from smm_tui.networks.ports import Capability

VERSION = "v25.0"  # of the Graph API; each one is served for about two years
SERVER = "https://graph.facebook.com"


@dataclass(frozen=True, slots=True)
class Right:
    """A permission of the token, or a task of whoever made it on the Page, and what cannot be done without."""

    name: str
    sentence: str  # marked for translation
    capabilities: frozenset[Capability] = frozenset()
    is_task: bool = False


def lacking(rights: Iterable[Right], facts: Mapping[str, Any]) -> list[Right]:
    """The rights that a token certainly lacks. What the last check could not learn is taken as given."""
    scopes, tasks = facts.get("scopes"), facts.get("tasks")
    held = {True: tasks, False: scopes}
    return [
        right
        for right in rights
        if isinstance(known := held[right.is_task], (list, tuple))
        and right.name not in known
        and not (right.is_task and "MANAGE" in known)
    ]


def remaining(
    capabilities: frozenset[Capability], rights: Iterable[Right], facts: Mapping[str, Any]
) -> frozenset[Capability]:
    """What is left of the capabilities without those whose right is lacking."""
    return capabilities.difference(*(right.capabilities for right in lacking(rights, facts)))


def sentences(rights: Iterable[Right], facts: Mapping[str, Any]) -> list[str]:
    """What the rights that are lacking stop."""
    return [
        (
            _("{what}: whose token it is lacks the task {right} on this Page")
            if right.is_task
            else _("{what}: the token lacks {right}")
        ).format(what=_(right.sentence), right=right.name)
        for right in lacking(rights, facts)
    ]
