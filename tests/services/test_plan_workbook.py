"""A workbook for reviewers: what they write is taken, what they saw is what they approve, and bombs stay unopened."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.plan_document import PlanDocument
from smm_tui.services.plan import PlanRefused
from smm_tui.services.plan_file import markdown, workbook
from tests.services.test_plan import EXAMPLE, MONTH, Planning, make_planning


@pytest.fixture
def planning(tmp_path):
    made = make_planning(tmp_path / "data")
    yield made
    made.office.workspace.close()


def filled(planning: Planning, answers: dict[int, tuple[str, str]]) -> bytes:
    """The exported workbook as a reviewer's spreadsheet saves it."""
    book = openpyxl.load_workbook(io.BytesIO(planning.bytes("xlsx")))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        number = int(sheet.cell(row, columns["id"]).value)
        verdict, comment = answers.get(number, ("", ""))
        sheet.cell(row, columns["verdict"]).value = verdict or None
        sheet.cell(row, columns["comment"]).value = comment or None
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def comments(planning: Planning, post: int) -> list[tuple[str, str, str]]:
    rows = planning.office.workspace.review_queries.comments(post)
    return [(row.audience, row.verdict, row.text) for row in rows]


def test_verdicts_and_comments_are_taken_once_and_in_one_step_of_undo(planning) -> None:
    office = planning.office
    good, bad, talked = (office.add(text, f"2026-12-0{n} 09:00") for n, text in enumerate("ABC", 1))
    before = planning.content()
    file = filled(planning, {good: ("OK", ""), bad: ("Nem", "Túl hosszú."), talked: ("", "Szép!")})
    receipt, _found = planning.apply(file, "xlsx")
    assert "What was said of 3 posts is taken." in receipt.message
    assert [office.state(post) for post in (good, bad, talked)] == ["approved", "planned", "planned"]
    assert planning.post(bad).review == "returned"
    assert comments(planning, bad) == [("client", "returned", "Túl hosszú.")]
    assert comments(planning, talked) == [("client", "", "Szép!")]
    assert planning.apply(file, "xlsx")[0].count == 0
    office.workspace.undo.undo()
    assert planning.content() == before


def test_an_approval_holds_only_for_what_the_reviewer_saw(planning) -> None:
    office = planning.office
    seen, other = office.add("A", "2026-12-01 09:00"), office.add("B", "2026-12-02 09:00")
    file = filled(planning, {seen: ("ok", ""), other: ("ok", "")})
    planning.edit(seen, text="A!")
    message = planning.refused(file, "xlsx")
    assert f"Post {seen} was changed here since the file was written" in message
    planning.apply(file, "xlsx", skip_bad=True)
    assert (office.state(seen), office.state(other)) == ("planned", "approved")


def test_what_the_reviewer_changed_is_what_is_approved(planning) -> None:
    office = planning.office
    post = office.add("A", "2026-12-01 09:00")
    office.workspace.posts.approve([post])
    book = openpyxl.load_workbook(io.BytesIO(filled(planning, {post: ("igen", "")})))
    columns = {cell.value: cell.column for cell in book.active[1]}
    book.active.cell(2, columns["text"]).value = "=A+1"
    saved = io.BytesIO()
    book.save(saved)
    planning.apply(saved.getvalue(), "xlsx")
    assert (planning.post(post).text, office.state(post)) == ("=A+1", "approved")


def test_a_project_that_approves_months_takes_all_or_nothing(planning) -> None:
    office = planning.office
    draft, version = office.workspace.projects.draft_of(office.project)
    office.workspace.projects.edit(office.project, draft._replace(approval="month"), version=version)
    posts = [office.add(text, f"2026-12-0{n} 09:00") for n, text in enumerate("AB", 1)]
    message = planning.refused(filled(planning, {posts[0]: ("ok", "")}), "xlsx")
    assert "approves months as a whole: 1 post has no approving verdict" in message
    planning.apply(filled(planning, dict.fromkeys(posts, ("ok", ""))), "xlsx")
    assert [office.state(post) for post in posts] == ["approved", "approved"]
    standing = office.workspace.review_queries.standing(office.project, *MONTH)
    assert standing.approval is not None
    assert (sorted(standing.approval.posts), standing.deviations) == (posts, ())


