"""Translation: every string a user sees passes through here.

Catalogues live in ``smm_tui/locale/<language>/LC_MESSAGES/smm_tui.mo``. `N_` marks a string in a declaration that is
built at import time; whoever shows it calls `_` on it, so that switching the language works at once.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "smm_tui"
LOCALE_DIR = Path(__file__).parent / "locale"

LANGUAGES = ("en", "hu")
"""What the interface speaks. English is what the messages are written in."""

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def language() -> str:
    """The language in use, as ``hu``."""
    return str(_catalogue.info().get("language", "en") or "en")


def use_language(language: str | None = None) -> None:
    """Switch to a language tag such as ``hu``; None takes it from the environment. Unknown: English."""
    global _catalogue  # the one process-wide setting: which language this user reads
    languages = [language] if language else None
    if not language and os.environ.get("LC_ALL", os.environ.get("LANG", "C")).startswith(("C", "POSIX")):
        languages = ["en"]
    _catalogue = gettext.translation(DOMAIN, LOCALE_DIR, languages, fallback=True)


def catalogue_of(language: str) -> gettext.NullTranslations:
    """The messages in another language than the user's, for what somebody else will read; unknown: English."""
    return gettext.translation(DOMAIN, LOCALE_DIR, [language or "en"], fallback=True)


def _(message: str) -> str:
    """The message in the user's language."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of a message that fits a count."""
    return _catalogue.ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Mark a message for extraction without translating it yet."""
    return message
