"""What is left of a file that was being written when the process was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arshjul.disk import replace_file, write_folder
from arshjul.plan.files import calendar_paths, overlooked

WRITER = """
import sys
from pathlib import Path
from arshjul.disk import draft_of

with draft_of(Path(sys.argv[1])) as (file, draft):
    file.write(b"half of it")
    file.flush()
    print(draft.name, flush=True)
    sys.stdin.read()
"""


def writing(path: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that is in the middle of writing a file; give it and its draft."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, path.with_name(process.stdout.readline().strip())


def killed_while_writing(path: Path) -> Path:
    process, draft = writing(path)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    assert draft.read_bytes() == b"half of it"
    return draft


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "alle.toml"
    path.write_bytes(b"old")
    return path


def test_leftover_of_a_killed_write_is_removed_by_the_next(calendar: Path) -> None:
    killed_while_writing(calendar)
    killed_while_writing(calendar.with_name("en-annen.toml"))

    replace_file(calendar, b"old", b"new")

    assert list(calendar.parent.iterdir()) == [calendar]
    assert calendar.read_bytes() == b"new"


def test_leftover_of_a_killed_feed_is_removed_by_the_next_even_if_nothing_has_changed(tmp_path: Path) -> None:
    changed = datetime(2026, 11, 20, tzinfo=UTC)
    write_folder(tmp_path, {"a.ics": (b"A", changed)}, prune=False)
    killed_while_writing(tmp_path / "a.ics")

    done = write_folder(tmp_path, {"a.ics": (b"A", changed)}, prune=False)

    assert done.untouched == ("a.ics",)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.ics"]


def test_leftover_is_never_read_as_a_calendar(calendar: Path) -> None:
    killed_while_writing(calendar)

    assert calendar_paths(calendar.parent) == [calendar]
    assert overlooked(calendar.parent) == []


def test_draft_that_another_process_is_writing_stays(calendar: Path) -> None:
    process, draft = writing(calendar)

    replace_file(calendar, b"old", b"new")

    assert draft.read_bytes() == b"half of it"
    process.communicate()
    assert process.returncode == 0
    assert list(calendar.parent.iterdir()) == [calendar]


@pytest.mark.parametrize(
    "name",
    [
        ".alle.toml.tmp",
        ".alle.toml.swp",
        ".alle.toml.k3h5_g7a.tmp",
        "alle.toml.arshjul-k3h5_g7a.tmp",
        ".alle.toml.arshjul-k3h5.tmp",
        ".alle.toml.arshjul-k3h5_g7a.tmp.txt",
    ],
)
def test_file_of_another_name_is_nobodys_leftover(calendar: Path, name: str) -> None:
    other = calendar.with_name(name)
    other.write_bytes(b"somebody's")

    replace_file(calendar, b"old", b"new")

    assert sorted(calendar.parent.iterdir()) == sorted([calendar, other])


def test_leftover_that_may_not_be_touched_keeps_nothing_from_being_written(calendar: Path) -> None:
    in_the_way = calendar.with_name(".alle.toml.arshjul-k3h5_g7a.tmp")
    in_the_way.mkdir()  # a folder cannot be opened for writing, not by root either

    replace_file(calendar, b"old", b"new")

    assert calendar.read_bytes() == b"new"
    assert in_the_way.is_dir()
