"""Thirty days with an edit a day: each letter is justified by what its reader was told and what is so, or by a lead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.properties.month import month

MONTHS = int(os.environ.get("ARSHJUL_TESTS_MONTHS", "5"))


@pytest.mark.parametrize("seed", range(MONTHS))
def test_every_letter_of_a_month_is_justified(seed: int, tmp_path: Path) -> None:
    diary = month(seed, tmp_path / "site")

    assert diary.faults == [], "\n".join(diary.lines)
