"""`explain`, `done`, `undo`, `preview --html` and an own template, as an administrator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clock import main

CALENDAR = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>; nynorsk"]
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = "innen 15. desember"
responsible = "Kontoret"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "k.toml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[letters]\nsend_days = ["tirsdag"]\n', encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main(["-C", str(folder), *arguments])


def test_explain_tells_what_has_been_sent_and_makes_no_database(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "explain", "k/rapport/2026") == 0
    assert "Står i      calendars/k.toml, linje 9\n" in capsys.readouterr().out
    assert not (folder / "var").exists()

    run(folder, "send", "--at", "2026-11-02T09:00")
    run(folder, "send", "--at", "2026-11-17T09:00")
    capsys.readouterr()

    assert run(folder, "explain", "k/rapport/2026", "--to", "kontoret@example.no") == 0
    assert capsys.readouterr().out.endswith(
        "Ansvarlig   «Kontoret»\n"
        "  Kontoret <kontoret@example.no>: hovedansvarlig, Kontoret\n"
        "    tirsdag 17. november 2026: 20 virkedager før tirsdag 15. desember 2026 (sendt)\n"
    )


def test_explain_tells_what_was_told_of_what_is_no_longer_in_the_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00")
    run(folder, "send", "--at", "2026-11-17T09:00")
    (folder / "calendars" / "k.toml").write_text(CALENDAR.partition("[[event]]")[0], encoding="utf-8")
    capsys.readouterr()

    assert run(folder, "explain", "k/rapport/2026") == 0
    assert capsys.readouterr().out == (
        "k/rapport/2026\n\nStår ikke lenger i filene.\n  kontoret@example.no\n"
        "    tirsdag 17. november 2026: 20 virkedager før tirsdag 15. desember 2026 (sendt)\n"
    )
    assert run(folder, "explain", "k/rapport/2031") == 2


def test_check_says_that_nobody_hears_of_what_goes_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "check") == 0
    told = "Ingen koordinator: ingen får vite om frister som gikk uten varsel. Sett coordinator under [letters].\n"
    assert capsys.readouterr().out.startswith(told)


def test_explain_takes_an_address_as_the_file_has_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "explain", "k/rapport/2026", "--to", "Kontoret <kontoret@EXAMPLE.no>") == 0
    assert "  Kontoret <kontoret@example.no>: hovedansvarlig, Kontoret\n" in capsys.readouterr().out


def test_letter_is_in_the_recipients_language(folder: Path) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00")
    run(folder, "send", "--at", "2026-11-17T09:00")

    (letter,) = (folder / "var" / "mail" / "new").iterdir()
    wire = letter.read_bytes()
    assert b"Content-Language: nn\r\n" in wire or b"Content-Language: nn\n" in wire
    assert b"Hovudansvarleg" in wire or b"hovudansvarleg" in wire


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("k/rapport", "«k/rapport» kommer flere ganger. Si hvilken: k/rapport/20"),
        ("k/raport/2026", "«k/raport/2026» finnes ikke. Mente du «k/rapport/2026»?\n"),
        ("noe", "«noe» finnes ikke. «arshjul agenda --json» viser alle nøkler.\n"),
    ],
)
@pytest.mark.parametrize("command", ["explain", "done"])
def test_wrong_key_is_told_with_the_right_ones(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, key: str, told: str
) -> None:
    assert run(folder, command, key) == 2
    assert told in capsys.readouterr().err


def test_done_stops_the_reminders_and_undo_starts_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00")
    assert run(folder, "done", "k/rapport/2026", "--by", "Kari", "--note", "levert") == 0
    first, second, third = capsys.readouterr().out.splitlines()[-3:]
    assert first == "Rapporten sendes, tirsdag 15. desember 2026:"
    assert second.startswith("  Meldt ferdig ")
    assert second.endswith(" av Kari: levert.")
    assert third == "Ingen påminnes mer om dette."

    run(folder, "send", "--at", "2026-11-17T09:00")
    assert capsys.readouterr().out == "0 brev sendt.\n"
    assert run(folder, "undo", "k/rapport/2026") == 0
    assert capsys.readouterr().out.endswith("De ansvarlige påminnes igjen.\n")
    assert run(folder, "undo", "k/rapport/2026") == 1
    assert "ingenting å angre" in capsys.readouterr().out

    run(folder, "send", "--at", "2026-11-18T09:00")
    run(folder, "send", "--at", "2026-11-24T09:00")
    assert capsys.readouterr().out == "0 brev sendt.\n1 brev sendt.\n"


def test_done_can_say_not_relevant(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "done", "k/rapport/2026", "--as", "uaktuell") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Ingen påminnes om dette denne gangen."


def test_dry_run_shows_changes_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00")
    run(folder, "send", "--at", "2026-11-17T09:00")
    path = folder / "calendars" / "k.toml"
    path.write_text(CALENDAR.replace("15. desember", "22. desember"), encoding="utf-8")
    capsys.readouterr()

    run(folder, "send", "--at", "2026-11-24T09:00", "--dry-run")

    assert capsys.readouterr().out == (
        "Tirsdag 24. november 2026\n"
        "  Til Kontoret <kontoret@example.no>\n"
        "  Emne: Flytta: Rapporten sendes – tysdag 15. desember → tysdag 22. desember\n"
        "    · Flyttet: tirsdag 15. desember 2026 → tirsdag 22. desember 2026: Rapporten sendes\n"
        "\n"
        "1 brev til 1 mottaker.\n"
    )


def test_dry_run_without_a_letter_says_so_of_now_and_preview_of_its_days(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00", "--dry-run")
    run(folder, "preview", "--from", "2026-11-02", "--to", "2026-11-02")

    assert capsys.readouterr().out == "Ingen brev skal gå nå.\nIngen brev i denne perioden.\n"


def test_preview_writes_every_kind_of_letter_to_look_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "preview", "--html", str(folder / "se")) == 0

    assert capsys.readouterr().out.startswith("48 brev er skrevet i ")
    kinds = "back cancelled cancelled-because changed late moved new overdue removed reminder several undated".split()  # noqa: SIM905  (a list to read)
    kinds += ["overview", "overview-own", "overview-quiet", "urgent"]
    expected = {f"{kind}-{language}" for kind in kinds for language in ("nb", "nn", "en")}
    assert {path.name for path in (folder / "se").iterdir()} == {
        "index.html",
        *(f"{name}.{end}" for name in expected for end in ("html", "txt")),
    }
    index = (folder / "se" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}.html"' in index for name in expected)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "reminder-subject.txt",
            "Hei {{ fornavn }}",
            "Malen «email/reminder-subject.txt» kan ikke brukes: 'fornavn' is",
        ),
        ("overview.txt", "{% if %}", "Malen «email/overview.txt» har en feil i linje 1: "),
        ("en/overview.html", "{{ overview.titel }}", "Malen «email/en/overview.html» kan ikke brukes: "),
        ("nn/reminder.html", "{{ first.tittel }}", "Malen «email/nn/reminder.html» kan ikke brukes: "),
        ("reminder.txt", "{{ 1/0 }}", "Malen «email/reminder.txt» kan ikke brukes: division by zero"),
        ("overview-subject.txt", " ", "Malen «email/overview-subject.txt» gir et tomt emne."),
    ],
)
def test_check_tries_own_templates_on_every_kind_of_letter(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    path = folder / "templates" / "email" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    assert run(folder, "check") == 1
    assert told in capsys.readouterr().err

    path.write_text("Alt vel", encoding="utf-8")
    assert run(folder, "check") == 0


def test_check_names_a_template_that_is_not_utf_8_or_lies_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "templates" / "email" / "reminder.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes("Blåbær".encode("latin-1"))
    assert run(folder, "check") == 1
    assert capsys.readouterr().err == (
        "Malen «email/reminder.txt» er ikke lagret som UTF-8. Lagre den på nytt med kodingen UTF-8.\n\n"
        "Én feil. Ingenting er gjort.\n"
    )
    path.unlink()
    path.symlink_to("/etc/hostname")
    assert run(folder, "check") == 1
    assert capsys.readouterr().err.startswith(
        "Malen «email/reminder.txt» kan ikke brukes: den er en lenke til en annen mappe."
    )


@pytest.mark.parametrize(("url", "count"), [("https://arshjul.example.no", 1), ("http://127.0.0.1:8000", 0)])
def test_letter_has_a_link_to_the_calendar_only_where_others_can_open_it(folder: Path, url: str, count: int) -> None:
    (folder / "config.toml").write_text(f'[site]\nurl = "{url}"\n', encoding="utf-8")

    run(folder, "preview", "--html", str(folder / "se"))

    assert (folder / "se" / "reminder-nb.txt").read_text(encoding="utf-8").count(f"Kalenderen:\n{url}\n") == count


def test_own_template_for_a_language_is_used_for_that_language_only(folder: Path) -> None:
    path = folder / "templates" / "email" / "nn" / "reminder-subject.txt"
    path.parent.mkdir(parents=True)
    path.write_text("Hugs {{ first.title }}\n", encoding="utf-8")

    run(folder, "preview", "--html", str(folder / "se"))

    subjects = {
        language: (folder / "se" / f"new-{language}.txt").read_text(encoding="utf-8").splitlines()[0]
        for language in ("nb", "nn")
    }
    assert subjects == {"nb": "Emne: Påminnelse: Styremøte – fredag 11. desember 2026", "nn": "Emne: Hugs Styremøte"}
