"""Twenty faults, made by breaking the real thing: what health says of each, and that all its voices say the same.

The voices are /readyz (200, and the words), /healthz (503, and the words with their area), the page, the log, `doctor`,
and `outbox list` with its exit code where letters are kept back.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from arshjul.health import FILES, HELD, RESTING, Area
from arshjul.letters.brakes import ClockSample, Hold, HoldKind
from arshjul.loading import load
from arshjul.mail.verdicts import URGENT
from arshjul.rounds import holds
from arshjul.service.guard import MOVED, PLANNING, TEMPLATES
from arshjul.service.parts import store_of
from arshjul.service.running import Service
from arshjul.store import queue
from arshjul.store.engine import Store, StoreError, StoreGoneError
from arshjul.store.facts import beside
from arshjul.store.lock import sender_lock
from arshjul.web.app import create_app
from tests.clock import NOON, clocks_of, main
from tests.files_of import TODAY_OF_FILES
from tests.sample_letters import queued
from tests.small_site import edit, write_site

KEPT_COPY: Final = "Kopien av filene i var/last-good kan ikke lagres."
HOUR = timedelta(hours=1)


@dataclass
class Site:
    """A service in this process, its folder, and the time that it sees."""

    folder: Path
    service: Service
    store: Store
    times: list[datetime]
    clocks: list[Callable[[], ClockSample]]

    @property
    def calendar(self) -> Path:
        return self.folder / "calendars" / "region.toml"

    @property
    def database(self) -> Path:
        return self.folder / "var" / "arshjul.db"

    def later(self, by: timedelta) -> None:
        self.times[0] += by

    def spoil(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement)


Break = Callable[[Site], AbstractContextManager[object] | None]


def broken_calendar(site: Site) -> None:
    edit(site.calendar, 'title = "Styremøte"', 'titel = "Styremøte"')


def no_calendars(site: Site) -> None:
    shutil.move(site.calendar.parent, site.folder / "away")


def no_config(site: Site) -> None:
    (site.folder / "config.toml").unlink()


def other_port(site: Site) -> None:
    edit(site.folder / "config.toml", "port = 8123", "port = 8124")


def no_copies(site: Site) -> None:
    (site.folder / "var" / "last-good.new").write_text("")
    edit(site.calendar, 'title = "Styremøte"', 'title = "Møte i styret"')


def no_database(site: Site) -> None:
    for path in site.database.parent.glob("arshjul.db*"):
        path.unlink()


def copied_database(site: Site) -> None:
    copy = site.folder / "copy"
    shutil.copy(site.database, copy)
    copy.replace(site.database)


def damaged_database(site: Site) -> None:
    site.store.engine.dispose()
    site.database.write_bytes(b"ikke en database " * 4096)
    for end in ("-wal", "-shm"):
        Path(f"{site.database}{end}").unlink(missing_ok=True)


@contextmanager
def locked_database(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(site.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    """No file may grow: the disk as a process meets it that has no room left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{site.database}-wal").stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def restored_database(site: Site) -> None:
    beside(site.store, "epoch").write_text("900\n", encoding="ascii")


def damaged_count(site: Site) -> None:
    beside(site.store, "epoch").write_text("?", encoding="ascii")


def stopped_by_somebody(site: Site) -> None:
    holds.order(site.store, Hold(HoldKind.PERSON, "Stanset av kari@example.no.", site.times[0]))


