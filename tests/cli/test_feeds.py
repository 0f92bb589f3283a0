"""`feed`, `publish`, `accept` and `token` as an administrator uses them."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from arshjul.store.engine import open_store
from tests.clock import NOON, command, main
from tests.conftest import ROOT
from tests.small_site import DATES, OPEN, edit, months, write_site


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


def run(calendar: Path, *arguments: str, now: datetime = NOON) -> int:
    return main(["-C", str(calendar.parents[1]), *arguments], now)


def process(calendar: Path, *arguments: str, seed: str = "0") -> bytes:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(
        command("-C", str(calendar.parents[1]), *arguments), capture_output=True, check=True, env=environment, cwd=ROOT
    ).stdout


@pytest.mark.faults
def test_m03_feed_is_the_same_bytes_in_every_process_whatever_its_hash_seed(calendar: Path) -> None:
    feeds = {process(calendar, "feed", "party:region/styret;leads", seed=seed) for seed in ("0", "1", "4242")}
    assert len(feeds) == 1


def test_m02_edit_moves_the_sequence_of_one_event(calendar: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(calendar, "feed", "region") == 0
    before = capfdbinary.readouterr().out
    edit(calendar, '"2027-03-12"', '"2027-03-19"')
    assert run(calendar, "feed", "region") == 0
    after = capfdbinary.readouterr().out
    assert (before.count(b"SEQUENCE:0"), after.count(b"SEQUENCE:0"), after.count(b"SEQUENCE:1")) == (14, 13, 1)


def in_the_way(site: Path) -> None:
    (site / "var").write_text("i veien", encoding="utf-8")


def damaged(site: Path) -> None:
    (site / "var" / "arshjul.db").write_bytes(b"ingen database " * 1000)


@pytest.mark.parametrize("command", ["feed", "publish"])
def test_nothing_is_published_while_the_database_cannot_be_used(
    calendar: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    """By the files alone the brake would be off, and a moved date would have its first SEQUENCE again."""
    folder = tmp_path / "feeds"
    assert run(calendar, "publish", str(folder)) == 0
    before = (folder / "region.ics").read_bytes()
    edit(calendar, DATES, 'when = "12. mars"')
    damaged(calendar.parents[1])
    capfd.readouterr()

    assert run(calendar, command, "region" if command == "feed" else str(folder)) == 1

    told = capfd.readouterr()
    assert told.out == ""
    assert "Databasen kan ikke brukes nå: file is not a database" in told.err
    assert (folder / "region.ics").read_bytes() == before


def test_nothing_is_published_where_no_database_can_be_made(
    calendar: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_the_way(calendar.parents[1])
    assert run(calendar, "publish", str(tmp_path / "feeds")) == 1
    assert run(calendar, "feed", "region") == 1
    assert capfd.readouterr().out == ""
    assert not (tmp_path / "feeds").exists()


@pytest.mark.parametrize(
    ("name", "count"),
    [("region", 14), ("Styret", 14), ("area:region/Høringer", 2), ("recipient:ola@example.no;deadlines", 2)],
)
def test_feed_is_found_by_what_people_call_it(
    calendar: Path, name: str, count: int, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(calendar, "feed", name) == 0
    assert capfdbinary.readouterr().out.count(b"BEGIN:VEVENT") == count


def test_m05_publish_keeps_the_last_good_files_until_leave_is_given(
    calendar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "feeds"
    assert run(calendar, "publish", str(folder)) == 0
    good = (folder / "region.ics").read_bytes()
    edit(calendar, DATES, months(1, 2))

    assert run(calendar, "publish", str(folder)) == 0
    assert "10 av 14 kommende datoer i «Regionen» ville forsvunnet" in capsys.readouterr().err
    assert (folder / "region.ics").read_bytes() == good

    assert run(calendar, "accept") == 0
    told = capsys.readouterr().out
    assert told.startswith("region/mote/2027-03\n")
    assert told.endswith("10 kommende datoer forsvinner fra abonnementene neste gang de publiseres.\n")
    assert run(calendar, "publish", str(folder)) == 0
    assert (folder / "region.ics").read_bytes().count(b"BEGIN:VEVENT") == 4
    assert run(calendar, "accept") == 0
    assert capsys.readouterr().out.endswith(
        "Ingenting er holdt tilbake. Alt som står i filene, er publisert eller blir det.\n"
    )
    edit(calendar, 'title = "Styremøte"', 'titel = "Styremøte"')
    assert run(calendar, "accept") == 0
    assert capsys.readouterr().out == "Ingenting er holdt tilbake.\n"


def test_m05_feed_that_only_the_files_held_back_have_is_not_there_yet(
    calendar: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(calendar, "feed", "region") == 0
    edit(calendar, DATES, months(1, 2))
    edit(calendar, "[[event]]", '[[party]]\nid = "ny"\nname = "Ny"\nmembers = ["ny@example.no"]\n\n[[event]]')
    capsys.readouterr()
    assert run(calendar, "feed", "Ny") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith("Abonnementet finnes ikke i den utgaven som sist ble publisert.\n")


def test_m05_files_with_a_fault_publish_nothing(calendar: Path, tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    assert run(calendar, "publish", str(folder)) == 0
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}
    edit(calendar, 'title = "Styremøte"', 'titel = "Styremøte"')
    assert run(calendar, "publish", str(folder)) == 1
    assert {path: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()} == before


def test_publish_writes_what_is_open_to_all_and_behind_a_token_what_is_not(
    calendar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "feeds"
    assert run(calendar, "publish", str(folder), "--feed", "Styret") == 0
    written, private = capsys.readouterr().out.splitlines()
    assert written == "2 skrevet, 0 uendret, 0 fjernet."
    found = re.fullmatch(r"Styret – Regionen: ([\w-]{43})/party-region-styret\.ics", private)
    assert found
    assert files_in(folder) == sorted([f"{found[1]}/party-region-styret.ics", "region.ics"])

    assert run(calendar, "publish", str(folder), "--all") == 0
    again, *paths = capsys.readouterr().out.splitlines()
    assert again == "1 skrevet, 2 uendret, 0 fjernet."
    assert private in paths
    assert len({path.partition(": ")[2].partition("/")[0] for path in paths}) == len(paths) == 2
    key = calendar.parents[1] / "var" / "publish.key"
    assert (len(key.read_bytes()), key.stat().st_mode & 0o777) == (32, 0o600)

    edit(calendar, OPEN, "")
    assert run(calendar, "publish", str(folder)) == 0
    assert "region.ics skrives ikke lenger. Kjør med --prune" in capsys.readouterr().err
    assert run(calendar, "publish", str(folder), "--prune") == 0
    assert list(folder.iterdir()) == []


def test_private_feed_that_lies_open_from_before_is_told_and_pruned(
    calendar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "feeds"
    run(calendar, "publish", str(folder))
    (folder / "recipient-ola-example-no.ics").write_bytes((folder / "region.ics").read_bytes())
    assert run(calendar, "publish", str(folder), "--feed", "recipient:ola@example.no") == 0
    assert "recipient-ola-example-no.ics skrives ikke lenger." in capsys.readouterr().err
    assert run(calendar, "publish", str(folder), "--feed", "recipient:ola@example.no", "--prune") == 0
    assert [path for path in files_in(folder) if "recipient" in path and "/" not in path] == []


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ics"))


def test_publish_into_a_file_says_so(calendar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(calendar, "publish", str(calendar)) == 1
    assert "kan ikke skrives" in capsys.readouterr().err
    assert run(calendar, "publish", str(calendar.parent / "x"), "--feed", "borte/borte") == 2


def test_token_names_its_options_and_is_refused_another_language(
    calendar: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(calendar, "token", "add", "Styret", "--deadlines", "--leads", "--alarms", "--no-milestones") == 0
    assert run(calendar, "token", "add", "recipient:ola@example.no", "--label", "Ola") == 0
    links = capsys.readouterr().out.splitlines()
    assert [link.rpartition("/")[2] for link in links] == ["styret.ics", "mine-oppgaver.ics"]
    assert run(calendar, "token", "list") == 0
    listed = capsys.readouterr().out
    assert "  party:region/styret;no-milestones;deadlines;leads;alarms  –  laget " in listed
    assert "  recipient:ola@example.no  Ola  laget " in listed
    assert run(calendar, "token", "add", "Styret", "--language", "nn") == 2
    assert capsys.readouterr().err == "Abonnementer finnes bare på bokmål (nb), ikke på «nn».\n"
    assert run(calendar, "token", "add", "party:region/borte") == 2


def test_token_is_renewed_with_overlap(calendar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(calendar, "token", "add", "Styret", "--label", "Styreleder")
    old = capsys.readouterr().out.split("/")[-2]
    assert run(calendar, "token", "rotate", old[:6], "--days", "14", now=NOON + timedelta(minutes=1)) == 0
    shown = capsys.readouterr()
    new = shown.out.split("/")[-2]
    assert shown.err.startswith("Den gamle lenken virker til 4. desember 2026.\n")
    run(calendar, "token", "list")
    rows = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[-2].split()[0:2] for row in rows] == [["gyldig", "til"], ["gyldig"]]
    assert run(calendar, "token", "revoke", new[:6]) == 0
    assert capsys.readouterr().out == "1 lenke gjelder ikke lenger.\n"
    assert run(calendar, "token", "rotate", new[:6]) == 1


def test_tokens_of_the_first_version_still_open_a_party(calendar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(calendar, "token", "add", "Styret")
    var = calendar.parents[1] / "var"
    store = open_store(f"sqlite:///{var}/arshjul.db", var)
    with store.writing() as connection:
        connection.execute(text("UPDATE feed_token SET feed = 'region/styret'"))
    store.close()
    old = capsys.readouterr().out.split("/")[-2]
    assert run(calendar, "token", "rotate", old) == 0
    assert capsys.readouterr().out.endswith("/styret.ics\n")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Kari\nabcdef…  party:region/styret  Ola  gyldig", "Kari abcdef… party:region/styret Ola gyldig"),
        ("Kari\u2028Ola\x85Per", "Kari Ola Per"),
        ("Kari  laget i går", "Kari laget i går"),
        ("Kari\x1b[1A\u202e", r"Kari\x1b[1A\u202e"),
    ],
)
def test_token_list_has_one_row_a_token_whatever_its_label(
    calendar: Path, capsys: pytest.CaptureFixture[str], label: str, shown: str
) -> None:
    run(calendar, "token", "add", "Styret", "--label", label)
    capsys.readouterr()
    assert run(calendar, "token", "list") == 0
    (row,) = capsys.readouterr().out.splitlines()
    assert row.split("  ")[2] == shown
    assert row.split("  ")[3].startswith("laget ")
