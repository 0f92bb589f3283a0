"""A folder of feeds: whole files, left alone when nothing has changed, and nobody else's removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.disk import Written, write_folder

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
A, B = b"BEGIN:VCALENDAR\r\nPRODID:-//arshjul//arshjul//NB\r\n1", b"PRODID:-//arshjul//arshjul//NB\r\n2"


def test_files_are_written_with_the_time_of_their_change_and_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "feeds"
    done = write_folder(folder, {"a.ics": (A, AT), "b.ics": (B, AT)}, prune=False)
    assert done == Written(("a.ics", "b.ics"), (), (), ())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.ics": A, "b.ics": B}
    status = (folder / "a.ics").stat()
    assert (status.st_mtime, status.st_mode & 0o777) == (AT.timestamp(), 0o644)


def test_unchanged_file_keeps_its_time_and_inode(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.ics": (A, AT), "b.ics": (B, AT)}, prune=False)
    before = {path.name: path.stat() for path in tmp_path.iterdir()}
    later = AT + timedelta(days=1)
    done = write_folder(tmp_path, {"a.ics": (A, later), "b.ics": (A, later)}, prune=False)
    assert done == Written(("b.ics",), ("a.ics",), (), ())
    after = {path.name: path.stat() for path in tmp_path.iterdir()}
    assert (after["a.ics"].st_ino, after["a.ics"].st_mtime_ns) == (before["a.ics"].st_ino, before["a.ics"].st_mtime_ns)
    # A new file under the old name: whoever reads the old one reads it to its end.
    assert after["b.ics"].st_ino != before["b.ics"].st_ino


def test_withdrawn_files_are_named_and_removed_only_when_asked(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.ics": (A, AT), "b.ics": (B, AT)}, prune=False)
    (tmp_path / "others.ics").write_bytes(b"PRODID:-//annet//NB")
    (tmp_path / "readme.txt").write_bytes(A)
    assert write_folder(tmp_path, {"a.ics": (A, AT)}, prune=False) == Written((), ("a.ics",), (), ("b.ics",))
    assert write_folder(tmp_path, {"a.ics": (A, AT)}, prune=True) == Written((), ("a.ics",), ("b.ics",), ())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ics", "others.ics", "readme.txt"]


def test_what_cannot_be_written_leaves_no_rest(tmp_path: Path) -> None:
    (tmp_path / "a.ics").mkdir()
    with pytest.raises(OSError, match="irectory"):
        write_folder(tmp_path, {"a.ics": (A, AT)}, prune=False)
    assert [path.name for path in tmp_path.iterdir()] == ["a.ics"]
