"""Own templates that break or vanish: letters are written with the last ones that were in order, and it is told."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from arshjul.loading import load
from arshjul.service.parts import store_of
from arshjul.service.running import Service
from tests import clock
from tests.clock import clocks_of, main
from tests.conftest import ROOT
from tests.files_of import TODAY_OF_FILES
from tests.rounds.test_write import FIRST, OFFICE, TUESDAY, text_of
from tests.small_site import edit, write_site

DUE = "2026-12-08T08:01"
WITH_KEPT = "Brev skrives med de siste malene som var i orden:"
SYNTAX = "Malen «email/reminder.txt» har en feil i linje 1: "
GONE = "Mappen «templates/email» med egne maler er borte. Lag den, tom hvis malene som følger med, skal brukes."
MEND = "Rett malen, og kjør «arshjul check»."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The templates of a small site that `send` has run on, before anything was due."""
    calendar = write_site(tmp_path)
    calendar.write_text(calendar.read_text(encoding="utf-8") + OFFICE, encoding="utf-8")
    own = tmp_path / "templates" / "email"
    (own / "nn").mkdir(parents=True)
    (own / "reminder.txt").write_text("{% include 'email/hilsen.md' %}\n", encoding="utf-8")
    (own / "hilsen.md").write_text("Egen mal.\n", encoding="utf-8")
    (own / "nn" / "reminder.txt").write_text("Eigen mal.\n", encoding="utf-8")
    assert run(tmp_path, "send", "--at", "2026-11-20T10:00") == 0
    return own


def run(folder: Path, *arguments: str) -> int:
    return main(["-C", str(folder), *arguments])


def first_lines(folder: Path) -> set[str]:
    """The first lines of all letters that have gone."""
    return {text_of(path.read_bytes()).splitlines()[0] for path in (folder / "var" / "mail" / "new").iterdir()}


def kept(folder: Path) -> dict[str, str]:
    root = folder / "var" / "last-good-templates"
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}


