"""Letters are taken by one sender each, and what became of them is written down before anything else happens."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from arshjul.mail.verdicts import Change, Outcome, Phase, State, Verdict
from arshjul.plan.model import Recipient
from arshjul.store import claims, facts, queue
from arshjul.store.claims import Claimed, Entry
from arshjul.store.engine import Store
from arshjul.store.facts import Pause
from arshjul.store.queue import AttemptInfo
from tests.sample_letters import KARI, NOW, SEND_AT, many, queued
from tests.store.steps import data_started, settled

ME, OTHER = "me", "other"
MINUTE = timedelta(minutes=1)
ACCEPTED = Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "2.0.0 queued as 17")
TEMPORARY = Verdict(Outcome.TEMPORARY, Phase.RCPT, 450, "4.2.1 Mailbox busy")
DOUBT = Verdict(Outcome.UNKNOWN, Phase.DATA, None, "Connection lost")
RELAY = Verdict(Outcome.RELAY, Phase.CONNECT, 421, "Closing")


def claim_one(store: Store, now: datetime = NOW) -> Claimed:
    (letter,) = claims.claim_due(store, now, ME, 10)
    return letter


def state_of(store: Store) -> tuple[State, int, int, datetime | None]:
    (info,) = queue.letters_by_state(store)
    return info.state, info.attempt, info.generation, info.next_at


def test_a_letter_is_not_claimed_before_its_time(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    assert claims.claim_due(any_store, SEND_AT - timedelta(microseconds=1), ME, 10) == ()
    ours = queued(1)
    expected = Claimed(id=ours.id, sender=ours.sender, address=KARI.address, wire=ours.wire, attempt=0, generation=1)
    assert claims.claim_due(any_store, SEND_AT, ME, 10) == (expected,)


def test_a_claimed_letter_is_nobody_elses(any_store: Store) -> None:
    queue.queue(any_store, many(3), NOW)
    first = claims.claim_due(any_store, NOW, ME, 2)
    second = claims.claim_due(any_store, NOW, OTHER, 2)
    assert [letter.id for letter in first + second] == [letter.id for letter in many(3)]
    assert claims.claim_due(any_store, NOW, OTHER, 2) == ()


def test_an_accepted_letter_is_done(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    facts.order_pause(any_store, NOW, "421")
    letter = claim_one(any_store)
    data_started(any_store, letter, ME)
    assert state_of(any_store) == (State.DATA_STARTED, 0, 1, None)
    assert settled(any_store, letter, ACCEPTED, ME) == Change(State.ACCEPTED, 0)
    (info,) = queue.letters_by_state(any_store, State.ACCEPTED)
    assert (info.accepted_at, info.last_code, info.last_text) == (NOW, 250, "2.0.0 queued as 17")
    assert queue.attempts_of(any_store, letter.id) == (AttemptInfo("data", "accepted", 250, ACCEPTED.text, 1, NOW),)
    assert facts.pause(any_store) is None
    assert claims.claim_due(any_store, NOW + timedelta(days=99), ME, 10) == ()


def test_a_letter_that_met_a_busy_mailbox_waits_its_turn(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    settled(any_store, claim_one(any_store), TEMPORARY, ME)
    assert state_of(any_store) == (State.QUEUED, 1, 1, NOW + MINUTE)
    settled(any_store, claim_one(any_store, NOW + MINUTE), TEMPORARY, ME, now=NOW + MINUTE, jitter=1.0)
    assert state_of(any_store) == (State.QUEUED, 2, 1, NOW + 7 * MINUTE)


def test_a_relay_fault_costs_no_attempt_and_lets_others_go_first(any_store: Store) -> None:
    queue.queue(any_store, many(2), NOW)
    (first,) = claims.claim_due(any_store, NOW, ME, 1)
    settled(any_store, first, RELAY, ME)
    later = claims.claim_due(any_store, NOW + MINUTE, ME, 10)
    assert [(letter.id, letter.attempt) for letter in later] == [(many(2)[1].id, 0), (many(2)[0].id, 0)]


def test_doubt_is_sent_once_more_byte_for_byte_then_held(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    first = claim_one(any_store)
    data_started(any_store, first, ME)
    settled(any_store, first, DOUBT, ME)
    assert state_of(any_store) == (State.UNKNOWN, 0, 2, NOW + 30 * MINUTE)
    assert claims.claim_due(any_store, NOW + 29 * MINUTE, ME, 10) == ()
    second = claim_one(any_store, NOW + 30 * MINUTE)
    assert (second.generation, second.wire) == (2, first.wire)
    data_started(any_store, second, ME)
    settled(any_store, second, DOUBT, ME, now=NOW + 31 * MINUTE)
    assert state_of(any_store) == (State.HELD, 0, 2, None)
    assert claims.claim_due(any_store, NOW + timedelta(days=99), ME, 10) == ()


def test_a_released_letter_waits_again(any_store: Store) -> None:
    queue.queue(any_store, many(2), NOW)
    claimed = claims.claim_due(any_store, NOW, ME, 10)
    settled(any_store, claimed[0], ACCEPTED, ME)
    claims.release(any_store, claimed, ME, NOW)
    assert queue.counts(any_store) == {State.ACCEPTED: 1, State.QUEUED: 1}
    assert [letter.id for letter in claims.claim_due(any_store, NOW, OTHER, 10)] == [claimed[1].id]


def in_doubt(store: Store, expires_at: datetime | None = None) -> None:
    """One letter of which nobody knows whether the server has it."""
    queue.queue(store, [queued(1, expires_at=expires_at)], NOW)
    letter = claim_one(store)
    data_started(store, letter, ME)
    settled(store, letter, DOUBT, ME)


def test_a_letter_in_doubt_that_is_released_or_orphaned_stays_in_doubt(any_store: Store) -> None:
    in_doubt(any_store)
    later = NOW + 30 * MINUTE
    claims.release(any_store, [claim_one(any_store, later)], ME, later)
    assert state_of(any_store) == (State.UNKNOWN, 0, 2, later)
    claim_one(any_store, later)
    assert claims.recover_orphans(any_store, later, ME) == {State.UNKNOWN: 1}
    assert state_of(any_store) == (State.UNKNOWN, 0, 2, later)


def test_a_letter_in_doubt_that_is_useless_by_now_is_held(any_store: Store) -> None:
    in_doubt(any_store, expires_at=NOW + MINUTE)
    assert claims.expire(any_store, NOW + MINUTE) == 1
    assert state_of(any_store) == (State.HELD, 0, 2, None)


def test_a_letter_that_was_lost_is_not_sent(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    letter = claim_one(any_store)
    assert data_started(any_store, letter, OTHER) is None
    claims.release(any_store, [letter], ME, NOW)
    assert data_started(any_store, letter, ME) is None
    assert settled(any_store, letter, ACCEPTED, ME) is None
    assert queue.attempts_of(any_store, letter.id) == ()


def test_orphans_are_queued_or_in_doubt_after_a_crash(any_store: Store) -> None:
    queue.queue(any_store, many(3), NOW)
    before, during, again = claims.claim_due(any_store, NOW, ME, 10)
    data_started(any_store, during, ME)
    data_started(any_store, again, ME)
    settled(any_store, again, DOUBT, ME, now=NOW - 30 * MINUTE)
    (again,) = claims.claim_due(any_store, NOW, ME, 10)
    data_started(any_store, again, ME)

    assert claims.recover_orphans(any_store, NOW, ME) == {State.QUEUED: 1, State.UNKNOWN: 1, State.HELD: 1}
    assert {info.id: (info.state, info.next_at) for info in queue.letters_by_state(any_store)} == {
        before.id: (State.QUEUED, NOW),
        during.id: (State.UNKNOWN, NOW + 30 * MINUTE),
        again.id: (State.HELD, None),
    }
    assert claims.recover_orphans(any_store, NOW, ME) == {}


def test_another_senders_letters_are_left_to_it_until_its_lease_is_over(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    claims.claim_due(any_store, NOW, OTHER, 10)
    if not any_store.is_sqlite:  # there the lock of the one sender tells that the other is dead
        assert claims.recover_orphans(any_store, NOW + claims.LEASE, ME) == {}
    assert claims.recover_orphans(any_store, NOW + claims.LEASE + MINUTE, ME) == {State.QUEUED: 1}


def test_a_letter_that_is_useless_by_now_expires_and_stays_to_be_seen(any_store: Store) -> None:
    queue.queue(any_store, [queued(1, expires_at=NOW + MINUTE)], NOW)
    assert claims.expire(any_store, NOW) == 0
    assert claims.expire(any_store, NOW + MINUTE) == 1
    assert state_of(any_store) == (State.EXPIRED, 0, 1, None)


def test_pauses_grow_until_the_server_is_well_again(any_store: Store) -> None:
    ordered = [facts.order_pause(any_store, NOW, "421 Closing") for _ in range(4)]
    assert [pause.until - NOW for pause in ordered] == [MINUTE, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE]
    assert facts.pause(any_store) == Pause(NOW + 15 * MINUTE, 4, "421 Closing")


def test_looking_for_due_letters_reads_an_index_of_the_waiting_only(store: Store) -> None:
    with store.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE next_at <= 1 ORDER BY next_at, id LIMIT 1"
        ).all()
    assert [row[3] for row in plan] == ["SEARCH outbox USING COVERING INDEX ix_outbox_waiting (next_at<?)"]


CLAIM_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from arshjul.store.engine import open_store
from arshjul.store import claims
from tests.sample_letters import NOW
store = open_store(sys.argv[1], Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
while claimed := claims.claim_due(store, NOW, sys.argv[3], 3):
    print(*(letter.id for letter in claimed), sep="\\n")
store.close()
"""


