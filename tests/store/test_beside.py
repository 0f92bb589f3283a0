"""The files beside the database: the journal of accepted letters, and the count that tells a restored database."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.core.brakes import Hold, HoldKind
from arshjul.core.outbox import State
from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.rounds import brakes
from arshjul.store import deciding, epoch, facts, holds, journal, letters, outbox, sending
from arshjul.store.deciding import DecisionError
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.sending import Claimed, Entry
from tests.sample_letters import NOW, many, queued

ME = "me"
MINUTE = timedelta(minutes=1)
ACCEPTED = Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "2.0.0 queued")


def beside(store: Store, ending: str) -> Path:
    path = store.beside(ending)
    assert path is not None
    return path


def claimed(store: Store) -> Claimed:
    outbox.queue(store, [queued(1)], NOW)
    (letter,) = sending.claim_due(store, NOW, ME, 10)
    return letter


def state_of(store: Store) -> tuple[State, int]:
    (info,) = letters.letters_by_state(store)
    return info.state, info.generation


def test_a_line_cut_off_by_a_crash_says_nothing(store: Store) -> None:
    letter = claimed(store)
    sending.mark_data_started(store, letter, ME)
    journal.note(store, [Entry(letter, ACCEPTED)], NOW)
    path = beside(store, "accepted")
    whole = path.read_text(encoding="ascii")
    path.write_text(whole[:-8], encoding="ascii")
    assert journal.replay(store, ME) == 0
    path.write_text(whole, encoding="ascii")
    assert journal.replay(store, ME) == 1
    assert journal.replay(store, ME) == 0
    assert state_of(store) == (State.ACCEPTED, 1)


def test_only_what_was_accepted_is_in_the_journal(store: Store) -> None:
    letter = claimed(store)
    journal.note(store, [Entry(letter), Entry(letter, Verdict(Outcome.UNKNOWN, Phase.DATA))], NOW)
    assert not beside(store, "accepted").exists()


def test_a_letter_that_a_person_sends_again_is_not_settled_by_what_was_taken_before(store: Store) -> None:
    letter = claimed(store)
    journal.note(store, [Entry(letter, ACCEPTED)], NOW)
    sending.mark(store, letter, ACCEPTED, ME, now=NOW)
    assert deciding.resend(store, letter.id, NOW, "kari")
    assert (journal.replay(store, ME), state_of(store)) == (0, (State.UNKNOWN, 2))
    (again,) = sending.claim_due(store, NOW, ME, 10)
    assert again.wire == letter.wire


def test_a_long_journal_keeps_its_youngest_lines(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LONGEST", 20)
    monkeypatch.setattr(journal, "KEPT", 5)
    outbox.queue(store, many(25), NOW)
    taken = sending.claim_due(store, NOW, ME, 100)
    journal.note(store, [Entry(letter, ACCEPTED) for letter in taken], NOW)
    assert journal.replay(store, ME) == 25
    lines = beside(store, "accepted").read_text(encoding="ascii").splitlines()
    assert [line.split()[0] for line in lines] == [letter.id for letter in taken[-5:]]


def test_a_database_from_a_backup_is_known_by_its_count(store: Store, tmp_path: Path) -> None:
    letter = claimed(store)
    with store.writing() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path}/backup.db'")
        connection.exec_driver_sql("BEGIN")
    sending.release(store, [letter], ME, NOW)
    assert not epoch.is_behind(store)
    (letter,) = sending.claim_due(store, NOW, ME, 10)
    journal.note(store, [Entry(letter, ACCEPTED)], NOW)
    path = store.path
    assert path is not None
    store.close()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.move(tmp_path / "backup.db", path)

    restored = open_store(f"sqlite:///{path}")
    hold = brakes.look(restored, NOW)
    assert hold == Hold(HoldKind.RESTORED, brakes.RESTORED, NOW)
    assert holds.release(restored, NOW) == hold
    assert brakes.look(restored, NOW) is None
    assert journal.replay(restored, ME) == 1  # what was taken since the backup does not go again
    assert state_of(restored) == (State.ACCEPTED, 1)
    restored.close()


def test_a_count_that_cannot_be_read_stops_everything(store: Store) -> None:
    claimed(store)
    beside(store, "epoch").write_text("?", encoding="ascii")
    with pytest.raises(StoreError, match="Uten den er det ikke sikkert hva som er sendt"):
        brakes.look(store, NOW)


def test_a_count_that_cannot_be_written_lets_nothing_go(store: Store) -> None:
    outbox.queue(store, [queued(1)], NOW)
    beside(store, "epoch.new").mkdir()
    with pytest.raises(StoreError, match=r"Filen .*epoch» kan ikke skrives"):
        sending.claim_due(store, NOW, ME, 10)
    assert sending.recover_orphans(store, NOW, ME) == {State.QUEUED: 1}


def test_on_postgresql_there_is_nothing_beside(any_store: Store) -> None:
    if any_store.is_sqlite:
        pytest.skip("this is about the other one")
    letter = claimed(any_store)
    journal.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    assert (any_store.beside("epoch"), journal.replay(any_store, ME), brakes.look(any_store, NOW)) == (None, 0, None)


def test_a_setup_fault_counts_until_the_settings_change(any_store: Store) -> None:
    fault = Verdict(Outcome.SETUP, Phase.AUTH, 535, "5.7.3 Authentication unsuccessful")
    held = brakes.hold_for_setup(any_store, fault, NOW, "før")
    assert brakes.look(any_store, NOW, relay="før") == held
    assert brakes.look(any_store, NOW) == held
    assert brakes.look(any_store, NOW, relay="etter") is None
    assert holds.current(any_store) is None


def test_the_first_reason_stays_until_the_queue_is_released(any_store: Store) -> None:
    first = holds.order(any_store, Hold(HoldKind.PERSON, "Stanset av kari.", NOW))
    assert holds.order(any_store, Hold(HoldKind.CLOCK, "Klokken", NOW)) == first
    facts.order_pause(any_store, NOW, "421")
    assert holds.release(any_store, NOW) == first
    assert (holds.current(any_store), facts.pause(any_store), holds.release(any_store, NOW)) == (None, None, None)


def test_normal_is_the_median_of_the_send_days_of_three_months(any_store: Store) -> None:
    day = queued(1).send_day
    assert holds.normal_letters(any_store, NOW) == 0
    number = 0
    for age, count in ((0, 4), (7, 8), (14, 6), (100, 90)):
        some = many(number + count)[number:]
        number += count
        for letter in some:
            outbox.queue(any_store, [queued(int(letter.id), to=letter.to, send_day=day - timedelta(days=age))], NOW)
    assert holds.normal_letters(any_store, NOW) == 6


@pytest.mark.parametrize(
    ("verdict", "generation", "is_second_copy"),
    [
        (Verdict(Outcome.REJECTED, Phase.RCPT, 550), 1, False),
        (Verdict(Outcome.REFUSED, Phase.DATA, 552), 1, False),
        (Verdict(Outcome.UNKNOWN, Phase.DATA), 3, True),
        (ACCEPTED, 2, True),
    ],
)
def test_a_letter_is_sent_again_as_a_person_says(
    any_store: Store, verdict: Verdict, generation: int, is_second_copy: bool
) -> None:
    letter = claimed(any_store)
    with pytest.raises(DecisionError, match="under sending"):
        deciding.resend(any_store, letter.id, NOW, "kari")
    sending.mark(any_store, letter, verdict, ME, now=NOW)
    assert deciding.resend(any_store, letter.id, NOW + MINUTE, "kari") is is_second_copy
    (again,) = sending.claim_due(any_store, NOW + MINUTE, ME, 10)
    assert (again.wire, again.attempt, again.generation) == (letter.wire, 0, generation)
    decided = letters.attempts_of(any_store, letter.id)[-1]
    assert (decided.phase, decided.outcome, decided.text, decided.ended_at) == (
        "person",
        "resend",
        "kari",
        NOW + MINUTE,
    )


def test_a_third_copy_that_a_crash_leaves_is_held(any_store: Store) -> None:
    letter = claimed(any_store)
    sending.mark(any_store, letter, Verdict(Outcome.UNKNOWN, Phase.DATA), ME, now=NOW)
    deciding.resend(any_store, letter.id, NOW, "kari")
    (again,) = sending.claim_due(any_store, NOW, ME, 10)
    assert sending.recover_orphans(any_store, NOW, ME) == {State.UNKNOWN: 1}
    (again,) = sending.claim_due(any_store, NOW, ME, 10)
    sending.mark_data_started(any_store, again, ME)
    assert sending.recover_orphans(any_store, NOW, ME) == {State.HELD: 1}
    assert state_of(any_store) == (State.HELD, 3)


def test_a_letter_in_doubt_is_taken_as_arrived_or_kept_back(any_store: Store) -> None:
    letter = claimed(any_store)
    sending.mark(any_store, letter, Verdict(Outcome.UNKNOWN, Phase.DATA), ME, now=NOW)
    deciding.hold(any_store, letter.id, NOW, "kari")
    assert state_of(any_store) == (State.HELD, 2)
    with pytest.raises(DecisionError):
        deciding.hold(any_store, letter.id, NOW, "kari")
    deciding.accept(any_store, letter.id, NOW, "kari")
    assert state_of(any_store) == (State.ACCEPTED, 2)
    with pytest.raises(DecisionError):
        deciding.accept(any_store, letter.id, NOW, "kari")


def test_letters_are_found_by_how_their_names_end(any_store: Store) -> None:
    outbox.queue(any_store, many(12), NOW)
    assert deciding.find(any_store, "0012") == (many(12)[-1].id,)
    assert len(deciding.find(any_store, "2")) == 2
    assert deciding.find(any_store, "%") == ()


def test_a_line_cut_off_does_not_take_the_next_one_with_it(store: Store) -> None:
    letter = claimed(store)
    beside(store, "accepted").write_text(letter.id[:9], encoding="ascii")
    journal.note(store, [Entry(letter, ACCEPTED)], NOW)
    assert journal.replay(store, ME) == 1
