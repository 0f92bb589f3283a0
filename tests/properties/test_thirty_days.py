"""Thirty days with an edit a day: each letter is justified by what its reader was told and what is so, or by a lead."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.properties.month import Diary, month
from tests.properties.publishing import MEMORY

pytestmark = pytest.mark.years

MONTHS = int(os.environ.get("ARSHJUL_TESTS_MONTHS", "2"))
SEEDS = range(1, MONTHS + 1)


@cache
def lived(seed: int) -> Diary:
    """Live through a month only once, however many questions are asked of it."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return month(seed, Path(folder) / "site")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_letter_of_a_month_is_justified(seed: int) -> None:
    diary = lived(seed)

    assert diary.faults == [], "\n".join(diary.lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_letters_of_a_month_leave_at_their_hour(seed: int) -> None:
    assert lived(seed).early == []


@pytest.mark.parametrize("seed", SEEDS)
def test_slips_of_the_morning_are_told_to_nobody(seed: int) -> None:
    """Each workday has a slip that is saved five minutes before the letters go, and is put right nine minutes later."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        diary = month(seed, Path(folder) / "site", with_mornings=True)

    assert diary.faults == [], "\n".join(diary.lines)
    assert diary.early == []
