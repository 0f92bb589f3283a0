"""A write-ahead log that lies beside another database than its own, seen before SQLite reads it into that one.

SQLite finds its log by name. When a process died, and an older copy of the database is put in place without the log
being moved away, the first to open it makes one damaged file of the two (sqlite.org/howtocorrupt.html, 1.4).
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

TRIES, PAUSE_S = 3, 0.3
"""Another command may be writing while we copy: what is seen then is looked at again."""

REFUSED: Final = (
    "Ved siden av «{path}» ligger «{log}», som hører til en annen database, eller til denne slik den var før. "
    "Leses den inn, er databasen ødelagt. Flytt «{log}» (og «{index}») bort, og prøv igjen. Kast dem ikke før alt er i "
    "orden."
)


def foreign_log(path: Path) -> str:
    """Say what is wrong when the log beside an SQLite file is not its own, "" when it is or there is none.

    Nothing is touched: copies of both are opened together. Not looked at while a sender has the database open, who has
    looked.
    """
    log = Path(f"{path}-wal")
    if not _has_content(log) or not _has_content(path) or _is_in_use(path.with_name(f"{path.name}.sender")):
        return ""
    for _ in range(TRIES):
        if _fits(path, log):
            return ""
        time.sleep(PAUSE_S)
    return REFUSED.format(path=path, log=log.name, index=f"{path.name}-shm")


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _is_in_use(lock: Path) -> bool:
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _fits(path: Path, log: Path) -> bool:
    """Tell whether the database is whole and itself with its log; one that is damaged without it is another matter."""
    with tempfile.TemporaryDirectory(prefix="arshjul-") as place:
        both, alone = Path(place) / "both.db", Path(place) / "alone.db"
        # The log first: what a checkpoint moves from it meanwhile is then in both, and no harm.
        try:
            shutil.copyfile(log, f"{both}-wal")
            shutil.copyfile(path, both)
            shutil.copyfile(both, alone)
        except OSError:  # gone meanwhile, or no room: whoever opens it says so
            return True
        together, apart = _look(both), _look(alone)
    if apart is None:
        return True
    return together is not None and (not apart[0] or together[0] == apart[0]) and together[1] >= apart[1]


def _look(path: Path) -> tuple[str, int] | None:
    """Return the name of a database and how often letters were claimed from it; None for one that is damaged."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return None
            known: dict[str, str] = {}
            with suppress(sqlite3.OperationalError):  # no tables yet
                known = dict(connection.execute("SELECT key, value FROM fact WHERE key IN ('identity', 'epoch')"))
            return known.get("identity", ""), int(known.get("epoch", 0))
    except sqlite3.DatabaseError:
        return None
