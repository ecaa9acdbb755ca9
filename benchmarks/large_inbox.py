"""An inbox of any size, written straight into its tables: most of it dealt with, the rest waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.six_clients import six_clients
from smm_tui.domain.clock import MINUTE, Instant

WORDS = (
    "is there bread on Saturday", "mennyibe kerül a szállítás", "thank you, that was lovely", "mikor nyittok holnap",
    "where is my parcel", "ingyen iphone csak ma", "the pool was cold again", "köszönöm szépen", "how much is it",
)  # fmt: skip
AUTHORS = 5_000


def build(folder: Path, messages: int, waiting: int, *, now: Instant) -> None:
    """Six clients with an account each; the first `waiting` messages wait, each due a minute after the one before."""
    with six_clients(folder, now) as connection:
        connection.executemany(
            "INSERT INTO author (id, network, server, remote_id, handle, name, url, first_seen_at)"
            " VALUES (?, 'facebook', 'https://graph.facebook.com', ?, '', ?, '', ?)",
            [(n, str(n), name_of(n), now) for n in range(1, AUTHORS + 1)],
        )
        connection.executemany(
            "INSERT INTO message (id, project_id, account_id, remote_id, kind, author_id, own, text, language, url,"
            " post_remote_id, parent_remote_id, thread_id, attachments, extra, created_at, received_at, state,"
            " due_at, handled_by, assigned_to, labels, liked, version)"
            " VALUES (?, ?, ?, ?, 'comment', ?, 0, ?, '', '', '', '', ?, '[]', '{}', ?, ?, ?, ?, '', '', '[]', 0, 1)",
            _rows(messages, waiting, now),
        )
        connection.execute("ANALYZE")
    connection.close()


def name_of(number: int) -> str:
    """What an author is called."""
    return f"Person {number:05}"


def _rows(messages: int, waiting: int, now: Instant) -> Iterator[tuple[Any, ...]]:
    for number in range(1, messages + 1):
        client, author = number % 6 + 1, (number - 1) % AUTHORS + 1
        text = f"{WORDS[number % len(WORDS)]} {number}"
        waits = number <= waiting
        at = now - (number % 500_000) * MINUTE
        due = now + (number if waits else -number) * MINUTE
        yield (number, client, client, str(number), author, text, f"t{number // 4}", at, at,
               "new" if waits else "closed", due)  # fmt: skip
