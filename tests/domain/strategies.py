"""Texts as wild as the world sends them."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "szó", "árvíztűrő", "A.", "Kész!", "など。", " ", "  ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "x" * 30,
    "👨‍👩‍👧‍👦", "🇭🇺", "❤️", "👍🏽",
    "e\u0301", "\u0301" * 6, "\u200b", "\u200d", "\ufe0f", "\u202e", "\u2066", "\x1b[31m",
    "\x9b", "각",
    "\u1112\u1161\u11ab", "https://example.com/a_(b)?q=1", "(https://példa.hu)", "http://localhost:1/", "https://",
    "@bob", "@bob@host.social", "@name.bsky.social", "#őszi", "#123", "#", "@", "\ud800", "[b]", "\u3164",
)  # fmt: skip

characters = st.characters() | st.sampled_from("\ud800\udfff\u0000\u0085\u2028")
wild = st.lists(st.sampled_from(PIECES) | st.text(characters, max_size=4), max_size=40).map("".join)
