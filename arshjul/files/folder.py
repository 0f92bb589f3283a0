"""A folder of files for a web server: written aside and renamed, and left alone when nothing has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from arshjul.files.drafts import draft_of, remove_leftovers

OURS = b"PRODID:-//arshjul//"
"""What only our own feeds hold: nobody else's file is removed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was done, by path in the folder; `withdrawn` are feeds of ours that lie there still."""

    written: tuple[str, ...]
    untouched: tuple[str, ...]
    pruned: tuple[str, ...]
    withdrawn: tuple[str, ...]


def write_folder(folder: Path, files: Mapping[str, tuple[bytes, datetime]], *, prune: bool) -> Written:
    """Write the files, each with the instant (UTC) that it was last changed as its time. Raises OSError.

    Their names may have one folder in them.
    """
    for place in {folder, *((folder / name).parent for name in files)}:
        place.mkdir(parents=True, exist_ok=True)
        remove_leftovers(place)
    written = [name for name, (data, _) in sorted(files.items()) if not _holds(folder / name, data)]
    for name in written:
        _write(folder / name, *files[name])
    there = {str(path.relative_to(folder)): path for path in sorted([*folder.glob("*.ics"), *folder.glob("*/*.ics")])}
    old = [name for name, path in there.items() if name not in files and OURS in path.read_bytes()]
    for name in old if prune else ():
        _remove(there[name], folder)
    names = tuple(old)
    untouched = tuple(name for name in sorted(files) if name not in written)
    return Written(tuple(written), untouched, names if prune else (), () if prune else names)


def _remove(path: Path, folder: Path) -> None:
    """Remove a file, and the folder that it had to itself."""
    path.unlink()
    if path.parent != folder and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _write(path: Path, data: bytes, changed: datetime) -> None:
    """Write aside, on the same file system, and rename: a reader sees the old file or the new one, whole."""
    with draft_of(path) as (file, draft):
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
        # nginx makes its ETag of time and size: the time is that of the change, the same on every machine.
        os.utime(draft, (changed.timestamp(), changed.timestamp()))
        draft.replace(path)
