"""What a team has on its desk in the demo: texts to answer with, rules that were tried, a note, a strike."""

from __future__ import annotations

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.messages import QueueFilter
from smm_tui.services.rules import RuleDraft

REPLIES = (
    ("Kovász", "Szállítás", "Kedves {author}! Szegedre 990 Ft, másnap reggel ott van.", "hu"),
    ("Kovász", "Nyitvatartás", "Hétköznap 6-tól 18-ig, szombaton 7-től délig vagyunk nyitva.", "hu"),
    ("Iron Yard", "Pool hours", "Hi {author}, the pool is open from 6 to 22 every day, bank holidays too.", "en"),
    (
        "Lapozó",
        "Csomag keresése",
        "Kedves {author}, kérjük, írja meg üzenetben a rendelés számát, és utánanézünk.",
        "hu",
    ),
    (None, "Thanks", "Thank you, {author}!", ""),
)
RULES = (
    ("Prizes", ("word ingyen, nyeremény*, free, prize", "links >= 1"), ("hide", "label spam"), True),
    ("Shouting strangers", ("caps >= 70%", "author new"), ("flag",), True),
    ("Delivery", ("word szállítás, delivery",), ("reply Szállítás",), False),
)
"""Name, conditions, actions, whether it is armed; all were tried."""


def set_up(workspace: Workspace) -> None:
    """Keep what a team gathers in some weeks; the demo's clients are there already."""
    projects = {row.name: row.id for row in workspace.projects.all()}
    for client, name, text, language in REPLIES:
        project = None if client is None else projects[client]
        workspace.saved_replies.add(project, name, text, language=language)
    for name, conditions, actions, armed in RULES:
        own = projects["Kovász"] if name == "Delivery" else None
        rule = workspace.rules.add(RuleDraft(name, conditions, actions, own)).ids[0]
        workspace.rules.test(rule)
        if armed:
            workspace.rules.arm(rule)
    for number in workspace.inbox.ids(QueueFilter(text="veknit")):
        row = workspace.inbox.get(number)
        if row.author_id is not None:
            workspace.inbox.note(row.author_id, row.project_id, "Nagykereskedő vevő, mindig udvariasan.")
    for number in workspace.inbox.ids(QueueFilter(text="lose training")):
        workspace.inbox.strike([number], "advertising pills")
