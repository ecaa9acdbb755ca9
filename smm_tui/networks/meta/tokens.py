"""What the Graph API tells of tokens and of the Pages that they open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smm_tui.domain.clock import DAY, SECOND, Instant, to_datetime
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.meta.paging import next_cursor
from smm_tui.networks.ports import JSON

WARNED_BEFORE: Instant = 14 * DAY
INSTAGRAM = "instagram_business_account"


@dataclass(frozen=True, slots=True)
class ManagedPage:
    """A Page that a token opens. `tasks` is None where the token itself is the Page's.

    `instagram` is the id of the professional account that is linked to it, empty when there is none.
    """

    id: str
    username: str
    name: str
    token: str = field(repr=False)
    tasks: tuple[str, ...] | None = None
    instagram: str = ""
    instagram_name: str = ""

    def is_called(self, name: str, *, instagram: bool = False) -> bool:
        """Whether somebody who types this means the Page, or its Instagram account."""
        typed = name.strip().removeprefix("@").casefold()
        known = (self.instagram, self.instagram_name) if instagram else (self.id, self.username)
        return bool(typed) and typed in (word.casefold() for word in known)


def managed_pages(value: Any) -> tuple[list[ManagedPage], str]:
    """The Pages of one answer of ``/me/accounts`` and the cursor of the next one, empty at the end."""
    answer = shape.an_object(value, "accounts")
    pages = [
        _page(page, shape.an_id(page, "access_token"), tuple(words(page, "tasks")))
        for page in shape.objects(answer, "data")
        if page.get("access_token")  # absent where the person has no task on the Page
    ]
    return pages, next_cursor(answer)


def page_of(value: Any, token: str) -> ManagedPage:
    """The Page that its own token opens, from ``/me``."""
    return _page(shape.an_object(value, "page"), token, None)


def _page(page: Mapping[str, Any], token: str, tasks: tuple[str, ...] | None) -> ManagedPage:
    linked = shape.inner(page, INSTAGRAM)
    return ManagedPage(
        id=shape.an_id(page, "id"),
        username=shape.text(page, "username"),
        name=shape.text(page, "name"),
        token=token,
        tasks=tasks,
        instagram=shape.an_id(linked, "id") if linked else "",
        instagram_name=shape.text(linked, "username"),
    )


def app_id(value: Any) -> str:
    """The id of the app that a token belongs to, from ``/app``."""
    return shape.an_id(shape.an_object(value, "app"), "id")


def token_facts(value: Any, *about: str) -> JSON:
    """What ``/debug_token`` tells of a token, as far as it concerns these Pages and accounts: its ``scopes``
    and its ends.

    ``expires_at`` and ``data_access_expires_at`` are instants (ms), absent when there is no such end.
    """
    data = shape.inner(shape.an_object(value, "token"), "data")
    if not isinstance(data.get("scopes"), list) or data.get("is_valid") is False:
        raise shape.WrongShape("scopes")
    elsewhere = {
        shape.text(item, "scope")
        for item in shape.objects(data, "granular_scopes")
        if isinstance(item.get("target_ids"), list) and not set(about) & set(map(str, item["target_ids"]))
    }
    facts: JSON = {"scopes": sorted(set(words(data, "scopes")) - elsewhere)}
    for name in ("expires_at", "data_access_expires_at"):  # Unix seconds; 0: never
        if moment := shape.number(data, name, 0):
            facts[name] = min(moment, 2**36) * SECOND
    return facts


def granted(value: Any) -> JSON:
    """What ``/me/permissions`` tells of a person's token: its ``scopes``."""
    answer = shape.an_object(value, "permissions")
    held = {
        shape.text(item, "permission")
        for item in shape.objects(answer, "data")
        if shape.text(item, "status") == "granted"
    }
    return {"scopes": sorted(held - {""})} if held else {}


def ends(facts: Mapping[str, Any], *, now: Instant) -> list[str]:
    """Sentences for what ends soon."""
    known = {
        "expires_at": _("the token ends on {date}: make a new one before"),
        "data_access_expires_at": _("the token's access to data ends on {date}: log in to the app again before"),
    }
    found = []
    for name, sentence in known.items():
        moment = shape.number(facts, name, 0)
        if moment and moment - now < WARNED_BEFORE:
            found.append(sentence.format(date=f"{to_datetime(min(moment, 2**46)):%Y-%m-%d}"))
    return found


def words(values: Mapping[str, Any], key: str) -> list[str]:
    """The short strings of an optional array."""
    found = values.get(key)
    return [word for word in found if isinstance(word, str) and len(word) < 100] if isinstance(found, list) else []
