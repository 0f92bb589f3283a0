"""What an administrator sees when the mail server refuses us: the queue stands, nothing is spent, and why is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.store import queue
from arshjul.store.engine import open_store
from tests.cli.test_commands import run
from tests.cli.test_doctor import running
from tests.sample_letters import NOW, many
from tests.small_site import write_site
from tests.smtp_servers import ScriptedServer

AT, LATER = "2026-11-24T08:01", "2026-11-24T08:03"
HELLO = "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"


@pytest.fixture
def three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A site with three letters that wait."""
    write_site(tmp_path)
    assert run(tmp_path, "send", "--even-so", "--at", AT) == 0
    store = open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")
    queue.queue(store, many(3), NOW)
    store.close()
    capsys.readouterr()
    return tmp_path


def with_server(site: Path, port: int, *more: str) -> None:
    config = site / "config.toml"
    text = config.read_text(encoding="utf-8").split("[mail]")[0]
    lines = ("[mail]", 'transport = "smtp"', 'host = "127.0.0.1"', f"port = {port}", "start_tls = false", *more, "")
    config.write_text(text + "\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("step", ["EHLO", "RCPT", "."])
def test_send_says_why_and_spends_nothing_and_after_the_repair_the_letters_go(
    three: Path, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    server = ScriptedServer({step: [HELLO, HELLO, "250 OK"]})
    with running(server) as port:
        with_server(three, port)
        assert run(three, "send", "--even-so", "--at", AT) == 1
        told = capsys.readouterr()
        assert (told.out, told.err) == (
            "0 brev sendt, 1 venter.\n",
            f"Utsendingen står: E-posttjeneren godtar ikke navnet vi hilser med: {HELLO}. Spør den som drifter "
            "e-posttjeneren, hvilket navn denne maskinen skal hilse med (EHLO). Det skal finnes i DNS. Skriv det som "
            "hello i [mail]. Kjør «arshjul doctor». Slipp den løs med «arshjul outbox release».\n",
        )
        server.script = {}
        assert run(three, "send", "--even-so", "--at", LATER) == 1  # nothing has been mended
        with_server(three, port, 'hello = "Årshjul.example.no"')
        capsys.readouterr()
        assert run(three, "send", "--even-so", "--at", LATER) == 0
        assert capsys.readouterr().out == "3 brev sendt.\n"
    assert server.greeted == ["example.no", "xn--rshjul-hua.example.no"]


def test_letter_given_back_shows_all_that_happened_to_it(three: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(ScriptedServer({"RCPT": "550 5.1.1 User unknown"})) as port:
        with_server(three, port)
        assert run(three, "send", "--even-so", "--at", AT) == 1
        told = capsys.readouterr()
        assert told.out == "0 brev sendt, 2 venter.\n"
        assert told.err.startswith("Utsendingen står: E-posttjeneren avviste 2 brev på rad til forskjellige mottakere")
    assert run(three, "outbox", "show", "00000001") == 0
    shown = capsys.readouterr().out
    assert "\nTilstand:  venter\n" in shown
    assert (
        "kl. 08.01  adressen avvist: 550 5.1.1 User unknown\ntirsdag 24. november 2026 kl. 08.01  venter likevel: "
        "andre mottakere ble avvist på samme måte, og ingen brev kom gjennom\n" in shown
    )
    assert run(three, "outbox", "show", "00000002") == 0
    assert "kl. 08.01  e-posttjeneren avviser oss, ikke mottakeren: 550 5.1.1 User unknown\n" in capsys.readouterr().out
    assert run(three, "outbox", "list") == 1
    said = capsys.readouterr().out
    assert said.startswith("✗ Utsendingen står: e-posttjeneren avviser oss.\n")
    assert "\n3 venter\n" in said
    assert run(three, "outbox", "release") == 0
    with running(ScriptedServer()) as port:
        with_server(three, port)
        assert run(three, "send", "--even-so", "--at", LATER) == 0
    assert capsys.readouterr().out.endswith("\n3 brev sendt.\n")
