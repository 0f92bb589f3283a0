"""Own templates that fail for some letters: every letter goes all the same, and it is told what was wrong."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from arshjul.loading import load
from arshjul.rounds.planning import Planned, plan_round
from arshjul.service.parts import store_of
from arshjul.service.running import Service
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX
from tests import clock
from tests.clock import clocks_of, main
from tests.conftest import ROOT
from tests.files_of import TODAY_OF_FILES
from tests.small_site import edit, write_site

FIRST, TUESDAY = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 12, 8, 7, 1, tzinfo=UTC)
BROKEN = "Egen mal.{% if first.location %} {{ 1/(items|length - items|length) }}{% endif %}\n"
WRONG = "Malen «email/reminder.txt» kan ikke brukes: division by zero"
TROUBLE = f"Brev skrives med malene som følger med programmet: {WRONG}"
OFFICE = """
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kari <kari@example.no>"]

[[event]]
id = "befaring"
title = "Befaring"
when = "2027-01-12"
location = "Rådhuset"
responsible = "Kontoret"

[[event]]
id = "regnskap"
title = "Regnskap"
when = "2027-01-12"
responsible = "Styret"
"""


def site_with(folder: Path, name: str, template: str) -> Path:
    """Write a small site where Kari's letter tells of a place and Ola's does not, and one template of its own."""
    calendar = write_site(folder)
    calendar.write_text(calendar.read_text(encoding="utf-8") + OFFICE, encoding="utf-8")
    own = folder / "templates" / "email" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(template, encoding="utf-8")
    return own


def first_lines(store: Store) -> dict[str, str]:
    """Return the first line of each letter by its recipient."""
    with store.reading() as connection:
        rows = connection.execute(select(OUTBOX.c.address, OUTBOX.c.wire)).all()
    return {row.address: text_of(row.wire).splitlines()[0] for row in rows}


def text_of(wire: bytes) -> str:
    body = message_from_bytes(wire, policy=policy.default).get_body(("plain",))
    assert body
    return str(body.get_content())


def test_template_that_fails_for_one_letter_costs_no_letter_and_is_told(tmp_path: Path, store: Store) -> None:
    site_with(tmp_path, "reminder.txt", BROKEN)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, FIRST)

    planned = plan_round(load(tmp_path, TODAY_OF_FILES), store, TUESDAY)

    assert planned == Planned(2, template_trouble=TROUBLE)
    assert first_lines(store) == {
        "ola@example.no": "Egen mal.",
        "kari@example.no": "Tirsdag 12. januar 2027 (foreløpig): Befaring",
    }


def test_coordinators_letter_is_written_without_a_template_that_fails(tmp_path: Path, store: Store) -> None:
    site_with(tmp_path, "overview.txt", "{{ items + 1 }}")
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[letters]\ncoordinator = "sjef@example.no"\n')
    plan_round(load(tmp_path, TODAY_OF_FILES), store, FIRST)

    planned = plan_round(load(tmp_path, TODAY_OF_FILES), store, TUESDAY)

    assert planned.queued == 3
    assert planned.template_trouble.startswith(
        "Brev skrives med malene som følger med programmet: Malen «email/overview.txt» kan ikke brukes: "
    )
    assert first_lines(store)["sjef@example.no"].startswith("Årshjulet lever")


def test_service_shows_and_logs_a_template_that_letters_do_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site_with(tmp_path, "reminder.txt", BROKEN)
    organisation, times = load(tmp_path, TODAY_OF_FILES), [FIRST]

    async def work() -> tuple[list[str], list[str]]:
        store = store_of(organisation.settings)
        service = Service(organisation, store, lambda: times[0], clocks_of(lambda: times[0]))
        await service.tick()
        before = [problem.message for problem in service.site.state.notices]
        times[0] = TUESDAY
        await service.tick()
        await service.tick()
        after = [problem.message for problem in service.site.state.notices]
        store.close()
        return before, after

    with caplog.at_level(logging.WARNING, "arshjul"):
        before, after = asyncio.run(work())

    assert (before, after) == ([TROUBLE], [TROUBLE])
    assert [record.getMessage() for record in caplog.records] == [f"{TROUBLE} Rett malen, og kjør «arshjul check»."]


def test_send_says_which_template_letters_do_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site_with(tmp_path, "reminder.txt", BROKEN)
    assert main(["-C", str(tmp_path), "send", "--at", "2026-11-20T10:00"]) == 0
    capsys.readouterr()

    assert main(["-C", str(tmp_path), "send", "--at", "2026-12-08T08:01"]) == 0

    said = capsys.readouterr()
    assert (said.out, said.err) == ("2 brev sendt.\n", f"{TROUBLE}\nRett malen, og kjør «arshjul check».\n")


@pytest.mark.faults
def test_shipped_template_that_was_spoilt_where_it_lies_costs_only_the_letter_that_needs_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "arshjul", tmp_path / "arshjul", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    own = site_with(tmp_path, "reminder.txt", BROKEN)

    def send(at: str) -> tuple[int, str, str]:
        command = [sys.executable, "-P", clock.__file__, str(clock.STARTED), "send", "--at", at]
        done = subprocess.run(
            command,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout, done.stderr

    assert send("2026-11-20T10:00")[0] == 1
    waiting = f"Brev venter på at en mal blir rettet: {WRONG}\nRett malen, og kjør «arshjul check».\n"
    assert send("2026-12-08T08:01") == (1, "1 brev sendt.\n1 brev kunne ikke skrives.\n", waiting)
    assert send("2026-12-08T08:02") == (1, "0 brev sendt.\n1 brev kunne ikke skrives.\n", waiting)
    edit(own, BROKEN, "Rettet mal.\n")
    assert send("2026-12-08T08:03") == (0, "1 brev sendt.\n", "")
