"""`send --now KEY`: what cannot wait is shown, asked about and sent, and nothing else; nobody is told twice."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.mail.verdicts import State
from arshjul.rounds import holds
from arshjul.store import queue
from arshjul.store import told as told_
from arshjul.store.engine import Store, open_store
from arshjul.store.lock import sender_lock
from tests.cli.test_doctor import running
from tests.cli.test_urgent import run, with_server
from tests.clock import NOON, command
from tests.conftest import ROOT
from tests.rounds.test_urgent import EVENING, LETTERS, MINUTE, MORNINGS, cancel, saved, site
from tests.sample_letters import queued
from tests.small_site import edit
from tests.smtp_servers import ScriptedServer

KEY = "region/mote/2027-03"
FRIDAY = datetime.fromisoformat("2027-03-12T09:00+00:00")
SHOWN = """\
Torsdag 11. mars 2027
  Til Kari <kari@example.no>, Ola <ola@example.no>
  Emne: Avlyst: Styremøte – fredag 12. mars 2027
    · Avlyst: fredag 12. mars 2027: Styremøte

2 brev til 2 mottakere.
"""


@pytest.fixture(scope="module")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    path = site(folder, LETTERS)
    edit(path, '["Ola <ola@example.no>"]', '["Kari <kari@example.no>", "Ola <ola@example.no>"]')
    for morning in MORNINGS:
        if morning < EVENING:
            assert run(folder, "send", "--at", f"{morning:%Y-%m-%dT%H:%MZ}", now=morning) == 0
    cancel(path, EVENING)
    return folder


@pytest.fixture
def calendar(told_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The calendar file of a site that has told Kari and Ola of the meeting, which was cancelled this very minute."""
    shutil.copytree(told_once, tmp_path, dirs_exist_ok=True)
    capsys.readouterr()
    return tmp_path / "calendars" / "region.toml"


