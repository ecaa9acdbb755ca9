"""JSON that servers might answer with: close to right, and not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["1", "0", "-1", "did:plc:ann", "at://did:plc:ann/app.bsky.feed.post/3k", "https://x.example/1"]),
)
anything: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def json_objects(keys: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these keys, at every depth."""
    inner = st.recursive(
        scalars,
        lambda deeper: st.lists(deeper, max_size=2) | st.dictionaries(st.sampled_from(keys), deeper, max_size=4),
        max_leaves=8,
    )
    return st.dictionaries(st.sampled_from(keys), inner, max_size=6)
