#!/usr/bin/env python3
"""200 rules over incoming messages: how many a second, matched alone and taken in whole (stored, scored, acted on).

A second is one of this process's processor time, so that the figures mean the same on a machine that is busy.

usage: .venv/bin/python -m benchmarks.rules [MESSAGES]
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.rules import conditions
from smm_tui.domain.rules.facts import Facts
from smm_tui.domain.rules.matcher import Rule, Ruleset
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.paths import Paths
from smm_tui.services.ingest import Ingest
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.rules import RuleDraft
from smm_tui.settings import Settings

RULES = 200
WANTED = 5_000
"""Messages a second that must pass 200 rules."""
PAGE = 100
STEMS = "kovász kifli bejgli pogácsa kalács zsemle rozs mák dió szilva túró lekvár reggel délben este ünnep kávé tea"
ENDINGS = " t k hoz ból nak ért kor val ra ról nál kat ig ként ja juk ink"
COMMON = [stem + ending for stem in STEMS.split() for ending in ENDINGS.split(" ")]


def word(number: int) -> str:
    """A word of its own for a rule."""
    return "".join(random.Random(number).choices("bcdfghjklmnprstvz", k=3)) + f"{'aeiou'[number % 5]}zsir"


def asked(number: int) -> list[str]:
    """The conditions of a rule: of all kinds, mostly words."""
    kinds = (
        [f"word {word(number)}, {word(number + 1000)}, nyerj {word(number)}"],
        [f"word {word(number)}, {word(number + 500)}*", "author new"],
        [f"regex {word(number)}[a-z]*\\d+"],
        [f"domain {word(number)}.com", "links >= 1"],
        [f"caps >= {60 + number % 40}%", f"emoji >= {3 + number % 9}"],
        [f"word {word(number)}", f"repeats >= {2 + number % 5} by author within 1h"],
        [f"lookalike {word(number)}.hu"],
        [f"word {word(number)}", "language hu", "kind comment"],
    )
    return kinds[number % len(kinds)]


def text(number: int) -> str:
    """A message as people write them: fifteen words, now and then a link, an emoji, or what a rule looks for."""
    chance = random.Random(number)
    words = chance.choices(COMMON, k=chance.randint(4, 26))
    for rate, more in ((0.1, f"https://example.com/{number}"), (0.2, "😀"), (0.05, word(chance.randrange(RULES)))):
        if chance.random() < rate:
            words.insert(chance.randrange(len(words)), more)
    return " ".join(words) + "!"


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    texts = [text(number) for number in range(count)]
    rules = Ruleset([Rule(n, conditions.parse_all(asked(n))) for n in range(RULES)])
    rules.hits(Facts(texts[0], language="hu"))
    started = time.process_time()
    hits = sum(len(rules.hits(Facts(one, language="hu", new_author=True))) for one in texts)
    matched = count / (time.process_time() - started)
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, armed in (("without rules", 0), ("with rules", RULES)):
            data = Path(folder) / name
            rates[name] = take_in(data, texts, armed)
    cost = 1 / (1 / rates["with rules"] - 1 / rates["without rules"])
    results = {
        "rules": RULES,
        "messages": count,
        "hits": hits,
        "matched a second": round(matched),
        "stored a second without rules": round(rates["without rules"]),
        "stored, screened and acted on a second": round(rates["with rules"]),
        "screened a second, storing aside": round(cost),
        "wanted": WANTED,
    }
    print(json.dumps(results, indent=1))
    return int(matched < WANTED)


def take_in(data: Path, texts: list[str], armed: int) -> float:
    """Messages a second that a worker takes in, page by page."""
    workspace = Workspace(Settings(Paths(data, data / "smm-tui.db"), secrets="file"))
    project = workspace.projects.add(ProjectDraft("Bakery", "Europe/Budapest", language="hu")).ids[0]
    account = workspace.accounts.add(
        project, "bluesky", "bakery.example", {"app_password": "p"}, server="https://bsky.example", check=False
    ).ids[0]
    for number in range(armed):
        rule = workspace.rules.add(RuleDraft(f"Rule {number}", tuple(asked(number)), ("flag",), project)).ids[0]
        workspace.rules.arm(rule, force=True)
    ingest = Ingest(workspace.db)
    source = ingest.source(account)
    assert source is not None
    now = workspace.clock()
    pages = [
        Page(
            tuple(
                Item(f"m{n}", ItemKind.COMMENT, Author(f"a{n % 2000}", f"a{n % 2000}"), texts[n], now, language="hu")
                for n in range(start, min(start + PAGE, len(texts)))
            ),
            {"at": start},
        )
        for start in range(0, len(texts), PAGE)
    ]
    ingest.store(source, pages[0])
    started = time.process_time()
    for page in pages[1:]:
        ingest.store(source, page)
    rate = (len(texts) - PAGE) / (time.process_time() - started)
    workspace.close()
    return rate


if __name__ == "__main__":
    sys.exit(main())
