"""Copies of the last files that were in order, below `var`. When to keep and when to use them is in `rounds.reload`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from arshjul.disk import private


def kept_folder(folder: Path) -> Path:
    return folder / "var" / "last-good"


def keep_copies(paths: Sequence[Path], folder: Path) -> None:
    """Replace what is kept by copies of these files, those that are there. Raises OSError."""
    replace_folder(kept_folder(folder), {path.name: path for path in paths if path.exists()})


def replace_folder(kept: Path, files: Mapping[str, Path]) -> None:
    """Replace a folder by one with copies of these files by their names in it, for us alone. Raises OSError.

    It happens in one step as far as a reader can see.
    """
    fresh, old = kept.with_name(f"{kept.name}.new"), kept.with_name(f"{kept.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    private.make_folder(fresh)
    for name, path in files.items():
        private.make_folder((fresh / name).parent)
        shutil.copy2(path, fresh / name)
        (fresh / name).chmod(private.FILE)
        _sync(fresh / name)
    if kept.exists():
        kept.rename(old)
    fresh.rename(kept)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