@pytest.mark.faults
def test_processes_that_claim_at_once_get_each_letter_once(any_store: Store, database_url: str) -> None:
    letters_ = many(60)
    queue.queue(any_store, letters_, NOW)
    command = [sys.executable, "-W", "error", "-c", CLAIM_IN_ANOTHER_PROCESS, database_url, str(any_store.folder)]
    racers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "ABC"
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    claimed = "".join(racer.communicate("go\n", timeout=60)[0] for racer in racers).split()
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert sorted(claimed) == [letter.id for letter in letters_]


def test_letters_are_listed_newest_first(any_store: Store) -> None:
    queue.queue(any_store, [queued(1), queued(2, to=Recipient("a@example.no"), send_at=NOW)], NOW)
    assert [info.subject for info in queue.letters_by_state(any_store, State.QUEUED)] == [
        "Påminnelse 2",
        "Påminnelse 1",
    ]
    assert [info.subject for info in queue.letters_by_state(any_store, limit=1)] == ["Påminnelse 2"]
    assert queue.letters_by_state(any_store, State.DEAD) == ()


def test_two_refusals_in_one_commit_are_a_row_too(any_store: Store) -> None:
    queue.queue(any_store, many(2), NOW)
    first, second = claims.claim_due(any_store, NOW, ME, 2)
    entries = [Entry(letter, Verdict(Outcome.REJECTED, Phase.RCPT, 550, "5.1.1 No")) for letter in (first, second)]
    assert claims.write(any_store, entries, ME, NOW) == (
        Change(State.REJECTED, 1),
        Change(State.QUEUED, 0, 1, NOW + MINUTE, in_a_row=2, returned=(State.REJECTED,)),
    )
    assert queue.counts(any_store) == {State.QUEUED: 2}
    assert [one.outcome for one in queue.attempts_of(any_store, first.id)] == ["rejected", "returned"]


def test_letter_in_doubt_that_is_given_back_stays_in_doubt(any_store: Store) -> None:
    queue.queue(any_store, many(2), NOW)
    first, second = claims.claim_due(any_store, NOW, ME, 2)
    settled(any_store, first, DOUBT, ME)
    later = NOW + 30 * MINUTE
    (again,) = claims.claim_due(any_store, later, ME, 1)
    refusal = Verdict(Outcome.REFUSED, Phase.DATA, 554, "5.6.0 No")
    assert settled(any_store, again, refusal, ME, now=later) == Change(State.DEAD, 1, 2)
    settled(any_store, second, refusal, ME, now=later)
    found = {one.id: (one.state, one.attempt, one.generation) for one in queue.letters_by_state(any_store)}
    assert found == {first.id: (State.UNKNOWN, 0, 2), second.id: (State.QUEUED, 0, 1)}
