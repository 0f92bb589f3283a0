"""Who has said no to letters, and what becomes of the letters that wait for them."""

from __future__ import annotations

from datetime import timedelta

from arshjul.letters.history import OptOut
from arshjul.mail.verdicts import Outcome, Phase, State, Verdict
from arshjul.plan.model import Recipient
from arshjul.store import claims, decisions, queue, told
from arshjul.store.engine import Store
from tests.sample_letters import KARI, NOW, OLA, queued
from tests.store.steps import data_started, settled

SOON = told.SOON
LATER = NOW + timedelta(days=2)


def states(store: Store) -> dict[str, State]:
    found = queue.letters_by_state(store, *State, limit=100)
    return {one.to.address: one.state for one in found}


def test_opt_out_stops_what_waits_for_that_address_and_says_so(any_store: Store) -> None:
    queue.queue(any_store, [queued(1), queued(2, to=OLA)], NOW)

    assert told.opt_out(any_store, KARI.address, "meldt av Ola", NOW)

    assert states(any_store) == {KARI.address: State.SUPPRESSED, OLA.address: State.QUEUED}
    (attempt,) = queue.attempts_of(any_store, queued(1).id)
    assert (attempt.outcome, attempt.text, attempt.ended_at) == ("suppressed", "meldt av Ola", NOW)
    assert told.opt_outs(any_store) == (OptOut(KARI.address, NOW, "meldt av Ola"),)
    assert told.known(any_store).opted_out == {KARI.address: NOW.date()}
    assert [one.address for one in claims.claim_due(any_store, LATER, "test", 10)] == [OLA.address]


def test_opt_out_a_second_time_changes_nothing(any_store: Store) -> None:
    told.opt_out(any_store, KARI.address, "meldt av Ola", NOW)

    assert not told.opt_out(any_store, KARI.address, "lenken i brevet", LATER)
    assert not told.opt_in(any_store, OLA.address, "lenken i brevet", LATER)

    assert told.opt_outs(any_store) == (OptOut(KARI.address, NOW, "meldt av Ola"),)


def test_opt_in_lets_go_what_was_stopped_and_is_still_of_use(any_store: Store) -> None:
    useful, useless = queued(1, expires_at=LATER + timedelta(days=1)), queued(2, to=OLA, expires_at=LATER)
    queue.queue(any_store, [useful, useless], NOW)
    for address in (KARI.address, OLA.address):
        told.opt_out(any_store, address, "lenken i brevet", NOW)
    for address in (KARI.address, OLA.address):
        assert told.opt_in(any_store, address, "lenken i brevet", LATER)

    assert states(any_store) == {KARI.address: State.QUEUED, OLA.address: State.SUPPRESSED}
    assert claims.claim_due(any_store, LATER, "test", 10) == ()  # a round may first take back what is no longer so
    assert [one.wire for one in claims.claim_due(any_store, LATER + SOON, "test", 10)] == [useful.wire]
    assert told.opt_outs(any_store) == ()


def test_letter_in_doubt_comes_back_as_a_second_copy(any_store: Store) -> None:
    queue.queue(any_store, [queued(1, expires_at=LATER)], NOW)
    (ours,) = claims.claim_due(any_store, NOW, "test", 1)
    data_started(any_store, ours, "test")
    settled(any_store, ours, Verdict(Outcome.UNKNOWN, Phase.DATA, None, "borte"), "test")

    told.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    told.opt_in(any_store, KARI.address, "lenken i brevet", NOW)

    (again,) = claims.claim_due(any_store, NOW + SOON, "test", 1)
    assert (again.wire, again.generation) == (ours.wire, 2)


def test_letter_that_was_with_a_sender_is_stopped_when_it_comes_back(any_store: Store) -> None:
    queue.queue(any_store, [queued(1), queued(2, to=OLA)], NOW)
    claimed = claims.claim_due(any_store, NOW, "test", 10)
    told.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    settled(any_store, claimed[0], Verdict(Outcome.TEMPORARY, Phase.RCPT, 451, "4.7.1 Greylisted"), "test")
    claims.release(any_store, claimed[1:], "test", NOW)

    assert [one.address for one in claims.claim_due(any_store, LATER, "test", 10)] == [OLA.address]
    assert states(any_store) == {KARI.address: State.SUPPRESSED, OLA.address: State.SENDING}


def test_letter_that_a_person_lets_go_goes(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    told.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    decisions.resend(any_store, queued(1).id, NOW, "Ola")

    assert [one.address for one in claims.claim_due(any_store, LATER, "test", 10)] == [KARI.address]


def test_address_is_the_same_in_capitals(any_store: Store) -> None:
    big = Recipient(KARI.address.replace("kari", "Kari"))
    told.opt_out(any_store, big.address, "meldt av Ola", NOW)
    queue.queue(any_store, [queued(1), queued(2, to=big)], NOW)

    assert claims.claim_due(any_store, LATER, "test", 10) == ()
    assert not told.opt_out(any_store, KARI.address, "meldt av Ola", NOW)
    assert told.opt_in(any_store, KARI.address, "meldt av Ola", NOW)


def test_overview_is_never_stopped(any_store: Store) -> None:
    queue.queue(any_store, [queued(1, variant="koordinator")], NOW)
    told.opt_out(any_store, KARI.address, "lenken i et gammelt brev", NOW)

    assert [one.address for one in claims.claim_due(any_store, LATER, "test", 10)] == [KARI.address]


def test_letter_is_found_by_the_hash_of_its_token_only(any_store: Store) -> None:
    queue.queue(any_store, [queued(1, opt_out_hash="a" * 64), queued(2, to=OLA)], NOW)

    assert told.letter_of(any_store, "a" * 64) == (KARI.address, "Påminnelse 1")
    assert told.letter_of(any_store, "b" * 64) is None
    assert told.letter_of(any_store, "") is None
