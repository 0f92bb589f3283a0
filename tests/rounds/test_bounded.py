"""How much of the database a tick reads: as much after twenty years of letters as after one, and it writes the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.letters.changes import news
from arshjul.letters.history import Report
from arshjul.letters.reminders import all_reminders, outlook, plan
from arshjul.loading import load
from arshjul.mail.verdicts import Outcome, Phase, State
from arshjul.organisation import Organisation
from arshjul.plan.model import ReminderKind
from arshjul.rounds import holds
from arshjul.rounds.holds import queue_of
from arshjul.rounds.immediate import Lookout, tell_coordinator
from arshjul.rounds.planning import Planned, letters_ahead, plan_round
from arshjul.rounds.remember import recall
from arshjul.store import facts, told
from arshjul.store.engine import Store, open_store
from arshjul.store.tables import ACKNOWLEDGEMENT, ATTEMPT, OUTBOX, REMINDER
from arshjul.store.upkeep import upgrade
from arshjul.timing.days import Span, Unit, local_day, local_instant
from arshjul.year.expand import expand
from tests.clock import clocks_of
from tests.files_of import TODAY_OF_FILES

THIS_YEAR = 2026
MOST_ROWS = 500
"""What a tick may read of this small site, whose turns and reminders of three years are among it."""

CONFIG = """
[letters]
send_days = ["tirsdag"]
from = "Årshjul <arshjul@example.no>"
coordinator = "Koordinator <koordinator@example.no>"
"""
CALENDAR = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = "innen 15. i hver måned"
responsible = "Kontoret"
[[event]]
id = "mote"
title = "Møtet"
when = "9. desember"
responsible = "Kontoret"
"""
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""On a Tuesday, before the hour of letters."""

LONG_AGO = datetime(2006, 1, 10, 12, tzinfo=UTC)
"""The first start."""

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 20, tzinfo=UTC)


def site(folder: Path, calendar: str = CALENDAR) -> Organisation:
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / "k.toml").write_text(calendar, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    organisation = load(folder, TODAY_OF_FILES)
    assert organisation.problems == ()
    return organisation


def fill(store: Store, years: int, ahead: int = 0) -> None:
    """Put letters into the outbox that were sent in so many years, two on each day, and reports of what they told.

    What they told was so many days `ahead`.
    """
    days = [date(THIS_YEAR, 11, 20) - timedelta(days=number) for number in range(365 * years)]
    with store.writing() as connection:
        connection.execute(insert(OUTBOX), [letter(day, number) for day in days for number in (1, 2)])
        connection.execute(insert(ATTEMPT), [attempt(day, number) for day in days for number in (1, 2)])
        connection.execute(insert(REMINDER), [reminder(day, number, ahead) for day in days for number in (1, 2)])
        connection.execute(insert(ACKNOWLEDGEMENT), [report(day) for day in days])
        facts.put(connection, facts.GO_LIVE, LONG_AGO.isoformat())


def is_refused(day: date, number: int) -> bool:
    return number == 2 and day.day == 1 and day.month == 1


def name(day: date, number: int) -> str:
    return f"{day:%Y%m%d}{number:018}"


def key(day: date, number: int) -> str:
    """Return the key of a thing that the files have or had: the monthly report, or another each day."""
    return f"k/rapport/{day:%Y-%m}" if number == 1 and day.day == 15 else f"k/sak{number}/{day}"


def letter(day: date, number: int) -> dict[str, Any]:
    at, called = local_instant(day, time(8)), name(day, number)
    return {
        "id": called,
        "state": State.REJECTED if is_refused(day, number) else State.ACCEPTED,
        "address": f"leser{number}@example.no",
        "send_day": day,
        "send_at": at,
        "subject": "Om en sak",
        "sender": "arshjul@example.no",
        "message_id": f"<{called}@example.no>",
        "wire": b"x",
        "wire_sha256": "",
        "accepted_at": None if is_refused(day, number) else at,
        "settled_at": at,
        "created_at": at,
    }


def attempt(day: date, number: int) -> dict[str, Any]:
    return {
        "outbox_id": name(day, number),
        "generation": 1,
        "phase": Phase.DATA,
        "outcome": Outcome.REJECTED if is_refused(day, number) else Outcome.ACCEPTED,
        "owner": "prøve",
        "ended_at": local_instant(day, time(8)),
    }


def reminder(day: date, number: int, ahead: int) -> dict[str, Any]:
    return {
        "key": key(day, number),
        "kind": ReminderKind.LEAD,
        "lead_amount": 5,
        "lead_unit": Unit.WORKDAYS,
        "number": 0,
        "withdrawn_by": "",
        "address": f"leser{number}@example.no",
        "due": day,
        "deadline": day + timedelta(days=ahead),
        "title": "En sak",
        "outbox_id": name(day, number),
        "created_at": local_instant(day, time(8)),
    }


def report(day: date) -> dict[str, Any]:
    return {"key": key(day, 1), "state": Report.DONE, "reported_at": local_instant(day, time(9))}


@dataclass(slots=True)
class Read:
    """What has been read of a database: rows that were fetched, and hundreds of steps that SQLite took to find them."""

    rows: int = 0
    steps: int = 0

    def row(self, _: object, row: tuple[object, ...]) -> tuple[object, ...]:
        self.rows += 1
        return row

    def step(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def counted(store: Store) -> Iterator[Read]:
    found = Read()

    def count(connection: Any, *_: object) -> None:  # noqa: ANN401  (the driver's)
        connection.row_factory = found.row
        connection.set_progress_handler(found.step, 100)

    event.listen(store.engine, "checkout", count)
    try:
        yield found
    finally:
        event.remove(store.engine, "checkout", count)
        store.engine.dispose()


def send(store: Store, now: datetime) -> None:
    sent = {"state": State.ACCEPTED, "next_at": None, "accepted_at": now, "settled_at": now}
    with store.writing() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.state == State.QUEUED).values(sent))


def tick(organisation: Organisation, store: Store, lookout: Lookout, now: datetime) -> Planned:
    """Do what a tick of the service asks of the database."""
    done = plan_round(organisation, store, now, reading=clocks_of(lambda: now)())
    tell_coordinator(organisation, store, now, lookout.look(organisation, now))
    queue_of(store, now)
    return done


@pytest.mark.parametrize("now", [NIGHT, EVENING], ids=["night", "evening"])
def test_tick_with_nothing_to_do_reads_as_much_after_twenty_years_as_after_one(tmp_path: Path, now: datetime) -> None:
    found = []
    for years in (1, 20):
        folder = tmp_path / f"{years}"
        folder.mkdir()
        organisation = site(folder)
        with closing(open_store(f"sqlite:///{folder}/var/arshjul.db", folder / "var")) as store:
            upgrade(store)
            fill(store, years)
            lookout = Lookout(store)
            for at in (NIGHT, MORNING, EVENING) if now == EVENING else (NIGHT,):
                tick(organisation, store, lookout, at)
                send(store, at)
            with counted(store) as read:
                done = tick(organisation, store, lookout, now + timedelta(minutes=1))
        assert done == Planned()
        found.append(read)
    first, last = found
    assert last.rows == first.rows <= MOST_ROWS
    assert last.steps <= 2 * first.steps


def test_tick_that_plans_reads_no_more_of_what_is_past(tmp_path: Path) -> None:
    found = []
    for years in (2, 20):
        folder = tmp_path / f"{years}"
        folder.mkdir()
        organisation = site(folder)
        with closing(open_store(f"sqlite:///{folder}/var/arshjul.db", folder / "var")) as store:
            upgrade(store)
            fill(store, years, ahead=7)
            lookout = Lookout(store)
            tick(organisation, store, lookout, NIGHT)
            holds.order(store, Hold(HoldKind.EDITS, "Noen må se på det.", NIGHT))
            tick(organisation, store, lookout, MORNING)
            with counted(store) as read:
                tick(organisation, store, lookout, MORNING + timedelta(minutes=1))
        found.append(read.rows)
    assert found[1] == found[0] <= MOST_ROWS


EDITS = {
    "nothing": ("", ""),
    "moved": ('"9. desember"', '"10. desember"'),
    "moved to the next year": ('"9. desember"', '"9. januar"'),
    "removed": (CALENDAR[CALENDAR.rindex("[[event]]") :], ""),
    "all moved": ('"innen 15. i hver måned"', '"innen 20. i hver måned"'),
}


@pytest.mark.parametrize("edited", EDITS)
def test_what_is_planned_is_the_same_as_by_all_that_was_ever_told(tmp_path: Path, store: Store, edited: str) -> None:
    organisation = site(tmp_path)
    fill(store, 3, ahead=7)
    plan_round(organisation, store, MORNING)
    organisation = site(tmp_path, CALENDAR.replace(*EDITS[edited]))
    for days in range(0, 36, 7):
        at = MORNING + timedelta(days=days)
        letters, known = letters_ahead(organisation, store, at, at)
        catalogue, rules, today = recall(organisation, store, at).catalogue, organisation.settings.rules, local_day(at)
        year, whole = expand(catalogue, outlook(at)), told.known(store).as_of(today)
        ahead = [one for one in year if one.deadline is not None and one.deadline >= today]
        found = list(all_reminders(catalogue, ahead, Span.of(today), rules))
        assert len(known.told) < len(whole.told)
        assert letters == plan(found, at, whole, rules, news(year, whole, today))
