"""What doctor says of a site: each failure with its line in config.toml and what to ask for, and nothing is sent."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.cli.doctor import examine
from arshjul.loading import load
from arshjul.mail.checkup import Names
from arshjul.mail.probe import NoNamesError
from arshjul.plan.files import read_source
from arshjul.plan.model import Recipient
from arshjul.words import day_in_words
from tests.clock import NOON, main
from tests.conftest import only_political
from tests.files_of import TODAY_OF_FILES
from tests.serving import free_port
from tests.small_site import edit
from tests.smtp_servers import ScriptedServer

WELL = Names(("v=spf1 include:spf.example.no -all",), ("v=DMARC1; p=reject",), ("mx.example.no.",))


@dataclass(frozen=True)
class Domains:
    """DNS as we like it; None is out of reach."""

    known: Names | None = field(default=WELL)

    def names(self, domain: str) -> Names:
        assert domain == "example.no"
        if self.known is None:
            raise NoNamesError("DNS svarer ikke: timeout")
        return self.known


@pytest.fixture
def site(site: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped files on a machine whose clock is kept, at an address that nobody answers."""
    programs = tmp_path_factory.mktemp("programs")
    install(programs, "#!/bin/sh\necho yes")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    edit(site / "config.toml", "http://127.0.0.1:8000", f"http://127.0.0.1:{free_port()}")
    return site


