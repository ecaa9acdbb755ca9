"""What leaves with a picture: its pixels, and nothing about who took it where."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from smm_tui.domain.errors import Rejected
from smm_tui.networks.bluesky.images import cleaned

from .support import picture

MAKE, ORIENTATION, GPS = 0x010F, 0x0112, 0x8825
EXIF = {MAKE: "Secret Camera", GPS: {1: "N", 2: (47.0, 29.0, 33.0)}}


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_goes_and_pixels_stay(tmp_path: Path, kind: str) -> None:
    data = picture(tmp_path, kind, (7, 5), exif=EXIF).path.read_bytes()
    assert b"Secret Camera" in data
    clean, width, height = cleaned(data)
    assert b"Secret Camera" not in clean
    assert (width, height) == (7, 5)
    assert pixels(clean) == pixels(data)
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif()
    assert cleaned(clean)[0] == clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_turned_for_good(tmp_path: Path, kind: str) -> None:
    data = picture(tmp_path, kind, (7, 5), exif={**EXIF, ORIENTATION: 6}).path.read_bytes()
    clean, width, height = cleaned(data)
    assert (width, height) == (5, 7)
    with Image.open(io.BytesIO(clean)) as image:
        assert image.size == (5, 7)
        assert not image.getexif()
    assert b"Secret Camera" not in clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_colour_profile_stays(tmp_path: Path, kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clean, _width, _height = cleaned(picture(tmp_path, kind, icc_profile=profile).path.read_bytes())
    with Image.open(io.BytesIO(clean)) as image:
        assert image.info["icc_profile"] == profile


def test_comments_and_texts_go(tmp_path: Path) -> None:
    jpeg = picture(tmp_path, "JPEG", comment=b"by Secret Ann", progressive=True).path.read_bytes()
    assert b"Secret" not in cleaned(jpeg)[0]
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Secret Ann")
    texts.add_itxt("Where", "Secret place")
    png = picture(tmp_path, "PNG", pnginfo=texts).path.read_bytes()
    assert b"Secret" not in cleaned(png)[0]


def test_what_phones_hide_behind_the_end_goes(tmp_path: Path) -> None:
    for progressive in (False, True):
        data = picture(tmp_path, "JPEG", (64, 64), progressive=progressive).path.read_bytes()
        assert cleaned(data + b"ftypmp42 Secret film")[0] == cleaned(data)[0]


def test_a_gif_stays_as_it_is(tmp_path: Path) -> None:
    data = picture(tmp_path, "GIF").path.read_bytes()
    assert cleaned(data) == (data, 6, 4)


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        cleaned(data)
    assert caught.value.field == "media"


@given(kind=st.sampled_from(["JPEG", "PNG", "WEBP"]), cut=st.integers(0, 300), flip=st.integers(0, 300))
def test_a_damaged_picture_is_cleaned_or_refused(kind: str, cut: int, flip: int) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9), "peru").save(buffer, kind)
    data = bytearray(buffer.getvalue())
    data[flip % len(data)] ^= 0xFF
    try:
        cleaned(bytes(data[: len(data) - cut % len(data)]))
    except Rejected as error:
        assert error.field == "media"  # noqa: PT017
