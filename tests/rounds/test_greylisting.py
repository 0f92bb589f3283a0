"""One recipient's server that puts us off is about that recipient; a second one at another domain is about all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arshjul.mail.verdicts import State
from arshjul.plan.model import Recipient
from arshjul.rounds import holds
from arshjul.rounds.sending import SendReport
from arshjul.store import facts, queue
from arshjul.store.engine import Store
from arshjul.store.queue import QueuedLetter
from tests.rounds.test_refusals import send
from tests.sample_letters import NOW, many, queued
from tests.smtp_servers import ScriptedServer

MINUTE = timedelta(minutes=1)
LATER = "451 4.7.1 Try again later"
OK = "250 OK"


def to(number: int, domain: str) -> QueuedLetter:
    return queued(number, to=Recipient(f"mottaker{number}@{domain}"))


def attempts(store: Store) -> dict[State, list[int]]:
    """Return how many attempts the letters of each state have cost, in the order of their names."""
    found = sorted(queue.letters_by_state(store), key=lambda info: info.id)
    return {state: [one.attempt for one in found if one.state is state] for state in {one.state for one in found}}


def test_greylisted_recipient_waits_alone(any_store: Store) -> None:
    queue.queue(any_store, many(60), NOW)
    server = ScriptedServer({"RCPT": [LATER, OK]})

    report = send(any_store, server)
    assert report == SendReport({State.QUEUED: 1, State.ACCEPTED: 59})
    assert (facts.pause(any_store), len(server.taken)) == (None, 59)
    assert attempts(any_store) == {State.QUEUED: [1], State.ACCEPTED: [0] * 59}

    assert send(any_store, server, MINUTE / 2) == SendReport()
    assert send(any_store, server, MINUTE) == SendReport({State.ACCEPTED: 1})
    assert len(server.taken) == 60


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
def test_second_recipient_of_another_domain_pauses_all(any_store: Store, step: str) -> None:
    queue.queue(any_store, [to(1, "en.no"), to(2, "EN.no"), to(3, "to.no"), to(4, "tre.no")], NOW)
    server = ScriptedServer({step: [LATER, LATER, LATER, {"RCPT": OK, "DATA": "354 go on", ".": OK}[step]]})

    report = send(any_store, server)

    until = NOW + MINUTE
    assert report == SendReport({State.QUEUED: 3}, paused_until=until, trouble=LATER)
    assert facts.pause(any_store) == facts.Pause(until, 1, LATER)
    assert attempts(any_store) == {State.QUEUED: [1, 1, 0, 0]}  # what is about all costs the third nothing
    assert send(any_store, server, MINUTE) == SendReport({State.ACCEPTED: 4})
    assert facts.pause(any_store) is None


def test_second_domain_pauses_all_over_several_connections(any_store: Store) -> None:
    queue.queue(any_store, [to(number, f"{number}.no") for number in range(30)], NOW)
    server = ScriptedServer({"RCPT": LATER})
    report = send(any_store, server, lines=3)
    assert (report.paused_until, report.trouble) == (NOW + MINUTE, LATER)
    assert server.commands.count("RCPT") < 10


def test_letter_that_gets_through_in_between_makes_each_domain_wait_alone(any_store: Store) -> None:
    queue.queue(any_store, [to(1, "en.no"), to(2, "to.no"), to(3, "tre.no"), to(4, "fire.no")], NOW)
    server = ScriptedServer({"RCPT": [LATER, OK, LATER, OK]})
    assert send(any_store, server) == SendReport({State.QUEUED: 2, State.ACCEPTED: 2})
    assert facts.pause(any_store) is None


def test_first_domain_is_remembered_from_round_to_round_until_all_is_let_go(store: Store) -> None:
    queue.queue(store, [to(1, "en.no")], NOW)
    assert send(store, ScriptedServer({"RCPT": LATER})).trouble == ""
    queue.queue(store, [to(2, "to.no")], NOW)
    assert send(store, ScriptedServer({"RCPT": LATER}), MINUTE / 2).trouble == LATER

    holds.release(store, NOW + MINUTE)
    assert send(store, ScriptedServer({"RCPT": LATER}), MINUTE).trouble == ""  # the first alone is due
    assert send(store, ScriptedServer({"RCPT": LATER}), 2 * MINUTE).trouble == LATER


def test_pauses_grow_while_second_domains_are_put_off(store: Store) -> None:
    queue.queue(store, [to(1, "en.no"), to(2, "to.no")], NOW)
    server = ScriptedServer({"RCPT": LATER})
    first, second = send(store, server), send(store, server, 2 * MINUTE)
    assert (first.paused_until, second.paused_until) == (NOW + MINUTE, NOW + 7 * MINUTE)