def test_dates_and_times_typed_into_a_spreadsheet_are_understood(planning) -> None:
    from datetime import date, time

    book = openpyxl.Workbook()
    book.active.append(["Dátum", "Idő", "Típus", "Szöveg", "Felelős"])
    book.active.append([date(2026, 12, 1), time(9, 30), "info", 2.0, "Kati"])
    book.active.append([date(2026, 12, 2), "9:30", "info", "=SUM(A1:A9)", None])
    book.active.append([date(2026, 12, 3), "noon", "info", "x", None])
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(PlanRefused) as caught:
        planning.apply(saved.getvalue(), "xlsx")
    assert [flaw.line for flaw in caught.value.flaws] == [4]
    _receipt, found = planning.apply(saved.getvalue(), "xlsx", skip_bad=True)
    assert [change.file.text for change in found.changes] == ["2", "=SUM(A1:A9)"]
    assert [change.file.at for change in found.changes] == ["2026-12-01T09:30:00", "2026-12-02T09:30:00"]


def test_no_cell_of_an_export_is_a_formula(planning) -> None:
    for hour, text in enumerate(("=1+1", "+1", "-1", "@x", "＝1", "'=1")):
        planning.office.add(text, f"2026-12-01 {hour:02}:00")
    book = openpyxl.load_workbook(io.BytesIO(planning.bytes("xlsx")))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    texts = [str(cell.value) for row in book.active.iter_rows(min_row=2) for cell in row if cell.value]
    assert not any(text.startswith(tuple("=+-@＝")) for text in texts)


def packed(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def a_book(**changes: bytes) -> bytes:
    document, _flaws = markdown.read(EXAMPLE.read_text(encoding="utf-8"))
    parts = parts_of(workbook.write(document))
    return packed({**parts, **{name.replace("__", "/"): data for name, data in changes.items()}})


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is no workbook"),
        (b"hello", "The file is no workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "The file is no workbook"),
        (packed({"x": b"y"}), "The workbook cannot be read"),
        (packed({f"{n}.xml": b"" for n in range(1001)}), "1001 parts"),
        (packed({"xl/worksheets/sheet1.xml": b"\0" * 41_000_000}), "unpacks to 41 MB"),
        (b"\0" * 50_000_000, "more than 20 MB"),
        (a_book(**{"xl__worksheets__sheet1.xml": LAUGHS}), "The workbook cannot be read"),
        (a_book(**{"xl__worksheets__sheet1.xml": b"<worksheet><broken"}), "The workbook cannot be read"),
    ],
    ids=["empty", "text", "old excel", "no workbook", "many parts", "zip bomb", "junk", "entities", "broken"],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(planning, data, said) -> None:
    assert said in planning.refused(data, "xlsx")


def test_a_sheet_of_a_million_rows_is_refused(planning) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    assert "more than 20000 rows" in planning.refused(a_book(**{"xl__worksheets__sheet1.xml": sheet}), "xlsx")


def test_a_text_that_no_cell_holds_is_told() -> None:
    document, _flaws = markdown.read("## 2026-12-01\n\n### 09:00 info\n\n```\n" + "x" * 40_000 + "\n```\n")
    with pytest.raises(InvalidInput, match="40000 characters; a workbook's cell holds 32767"):
        workbook.write(document)


@example("_x0041_ _x005F_x0041_ x005F_")
@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t_x05F"), max_size=40))
def test_any_text_survives(text) -> None:
    from datetime import date, time

    from smm_tui.domain.plan_document import PlannedPost

    post = PlannedPost(date(2026, 12, 1), time(9), "selling", text, content_warning=text, accounts=(), language="hu")
    read, flaws = workbook.read(workbook.write(PlanDocument((post,), (2026, 12))))
    assert not flaws
    assert read.posts == (post,)
