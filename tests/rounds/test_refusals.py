"""A refusal is the recipient's only while others get through: rounds against a real server that refuses in a row."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from arshjul.disk import Crash, go_on
from arshjul.letters.brakes import HoldKind
from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.verdicts import State
from arshjul.plan.model import Recipient
from arshjul.rounds import holds
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import decisions, queue
from arshjul.store.engine import Store
from tests.sample_letters import NOW, many, queued
from tests.smtp_servers import HOST, ScriptedServer

MINUTE = timedelta(minutes=1)
UNKNOWN = "550 5.1.1 <mottaker{}@example.no>: Recipient address rejected: User unknown"
OK = "250 OK"


def refused(*numbers: int) -> list[str]:
    return [UNKNOWN.format(number) for number in numbers]


def send(
    store: Store,
    server: ScriptedServer,
    after: timedelta = timedelta(),
    *,
    lines: int = 1,
    relay: str = "før",
    crash: Crash = go_on,
) -> SendReport:
    """One round, so long after NOW."""

    def now() -> datetime:
        return NOW + after

    async def work() -> SendReport:
        async with asyncio.timeout(30), server.running() as port:
            place = SmtpServer(HOST, port, start_tls=False, local_hostname="example.no", timeout=5, data_timeout=5)
            way = SmtpPool(tuple(SmtpTransport(place, Pace(1000)) for _ in range(lines)))
            return await send_round(store, way, now, at_once=lines, relay=relay, crash=crash, jitter=lambda: 0.0)

    return asyncio.run(work())


def states(store: Store) -> str:
    """Return the letters' states in the order of their names: w(aits), r(ejected), d(ead), a(ccepted)."""
    names = {State.QUEUED: "w", State.REJECTED: "r", State.DEAD: "d", State.ACCEPTED: "a"}
    return "".join(names[info.state] for info in sorted(queue.letters_by_state(store), key=lambda info: info.id))


def test_same_refusal_of_a_second_recipient_holds_and_gives_both_letters_back(any_store: Store) -> None:
    ours = many(4)
    queue.queue(any_store, ours, NOW)
    server = ScriptedServer({"RCPT": refused(1, 2, 3, 4)})

    report = send(any_store, server)

    hold = holds.current(any_store)
    assert hold is not None
    assert (report.states, report.hold, report.trouble) == ({State.QUEUED: 2}, hold, hold.reason)
    assert (hold.kind, hold.reason) == (
        HoldKind.SETUP,
        "E-posttjeneren avviste 2 brev på rad til forskjellige mottakere og tok ikke imot noe imellom, så det gjelder "
        "trolig oss og ikke dem. Brevene venter. Den svarte: 550 5.1.1 <mottaker2@example.no>: Recipient address "
        "rejected: User unknown. Spør den som drifter e-posttjeneren, hvorfor den avviser brevene våre. "
        "Kjør «arshjul doctor». Er det likevel adressene som er feil, så rett dem og slipp utsendingen løs: blir bare "
        "de samme avvist igjen, går resten.",
    )
    assert (states(any_store), server.commands.count("RCPT")) == ("wwww", 2)
    assert [info.attempt for info in queue.letters_by_state(any_store)] == [0] * 4
    logged = [[(one.outcome, one.phase) for one in queue.attempts_of(any_store, name.id)] for name in ours[:2]]
    assert logged == [[("rejected", "rcpt"), ("returned", "road")], [("setup", "rcpt")]]

    holds.release(any_store, NOW + MINUTE)  # the server has been mended
    mended = ScriptedServer()
    assert send(any_store, mended, 2 * MINUTE) == SendReport({State.ACCEPTED: 4})
    assert sorted(mended.taken) == sorted(letter.wire + b".\r\n" for letter in ours)


def test_changed_settings_let_the_letters_go(store: Store) -> None:
    queue.queue(store, many(3), NOW)
    send(store, ScriptedServer({"RCPT": refused(1, 2)}))
    assert send(store, ScriptedServer(), 2 * MINUTE).hold is not None
    assert send(store, ScriptedServer(), 3 * MINUTE, relay="etter") == SendReport({State.ACCEPTED: 3})


def test_new_settings_begin_a_new_row(store: Store) -> None:
    queue.queue(store, many(2), NOW)
    send(store, ScriptedServer({"RCPT": refused(1, 2)}))
    server = ScriptedServer({"RCPT": [*refused(1), OK]})
    assert send(store, server, 2 * MINUTE, relay="etter").states == {State.REJECTED: 1, State.ACCEPTED: 1}


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ([*refused(1), OK, *refused(3), OK], "rara"),
        ([OK, *refused(2), OK, OK], "araa"),
        ([*refused(1), "552 5.2.2 Mailbox full", OK, OK], "rdaa"),
        ([*refused(1), "450 4.2.1 busy", OK, OK], "rwaa"),
    ],
)
def test_refusal_is_the_recipients_while_others_get_through(store: Store, answers: list[str], left: str) -> None:
    queue.queue(store, many(4), NOW)
    assert send(store, ScriptedServer({"RCPT": list(answers)})).hold is None
    assert states(store) == left


