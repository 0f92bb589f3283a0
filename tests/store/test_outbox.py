"""The outbox takes each thing that is to be told once, whoever queues it."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from arshjul.letters.history import Known, Told
from arshjul.mail.verdicts import State
from arshjul.store import queue, told
from arshjul.store.engine import Store
from arshjul.store.queue import Queued
from arshjul.store.tables import OUTBOX, REMINDER, identity_values
from tests.sample_letters import KARI, NOW, OLA, SEND_AT, SEND_DAY, many, queued, reminder


def test_an_empty_store_knows_nothing(any_store: Store) -> None:
    assert told.known(any_store) == Known()


def test_a_queued_letter_is_known_and_waits(any_store: Store) -> None:
    ours = queued(1, reminders=(reminder(2), reminder(1)))
    assert queue.queue(any_store, [ours], NOW) == Queued(queued=(ours.id,))
    assert told.known(any_store) == Known(
        told=frozenset({reminder(1).id, reminder(2).id}),
        written=frozenset({(KARI.address, SEND_DAY)}),
        last={
            (one.id.key, KARI.address): Told(one.day, SEND_DAY, one.occurrence.title, late=True, clock="", location="")
            for one in (reminder(1), reminder(2))
        },
    )
    (info,) = queue.letters_by_state(any_store, State.QUEUED)
    assert (info.id, info.state, info.to, info.send_at, info.next_at) == (ours.id, State.QUEUED, KARI, SEND_AT, SEND_AT)
    assert queue.wire_of(any_store, ours.id) == ours.wire
    assert queue.wire_of(any_store, "no such letter") is None


def test_the_second_round_queues_nothing(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    again = replace(queued(1), id=f"{2:026d}", message_id="<2@example.no>")
    assert queue.queue(any_store, [again], NOW) == Queued(told=(again.id,))
    assert queue.counts(any_store) == {State.QUEUED: 1}


def test_a_letter_that_was_told_in_part_is_left_to_the_next_round(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    partly = queued(2, reminders=(reminder(1), reminder(2)), variant="haster")
    assert queue.queue(any_store, [partly], NOW) == Queued(again=(partly.id,))
    assert told.known(any_store).told == {reminder(1).id}


def test_a_second_letter_on_the_same_day_needs_a_variant(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    assert queue.queue(any_store, [queued(2)], NOW) == Queued(again=(queued(2).id,))
    assert queue.queue(any_store, [queued(3, variant="haster")], NOW) == Queued(queued=(queued(3).id,))


def test_the_same_reminder_goes_to_each_recipient(any_store: Store) -> None:
    assert queue.queue(any_store, [queued(1), queued(2, to=OLA, reminders=(reminder(1, to=OLA),))], NOW) == Queued(
        queued=(queued(1).id, queued(2).id)
    )


def test_queueing_is_all_or_nothing(any_store: Store) -> None:
    double = queued(2, to=OLA, message_id=queued(1).message_id)
    with pytest.raises(IntegrityError):
        queue.queue(any_store, [queued(1), double], NOW)
    assert told.known(any_store) == Known()


def test_the_first_start_passes_over_what_is_past(any_store: Store) -> None:
    assert queue.baseline(any_store, [reminder(1), reminder(2)], NOW) == 2
    assert queue.baseline(any_store, [reminder(1), reminder(3)], NOW + timedelta(days=1)) == 1
    assert told.known(any_store) == Known(
        told=frozenset({reminder(1).id, reminder(2).id, reminder(3).id}), baseline=True, go_live=NOW.date()
    )
    with any_store.reading() as connection:
        rows = connection.execute(select(REMINDER.c.key, REMINDER.c.passed_over, REMINDER.c.outbox_id)).all()
    assert rows == [(reminder(n).id.key, True, None) for n in (1, 2, 3)]
    assert queue.queue(any_store, [queued(1)], NOW) == Queued(told=(queued(1).id,))


def test_instants_come_back_as_they_were(any_store: Store) -> None:
    instant = datetime(2026, 11, 24, 7, 0, 0, 123457, tzinfo=UTC)
    queue.queue(any_store, [queued(1, send_at=instant.astimezone(timezone(timedelta(hours=1))))], NOW)
    with any_store.reading() as connection:
        assert connection.execute(select(OUTBOX.c.send_at)).scalar() == instant


def test_an_instant_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="an instant needs a time zone"):
        queue.queue(store, [queued(1, send_at=datetime(2026, 11, 24, 8))], NOW)  # noqa: DTZ001  (naive on purpose)


def test_queueing_waits_for_a_round_that_has_not_committed_yet(any_store: Store) -> None:
    ours = queued(1)
    row = identity_values(ours.reminders[0].id) | {"withdrawn_by": "", "title": ""}
    with ThreadPoolExecutor(1) as pool:
        with any_store.writing() as connection:
            connection.execute(insert(REMINDER).values(row | {"due": SEND_DAY, "passed_over": True, "created_at": NOW}))
            result = pool.submit(queue.queue, any_store, [ours], NOW)
            time.sleep(0.2)
            assert not result.done()
        assert result.result(10) == Queued(told=(ours.id,))


QUEUE_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from arshjul.store.engine import open_store
from arshjul.store import queue
from tests.sample_letters import NOW, many
store = open_store(sys.argv[1], Path(sys.argv[2]))
from dataclasses import replace
mark = sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
for letter in many(40):
    ours = replace(letter, id=mark + letter.id[1:], message_id=f"<{mark}{letter.id}>")
    print(queue.queue(store, [ours], NOW).queued)
store.close()
"""


@pytest.mark.faults
def test_processes_that_queue_at_once_double_nothing(any_store: Store, database_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", QUEUE_IN_ANOTHER_PROCESS]
    racers = [
        subprocess.Popen(
            [*command, database_url, str(any_store.folder), mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mark in "ABC"
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    outputs = [racer.communicate("go\n", timeout=60)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert sum(output.count("',)") for output in outputs) == 40
    assert queue.counts(any_store) == {State.QUEUED: 40}
    assert told.known(any_store).told == {letter.reminders[0].id for letter in many(40)}
