"""The page for people without a terminal: all inside, nothing runs, nothing of it is ours alone."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from smm_tui.networks.ports import LinkCard, Poll
from smm_tui.services.extras import Extras
from tests.sandbox.support import png
from tests.services.test_plan import MONTH, make_planning

HOSTILE = '</div><script>alert(1)</script>\n<img src=x onerror="x">&amp;\u202eevil\u200b\x1b[31m"\' javascript:x'


class Tags(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def planning(tmp_path):
    made = make_planning(tmp_path / "data")
    yield made
    made.office.workspace.close()


def test_the_page_holds_everything_and_runs_nothing(planning, tmp_path) -> None:
    office = planning.office
    (tmp_path / "big.png").write_bytes(png(width=1600, height=400))
    stored = office.workspace.media.add(tmp_path / "big.png")
    mastodon, _bluesky = office.accounts
    text = HOSTILE.replace("\x1b", "")  # no post may hold a control character
    post = office.add(
        text,
        "2026-12-01 09:00",
        variants={mastodon: "Own words"},
        media=((stored.sha256, 'A "big" <roll>'),),
        content_warning="<b>flour</b>",
        accounts=(mastodon,),
        extras=Extras(Poll(("<i>", "no"), 3600), LinkCard("https://a.example/?a&b", "<u>"), "<first>"),
    )
    office.add("Second", "2026-12-08 18:30", content_type="selling", accounts=(mastodon,), extras=Extras())
    office.workspace.reviews.comment(post, "Only for us")
    office.workspace.reviews.comment(post, "For <em>you</em>", "client")
    page = planning.export("html")
    seen = Tags(page)
    names = {tag for tag, _attributes in seen.tags}
    assert not names & {"script", "a", "link", "iframe", "object", "form", "em", "b", "i", "u", "first"}
    attributes = {name for _tag, found in seen.tags for name in found}
    assert not [name for name in attributes if name.startswith("on")]
    assert not attributes & {"href", "action"}
    sources = [found["src"] or "" for _tag, found in seen.tags if "src" in found]
    assert [source.partition(",")[0] for source in sources] == ["data:image/jpeg;base64"]
    picture = Image.open(io.BytesIO(base64.b64decode(sources[0].partition(",")[2])))
    assert picture.size == (480, 120)
    assert "default-src 'none'" in page
    assert "<script>alert(1)</script>" in seen.text
    assert not set("\u202e\u200b\x1b") & set(page)
    for words in ("Own words", "For <em>you</em>", "https://a.example/?a&b", "<first>", "<b>flour</b>", "bakery"):
        assert words in seen.text, words
    assert "Only for us" not in page
    assert re.findall(r"<h2>(Week \d+)", page) == ["Week 49", "Week 50"]
    assert "informational" in seen.text
    assert "50 %" in seen.text
    assert planning.export("html") == page


def test_dates_are_those_of_the_projects_language(planning) -> None:
    office = planning.office
    draft, version = office.workspace.projects.draft_of(office.project)
    office.workspace.projects.edit(office.project, draft._replace(language="hu"), version=version)
    office.add("Hello", "2026-12-01 09:00")
    page = planning.export("html")
    assert '<html lang="hu" dir="ltr">' in page
    assert "<h1>Bakery – 2026. december</h1>" in page
    assert "2026. december 1., kedd" in page


def test_a_picture_that_is_gone_or_damaged_is_named(planning, tmp_path) -> None:
    office = planning.office
    (tmp_path / "roll.png").write_bytes(png())
    stored = office.workspace.media.add(tmp_path / "roll.png")
    office.add("Hello", "2026-12-01 09:00", media=((stored.sha256, "A roll"),))
    office.workspace.media.path(stored.sha256).write_bytes(b"\x89PNG broken")
    assert "[not shown here: roll.png]" in planning.export("html")
    office.workspace.media.path(stored.sha256).unlink()
    assert "[not shown here: roll.png]" in planning.export("html")


def test_an_empty_month_is_a_page_too(planning) -> None:
    assert planning.queries.export(planning.office.project, MONTH[0], 1, "html").count("<article") == 0
