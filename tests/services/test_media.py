"""The media store keeps bytes, not names: known by content, verified before they leave."""

from __future__ import annotations

import hashlib

import pytest

from smm_tui.domain.errors import DataError, InvalidInput
from tests.sandbox.support import MP4, png


def files(office) -> list[str]:
    return sorted(path.name for path in office.workspace.settings.paths.media.rglob("*") if path.is_file())


def test_a_file_is_stored_once_under_its_hash(office, tmp_path) -> None:
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(png(5, 7))
    one = office.workspace.media.add(tmp_path / "one.png", "first")
    two = office.workspace.media.add(tmp_path / "two.png", "second", position=1)
    assert one.sha256 == two.sha256 == hashlib.sha256(png(5, 7)).hexdigest()
    assert (one.alt, two.alt, two.position) == ("first", "second", 1)
    assert (one.width, one.height, one.mime, one.size) == (5, 7, "image/png", len(png(5, 7)))
    assert files(office) == [one.sha256]
    (tmp_path / "one.png").unlink()
    assert office.workspace.media.verified(one).path.read_bytes() == png(5, 7)


def test_a_video_is_known_by_its_bytes(office, tmp_path) -> None:
    (tmp_path / "clip.jpg").write_bytes(MP4)
    row = office.workspace.media.add(tmp_path / "clip.jpg")
    assert (row.mime, row.width) == ("video/mp4", None)


def test_a_changed_or_lost_file_is_never_sent(office, tmp_path) -> None:
    (tmp_path / "roll.png").write_bytes(png())
    row = office.workspace.media.add(tmp_path / "roll.png")
    stored = office.workspace.media.path(row.sha256)
    stored.write_bytes(png() + b"\0")
    with pytest.raises(DataError, match="damaged"):
        office.workspace.media.verified(row)
    stored.unlink()
    with pytest.raises(DataError, match="gone"):
        office.workspace.media.verified(row)
    office.workspace.media.add(tmp_path / "roll.png")
    assert office.workspace.media.verified(row).sha256 == row.sha256


def test_a_full_disk_leaves_nothing_half_written(office, tmp_path, monkeypatch) -> None:
    (tmp_path / "roll.png").write_bytes(png())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("smm_tui.services.media.shutil.copyfileobj", full)
    with pytest.raises(DataError, match="No space left"):
        office.workspace.media.add(tmp_path / "roll.png")
    assert files(office) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"<svg/>", "neither"), (png()[:50], "damaged"), (b"GIF89a" + b"\0" * 20, "damaged")],
)
def test_what_is_no_media_is_refused(office, tmp_path, content, words) -> None:
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        office.workspace.media.add(tmp_path / "x.png")
    assert files(office) == []


def test_the_worker_does_not_send_a_damaged_file(desk, tmp_path) -> None:
    (tmp_path / "roll.png").write_bytes(png())
    row = desk.workspace.media.add(tmp_path / "roll.png")
    post = desk.approved("Hello", seconds=60, media=((row.sha256, "A roll"),))
    desk.workspace.media.path(row.sha256).write_bytes(png(colour="blue"))
    desk.clock.turn(61)
    desk.work()
    assert desk.live() == {}
    assert set(desk.states(post).values()) == {"rejected"}
