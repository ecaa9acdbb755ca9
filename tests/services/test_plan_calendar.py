"""The exported calendar follows RFC 5545, so that any program opens it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.services.plan_file import icalendar

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


@given(texts)
def test_no_line_is_too_long_and_every_text_comes_back(text) -> None:
    written = icalendar.folded("DESCRIPTION:" + icalendar.escaped(text))
    assert all(len(line.encode()) <= icalendar.FOLD for line in written.split("\r\n"))
    kept = "".join(
        c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (c >= " " and c != "\x7f")
    )
    assert unescaped(written.replace("\r\n ", "").removeprefix("DESCRIPTION:")) == kept


def test_a_month_as_a_calendar(office) -> None:
    post = office.add("Rolls; fresh, warm\nat six", "2026-10-25 02:30 second", content_type="selling")
    office.workspace.posts.approve([post])
    office.add("Idea", "2026-10-26 09:00")
    written = office.workspace.plan_queries.export(office.project, 2026, 10, "ics")
    assert written.endswith("END:VCALENDAR\r\n")
    assert "\n" not in written.replace("\r\n", "")
    lines = written.replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "DTSTART:20261025T013000Z" in lines
    assert "SUMMARY:selling: Rolls\\; fresh\\, warm" in lines
    assert lines.index("STATUS:CONFIRMED") < lines.index("STATUS:TENTATIVE")
    identities = [line for line in lines if line.startswith("UID:")]
    assert len(set(identities)) == 2
    assert identities[0].startswith(f"UID:post-{post}-")
