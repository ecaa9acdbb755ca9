"""Looking at saved replies, filled in for the message they would answer. Light to import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import messages as message_reads
from smm_tui.db.reads import saved_replies as reads
from smm_tui.db.reads.saved_replies import SavedReplyRow
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import N_

VARIABLES: Mapping[str, str] = {
    "author": N_("the name of who is answered"),
    "post": N_("the first words of the post it stands below"),
    "link": N_("the address of that post"),
}
"""What may stand in a saved reply, between braces."""
_VARIABLE = re.compile(r"\{(\w+)\}")
_WORDS = 60


class FilledReply(NamedTuple):
    """A saved reply as it would answer a message."""

    id: int
    name: str
    text: str


class SavedReplyQueries:
    """Questions about saved replies."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None) -> list[SavedReplyRow]:
        """Those of a project and everybody's, the most used first."""
        return reads.saved_replies(self._db, project_id)

    def filled(self, message_id: int) -> list[FilledReply]:
        """Those that may answer a message, filled in for it."""
        row = message_reads.message(self._db, message_id)
        if row is None:
            return []
        post = None if row.delivery_id is None else message_reads.own_post(self._db, row.delivery_id)
        values = {
            "author": inert(row.author or row.author_handle),
            "post": clip(inert(post.text), _WORDS) if post is not None else "",
            "link": post.url if post is not None else row.url,
        }
        return [FilledReply(reply.id, reply.name, filled(reply.text, values)) for reply in self.all(row.project_id)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in, once: what a stranger is called is never read for variables. A word in
    braces that is none of them stays as it is."""
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)
