"""Whether a message asks something: by its question marks, or by how it begins where people leave them out."""

from __future__ import annotations

import re

_MARK = re.compile("[?¿؟？]")
_FIRST = frozenset(
    word
    for line in (
        "mennyi mennyibe mennyiért mikor mikortól meddig hol hova hová honnan hogy hogyan miért melyik milyen",
        "ki kik kinek mi mit miben mire hány hányan hánykor lehet lesz van vane kellene kell tudtok tudnátok",
        "how when where what which who whom whose why can could do does did is are was were will would should have",
        "has may any anyone anybody",
    )
    for word in line.split()
)
"""What a question begins with, in Hungarian and in English."""
_GREETINGS = "szia sziasztok helló hello hi hey üdv jó napot kívánok estét reggelt tisztelt dear good morning please"
_GREETING = frozenset(_GREETINGS.split(" "))
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[@#]\S+|https?://\S+")
_SHORT = 25
"""Words of a message without a question mark that may be a question; longer ones tell something."""


def asks(text: str) -> bool:
    """Whether somebody wants to know something."""
    head = text[:2000]
    if _MARK.search(head):
        return True
    words = [word.casefold() for word in _WORD.findall(_NAME.sub(" ", head))]
    while words and words[0] in _GREETING:
        del words[0]
    return bool(words) and len(words) <= _SHORT and words[0] in _FIRST
