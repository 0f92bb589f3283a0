"""What all tests share: the shipped files, snapshots that a person can read, and what this machine may lack."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from arshjul.loading import load
from arshjul.organisation import Organisation
from tests.examples import some
from tests.files_of import TODAY_OF_FILES

# What `make test` says, it says again: a property that fails one day in ten is found by more examples, not by luck.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=some(100))
if "ARSHJUL_TESTS_RANDOM" not in os.environ:
    settings.load_profile("same")

ROOT = Path(__file__).parents[1]
SNAPSHOTS = Path(__file__).parent / "snapshots"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot-update", action="store_true", help="write the golden lists anew instead of comparing")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by the thousands of tests that are collected: it would look at them all anew."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str | Path, str], None]:
    """Compare a text with the file of that name (or at that whole path), or write the file with --snapshot-update."""
    update = bool(request.config.getoption("--snapshot-update"))

    def compare(name: str | Path, text: str) -> None:
        path = SNAPSHOTS / name
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name}: see `make snapshots`, then read the diff"

    return compare


@pytest.fixture(scope="session")
def shipped() -> Organisation:
    """Return config.toml and the calendars as they are shipped."""
    return load(ROOT, TODAY_OF_FILES)


@pytest.fixture
def site(whole_site: Path) -> Path:
    """Return a folder with the shipped files, to be changed at will; a module that needs not all has its own."""
    return whole_site


@pytest.fixture
def whole_site(tmp_path: Path) -> Path:
    """Return a folder with all of the shipped files."""
    for name in ("calendars", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.toml", tmp_path / "config.toml")
    return tmp_path


def only_political(site: Path) -> Path:
    """Leave one of the shipped calendars in a folder, the political year: it is read in no time."""
    for path in (site / "calendars").iterdir():
        if path.name != "politisk-aar.toml":
            path.unlink()
    return site


def need(tool: str, found: str | None) -> str:
    """Return where a tool is; skip with a plain reason when this machine has none, unless it is required here."""
    if found is None:
        if tool in os.environ.get("ARSHJUL_TESTS_REQUIRE", "").split():
            pytest.fail(f"{tool} is required here and was not found")
        pytest.skip(f"{tool} is not installed on this machine")
    return found
