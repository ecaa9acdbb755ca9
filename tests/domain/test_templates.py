"""Templates: variables are known or refused, and what they stand for is never read again."""

from __future__ import annotations

import pytest

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.templates import VARIABLES, check, rendered


def test_variables_are_filled_in_once() -> None:
    assert rendered("{client} on {date}", {"client": "{date}", "date": "5 October"}) == "{date} on 5 October"


def test_a_line_of_nothing_but_an_empty_variable_goes() -> None:
    assert rendered("Open today\n{holiday}\n\nSee {link}", {}) == "Open today\n\nSee"


@pytest.mark.parametrize("text", ["{}", "{price}", "{Client}", "{ client }", "{client.__class__}", "{0}"])
def test_an_unknown_variable_is_named(text: str) -> None:
    for call in (lambda: check(text), lambda: rendered(text, dict.fromkeys(VARIABLES, "x"))):
        with pytest.raises(InvalidInput) as refused:
            call()
        assert text in refused.value.message
        assert "{client}" in refused.value.hint


@pytest.mark.parametrize("text", ["no variable", "{", "}{", "a } b {", ""])
def test_braces_alone_are_text(text: str) -> None:
    assert rendered(text, {}) == text
