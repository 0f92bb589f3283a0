"""What a person sees of the outbox and decides about it."""

from __future__ import annotations

import mailbox
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.clock import main
from tests.conftest import ROOT
from tests.small_site import edit

BEFORE, DUE = "2026-11-20T07:00", "2026-12-08T09:00"
MORNING = "2026-12-07T09:00"
MEMBERS, REMINDED = 30, 4
AFTER = datetime(2026, 12, 8, 9, tzinfo=UTC)
"""An hour after the letters that are due."""


def run(site: Path, *arguments: str, now: datetime = AFTER) -> int:
    return main(["-C", str(site), *arguments], now)


def in_mailbox(site: Path) -> int:
    return len(mailbox.Maildir(site / "var" / "mail"))


def calendar() -> Iterator[str]:
    """Yield a calendar of an office and many members, each with one deadline: the first few are reminded when due."""
    yield '[calendar]\nid = "k"\nname = "Kalenderen"\n'
    for number in range(MEMBERS):
        name, address = ("Sekretariatet", "sekretariatet") if not number else (f"M{number}", f"m{number}")
        day = "2027-01-12" if number < REMINDED else f"2027-10-{number:02}"
        yield f'[[party]]\nid = "p{number}"\nname = "{name}"\nmembers = ["{address}@example.no"]\n'
        yield f'[[event]]\nid = "e{number}"\ntitle = "Sak {number}"\nwhen = "{day}"\nresponsible = "{name}"\n'


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the shipped settings and templates, and a calendar that is read in no time."""
    folder = tmp_path_factory.mktemp("written")
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copy(ROOT / "config.toml", folder / "config.toml")
    (folder / "calendars").mkdir()
    (folder / "calendars" / "k.toml").write_text("\n".join(calendar()), encoding="utf-8")
    return folder


@pytest.fixture
def site(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "site"))


@pytest.fixture(scope="module")
def sent_once(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(written, tmp_path_factory.mktemp("sent") / "site"))
    assert run(folder, "send", "--at", BEFORE) == 0
    assert run(folder, "send", "--at", DUE) == 0
    return folder


@pytest.fixture
def sent(sent_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A site from which the letters of one day have gone."""
    capsys.readouterr()
    return Path(shutil.copytree(sent_once, tmp_path / "site"))


def first_name(site: Path, capsys: pytest.CaptureFixture[str]) -> str:
    run(site, "outbox", "list", "--all")
    return capsys.readouterr().out.splitlines()[4].split()[0]


def change(site: Path, statement: str) -> None:
    with closing(sqlite3.connect(site / "var" / "arshjul.db")) as connection, connection:
        connection.execute(statement)


