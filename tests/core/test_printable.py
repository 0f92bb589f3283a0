"""Foreign text as it is shown: nothing in it acts on a terminal, forges a line, or gives a secret away."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.printable import printable, printable_lines

TOKEN = "Xq3_vN8-kZt0bLw2RrYc7HdJ5mPfS1uGeA9oTiKxQ4E"
BLOB = "AGFyc2hqdWxAZXhhbXBsZS5ubwBoZW1tZWxpZw=="


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\x9b2Jb", r"a\x9b2Jb"),  # CSI in one sign
        ("a\x7fb\x08c\x00", r"a\x7fb\x08c\x00"),
        ("a\u202eb\u2066c\u2069", r"a\u202eb\u2066c\u2069"),
        ("a\u200eb\u200fc\u061c", r"a\u200eb\u200fc\u061c"),
        ("a\ud800b\udcff", r"a\ud800b\udcff"),
        ("a\r\nb\u2028c\u2029d\x85e\vf\x1cg", "a b c d e f g"),
        ("\ta  b\u00a0c ", "a b c"),
        # Neighbours: what hides in a name without turning it, and tags that can hold a whole text unseen.
        ("a\u200bb\ufeffc\u00ad", r"a\u200bb\ufeffc\xad"),
        ("a\U000e0041b", r"a\U000e0041b"),
        ("Kjære «Åse» – 5 °C 🎉", "Kjære «Åse» – 5 °C 🎉"),
    ],
)
def test_printable_shows_what_cannot_be_printed(text: str, shown: str) -> None:
    assert printable(text) == shown


ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def shown_of(signs: list[str]) -> str:
    return "".join(printable("".join(signs[start : start + 1000]), 100_000) for start in range(0, len(signs), 1000))


def test_printable_leaves_no_sign_that_acts_on_what_is_around_it() -> None:
    signs = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) in ACTING]

    assert len(signs) > 2048
    assert [char for char in shown_of(signs) if unicodedata.category(char) in ACTING] == []


@pytest.mark.years
def test_printable_makes_no_sign_that_acts_on_what_is_around_it_of_any_other() -> None:
    signs = [chr(number) for number in range(sys.maxunicode + 1)]

    assert [char for char in shown_of(signs) if unicodedata.category(char) in ACTING] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://kalender.example.no/f/{TOKEN}/aaret.ics", "https://kalender.example.no/f/***/aaret.ics"),
        (f'GET "/u/{TOKEN}/undo" 404', 'GET "/u/***/undo" 404'),
        (f"/f/{TOKEN}", "/f/***"),
        (f"«/f/{TOKEN}.ics»", "«/f/***»"),
        ("https://kalender.example.no/f/osloregionen.ics", "https://kalender.example.no/f/osloregionen.ics"),
        ("/f/politisk-aar-2027.ics", "/f/politisk-aar-2027.ics"),
        ("/f/administrasjonsutvalget-fase2.ics", "/f/administrasjonsutvalget-fase2.ics"),
        ("/srv/f/calendars/prove.toml", "/srv/f/calendars/prove.toml"),
        # Neighbours: a token in hex, one with escapes, one within the query of another address.
        ("/f/9f86d081884c7d659a2feaa0c55ad015/a.ics", "/f/***/a.ics"),
        ("/f/0b0e6c1a-77aa-4c55-9d2e-1c1f0a3b9a10.ics", "/f/***"),
        (f"/u/{TOKEN[:20]}%5F{TOKEN[20:]}?x=1", "/u/***?x=1"),
        (f"?next=%2Ff%2F{TOKEN}%2Faaret.ics", "?next=%2Ff%2F***%2Faaret.ics"),
    ],
)
def test_printable_masks_the_token_of_an_address(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"AUTH PLAIN {BLOB}", "AUTH PLAIN ***"),
        ("auth plain AGEAYWI=", "auth plain ***"),
        (f"AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\n{BLOB}", "AUTH LOGIN 334 VXNlcm5hbWU6 ***"),
        (f"334 {BLOB[:24]}", "334 ***"),
        ("535 5.7.8 no, user=arshjul@example.no (try again)", "535 5.7.8 no, user=*** (try again)"),
        ("user=a@example.no\x01auth=Bearer eyJ0eXAi.abc-_1\x01\x01", r"user=*** ***\x01\x01"),
        ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***"),
        ("AADSTS7000215 client_secret=h~8Q&x=1", "AADSTS7000215 client_secret=***&x=1"),
        ("AUTH PLAIN LOGIN XOAUTH2", "AUTH PLAIN LOGIN XOAUTH2"),
        ("AUTH LOGIN is not offered", "AUTH LOGIN is not offered"),
        ("550 5.1.1 <kari@example.no>: User unknown", "550 5.1.1 <kari@example.no>: User unknown"),
    ],
)
def test_printable_masks_what_is_said_at_a_log_in(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://arshjul:hemmelig@db.example.no/a", "postgresql://***@db.example.no/a"),
        ("arshjul:hemmelig@smtp.example.no", "***@smtp.example.no"),
        ("postgresql://arshjul@db.example.no/a", "postgresql://arshjul@db.example.no/a"),
        # Neighbours: a password with the signs of an address, a number, and a port that is no password.
        ("https://a:p@s/s?w#d@example.no/x", "https://***@example.no/x"),
        ("https://a:12345@example.no/x", "https://***@example.no/x"),
        ("https://example.no:8443/x@y", "https://example.no:8443/x@y"),
        ("https://[::1]:8443/x@y", "https://[::1]:8443/x@y"),
        ("mailto:kari@example.no", "mailto:kari@example.no"),
        ("?password=hemmelig&sslmode=require", "?password=***&sslmode=require"),
    ],
)
def test_printable_masks_a_password_before_a_host(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_printable_of_a_log_in_masks_base64_and_no_words() -> None:
    said = f"{BLOB} SmtpClientAuthentication is disabled, see https://aka.ms/smtp_auth_disabled"
    assert printable(said, is_log_in=True) == said.replace(BLOB, "***")
    assert printable(said) == said


def test_printable_is_bounded_and_masks_before_it_cuts() -> None:
    assert printable("å" * 501) == "å" * 499 + "…"
    assert printable("å" * 500) == "å" * 500
    assert printable(f"/f/{TOKEN}/aaret.ics", 12) == "/f/***/aare…"
    assert printable("://a:" * 20_000, 100_000) == "://a:" * 2_000
    assert printable_lines("://a:" * 20_000 + "\nb") == "://a:" * 2_000 + "\nb"


def test_printable_lines_keeps_lines_and_nothing_else_of_that_kind() -> None:
    assert printable_lines(f"a\n  b\x1b\r\n/u/{TOKEN}\u2028c") == "a\n  b\\x1b\n/u/*** c"


@given(st.text() | st.text(alphabet="AUTH 334/fu:@=\\aé\x1b\u202e\n%2F"))
def test_printable_of_what_is_printable_is_the_same(text: str) -> None:
    assert printable(printable(text)) == printable(text)
