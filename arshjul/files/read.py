"""Files on disk → documents. What stands in them is for `core.parse` and `config`; reloading is in `rounds.reload`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from arshjul.core.document import Document
from arshjul.core.problems import Place, Problem
from arshjul.files.toml import read_toml

Fingerprint = tuple[tuple[str, int, int, int], ...]
"""Names, inodes, sizes and times of files: what changes when any of them does."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read: its document, and the instant (UTC) at which it was last changed."""

    path: Path
    document: Document
    problems: tuple[Problem, ...]
    digest: str
    changed: datetime


def read_source(path: Path, shown_as: str, before: Source | None = None) -> Source:
    """Read one TOML file. A file that is missing, unreadable or not UTF-8 is a problem like any other.

    `before` is the file as it was: when it says the same, its document is not made anew.
    """
    place = Place(shown_as)
    try:
        data, changed = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if before and (before.path, before.digest) == (path, _digest(data)):
            return replace(before, changed=changed)
        document, problems = read_toml(data.decode("utf-8-sig"), shown_as)
    except OSError as error:
        unread = Problem(place, f"Filen kan ikke leses: {error.strerror}.")
        return Source(path, Document(shown_as), (unread,), "", datetime.min.replace(tzinfo=UTC))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = Problem(
            Place(shown_as, line), "Filen er ikke lagret som UTF-8.", "Lagre den på nytt med kodingen UTF-8."
        )
        return Source(path, Document(shown_as), (wrong,), _digest(data), changed)
    return Source(path, document, tuple(problems), _digest(data), changed)


def calendar_paths(folder: Path) -> list[Path]:
    """Return the calendar files of a folder in the order of their names; editors' hidden and backup files are none."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def fingerprint(paths: Sequence[Path]) -> Fingerprint:
    """Return what tells whether any of the files has changed: names, inodes, sizes and times, without reading them."""
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
