"""Files written so that a power cut, a crash or another program leaves them whole; private where they hold secrets."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

Crash: TypeAlias = Callable[[str], None]
"""Called with a label at each place; it returns, or the process is gone."""

CRASH_POINTS: Final = (
    "planned",  # letters are written, and nothing of them is in the outbox
    "queued",  # T1: they are in the outbox
    "claimed",  # T2: a sender has them
    "connected",
    "mail",
    "rcpt",  # the server takes the recipient; nothing of DATA is written down
    "data_started",  # T3: written down, DATA not said
    "go_ahead",  # DATA said and answered with 354, no byte of the letter sent
    "sent",  # the letter and its final dot handed to the system, no reply read
    "replied",  # 250 read, written down nowhere
    "journaled",  # in accepted.journal
    "accepted",  # T4: in the outbox
)


def go_on(_label: str) -> None:
    """Do not crash."""


FILE: Final = 0o600
FOLDER: Final = 0o700
SECRET_OCTETS: Final = 32
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_FILE_NAME: Final = re.compile(r"[\w.-]+\.(?:txt|pem|key|crt|cer|secret|password|passord|hemmelig)")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing. One that is there keeps its mode. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=FOLDER)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(FOLDER)


def open_file(path: Path) -> int:
    """Return a descriptor of an empty file to write to, new or emptied. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, FILE)
    os.fchmod(descriptor, FILE)
    return descriptor


def make_file(path: Path) -> None:
    """Make an empty file where there is none, and take the others' rights to one of ours that is there.

    Nothing is raised: whoever opens it next says what is wrong with it.
    """
    with suppress(OSError):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE))
        except FileExistsError:
            narrow(path)


def secret_of(path: Path) -> bytes:
    """Return the secret in a file, which is made with a new one where it is missing. Raises OSError."""
    make_folder(path.parent)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_OCTETS))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


def narrow(path: Path) -> None:
    """Take the others' rights to a file; one that is not there, or somebody else's, is left (`wide` finds it)."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def wide(path: Path) -> Iterator[Path]:
    """Yield what others may read or write: the path itself and all below it. No link is followed. Raises OSError."""
    if path.is_symlink() or not path.exists():
        return
    if path.stat().st_mode & OTHERS:
        yield path
    if path.is_dir():
        for child in sorted(path.iterdir()):
            yield from wide(child)


def may_be_quoted(name: str, folder: Path) -> bool:
    """Tell whether a file for a secret may be named in a message: it is there, or looks like a file's name.

    What does not may be the secret itself, written where its file's name belongs.
    """
    if os.path.lexists(folder / name) or _FILE_NAME.fullmatch(name.rpartition("/")[2]):
        return True
    above = name.rpartition("/")[0]
    return bool(above) and os.path.isdir(folder / above)  # noqa: PTH112  (Path's raises for a name that is too long)


def append(path: Path, text: str) -> None:
    """Add to the end of a file; on return it is on the disk. Raises OSError."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, FILE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(descriptor)
    if is_new:
        _sync(path.parent)


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


def put_in_place(draft: Path, path: Path) -> None:
    """Rename a draft, whoever wrote it, to the name of a file, which is then whole and on the disk. Raises OSError."""
    _sync(draft)
    draft.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ChangedMeanwhileError(Exception):
    """The file is no longer what it was when it was read; nothing is written."""


def write_whole(
    path: Path, data: bytes, *, mode: int = FILE, changed: datetime | None = None, old: bytes | None = None
) -> None:
    """Write a file anew, so that whoever reads it sees the old content or the new one. Raises OSError.

    `changed` (UTC) becomes its time. Of processes that write at once, the last one counts. With `old`, only a file that
    still has that content is written; else ChangedMeanwhileError.
    """
    with draft_of(path) as (file, draft):
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), mode)
        if changed is not None:
            os.utime(draft, (changed.timestamp(), changed.timestamp()))
        if old is not None and path.read_bytes() != old:
            raise ChangedMeanwhileError(str(path))
        put_in_place(draft, path)


def replace(path: Path, text: str) -> None:
    """Write a small file of ours anew; what a killed process left of one is removed. Raises OSError."""
    remove_leftovers(path.parent)
    write_whole(path, text.encode())


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Put new bytes in the place of the old ones, with the same mode bits; raises OSError, ChangedMeanwhileError.

    A link stays a link: what it points to is replaced. The name without .toml keeps the draft from being read.
    """
    target = path.resolve(strict=True)
    remove_leftovers(target.parent)
    write_whole(target, new, mode=stat.S_IMODE(target.stat().st_mode), old=old)


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
        data, changed = files[name]
        # nginx makes its ETag of time and size: the time is that of the change, the same on every machine.
        write_whole(folder / name, data, mode=0o644, changed=changed)
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


MOUNTS: Final = Path("/proc/self/mountinfo")
LOCAL: Final = frozenset({
    "apfs", "bcachefs", "btrfs", "devtmpfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "hfsplus", "jfs", "nilfs2",
    "overlay", "ramfs", "reiserfs", "rootfs", "tmpfs", "ufs", "xfs", "zfs",
})  # fmt: skip
"""Kinds that only this machine writes to. All others are taken for a network's, or another machine's: virtiofs, 9p."""


def foreign_kind(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of file system that a folder lies on if others may write to it unseen, "" for one of our own."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # no Linux: what it can tell of is tried
        return ""
    real = Path(os.path.realpath(folder))
    over = [(len(point.parts), kind) for point, kind in map(_mount, lines) if real.is_relative_to(point)]
    longest = max((length for length, _ in over), default=0)
    kinds = [kind for length, kind in over if length == longest]  # the last one lies over the others
    return "" if not kinds or kinds[-1] in LOCAL else kinds[-1]


def _mount(line: str) -> tuple[Path, str]:
    where, _, what = line.partition(" - ")
    point = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), where.split(" ")[4])
    return Path(point), what.split(" ")[0]
