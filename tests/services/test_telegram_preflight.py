"""What preflight says of a post for Telegram: captions, files side by side, descriptions that have no place."""

from __future__ import annotations

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import MediaRow
from smm_tui.services import preflight
from smm_tui.services.preflight import Content


def account(network: str = "telegram") -> AccountRow:
    return AccountRow(
        1,
        1,
        "Bakery",
        network,
        "https://x.example",
        "@bakery",
        "-100",
        "",
        "",
        "",
        {},
        [],
        "ok",
        "",
        None,
        None,
        None,
        1,
    )


def file(mime: str = "image/png", *, alt: str = "", position: int = 0, size: int = 1000) -> MediaRow:
    return MediaRow(position, "0" * 64, alt, mime, size, 8, 8, f"{position}.bin")


def problems(content: Content) -> list[tuple[str, bool]]:
    return [(problem.field, problem.blocking) for problem in preflight.check([account()], content)]


def test_a_text_may_be_longer_than_a_caption() -> None:
    text = "a" * 1500
    assert preflight.measure(account(), Content(text)).parts == (text,)
    assert len(preflight.measure(account(), Content(text, [file()])).parts) == 2
    words = "word " * 1000
    alone = preflight.measure(account(), Content(words))
    with_picture = preflight.measure(account(), Content(words, [file()]))
    assert (alone.limit, with_picture.limit) == (4096, 1024)
    assert len(with_picture.parts[0]) <= 1024 < len(with_picture.parts[1])


def test_emoji_count_as_telegram_counts_them() -> None:
    assert len(preflight.measure(account(), Content("🥐" * 2048)).parts) == 1
    assert len(preflight.measure(account(), Content("🥐 " * 1400)).parts) == 2


def test_a_warning_takes_its_room() -> None:
    assert preflight.measure(account(), Content("x", [file()], "food")).limit == 1024 - len("CW: food")


def test_pictures_and_videos_stand_side_by_side() -> None:
    mixed = [file("video/mp4", position=0), file(position=1), file("video/mp4", position=2)]
    assert problems(Content("x", mixed)) == []
    assert problems(Content("x", [file(position=index) for index in range(10)])) == []
    assert problems(Content("x", [file(position=index) for index in range(11)])) == [("media", True)]
    many = [file("video/mp4" if index % 2 else "image/png", position=index) for index in range(11)]
    assert problems(Content("x", many)) == [("media", True)]


def test_sizes_and_kinds() -> None:
    assert problems(Content("x", [file(size=10_000_001)])) == [("media[0]", True)]
    assert problems(Content("x", [file("video/mp4", size=50_000_001)])) == [("media[0]", True)]
    assert problems(Content("x", [file("image/gif")])) == [("media[0]", True)]


def test_descriptions_are_left_out_aloud_however_long() -> None:
    assert problems(Content("x", [file(alt="A loaf" * 1000)])) == [("media[0]", False)]
    assert problems(Content("x", [file()])) == []
