"""The commands as an administrator uses them, on a copy of the shipped folder: exit codes and what they print."""

from __future__ import annotations

import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.clock import main
from tests.small_site import edit


def run(site: Path, *arguments: str) -> int:
    return main(["-C", str(site), *arguments])


def test_check_says_that_all_is_in_order(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "check") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Alt er i orden."


def test_check_tells_every_problem_with_its_place_and_fails(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(site / "calendars" / "politisk-aar.toml", 'when = "6.–12. januar"', 'wen = "6.–12. januar"')
    edit(site / "calendars" / "osloregionen.toml", 'cadence = "Hvert styremøte"', 'cadence = "hvert syvende måltid"')

    assert run(site, "check") == 1

    told = capsys.readouterr().err
    assert "calendars/politisk-aar.toml:22:1: Ukjent nøkkel «wen» under [[event]].\n    Mente du «when»?" in told
    assert "Tidspunktet «hvert syvende måltid» har ingen sikker lesning." in told
    assert told.endswith("\n2 feil. Ingenting er gjort.\n")


def test_check_does_not_import_the_database_the_web_or_the_mail(site: Path) -> None:
    code = (
        "import sys; from arshjul.cli import main; main(sys.argv[1:]);"
        "print(sorted({name.split('.')[0] for name in sys.modules} & set('sqlalchemy sqlmodel starlette uvicorn "
        "aiosmtplib icalendar apscheduler alembic'.split())))"
    )
    for command in (["-C", str(site), "check"], ["read", "Q3"]):
        done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_module_is_the_same_as_the_command() -> None:
    command = [sys.executable, "-m", "arshjul", "read", "--year", "2027", "--json", "Q3-Q4"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    assert (found["phrase"], found["understood"], found["kind"]) == ("Q3-Q4", True, "quarter")
    assert (found["start"], found["end"], found["deadline"]) == ("2027-07-01", "2027-12-31", "2027-12-31")


def test_read_takes_phrases_from_standard_input_a_line_each() -> None:
    command = [sys.executable, "-m", "arshjul", "read", "--year", "2027", "--json"]

    done = subprocess.run(command, input="Q3\n\nnår katten flyr\n", capture_output=True, text=True, check=True)

    assert [json.loads(line)["understood"] for line in done.stdout.splitlines()] == [True, True, False]


def test_agenda_as_json_keeps_its_names(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = ("--from", "2026-09-01", "--to", "2026-09-30", "--calendar", "osloregionen", "--party", "Styret")

    assert run(site, "agenda", *days, "--json") == 0

    found = {one["key"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["osloregionen/4.2/2026"] == {
        "key": "osloregionen/4.2/2026",
        "calendar": "osloregionen",
        "id": "4.2",
        "title": "Fordele temaer mellom ordførerne",
        "kind": "day",
        "start": "2026-09-25",
        "end": "2026-09-25",
        "time": None,
        "deadline": "2026-09-25",
        "status": "tentative",
        "responsible": ["Styret"],
        "contributors": ["Sekretariatet"],
        "recipients": ["Styret i Osloregionen IPR <styret@example.no>"],
        "source": "Felles handlingsplan for politisk påvirkningsarbeid",
    }
    named = {"osloregionen/" + name for name in ("3.4", "4.2", "4.3", "6.1", "6.4", "styremote")}
    assert {key.rpartition("/")[0] for key in found} == named


def test_agenda_in_words_goes_month_by_month(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = ("--from", "2027-10-01", "--to", "2027-10-08", "--calendar", "politisk-aar")

    assert run(site, "agenda", *days) == 0

    assert capsys.readouterr().out == (
        "Oktober 2027\n"
        "  ○ fre  1.     Stortinget konstitueres\n"
        "  ○ lør  2.     Stortingets høytidelige åpning\n"
        "  ○ 4.–5.       Trontaledebatten\n"
        "  ○ ons  6.     Statsbudsjettet legges frem\n"
        "\n"
        "● bekreftet   ○ foreløpig   × avlyst\n"
    )


def test_preview_as_json_holds_every_letter(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "preview", "--from", "2026-12-01", "--to", "2026-12-01", "--party", "styret", "--json") == 0

    assert json.loads(capsys.readouterr().out) == [
        {
            "to": "Styret i Osloregionen IPR <styret@example.no>",
            "send_at": "2026-12-01T07:00:00Z",
            "subject": "Påminnelse: Status: Samordne påvirkning i partier og budsjett på styremøtene"
            " – frist torsdag 31. desember 2026 (foreløpig)",
            "reminders": [
                {
                    "key": "osloregionen/4.3/2026-Q4",
                    "title": "Status: Samordne påvirkning i partier og budsjett på styremøtene",
                    "deadline": "2026-12-31",
                    "lead": "20 virkedager",
                    "reason": "Sendes tirsdag 1. desember fordi osloregionen/4.3/2026-Q4 "
                    "→ «Løpende: status hvert kvartal» → frist torsdag 31. desember 2026 → 20 virkedager før er "
                    "onsdag 2. desember, med brevdag tirsdag 1. desember → hovedansvarlig: Styret.",
                }
            ],
        }
    ]


@pytest.mark.parametrize("name", ["politisk-aar", "osloregionen", "osloregionen/delregionene", "Sekretariatet"])
@pytest.mark.clients
def test_feed_is_read_by_an_independent_parser(
    site: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    assert run(site, "feed", name) == 0

    calendar = IcsCalendarStream.calendar_from_ics(capsysbinary.readouterr().out.decode())
    assert len(calendar.events) > 20
    assert len({event.uid for event in calendar.events}) == len(calendar.events)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("agenda", "--party", "sekretariat-et"), "Parten «sekretariat-et» finnes ikke."),
        (("agenda", "--calendar", "politisk-år"), "Kalenderen «politisk-år» finnes ikke. Mente du «politisk-aar»?"),
        (("feed", "oslo-by"), "Abonnementet «oslo-by» finnes ikke."),
    ],
)
def test_name_that_nobody_has_is_told_with_the_nearest(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert run(site, *arguments) == 2
    assert capsys.readouterr().err.startswith(told)


def test_wrong_date_is_told_in_norwegian(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(site, "agenda", "--from", "i går")

    assert left.value.code == 2
    assert (
        capsys.readouterr().err
        == "arshjul agenda: --from: «i går» er ingen dato; skriv 2027-01-31\nSe arshjul agenda --help.\n"
    )


@pytest.mark.years
def test_send_tells_each_thing_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "send", "--at", "2026-11-30T12:00") == 0  # the first start: nothing about the past
    assert run(site, "send", "--at", "2026-12-01T08:00", "--dry-run") == 0
    assert not (site / "var" / "mail" / "new").exists()
    assert run(site, "send", "--at", "2026-12-01T08:00") == 0
    letters = sorted((site / "var" / "mail" / "new").iterdir())
    assert run(site, "send", "--at", "2026-12-01T08:01") == 0
    assert run(site, "send", "--at", "2026-12-02T08:00") == 0

    told = capsys.readouterr().out
    assert "påminnelser fra før i dag er notert og blir ikke sendt." in told
    assert "24 brev til 24 mottakere." in told
    assert told.splitlines()[-3:] == ["24 brev sendt.", "0 brev sendt.", "0 brev sendt."]
    assert len(letters) == 24
    assert sorted((site / "var" / "mail" / "new").iterdir()) == letters


def test_letter_in_the_maildir_says_everything_in_its_text(site: Path) -> None:
    run(site, "send", "--at", "2026-11-30T12:00")
    run(site, "send", "--at", "2026-12-01T08:00")
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (site / "var/mail/new").iterdir()
    ]

    (letter,) = [one for one in letters if one["To"].endswith("<styret@example.no>")]
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # fails the test if None

    assert letter["Subject"].startswith("Påminnelse: Status: Samordne påvirkning")
    assert "torsdag 31. desember 2026" in text
    assert "Du er hovedansvarlig" in text


def test_token_opens_and_closes_a_link(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "token", "add", "osloregionen/styret", "--label", "Styreleder") == 0
    link = capsys.readouterr().out.strip()
    token = link.split("/")[-2]
    assert link == f"http://127.0.0.1:8000/f/{token}/styret.ics"

    assert run(site, "token", "list") == 0
    listed = capsys.readouterr().out
    assert token[:6] in listed
    assert token not in listed

    assert run(site, "token", "revoke", token[:6]) == 0
    assert run(site, "token", "revoke", token[:6]) == 1


def test_help_reads_in_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    told = capsys.readouterr().out
    assert told.startswith("Bruk: arshjul ")
    assert [word for word in ("usage", "options", "positional", "optional", "show this") if word in told.lower()] == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe[calendar]", "calendars/ny.toml:1:1: Filen er ikke lagret som UTF-8."),
        (b"dette er ikke toml", "calendars/ny.toml:1:7: Her mangler et likhetstegn (=) etter nøkkelen."),
        (b"", "calendars/ny.toml:1:1: Nøkkelen «calendar» mangler."),
        (b"calendar = 3", "calendars/ny.toml:1:12: «calendar»: Her skal det stå en tabell: { … }."),
    ],
)
def test_file_that_is_no_calendar_is_told_and_nothing_is_loaded(
    site: Path, capsys: pytest.CaptureFixture[str], data: bytes, told: str
) -> None:
    (site / "calendars" / "ny.toml").write_bytes(data)

    assert run(site, "agenda") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(told)