def test_templates_in_order_are_kept_for_their_owner_alone(tmp_path: Path, own: Path) -> None:
    assert kept(tmp_path) == {
        "email/reminder.txt": "{% include 'email/hilsen.md' %}\n",
        "email/hilsen.md": "Egen mal.\n",
        "email/nn/reminder.txt": "Eigen mal.\n",
    }
    root = tmp_path / "var" / "last-good-templates"
    modes = {stat.S_IMODE(path.stat().st_mode): path.is_dir() for path in (root, *root.rglob("*"))}
    assert modes == {0o700: True, 0o600: False}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("reminder.txt", "{% if %}", SYNTAX),
        ("reminder.txt", "{{ kjekt }}", "Malen «email/reminder.txt» kan ikke brukes: 'kjekt' is undefined"),
        ("reminder.txt", " ", "Malen «email/reminder.txt» gir et tomt brev."),
        ("hilsen.md", "{{ 1/0 }}", "Malen «email/hilsen.md» kan ikke brukes: division by zero"),
    ],
)
def test_broken_template_is_done_without_and_told_until_it_is_mended(  # noqa: PLR0917  (fixtures and parameters)
    tmp_path: Path, own: Path, name: str, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (own / name).read_text(encoding="utf-8")
    (own / name).write_text(text, encoding="utf-8")
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", DUE) == 0
    said = capsys.readouterr()
    assert said.out == "2 brev sendt.\n"
    assert said.err.startswith(f"{WITH_KEPT} {told}")
    assert said.err.endswith(f"\n{MEND}\n")
    assert first_lines(tmp_path) == {"Egen mal."}
    (own / name).write_text(before, encoding="utf-8")
    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err == ""


def test_template_that_is_put_right_with_other_words_is_kept_in_its_place(tmp_path: Path, own: Path) -> None:
    edit(own / "hilsen.md", "Egen mal.", "{{ kjekt }}")
    run(tmp_path, "send", "--at", DUE)
    edit(own / "hilsen.md", "{{ kjekt }}", "Ny mal.")
    run(tmp_path, "send", "--at", DUE)

    assert kept(tmp_path)["email/hilsen.md"] == "Ny mal.\n"


def test_template_that_is_deleted_gives_way_to_the_shipped_one(
    tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is how it is given up; without what it includes it is broken."""
    (own / "hilsen.md").unlink()
    (own / "reminder.txt").unlink()
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err == ""
    assert first_lines(tmp_path) != {"Egen mal."}
    assert list(kept(tmp_path)) == ["email/nn/reminder.txt"]


def test_what_a_template_includes_is_deleted(tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "hilsen.md").unlink()
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err.startswith(f"{WITH_KEPT} Malen «email/reminder.txt» kan ikke brukes: ")
    assert first_lines(tmp_path) == {"Egen mal."}


def test_folder_of_templates_that_is_gone_is_done_without_until_it_is_made_empty(
    tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(own)
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err == f"{WITH_KEPT} {GONE}\n{MEND}\n"
    assert first_lines(tmp_path) == {"Egen mal."}
    assert run(tmp_path, "check") == 1
    assert capsys.readouterr().err == f"{GONE}\n\nÉn feil. Ingenting er gjort.\n"
    assert run(tmp_path, "doctor") == 1
    assert f"✗ {WITH_KEPT} {GONE}\n" in capsys.readouterr().out
    own.mkdir()
    assert run(tmp_path, "check") == 0
    capsys.readouterr()
    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err == ""


def test_copy_that_cannot_be_made_is_told_and_stops_nothing(
    tmp_path: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "var" / "last-good-templates.new").write_text("i veien", encoding="utf-8")
    edit(own / "hilsen.md", "Egen mal.", "Ny mal.")
    capsys.readouterr()

    assert run(tmp_path, "send", "--at", DUE) == 0
    assert capsys.readouterr().err.startswith("Malene kan ikke tas vare på i var/last-good-templates: ")
    assert first_lines(tmp_path) == {"Ny mal."}


def test_service_tells_at_once_and_no_longer_when_the_template_is_mended(tmp_path: Path, own: Path) -> None:
    organisation, times = load(tmp_path, TODAY_OF_FILES), [FIRST]

    async def work() -> list[list[str]]:
        store = store_of(organisation.settings)
        service, told = Service(organisation, store, lambda: times[0], clocks_of(lambda: times[0])), []

        async def look() -> None:
            await service.tick()
            told.append([problem.message for problem in service.site.state.notices])

        await look()
        edit(own / "hilsen.md", "Egen mal.", "{{ 1/0 }}")
        await look()
        times[0] = TUESDAY
        await look()
        edit(own / "hilsen.md", "{{ 1/0 }}", "Egen mal.")
        await look()
        store.close()
        return told

    wrong = f"{WITH_KEPT} Malen «email/hilsen.md» kan ikke brukes: division by zero"
    assert asyncio.run(work()) == [[], [wrong], [wrong], []]


@pytest.mark.parametrize("name", ["reminder.txt", "frame.html"])
@pytest.mark.faults
def test_shipped_template_that_is_deleted_where_it_lies_costs_no_letter(tmp_path: Path, name: str) -> None:
    """A site in the program's own folder has no other templates than those."""
    shutil.copytree(ROOT / "arshjul", tmp_path / "arshjul", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    calendar = write_site(tmp_path)
    calendar.write_text(calendar.read_text(encoding="utf-8") + OFFICE, encoding="utf-8")

    def send(at: str) -> tuple[str, str]:
        command = [sys.executable, "-P", clock.__file__, str(clock.STARTED), "send", "--at", at]
        path = os.environ | {"PYTHONPATH": str(tmp_path)}
        done = subprocess.run(command, check=True, cwd=tmp_path, env=path, capture_output=True, text=True)
        return done.stdout, done.stderr

    send("2026-11-20T10:00")
    (tmp_path / "templates" / "email" / name).unlink()
    out, err = send(DUE)
    assert out == "2 brev sendt.\n"
    assert err.startswith(f"{WITH_KEPT} Malen «email/")
    assert all("12. januar 2027" in line for line in first_lines(tmp_path))
