"""What is said to be on the disk is there, all of it."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from arshjul import disk


def test_a_text_that_only_fits_in_part_is_told_of(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            disk.append(tmp_path / "file", "x" * 20)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
