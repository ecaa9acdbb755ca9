"""Language tags as posts carry them."""

from __future__ import annotations

import re

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def language_tag(text: str) -> str:
    """``hu``, ``en-GB``, or empty for "not stated"; InvalidInput on ``language`` for anything else."""
    first, dash, rest = text.strip().replace("_", "-").partition("-")
    tag = first.lower() + dash + rest
    if tag and not _TAG.fullmatch(tag):
        raise InvalidInput(
            _("“{text}” is not the code of a language.").format(text=clip(inert(text), 40)),
            _("Use two letters such as en or hu."),
            field="language",
        )
    return tag
