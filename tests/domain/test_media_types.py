"""What a file is, whatever it is called."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from smm_tui.domain.media_types import HEAD_BYTES, extension, sniff


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_real_pictures(name: str) -> None:
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, name)
    assert sniff(file.getvalue()[:HEAD_BYTES]) == f"image/{name.lower()}"


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"),
        (b"\x00\x00\x00\x14ftypJUNK\x00\x00\x00\x00JUNKisom", None),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_heads(head: bytes, mime: str | None) -> None:
    assert sniff(head) == mime


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x00\x00\x00\x18ftyp", b"\x1a\x45\xdf\xa3", b"RIFF"]))
def test_any_bytes_are_answered(tail: bytes, start: bytes) -> None:
    mime = sniff(start + tail)
    assert mime is None or extension(mime).startswith(".")


def test_unknown_types_have_no_ending() -> None:
    assert extension("text/html") == ""
    assert extension("image/jpeg") == ".jpg"
