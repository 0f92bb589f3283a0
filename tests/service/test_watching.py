"""The files are looked at when the system says that they have changed, and every second where it cannot."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import httpx
import pytest

from arshjul.plan.files import Ways, calendar_paths, ways_to
from arshjul.service.watching import TOLD_SECONDS, UNTOLD_SECONDS, FileWatch
from tests.service.test_guard import no_files_left
from tests.serving import serving, until
from tests.small_site import edit, write_site

SOON = 2.0
"""An edit is served in that time, so it is seen well before."""

QUIET = 0.7
"""So long nothing is told of what does not count."""


def site_ways(folder: Path) -> Ways:
    calendars = folder / "calendars"
    return ways_to([folder / "config.toml", *calendar_paths(calendars)], calendars)


async def is_told(files: FileWatch, seconds: float = SOON) -> bool:
    """Tell whether the watch wakes in that time."""
    began = asyncio.get_running_loop().time()
    await files.wait(seconds)
    return asyncio.get_running_loop().time() - began < seconds


def watched(folder: Path, use: Callable[[FileWatch], Awaitable[None]]) -> None:
    """Use a watch of a folder that has begun, and has said so."""

    async def using() -> None:
        files = FileWatch()
        try:
            await files.follow(partial(site_ways, folder))
            assert files.is_told
            assert files.pause == TOLD_SECONDS
            assert await is_told(files)  # what came before is looked at once more
            await use(files)
        finally:
            await files.end()

    asyncio.run(using())


def replaced(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.swp")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def swapped(link: Path, target: str) -> None:
    aside = link.with_name("..data_tmp")
    aside.symlink_to(target)
    aside.replace(link)


def in_place(site: Path) -> None:
    (site / "calendars" / "region.toml").write_text("x", encoding="utf-8")


def by_rename(site: Path) -> None:
    replaced(site / "calendars" / "region.toml", "x")


def new_calendar(site: Path) -> None:
    (site / "calendars" / "ny.toml").touch()


def removed(site: Path) -> None:
    (site / "calendars" / "region.toml").unlink()


def settings(site: Path) -> None:
    replaced(site / "config.toml", "x")


def folder_away(site: Path) -> None:
    (site / "calendars").rename(site / "old")


def site_away(site: Path) -> None:
    site.rename(site.with_name("old"))


@pytest.mark.parametrize("change", [in_place, by_rename, new_calendar, removed, settings, folder_away, site_away])
def test_change_of_any_kind_is_told(tmp_path: Path, change: Callable[[Path], None]) -> None:
    site = tmp_path / "site"
    write_site(site)

    async def use(files: FileWatch) -> None:
        change(site)
        assert await is_told(files)

    watched(site, use)


def test_what_is_saved_beside_the_files_is_not_told(tmp_path: Path) -> None:
    write_site(tmp_path)

    async def use(files: FileWatch) -> None:
        (tmp_path / "serve.log").write_text("x", encoding="utf-8")
        (tmp_path / "var").mkdir()
        (tmp_path / "var" / "arshjul.db").touch()
        (tmp_path / "calendars" / "region.toml").read_text(encoding="utf-8")
        assert not await is_told(files, QUIET)

    watched(tmp_path, use)


def test_folder_that_was_replaced_is_followed_from_then_on(tmp_path: Path) -> None:
    write_site(tmp_path)
    calendars = tmp_path / "calendars"

    async def use(files: FileWatch) -> None:
        shutil.copytree(calendars, tmp_path / "new")
        calendars.rename(tmp_path / "old")
        (tmp_path / "new").rename(calendars)
        assert await is_told(files)
        await files.follow(partial(site_ways, tmp_path))
        assert await is_told(files)
        by_rename(tmp_path)
        assert await is_told(files)

    watched(tmp_path, use)


def test_folder_that_was_away_when_the_watch_began_is_told_of_when_it_comes(tmp_path: Path) -> None:
    site = tmp_path / "site"

    async def use(files: FileWatch) -> None:
        write_site(site)
        assert await is_told(files)
        await files.follow(partial(site_ways, site))
        assert await is_told(files)
        in_place(site)
        assert await is_told(files)

    watched(site, use)


def test_link_that_is_swapped_is_told_and_its_new_target_followed(tmp_path: Path) -> None:
    write_site(tmp_path)
    calendars, data = tmp_path / "calendars", tmp_path / "calendars" / "..data"
    for name in ("..1", "..2"):
        (calendars / name).mkdir()
        shutil.copy(calendars / "region.toml", calendars / name / "region.toml")
    (calendars / "region.toml").unlink()
    data.symlink_to("..1")
    (calendars / "region.toml").symlink_to("..data/region.toml")

    async def use(files: FileWatch) -> None:
        swapped(data, "..2")
        assert await is_told(files)
        await files.follow(partial(site_ways, tmp_path))
        assert await is_told(files)
        (calendars / "..2" / "region.toml").write_text("x", encoding="utf-8")
        assert await is_told(files)

    watched(tmp_path, use)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_where_the_system_has_no_room_the_files_are_looked_at_and_that_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_site(tmp_path)
    found = site_ways(tmp_path)

    async def using() -> None:
        files = FileWatch(told_seconds=0.0)  # tried again at each look
        with no_files_left():
            for _ in range(3):
                await files.follow(lambda: found)
                assert not files.is_told
                assert files.pause == UNTOLD_SECONDS
        await files.follow(lambda: found)
        assert files.is_told
        await files.end()

    asyncio.run(using())
    assert warnings(caplog) == [
        "Systemet sier ikke fra når filene endres (grensen for hvor mye systemet overvåker, er nådd: "
        "fs.inotify.max_user_instances eller max_user_watches), så de ses etter hvert sekund."
    ]


def test_on_a_network_drive_the_files_are_looked_at(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_site(tmp_path)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {tmp_path} rw - nfs4 tjener:/ rw\n", encoding="utf-8"
    )

    async def using() -> None:
        files = FileWatch(mounts=mounts)
        await files.follow(partial(site_ways, tmp_path))
        assert files.pause == UNTOLD_SECONDS

    asyncio.run(using())
    (said,) = warnings(caplog)
    assert f"(«{tmp_path}» ligger på nfs4)" in said


@pytest.mark.parametrize("is_forced", [False, True])
def test_edit_is_served_either_way_however_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_forced: bool
) -> None:
    if is_forced:
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    calendar = write_site(tmp_path)
    with serving(tmp_path) as served, httpx.Client(trust_env=False) as client:
        text = calendar.read_text(encoding="utf-8")
        replaced(calendar, text.replace("Styremøte", "Møte i styret"))
        until(lambda: "Møte i styret" in client.get(served.feed("region")).text)
        edit(calendar, "Møte i styret", "Møte for styret")
        until(lambda: "Møte for styret" in client.get(served.feed("region")).text)
        log = (tmp_path / "serve.log").read_text(encoding="utf-8")
    assert log.count("Systemet sier ikke fra") == int(is_forced)
    assert "change" not in log  # the library's own words
