"""Writing a file so that no reader ever meets half of it, and nothing that somebody else has saved is lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from arshjul.files.drafts import draft_of, remove_leftovers


class ChangedMeanwhileError(Exception):
    """The file is no longer what it was when it was read; nothing is written."""


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Put new bytes in the place of the old ones, with the same mode bits; raises OSError, ChangedMeanwhileError.

    A link stays a link: what it points to is replaced. The name without .toml keeps the draft from being read.
    """
    target = path.resolve(strict=True)
    remove_leftovers(target.parent)
    with draft_of(target) as (file, draft):
        os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
        file.write(new)
        file.flush()
        os.fsync(file.fileno())
        _refuse_if_changed(target, old)
        draft.replace(target)
    _sync_folder(target.parent)


def _refuse_if_changed(path: Path, old: bytes) -> None:
    if path.read_bytes() != old:
        raise ChangedMeanwhileError(str(path))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
