"""`arshjul opt-out` as an administrator uses it, and what `preview` and `explain` say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_reporting import folder, run
from tests.small_site import edit

__all__ = ["folder"]
KEY = "k/rapport/2026"


def test_opt_out_is_noted_listed_and_taken_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> tuple[int, str]:
        code = run(folder, "opt-out", *arguments)
        return code, capsys.readouterr().out

    assert said("list") == (0, "Ingen har sagt nei til brev.\n")
    code, text = said("add", "Kontoret <kontoret@EXAMPLE.no>")
    assert code == 0
    assert text.startswith(
        "kontoret@example.no får ikke flere brev. Oppgavene er fortsatt deres.\n"
        "\nIngen får brev om dette nå. Skriv inn en annen mottaker i kalenderfilen:\n  "
    )
    assert "Rapporten sendes – Kontoret (k/rapport/" in text
    assert said("add", "kontoret@example.no") == (1, "kontoret@example.no får ingen brev fra før.\n")
    code, text = said("list")
    assert text.startswith("kontoret@example.no: siden ")
    assert ", meldt av " in text.splitlines()[0]
    assert said("undo", "kontoret@example.no") == (0, "kontoret@example.no får brev igjen.\n")
    assert said("undo", "kontoret@example.no") == (1, "kontoret@example.no har ikke sagt nei til brev.\n")


def test_opt_out_list_has_one_row_an_address_whoever_noted_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "kari\nola@example.no: siden i går\u2028\x1b[1A\u202e")
    assert run(folder, "opt-out", "add", "kontoret@example.no") == 0
    capsys.readouterr()
    assert run(folder, "opt-out", "list") == 0
    row, empty, *_ = capsys.readouterr().out.splitlines()
    assert row.startswith("kontoret@example.no: siden ")
    assert row.endswith(r", meldt av kari ola@example.no: siden i går \x1b[1A\u202e")
    assert empty == ""


def test_opt_out_refuses_who_gets_no_letters_and_the_coordinator(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "opt-out", "add", "kontore@example.no") == 1
    unknown = capsys.readouterr().err
    assert unknown == "Ingen mottaker har adressen kontore@example.no. Mente du «kontoret@example.no»?\n"
    assert run(folder, "opt-out", "add", "kontoret") == 2
    assert "kontoret" in capsys.readouterr().err
    edit(folder / "config.toml", "[letters]\n", '[letters]\ncoordinator = "kontoret@example.no"\n')
    assert run(folder, "opt-out", "add", "kontoret@example.no") == 1
    assert "er koordinator og må få brev" in capsys.readouterr().err


def test_doctor_finds_what_nobody_is_told_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "doctor")
    assert "Ingen får brev" not in capsys.readouterr().out
    run(folder, "opt-out", "add", "kontoret@example.no")
    capsys.readouterr()

    assert run(folder, "doctor") == 1

    said = capsys.readouterr().out
    assert "✗ Ingen får brev om «Rapporten sendes» (k/rapport/" in said
    assert "    Spør eller gjør: Skriv inn en annen mottaker for Kontoret i kalenderfilen.\n" in said


def test_preview_explain_and_send_leave_out_who_has_said_no(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "send", "--at", "2026-11-02T09:00")
    run(folder, "opt-out", "add", "kontoret@example.no")
    capsys.readouterr()

    assert run(folder, "preview", "--from", "2026-11-01", "--to", "2026-12-31") == 0
    preview = capsys.readouterr()
    assert "kontoret@example.no" not in preview.out
    assert preview.err.startswith("Har sagt nei til brev: kontoret@example.no. Se «arshjul opt-out list».\n")
    assert run(folder, "send", "--at", "2026-11-17T09:00") == 0
    assert capsys.readouterr().out == "0 brev sendt.\n"
    run(folder, "explain", KEY)
    assert "    har sagt nei til brev " in capsys.readouterr().out
