"""What is generated from declarations is as the declarations are."""

from __future__ import annotations

import pytest

from tools.generate_docs import DOCUMENTS, ROOT, encoded


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_documents_are_fresh(name):
    made = encoded(name, DOCUMENTS[name]())
    assert (ROOT / name).read_bytes() == made, "run tools/generate_docs.py"


def test_the_ci_runs_the_commands_of_the_readme():
    commands = [
        line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 tools/setup.py")
    ]
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text().splitlines()
