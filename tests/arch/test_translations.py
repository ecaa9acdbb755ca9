"""Every message is translated into every language of the interface, with the same placeholders."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from smm_tui.i18n import LANGUAGES
from tools.generate_docs import ROOT, catalogue_path

OTHERS = [language for language in LANGUAGES if language != "en"]


def messages(language: str) -> list[Message]:
    with (ROOT / catalogue_path(language)).open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    missing = [message.id for message in messages(language) if not all(forms(message.string))]
    assert not missing, f"{len(missing)} messages want a translation in {catalogue_path(language)}"
    assert not [message.id for message in messages(language) if message.fuzzy]


@pytest.mark.parametrize("language", OTHERS)
def test_translations_ask_for_nothing_that_is_not_there(language: str) -> None:
    wrong = []
    for message in messages(language):
        known = set().union(*(placeholders(form) for form in forms(message.id)))
        if message.id == "{day} {month_name}":  # a language may take the month's number instead
            known.add("month")
            wrong += [form for form in forms(message.string) if not placeholders(form) <= known]
            continue
        wrong += [form for form in forms(message.string) if not placeholders(form) <= known]
        if isinstance(message.id, str):
            wrong += [form for form in forms(message.string) if placeholders(form) != known]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_what_stands_around_a_message_stays(language: str) -> None:
    """Spaces at the ends, backquoted commands and option names are for programs."""
    for message in messages(language):
        for form in forms(message.string):
            first = forms(message.id)[0]
            assert (form[:1] == " ", form[-1:] == " ") == (first[:1] == " ", first[-1:] == " "), form
            assert sorted(re.findall(r"(?<![\w-])--[a-z-]+", form)) == sorted(
                re.findall(r"(?<![\w-])--[a-z-]+", first)
            ), form
