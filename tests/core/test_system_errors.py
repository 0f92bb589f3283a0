"""What the system will not do, in Norwegian."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from arshjul.plan.files import read_source
from arshjul.printable import why


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EADDRINUSE, "adressen er i bruk av et annet program"),
        (errno.EISDIR, "det er en mappe"),
        (errno.EACCES, "tilgang mangler"),
        (errno.ENOENT, "den finnes ikke"),
        (errno.EPROTO, f"feil {errno.EPROTO} fra systemet"),
    ],
)
def test_reason_is_told_in_norwegian(number: int, told: str) -> None:
    assert why(OSError(number, "some English")) == told
    assert why(OSError("only words")) == "systemet sa ikke hvorfor"


def test_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path) -> None:
    (problem,) = read_source(tmp_path / "borte.toml", "borte.toml").problems

    assert str(problem) == "borte.toml:1:1: Filen kan ikke leses: den finnes ikke."
