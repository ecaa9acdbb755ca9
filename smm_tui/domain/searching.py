"""How texts are compared when somebody looks for a word in them: without case and accents. Pure."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]+")


def searched(text: str) -> str:
    """A text as the search sees it: people type “karacsony” and mean “Karácsony”."""
    folded = text.casefold()
    return folded if folded.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", folded))
