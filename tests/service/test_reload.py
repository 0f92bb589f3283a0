"""What a service in this process makes of its files when they change, with a real store and real files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.loading import load
from arshjul.rounds import holds
from arshjul.service.guard import MOVED
from arshjul.service.parts import is_same_way_out, store_of
from arshjul.service.running import Service
from tests.clock import clocks_of, going
from tests.files_of import TODAY_OF_FILES
from tests.small_site import CONFIG, edit, write_site


def with_service(folder: Path, use: Callable[[Service], Awaitable[None]]) -> None:
    """Use a service on a small site; it listens to nobody."""

    async def using() -> None:
        organisation = load(folder, TODAY_OF_FILES)
        assert not organisation.problems
        await use(Service(organisation, store_of(organisation.settings), going, clocks_of(going)))

    write_site(folder)
    (folder / "config.toml").write_text(CONFIG.replace("8000", "8123"), encoding="utf-8")
    asyncio.run(using())


def test_config_that_cannot_be_read_says_nothing_of_the_address(tmp_path: Path) -> None:
    async def use(service: Service) -> None:
        edit(tmp_path / "config.toml", "[site]", "[site")
        await service.reload()
        said = [problem.message for problem in service.site.state.problems]
        assert len(said) == 1
        assert MOVED not in said

    with_service(tmp_path, use)


def test_page_tells_when_the_files_were_taken_in_not_when_they_were_last_refused(tmp_path: Path) -> None:
    async def use(service: Service) -> None:
        first = service.site.state.loaded_at
        edit(tmp_path / "calendars" / "region.toml", 'title = "Styremøte"', 'titel = "Styremøte"')
        await service.reload()
        assert service.site.state.problems
        assert service.site.state.loaded_at == first
        edit(tmp_path / "calendars" / "region.toml", 'titel = "Styremøte"', 'title = "Møte i styret"')
        await service.reload()
        assert first
        assert service.site.state.loaded_at
        assert service.site.state.loaded_at > first

    with_service(tmp_path, use)


def test_copy_that_cannot_be_kept_is_told_until_it_can_and_does_not_make_the_page_anew(tmp_path: Path) -> None:
    in_the_way = tmp_path / "var" / "last-good.new"
    in_the_way.parent.mkdir()
    in_the_way.write_text("", encoding="utf-8")

    async def use(service: Service) -> None:
        assert not service.site.state.notices
        await service.tick()
        await service.show()
        told = service.site.state
        assert [problem.message for problem in told.notices] == [
            "Filene er i bruk, men kopien av dem i var/last-good kan ikke lagres: den finnes fra før."
        ]
        for _ in range(3):
            await service.show()
        await service.tick()
        assert service.site.state is told

        in_the_way.unlink()
        await service.tick()
        await service.show()
        assert service.site.state.notices == ()
        assert sorted(path.name for path in (tmp_path / "var" / "last-good").iterdir()) == [
            "config.toml",
            "region.toml",
        ]

    with_service(tmp_path, use)


def test_hold_is_logged_once_and_again_each_day_that_it_lasts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told = "Utsendingen står: Kari vil se på dem først."
    times = [datetime(2027, 3, day, hour, tzinfo=UTC) for day, hour in ((2, 9), (2, 10), (3, 9), (3, 10))]

    async def use(service: Service) -> None:
        holds.order(service.store, Hold(HoldKind.PERSON, "Kari vil se på dem først.", times[0]))
        for time in times:
            service.now = partial(datetime.replace, time)
            await service.tick()
            assert [problem.message for problem in service.site.state.notices] == [told]
        holds.lift(service.store)
        await service.tick()
        assert service.site.state.notices == ()

    with_service(tmp_path, use)

    said = f"{told} Er alt som det skal, kjør «arshjul outbox release»."
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [said, said]


def test_only_what_has_to_do_with_mail_makes_a_new_way_out(tmp_path: Path) -> None:
    write_site(tmp_path)
    config = tmp_path / "config.toml"
    first = load(tmp_path, TODAY_OF_FILES).settings
    edit(config, "port = 8000", 'port = 8000\nname = "Et annet navn"')
    renamed = load(tmp_path, TODAY_OF_FILES).settings
    assert renamed != first
    assert is_same_way_out(renamed, first)
    config.write_text(config.read_text(encoding="utf-8") + "[mail]\nper_minute = 7\n", encoding="utf-8")
    assert not is_same_way_out(load(tmp_path, TODAY_OF_FILES).settings, first)


def test_notes_of_the_files_in_force_are_on_the_page(tmp_path: Path) -> None:
    file = tmp_path / "calendars" / "region.toml"

    async def use(service: Service) -> None:
        assert not service.site.state.notes
        text = file.read_text(encoding="utf-8")
        file.write_text(f'{text}\n[[event]]\nid = "uke"\ntitle = "Uken"\nwhen = "uke 53"\n', encoding="utf-8")
        await service.reload()
        noted = service.site.state.notes
        assert [one.message[:32] for one in noted] == ["«uke 53» kommer ikke hvert år: d"]
        edit(file, '"uke 53"', '"uke 54"')
        await service.reload()
        assert service.site.state.problems
        assert service.site.state.notes == noted
        edit(file, '"uke 54"', '"uke 52"')
        await service.reload()
        assert not service.site.state.notes

    with_service(tmp_path, use)