def store_in(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/var/arshjul.db", folder / "var")


def sent(folder: Path) -> list[tuple[str, str]]:
    """Return (address, subject) of all letters in the Maildir that tell of a cancellation, in order."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (folder / "var" / "mail" / "new").iterdir()
    ]
    told = [(str(one["To"].addresses[0].addr_spec), str(one["Subject"])) for one in found]
    return sorted(one for one in told if one[1].startswith("Avlyst"))


BOTH = [(f"{name}@example.no", "Avlyst: Styremøte – fredag 12. mars 2027") for name in ("kari", "ola")]


def test_letters_on_the_thing_go_at_once_in_the_evening_and_in_the_rest(
    calendar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "send", "--now", KEY, "--yes") == 0

    assert capsys.readouterr().out == f"{SHOWN}2 brev sendt.\n"
    assert sent(tmp_path) == BOTH
    assert calendar.exists()


@pytest.mark.usefixtures("calendar")
def test_ordinary_round_tells_nobody_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "send", "--now", KEY, "--yes")
    capsys.readouterr()

    for hours in (1, 13, 15, 37, 24 * 5):
        at = EVENING + timedelta(hours=hours)
        assert run(tmp_path, "send", "--at", f"{at:%Y-%m-%dT%H:%MZ}", now=at) == 0

    assert sent(tmp_path) == BOTH
    assert not any("Haster" in path.read_text("utf-8") for path in (tmp_path / "var" / "mail" / "new").iterdir())
    capsys.readouterr()
    assert run(tmp_path, "send", "--now", KEY, "--yes", now=EVENING + MINUTE) == 0
    assert capsys.readouterr().out == (
        f"Ingen skal ha brev om «{KEY}» nå: de som skal vite noe, har fått vite det. Se «arshjul explain».\n"
    )


@pytest.mark.usefixtures("calendar")
def test_reader_gets_the_letter_of_the_day_beside_it(tmp_path: Path) -> None:
    """What is sent before the hour of letters keeps nothing back that is due at it."""
    early = FRIDAY - timedelta(hours=3)
    saved(tmp_path / "calendars" / "region.toml", early, 'when = "1. juni"', 'when = "2027-03-19"')
    assert run(tmp_path, "send", "--now", KEY, "--yes", now=early) == 0

    assert run(tmp_path, "send", "--at", "2027-03-12T09:00", now=FRIDAY) == 0

    with_both = [one.subject for one in queue.letters_by_state(store_in(tmp_path)) if one.send_day == FRIDAY.date()]
    assert sorted(subject.partition(":")[0] for subject in with_both) == [
        "Avlyst",
        "Avlyst",
        "Påminnelse",
        "Påminnelse",
    ]


@pytest.mark.usefixtures("calendar")
def test_no_other_letter_goes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    queue.queue(store, [queued(1, reminders=(), expires_at=EVENING + timedelta(days=9))], EVENING)

    assert run(tmp_path, "send", "--now", KEY, "--yes") == 0

    assert queue.letter(store, queued(1).id).state is State.QUEUED  # type: ignore[union-attr]  # it is there
    store.close()


@pytest.mark.usefixtures("calendar")
def test_who_has_said_no_gets_none_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = store_in(tmp_path)
    told_.opt_out(store, "kari@example.no", "på telefonen", EVENING)
    store.close()

    assert run(tmp_path, "send", "--now", KEY, "--yes") == 0

    told = capsys.readouterr()
    assert told.err == "Har sagt nei til brev: Kari <kari@example.no>.\n"
    assert told.out.endswith("1 brev til 1 mottaker.\n1 brev sendt.\n")
    assert sent(tmp_path) == BOTH[1:]


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("more", [["--dry-run"], []], ids=["dry run", "no terminal"])
def test_nothing_goes_before_a_person_has_said_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "inn").open("w+", encoding="utf-8") as no_terminal:
        monkeypatch.setattr("sys.stdin", no_terminal)
        assert run(tmp_path, "send", "--now", KEY, *more) == (0 if more else 1)

    told = capsys.readouterr()
    assert told.out == SHOWN
    unasked = "Ingenting er sendt: her kan det ikke spørres. Skriv --yes for å sende uten å bli spurt.\n"
    assert told.err == ("" if more else unasked)
    assert sent(tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "said", "count"),
    [
        ("j", "2 brev sendt.", 2),
        pytest.param("JA", "2 brev sendt.", 2, marks=pytest.mark.faults),
        pytest.param("", "Ingenting er sendt.", 0, marks=pytest.mark.faults),
        ("n", "Ingenting", 0),
    ],
)
def test_person_at_a_terminal_is_asked(tmp_path: Path, answer: str, said: str, count: int) -> None:
    """In a process of its own, by a clock that shows noon on a Friday in November."""
    path = site(tmp_path, LETTERS)
    edit(path, '"2027-01-12"', '"2026-11-23", "2027-01-12"')
    edit(path, '["Ola <ola@example.no>"]', '["Kari <kari@example.no>", "Ola <ola@example.no>"]')
    for day in (2, 16):
        morning = datetime.fromisoformat(f"2026-11-{day:02}T09:00+00:00")
        assert run(tmp_path, "send", "--at", f"{morning:%Y-%m-%dT%H:%MZ}", now=morning) == 0
    saved(path, NOON, 'title = "Styremøte"', 'title = "Styremøte"\ncancelled = ["2026-11"]')

    out = at_terminal(["-C", str(tmp_path), "send", "--now", "region/mote/2026-11"], answer)

    assert "2 brev til 2 mottakere." in out
    assert "Send nå? [j/N]" in out
    assert said in out
    assert len(sent(tmp_path)) == count


def at_terminal(arguments: Sequence[str], answer: str) -> str:
    """Run a command with a terminal before it, answer its question, and return what it printed."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(command(*arguments), stdin=theirs, capture_output=True, text=True, check=False, cwd=ROOT)
    os.close(ours)
    os.close(theirs)
    return done.stdout


@pytest.mark.usefixtures("calendar")
def test_running_service_sends_what_is_put_into_its_outbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = store_in(tmp_path)
    with sender_lock(store):
        assert run(tmp_path, "send", "--now", KEY, "--yes") == 0

    assert capsys.readouterr().out == f"{SHOWN}2 brev lagt i utboksen. Tjenesten, som går, sender innen et minutt.\n"
    waiting = queue.letters_by_state(store, State.QUEUED)
    assert [one.next_at for one in waiting] == [EVENING, EVENING]
    store.close()


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("kind", [HoldKind.PERSON, HoldKind.SETUP, HoldKind.RESTORED])
def test_held_queue_says_so_and_sends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: HoldKind
) -> None:
    hold(tmp_path, kind)

    assert run(tmp_path, "send", "--now", KEY, "--yes", "--even-so") == 1

    told = capsys.readouterr().err
    assert told == ("Ingenting er sendt. Utsendingen står: Noe er galt. Slipp den løs med «arshjul outbox release».\n")
    assert sent(tmp_path) == []


