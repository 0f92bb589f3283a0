"""What the documents for developers say is true: the tests that they name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
DOCUMENTS = ("docs/security.md", "docs/reliability.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_names_tests_that_are_there(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [one for one in named if f"def {one[1]}(" not in source(ROOT / one[0])] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_row_names_a_test(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    assert [row for row in rows if not NAMED.search(row) and not row.startswith(("| attack |", "| fault |"))] == []


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
