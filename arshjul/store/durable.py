"""Small files that must survive a power cut: appended to, or replaced as a whole. Databases take care of themselves."""

from __future__ import annotations

import os
from pathlib import Path

from arshjul.disk import private


def append(path: Path, text: str) -> None:
    """Add to the end of a file; on return it is on the disk. Raises OSError."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, private.FILE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(descriptor)
    if is_new:
        _sync(path.parent)


def replace(path: Path, text: str) -> None:
    """Write a file anew, so that whoever reads it sees the old text or the new one. Raises OSError.

    Of processes that do so at once, the last one counts.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    append(draft, text)
    draft.replace(path)
    _sync(path.parent)


def put_in_place(draft: Path, path: Path) -> None:
    """Rename a draft, whoever wrote it, to the name of a file, which is then whole and on the disk. Raises OSError."""
    descriptor = os.open(draft, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
