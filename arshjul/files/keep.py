"""Copies of the last files that were in order, below `var`. When to keep and when to use them is in `rounds.reload`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from arshjul.disk import private


def kept_folder(folder: Path) -> Path:
    return folder / "var" / "last-good"


def keep_copies(paths: Sequence[Path], folder: Path) -> None:
    """Replace what is kept by copies of these files, in one step as far as a reader can see."""
    kept = kept_folder(folder)
    fresh, old = kept.with_name("last-good.new"), kept.with_name("last-good.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    private.make_folder(fresh)
    for path in (path for path in paths if path.exists()):
        shutil.copy2(path, fresh / path.name)
        (fresh / path.name).chmod(private.FILE)
        _sync(fresh / path.name)
    if kept.exists():
        kept.rename(old)
    fresh.rename(kept)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
