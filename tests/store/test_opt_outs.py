"""Who has said no to letters, and what becomes of the letters that wait for them."""

from __future__ import annotations

from datetime import timedelta

from arshjul.core.model import Recipient
from arshjul.core.opt_outs import OptOut
from arshjul.core.outbox import State
from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.store import deciding, letters, opt_outs, outbox, sending
from arshjul.store.engine import Store
from tests.sample_letters import KARI, NOW, OLA, queued
from tests.store.steps import data_started, settled

SOON = opt_outs.SOON
LATER = NOW + timedelta(days=2)


def states(store: Store) -> dict[str, State]:
    found = letters.letters_by_state(store, *State, limit=100)
    return {one.to.address: one.state for one in found}


def test_opt_out_stops_what_waits_for_that_address_and_says_so(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1), queued(2, to=OLA)], NOW)

    assert opt_outs.opt_out(any_store, KARI.address, "meldt av Ola", NOW)

    assert states(any_store) == {KARI.address: State.SUPPRESSED, OLA.address: State.QUEUED}
    (attempt,) = letters.attempts_of(any_store, queued(1).id)
    assert (attempt.outcome, attempt.text, attempt.ended_at) == ("suppressed", "meldt av Ola", NOW)
    assert opt_outs.opt_outs(any_store) == (OptOut(KARI.address, NOW, "meldt av Ola"),)
    assert outbox.known(any_store).opted_out == {KARI.address: NOW.date()}
    assert [one.address for one in sending.claim_due(any_store, LATER, "test", 10)] == [OLA.address]


def test_opt_out_a_second_time_changes_nothing(any_store: Store) -> None:
    opt_outs.opt_out(any_store, KARI.address, "meldt av Ola", NOW)

    assert not opt_outs.opt_out(any_store, KARI.address, "lenken i brevet", LATER)
    assert not opt_outs.opt_in(any_store, OLA.address, "lenken i brevet", LATER)

    assert opt_outs.opt_outs(any_store) == (OptOut(KARI.address, NOW, "meldt av Ola"),)


def test_opt_in_lets_go_what_was_stopped_and_is_still_of_use(any_store: Store) -> None:
    useful, useless = queued(1, expires_at=LATER + timedelta(days=1)), queued(2, to=OLA, expires_at=LATER)
    outbox.queue(any_store, [useful, useless], NOW)
    for address in (KARI.address, OLA.address):
        opt_outs.opt_out(any_store, address, "lenken i brevet", NOW)
    for address in (KARI.address, OLA.address):
        assert opt_outs.opt_in(any_store, address, "lenken i brevet", LATER)

    assert states(any_store) == {KARI.address: State.QUEUED, OLA.address: State.SUPPRESSED}
    assert sending.claim_due(any_store, LATER, "test", 10) == ()  # a round may first take back what is no longer so
    assert [one.wire for one in sending.claim_due(any_store, LATER + SOON, "test", 10)] == [useful.wire]
    assert opt_outs.opt_outs(any_store) == ()


def test_letter_in_doubt_comes_back_as_a_second_copy(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1, expires_at=LATER)], NOW)
    (ours,) = sending.claim_due(any_store, NOW, "test", 1)
    data_started(any_store, ours, "test")
    settled(any_store, ours, Verdict(Outcome.UNKNOWN, Phase.DATA, None, "borte"), "test")

    opt_outs.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    opt_outs.opt_in(any_store, KARI.address, "lenken i brevet", NOW)

    (again,) = sending.claim_due(any_store, NOW + SOON, "test", 1)
    assert (again.wire, again.generation) == (ours.wire, 2)


def test_letter_that_was_with_a_sender_is_stopped_when_it_comes_back(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1), queued(2, to=OLA)], NOW)
    claimed = sending.claim_due(any_store, NOW, "test", 10)
    opt_outs.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    settled(any_store, claimed[0], Verdict(Outcome.TEMPORARY, Phase.RCPT, 451, "4.7.1 Greylisted"), "test")
    sending.release(any_store, claimed[1:], "test", NOW)

    assert [one.address for one in sending.claim_due(any_store, LATER, "test", 10)] == [OLA.address]
    assert states(any_store) == {KARI.address: State.SUPPRESSED, OLA.address: State.SENDING}


def test_letter_that_a_person_lets_go_goes(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1)], NOW)
    opt_outs.opt_out(any_store, KARI.address, "lenken i brevet", NOW)
    deciding.resend(any_store, queued(1).id, NOW, "Ola")

    assert [one.address for one in sending.claim_due(any_store, LATER, "test", 10)] == [KARI.address]


def test_address_is_the_same_in_capitals(any_store: Store) -> None:
    big = Recipient(KARI.address.replace("kari", "Kari"))
    opt_outs.opt_out(any_store, big.address, "meldt av Ola", NOW)
    outbox.queue(any_store, [queued(1), queued(2, to=big)], NOW)

    assert sending.claim_due(any_store, LATER, "test", 10) == ()
    assert not opt_outs.opt_out(any_store, KARI.address, "meldt av Ola", NOW)
    assert opt_outs.opt_in(any_store, KARI.address, "meldt av Ola", NOW)


def test_overview_is_never_stopped(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1, variant="koordinator")], NOW)
    opt_outs.opt_out(any_store, KARI.address, "lenken i et gammelt brev", NOW)

    assert [one.address for one in sending.claim_due(any_store, LATER, "test", 10)] == [KARI.address]


def test_letter_is_found_by_the_hash_of_its_token_only(any_store: Store) -> None:
    outbox.queue(any_store, [queued(1, opt_out_hash="a" * 64), queued(2, to=OLA)], NOW)

    assert opt_outs.letter_of(any_store, "a" * 64) == (KARI.address, "Påminnelse 1")
    assert opt_outs.letter_of(any_store, "b" * 64) is None
    assert opt_outs.letter_of(any_store, "") is None
