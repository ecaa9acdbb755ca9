"""Many rules at once over one message.

Words and regular expressions of all rules are looked for together; a rule is only looked at when one of its own is
there, or when it asks for neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rules.conditions import Condition
from smm_tui.domain.rules.facts import Facts
from smm_tui.domain.rules.hosts import is_below, pretends
from smm_tui.domain.rules.outcomes import Outcome
from smm_tui.domain.rules.patterns import Patterns
from smm_tui.domain.rules.words import Vocabulary, languages_of
from smm_tui.i18n import _, ngettext

_OF_LINKS = ("links", "domain", "lookalike")
SHOWN = 60
"""Characters of one reason."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it asks, and what it does."""

    id: int
    conditions: tuple[Condition, ...]
    outcomes: tuple[Outcome, ...] = ()


class Hit(NamedTuple):
    """A rule that applies, and why: the words that made it."""

    rule_id: int
    why: str


class Ruleset:
    """Rules made ready once for any number of messages."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._phrases: dict[str, int] = {}
        patterns: dict[str, int] = {}
        anchored: dict[tuple[str, int], list[int]] = {}
        self._free: list[int] = []
        self._linked: list[int] = []
        for place, rule in enumerate(self.rules):
            anchors: list[tuple[str, int]] = []
            for condition in rule.conditions:
                numbers = {"word": self._phrases, "regex": patterns}.get(condition.name)
                if numbers is not None:
                    keys = [(condition.name, numbers.setdefault(v, len(numbers))) for v in condition.values]
                    anchors = anchors or keys
            for key in anchors:
                anchored.setdefault(key, []).append(place)
            if not anchors:
                linked = any(condition.name in _OF_LINKS for condition in rule.conditions)
                (self._linked if linked else self._free).append(place)
        self._anchored = anchored
        self._pattern_numbers = patterns
        self._patterns = Patterns(list(patterns)) if patterns else None
        self._vocabularies: dict[tuple[str, ...], Vocabulary] = {}

    def hits(self, facts: Facts) -> list[Hit]:
        """The rules that apply to a message, in their order."""
        found: dict[tuple[str, int], str] = {}
        if self._phrases:
            for number, text in self._vocabulary(facts).find(facts.folded):
                found.setdefault(("word", number), text)
        if self._patterns is not None:
            for number, text in self._patterns.find(facts.visible):
                found.setdefault(("regex", number), text)
        places = self._free
        linked = self._linked if self._linked and facts.hosts else ()
        if found or linked:
            places = sorted({*places, *linked, *(place for key in found for place in self._anchored.get(key, ()))})
        hits = []
        for place in places:
            reasons = self._reasons(self.rules[place], facts, found)
            if reasons is not None:
                hits.append(Hit(self.rules[place].id, ", ".join(reasons)))
        return hits

    @property
    def window(self) -> Instant:
        """The longest time within which a rule counts repeats; 0: none does."""
        return max((c.within for rule in self.rules for c in rule.conditions if c.name == "repeats"), default=0)

    def _vocabulary(self, facts: Facts) -> Vocabulary:
        languages = languages_of(facts.language, facts.project_language)
        if languages not in self._vocabularies:
            self._vocabularies[languages] = Vocabulary(list(self._phrases), languages)
        return self._vocabularies[languages]

    def _reasons(self, rule: Rule, facts: Facts, found: Mapping[tuple[str, int], str]) -> list[str] | None:
        """Why each condition holds; None when one does not."""
        reasons = []
        for condition in rule.conditions:
            if condition.name in ("word", "regex"):
                numbers = self._phrases if condition.name == "word" else self._pattern_numbers
                texts = [found.get((condition.name, numbers[value])) for value in condition.values]
                reason = "“" + ", ".join(_short(text) for text in dict.fromkeys(texts) if text is not None) + "”"
                if not any(text is not None for text in texts):
                    return None
            else:
                reason = _TESTS[condition.name](condition, facts)
            if not reason:
                return None
            reasons.append(reason)
        return reasons


def _short(text: str) -> str:
    return clip(inert(text), SHOWN)


def _links(condition: Condition, facts: Facts) -> str:
    count = len(facts.hosts)
    return links_told(count) if count >= condition.at_least else ""


def links_told(count: int) -> str:
    """So many links, in words."""
    return ngettext("{count} link", "{count} links", count).format(count=count)


def _domain(condition: Condition, facts: Facts) -> str:
    return next((_short(h) for h in facts.hosts if any(is_below(h, value) for value in condition.values)), "")


def _lookalike(condition: Condition, facts: Facts) -> str:
    for host in facts.hosts:
        other = pretends(host, condition.values)
        if other:
            if other == host:
                return _("{host} mixes scripts").format(host=_short(host))
            return _("{host} looks like {other}").format(host=_short(host), other=other)
    return ""


def _caps(condition: Condition, facts: Facts) -> str:
    return _("{percent}% capitals").format(percent=facts.caps) if facts.caps >= condition.at_least else ""


def _emoji(condition: Condition, facts: Facts) -> str:
    return _("{count} emoji").format(count=facts.emoji) if facts.emoji >= condition.at_least else ""


def _repeats(condition: Condition, facts: Facts) -> str:
    count = facts.repeats(condition.by, condition.within)
    if count < condition.at_least:
        return ""
    if condition.by == "author":
        return _("said {count} times").format(count=count)
    return _("said by {count} people").format(count=count)


def _author(condition: Condition, facts: Facts) -> str:
    if facts.new_author is None or facts.new_author != (condition.values[0] == "new"):
        return ""
    return _("new author") if facts.new_author else _("known author")


def _language(condition: Condition, facts: Facts) -> str:
    code = facts.language.partition("-")[0].lower()
    return _short(code) if code in condition.values else ""


def _kind(condition: Condition, facts: Facts) -> str:
    return facts.kind if facts.kind in condition.values else ""


def _account(condition: Condition, facts: Facts) -> str:
    return next((_short(name) for name in facts.account if name in condition.values), "")


def _spam(condition: Condition, facts: Facts) -> str:
    if facts.spam is None or facts.spam * 100 < condition.at_least:
        return ""
    return _("spam {percent}%").format(percent=int(facts.spam * 100))


_TESTS: Mapping[str, Callable[[Condition, Facts], str]] = {
    "links": _links,
    "domain": _domain,
    "lookalike": _lookalike,
    "caps": _caps,
    "emoji": _emoji,
    "repeats": _repeats,
    "author": _author,
    "language": _language,
    "kind": _kind,
    "account": _account,
    "spam": _spam,
}
