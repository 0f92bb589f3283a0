"""Files on disk → documents. What stands in them is for `core.parse` and `config`; reloading is in `rounds.reload`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG

from arshjul.core.document import Document
from arshjul.core.problems import Place, Problem
from arshjul.core.system_errors import why
from arshjul.files.toml import LARGEST, read_toml, too_large

MOST_BYTES = 4 * LARGEST
"""What a file of the most characters can take in UTF-8."""

YOUNG = timedelta(seconds=3)
"""So long after a file was saved it may be saved again without another time: some disks keep whole seconds, or two."""

_MEANT = re.compile(r"\.toml(\.txt)?$", re.IGNORECASE)

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
        status = path.stat()
        changed = datetime.fromtimestamp(status.st_mtime, UTC)
        if not S_ISREG(status.st_mode):  # a pipe would be waited for
            return _unread(path, Problem(place, "Dette er ingen vanlig fil."), changed)
        if status.st_size > MOST_BYTES:
            return _unread(path, too_large(shown_as), changed)
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if before and (before.path, before.digest) == (path, digest):
            return replace(before, changed=changed)
        document, problems = read_toml(data.decode("utf-8-sig"), shown_as)
    except OSError as error:
        unread = Problem(place, f"Filen kan ikke leses: {why(error)}.")
        return _unread(path, unread, datetime.min.replace(tzinfo=UTC))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = Problem(
            Place(shown_as, line), "Filen er ikke lagret som UTF-8.", "Lagre den på nytt med kodingen UTF-8."
        )
        return _unread(path, wrong, changed)
    return Source(path, document, tuple(problems), digest, changed)


def _unread(path: Path, problem: Problem, changed: datetime) -> Source:
    return Source(path, Document(problem.place.file), (problem,), "", changed)


def calendar_paths(folder: Path) -> list[Path]:
    """Return the calendar files of a folder in the order of their names; editors' hidden and backup files are none."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def overlooked(folder: Path) -> list[Path]:
    """Return the files that were meant as calendars, as it seems, but have a name that is not read: "k.toml.txt"."""
    names = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in names if path.suffix != ".toml" and _MEANT.search(path.name) and path.is_file())


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


def is_young(marks: Fingerprint, now: datetime) -> bool:
    """Tell whether any of the files was saved so lately that its next change may not be seen in its time."""
    return any(time > (now - YOUNG).timestamp() * 1_000_000_000 for *_, time in marks)


def contents_digest(paths: Sequence[Path]) -> str:
    """Return what changes when anything in the files does. What cannot be read counts as empty."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(_contents(path)).digest())
    return whole.hexdigest()


def _contents(path: Path) -> bytes:
    try:
        status = path.stat()
        return path.read_bytes() if S_ISREG(status.st_mode) and status.st_size <= MOST_BYTES else b""
    except OSError:
        return b""
