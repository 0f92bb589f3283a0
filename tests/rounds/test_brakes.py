"""What stops the rounds until a person has looked, met by the rounds themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import update

from arshjul.letters.brakes import ENDED_BY_OTHERS, ClockSample, Hold, HoldKind
from arshjul.loading import load
from arshjul.mail.transports import MaildirTransport
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.rounds import holds
from arshjul.rounds.planning import plan_round
from arshjul.rounds.sending import SendReport, send_round
from arshjul.settings import BrakesShape
from arshjul.store import queue
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX
from tests.files_of import TODAY_OF_FILES
from tests.sample_letters import NOW, many

BEFORE = datetime(2026, 11, 20, 6, tzinfo=UTC)
DUE = datetime(2026, 12, 8, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


CONFIG = """
[letters]
leads = [{leads}]
send_days = ["tirsdag"]
from = "Årshjul <arshjul@example.no>"
coordinator = "Koordinator <koordinator@example.no>"
[brakes]
letters_by_edit = {by_edit}
"""
PARTY = '[[party]]\nid = "p{n}"\nname = "Part {n}"\nmembers = ["m{n}@example.no"]\n'
TASK = '[[event]]\nid = "e{n}"\ntitle = "Sak {n}"\nwhen = "innen {day}"\nresponsible = "Part {n}"\n'
HEAD = '[calendar]\nid = "k"\nname = "Rådet"\n'
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
MEMBERS = 65


def council(folder: Path, calendar: str, leads: str = "20, 5", by_edit: int = 1000) -> Organisation:
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / "k.toml").write_text(HEAD + calendar, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG.format(leads=leads, by_edit=by_edit), encoding="utf-8")
    organisation = load(folder, TODAY_OF_FILES)
    assert organisation.problems == ()
    return organisation


def all_at_once(day: str = "26. februar") -> str:
    """A council of 65 members who all have one deadline, and a half-yearly one."""
    members = ", ".join(f'"m{n}@example.no"' for n in range(MEMBERS))
    party = f'[[party]]\nid = "radet"\nname = "Rådet"\nmembers = [{members}]\n'
    events = (("innspill", day), ("rapport", "30. april"), ("svar", "18. juni"))
    task = '[[event]]\nid = "{}"\ntitle = "Sak"\nwhen = "innen {}"\nresponsible = "Rådet"\n'
    return party + "".join(task.format(*one) for one in events)


def one_by_one() -> str:
    """65 members, each with a deadline on a day of their own."""
    days = [date(2027, 6, 1) + timedelta(days=n) for n in range(MEMBERS)]
    return "".join(PARTY.format(n=n) + TASK.format(n=n, day=day.isoformat()) for n, day in enumerate(days))


def days_of(organisation: Organisation, store: Store, first: str, last: str) -> list[tuple[str, int]]:
    """Plan each day at nine and return the days that had letters, with how many."""
    day, found = datetime.fromisoformat(f"{first}T08:00+00:00"), []
    while day <= datetime.fromisoformat(f"{last}T23:00+00:00"):
        if queued := plan_round(organisation, store, day).queued:
            found.append((str(day.date()), queued))
            sent = {"state": State.ACCEPTED, "next_at": None, "accepted_at": day, "settled_at": day}
            with store.writing() as connection:
                connection.execute(update(OUTBOX).where(OUTBOX.c.state == State.QUEUED).values(sent))
        day += timedelta(days=1)
    return found


@pytest.mark.years
def test_mailing_that_the_year_plans_is_never_held(tmp_path: Path, store: Store) -> None:
    organisation = council(tmp_path, all_at_once())
    plan_round(organisation, store, START)

    found = days_of(organisation, store, "2026-11-21", "2027-06-20")

    assert [(day, count) for day, count in found if count > 1] == [
        ("2027-01-26", MEMBERS + 1),
        ("2027-02-19", MEMBERS),
        ("2027-03-02", MEMBERS + 1),  # overdue
        ("2027-03-30", MEMBERS + 1),
        ("2027-04-23", MEMBERS),
        ("2027-05-04", MEMBERS + 1),  # overdue
        ("2027-05-18", MEMBERS + 1),
        ("2027-06-11", MEMBERS),
    ]
    assert holds.current(store) is None


def test_flood_is_held_and_the_coordinators_letter_goes_and_says_so(tmp_path: Path, store: Store) -> None:
    plan_round(council(tmp_path, one_by_one()), store, START)
    slip = council(tmp_path, one_by_one(), leads="250")
    tuesday = datetime(2026, 11, 24, 8, tzinfo=UTC)

    held = plan_round(slip, store, tuesday)
    hold = holds.current(store)

    assert hold is not None
    assert (hold.kind, hold.reason, hold.letters) == (HoldKind.FLOOD, held.held, MEMBERS)
    assert held.queued == 1
    (name,) = [one.id for one in queue.letters_by_state(store, State.QUEUED)]
    assert hold.reason.split(".")[0] in text_of(store, name)
    assert plan_round(slip, store, tuesday + MINUTE).queued == 0

    holds.release(store, tuesday + MINUTE)
    assert plan_round(slip, store, tuesday + MINUTE).queued == MEMBERS


def test_letters_that_an_edit_causes_wait_and_the_ordinary_ones_go(tmp_path: Path, store: Store) -> None:
    """In the first week, with no history to go by."""
    own = '[[party]]\nid = "to"\nname = "To"\nmembers = ["to@example.no"]\n'
    own += '[[event]]\nid = "to"\ntitle = "To"\nwhen = "innen 22. desember"\nresponsible = "To"\n'
    plan_round(council(tmp_path, all_at_once() + own, by_edit=20), store, START)
    slip = council(tmp_path, all_at_once("8. desember") + own, by_edit=20)

    tuesday = datetime(2026, 11, 24, 8, tzinfo=UTC)
    held = plan_round(slip, store, tuesday)
    hold = holds.current(store)

    assert hold is not None
    assert (hold.kind, hold.letters, hold.reason) == (HoldKind.EDITS, MEMBERS, held.held)
    addresses = {one.to.address for one in queue.letters_by_state(store, State.QUEUED)}
    assert addresses == {"to@example.no", "koordinator@example.no"}

    right = council(tmp_path, all_at_once() + own, by_edit=20)
    holds.release(store, tuesday + MINUTE)
    assert plan_round(right, store, tuesday + MINUTE).queued == 0


def test_days_that_were_missed_are_asked_about_and_todays_letters_go(tmp_path: Path, store: Store) -> None:
    text = one_by_one().replace("innen 2027-06-01", "innen 2026-12-15").replace("innen 2027-06-02", "innen 2026-12-22")
    organisation = council(tmp_path, text)
    plan_round(organisation, store, START)
    days_of(organisation, store, "2026-11-21", "2026-12-07")

    back = datetime(2026, 12, 15, 8, tzinfo=UTC)
    held = plan_round(organisation, store, back)
    hold = holds.current(store)

    assert hold is not None
    assert (hold.kind, hold.letters) == (HoldKind.GAP, 1)
    assert held.held == hold.reason
    assert held.queued == 2  # what is due today, and the coordinator's
    holds.release(store, back + MINUTE)
    assert plan_round(organisation, store, back + MINUTE).queued == 1


def test_one_day_off_is_caught_up_with_by_itself(tmp_path: Path, store: Store) -> None:
    text = one_by_one().replace("innen 2027-06-01", "innen 2026-12-15")
    organisation = council(tmp_path, text)
    plan_round(organisation, store, START)
    days_of(organisation, store, "2026-11-21", "2026-12-07")

    assert plan_round(organisation, store, datetime(2026, 12, 9, 8, tzinfo=UTC)).held == ""
    assert {one.to.address for one in queue.letters_by_state(store, State.QUEUED)} >= {"m0@example.no"}


def test_what_was_let_go_must_go_within_a_day(store: Store) -> None:
    limits = BrakesShape(letters_at_once=3, times_normal=1)
    assert holds.look_at_number(store, 5, NOW, limits, lambda: 1) is not None
    holds.release(store, NOW)

    assert holds.look_at_number(store, 5, NOW, limits, lambda: 1) is None
    assert holds.look_at_number(store, 5, NOW + timedelta(days=1), limits, lambda: 1) is not None


def text_of(store: Store, name: str) -> str:
    body = message_from_bytes(queue.wire_of(store, name) or b"", policy=policy.default).get_body(("plain",))
    return " ".join(str(body.get_content()).split()) if body else ""


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=2), timedelta(days=-1)])
def test_a_clock_that_is_wrong_stops_planning_and_sending(
    shipped: Organisation, store: Store, tmp_path: Path, jump: timedelta
) -> None:
    queue.queue(store, [replace(one, expires_at=NOW + timedelta(days=9)) for one in many(2)], NOW)
    assert holds.look(store, NOW - MINUTE, ClockSample(NOW - MINUTE, 940.0, "a")) is None
    wrong = NOW + jump
    report = round_at(store, tmp_path, wrong, ClockSample(wrong, 1000.0, "a"))
    assert report.hold is not None
    assert (report.hold.kind, report.trouble, report.states) == (HoldKind.CLOCK, report.hold.reason, {})
    assert plan_round(shipped, store, wrong, reading=ClockSample(wrong, 1000.0, "a")).held == report.hold.reason
    assert queue.counts(store) == {State.QUEUED: 2}

    assert round_at(store, tmp_path, NOW, ClockSample(NOW, 1000.0, "a")) == SendReport({State.ACCEPTED: 2})


def test_a_clock_that_a_person_says_is_right_is_gone_by(store: Store, tmp_path: Path) -> None:
    queue.queue(store, [replace(one, expires_at=NOW + timedelta(days=9)) for one in many(2)], NOW)
    assert holds.look(store, NOW - MINUTE, ClockSample(NOW - MINUTE, 940.0, "a")) is None
    later = NOW + timedelta(days=2)
    assert round_at(store, tmp_path, later, ClockSample(later, 1000.0, "a")).hold is not None

    holds.release(store, later)

    assert round_at(store, tmp_path, later, ClockSample(later, 1060.0, "a")) == SendReport({State.ACCEPTED: 2})


def test_a_fault_of_the_log_in_does_not_stop_planning(shipped: Organisation, store: Store) -> None:
    plan_round(shipped, store, BEFORE)
    from_setup = holds.order(store, hold_of(HoldKind.SETUP))
    assert plan_round(shipped, store, DUE).queued > 0
    assert holds.current(store) == from_setup


@pytest.mark.parametrize("kind", [kind for kind in HoldKind if kind not in ENDED_BY_OTHERS])
def test_a_fault_of_the_log_in_hides_no_other_hold(any_store: Store, kind: HoldKind) -> None:
    first = holds.order(any_store, hold_of(HoldKind.SETUP))
    assert holds.order(any_store, replace(first, reason="en annen")) == first
    graver = hold_of(kind)
    assert holds.order(any_store, graver) == graver
    assert holds.order(any_store, first) == graver
    assert holds.current(any_store) == graver


def test_a_wrong_clock_counts_though_the_log_in_fails(store: Store) -> None:
    assert holds.look(store, NOW - MINUTE, ClockSample(NOW - MINUTE, 940.0, "a")) is None
    holds.order(store, hold_of(HoldKind.SETUP))
    wrong = NOW + timedelta(days=400)
    found = holds.look(store, wrong, ClockSample(wrong, 1000.0, "a"), "før")
    assert found is not None
    assert (found.kind, holds.current(store)) == (HoldKind.CLOCK, found)


def hold_of(kind: HoldKind) -> Hold:
    return Hold(kind, "535 5.7.3", NOW, relay="før")


def round_at(store: Store, folder: Path, at: datetime, reading: ClockSample) -> SendReport:
    return asyncio.run(send_round(store, MaildirTransport(folder / "mail"), lambda: at, reading=reading))
