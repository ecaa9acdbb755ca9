"""Texts with {variables} in them, which a post's place fills in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import N_, _

VARIABLES: Mapping[str, str] = {
    "client": N_("whom the work is for"),
    "project": N_("the name of the project"),
    "date": N_("the day of the post, as 5 October"),
    "weekday": N_("its weekday"),
    "month": N_("its month"),
    "year": N_("its year"),
    "time": N_("its time of day"),
    "holiday": N_("what day it is: a holiday or a day of the project's own"),
    "link": N_("the page of the project's first account"),
    "hashtags": N_("the first set of hashtags"),
}
_VARIABLE = re.compile(r"\{([^{}]*)\}")


def used(text: str) -> list[str]:
    """The variables of a text, in order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def check(text: str) -> None:
    """Whether all variables of a text are known. InvalidInput (field ``text``) naming the first that is not."""
    for name in used(text):
        if name not in VARIABLES:
            raise InvalidInput(
                _("There is no variable {{{name}}}.").format(name=clip(inert(name), 40)),
                _("Use one of: {names}.").format(names=", ".join(f"{{{known}}}" for known in VARIABLES)),
                field="text",
            )


def rendered(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; values are never read for variables again. A variable without a value
    is empty, and a line that held nothing else goes. InvalidInput as in `check`."""
    check(text)
    lines = []
    for line in text.split("\n"):
        filled = _VARIABLE.sub(lambda match: values.get(match[1], ""), line)
        if filled.strip() or not line.strip():
            lines.append(filled.rstrip())
    return "\n".join(lines)