def silent_server(site: Site) -> None:
    """Nobody listens where the mail server should be."""
    queue.queue(site.store, [queued(1, variant=f"{URGENT}-prove", send_at=site.times[0])], site.times[0])
    with (site.folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 9\nstart_tls = false\n')


def moved_clock(site: Site) -> None:
    site.clocks.append(lambda: ClockSample(site.times[0] + timedelta(hours=25), 10.0, "tests"))


def broken_template(site: Site) -> None:
    own = site.folder / "templates" / "email"
    own.mkdir(parents=True)
    (own / "reminder.txt").write_text("{{ 1 / 0 }}", encoding="utf-8")


def secret_runs_out(site: Site) -> None:
    with (site.folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[mail]\nsecret_expires = "2026-11-25"\n')


def waiting_letter(site: Site) -> None:
    silent_server(site)
    site.spoil("UPDATE outbox SET send_at = send_at - 5 * 3600 * 1000000")


def undecided_letter(site: Site) -> None:
    queue.queue(site.store, [queued(1, variant=f"{URGENT}-prove", send_at=site.times[0])], site.times[0])
    site.spoil("UPDATE outbox SET state = 'held', next_at = NULL")


def no_clock() -> ClockSample:
    raise OSError("no clock")


def unplanned_days(site: Site) -> None:
    site.spoil("UPDATE fact SET value = '2026-11-16' WHERE key = 'planned-day'")
    site.clocks.append(no_clock)


SECRET: Final = (
    "Hemmeligheten for innlogging på e-posttjeneren går ut om 5 dager, onsdag 25. november 2026. Lag en ny før den tid."
)
STORE, GONE = StoreError.words, StoreGoneError.words
LETTERS: Final[Mapping[Break, tuple[Area, str]]] = {
    stopped_by_somebody: (Area.SENDING, HELD[HoldKind.PERSON]),
    restored_database: (Area.SENDING, HELD[HoldKind.RESTORED]),
    damaged_count: (Area.SENDING, HELD[HoldKind.DAMAGED]),
    moved_clock: (Area.SENDING, HELD[HoldKind.CLOCK]),
    silent_server: (Area.SENDING, RESTING),
    waiting_letter: (Area.SENDING, "Brev har ventet siden fredag 20. november 2026 kl. 07.01."),
    undecided_letter: (Area.SENDING, "1 brev venter på en avgjørelse."),
}
"""What keeps letters back, and lies in the database: other processes say it too."""

OTHERS: Final[Mapping[Break, tuple[Area, str]]] = {
    broken_calendar: (Area.FILES, FILES),
    no_calendars: (Area.FILES, FILES),
    no_config: (Area.FILES, FILES),
    other_port: (Area.FILES, MOVED),
    no_copies: (Area.FILES, KEPT_COPY),
    no_database: (Area.STORE, GONE),
    copied_database: (Area.STORE, GONE),
    damaged_database: (Area.STORE, STORE),
    locked_database: (Area.PLANNING, PLANNING),
    full_disk: (Area.STORE, STORE),
    broken_template: (Area.SENDING, TEMPLATES),
    secret_runs_out: (
        Area.SECRETS,
        SECRET,
    ),
    unplanned_days: (Area.PLANNING, PLANNING),
}


FAULTS: Final[Mapping[Break, tuple[Area, str]]] = {**LETTERS, **OTHERS}


async def broken(folder: Path, how: Break, meanwhile: Callable[[Site], object]) -> dict[str, httpx.Response]:
    """Start a service, break one thing, let it go round, and return its answers by path."""
    times = [NOON]
    organisation = load(folder, TODAY_OF_FILES)
    assert not organisation.problems
    store = store_of(organisation.settings)
    with closing(store), sender_lock(store) as lock:
        clocks = [clocks_of(lambda: times[0])]
        service = Service(organisation, store, lambda: times[0], lambda: clocks[-1](), lock)  # noqa: PLW0108  (the last one at that time)
        site = Site(folder, service, store, times, clocks)
        await go_round(site)
        assert service.health().faults == ()
        with how(site) or nullcontext():
            await go_round(site)
            await go_round(site)
            way = httpx.ASGITransport(app=create_app(service.site))
            async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1") as client:
                answers = {path: await client.get(path) for path in ("/readyz", "/healthz", "/", "/livez")}
            await asyncio.to_thread(meanwhile, site)
    return answers


async def go_round(site: Site) -> None:
    """Do what the loops of the service do, once each."""
    site.later(timedelta(seconds=60))
    await site.service.watch_once()
    await site.service.watch_once()
    await site.service.look_once()
    await site.service.tick()
    await site.service.send_once()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_site(tmp_path)
    edit(tmp_path / "config.toml", "port = 8000", "port = 8123")
    return tmp_path


@pytest.mark.parametrize("how", [*LETTERS, *OTHERS], ids=lambda how: how.__name__)
def test_fault_is_told_by_every_voice_in_the_same_words(
    folder: Path, how: Break, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    area, words = FAULTS[how]
    commands: dict[str, tuple[int, str]] = {}

    def ask(site: Site) -> None:
        asked = ["outbox list"] if how in LETTERS else []
        for command in asked if how is moved_clock else [*asked, *(["doctor"] if asked else [])]:  # its clock is right
            capsys.readouterr()
            code = main(["-C", str(site.folder), *command.split()], site.times[0])
            commands[command] = code, capsys.readouterr().out

    with caplog.at_level(logging.INFO, "arshjul"):
        answers = asyncio.run(broken(folder, how, ask))

    assert (answers["/livez"].status_code, answers["/readyz"].status_code) == (200, 200)
    assert answers["/readyz"].text.startswith("klar\n- ")
    assert f"- {words}\n" in answers["/readyz"].text
    body = answers["/healthz"].json()
    assert (answers["/healthz"].status_code, body["status"]) == (503, "fault")
    assert {"area": str(area), "words": words} in body["faults"]
    assert "@" not in answers["/healthz"].text
    assert answers["/"].status_code == 200
    assert "Dette er ikke som det skal" in answers["/"].text or "Kalenderfilene har feil" in answers["/"].text
    assert any(record.levelno >= logging.WARNING for record in caplog.records)
    for command, (code, out) in commands.items():
        assert (command, code, f"✗ {words}\n" in out) == (command, 1, True)


def test_faults_are_twenty() -> None:
    assert len(FAULTS) == 20


@pytest.mark.parametrize("how", [broken_calendar, stopped_by_somebody, silent_server, undecided_letter])
def test_fault_is_logged_once_while_it_lasts(folder: Path, how: Break, caplog: pytest.LogCaptureFixture) -> None:
    def go_on(site: Site) -> None:
        pass

    async def use() -> None:
        await broken(folder, how, go_on)

    with caplog.at_level(logging.WARNING, "arshjul"):
        asyncio.run(use())

    told = [record.getMessage() for record in caplog.records]
    assert len(told) == len(set(told)) > 0
