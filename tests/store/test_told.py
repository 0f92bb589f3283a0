"""What the store says that people have been told, and what they have reported; the migration that made room for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from arshjul.letters.history import Acknowledgement, Report, Telling, Told
from arshjul.mail.verdicts import State
from arshjul.plan.model import Said
from arshjul.store import queue, told
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX
from tests.sample_letters import KARI, NOW, SEND_DAY, queued, reminder

TITLE = "Innspill til statsbudsjettet 1"
KEY = reminder(1).occurrence.key
DUE, MOVED = date(2026, 12, 15), date(2026, 12, 18)


def change(nth: int = 1, said: Said = Said.MOVED, to: date = MOVED) -> object:
    return replace(reminder(1, deadline=to), said=said, before=DUE, nth=nth)


def put(store: Store, number: int, *reminders: object, day: date = SEND_DAY) -> None:
    ours = queued(number, reminders=reminders, send_day=day)  # type: ignore[arg-type]  # passed on to the sample
    assert queue.queue(store, [ours], NOW).queued == (ours.id,)


def set_state(store: Store, number: int, state: State) -> None:
    with store.writing() as connection:
        statement = update(OUTBOX).where(OUTBOX.c.id == f"{number:026d}")
        connection.execute(statement.values(state=state, next_at=None))


def test_the_last_thing_told_counts(any_store: Store) -> None:
    put(any_store, 1, reminder(1))
    put(any_store, 2, change(), day=date(2026, 12, 1))

    assert told.known(any_store).last == {
        (KEY, KARI.address): Told(
            MOVED, date(2026, 12, 1), "Innspill til statsbudsjettet 1", 1, late=True, clock="", location=""
        )
    }


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (State.EXPIRED, Told(DUE, SEND_DAY, "Innspill til statsbudsjettet 1", 1, late=True, clock="", location="")),
        (State.REJECTED, Told(MOVED, date(2026, 12, 1), "Innspill til statsbudsjettet 1", 1, clock="", location="")),
        (State.HELD, Told(MOVED, date(2026, 12, 1), "Innspill til statsbudsjettet 1", 1, clock="", location="")),
    ],
)
def test_change_that_never_went_is_not_told_and_a_refused_one_is_not_repeated(
    store: Store, state: State, last: Told
) -> None:
    put(store, 1, reminder(1))
    put(store, 2, change(), day=date(2026, 12, 1))
    set_state(store, 2, state)

    assert told.known(store).last == {(KEY, KARI.address): last}


@pytest.mark.parametrize("state", [State.REJECTED, State.DEAD, State.EXPIRED])
def test_who_got_no_letter_has_not_been_told_but_is_not_reminded_again(store: Store, state: State) -> None:
    put(store, 1, reminder(1))
    set_state(store, 1, state)

    known = told.known(store)
    assert known.last == {}
    assert known.told == {reminder(1).id}


def test_cancelled_thing_is_gone_and_its_next_change_has_a_number_of_its_own(store: Store) -> None:
    put(store, 1, reminder(1))
    put(store, 2, change(1, Said.CANCELLED, DUE), day=date(2026, 12, 1))
    assert told.known(store).last[KEY, KARI.address].gone
    put(store, 3, change(2, Said.BACK, DUE), day=date(2026, 12, 2))

    assert told.known(store).last == {
        (KEY, KARI.address): Told(
            DUE, date(2026, 12, 2), "Innspill til statsbudsjettet 1", 2, late=True, clock="", location=""
        )
    }


@pytest.mark.parametrize(("accepted", "late"), [(DUE, False), (DUE + timedelta(days=1), True)])
def test_what_was_accepted_after_its_date_came_late(any_store: Store, accepted: date, late: bool) -> None:
    put(any_store, 1, reminder(1))
    at = datetime.combine(accepted, time(12), UTC)
    with any_store.writing() as connection:
        connection.execute(update(OUTBOX).values(state=State.ACCEPTED, next_at=None, accepted_at=at))

    assert told.known(any_store).last[KEY, KARI.address].late is late


def test_the_same_lead_for_another_deadline_is_another_thing(any_store: Store) -> None:
    put(any_store, 1, reminder(1))
    put(any_store, 2, reminder(1, deadline=MOVED), day=date(2026, 12, 1))
    again = queued(3, reminders=(reminder(1, deadline=MOVED),), send_day=date(2026, 12, 2))

    assert queue.queue(any_store, [again], NOW).told == (again.id,)
    assert told.tellings(any_store, KEY) == (
        Telling(reminder(1).id, SEND_DAY, State.QUEUED),
        Telling(reminder(1, deadline=MOVED).id, date(2026, 12, 1), State.QUEUED),
    )


def test_what_was_passed_over_was_told_to_nobody(any_store: Store) -> None:
    queue.baseline(any_store, [reminder(1)], NOW)

    assert told.known(any_store).last == {}
    assert told.tellings(any_store, KEY) == (Telling(reminder(1).id, NOW.date(), None),)


def test_planned_day_only_goes_forward(store: Store) -> None:
    for day in (SEND_DAY, date(2026, 11, 20), date(2026, 11, 25)):
        told.note_planned(store, day)

    assert told.known(store).planned == date(2026, 11, 25)


def test_letter_of_no_reminders_is_queued_once_a_day(any_store: Store) -> None:
    first, again = (queued(number, reminders=(), variant="koordinator") for number in (1, 2))

    assert queue.queue(any_store, [first], NOW).queued == (first.id,)
    assert queue.queue(any_store, [again], NOW).again == (again.id,)


def test_the_latest_report_counts_and_all_are_kept(any_store: Store) -> None:
    reports = [
        Acknowledgement(key, state, "Kari", "", DUE, datetime(2026, 11, 20, hour, tzinfo=UTC))
        for hour, (key, state) in enumerate(
            [
                ("a", Report.DONE),
                ("a", Report.OPEN),
                ("b", Report.PUT_OFF),
                ("c", Report.OPEN),
                ("c", Report.NOT_RELEVANT),
            ]
        )
    ]
    for report in reports:
        told.acknowledge(any_store, report)

    assert told.known(any_store).settled == {("b", DUE), ("c", None)}
    assert told.acknowledgements_of(any_store, "a") == tuple(reports[:2])