@pytest.mark.usefixtures("calendar")
def test_what_a_brake_keeps_back_goes_only_even_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hold(tmp_path, HoldKind.EDITS)

    assert run(tmp_path, "send", "--now", KEY, "--yes") == 1
    assert capsys.readouterr().err == (
        "Ingenting er sendt. Brev holdes tilbake: Noe er galt. Skriv --even-so for å sende disse likevel.\n"
    )
    assert run(tmp_path, "send", "--now", KEY, "--yes", "--even-so") == 0
    assert sent(tmp_path) == BOTH


def hold(folder: Path, kind: HoldKind) -> None:
    store = store_in(folder)
    mail = "maildir" if kind is HoldKind.SETUP else ""
    holds.order(store, Hold(kind, "Noe er galt.", EVENING, relay=mail))
    store.close()


@pytest.mark.usefixtures("calendar")
def test_unknown_key_is_told_with_what_may_be_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "send", "--now", "region/mote/2027-33", "--yes") == 2
    assert "«region/mote/2027-33» finnes ikke. Mente du «region/mote/2027-" in capsys.readouterr().err
    assert run(tmp_path, "send", "--now", "region/mote", "--yes") == 2
    assert "«region/mote» kommer flere ganger. Si hvilken: region/mote/" in capsys.readouterr().err


@pytest.mark.usefixtures("calendar")
def test_thing_that_is_not_due_has_nothing_to_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "send", "--now", "region/hoering/2027", "--yes") == 0
    assert capsys.readouterr().out.startswith("Ingen skal ha brev om «region/hoering/2027» nå")
    assert sent(tmp_path) == []


def test_thing_that_is_deleted_is_told_as_taken_out(
    calendar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(calendar, '\ncancelled = ["2027-03"]', "")
    edit(calendar, '"2027-03-12", ', "")

    assert run(tmp_path, "send", "--now", KEY, "--yes") == 0
    assert "Utgår" in capsys.readouterr().out


@pytest.mark.usefixtures("calendar")
def test_refused_letter_waits_and_the_refusal_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = "554 5.7.1 Client host [10.0.0.5] blocked using bl.example.no"
    with running(ScriptedServer({"RCPT": refusal})) as port:
        with_server(tmp_path, port)
        assert run(tmp_path, "send", "--now", KEY, "--yes") == 1

    told = capsys.readouterr()
    assert told.out == f"{SHOWN}0 brev sendt, 1 venter.\n"
    assert told.err.startswith("Utsendingen står: Maskinen vi sender fra, er sperret: 554 5.7.1")


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--now", KEY, "--at", "2027-03-11T20:00"], "--now sender nå; --at kan ikke stå sammen med den.\n"),
        (["--yes"], "--yes hører til --now.\n"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], said: str
) -> None:
    assert run(tmp_path, "send", *wrong) == 2
    assert capsys.readouterr().err == said
