"""The SQLite file that was opened, and whether its name still means it: what is written to an unlinked file is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class OpenedFile:
    """A database file by its name, and which file that was when it was first opened: its device and number."""

    path: Path
    identity: tuple[int, int] | None = None

    def note(self) -> None:
        """Note which file has been opened, the first time."""
        if self.identity is None:
            self.identity = self._found()

    def is_there(self) -> bool:
        """Tell whether the name means that file still; before it is opened there is nothing to be another."""
        return self.identity is None or self._found() == self.identity

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
