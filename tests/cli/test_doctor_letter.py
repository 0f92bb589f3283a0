"""The one letter that doctor sends when it is asked to: it really comes, and the outbox knows nothing of it."""

from __future__ import annotations

import mailbox
import re
import sqlite3
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from arshjul.plan.model import Recipient
from tests.cli.test_doctor import doctor, running, site, small, with_server
from tests.clock import main
from tests.smtp_servers import CLOSE, ScriptedServer

__all__ = ["site", "small"]

KARI = Recipient("kari@example.no", "Kari Ærlig", "nn")
MESSAGE_ID = re.compile(r"<r\.[0-9A-Z]{26}@example\.no>")


def remembered(site: Path) -> list[object]:
    """Return all that the database holds of letters."""
    with closing(sqlite3.connect(site / "var" / "arshjul.db")) as connection:
        tables = ("outbox", "attempt", "reminder", "fact")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


def parsed(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire.removesuffix(b".\r\n"), _class=EmailMessage, policy=default)


def test_one_letter_goes_past_a_queue_that_stands_still(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = ScriptedServer()
    with running(server) as port:
        with_server(small, port)
        main(["-C", str(small), "outbox", "hold"])
        before = remembered(small)
        capsys.readouterr()
        assert doctor(small, letter_to=KARI) == 1  # as the queue stands still
        assert remembered(small) == before
    assert server.commands == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
    (wire,) = server.taken
    letter = parsed(wire)
    assert [str(letter[name]) for name in ("From", "To", "Reply-To", "Subject", "Content-Language")] == [
        "Osloregionen IPR <arshjul@example.no>",
        "Kari Ærlig <kari@example.no>",
        "Sekretariatet <sekretariatet@example.no>",
        "Prøvebrev fra Årshjulet i Osloregionen IPR",
        "nb",
    ]
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().startswith("Dette er et prøvebrev fra Årshjulet i Osloregionen IPR, sendt ")
    assert capsys.readouterr().out.splitlines()[-4:] == [
        f"✓ Ett prøvebrev er sendt til kari@example.no. 127.0.0.1:{port} svarte: 250 2.0.0 queued as 17",
        "    Spør eller gjør: Se i innboksen og i søppelposten til kari@example.no etter Message-ID "
        f"{letter['Message-ID']}.",
        "",
        "1 ting må rettes.",
    ]
    assert MESSAGE_ID.fullmatch(str(letter["Message-ID"]))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ({".": "554 5.7.1 spam"}, "✗ E-posttjeneren tok ikke imot prøvebrevet: 554 5.7.1 spam\n    config.toml:"),
        ({"DATA": "451 4.3.0 later"}, "✗ E-posttjeneren tok ikke imot prøvebrevet: 451 4.3.0 later\n    config.toml:"),
        ({".": CLOSE}, "✗ Det er usikkert om prøvebrevet er sendt: "),
        ({"RCPT": ["250 OK", "550 5.1.1 unknown"]}, "✗ E-posttjeneren: mottakeren feilet: 550 5.1.1 unknown\n"),
    ],
)
def test_a_letter_that_is_not_taken_is_told(
    small: Path, capsys: pytest.CaptureFixture[str], script: dict[str, str | list[str]], told: str
) -> None:
    with running(ScriptedServer(script)) as port:
        with_server(small, port)
        assert doctor(small, letter_to=KARI) == 1
    said = capsys.readouterr().out
    assert told in said
    assert "Ett prøvebrev er sendt" not in said


def test_without_a_password_no_letter_is_tried(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_server(small, 1, 'username = "arshjul@example.no"')
    assert doctor(small, letter_to=KARI) == 1
    assert "– Prøvebrevet er ikke sendt: uten innlogging går det ikke.\n" in capsys.readouterr().out


def test_a_letter_into_the_maildir_is_said_to_lie_there(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(small), "doctor", "--letter", "Kari <kari@example.no>"]) == 0
    (letter,) = mailbox.Maildir(small / "var" / "mail")
    name = str(letter["X-Arshjul-Reminder-Id"])
    assert (
        f"✓ Ett prøvebrev til kari@example.no er lagt i mappen som «arshjul.{name}», "
        f"med Message-ID {letter['Message-ID']}.\n"
    ) in capsys.readouterr().out


@pytest.mark.parametrize("address", ["", "kari", "kari@", "kåri@example.no", "kari@example.no\r\nBcc: ola@example.no"])
def test_an_address_that_no_mail_can_be_sent_to_is_refused(
    small: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["-C", str(small), "doctor", "--letter", address]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Prøvebrevet er ikke sendt, og ingenting er undersøkt. «")
    assert not (small / "var" / "mail").exists()