def test_list_shows_what_is_not_sent_and_how_many_are(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = in_mailbox(sent)
    assert run(sent, "outbox", "list") == 0
    assert capsys.readouterr().out == f"Utsendingen går.\n{count} sendt\n"
    change(sent, "UPDATE outbox SET state = 'held' WHERE address = 'sekretariatet@example.no'")
    assert run(sent, "outbox", "list") == 1
    fault, ask, counts, empty, head, row = capsys.readouterr().out.splitlines()
    assert fault == "✗ 1 brev venter på en avgjørelse."
    assert ask == "    Bestem det med «arshjul outbox resend» eller «arshjul outbox accept»."
    assert (counts, empty) == (f"{count - 1} sendt, 1 holdt tilbake", "")
    assert head.split() == ["Brev", "Tilstand", "Brevdag", "Til", "Emne"]
    assert re.match(r"[0-9A-Z]{8}  holdt tilbake  08\.12\.2026  sekretariatet@example\.no  \S", row)


def test_list_says_since_when_a_letter_has_had_no_answer(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    until = int(datetime(2026, 12, 8, 8, 45, tzinfo=UTC).timestamp()) * 1_000_000
    change(
        sent,
        f"UPDATE outbox SET state = 'data_started', lease_until = {until} WHERE address = 'sekretariatet@example.no'",
    )
    assert run(sent, "outbox", "list") == 0
    status, waiting, *_ = capsys.readouterr().out.splitlines()
    assert (status, waiting) == (
        "Utsendingen går.",
        "E-posttjeneren har ikke svart på 1 brev, som den fikk tirsdag 8. desember 2026 kl. 09.00.",
    )
    change(sent, f"UPDATE outbox SET state = 'data_started', lease_until = {until + 60_000_000}")
    assert run(sent, "outbox", "list") == 0
    since = "tirsdag 8. desember 2026 kl. 09.01"
    waiting = f"E-posttjeneren har ikke svart på {in_mailbox(sent)} brev, og fikk det første {since}."
    assert capsys.readouterr().out.splitlines()[1] == waiting


FORGED = "'a' || char(10) || 'b' || char(27) || '[2J' || char(8232) || char(8238) || 'c'"
SHOWN = r"a b\x1b[2J \u202ec"


def test_list_has_one_row_a_letter_whatever_its_subject(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(sent, f"UPDATE outbox SET state = 'held', subject = {FORGED} WHERE address = 'sekretariatet@example.no'")
    assert run(sent, "outbox", "list") == 1
    *_, head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["Brev", "Tilstand", "Brevdag", "Til", "Emne"]
    assert re.fullmatch(
        rf"[0-9A-Z]{{8}}  holdt tilbake  08\.12\.2026  sekretariatet@example\.no  {re.escape(SHOWN)}", row
    )


def test_show_has_one_row_an_attempt_whatever_the_server_said(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = first_name(sent, capsys)
    change(sent, f"UPDATE attempt SET text = {FORGED}")
    change(sent, f"UPDATE outbox SET name = {FORGED}, wire = CAST('Subject: x\n\nEn\x1b[2J\nto' AS BLOB)")
    assert run(sent, "outbox", "show", name) == 0
    told = capsys.readouterr().out
    assert f"kl. 09.00  tatt imot: {SHOWN}\n" in told
    assert f"Til:       {SHOWN} <" in told
    assert told.endswith("\n\nEn\\x1b[2J\nto\n")


def test_reason_of_a_hold_is_one_line_whoever_gave_it(
    sent: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "kari\nUtsendingen går.\x1b[1A")
    assert run(sent, "outbox", "hold") == 0
    assert capsys.readouterr().out == "Utsendingen står. Stanset av kari Utsendingen går.\\x1b[1A.\n"
    assert run(sent, "outbox", "list") == 1
    first, cause, *_ = capsys.readouterr().out.splitlines()
    assert first == "✗ Utsendingen er stanset av noen."
    assert cause.endswith("Stanset av kari Utsendingen går.\\x1b[1A.")


def test_list_of_one_state(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sent, "outbox", "list", "--state", "sendt", "--limit", "3") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3 + 1 + 3
    assert run(sent, "outbox", "list", "--state", "holdt tilbake") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_show_tells_all_that_happened_and_the_letter_itself(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = first_name(sent, capsys)
    assert run(sent, "outbox", "show", name) == 0
    told = capsys.readouterr().out
    assert (
        "Tilstand:  sendt\nBrevdag:   tirsdag 8. desember 2026\nSendt:     tirsdag 8. desember 2026 kl. 09.00" in told
    )
    assert "kl. 09.00  tatt imot: arshjul." in told
    assert "\n\n-- \n" in told


def test_resend_says_that_it_may_be_a_second_copy(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = first_name(sent, capsys)
    shutil.rmtree(sent / "var" / "mail")
    assert run(sent, "outbox", "resend", name) == 0
    assert capsys.readouterr().out == "Brevet sendes på nytt. Mottakeren kan få det to ganger.\n"
    assert run(sent, "send") == 0
    assert in_mailbox(sent) == 1


def test_letter_that_nobody_has_is_told(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sent, "outbox", "show", "ÅÅÅÅ") == 1
    assert capsys.readouterr().err == "Ingen brev ender på «ÅÅÅÅ». Se «arshjul outbox list».\n"
    assert run(sent, "outbox", "resend", "") == 1
    assert capsys.readouterr().err == "Flere brev ender på «». Skriv flere tegn.\n"


def test_uncertain_letter_is_accepted_by_a_person(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = first_name(sent, capsys)
    assert run(sent, "outbox", "accept", name) == 1
    change(sent, f"UPDATE outbox SET state = 'held', generation = 2 WHERE id LIKE '%{name}'")
    run(sent, "outbox", "show", name)
    assert "Det er usikkert om e-posttjeneren tok imot brevet." in capsys.readouterr().out
    assert run(sent, "outbox", "accept", name) == 0
    assert capsys.readouterr().out == "Brevet regnes som kommet frem.\n"


def test_queue_is_stopped_and_let_go_by_a_person(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "send", "--at", BEFORE)
    assert run(site, "outbox", "hold") == 0
    capsys.readouterr()
    assert run(site, "send", "--at", DUE) == 1
    told = capsys.readouterr()
    assert told.out == "0 brev sendt.\n"
    assert re.fullmatch(r"Utsendingen står: Stanset av \S+ Slipp den løs med «arshjul outbox release»\.\n", told.err)
    assert run(site, "outbox", "list") == 1
    assert capsys.readouterr().out.startswith(
        "✗ Utsendingen er stanset av noen.\n    Siden tirsdag 8. desember 2026 kl."
    )
    assert run(site, "outbox", "release") == 0
    assert capsys.readouterr().out.startswith("Utsendingen går igjen. Den sto fordi: Stanset av ")
    assert run(site, "outbox", "release") == 0
    assert capsys.readouterr().out == "Utsendingen sto ikke.\n"
    assert run(site, "send", "--at", DUE) == 0
    assert in_mailbox(site) > 1


def test_too_many_letters_at_once_wait_for_a_person(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lead time of a year by mistake tells everybody of everything; what is due that day goes all the same."""
    assert run(site, "send", "--at", MORNING) == 0
    edit(site / "config.toml", "leads = [20, 5]", 'leads = ["12 måneder"]')
    capsys.readouterr()

    assert run(site, "send", "--at", DUE) == 1
    told = capsys.readouterr().err
    assert re.search(r"\d+ brev ville gått fordi kalenderfilene er endret, og grensen er 20\. De vanlige", told)
    assert run(site, "outbox", "list") == 1
    assert capsys.readouterr().out.startswith("✗ Flere brev enn grensen ville gått fordi filene er endret. De venter")


def test_clock_that_jumped_is_told_and_stops_the_queue(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "send") == 0
    change(site, "UPDATE fact SET value = '[\"2026-01-01T00:00:00+00:00\", 0, \"før\"]' WHERE key = 'clock'")
    capsys.readouterr()
    assert run(site, "send") == 1
    assert "forrige gang var torsdag 1. januar 2026 kl. 01.00" in capsys.readouterr().err
    assert run(site, "outbox", "release") == 0
    assert run(site, "send") == 0


def test_what_a_backup_forgot_is_noted_without_sending(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = in_mailbox(sent)
    for left in (sent / "var").glob("arshjul.db*"):
        if left.suffix != ".epoch":
            left.unlink()
    assert run(sent, "send", "--at", BEFORE) == 1
    assert "Databasen er tom, men" in capsys.readouterr().err
    assert run(sent, "migrate", "--new") == 0
    assert run(sent, "send", "--at", BEFORE) == 1
    assert "eldre enn brevene som er sendt fra den" in capsys.readouterr().err
    assert run(sent, "outbox", "release", "--without-sending") == 0
    assert run(sent, "send", "--at", BEFORE) == 0
    found = [path.read_bytes() for path in (sent / "var" / "mail" / "new").iterdir()]
    told = [raw for raw in found if message_from_bytes(raw, policy=policy.default)["Subject"].startswith("Haster: ")]
    assert (len(found), len(told)) == (count + 1, 1)  # nothing again; only the coordinator hears that the queue stands


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 25), date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 10), date(2028, 2, 29)],
    ids=date.isoformat,
)
def test_what_is_owed_is_taken_as_sent_on_any_day_and_never_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], today: date
) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(OWED.format(day=today + timedelta(days=10)), encoding="utf-8")
    (tmp_path / "config.toml").write_text("[letters]\nleads = [20]\n", encoding="utf-8")
    run(tmp_path, "send", "--at", f"{today - timedelta(days=60)}T09:00")
    capsys.readouterr()

    now = datetime.combine(today, time(10), UTC)
    assert run(tmp_path, "outbox", "release", "--without-sending", now=now) == 0

    assert capsys.readouterr().out == "1 påminnelse regnes som sendt.\nUtsendingen sto ikke.\n"
    for days in range(11):
        assert run(tmp_path, "send", "--at", f"{today + timedelta(days=days)}T12:00") == 0
        assert capsys.readouterr().out == "0 brev sendt.\n"


def test_letter_that_waits_is_taken_as_sent_when_a_person_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(OWED.format(day="2026-12-15"), encoding="utf-8")
    away = '[letters]\nleads = [20]\n[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 1\nstart_tls = false\n'
    (tmp_path / "config.toml").write_text(away, encoding="utf-8")
    run(tmp_path, "send", "--at", "2026-11-02T09:00")
    run(tmp_path, "send", "--at", "2026-11-17T09:00")
    capsys.readouterr()

    assert run(tmp_path, "outbox", "release", "--without-sending") == 0

    assert capsys.readouterr().out.startswith("1 brev i utboksen regnes som sendt.\n")
    run(tmp_path, "outbox", "list", "--all")
    assert "1 sendt\n" in capsys.readouterr().out


OWED = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["kontoret@example.no"]
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = ["{day}"]
responsible = "Kontoret"
"""


def test_help_of_outbox_reads_in_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["outbox", "--help"])
    told = capsys.readouterr().out
    assert "la utsendingen gå igjen" in told
    assert "optional arguments" not in told
