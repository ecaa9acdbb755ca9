"""The inbox at work: a catch-up of 100,000 comments, the queue over 1,000 and 1,000,000 messages, and search.

usage: python benchmarks/inbox.py [--messages N]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads.messages import QueueFilter
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import DAY, MINUTE, system_clock
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.services.guard import Guard
from smm_tui.services.inbox import InboxService
from smm_tui.services.inbox_queries import InboxQueries
from smm_tui.services.ingest import Ingest

WORDS = [
    *("kenyér", "rozs", "tegnap", "holnap", "mennyi", "szállítás", "nyitva", "meddig", "köszönöm", "bread", "rolls"),
    *("open", "today", "price", "delivery", "when", "where", "thanks", "lovely", "order", "pickup", "vegan"),
    *("gluten", "sourdough", "oven", "morning", "queue", "shop", "street"),
]
PAGE = 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--catch-up", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = open_queue(made(Path(folder) / "small.db", 1000))
        path = Path(folder) / "large.db"
        db = made(path, options.messages)
        large = open_queue(db)
        print(
            f"queue open: 1,000 messages {small * 1000:.2f} ms, {options.messages:,} {large * 1000:.2f} ms, "
            f"ratio {large / small:.2f}"
        )
        print(f"search p95: {search(db) * 1000:.1f} ms")
        print(f"verdict (committed) p95: {verdicts(db) * 1000:.1f} ms")
        seconds, stall = catch_up(db, options.catch_up)
        print(
            f"catch-up: {options.catch_up / seconds:,.0f} messages/s, longest stall of a reader {stall * 1000:.0f} ms"
        )


def made(path: Path, messages: int) -> Database:
    """A workspace with so many messages, a quarter of them waiting."""
    db = Database(path)
    dice = random.Random(1)
    now = system_clock()
    with db.unit() as unit:
        for number in range(1, 7):
            project = {
                "id": number,
                "name": f"P{number}",
                "timezone": "Europe/Budapest",
                "created_at": 0,
                "version": 1,
            }
            texts = dict.fromkeys(("client", "goal", "colour", "country"), "")
            insert(unit, "project", [project | texts | {"language": "hu", "approval": "item"}])
            account = {"id": number, "project_id": number, "network": "bluesky", "server": "https://n.example"}
            account |= {
                "handle": f"@p{number}",
                "remote_id": str(number),
                "facts": "{}",
                "missing": "[]",
                "state": "ok",
            }
            texts = dict.fromkeys(("display_name", "url", "secret_ref", "state_reason"), "")
            insert(unit, "account", [account | texts | {"created_at": 0, "version": 1}])
        author = {"network": "bluesky", "server": "https://n.example", "url": "", "first_seen_at": 0}
        insert(
            unit,
            "author",
            [author | {"remote_id": f"a{one}", "handle": f"@a{one}", "name": f"A {one}"} for one in range(1, 2001)],
        )
        empty = ("language", "url", "post_remote_id", "parent_remote_id", "handled_by", "assigned_to")
        blank = dict.fromkeys(empty, "") | {"attachments": "[]", "extra": "{}", "labels": "[]", "kind": "comment"}
        blank |= {"own": 0, "liked": 0, "version": 1}
        for start in range(0, messages, 10_000):
            rows = []
            for number in range(start, min(start + 10_000, messages)):
                at = now - dice.randint(0, 400_000) * MINUTE
                row = {"project_id": number % 6 + 1, "account_id": number % 6 + 1, "remote_id": f"m{number}"}
                row |= {
                    "author_id": dice.randint(1, 2000),
                    "text": " ".join(dice.choices(WORDS, k=9)) + f" n{number}",
                }
                row |= {"thread_id": f"t{number // 20}", "created_at": at, "received_at": at, "due_at": at + DAY}
                rows.append(blank | row | {"state": "new" if number % 4 == 0 else "closed"})
            insert(unit, "message", rows)
    return db


def insert(unit: UnitOfWork, table: str, rows: list[dict[str, Any]]) -> None:
    """Put rows of the same columns into a table."""
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    unit.connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def open_queue(db: Database) -> float:
    """Median seconds until the first screen is read: ids, rows, counts, and the first conversation."""
    queries = InboxQueries(db)
    times = []
    for _run in range(15):
        begun = time.perf_counter()
        ids = queries.ids(limit=200)
        queries.rows(ids[:60])
        queries.conversation(ids[0])
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def search(db: Database) -> float:
    """95th percentile of a search for one or two words."""
    queries, dice, times = InboxQueries(db), random.Random(2), []
    for _run in range(100):
        words = " ".join(word[: dice.randint(2, 6)] for word in dice.sample(WORDS, dice.randint(1, 2)))
        begun = time.perf_counter()
        queries.rows(queries.ids(QueueFilter(text=words, states=("new", "closed")), limit=200)[:60])
        times.append(time.perf_counter() - begun)
    return sorted(times)[94]


def verdicts(db: Database) -> float:
    """95th percentile of closing a message, with the next one read."""
    service, times = InboxService(db, "bench", Guard(db)), []
    for number in service.ids(limit=200):
        begun = time.perf_counter()
        service.close([number])
        service.conversation(service.ids(limit=1)[0])
        times.append(time.perf_counter() - begun)
    return sorted(times)[int(len(times) * 0.95)]


def catch_up(db: Database, messages: int) -> tuple[float, float]:
    """Seconds of taking in so many, and the longest time another thread did not get to read a screen meanwhile."""
    ingest, dice, now = Ingest(db), random.Random(3), system_clock()
    done, stalls = threading.Event(), [0.0]

    def watch() -> None:
        queries = InboxQueries(db)
        while not done.is_set():
            begun = time.perf_counter()
            queries.rows(queries.ids(limit=60))
            stalls.append(time.perf_counter() - begun)
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    for start in range(0, messages, PAGE):
        source = ingest.source(1)
        assert source is not None
        items = tuple(
            Item(
                f"c{number}",
                ItemKind.COMMENT,
                Author(f"a{dice.randint(1, 2000)}", "@a", "A"),
                " ".join(dice.choices(WORDS, k=9)),
                now - number,
                thread_id="catch-up",
            )
            for number in range(start, start + PAGE)
        )
        ingest.store(source, Page(items, {"at": start + 1}, more=True))
        time.sleep(0.001)
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    return seconds, max(stalls)


if __name__ == "__main__":
    main()
