#!/usr/bin/env python3
"""The wrong-client guard on the demo: how much of what is planted it stops, how often it stops what is right,
and how long it takes beside thousands of posts.

Planted are, for every post of every client and every other client:

* ``repeated``: the post put to the other client after it went out for its own, a few words changed (by the seed);
* ``marked``: a post of the other client itself with something of this one dropped into it: a link, phone number,
  price, handle, hashtag, brand word, mail address (by the seed);
* ``pictured``: a post of the other client itself with a picture that went out for this one;
* ``unseen``: the post as it is, when nothing like it ever went out.

Right is every post at its own client, when nothing like it ever went out. The demo's briefs were written by people
who know its posts: with a client's own words written down less well, fewer of the ``unseen`` are stopped.

usage: .venv/bin/python -m benchmarks.guard [SEED]
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks import large_workspace
from smm_tui.db.database import Database
from smm_tui.domain.guard.check import check
from smm_tui.domain.guard.knowledge import Client, Past, Said, Traces, client_of, traces_of
from smm_tui.domain.guard.marks import Kind
from smm_tui.sandbox.demo.clients import DemoClient, load
from smm_tui.services.briefs import LISTS, OWN, entries_of
from smm_tui.services.guard import Guard

CAUGHT, FALSE = 0.99, 0.01
"""What is promised: so much of what is planted is stopped, and at most so much of what is right."""


class Case(NamedTuple):
    """Something planted, or right (`kind` ``right``): for which client, and what is hidden from the guard."""

    kind: str
    client: int
    said: Said
    unseen: tuple[int, int] | None  # a post that shall not have gone out yet


class Corpus:
    """The demo's clients as the guard knows them, with all their posts gone out."""

    def __init__(self) -> None:
        self.demo = load()
        self.clients = {number: _client(number, client) for number, client in enumerate(self.demo)}
        self.texts: dict[tuple[int, int], str] = {}
        self.traces: dict[tuple[int, int], Traces] = {}
        self.pasts = {number: Past() for number in self.clients}
        for number, client in enumerate(self.demo):
            for place, post in enumerate((*client.posts, *client.soon)):
                key = number, place
                self.texts[key] = post.text
                self.traces[key] = traces_of(Said(post.text, media=(f"{number}-{place}",)))
                self.pasts[number].add(self.traces[key])

    def stopped(self, case: Case) -> bool:
        """Whether the guard stops it."""
        if case.unseen is not None:
            self.pasts[case.unseen[0]].add(self.traces[case.unseen], -1)
        try:
            return bool(check(case.said, self.clients[case.client], self.clients, self.pasts))
        finally:
            if case.unseen is not None:
                self.pasts[case.unseen[0]].add(self.traces[case.unseen])

    def cases(self, seed: int) -> Iterator[Case]:
        """Everything, planted and right."""
        dice = random.Random(seed)
        for key, text in self.texts.items():
            owner = key[0]
            yield Case("right", owner, Said(text), key)
            for other in self.clients:
                if other == owner:
                    continue
                yield Case("unseen", other, Said(text), key)
                if len(text.split()) > 8:  # a shorter one cannot be told from a greeting
                    yield Case("repeated", other, Said(_changed(text, dice)), None)
                home = dice.choice([place for place in self.texts if place[0] == other])
                yield Case("marked", other, Said(_with(self.texts[home], self._mark(owner, dice), dice)), home)
                yield Case("pictured", other, Said(self.texts[home], media=(f"{owner}-{key[1]}",)), home)

    def _mark(self, number: int, dice: random.Random) -> str:
        """Something of a client, as people write it."""
        own, client = _own(self.demo[number]), self.demo[number]
        domain, tail = own[Kind.DOMAIN][0], dice.choice(["", "/", "/uj", "/new?x=1"])
        forms = [
            f"https://{dice.choice(['', 'www.'])}{domain}{tail}",
            domain,
            f"info@{domain}",
            dice.choice(own[Kind.PHONE]).replace(" ", dice.choice([" ", "", "-"])),
            dice.choice(own[Kind.PRICE]),
            dice.choice(_handles(client)),
            dice.choice(own[Kind.HASHTAG]),
            dice.choice(own[Kind.BRAND]),
        ]
        return dice.choice(forms)


