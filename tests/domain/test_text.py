"""Lengths as the networks count them, and what is found inside a text."""

from __future__ import annotations

import time

import pytest
import regex
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.text import (
    COUNTERS,
    Span,
    byte_span,
    find_handles,
    find_hashtags,
    find_links,
    find_mentions,
    graphemes,
    iter_graphemes,
    utf8_length,
)

from .strategies import wild

mastodon = COUNTERS["mastodon"]

# Characters whose grapheme rules have not changed for years: both tables must agree on them.
settled = st.lists(
    st.sampled_from(
        [
            "a",
            "ő",
            "e\u0301",
            "日",
            "각",
            "\u1112\u1161\u11ab",
            "👨‍👩‍👧",
            "🇭🇺",
            "👍🏽",
            "❤️",
            "\r\n",
            "\n",
            "\u0301",
            "\u200d",
            "1️⃣",
            "ก็",
            "नि",
        ]
    )
    | st.text(st.characters(max_codepoint=0x24F), max_size=3)
).map("".join)


@given(settled)
def test_graphemes_agree_with_an_independent_segmenter(text: str) -> None:
    oracle = list(wcwidth.iter_graphemes(text))
    assert graphemes(text) == oracle
    assert list(iter_graphemes(text)) == oracle
    assert COUNTERS["graphemes"](text) == len(oracle)


def test_characters_that_stand_alone_do_so_beside_all_their_like() -> None:
    alone = [
        chr(code)
        for first, last in ((0x80, 0x2FF), (0x370, 0x482), (0x2010, 0x2027))
        for code in range(first, last + 1)
    ]
    text = "".join(alone)
    assert graphemes(text) == regex.findall(r"\X", text) == alone
    assert graphemes(text + "\r\n") == [*alone, "\r\n"]


@given(wild)
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text
    assert COUNTERS["graphemes"](text) == len(graphemes(text)) <= COUNTERS["codepoints"](text) == len(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Jó reggelt!", 11),
        ("👨‍👩‍👧‍👦🇭🇺e\u0301\r\n", 4),
        ("https://example.com/" + "a" * 200, 23),
        ("http://a.hu", 23),
        ("lásd: https://péksütemény.hu:8443/út?q=ő#hash.", 6 + 23 + 1),
        ("(https://hu.wikipedia.org/wiki/Alma_(gyümölcs))", 25),
        ("https://example.com?a=b&c", 23),
        ("example.com/" + "a" * 50, 62),                   # no scheme, no fixed price
        ("http://localhost/" + "a" * 30, 47),              # no domain, no link
        ("xhttps://example.com/" + "a" * 30, 51),          # glued to a word
        ("https://a.hu/b https://a.hu/c", 47),
        ("szia @bob@mastodon.social!", 10),
        ("@bob @bob@a.b.", 4 + 1 + 4 + 1),
        ("bob@mastodon.social", 19),                       # an address, not a mention
        ("https://mastodon.social/@bob@other.social", 23),
        ("@a@b@c", 6),
    ],
)  # fmt: skip
def test_mastodon_length(text: str, length: int) -> None:
    assert mastodon(text) == length


@given(st.lists(st.sampled_from(["szó", "ő́", "👨‍👩‍👧", "a.b", "7"]), min_size=1), st.integers(1, 60))
def test_a_link_costs_23_whatever_its_length(words: list[str], length: int) -> None:
    text = " ".join(words)
    assert mastodon(f"{text} https://example.org/{'y' * length} {text}") == 2 * len(graphemes(text)) + 25


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.com.", ["https://example.com"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
        ("https://en.wikipedia.org/wiki/Foo_(bar)!", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
        ("“https://a.hu/x”, 'http://b.hu'", ["https://a.hu/x", "http://b.hu"]),
        ("https://árvíz.hu:8080/ő?x=[1]#y", ["https://árvíz.hu:8080/ő?x=[1]#y"]),
        ("HTTPS://A.HU/B", ["HTTPS://A.HU/B"]),
        ("http://127.0.0.1:2583/x http://[::1]:80/", ["http://127.0.0.1:2583/x", "http://[::1]:80/"]),
        ("看https://a.hu/次。次", []),
        ("https://a.hu/x。次", ["https://a.hu/x"]),
        ("example.com www.example.com ftp://a.hu https:// https://... http://.", []),
        ("https://a.hu/\u200bx https://a.hu/\x1b[0m", ["https://a.hu/", "https://a.hu/"]),
    ],
)
def test_links(text: str, links: list[str]) -> None:
    found = find_links(text)
    assert [span.value for span in found] == links
    assert [text[span.start : span.end] for span in found] == links


def test_mentions_handles_and_hashtags_keep_out_of_links() -> None:
    text = (
        "https://a.hu/@x/#tag @bob (@alice.bsky.social) @eve@b.social. a@b.hu @ @me@c.d@e #Őszi_nyár #2026 #a1 x#no"
    )
    assert [span.value for span in find_mentions(text)] == ["bob", "alice.bsky.social", "eve@b.social"]
    assert [span.value for span in find_handles(text)] == ["alice.bsky.social"]
    assert [span.value for span in find_hashtags(text)] == ["Őszi_nyár", "a1"]
    assert find_mentions("@a") == [Span(0, 2, "a")]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#árvíztűrő, #TÜKÖRFÚRÓGÉP!", ["árvíztűrő", "TÜKÖRFÚRÓGÉP"]),
        ("#e\u0301cole", ["e\u0301cole"]),
        ("＃日本語 #한국어", ["日本語", "한국어"]),
        ("#a-b ##c #_ #1_2 /#d #" + "x" * 65, ["a"]),
        ("(#a) #a#b", ["a", "a"]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert [span.value for span in find_hashtags(text)] == tags


@given(wild)
def test_spans_lie_in_the_text_and_apart(text: str) -> None:
    for find in (find_links, find_mentions, find_hashtags):
        end = 0
        for span in find(text):
            assert end <= span.start < span.end <= len(text)
            assert text[span.start : span.end].endswith(span.value)
            end = span.end


@given(wild.map(lambda text: text.replace("\ud800", "?").encode(errors="replace").decode()), st.data())
def test_byte_spans_cut_the_same_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = byte_span(text, start, end)
    assert text.encode()[first:last].decode() == text[start:end]
    assert utf8_length(text) == len(text.encode())


@pytest.mark.parametrize(
    "piece",
    ["a.", "(", "(a", "(a)", "@a", ".", "a-", "#", "https://", "?.", ")", "@a@b", "\u0301", "#a ", "https://a.hu "],
)
def test_hostile_texts_take_no_more_than_their_length(piece: str) -> None:
    text = "https://a.hu/" + piece * (20_000 // len(piece))
    begun = time.thread_time()
    mastodon(text)
    for find in (find_links, find_handles, find_hashtags):
        find(text)
    assert time.thread_time() - begun < 5  # quadratic behaviour took minutes


@given(wild)
def test_utf16_counts_code_units(text: str) -> None:
    assert COUNTERS["utf16"](text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
