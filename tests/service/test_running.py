"""`arshjul serve` as a process of its own, met over HTTP, by its files on disk and by a real SMTP server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.clock import command
from tests.conftest import ROOT
from tests.serving import free_port, until
from tests.small_site import edit, write_site

pytestmark = pytest.mark.faults

PATIENCE = 20.0
"""Seconds that anything here may take before the test gives up."""


@contextmanager
def serving(site: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """Serve a folder on a free port; the client is ready when the first answer has come."""
    port = free_port()
    config = site / "config.toml"
    text = re.sub(r"(?m)^port = \d+", f"port = {port}", config.read_text(encoding="utf-8"), count=1)
    config.write_text(re.sub(r'(?m)^index = "public"', 'index = "all"', text), encoding="utf-8")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    asked = command("-C", str(site), "serve")
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=ROOT
    ) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
                until(lambda: answers(client) or process.poll() is not None)
                yield client, process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_service_serves_the_year_and_takes_in_changes_and_keeps_the_last_good_year(site: Path) -> None:
    calendar = site / "calendars" / "politisk-aar.toml"
    with serving(site) as (client, process):
        page, feed = client.get("/"), client.get("/f/politisk-aar.ics")
        assert "Stortingets siste møte før jul" in page.text
        assert "Sekretariatet" in page.text
        assert "@example.no" not in page.text
        assert len(IcsCalendarStream.calendar_from_ics(feed.text).events) > 60
        assert client.get("/f/politisk-aar.ics", headers={"If-None-Match": feed.headers["etag"]}).status_code == 304
        assert client.get("/f/osloregionen.ics").status_code == 404

        edit(calendar, 'title = "Arendalsuka"', 'title = "Arendalsuka i Arendal"')
        until(lambda: "SUMMARY:Arendalsuka i Arendal" in client.get("/f/politisk-aar.ics").text)
        changed = client.get("/f/politisk-aar.ics")
        assert changed.headers["etag"] != feed.headers["etag"]

        edit(calendar, 'title = "Arendalsuka i Arendal"', 'titel = "Arendalsuka"')
        until(lambda: "Ukjent nøkkel «titel»" in client.get("/").text)
        assert client.get("/f/politisk-aar.ics").content == changed.content

        edit(calendar, 'titel = "Arendalsuka"', 'title = "Arendalsveka"')
        until(lambda: "SUMMARY:Arendalsveka" in client.get("/f/politisk-aar.ics").text)
        assert "Ukjent nøkkel" not in client.get("/").text

    assert process.returncode == 0
    assert "Traceback" not in (process.stdout.read() if process.stdout and not process.stdout.closed else "")


def test_token_made_while_the_service_runs_opens_its_feed_and_closes_it(site: Path) -> None:
    def token(*arguments: str) -> str:
        asked = command("-C", str(site), "token", *arguments)
        return subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()

    with serving(site) as (client, _):
        path = httpx.URL(token("add", "osloregionen/styret")).path
        until(lambda: client.get(path).status_code == 200)
        assert "Fordele temaer mellom ordførerne" in client.get(path).text.replace("\r\n ", "")
        assert client.get(path.replace("styret.ics", "kommunene.ics")).status_code == 404

        token("revoke", path.split("/")[2][:6])
        until(lambda: client.get(path).status_code == 404)


def test_service_starts_on_the_last_good_files_when_the_present_ones_are_broken(site: Path) -> None:
    calendar = site / "calendars" / "politisk-aar.toml"
    with serving(site) as (client, _):
        before = client.get("/f/politisk-aar.ics").text
    edit(calendar, 'title = "Arendalsuka"', 'titel = "Arendalsuka"')

    with serving(site) as (client, _):
        page = client.get("/").text
        assert "Ukjent nøkkel «titel»" in page
        assert client.get("/f/politisk-aar.ics").text == before

        edit(calendar, 'titel = "Arendalsuka"', 'title = "Arendalsveka"')
        until(lambda: "SUMMARY:Arendalsveka" in client.get("/f/politisk-aar.ics").text)
        assert "Ukjent nøkkel" not in client.get("/").text


def test_second_service_on_the_same_store_says_so_and_ends(site: Path) -> None:
    with serving(site):
        done = subprocess.run(command("-C", str(site), "send"), capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "prosess" in done.stderr


@pytest.mark.parametrize("has_party", [True, False])
def test_greeting_names_a_party_of_these_files(tmp_path: Path, has_party: bool) -> None:
    calendar = write_site(tmp_path)
    if not has_party:
        text = calendar.read_text(encoding="utf-8")
        start, end = text.index("[[party]]"), text.index("[[event]]")
        kept = (line for line in (text[:start] + text[end:]).splitlines() if '"Styret"' not in line)
        calendar.write_text("\n".join(kept), encoding="utf-8")
    with serving(tmp_path) as (_, process):
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE)

    assert ("arshjul token add region/styret\n" in said) == has_party
    assert ("token add" in said) == has_party


def test_output_on_a_full_disk_keeps_nothing_from_being_served(site: Path) -> None:
    port = free_port()
    config = site / "config.toml"
    config.write_text(
        re.sub(r"(?m)^port = \d+", f"port = {port}", config.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )
    asked = command("-C", str(site), "serve")
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        subprocess.Popen(asked, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client,
    ):
        until(lambda: answers(client) or process.poll() is not None)
        assert client.get("/readyz").text == "klar\n"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Det kan ikke skrives til standard ut: disken er full." in said
    assert "Traceback" not in said


def test_taken_port_is_told_in_a_sentence(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = site / "config.toml"
        config.write_text(config.read_text(encoding="utf-8").replace("port = 8000", f"port = {port}"), encoding="utf-8")
        asked = command("-C", str(site), "serve")
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=ROOT)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"Kan ikke lytte på 127.0.0.1:{port}:")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_service_stops_cleanly_when_asked(site: Path, ending: signal.Signals) -> None:
    with serving(site) as (_, process):
        process.send_signal(ending)
        out, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0
    assert out.splitlines()[-1] == "Stoppet. Brev som ikke er sendt, ligger i utboksen."
    assert "Traceback" not in out
