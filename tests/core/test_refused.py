"""Refusals in a row: when they are the recipients' and when ours."""

from __future__ import annotations

import pytest

from arshjul.mail.checkup import Refusal, Row, is_refusal, ours_in, words_of
from arshjul.mail.verdicts import Outcome, Phase, Verdict


def row_of(*refusals: tuple[str, str], looked_at: tuple[str, ...] = ()) -> Row:
    row = Row(looked_at=frozenset(looked_at))
    for number, (address, words) in enumerate(refusals):
        row = row.and_then(Refusal(f"{number}", address, words))
    return row


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        (row_of(("a", "x")), ""),
        (row_of(("a", "x"), ("b", "x")), "ab"),
        (row_of(("a", "x"), ("b", "y")), ""),
        (row_of(("a", "x"), ("b", "y"), ("c", "x")), "abc"),
        (row_of(("a", "x"), ("b", "y"), ("c", "z")), "abc"),
        (row_of(("a", "x"), ("a", "x"), ("a", "x")), ""),
        (row_of(("a", "x"), ("a", "y"), ("b", "z")), ""),
        (row_of(("a", "x"), ("b", "x"), looked_at=("a", "b")), ""),
        (row_of(("a", "x"), ("b", "x"), looked_at=("a",)), "ab"),
        (row_of(("a", "x"), ("b", "y"), ("c", "z"), looked_at=("a", "b", "c")), ""),
        (row_of(("a", "x"), ("b", "x"), ("c", "x"), looked_at=("a", "b")), "abc"),
    ],
)
def test_the_same_words_to_a_second_recipient_are_about_us(row: Row, ours: str) -> None:
    assert "".join(refusal.address for refusal in ours_in(row)) == ours


def test_row_that_a_person_let_go_is_no_news_and_ends_with_the_next_letter_that_gets_through() -> None:
    row = Row((Refusal("1", "a", "x"), Refusal("2", "b", "x")), is_ours=True, looked_at=frozenset({"c"}))
    assert row.let_go() == Row(looked_at=frozenset({"a", "b", "c"}))
    assert row.ended() == Row(looked_at=frozenset({"c"}))
    assert Row(row.refusals).let_go() == Row(row.refusals)  # nobody has been shown it


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "5.1.1 <kari@example.no>: Recipient address rejected: User unknown in virtual mailbox table",
            "5.1.1 <ola@radhus.example.no>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("kari: no such user here", "ola: no such user here"),
        ("5.7.1 rejected [HM07] by mx1.example.no (id 4XyZ12)", "5.7.1 rejected [HM12] by mx2.example.no (id 4XyZ34)"),
        ("Refused. https://example.no/e?id=abc", "Refused. https://example.no/e?id=def"),
        ("5.7.1 Access denied - 4fb4d7f45d1cf.34 - gsmtp", "5.7.1 Access denied - 5cf6f0a2a1bsi.12 - gsmtp"),
        ("Mailbox “KARI@example.no” is not here", "Mailbox “ola@example.no” is not here"),
    ],
)
def test_words_are_the_same_whatever_changes_from_letter_to_letter(one: str, other: str) -> None:
    def words(text: str, address: str) -> str:
        return words_of(Verdict(Outcome.REJECTED, Phase.RCPT, 550, text), address)

    assert words(one, "Kari@example.no") == words(other, "ola@radhus.example.no")


def test_words_of_another_meaning_are_others() -> None:
    texts = ("5.1.1 User unknown", "5.2.2 User unknown", "5.1.1 Mailbox full", "User unknown", "")
    found = {words_of(Verdict(Outcome.REJECTED, Phase.RCPT, 550, text), "kari@example.no") for text in texts}
    assert len(found) == len(texts)


@pytest.mark.parametrize(
    ("outcome", "code", "is_one"),
    [
        (Outcome.REJECTED, 550, True),
        (Outcome.REFUSED, 554, True),
        (Outcome.REJECTED, None, False),
        (Outcome.TEMPORARY, 450, False),
        (Outcome.ACCEPTED, 250, False),
        (Outcome.UNKNOWN, None, False),
    ],
)
def test_refusal_is_the_servers_and_for_good(outcome: Outcome, code: int | None, *, is_one: bool) -> None:
    assert is_refusal(Verdict(outcome, Phase.RCPT, code)) is is_one
