"""What is put off is asked a date for, and is never in no letter and no list for ever."""

from __future__ import annotations

import shutil
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from arshjul.letters.coordinator import put_off_lines
from arshjul.letters.history import Acknowledgement, Known, Report, settled
from tests.cli.test_always import CALENDAR, KEY, lose_calendars, spoiled
from tests.clock import NOON, main

TITLE = "Utsatt, og uten ny dato i kalenderfilen"
LINE = f"tirsdag 15. desember 2026: Rapporten sendes – Kontoret ({KEY})"
TUESDAYS = ("2026-11-24", "2026-12-01", "2026-12-22", "2027-03-09")
COORDINATOR = 'coordinator = "Koordinator <koordinator@example.no>"\n'
LISTED = "Til da står saken i hvert ukebrev til koordinatoren."


def run(folder: Path, *arguments: str) -> int:
    return main(["-C", str(folder), *arguments])


def write(folder: Path, calendar: str) -> None:
    (folder / "calendars" / "k.toml").write_text(calendar, encoding="utf-8")


@pytest.fixture(scope="module")
def told_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was started on 2 November and has told of the report on the 17th."""
    folder = tmp_path_factory.mktemp("told-site")
    (folder / "calendars").mkdir()
    write(folder, CALENDAR)
    (folder / "config.toml").write_text(f'[letters]\nsend_days = ["tirsdag"]\n{COORDINATOR}', encoding="utf-8")
    assert run(folder, "send", "--at", "2026-11-02T09:00") == 0
    assert run(folder, "send", "--at", "2026-11-17T09:00") == 0
    return folder


@pytest.fixture
def folder(told_site: Path, tmp_path: Path) -> Path:
    """A copy of that site."""
    return Path(shutil.copytree(told_site, tmp_path / "site"))


def letters(folder: Path, day: str) -> dict[str, list[str]]:
    """Send on a day, and return by address the lines of the letters that went then."""
    new = folder / "var" / "mail" / "new"
    before = set(new.iterdir())
    assert run(folder, "send", "--at", f"{day}T09:00") == 0
    found = {}
    for path in set(new.iterdir()) - before:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found[message["To"].addresses[0].addr_spec] = " ".join(body.get_content().split()).split(" - ")
    return found


def put_off(folder: Path, day: str) -> list[str]:
    """Return what the coordinator's letter of a day says of what is put off."""
    text = " - ".join(letters(folder, day)["koordinator@example.no"])
    return [text[text.index("Rapporten") - len("tirsdag 15. desember 2026: ") :]] if TITLE in text else []


def test_done_asks_for_the_date_of_what_is_put_off(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(folder, "done", KEY, "--as", "utsatt") == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "Utsatt til når? Ingenting er gjort. Skriv en av disse:",
        f"    arshjul done {KEY} --as utsatt --until 2027-01-31",
        f"    arshjul done {KEY} --as utsatt --without-date     "
        "(ikke kjent ennå: saken står i hvert ukebrev til den får en)",
    ]
    assert put_off(folder, "2026-11-24") == []


@pytest.mark.parametrize(
    ("words", "report", "note"),
    [
        (["--until", "2027-02-01"], ": til mandag 1. februar 2027.", " – til mandag 1. februar 2027"),
        (
            ["--until", "2027-02-01", "--note", "venter på svar"],
            ": til mandag 1. februar 2027; venter på svar.",
            " – til mandag 1. februar 2027; venter på svar",
        ),
        (["--without-date"], ".", ""),
    ],
)
def test_what_is_put_off_is_in_every_weekly_letter(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], report: str, note: str
) -> None:
    capsys.readouterr()
    assert run(folder, "done", KEY, "--as", "utsatt", *words) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Rapporten sendes, tirsdag 15. desember 2026:",
        f"  Meldt utsatt fredag 20. november 2026{report}",
        "Ingen påminnes om fristen tirsdag 15. desember 2026. Skriv den nye datoen i kalenderfilen, "
        "så påminnes de på nytt.",
        LISTED,
    ]

    for day in TUESDAYS:
        (line,) = put_off(folder, day)
        assert line.startswith(f"{LINE}{note}")


def test_new_date_ends_it_and_is_told(folder: Path) -> None:
    run(folder, "done", KEY, "--as", "utsatt", "--without-date")
    unusual = 'announced.2026 = { date = "2027-02-01", unusual = "utsatt" }\nwhen = "innen'
    write(folder, CALENDAR.replace('when = "innen', unusual))

    assert set(letters(folder, "2026-11-24")) == {"kontoret@example.no", "koordinator@example.no"}
    assert put_off(folder, "2026-12-01") == []


@pytest.mark.parametrize("state", ["ferdig", "uaktuell"])
def test_another_report_ends_it(folder: Path, state: str) -> None:
    run(folder, "done", KEY, "--as", "utsatt", "--without-date")
    run(folder, "done", KEY, "--as", state)

    assert put_off(folder, "2026-11-24") == []


def test_what_was_taken_out_of_the_files_is_still_listed(folder: Path) -> None:
    run(folder, "done", KEY, "--as", "utsatt", "--without-date")
    write(folder, CALENDAR.partition("[[event]]")[0])

    (line,) = put_off(folder, "2026-11-24")
    assert line.startswith(f"tirsdag 15. desember 2026: Rapporten sendes ({KEY})")


def test_put_off_without_any_files_keeps_the_date_that_was_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that another date opens it again; without one it was silent for ever."""
    spoiled(folder, lose_calendars, has_copies=False)
    capsys.readouterr()
    assert run(folder, "done", KEY, "--as", "utsatt", "--without-date") == 0
    assert capsys.readouterr().out.splitlines()[0] == "Kjent fra brev som er sendt, tirsdag 15. desember 2026:"
    (folder / "calendars").mkdir()
    write(folder, CALENDAR.replace("15. desember", "18. desember"))

    assert "kontoret@example.no" in letters(folder, "2026-11-24")


def test_put_off_that_had_no_date_is_open_once_it_has_one() -> None:
    """As with what was reported while no file could be read; it is listed until then."""
    report = Acknowledgement(KEY, Report.PUT_OFF, "", "", None, NOON)
    known = Known(settled=settled([report]), put_off=(report,))

    assert not known.is_settled(KEY, date(2026, 12, 15))
    assert list(put_off_lines([], known)) == [f"uten dato: {KEY} ({KEY})"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as", "ferdig", "--until", "2027-02-01"], "--until og --without-date hører til --as utsatt.\n"),
        (["--without-date"], "--until og --without-date hører til --as utsatt.\n"),
        (
            ["--as", "utsatt", "--until", "2026-12-15"],
            "--until (tirsdag 15. desember 2026) er ikke etter fristen som er (tirsdag 15. desember 2026). "
            "Ingenting er gjort.\n",
        ),
    ],
)
def test_date_that_puts_nothing_off_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    capsys.readouterr()
    assert run(folder, "done", KEY, *words) == 2
    assert capsys.readouterr().err == told
    assert put_off(folder, "2026-11-24") == []


def test_site_without_a_coordinator_is_told_that_nobody_hears(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "config.toml").write_text('[letters]\nsend_days = ["tirsdag"]\n', encoding="utf-8")

    assert run(folder, "done", KEY, "--as", "utsatt", "--without-date") == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Ingen koordinator er satt, så ingen får vite at saken venter. Sett coordinator under [letters]."
    )