def measure(seed: int) -> dict[str, tuple[int, int]]:
    """By kind: how many there are, and how many of them are stopped."""
    corpus, found = Corpus(), {}
    for case in corpus.cases(seed):
        count, stopped = found.get(case.kind, (0, 0))
        found[case.kind] = (count + 1, stopped + corpus.stopped(case))
    return found


def rates(found: dict[str, tuple[int, int]]) -> tuple[float, float]:
    """The share of all that is planted that is stopped, and of all that is right."""
    planted = [numbers for kind, numbers in found.items() if kind != "right"]
    count, stopped = found["right"]
    return sum(caught for _all, caught in planted) / sum(all_ for all_, _caught in planted), stopped / count


def _own(client: DemoClient) -> dict[Kind, list[str]]:
    return {kind: entries_of(client.brief.get(kind, "")) for kind in OWN}


def _handles(client: DemoClient) -> list[str]:
    return [
        f"@{account.handle}@{account.host}" if account.network == "mastodon" else f"@{account.handle}.{account.host}"
        for account in client.accounts
    ]


def _client(number: int, client: DemoClient) -> Client:
    own = {str(kind): entries for kind, entries in _own(client).items()}
    forbidden = entries_of(client.brief.get(LISTS[0], ""))
    return client_of(number, client.name, (client.language,), own, _handles(client), forbidden)


def _changed(text: str, dice: random.Random) -> str:
    """Nearly the same text: a word left out, an exclamation mark more."""
    words = text.split(" ")
    del words[dice.randrange(len(words))]
    return " ".join(words).rstrip(".") + "!"


def _with(text: str, mark: str, dice: random.Random) -> str:
    lines = text.split("\n")
    place = dice.randrange(len(lines))
    lines[place] = f"{lines[place]} {mark}".strip()
    return "\n".join(lines)


def _speed(posts: int) -> dict[str, float]:
    """Milliseconds: until the first answer beside so many posts, for a look at what is new, and for an answer."""
    with tempfile.TemporaryDirectory() as folder:
        large_workspace.build(Path(folder), posts)
        texts = [post.text for client in load() for post in client.posts]
        with closing(sqlite3.connect(Path(folder) / "smm-tui.db")) as connection, connection:
            connection.executemany(
                "UPDATE post SET text = ? || ' ' || id WHERE id % ? = ?",
                [(text, len(texts), place) for place, text in enumerate(texts)],
            )
        db = Database(Path(folder) / "smm-tui.db")
        watch, times = Guard(db), {}
        said = [Said(text) for text in texts]
        started = time.perf_counter()
        watch.examine(1, said[0])
        times["first answer"] = time.perf_counter() - started
        started = time.perf_counter()
        watch.refresh()
        times["look at what is new"] = time.perf_counter() - started
        started = time.perf_counter()
        for one in said:
            watch.examine(1, one)
        times["answer"] = (time.perf_counter() - started) / len(said)
        db.close()
    return {name: round(1000 * seconds, 2) for name, seconds in times.items()}


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    found = measure(seed)
    caught, wrong = rates(found)
    results = {
        "seed": seed,
        **{kind: {"all": count, "stopped": stopped} for kind, (count, stopped) in found.items()},
        "planted and stopped": round(caught, 4),
        "right and stopped": round(wrong, 4),
        "wanted": [CAUGHT, FALSE],
        "milliseconds beside 10,000 posts": _speed(10_000),
    }
    print(json.dumps(results, indent=2, ensure_ascii=False))
    return 0 if caught >= CAUGHT and wrong <= FALSE else 1


if __name__ == "__main__":
    sys.exit(main())