def install(folder: Path, script: str) -> None:
    """Put a timedatectl in a folder."""
    program = folder / "timedatectl"
    program.write_text(f"{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def small(site: Path) -> Path:
    """A site with one calendar, which is read in no time."""
    return only_political(site)


@contextmanager
def running(server: ScriptedServer) -> Iterator[int]:
    """Run a server in a thread of its own, as doctor has an event loop of its own."""
    port, ready, loop, end = [0], threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with server.running() as found:
            port[0] = found
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield port[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        loop.close()


def with_server(site: Path, port: int, *lines: str) -> None:
    config = site / "config.toml"
    text = config.read_text(encoding="utf-8").split("[mail]")[0]
    mail = ["[mail]", 'transport = "smtp"', 'host = "127.0.0.1"', f"port = {port}", "start_tls = false", *lines]
    config.write_text(text + "\n".join([*mail, ""]), encoding="utf-8")


def doctor(site: Path, resolver: Domains = Domains(), letter_to: Recipient | None = None) -> int:
    document = read_source(site / "config.toml", "config.toml").document
    organisation = load(site, TODAY_OF_FILES)
    assert organisation.problems == ()
    return examine(organisation, document, "", resolver, letter_to, now=lambda: NOON)


def line_of(site: Path, start: str) -> int:
    lines = (site / "config.toml").read_text(encoding="utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_doctor_finds_the_shipped_site_well(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(site), "doctor"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert (said[0], said[-1]) == ("✓ config.toml og kalenderne er i orden.", "Alt er klart.")
    assert [line[0] for line in said[:-2]] == ["✓"] * (len(said) - 4) + ["–"] * 2


def test_doctor_talks_with_the_server_and_sends_nothing(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = ScriptedServer(extensions=("AUTH PLAIN LOGIN",))
    with running(server) as port:
        with_server(small, port)
        assert doctor(small) == 0
    said = capsys.readouterr().out
    assert (
        f"✓ 127.0.0.1:{port} tar imot brev fra arshjul@example.no til arshjul@example.no. Ingen brev er sendt." in said
    )
    assert "✓ E-posttjeneren tilbyr innlogging med plain, login." in said
    assert "✓ DNS: example.no har SPF.\n✓ DNS: example.no har DMARC.\n✓ DNS: example.no tar imot e-post." in said
    assert server.commands == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]


@pytest.mark.parametrize(
    ("script", "where", "expected"),
    [
        (
            {"greeting": "421 4.3.2 closing"},
            "host",
            ("kontakt feilet: 421 4.3.2 closing", "er brannmuren åpen for den?"),
        ),
        (
            {"AUTH": "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant"},
            "username",
            (
                "innlogging feilet: 535 5.7.139 SmtpClientAuthentication is disabled for the Tenant",
                "(Set-CASMailbox -Identity arshjul@example.no -SmtpClientAuthenticationDisabled $false)",
            ),
        ),
        (
            {"AUTH": "550 5.7.30 Basic authentication is not supported for Client Submission"},
            "auth",
            ("innlogging feilet: 550 5.7.30", "Sett så auth = «xoauth2»."),
        ),
        (
            {"AUTH": "535 5.7.8 Bad credentials"},
            "username",
            (
                "innlogging feilet: 535 5.7.8 Bad credentials",
                "Er brukernavnet arshjul@example.no riktig, og gjelder passordet fortsatt?",
            ),
        ),
        (
            {"MAIL": "550 5.7.60 SendAsDenied"},
            "from",
            ("avsenderen feilet: 550 5.7.60 SendAsDenied", "-Trustee arshjul@example.no -AccessRights SendAs)"),
        ),
        (
            {"RCPT": "554 5.7.1 <arshjul@example.no>: Relay access denied"},
            "host",
            (
                "mottakeren feilet: 554 5.7.1 <arshjul@example.no>: Relay access denied",
                "Får denne maskinen sende e-post gjennom 127.0.0.1 port ",
            ),
        ),
        (
            {"RCPT": "550 5.7.64 TenantAttribution; Relay Access Denied"},
            "host",
            ("mottakeren feilet: 550 5.7.64 TenantAttribution; Relay", "innkommende kobling (connector) i Exchange"),
        ),
        (
            {"RCPT": "550 5.7.705 Access denied, tenant has exceeded threshold"},
            "host",
            ("mottakeren feilet: 550 5.7.705 Access", "Hvorfor har Microsoft sperret organisasjonen"),
        ),
        (
            {"MAIL": "530 5.7.57 Client was not authenticated"},
            "username",
            ("avsenderen feilet: 530 5.7.57 Client", "127.0.0.1 krever innlogging."),
        ),
        (
            {"RCPT": "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"},
            "hello",
            ("mottakeren feilet: 504 5.5.2 <localhost>: Helo", "hvilket navn denne maskinen skal hilse med (EHLO)."),
        ),
        (
            {"EHLO": "501 5.5.4 Invalid EHLO domain"},
            "hello",
            ("kontakt feilet: 501 5.5.4 Invalid EHLO domain", "Skriv det som hello i [mail]."),
        ),
        (
            {"RCPT": "550 5.7.26 This mail has been blocked because the sender is unauthenticated"},
            "from",
            ("mottakeren feilet: 550 5.7.26 This", "om tjeneren står i domenets SPF"),
        ),
        ({"RCPT": "550 5.1.1 unknown"}, "from", ("mottakeren feilet: 550 5.1.1 unknown", "Hvorfor avviser 127.0.0.1")),
    ],
)
def test_doctor_names_the_line_and_what_to_ask(  # noqa: PLR0917  (fixtures and parameters)
    small: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    script: dict[str, str | list[str]],
    where: str,
    expected: tuple[str, str],
) -> None:  # fmt: skip
    what, ask = expected
    monkeypatch.setenv("ARSHJUL_SMTP_PASSWORD", "kanari")
    with running(ScriptedServer(script, ("AUTH PLAIN",))) as port:
        with_server(small, port, 'username = "arshjul@example.no"', 'auth = "password"', 'hello = "arshjul.example.no"')
        assert doctor(small) == 1
    said = capsys.readouterr().out
    table = "letters" if where == "from" else "mail"
    assert f"✗ E-posttjeneren: {what}" in said
    assert f"\n    config.toml:{line_of(small, where)}:1 ({where} i [{table}])\n    Spør eller gjør: " in said
    assert ask in said
    assert said.endswith("\n1 ting må rettes.\n")
    assert "kanari" not in said


def test_doctor_misses_a_password_before_it_calls(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_server(small, 1, 'username = "arshjul@example.no"')
    assert doctor(small) == 1
    assert "✗ Passordet til e-posttjeneren mangler.\n" in capsys.readouterr().out


def test_doctor_tells_of_a_secret_that_runs_out_and_a_missing_package(
    small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARSHJUL_CLIENT_SECRET", "kanari")
    monkeypatch.setitem(__import__("sys").modules, "msal", None)
    soon = NOON.date() + timedelta(days=20)
    lines = ('auth = "xoauth2"', 'username = "arshjul@example.no"', 'tenant = "t"', 'client_id = "c"')
    with_server(small, 1, *lines, f"secret_expires = {soon}")
    assert doctor(small, Domains(None)) == 1
    said = capsys.readouterr().out
    assert f" går ut om 20 dager, {day_in_words(soon)}. Lag en ny før den tid.\n" in said
    assert "✗ Innlogging med XOAUTH2 krever Python-pakken «msal»" in said
    assert "– DNS for example.no er ikke undersøkt: DNS svarer ikke: timeout.\n" in said
    assert "kanari" not in said


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (Names(("v=spf1 -all",), ("v=DMARC1; p=reject; sp=none",), ("mx.",)), "DNS: example.no sender ikke e-post."),
        (Names((), ("v=DMARC1; p=none",), ("mx.",)), "DNS: example.no har ingen SPF."),
        (Names(WELL.txt, (), WELL.mx), "DNS: example.no har ingen DMARC."),
        (Names(WELL.txt, WELL.dmarc, ()), "DNS: example.no tar ikke imot e-post."),
    ],
)
def test_doctor_reads_what_dns_says_of_the_sender(
    small: Path, capsys: pytest.CaptureFixture[str], names: Names, told: str
) -> None:
    with running(ScriptedServer()) as port:
        with_server(small, port)
        assert doctor(small, Domains(names)) == 1
    assert f"✗ {told}" in capsys.readouterr().out


def test_doctor_shows_a_broken_template(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = small / "templates" / "email" / "reminder.txt"
    template.write_text("{{ finnes_ikke }}", encoding="utf-8")
    assert doctor(small) == 1
    said = capsys.readouterr().out
    assert "✗ Malen «email/reminder.txt» kan ikke brukes: 'finnes_ikke' is undefined\n" in said
    assert f"    config.toml:{line_of(small, 'templates')}:1 (templates i [files])\n" in said


def test_doctor_shows_a_queue_on_hold_and_a_damaged_database(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["-C", str(small), "outbox", "hold"])
    assert doctor(small) == 1
    said = capsys.readouterr().out
    assert "✗ Utsendingen er stanset av noen.\n" in said
    assert "– Utsendingen står siden " in said
    (small / "var" / "arshjul.db").write_bytes(b"This is no database. " * 1000)
    for ending in ("-wal", "-shm"):
        (small / "var" / f"arshjul.db{ending}").unlink(missing_ok=True)
    assert doctor(small) == 1
    said = capsys.readouterr().out
    assert "✗ Databasen kan ikke brukes nå: file is not a database\n    config.toml:" in said
