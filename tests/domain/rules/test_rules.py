"""What a rule asks and does, and what it finds in the texts of people who do not want to be found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.rules import conditions, outcomes
from smm_tui.domain.rules.conditions import Condition
from smm_tui.domain.rules.facts import Facts, Recent
from smm_tui.domain.rules.folding import fold, same_text, skeleton, visible
from smm_tui.domain.rules.hosts import hosts_of
from smm_tui.domain.rules.matcher import Rule, Ruleset
from smm_tui.domain.rules.outcomes import Outcome


def why(condition: str, text: str, **facts) -> str | None:
    """Why a rule with this one condition applies, or None."""
    hits = Ruleset([Rule(1, (conditions.parse(condition),))]).hits(Facts(text, project_language="hu", **facts))
    return hits[0].why if hits else None


@pytest.mark.parametrize(
    "text",
    [
        "INGYEN!",
        "1ngy3n",
        "i.n.g.y.e.n",
        "in*gyen",
        "i n g y e n",
        "ez a  i n g y e n  most",
        "\u0456ng\u0443\u0435n",  # Cyrillic letters among Latin ones
        "\uff49\uff4e\uff47\uff59\uff45\uff4e",
        "\U0001f178\U0001f17d\U0001f176\U0001f188\U0001f174\U0001f17d",
        "\u026a\u0274\u0262\u028f\u1d07\u0274",
        "ingyeeeeeen",
        "iinnggyyeenn",
        "in\u200bgy\u00aden",
        "in\0gyen",
        "in\u202egyen",
        "i\u0337\u0301\u0302n\u0337g\u0337y\u0337e\u0337n\u0337",
        "(#ingyen)",
    ],
)
def test_a_masked_word_is_found(text: str) -> None:
    assert why("word ingyen", text) is not None


@pytest.mark.parametrize("text", ["", "ing", "vigyen", "az ing yen", "1984", "!!!", "10 000 ft"])
def test_another_word_is_not(text: str) -> None:
    assert why("word ingyen", text) is None


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        ("nyeremény", "A nyereményt vedd át", "hu"),
        ("nyeremény", "nyereményekből", "hu"),
        ("nyeremény", "nyeremenyekbol", "hu"),
        ("nyereményekről", "a nyeremények", "hu"),
        ("csaló", "Csalóknak nem", "hu"),
        ("kattint", "kattintok", "hu"),
        ("kattints", "kattintsatok", "hu"),
        ("nyertél", "nyertetek, nyerjetek", "hu"),
        ("nyer", "NYERTEL", "hu"),
        ("winner", "many winners", "en"),
        ("Gewinn", "die Gewinne", "de"),
        ("ставка", "делай ставки", "ru"),
        ("ставка", "делай cтaвки", "ru"),
    ],
)
def test_a_word_is_found_in_its_inflected_forms(word: str, text: str, language: str) -> None:
    ruleset = Ruleset([Rule(1, (conditions.parse(f"word {word}"),))])
    assert ruleset.hits(Facts(text, language=language))


def test_phrases_and_beginnings() -> None:
    assert why("word nyerj most", "Hát nyerj,  MOST! azonnal") == "“nyerj, most!”"
    assert why("word nyerj most", "nyerj nem most") is None
    assert why("word nyerj most", "most nyerj") is None
    assert why("word nyerem*", "nyereményjáték") == "“nyereményjáték”"
    assert why("word nyereményjáték, ingyen", "valami ingyen") == "“ingyen”"


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("http://bit.ly/x és https://Example.HU", ["bit.ly", "example.hu"]),
        ("hxxps://bit[.]ly/a", ["bit.ly"]),
        ("lásd bit.ly/abc, www.akarmi.de", ["bit.ly", "www.akarmi.de"]),
        ("elfelejtettem.de mindegy.Jó", []),
        ("http://bank.hu@evil.ru/", ["evil.ru"]),
        ("info@example.hu", []),
        ("https://xn--tp-emc.hu", ["\u043etp.hu"]),
        ("http://" + "a." * 5000, []),
        ("http://[::1]/", []),
    ],
)
def test_where_links_lead(text: str, hosts: list[str]) -> None:
    assert hosts_of(fold(text)) == hosts


@pytest.mark.parametrize(
    "link",
    [
        "http://0tp.hu",
        "http://otp.hu.evil.ru/",
        "https://\u043etp.hu",
        "https://xn--tp-emc.hu",
        "http://otp-hu.com",
        "http://faceb00k.com",
        "http://facebok.com",
        "http://faecbook.com",
        "http://facebook.tk",
        "http://rnagyar.hu",
    ],
)
def test_a_link_that_pretends_is_seen(link: str) -> None:
    assert why("lookalike otp.hu, facebook.com, magyar.hu", link) is not None


def test_an_honest_link_does_not_pretend() -> None:
    for link in (
        "https://otp.hu",
        "https://ib.otp.hu/x",
        "https://www.facebook.com",
        "https://index.hu",
        "http://opt.hu.hu",
    ):
        assert why("lookalike otp.hu, facebook.com", link) is None
    assert why("lookalike", "https://otp.hu") is None
    assert why("lookalike", "https://\u043etp.hu") is not None
    assert why("domain bit.ly", "http://notbit.ly") is None


def test_the_other_questions() -> None:
    assert why("links >= 2", "a.com b.hu") == "2 links"
    assert why("links >= 3", "a.com b.hu") is None
    assert why("caps >= 60%", "VEGYÉL MOST ilyet") == "66% capitals"
    assert why("caps >= 10%", "OK") is None
    assert why("emoji >= 3", "👨‍👩‍👧👍🏽🇭🇺") == "3 emoji"
    assert why("emoji >= 4", "👨‍👩‍👧👍🏽🇭🇺 ©") is None
    assert why("author new", "x", new_author=True) == "new author"
    assert why("author new", "x", new_author=None) is None
    assert why("author known", "x", new_author=False) == "known author"
    assert why("language hu", "x", language="hu-HU") == "hu"
    assert why("language hu", "x") is None
    assert why("kind mention", "x", kind="mention") == "mention"
    assert why("kind mention", "x") is None
    assert why("account Bakery@social.example", "x", account=("7", "bakery@social.example")) is not None
    assert why("account 8", "x", account=("7", "bakery@social.example")) is None
    assert why("regex cs[ao]k \\d+", "CSAK 12 nap") == "“CSAK 12”"
    assert why("regex \\Qa.b\\E", "xa.bx") == "“a.b”"
    assert why("spam >= 50%", "x") is None


def test_all_conditions_must_hold() -> None:
    rule = Rule(1, conditions.parse_all(["word ingyen", "links >= 1", "regex most"]))
    ruleset = Ruleset([rule, Rule(2, conditions.parse_all(["regex most"]))])
    assert [hit.rule_id for hit in ruleset.hits(Facts("ingyen most a.com"))] == [1, 2]
    assert [hit.rule_id for hit in ruleset.hits(Facts("ingyen most"))] == [2]
    assert ruleset.hits(Facts("ingyen a.com")) == []


def test_repeats_are_counted_by_author_and_by_people() -> None:
    recent = Recent()
    says = same_text(fold("Vedd meg!"))
    assert says == same_text(fold("VEDD… meg"))
    for message, author in ((1, 7), (2, 7), (3, 8)):
        recent.add(says, message * MINUTE, message, author)
    assert recent.count(says, 4 * MINUTE, 4, 7, "author", HOUR) == 3
    assert recent.count(says, 4 * MINUTE, 4, 9, "authors", HOUR) == 3
    assert recent.count(says, 4 * MINUTE, 4, 7, "author", MINUTE) == 1
    assert recent.count(says, 2 * MINUTE, 2, 7, "author", HOUR) == 2  # what came later is not known yet
    assert recent.count("else", 4 * MINUTE, 4, 7, "author", HOUR) == 1


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("(abc", 1),
        ("a**", 2),
        ("*a", 1),
        ("a)", 2),
        ("xy[a", 3),
        ("x\\", 2),
        ("a(?<=a)b", 2),
        ("é(ű*+", 4),
        ("a\\1", 2),
        ("x{1001}", 2),
        ("(ab[)]", 1),
        ("\ud800", 1),
    ],
)
def test_a_wrong_pattern_is_refused_with_the_place(pattern: str, place: int) -> None:
    with pytest.raises(InvalidInput, match=rf"at character {place}|cannot be|no condition"):
        conditions.parse(f"regex {pattern}")


def test_patterns_that_hang_others_do_not_hang() -> None:
    ruleset = Ruleset([Rule(n, (conditions.parse(f"regex (a+)+{n}$|(a|aa)+{n}$"),)) for n in range(50)])
    started = time.thread_time()
    assert ruleset.hits(Facts("a" * 100_000 + "!")) == []
    assert time.thread_time() - started < 5


EVERYTHING = Ruleset(
    [
        Rule(number, (conditions.parse(text),))
        for number, text in enumerate(
            [
                "word ingyen, nyerj most, kasz*",
                "regex free+",
                "links >= 2",
                "domain bit.ly",
                "lookalike otp.hu",
                "lookalike",
                "caps >= 70%",
                "emoji >= 5",
                "author new",
                "language hu",
                "kind comment",
            ]
        )
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "a " * 50_000,
        "a.b" * 33_000,
        "http://" * 15_000,
        "x@" * 50_000,
        "\u0301\u0316" * 50_000,
        "e" + "\u0316\u0301" * 50_000,
        "\0" * 100_000,
        "\u202e" * 100_000,
        "👍" * 100_000,
        "👨\u200d" * 50_000,
        "🇭" * 100_000,
        "1" * 100_000,
        "(" * 100_000,
        "[.]" * 33_000,
        "- " * 50_000,
        "xn--" * 25_000 + ".hu",
        "a-" * 50_000,
        "\ud800" * 100_000,
        "а" * 100_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.thread_time()
    EVERYTHING.hits(Facts(text, language="hu"))
    assert time.thread_time() - started < 3


@given(st.text(st.characters(codec=None)))
def test_any_text_is_read(text: str) -> None:
    EVERYTHING.hits(Facts(text))
    assert fold(fold(text)) == fold(text) or not text.isascii()
    assert "\u200b" not in visible(text)
    skeleton(fold(text))


WORDS = st.text("abcdefgáéíóöőúüű", min_size=2, max_size=12)
DOMAINS = st.sampled_from(["bit.ly", "example.hu", "a-b.co.uk", "\u043etp.hu"])
CONDITIONS = st.one_of(
    st.builds(lambda v: f"word {', '.join(v)}", st.lists(st.one_of(WORDS, WORDS.map(lambda w: w + "*")), min_size=1)),
    st.builds(lambda v: f"word {' '.join(v)}", st.lists(WORDS, min_size=1, max_size=4)),
    st.sampled_from(["regex a.c", "regex  [a,b]+ x", "regex >= 3", "regex word"]),
    st.builds(lambda n, c: f"{n} >= {c}", st.sampled_from(conditions.COUNTS), st.integers(1, 999)),
    st.builds(lambda n, c: f"{n} >= {c} %", st.sampled_from(conditions.SHARES), st.integers(1, 100)),
    st.builds(
        lambda n, by, w, u: f"repeats >= {n} by {by} within {w}{u}",
        st.integers(2, 99),
        st.sampled_from(conditions.REPEATERS),
        st.integers(1, 7),
        st.sampled_from("dhm"),
    ),
    st.builds(
        lambda n, v: f"{n} {','.join(v)}", st.sampled_from(["domain", "lookalike"]), st.lists(DOMAINS, min_size=1)
    ),
    st.sampled_from(
        ["lookalike", "author new", "author known", "language hu, en-GB", "kind comment", "account @A@b.c, 7"]
    ),
)


@given(CONDITIONS)
def test_a_condition_survives_its_text_and_its_json(text: str) -> None:
    condition = conditions.parse(text)
    assert conditions.parse(str(condition)) == condition
    assert conditions.from_json(condition.json()) == condition


@given(st.sampled_from(outcomes.NAMES), st.text("abc xyz", max_size=20))
def test_an_outcome_survives_its_text_and_its_json(name: str, value: str) -> None:
    try:
        outcome = outcomes.parse(f"{name} {value}")
    except InvalidInput:
        assert bool(value.strip()) != (name in outcomes.WITH_VALUE)
        return
    assert outcomes.parse(str(outcome)) == outcome
    assert outcomes.from_json(outcome.json()) == outcome


@given(st.text())
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    told = []
    for parse in (conditions.parse, outcomes.parse):
        try:
            parse(text)
        except InvalidInput as error:
            told.append(error.message)
    assert all(told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "word",
        "word ,",
        "word a",
        "links",
        "links > 3",
        "links >= 0",
        "caps >= 70",
        "caps >= 101%",
        "spam >= 0%",
        "author",
        "author old",
        "kind x",
        "repeats >= 1 by author within 1h",
        "repeats >= 3 by me within 1h",
        "repeats >= 3 by author within 8d",
        "language 7",
        "domain :",
        "regex",
        "regex a*",
        "word in\u202egyen",
        "nope x",
    ],
)
def test_conditions_that_make_no_sense(text: str) -> None:
    with pytest.raises(InvalidInput):
        conditions.parse(text)


def test_a_rule_settles_a_message_in_one_way() -> None:
    assert outcomes.parse_all(["hide", "label spam", "hide"]) == (Outcome("hide"), Outcome("label", "spam"))
    for wrong in ([], ["hide", "close"], ["label"], ["hide now"], ["explode"]):
        with pytest.raises(InvalidInput):
            outcomes.parse_all(wrong)


def test_the_window_is_the_longest() -> None:
    texts = ("repeats >= 2 by author within 2d", "repeats >= 2 by authors within 1h")
    assert Ruleset([Rule(n, (conditions.parse(text),)) for n, text in enumerate(texts)]).window == 2 * DAY
    assert Ruleset([]).window == 0
    assert isinstance(conditions.parse(texts[0]), Condition)
