"""Regular expressions on RE2: time linear in the text whatever the pattern, so that none can hang the worker.

Many at once cost little more than one: groups of them are tried together, and one by one only where the group fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

GROUP = 50
LONGEST = 1000
"""Characters of one pattern."""
_MEMORY = 32 << 20  # for the automaton of a group; RE2 falls back to a slower linear engine beyond it


def check(pattern: str) -> str:
    """The pattern, if it can be used; InvalidInput with the place of the error otherwise."""
    shown = clip(inert(pattern), 60)
    if not pattern:
        raise InvalidInput(_("The regular expression is empty."), field="pattern")
    if len(pattern) > LONGEST:
        raise InvalidInput(
            _("The regular expression is too long: {count} of {limit} characters.").format(
                count=len(pattern), limit=LONGEST
            ),
            field="pattern",
        )
    import re2

    try:
        compiled = _compile(pattern)
    except (re2.error, UnicodeEncodeError) as error:
        reason, place = _explain(error, pattern)
        raise InvalidInput(
            _("The regular expression “{pattern}” is wrong at character {place}: {reason}.").format(
                pattern=shown, place=place, reason=inert(reason)
            ),
            _("It is read as RE2 has it: no look-around, no back-references; \\. is a plain dot."),
            field="pattern",
        ) from error
    if compiled.search(b"") is not None:
        raise InvalidInput(
            _("The regular expression “{pattern}” fits every text, even an empty one.").format(pattern=shown),
            _("Say what must be there at least: + instead of *."),
            field="pattern",
        )
    return pattern


class Patterns:
    """Regular expressions by number, looked for together; case does not matter."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import re2

        self._single = [_compile(pattern) for pattern in patterns]
        self._groups: list[tuple[Any, list[int]]] = []
        numbers = [number for number in range(len(patterns)) if "\\Q" not in patterns[number]]
        self._alone = [number for number in range(len(patterns)) if "\\Q" in patterns[number]]
        for start in range(0, len(numbers), GROUP):
            some = numbers[start : start + GROUP]
            try:
                together = _compile("|".join(f"(?:{patterns[number]})" for number in some))
            except re2.error:  # each fits into RE2's bounds, all of them do not
                self._alone += some
            else:
                self._groups.append((together, some))

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Each pattern that is in the text, with what it found."""
        encoded = text.encode("utf-8", "replace")
        for together, numbers in self._groups:
            if together.search(encoded) is not None:
                yield from self._each(numbers, encoded)
        yield from self._each(self._alone, encoded)

    def _each(self, numbers: Sequence[int], encoded: bytes) -> Iterator[tuple[int, str]]:
        for number in numbers:
            match = self._single[number].search(encoded)
            if match is not None:
                yield number, match[0].decode("utf-8", "replace")


def _compile(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = True
    options.max_mem = _MEMORY
    return re2.compile(pattern.encode(), options)


def _explain(error: Exception, pattern: str) -> tuple[str, int]:
    """RE2's reason, and the place it speaks of, from 1: it names the offending part, at the end of its sentence."""
    raw = error.args[0] if error.args else ""
    told = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(error)
    reason, _colon, part = told.partition(": ")
    place = pattern.find(part) if part and part != pattern else -1
    if place < 0:
        place = _unclosed(pattern) if reason.startswith("missing") else len(pattern) - 1
    return told, place + 1


def _unclosed(pattern: str) -> int:
    """Where the last bracket stands that nothing closes."""
    opened: list[int] = []
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif opened and pattern[opened[-1]] == "[":
            if sign == "]" and place > opened[-1] + 1:
                opened.pop()
        elif sign in "([":
            opened.append(place)
        elif sign == ")" and opened:
            opened.pop()
        place += 1
    return opened[-1] if opened else len(pattern) - 1
