"""The demo's clients and their posts, as written down in ``data/*.toml``; every time is relative to the opening."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_WEEK, LAST_WEEK = -2, 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A wall time: `week` 0 is the week of the opening."""

    week: int
    weekday: int
    time: time

    def on(self, today: date) -> datetime:
        """The naive wall time it means when the demo is opened on that day."""
        monday = today - timedelta(days=today.weekday())
        return datetime.combine(monday + timedelta(weeks=self.week, days=self.weekday), self.time)


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A drawing of so many of the client's motif."""

    count: int
    alt: str


@dataclass(frozen=True, slots=True, eq=False)
class DemoPost:
    """A post. `slot` None: an idea without a time. `accident`: what happens to it on its way (see ``story``)."""

    type: str
    text: str
    slot: Slot | None = None
    late: str = ""
    content_warning: str = ""
    held: bool = False
    accident: str = ""
    picture: DemoPicture | None = None
    variants: Mapping[str, str] = field(default_factory=dict)  # network -> text


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to be made on a server of the sandbox."""

    network: str
    host: str
    handle: str


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client; `soon` are the posts that go out while one watches, `scheme` and `audience` the answers of
    `services.scheme_parts` and `services.client_parts` by the name of the part; days of goals are relative."""

    name: str
    client: str
    goal: str
    timezone: str
    language: str
    country: str
    colour: str
    hotkey: int
    approval: str
    motif: str
    note: str
    accounts: tuple[DemoAccount, ...]
    posts: tuple[DemoPost, ...]
    soon: tuple[DemoPost, ...]
    scheme: Mapping[str, list[dict[str, str]]]
    brief: Mapping[str, str]
    audience: Mapping[str, list[dict[str, str]]]
    aims: Mapping[str, str]  # content type -> the segment that posts of it are for
    pay: tuple[Mapping[str, str], ...]  # as `services.pay.AgreementDraft` takes them, without their first day
    tasks: tuple[tuple[str, int], ...]  # what was done, and how many weeks ago
    worked: Mapping[str, int]  # minutes a week, by the kind of work


def load() -> list[DemoClient]:
    """All clients, in the order of their keys."""
    files = [item for item in (resources.files(__package__) / "data").iterdir() if item.name.endswith(".toml")]
    clients = [_client(tomllib.loads(item.read_text(encoding="utf-8"))) for item in files]
    return sorted(clients, key=lambda client: client.hotkey)


def _client(values: dict[str, Any]) -> DemoClient:
    return DemoClient(
        accounts=tuple(DemoAccount(**account) for account in values.pop("account")),
        posts=tuple(_post(post) for post in values.pop("post")),
        soon=tuple(_post(post) for post in values.pop("soon")),
        pay=tuple(values.pop("pay")),
        tasks=tuple((task["name"], task["weeks_ago"]) for task in values.pop("task", ())),
        **values,
    )


def _post(values: dict[str, Any]) -> DemoPost:
    at, picture = values.pop("at", None), values.pop("picture", None)
    return DemoPost(
        text=values.pop("text").strip(),
        slot=None if at is None else _slot(at),
        picture=None if picture is None else DemoPicture(**picture),
        **values,
    )


def _slot(words: str) -> Slot:
    week, weekday, clock = words.split()
    return Slot(int(week), WEEKDAYS.index(weekday), time.fromisoformat(clock))
