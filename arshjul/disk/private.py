"""Files and folders for their owner alone, whatever the umask: names, addresses and secret links are in them."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

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
