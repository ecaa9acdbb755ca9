"""Plan files against the database: what is exported changes nothing, and what is applied is exported again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_tui.db.tables import PostTable
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.plan_document import Content
from smm_tui.networks.ports import LinkCard, Poll
from smm_tui.services.extras import Extras
from smm_tui.services.plan import PlanRefused, PlanService
from smm_tui.services.plan_compare import Kind
from smm_tui.services.plan_file import markdown, source
from smm_tui.services.plan_queries import PlanQueries
from smm_tui.services.project_queries import ProjectDraft
from tests.sandbox.support import png
from tests.services.conftest import Office, make_office
from tests.support.database import content, differences

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "bakery-2026-12.md"
MONTH = (2026, 12)
EXTRAS = Extras(
    Poll(("yes", "no, never", "=1+1"), 5400, multiple=True),
    LinkCard("https://a.example/?x=1,2", "A, b"),
    "@you:\nsee",
)


@dataclass
class Planning:
    """An office whose December is planned by files."""

    office: Office
    queries: PlanQueries
    service: PlanService

    def bytes(self, kind: str) -> bytes:
        if kind == "xlsx":
            return self.queries.workbook(self.office.project, *MONTH)
        return self.export(kind).encode()

    def export(self, kind: str = "md") -> str:
        return self.queries.export(self.office.project, *MONTH, kind)

    def compare(self, text: str | bytes, kind: str = "md"):
        data = text if isinstance(text, bytes) else text.encode()
        return self.service.compare(self.office.project, *MONTH, *source.read(data, kind))

    def apply(self, text: str | bytes, kind: str = "md", **options):
        data = text if isinstance(text, bytes) else text.encode()
        return self.service.apply(self.office.project, *MONTH, *source.read(data, kind), **options)

    def refused(self, text: str | bytes, kind: str = "md", **options) -> str:
        """What is said of a file that must change nothing."""
        before = self.content()
        with pytest.raises(InvalidInput) as caught:
            self.apply(text, kind, **options)
        assert self.content() == before
        return caught.value.message

    def content(self):
        return content(self.office.workspace.settings.paths.database)

    def post(self, number: int):
        return self.office.workspace.post_queries.get(number).post

    def edit(self, number: int, **changes) -> None:
        draft, version = self.office.workspace.posts.draft_of(number)
        self.office.workspace.posts.edit(number, replace(draft, **changes), version=version)


def make_planning(folder: Path) -> Planning:
    office = make_office(folder)
    return Planning(office, office.workspace.plan_queries, office.workspace.plans)


@pytest.fixture
def planning(tmp_path: Path) -> Iterator[Planning]:
    made = make_planning(tmp_path / "data")
    yield made
    made.office.workspace.close()


@pytest.fixture
def rich(planning: Planning, tmp_path: Path) -> Planning:
    """With a month that has a bit of everything."""
    office = planning.office
    picture = tmp_path / "bread, fresh :: warm.png"
    picture.write_bytes(png())
    sha256 = office.workspace.media.add(picture, "").sha256
    mastodon, bluesky = office.accounts
    office.add("Hello\n\n```\ncode\n````\n# no heading\n- late: no field  \n\n-->", "2026-12-01 09:00")
    office.add(
        "=cmd()",
        "2026-12-02 09:00:30",
        content_type="selling",
        variants={mastodon: "@all", bluesky: ""},
        media=((sha256, 'line\nline "two" :: x'),),
        content_warning="none",
        labels=("nudity", "a, b"),
        language="en-GB",
        late_rule="send:5",
    )
    office.add("Later", "2026-12-31 23:59", accounts=(bluesky,), language="")
    pillar = office.workspace.scheme.add_pillar(office.project, "Behind, the oven").ids[0]
    asked = office.add("Rye?", "2026-12-03 09:00", accounts=(mastodon,), extras=EXTRAS)
    with office.workspace.db.unit() as unit:
        unit.session.get_one(PostTable, asked).pillar_id = pillar
    office.add("Nowhere yet", "2026-12-31 23:59", accounts=())
    office.add("Another month", "2027-01-01 00:00")
    dropped = office.add("Dropped", "2026-12-05 12:00")
    office.workspace.posts.cancel([dropped])
    return planning


@pytest.mark.parametrize("kind", ["md", "csv", "xlsx"])
def test_what_was_exported_changes_nothing(rich, kind) -> None:
    before = rich.content()
    exported = rich.bytes(kind)
    found = rich.compare(exported, kind)
    assert not found.flaws
    assert [change.kind for change in found.changes] == [Kind.UNCHANGED] * 5
    receipt, _found = rich.apply(exported, kind)
    assert (receipt.count, receipt.undo) == (0, None)
    assert rich.content() == before, differences(before, rich.content())
    assert rich.bytes(kind) == exported
    if kind != "xlsx":
        windows = b"\xef\xbb\xbf" + exported.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(
            b"\n", b"\r\n"
        )
        assert {change.kind for change in rich.compare(windows, kind).changes} == {Kind.UNCHANGED}


def test_a_written_file_reads_and_writes_the_same_to_the_byte(rich) -> None:
    exported = rich.export()
    document, flaws = markdown.read(exported)
    assert not flaws
    assert markdown.write(document) == exported


@pytest.mark.parametrize("kind", ["md", "csv", "xlsx"])
def test_a_month_comes_back_from_its_file(rich, tmp_path, kind) -> None:
    """Without numbers and hashes, in a workspace without posts, a file makes the posts it was made of."""
    document, _flaws = source.read(rich.bytes(kind), kind)
    bare = replace(
        document, bases={}, project_id=None, posts=tuple(replace(post, id=None) for post in document.posts)
    )
    office = rich.office
    office.workspace.posts.cancel([post.id for post in document.posts])
    receipt, _found = rich.service.apply(office.project, *MONTH, bare)
    assert receipt.count == 5
    again = {post.row.text: post.content for post in rich.queries.month(office.project, *MONTH).posts}
    office.workspace.undo.undo(2)
    assert again == {post.row.text: post.content for post in rich.queries.month(office.project, *MONTH).posts}


def test_the_example_is_what_its_export_says(tmp_path) -> None:
    planning = make_planning(tmp_path / "data")
    workspace = planning.office.workspace
    project = workspace.projects.add(ProjectDraft("Kovász Pékség", "Europe/Budapest", language="hu")).ids[0]
    workspace.accounts.add(
        project, "mastodon", "@kovasz@social.example", {"token": "t"}, server="https://social.example", check=False
    )
    workspace.accounts.add(
        project, "bluesky", "kovasz.example", {"app_password": "p"}, server="https://bsky.example", check=False
    )
    example = EXAMPLE.read_text(encoding="utf-8")
    planning.office.project = project
    receipt, _found = planning.apply(example)
    assert receipt.count == 14
    document, _flaws = markdown.read(planning.export())
    posts = tuple(replace(post, id=None, state="") for post in document.posts)
    assert markdown.write(replace(document, posts=posts, bases={}, project_id=None)) == example
    assert planning.apply(example)[0].count == 0, "a file that has no numbers yet is not applied twice"
    assert planning.apply(planning.export())[0].count == 0
    workspace.close()


# Characters that the services keep: no control characters but line ends and tabs.
kept = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t`~#->*=+@'\",;: |"), max_size=60
)


@given(text=kept, own=kept, alt=kept, warning=kept)
@settings(max_examples=200, deadline=None)
def test_any_text_survives_both_formats(text, own, alt, warning) -> None:
    from datetime import date, time

    from smm_tui.domain.plan_document import Base, MediaRef, PlanDocument, PlannedPost
    from smm_tui.services.plan_file import table

    post = PlannedPost(
        date(2026, 12, 1),
        time(9),
        "selling",
        text,
        zone="UTC",
        accounts=("mastodon a,b", 'vk "c": d', "none"),
        variants=(('vk "c": d', own),),
        media=(MediaRef("0a1b2c3d4e5f6071", alt, "x.png"),),
        content_warning=warning,
        labels=("a, b",),
        language="",
        late_rule="ask",
        id=3,
        state="planned",
    )
    document = PlanDocument((post,), (2026, 12), "Title", 1, "UTC", "hu", {3: Base("abc123")})
    written = markdown.write(document)
    read, flaws = markdown.read(source.decoded(written.encode()))
    assert not flaws
    assert read.posts == (post,)
    assert markdown.write(read) == written
    if own != "":
        read, flaws = table.read(source.decoded(table.write(document).encode()))
        assert not flaws
        assert read.posts == (post,)


words = st.sampled_from(["Fresh rolls", "árvíztűrő\n\ntükörfúrógép", "```\nx\n```", "2+1 offer", "-->"])
days = st.integers(1, 31)


@given(
    st.lists(st.tuples(words, days, st.integers(0, 23), st.sampled_from(["info", "sell", "fun"])), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), words, st.booleans()), max_size=5),
)
@settings(max_examples=25, deadline=None)
def test_an_edited_file_is_what_its_export_says_and_undo_takes_it_back(posts, edits) -> None:
    with tempfile.TemporaryDirectory() as folder:
        planning = make_planning(Path(folder))
        for text, day, hour, kind in posts:
            planning.office.add(text, f"2026-12-{day:02} {hour:02}:00", content_type=kind)
        before, first = planning.content(), planning.export()
        document, _flaws = markdown.read(first)
        edited = list(document.posts)
        for position, text, keep in edits:
            if position < len(edited):
                edited[position] = replace(edited[position], text=text, id=edited[position].id if keep else None)
        wanted = markdown.write(replace(document, posts=tuple(edited)))
        receipt, _found = planning.apply(wanted, remove=True)
        after, _flaws = markdown.read(planning.export())

        def said(found):
            return sorted((post.day, post.clock, post.text, post.content_type, post.accounts) for post in found)

        assert said(after.posts) == said(edited)
        if receipt.undo is not None:
            planning.office.workspace.undo.undo()
        assert planning.content() == before, differences(before, planning.content())
        assert planning.export() == first
        planning.office.workspace.close()


def test_a_changed_post_loses_its_approval_and_the_others_keep_theirs(planning) -> None:
    office = planning.office
    one, two = office.add("One", "2026-12-01 09:00"), office.add("Two", "2026-12-02 09:00")
    mastodon, bluesky = office.accounts
    office.workspace.posts.approve([one, two])
    exported = planning.export()
    receipt, _found = planning.apply(exported.replace("One", "Eins"))
    assert "2 approvals are void" in receipt.message
    assert (office.state(one), office.state(two)) == ("planned", "approved")
    own = exported.replace("```\nTwo\n```", "```\nTwo\n```\n\n- text on bluesky bakery.example:\n\n```\nZwei\n```")
    assert own != exported
    planning.apply(own)
    assert {row.account_id: row.state for row in office.deliveries(two)} == {mastodon: "approved", bluesky: "planned"}
    office.workspace.undo.undo()
    assert office.state(two) == "approved"


def test_type_and_lateness_may_change_without_asking_again(planning) -> None:
    office = planning.office
    one = office.add("One", "2026-12-01 09:00")
    office.workspace.posts.approve([one])
    planning.apply(planning.export().replace("09:00 informational", "09:00 selling"))
    assert (office.state(one), planning.post(one).content_type) == ("approved", "selling")
    assert planning.post(one).late_rule == "ask"


def test_a_three_way_merge(planning) -> None:
    office = planning.office
    ours, theirs, both, same = (office.add(text, f"2026-12-0{n} 09:00") for n, text in enumerate("ABCD", 1))
    exported = planning.export()
    planning.edit(theirs, text="B here")
    planning.edit(both, text="C here")
    planning.edit(same, text="D new")
    file = exported.replace("\nA\n", "\nA there\n").replace("\nC\n", "\nC there\n").replace("\nD\n", "\nD new\n")
    receipt, found = planning.apply(file)
    assert {change.post_id: change.kind for change in found.changes} == {
        ours: Kind.CHANGED,
        theirs: Kind.KEPT,
        both: Kind.CONFLICT,
        same: Kind.UNCHANGED,
    }
    conflict = found.of(Kind.CONFLICT)[0]
    assert conflict.fields == ["text"]
    assert file.split("\n")[conflict.line - 1].startswith("### 09:00 informational (planned, post ")
    assert receipt.ids == (ours,)
    assert [planning.post(n).text for n in (ours, theirs, both, same)] == ["A there", "B here", "C here", "D new"]


def test_both_sides_of_one_post_are_kept_where_they_touch_other_fields(planning) -> None:
    office = planning.office
    post, clash = office.add("A", "2026-12-01 09:00"), office.add("B", "2026-12-02 09:00")
    office.workspace.posts.approve([post])
    exported = planning.export()
    planning.edit(post, content_warning="flour", language="de")
    planning.edit(clash, text="B here", language="de")
    file = exported.replace("\nA\n", "\nA there\n").replace("\nB\n", "\nB there\n")
    receipt, found = planning.apply(file)
    assert receipt.ids == (post,)
    row = planning.post(post)
    assert (row.text, row.content_warning, row.language, row.state) == ("A there", "flour", "de", "planned")
    conflict = found.of(Kind.CONFLICT)[0]
    assert (conflict.post_id, conflict.fields) == (clash, ["text"])
    assert (conflict.file.text, conflict.database.content.text) == ("B there", "B here")
    assert planning.post(clash).text == "B here"
    assert planning.apply(file)[0].count == 0, "what was merged is not merged again"


FIELD_VALUES = {
    "text": ["A", "B"],
    "content_warning": ["", "x", "y"],
    "language": ["en", "de"],
    "late": ["ask", "skip"],
    "pillar": ["", "oven"],
    "at": ["2026-12-01T09:00:00", "2026-12-02T09:00:00"],
    "zone": ["UTC", "Europe/Budapest"],
}
CONTENTS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELD_VALUES.items()})


@given(CONTENTS, CONTENTS, CONTENTS)
def test_a_merge_takes_each_field_from_the_side_that_changed_it(base, ours, theirs) -> None:
    def content(values):
        rest = {"type": "selling", "accounts": (), "variants": (), "media": (), "labels": ()}
        return Content(**values, **rest)

    merged, conflicts = content(ours).merged(content(theirs), content(base).field_hashes)
    for group in (("at", "zone"), *((name,) for name in FIELD_VALUES if name not in ("at", "zone"))):
        before, here, there = ([side[name] for name in group] for side in (base, ours, theirs))
        got = [getattr(merged, name) for name in group]
        if here == there or there == before:
            assert got == here
        elif here == before:
            assert got == there
        else:
            assert got == here
            assert set(conflicts) & set(group)
    assert set(conflicts) <= {name for name in FIELD_VALUES if ours[name] != theirs[name]}


def test_a_table_without_a_column_leaves_that_field_alone(planning) -> None:
    office = planning.office
    post = office.add("A", "2026-12-01 09:00", content_warning="flour", accounts=office.accounts[:1], extras=EXTRAS)
    planning.apply(f"id,date,time,type,text\n{post},2026-12-01,09:00,info,B\n", "csv")
    content = planning.queries.month(office.project, *MONTH).posts[0].content
    assert (content.text, content.content_warning, content.accounts) == ("B", "flour", office.accounts[:1])
    assert content.poll is not None
    planning.apply(f"id,date,time,type,poll\n{post},2026-12-01,09:00,info,\n", "csv")
    content = planning.queries.month(office.project, *MONTH).posts[0].content
    assert (content.text, content.poll) == ("B", None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("rubric\n,Nowhere", "There is no rubric “Nowhere”; there are: none yet"),
        ('link card\n,"a, b, c, d"', "A link card is an address, a title and a description"),
        ("link card\n,ftp://x", "A link card needs a link that begins with https://"),
        ("poll\n,one", "A poll has 2 to 10 different answers"),
        ("verdict\n,maybe", "“maybe” is no verdict: write ok or returned, or nothing"),
        ("verdict,text\n,returned,x", "This post is returned without a comment"),
        ("verdict,accounts,text\n,ok,none,x", "This post goes to no account"),
    ],
)
def test_a_bad_cell_is_told_with_its_row(planning, row, said) -> None:
    header, _newline, cells = row.partition("\n")
    message = planning.refused(f"date,time,type,{header}\n2026-12-01,09:00,info{cells}\n", "csv")
    assert message.startswith(f"Line 2: {said}")


def test_only_what_the_file_once_had_is_removed_and_only_when_told(planning) -> None:
    office = planning.office
    gone, changed = office.add("Gone", "2026-12-01 09:00"), office.add("Changed", "2026-12-02 09:00")
    exported = planning.export()
    later = office.add("Later", "2026-12-03 09:00")
    planning.edit(changed, text="Changed here")
    without = exported[: exported.index("## 2026-12-01")] + exported[exported.index("<!-- base") :]
    assert planning.apply(without)[0].count == 0
    receipt, found = planning.apply(without, remove=True)
    assert receipt.ids == (gone,)
    assert [change.post_id for change in found.of(Kind.CONFLICT)] == [changed]
    assert [office.state(n) for n in (gone, changed, later)] == ["cancelled", "planned", "planned"]
    office.workspace.undo.undo()
    assert office.state(gone) == "planned"


def test_what_was_cancelled_or_moved_away_since_is_not_brought_back_unasked(planning) -> None:
    office = planning.office
    cancelled, moved = office.add("A", "2026-12-01 09:00"), office.add("B", "2026-12-02 09:00")
    exported = planning.export()
    office.workspace.posts.cancel([cancelled])
    office.workspace.posts.move([moved], office.workspace.posts.parse_when("2027-01-05 09:00", office.project))
    assert [change.kind for change in planning.compare(exported).changes] == [Kind.KEPT, Kind.KEPT]
    edited = planning.compare(exported.replace("\nA\n", "\nA!\n").replace("\nB\n", "\nB!\n"))
    assert [change.kind for change in edited.changes] == [Kind.CONFLICT, Kind.CONFLICT]


HEAD = "# Plan\n\n- month: 2026-12\n\n## 2026-12-01 Tuesday\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "Line 1: “hello” belongs nowhere"),
        ("# P\n\n- month: 2026-13\n", "Line 3: “2026-13” is not a month"),
        ("# P\n\n- month: 2026-11\n", "This is the plan of 2026-11, not of 2026-12"),
        ("# P\n\n- project: 99\n", "plan of project 99"),
        ("# P\n\n- colour: red\n", "Line 3: A plan has no “colour”"),
        ("## 2026-02-30\n", "Line 1: “2026-02-30” is not a day"),
        ("### 09:00 info\n", "Line 1: This post stands under no day"),
        (HEAD + "### 25:00 info\n", "Line 7: “25:00” is not a time of day"),
        (HEAD + "### soon info\n", "Line 7: “### soon info” is not a post"),
        (HEAD + "### 09:00 gossip\n", "Line 7: There is no content type “gossip”"),
        (HEAD + "### 09:00 info (post x)\n", "Line 7: “x” is not the number"),
        (HEAD + "### 09:00 info (maybe)\n", "Line 7: “maybe” is neither"),
        (HEAD + "### 09:00 info (post 999)\n\n```\nx\n```\n", "Line 7: There is no post 999"),
        (HEAD + "### 09:00 info\n\n- accounts: nobody\n", "Line 7: There is no account “nobody”"),
        (HEAD + "### 09:00 info\n\n- accounts: none\n- accounts: none\n", "Line 10: “accounts” stands here twice"),
        (HEAD + '### 09:00 info\n\n- warning: "open\n', "Line 9: The quotation"),
        (HEAD + "### 09:00 info\n\n- media: bread.jpg\n", "Line 9: “bread.jpg” names no stored file"),
        (HEAD + "### 09:00 info\n\n- media: 0123456789abcdef\n", "Line 7: No file 0123456789abcdef"),
        (HEAD + "### 09:00 info\n\n- late: never\n", "Line 7: “never” is not a rule"),
        (HEAD + "### 09:00 info\n\n- language: klingon\n", "Line 7: “klingon” is not the code"),
        (HEAD + "### 09:00 info\n\n- zone: Mars/Base\n", "Line 7: There is no time zone"),
        (HEAD + "### 09:00 info\n\n- mood: good\n", "Line 9: A post has no “mood”"),
        (HEAD + "### 09:00 info\n\n- text on bluesky bakery.example:\n", "Line 7: The text for"),
        (HEAD + "### 09:00 info\n\n```\nno end\n", "Line 9: The text that begins here has no end"),
        (HEAD + "### 09:00 info\n\n```\none\n```\n\n```\ntwo\n```\n", "Line 13: This post has two texts"),
        (HEAD + "### 09:00 info\n", "Line 7: The post is empty"),
        (HEAD + "### 09:00 info\n\n```\na\x07b\n```\n", "Line 7: The text holds a control character"),
        ("## 2026-11-30\n\n### 09:00 info\n\n```\nx\n```\n", "Line 3: 2026-11-30 is outside of 2026-12"),
        (HEAD + "### 09:00 info\n\n- zone: Europe/Budapest\n\n```\n" + "x" * 300_000 + "\n```\n", "is no post"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_line_and_nothing_of_it_is_applied(planning, text, said) -> None:
    good = "\n## 2026-12-31\n\n### 09:00 info\n\n```\nA good one\n```\n"
    assert said in planning.refused(text if "no end" in said else text + good)


def test_a_number_twice_or_of_another_project(planning) -> None:
    office = planning.office
    office.add("One", "2026-12-01 09:00")
    exported = planning.export()
    block = exported[exported.index("### 09:00") : exported.index("<!-- base")]
    assert "is here twice, first in line 10" in planning.refused(exported + "\n## 2026-12-02\n\n" + block)
    other = office.workspace.projects.add(ProjectDraft("Gym", "UTC")).ids[0]
    office.project = other
    assert "plan of project 1" in planning.refused(exported)
    assert "belongs to another project" in planning.refused(exported.replace("- project: 1\n", ""))


def test_times_that_do_not_exist_or_have_passed(planning) -> None:
    office = planning.office
    block = "## {day}\n\n### {time} info\n\n```\nx\n```\n"
    office.clock.turn(100 * 24 * 3600)  # 30 December
    assert "is in the past" in planning.refused(block.format(day="2026-12-01", time="09:00"))
    office.clock.turn(-100 * 24 * 3600)
    october = block.format(day="2026-10-25", time="02:30 second").encode()
    planning.service.apply(office.project, 2026, 10, *source.read(october, "md"))
    exported = planning.queries.export(office.project, 2026, 10, "md")
    assert "### 02:30 second informational" in exported
    assert planning.service.apply(office.project, 2026, 10, *source.read(exported.encode(), "md"))[0].count == 0
    with pytest.raises(PlanRefused, match="comes twice"):
        planning.service.apply(office.project, 2026, 10, *source.read(exported.replace("second ", "").encode(), "md"))


def test_junk_of_any_size_is_told_at_once(planning) -> None:
    assert "MB" in planning.refused(b"x" * 50_000_000)
    assert "And 41 more" in planning.refused(b"junk\n" * 100_000)
    assert "not UTF-8" in planning.refused("# Árvíz\n".encode("utf-16"))
    assert "Line 2 " in planning.refused(b"# Plan\n\xff\n")


@pytest.mark.parametrize(
    "line",
    [
        "- " + " " * 300_000 + "x",
        "```" + " " * 300_000 + "!",
        "### 09:00 info" + " " * 300_000 + "x",
        "## " + "#" * 300_000,
    ],
    ids=["list", "fence", "post", "day"],
)
@pytest.mark.timeout(10)
def test_long_lines_take_no_longer_than_their_length(planning, line) -> None:
    planning.refused(HEAD + line + "\n")
    planning.refused(HEAD + "### 09:00 info\n\n- media: 01234567 x" + " " * 300_000 + "y\n")
    text = "a" + "\n" * 100_000 + "b"
    planning.office.add(text, "2026-12-01 09:00", accounts=(), language="")
    assert [change.kind for change in planning.compare(planning.export()).changes] == [Kind.UNCHANGED]


def test_a_table_of_nothing_but_bad_rows_is_not_read_to_its_end(planning) -> None:
    table = "date,time,type\n" + "x,y,z\n" * 1_000_000
    assert "1000 bad rows by line 1001" in planning.refused(table, "csv", skip_bad=True)


TABLE = "date,time,type,text\n2026-12-01,09:00,info,Good\n2026-12-02,25:00,info,Bad\n2027-01-01,9:00,info,Outside\n"


def test_a_table_tells_each_bad_row_and_takes_the_good_ones_when_told(planning) -> None:
    message = planning.refused(TABLE, "csv")
    assert "Line 3: “25:00”" in message
    assert "Line 4: 2027-01-01 is outside" in message
    receipt, found = planning.apply(TABLE, "csv", skip_bad=True)
    assert receipt.count == 1
    assert [flaw.line for flaw in found.flaws] == [3, 4]
    assert len(planning.office.deliveries(receipt.ids[0])) == 2, "no column of accounts means all of them"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The table is empty"),
        ("name,mood\nx,y\n", "Line 1: The table has no column date, time, type; it has: name, mood"),
        ("date,time,type,Date\n", "is there twice"),
        ("date,time,type\n2026-12-01,09:00,info,more\n", "Line 2: The row has 4 cells, the header 3"),
        ('date,time,type\n2026-12-01,09:00,"info\n', "cannot be read on"),
        ("id,date,time,type\nx,2026-12-01,09:00,info\n", "Line 2: “x” is not the number"),
    ],
)
def test_a_broken_table(planning, text, said) -> None:
    assert said in planning.refused(text, "csv")


def test_tables_of_other_countries_and_programs(planning) -> None:
    table = "\ufeffDátum;Időpont;Típus;Szöveg;Felelős\r\n2026. 12. 24.;9.30;info;'=1+1;x\r\n".encode()
    document, flaws = source.read(table, "csv")
    assert not flaws
    assert document.ignored == ("Felelős",)
    receipt, _found = planning.apply(table, "csv")
    post = planning.post(receipt.ids[0])
    assert (post.planned_wall, post.text) == ("2026-12-24T09:30:00", "=1+1")


def test_no_cell_runs_in_a_spreadsheet(planning) -> None:
    import csv

    for text in ("=1+1", "+36 1 234", "-5%", "@all", "'=quoted", "＝wide", "'"):
        planning.office.add(text, "2026-12-01 09:00")
    exported = planning.export("csv")
    for row in csv.reader(exported.removeprefix("\ufeff").splitlines()):
        assert not any(cell.startswith(tuple("=+-@\t\r＝")) for cell in row)
    assert {change.kind for change in planning.compare(exported, "csv").changes} == {Kind.UNCHANGED}


def test_what_is_out_is_not_rewritten_but_may_stay_in_the_file(desk) -> None:
    post = desk.approved("Hello", seconds=60)
    desk.clock.turn(61)
    desk.work()
    queries, service = desk.workspace.plan_queries, desk.workspace.plans
    exported = queries.export(desk.project, 2026, 9, "md")

    def apply(text: str, **options):
        return service.apply(desk.project, 2026, 9, *source.read(text.encode(), "md"), **options)

    assert "(live, post " in exported
    assert apply(exported)[0].count == 0
    with pytest.raises(PlanRefused, match=f"Line 10: Post {post} is out already on .*live"):
        apply(exported.replace("Hello", "Hallo"))
    without = exported[: exported.index("## 2026")] + exported[exported.index("<!-- base") :]
    with pytest.raises(PlanRefused, match="cannot be cancelled"):
        apply(without, remove=True)
    assert apply(exported.replace(" informational ", " selling "))[0].count == 1
    assert set(desk.states(post).values()) == {"live"}
