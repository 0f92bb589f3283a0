"""`serve` whose database cannot be used, from the start or later: what it serves and says, and that it recovers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest

from arshjul.feeds.subscriptions import parse_spec
from arshjul.service.guard import LOCKING, OPENING
from arshjul.store import tokens
from arshjul.store.engine import StoreGoneError, open_store
from arshjul.store.upkeep import upgrade
from tests.clock import going
from tests.serving import Served, serving, until
from tests.small_site import DATES, edit, months, write_site

pytestmark = pytest.mark.faults

FEED = "party:region/styret"


def get(served: Served, path: str) -> httpx.Response:
    return httpx.get(f"{served.url}{path}", trust_env=False, timeout=20)


def faults(served: Served) -> list[str]:
    return [one["words"] for one in get(served, "/healthz").json()["faults"]]


def database(folder: Path) -> Path:
    return folder / "var" / "arshjul.db"


@contextmanager
def damaged(folder: Path) -> Iterator[None]:
    """No database where it should be; at the end it is as it was."""
    whole = database(folder).read_bytes()
    database(folder).write_bytes(b"ikke en database " * 4096)
    yield
    database(folder).write_bytes(whole)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The database in use by another, without end."""
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE another (a)")
        yield
        other.execute("ROLLBACK")


@contextmanager
def out_of_reach(folder: Path) -> Iterator[None]:
    """A file where the folder of the database should be, as where a disk is not mounted."""
    (folder / "var").rename(folder / "away")
    (folder / "var").write_text("")
    yield
    (folder / "var").unlink()
    (folder / "away").rename(folder / "var")


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, str]:
    """A site that has a database with a private feed, and the path of that feed."""
    write_site(tmp_path)
    with closing(open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")) as store:
        upgrade(store)
        token = tokens.add(store, FEED, "Styret", going())
    return tmp_path, f"/f/{token}/{parse_spec(FEED).slug}.ics"


@pytest.mark.parametrize("trouble", [damaged, locked, out_of_reach])
def test_site_is_served_from_the_files_until_the_database_can_be_used(
    site: tuple[Path, str], trouble: Callable[[Path], AbstractContextManager[None]]
) -> None:
    folder, feed = site
    with ExitStack() as stack:
        with trouble(folder):
            served = stack.enter_context(serving(folder))
            assert get(served, "/f/region.ics").text.count("BEGIN:VEVENT") > 10
            page = get(served, "/").text
            assert ("Styremøte" in page, OPENING in page) == (True, True)
            assert get(served, "/readyz").text.startswith(f"klar\n- {OPENING}\n")
            assert faults(served)[0] == OPENING
            waits = get(served, feed)
            assert (waits.status_code, waits.headers["retry-after"]) == (503, "60")
            assert get(served, "/f/finnes-ikke.ics").status_code == 404
            assert get(served, f"/u/{feed[3:46]}").status_code == 503
        until(lambda: faults(served) == [], "the database is used")
        assert get(served, feed).status_code == 200
        assert OPENING not in get(served, "/").text
    assert "Stoppet." in (folder / "serve.log").read_text(encoding="utf-8")


def test_files_that_would_make_dates_vanish_are_not_shown_while_the_brake_cannot_be_asked(
    site: tuple[Path, str],
) -> None:
    folder, _ = site
    with serving(folder) as served:
        until(lambda: faults(served) == [], "all is well")
        before = get(served, "/f/region.ics").text.count("BEGIN:VEVENT")
    edit(folder / "calendars" / "region.toml", DATES, months(1, 2))
    with ExitStack() as stack:
        with damaged(folder):
            served = stack.enter_context(serving(folder))
            assert faults(served)[0] == OPENING
            assert get(served, "/f/region.ics").text.count("BEGIN:VEVENT") == before > 10
        until(lambda: OPENING not in faults(served), "the database is used")
        assert get(served, "/f/region.ics").text.count("BEGIN:VEVENT") == before
        assert "ville forsvunnet" in get(served, "/").text
    assert (folder / "serve.log").read_text(encoding="utf-8").count(f"WARNING {OPENING}") == 1


def remove_all(folder: Path) -> None:
    shutil.rmtree(folder / "var")


def remove_file(folder: Path) -> None:
    database(folder).unlink()


def put_back_a_copy(folder: Path) -> None:
    """As from a backup, under a service that runs."""
    copy = folder / "copy"
    shutil.copy(database(folder), copy)
    copy.replace(database(folder))


@pytest.mark.parametrize("lose", [remove_all, remove_file, put_back_a_copy])
def test_database_that_is_taken_away_is_seen_at_once_and_nothing_is_written_to_what_is_lost(
    site: tuple[Path, str], lose: Callable[[Path], None]
) -> None:
    folder, feed = site
    with serving(folder) as served:
        until(lambda: faults(served) == [], "all is well")
        lose(folder)
        until(lambda: LOCKING in faults(served), "it is seen", seconds=5)
        assert StoreGoneError.words in faults(served)
        assert StoreGoneError.words in get(served, "/").text
        assert get(served, "/readyz").status_code == 200
        assert get(served, feed).status_code == 200
        assert not (folder / "var" / "arshjul.db-wal").exists() or lose is not remove_all
    log = (folder / "serve.log").read_text(encoding="utf-8")
    assert log.count(LOCKING) == 1


def test_database_that_is_moved_away_and_back_is_used_again(site: tuple[Path, str]) -> None:
    folder, _ = site
    with serving(folder) as served:
        until(lambda: faults(served) == [], "all is well")
        (folder / "var").rename(folder / "away")
        until(lambda: StoreGoneError.words in faults(served), "it is seen", seconds=5)
        (folder / "away").rename(folder / "var")
        until(lambda: StoreGoneError.words not in faults(served), "it is back", seconds=60)