@pytest.mark.parametrize(
    "answers",
    [
        ["554 5.6.0 Message refused as spam (id A1)", "554 5.6.0 Message refused as spam (id B2)"],
        ["550 Administrative prohibition", "550 Administrative prohibition"],
    ],
)
def test_refusals_after_the_final_dot_count_as_well(any_store: Store, answers: list[str]) -> None:
    queue.queue(any_store, many(3), NOW)
    server = ScriptedServer({".": answers})
    report = send(any_store, server)
    assert report.hold is not None
    assert (report.states, states(any_store), len(server.taken)) == ({State.QUEUED: 2}, "www", 2)


def test_second_recipient_may_come_in_a_later_round(any_store: Store) -> None:
    queue.queue(any_store, [queued(1, Recipient("mottaker1@example.no"))], NOW)
    assert send(any_store, ScriptedServer({"RCPT": refused(1)})).states == {State.REJECTED: 1}
    queue.queue(any_store, [queued(2, Recipient("mottaker2@example.no"))], NOW)
    report = send(any_store, ScriptedServer({"RCPT": refused(2)}), timedelta(days=7))
    assert report.hold is not None
    assert (report.states, states(any_store)) == ({State.QUEUED: 1}, "ww")


def test_two_letters_to_the_same_recipient_are_no_row(store: Store) -> None:
    kari = Recipient("Mottaker1@example.no")
    queue.queue(store, [queued(1, kari), queued(2, Recipient("mottaker1@example.no"), variant="b")], NOW)
    assert send(store, ScriptedServer({"RCPT": refused(1, 1)})).states == {State.REJECTED: 2}


def test_three_recipients_in_a_row_are_enough_in_whatever_words(store: Store) -> None:
    queue.queue(store, many(4), NOW)
    answers = ["550 5.1.1 User unknown", "554 5.7.1 Not today, tulip", "550 Sorry, no", "550 Never"]
    server = ScriptedServer({"RCPT": answers})
    assert send(store, server).hold is not None
    assert (states(store), server.commands.count("RCPT")) == ("wwww", 3)


def test_two_addresses_that_are_wrong_hold_the_others_once_only(any_store: Store) -> None:
    queue.queue(any_store, many(4), NOW)
    send(any_store, ScriptedServer({"RCPT": refused(1, 2)}))
    holds.release(any_store, NOW)
    server = ScriptedServer({"RCPT": [OK, OK, *refused(1, 2)]})  # what was given back goes last
    assert send(any_store, server, 2 * MINUTE).states == {State.ACCEPTED: 2, State.REJECTED: 2}
    assert (states(any_store), holds.current(any_store)) == ("rraa", None)


def test_queue_let_go_before_the_repair_loses_nothing(store: Store) -> None:
    queue.queue(store, many(2), NOW)
    send(store, ScriptedServer({"RCPT": refused(1, 2)}))
    holds.release(store, NOW)
    assert send(store, ScriptedServer({"RCPT": refused(1, 2)}), 2 * MINUTE).states == {State.REJECTED: 2}
    queue.queue(store, [queued(3, Recipient("mottaker3@example.no"))], NOW)
    report = send(store, ScriptedServer({"RCPT": refused(3)}), 3 * MINUTE)
    assert report.hold is not None
    assert states(store) == "www"


@pytest.mark.parametrize("lines", [2, 4])
def test_several_connections_give_all_their_letters_back(any_store: Store, lines: int) -> None:
    queue.queue(any_store, many(9), NOW)
    report = send(any_store, ScriptedServer({"RCPT": "550 5.1.1 User unknown"}), lines=lines)
    assert report.hold is not None
    assert (states(any_store), set(report.states)) == ("w" * 9, {State.QUEUED})
    holds.release(any_store, NOW)
    assert send(any_store, ScriptedServer(), 2 * MINUTE, lines=lines) == SendReport({State.ACCEPTED: 9})


class Dying:
    """Ends the round when so many replies have been read, as a process ends that is killed: nothing is written down."""

    def __init__(self, replies: int) -> None:
        self.left = replies

    def __call__(self, label: str) -> None:
        self.left -= label == "replied"
        if self.left == 0:
            raise LookupError("killed")


@pytest.mark.parametrize("replies", [1, 2])
def test_row_is_found_though_the_process_dies_on_the_way(any_store: Store, replies: int) -> None:
    queue.queue(any_store, many(3), NOW)
    with pytest.raises(LookupError, match="killed"):
        send(any_store, ScriptedServer({"RCPT": "550 5.1.1 User unknown"}), crash=Dying(replies))
    report = send(any_store, ScriptedServer({"RCPT": "550 5.1.1 User unknown"}), 2 * MINUTE)
    assert report.hold is not None
    assert states(any_store) == "www"


def test_refusals_for_now_mean_what_they_did(store: Store) -> None:
    queue.queue(store, many(3), NOW)
    report = send(store, ScriptedServer({"RCPT": "450 4.2.1 Mailbox busy"}))
    assert (report.hold, report.states) == (None, {State.QUEUED: 3})
    assert [info.attempt for info in queue.letters_by_state(store)] == [1, 1, 1]


def test_letter_that_a_person_has_dealt_with_is_not_given_back(store: Store) -> None:
    first, second = many(2)
    queue.queue(store, [first], NOW)
    send(store, ScriptedServer({"RCPT": refused(1)}))
    decisions.accept(store, first.id, NOW, "kari")
    queue.queue(store, [second], NOW)
    assert send(store, ScriptedServer({"RCPT": refused(2)}), MINUTE).hold is not None
    assert states(store) == "aw"
