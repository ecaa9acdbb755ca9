"""Messages as the inbox would have stored them, without a network."""

from __future__ import annotations

from smm_tui.db.tables import AccountTable, AuthorTable, MessageTable
from smm_tui.domain.clock import MINUTE
from tests.support.desk import Desk

NASTY = (
    "\x1b[31mred\x1b[2J\x07",
    "\u202egnp.exe\u2066",
    "e" + "\u0301" * 300,
    "a" * 100_000,
    "null\x00byte",
    "[bold]not markup[/bold] [link=https://bad.example]https://good.example[/link]",
    "👩‍👩‍👧" * 40,
    "\ud800broken".encode("utf-8", "replace").decode(),
    "",
)
"""Texts of strangers that mean no good."""


def received(
    desk: Desk, *texts: str, account: str = "mastodon", author: str = "Kata", kind: str = "comment", **more: object
) -> list[int]:
    """Store messages, each due a minute after the one before; their ids."""
    with desk.workspace.db.unit() as unit:
        row = unit.session.get_one(AccountTable, desk.accounts[account])
        people: dict[str, AuthorTable] = {}
        ids = []
        count = int(
            unit.session.connection().exec_driver_sql("SELECT coalesce(max(id), 0) FROM message").scalar_one()
        )
        for n, text in enumerate(texts):
            person = people.get(author)
            if person is None and author:
                remote = f"{row.network}:{author}"
                found = (
                    unit.session.connection()
                    .exec_driver_sql("SELECT id FROM author WHERE remote_id = ?", (remote,))
                    .scalar()
                )
                if found is not None:
                    person = unit.session.get_one(AuthorTable, found)
                else:
                    person = AuthorTable(
                        network=row.network, server=row.server, remote_id=remote, handle=f"@{author.lower()}",
                        name=author, first_seen_at=unit.now,
                    )  # fmt: skip
                    unit.session.add(person)
                    unit.session.flush()
                people[author] = person
            values: dict[str, object] = {
                "thread_id": f"t{count + n}",
                "due_at": unit.now + (30 + n) * MINUTE,
                "created_at": unit.now - MINUTE,
                "received_at": unit.now,
                **more,
            }
            message = MessageTable(
                project_id=row.project_id, account_id=row.id, remote_id=f"r{count + n + 1}", kind=kind,
                author_id=person.id if person else None, text=text, **values,
            )  # fmt: skip
            unit.session.add(message)
            unit.session.flush()
            ids.append(message.id or 0)
        return ids


def states(desk: Desk, ids: list[int]) -> list[str]:
    """What became of them."""
    rows = desk.workspace.inbox_queries.rows(ids)
    return [rows[number].state for number in ids]
