"""The bytes of a letter: headers that every mail program reads as they were written, and nothing smuggled in."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arshjul.mail.message import Draft, Letterhead, compose, message_id, new_letter_id, verbatim
from arshjul.plan.model import Recipient
from arshjul.printable import one_line
from tests.examples import some

ID = "01JD0000000000000000000000"
AT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
HEAD = Letterhead(
    "Osloregionen IPR",
    Recipient("arshjul@example.no", "Årshjul Osloregionen"),
    Recipient("sekretariatet@example.no", "Sekretariatet"),
)
TO = Recipient("kari@example.no", "Kari Ærlig-Østby")
DRAFT = Draft("Påminnelse: Årsregnskap", "Hei\n-- \nÅrshjul\n", "<p>Hei på deg</p>\n")


def read(wire: bytes) -> EmailMessage:
    message = email.message_from_bytes(wire, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def content(part: Message) -> str:
    """The text of a part; Python leaves CRLF in it."""
    assert isinstance(part, EmailMessage)
    text: str = part.get_content()
    return text.replace("\r", "")


def person(wire: bytes) -> tuple[str, str]:
    """To whom it is, read in the old way: Python 3.11's new one leaves a space between two encoded words."""
    name, address = parseaddr(email.message_from_bytes(wire)["To"])
    return str(make_header(decode_header(name))), address


def test_a_letter_has_these_headers() -> None:
    message = read(compose(DRAFT, TO, HEAD, ID, AT))
    assert message.items() == [
        ("From", "Årshjul Osloregionen <arshjul@example.no>"),
        ("To", "Kari Ærlig-Østby <kari@example.no>"),
        ("Reply-To", "Sekretariatet <sekretariatet@example.no>"),
        ("Subject", "Påminnelse: Årsregnskap"),
        ("Date", "Tue, 24 Nov 2026 08:00:00 +0100"),
        ("Message-ID", f"<r.{ID}@example.no>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("X-Arshjul-Reminder-Id", ID),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="=_{ID}"'),
        ("Content-Language", "nb"),
    ]


def test_a_letter_with_a_way_to_say_no_has_the_fields_for_a_button_unfolded() -> None:
    url = f"https://kalender.kommunesamarbeidet.example.no/aarshjul/u/{'x' * 43}"
    wire = compose(replace(DRAFT, opt_out=url), TO, HEAD, ID, AT)
    assert f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode() in wire
    message = read(wire)
    assert message.items()[9:11] == [
        ("List-Unsubscribe", f"<{url}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def test_a_letter_has_a_text_part_and_then_an_html_part() -> None:
    message = read(compose(DRAFT, TO, HEAD, ID, AT))
    parts = [(p.get_content_type(), p["Content-Transfer-Encoding"], content(p)) for p in message.iter_parts()]
    assert parts == [
        ("text/plain", "quoted-printable", DRAFT.text),
        ("text/html", "quoted-printable", DRAFT.html),
    ]


def test_the_same_letter_is_the_same_bytes() -> None:
    assert compose(DRAFT, TO, HEAD, ID, AT) == compose(DRAFT, TO, HEAD, ID, AT)


def test_the_date_follows_daylight_saving_time() -> None:
    summer = compose(DRAFT, TO, HEAD, ID, datetime(2026, 6, 1, 6, 0, tzinfo=UTC))
    assert read(summer)["Date"] == "Mon, 01 Jun 2026 08:00:00 +0200"


@pytest.mark.parametrize(
    "address",
    [
        "bjørn@example.no",
        "post@blåbær.no",
        "kari@example.no\r\nBcc: alle@example.no",
        "kari",
        "kari@example.no, ola@example.no",
        "<kari@example.no>",
        "kari @example.no",
        "@example.no",
        "",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address that mail can be sent to"):
        compose(DRAFT, Recipient(address), HEAD, ID, AT)


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "æ", "x" * 999, "a\0b"])
def test_a_verbatim_field_is_written_as_it_is_or_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be written as it is"):
        verbatim("References", value)


def test_long_verbatim_fields_fold_only_at_their_spaces() -> None:
    link = "<https://arshjul.example.no/u/" + "x" * 90 + ">"
    assert verbatim("List-Unsubscribe", link) == f"List-Unsubscribe: {link}\r\n"
    assert verbatim("References", f"{link} {link}") == f"References: {link}\r\n {link}\r\n"


def test_ids_are_new_and_sort_by_time() -> None:
    ids = [new_letter_id(AT), new_letter_id(AT), new_letter_id(AT.replace(microsecond=2000))]
    assert len(set(ids)) == 3
    assert ids[2] > max(ids[:2])
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", name) for name in ids)
    assert message_id(ID, "example.no") == f"<r.{ID}@example.no>"
    assert len(message_id(ID, "arshjul.osloregionen.example.no")) <= 70


WORDS = st.lists(
    st.sampled_from(["Innspill", "årsregnskap,", "og", "RNB", "«ny»", "🎈", "=?utf-8?q?x?=", "A" * 90])
).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=300), st.text('aæøå ,;:<>()"\\=?_\r\n\t\0\u2028\x85', max_size=200))


@settings(max_examples=some(300), deadline=None)
@given(title=TEXTS, name=TEXTS, text=TEXTS)
@example(title="Frist\r\nBcc: alle@example.no", name="Kari\r\nBcc: alle@example.no", text="Hei\r\n.\r\nQUIT\r\n")
@example(title="Innspill " * 60, name="Kari " * 40, text="uten linjeskift " * 200)
@example(title="\ud800", name="", text="")
def test_whatever_a_letter_says_its_headers_come_back_and_no_others(title: str, name: str, text: str) -> None:
    draft = Draft(title, one_line(text), f"<p>{one_line(text)}</p>")
    wire = compose(draft, Recipient(TO.address, name), HEAD, ID, AT)

    lines = wire.split(b"\r\n")
    assert all(len(line) <= 200 and not re.search(rb"[^ -~\t]", line) for line in lines)
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii")
    assert all(len(word) <= 75 for word in re.findall(r"=\?utf-8\?\S*", head))
    message = read(wire)
    assert message["Subject"] == one_line(title)
    assert person(wire) == (one_line(name), TO.address)
    assert message["Message-ID"] == f"<r.{ID}@example.no>"
    assert len(message.keys()) == 12
    assert message["Bcc"] is None
    plain, _ = message.iter_parts()
    assert content(plain).rstrip("\n") == one_line(text)
