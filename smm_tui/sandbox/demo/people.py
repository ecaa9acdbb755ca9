"""The people of the demo: what they write to its clients before the opening, as written down in ``people.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import resources

from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.sandbox.demo.clients import DemoClient
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that somebody writes; see ``people.toml``."""

    client: str
    network: str
    kind: str
    who: str
    ago: int
    text: str
    below: str = ""
    edited: str = ""
    gone: bool = False


def load() -> list[Word]:
    """All of it, in the order of time."""
    file = resources.files(__package__) / "people.toml"
    words = [Word(**values) for values in tomllib.loads(file.read_text(encoding="utf-8"))["message"]]
    return sorted(words, key=lambda word: -word.ago)


class People:
    """They act in the world."""

    def __init__(self, world: World, clients: list[DemoClient]) -> None:
        self._world = world
        self._accounts = {
            (client.name, account.network): (account.host, account.handle)
            for client in clients
            for account in client.accounts
        }
        self._known: dict[tuple[str, str], Account] = {}
        self._written: dict[tuple[str, str], Object] = {}

    def events(self, opening: Instant) -> list[tuple[Instant, Callable[[], None]]]:
        """What they do and when, until the opening."""
        return [(opening - word.ago * MINUTE, partial(self._say, word)) for word in load()]

    def _say(self, word: Word) -> None:
        audience = AUDIENCES[word.network]
        host, handle = self._accounts[word.client, word.network]
        account = next(one for one in self._world.accounts(server=host) if one.handle in (handle, f"{handle}.{host}"))
        person = self._person(word, host)
        if word.kind == "message":
            written = audience.message(self._world, account, person, word.text)
        elif word.kind == "mention":
            written = audience.mention(self._world, account, person, word.text)
        else:
            post = next(item for item in self._world.objects(account) if not item.reply_to)
            above = self._written.get((word.network, word.below))
            written = audience.comment(self._world, post, person, word.text, reply_to=above)
        self._written[word.network, word.who] = written
        if word.edited:
            audience.edit(self._world, written, word.edited)
        if word.gone:
            audience.delete(self._world, written)

    def _person(self, word: Word, host: str) -> Account:
        if (word.who, host) not in self._known:
            server = self._world.server(host)
            if server is None:
                raise ValueError(f"there is no server {host}")
            self._known[word.who, host] = AUDIENCES[word.network].person(self._world, server, word.who)
        return self._known[word.who, host]
