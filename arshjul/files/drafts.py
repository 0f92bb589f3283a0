"""Drafts: a file is written aside and renamed. What a killed process left of one is removed by the next write there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_OURS = re.compile(r"\..+\.arshjul-[a-z0-9_]{8}\.tmp")
"""No calendar and no feed has such a name, and no editor or other program gives one."""


@contextmanager
def draft_of(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a draft beside a file, to be written and renamed; if it is not, it is gone at the end. Raises OSError.

    It is locked for as long as somebody works on it, and the system unlocks what a killed process had.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.arshjul-", suffix=".tmp", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(OSError):  # a disk without locks: there no leftover can be told, and all stay
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file, draft
    finally:
        draft.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove the drafts of ours that nobody works on any more. Raises OSError for a folder that cannot be read."""
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name):
            _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    """Remove a draft unless it is in use; one that may not be touched stays, and keeps nothing from being written."""
    with contextlib.suppress(OSError), path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
