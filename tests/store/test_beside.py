"""The files beside the database: the journal of accepted letters, and the count that tells a restored database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.mail.verdicts import Outcome, Phase, State, Verdict
from arshjul.rounds import holds, ledger
from arshjul.store import claims, decisions, facts, queue
from arshjul.store.claims import Claimed, Entry
from arshjul.store.decisions import DecisionError
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.facts import beside
from arshjul.store.upkeep import upgrade
from tests.databases import back_up, fetch_back, new_database
from tests.sample_letters import NOW, many, queued
from tests.store.steps import data_started, settled

ME = "me"
MINUTE = timedelta(minutes=1)
ACCEPTED = Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "2.0.0 queued")


def claimed(store: Store) -> Claimed:
    queue.queue(store, [queued(1)], NOW)
    (letter,) = claims.claim_due(store, NOW, ME, 10)
    return letter


def state_of(store: Store) -> tuple[State, int]:
    (info,) = queue.letters_by_state(store)
    return info.state, info.generation


def test_a_line_cut_off_by_a_crash_says_nothing(any_store: Store) -> None:
    letter = claimed(any_store)
    data_started(any_store, letter, ME)
    ledger.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    path = beside(any_store, "accepted")
    whole = path.read_text(encoding="ascii")
    path.write_text(whole[:-8], encoding="ascii")
    assert ledger.replay(any_store, ME) == 0
    path.write_text(whole, encoding="ascii")
    assert ledger.replay(any_store, ME) == 1
    assert ledger.replay(any_store, ME) == 0
    assert state_of(any_store) == (State.ACCEPTED, 1)


def test_only_what_was_accepted_is_in_the_journal(any_store: Store) -> None:
    letter = claimed(any_store)
    ledger.note(any_store, [Entry(letter), Entry(letter, Verdict(Outcome.UNKNOWN, Phase.DATA))], NOW)
    assert not beside(any_store, "accepted").exists()


def test_a_letter_that_a_person_sends_again_is_not_settled_by_what_was_taken_before(any_store: Store) -> None:
    letter = claimed(any_store)
    ledger.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    settled(any_store, letter, ACCEPTED, ME)
    assert decisions.resend(any_store, letter.id, NOW, "kari")
    assert (ledger.replay(any_store, ME), state_of(any_store)) == (0, (State.UNKNOWN, 2))
    (again,) = claims.claim_due(any_store, NOW, ME, 10)
    assert again.wire == letter.wire


def test_a_long_journal_keeps_the_morning_whole(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LONGEST", 20)
    monkeypatch.setattr(ledger, "KEPT", 5)
    queue.queue(any_store, many(25), NOW)
    taken = claims.claim_due(any_store, NOW, ME, 100)
    ledger.note(any_store, [Entry(letter, ACCEPTED) for letter in taken], NOW)
    assert ledger.replay(any_store, ME) == 25
    lines = beside(any_store, "accepted").read_text(encoding="ascii").splitlines()
    assert [line.split()[0] for line in lines if line] == [letter.id for letter in taken]


def test_a_database_from_a_backup_is_known_by_its_count(any_store: Store, database_url: str) -> None:
    letter = claimed(any_store)
    claims.release(any_store, [letter], ME, NOW)
    any_store.close()
    copy = back_up(database_url)
    assert not facts.is_behind(any_store)
    (letter,) = claims.claim_due(any_store, NOW, ME, 10)
    ledger.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    any_store.close()
    fetch_back(copy, database_url)

    restored = open_store(database_url, any_store.folder)
    hold = holds.look(restored, NOW)
    assert hold == Hold(HoldKind.RESTORED, holds.RESTORED, NOW)
    assert holds.release(restored, NOW) == hold
    assert holds.look(restored, NOW) is None
    assert ledger.replay(restored, ME) == 1  # what was taken since the backup does not go again
    assert state_of(restored) == (State.ACCEPTED, 1)
    restored.close()


def test_a_postgresql_database_is_known_under_another_name(postgresql_store: Store, postgresql_url: str) -> None:
    store = postgresql_store
    claims.release(store, [claimed(store)], ME, NOW)
    store.close()
    restored = open_store(back_up(postgresql_url), store.folder)
    (letter,) = claims.claim_due(store, NOW, ME, 10)
    ledger.note(store, [Entry(letter, ACCEPTED)], NOW)
    assert holds.look(restored, NOW) == Hold(HoldKind.RESTORED, holds.RESTORED, NOW)
    assert (beside(restored, "epoch"), ledger.replay(restored, ME)) == (beside(store, "epoch"), 1)
    restored.close()


def test_two_databases_in_one_folder_share_no_files(any_store: Store, postgresql_server: str) -> None:
    other = open_store(new_database(postgresql_server), any_store.folder)
    upgrade(other)
    claims.release(any_store, [claimed(any_store)], ME, NOW)
    (letter,) = claims.claim_due(any_store, NOW, ME, 10)
    ledger.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    assert other.folder == any_store.folder
    assert (facts.is_behind(other), ledger.replay(other, ME), holds.look(other, NOW)) == (False, 0, None)
    claimed(other)
    assert (facts.is_behind(other), facts.is_behind(any_store)) == (False, False)
    other.close()


def test_machines_that_share_a_database_have_a_count_each(
    postgresql_store: Store, postgresql_url: str, tmp_path: Path
) -> None:
    here, there = postgresql_store, open_store(postgresql_url, tmp_path / "there")
    claims.release(here, [claimed(here)], ME, NOW)
    assert not facts.is_behind(there)
    here.close()
    there.close()
    copy = back_up(postgresql_url)
    for machine in (here, here, there, there):
        claims.release(machine, claims.claim_due(machine, NOW, ME, 10), ME, NOW)
    assert [beside(machine, "epoch").read_text("ascii") for machine in (here, there)] == ["3\n", "5\n"]
    assert [holds.look(machine, NOW) for machine in (here, there)] == [None, None]
    here.close()
    there.close()
    fetch_back(copy, postgresql_url)

    for machine in (here, there):  # each in its turn, and where the letters were sent
        hold = holds.look(machine, NOW)
        assert hold == Hold(HoldKind.RESTORED, holds.RESTORED, NOW)
        assert (holds.release(machine, NOW), holds.look(machine, NOW)) == (hold, None)
    there.close()


def test_a_database_is_given_its_name_once_whoever_is_first(postgresql_store: Store, postgresql_url: str) -> None:
    stores = [open_store(postgresql_url, postgresql_store.folder) for _ in range(4)]
    with ThreadPoolExecutor(len(stores)) as pool:
        paths = set(pool.map(lambda store: beside(store, "epoch"), stores))
    assert paths == {beside(postgresql_store, "epoch")}
    for store in stores:
        store.close()


@pytest.mark.parametrize("content", [b"?", b"", b"\0\0\0", "²\n".encode(), b"1 2\n", b"9" * 9000])
def test_damaged_count_holds_everything_until_a_person_lets_it_go(any_store: Store, content: bytes) -> None:
    claimed(any_store)
    file = beside(any_store, "epoch")
    file.write_bytes(content)

    held = holds.look(any_store, NOW)

    reason = (
        f"Filen «{file}» er skadet. Den teller det som er sendt, og uten den er det ikke sikkert at databasen vet om "
        "alt. Se hva som venter, med «arshjul send --dry-run». Er det ikke sendt før, så slipp utsendingen løs: filen "
        "skrives på nytt."
    )
    assert held == holds.current(any_store) == Hold(HoldKind.DAMAGED, reason, NOW)
    assert (holds.look(any_store, NOW + MINUTE), file.read_bytes()) == (held, content)

    assert holds.release(any_store, NOW + MINUTE) == held
    with any_store.reading() as connection:
        counted = facts.get(connection, "epoch")
    assert (file.read_text("ascii"), holds.look(any_store, NOW + MINUTE)) == (f"{counted}\n", None)


def test_count_damaged_during_a_round_is_left_for_the_next_look(any_store: Store) -> None:
    claimed(any_store)
    file = beside(any_store, "epoch")
    file.write_bytes(b"?")
    queue.queue(any_store, [queued(7, variant="annet")], NOW)
    assert [letter.id for letter in claims.claim_due(any_store, NOW, ME, 10)] == [queued(7).id]
    hold = holds.look(any_store, NOW)
    assert (file.read_bytes(), hold and hold.kind) == (b"?", HoldKind.DAMAGED)


def test_count_that_is_a_folder_is_told_and_not_taken_for_damaged(any_store: Store) -> None:
    claimed(any_store)
    beside(any_store, "epoch").unlink()
    beside(any_store, "epoch").mkdir()
    for act in (holds.look, holds.release):
        with pytest.raises(StoreError, match=r"epoch» kan ikke leses: .*Uten den er det ikke sikkert hva som er sendt"):
            act(any_store, NOW)
    assert holds.current(any_store) is None


def test_a_count_that_cannot_be_written_lets_nothing_go(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    beside(any_store, "epoch").mkdir()
    with pytest.raises(StoreError, match=r"Filen .*epoch» kan ikke skrives"):
        claims.claim_due(any_store, NOW, ME, 10)
    assert claims.recover_orphans(any_store, NOW, ME) == {State.QUEUED: 1}


def test_a_setup_fault_counts_until_the_settings_change(any_store: Store) -> None:
    fault = Verdict(Outcome.SETUP, Phase.AUTH, 535, "5.7.3 Authentication unsuccessful")
    held = holds.hold_for_setup(any_store, fault, NOW, "før")
    assert holds.look(any_store, NOW, relay="før") == held
    assert holds.look(any_store, NOW) == held
    assert holds.look(any_store, NOW, relay="etter") is None
    assert holds.current(any_store) is None


def test_the_first_reason_stays_until_the_queue_is_released(any_store: Store) -> None:
    first = holds.order(any_store, Hold(HoldKind.PERSON, "Stanset av kari.", NOW))
    assert holds.order(any_store, Hold(HoldKind.CLOCK, "Klokken", NOW)) == first
    facts.order_pause(any_store, NOW, "421")
    assert holds.release(any_store, NOW) == first
    assert (holds.current(any_store), facts.pause(any_store), holds.release(any_store, NOW)) == (None, None, None)


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
        decisions.resend(any_store, letter.id, NOW, "kari")
    settled(any_store, letter, verdict, ME)
    assert decisions.resend(any_store, letter.id, NOW + MINUTE, "kari") is is_second_copy
    (again,) = claims.claim_due(any_store, NOW + MINUTE, ME, 10)
    assert (again.wire, again.attempt, again.generation) == (letter.wire, 0, generation)
    decided = queue.attempts_of(any_store, letter.id)[-1]
    assert (decided.phase, decided.outcome, decided.text, decided.ended_at) == (
        "person",
        "resend",
        "kari",
        NOW + MINUTE,
    )


def test_a_third_copy_that_a_crash_leaves_is_held(any_store: Store) -> None:
    letter = claimed(any_store)
    settled(any_store, letter, Verdict(Outcome.UNKNOWN, Phase.DATA), ME)
    decisions.resend(any_store, letter.id, NOW, "kari")
    (again,) = claims.claim_due(any_store, NOW, ME, 10)
    assert claims.recover_orphans(any_store, NOW, ME) == {State.UNKNOWN: 1}
    (again,) = claims.claim_due(any_store, NOW, ME, 10)
    data_started(any_store, again, ME)
    assert claims.recover_orphans(any_store, NOW, ME) == {State.HELD: 1}
    assert state_of(any_store) == (State.HELD, 3)


def test_a_letter_in_doubt_is_taken_as_arrived_or_kept_back(any_store: Store) -> None:
    letter = claimed(any_store)
    settled(any_store, letter, Verdict(Outcome.UNKNOWN, Phase.DATA), ME)
    decisions.keep_back(any_store, letter.id, NOW, "kari")
    assert state_of(any_store) == (State.HELD, 2)
    with pytest.raises(DecisionError):
        decisions.keep_back(any_store, letter.id, NOW, "kari")
    decisions.accept(any_store, letter.id, NOW, "kari")
    assert state_of(any_store) == (State.ACCEPTED, 2)
    with pytest.raises(DecisionError):
        decisions.accept(any_store, letter.id, NOW, "kari")


def test_letters_are_found_by_how_their_names_end(any_store: Store) -> None:
    queue.queue(any_store, many(12), NOW)
    assert decisions.find(any_store, "0012") == (many(12)[-1].id,)
    assert len(decisions.find(any_store, "2")) == 2
    assert decisions.find(any_store, "%") == ()


def test_a_line_cut_off_does_not_take_the_next_one_with_it(any_store: Store) -> None:
    letter = claimed(any_store)
    beside(any_store, "accepted").write_text(letter.id[:9], encoding="ascii")
    ledger.note(any_store, [Entry(letter, ACCEPTED)], NOW)
    assert ledger.replay(any_store, ME) == 1
