"""The bakery's December in docs/examples: the page and the workbook are those of the plan, and all three agree."""

from __future__ import annotations

from collections import Counter

import pytest

from smm_tui.services.plan_compare import Kind
from smm_tui.services.plan_file import source
from tools.make_examples import EXAMPLES, bakery, examples, same


@pytest.fixture(scope="module")
def made():
    return examples()


@pytest.mark.parametrize("name", ["bakery-2026-12.html", "bakery-2026-12.xlsx"])
def test_the_examples_are_fresh(made, name) -> None:
    assert same(name, (EXAMPLES / name).read_bytes(), made[name]), "run tools/make_examples.py"


def test_the_workbook_changes_nothing_and_the_month_holds_its_mix(tmp_path) -> None:
    workspace, project = bakery(tmp_path)
    try:
        document, flaws = source.read((EXAMPLES / "bakery-2026-12.xlsx").read_bytes(), "xlsx")
        found = workspace.plans.compare(project, 2026, 12, document, flaws)
        assert Counter(change.kind for change in found.changes) == {Kind.UNCHANGED: 14}
        lint = workspace.plan_queries.lint(project, 2026, 12)
        assert [item.rule for item in lint.findings if item.urgent] == []
    finally:
        workspace.close()
