"""Feeds of a running service: what is held back, tokens that come and go, and tokens that nobody else sees."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from tests.clock import command
from tests.conftest import ROOT
from tests.service.test_running import serving
from tests.serving import until
from tests.small_site import DATES, OPEN, edit, months, write_site

pytestmark = pytest.mark.faults

FEED = "/f/region.ics"


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


@pytest.fixture
def running(calendar: Path) -> Iterator[tuple[httpx.Client, Popen[str]]]:
    with serving(calendar.parents[1]) as found:
        yield found


def arshjul(calendar: Path, *arguments: str) -> str:
    asked = command("-C", str(calendar.parents[1]), *arguments)
    return subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def path_of(link: str) -> str:
    return httpx.URL(link).path


def test_m05_what_is_held_back_is_on_the_page_over_a_restart_and_is_accepted_by_a_command(calendar: Path) -> None:
    site = calendar.parents[1]
    with serving(site) as (client, _):
        good = client.get(FEED)
        edit(calendar, DATES, months(1, 2))
        until(lambda: "10 av 14 kommende datoer" in client.get("/").text)
        assert client.get(FEED).content == good.content

    with serving(site) as (client, _):
        # Started on the very files that are held back, it publishes those that were published before.
        again = client.get(FEED, headers={"If-None-Match": good.headers["etag"]})
        assert (again.status_code, again.headers["last-modified"]) == (304, good.headers["last-modified"])
        assert "10 av 14 kommende datoer" in client.get("/").text

        arshjul(calendar, "accept")
        until(lambda: client.get(FEED).content.count(b"BEGIN:VEVENT") == 4)
        assert "kommende datoer" not in client.get("/").text


def test_m05_emptied_file_and_removed_file_keep_the_last_good_bytes(calendar: Path) -> None:
    with serving(calendar.parents[1]) as (client, _):
        good = client.get(FEED).content
        text = calendar.read_text(encoding="utf-8")
        calendar.write_text('[calendar]\nid = "region"\nname = "Regionen"\n' + OPEN, encoding="utf-8")
        until(lambda: "14 av 14 kommende datoer" in client.get("/").text)
        assert client.get(FEED).content == good
        calendar.unlink()
        until(lambda: "har ingen kalenderfiler" in client.get("/").text)
        assert client.get(FEED).content == good
        calendar.write_text(text, encoding="utf-8")
        until(lambda: "kalenderfiler" not in client.get("/").text)
        assert client.get(FEED).content == good


def test_renewed_and_revoked_links_and_who_has_fetched(
    calendar: Path, running: tuple[httpx.Client, Popen[str]]
) -> None:
    client, _ = running
    old = path_of(arshjul(calendar, "token", "add", "party:region/styret", "--label", "Styreleder"))
    until(lambda: client.get(old, headers={"User-Agent": "Google-Calendar-Importer"}).status_code == 200)
    new = path_of(arshjul(calendar, "token", "rotate", old.split("/")[2][:6]))
    until(lambda: client.get(new).status_code == 200)
    assert client.get(old).content == client.get(new).content

    until(lambda: "hentet av Google" in arshjul(calendar, "token", "list"))
    arshjul(calendar, "token", "revoke", old.split("/")[2][:6])
    until(lambda: client.get(old).status_code == 404)
    revoked, unknown = client.get(old), client.get("/f/" + "x" * 43 + "/styret.ics")
    assert (revoked.content, headers(revoked)) == (unknown.content, headers(unknown))
    assert client.get(new).status_code == 200


def headers(answer: httpx.Response) -> list[tuple[str, str]]:
    return [pair for pair in answer.headers.multi_items() if pair[0] != "date"]


def test_token_is_nowhere_but_in_the_hands_of_who_got_it(calendar: Path) -> None:
    site = calendar.parents[1]
    with serving(site) as (client, process):
        link = path_of(arshjul(calendar, "token", "add", "region/styret", "--label", "Styreleder"))
        token = link.split("/")[2]
        until(lambda: client.get(link).status_code == 200)
        answers = [*asked(client, link, token)]
        arshjul(calendar, "token", "revoke", token[:6])
        until(lambda: client.get(link).status_code == 404)
        answers += asked(client, link, token)
        edit(calendar, "Styremøte", "Styremøte i styret")
        until(lambda: b"i styret" in client.get(FEED).content)
        listed = arshjul(calendar, "token", "list")
        process.send_signal(signal.SIGINT)
        log, _ = process.communicate(timeout=20)

    assert "Filene er lest inn på nytt." in log
    assert token not in log + listed
    assert [answer.url for answer in answers if token in answer.text or token in str(answer.headers)] == []
    assert [path.name for path in site.rglob("*") if path.is_file() and token.encode() in path.read_bytes()] == []
    assert {answer.status_code for answer in answers} >= {200, 304, 404, 405}


def asked(client: httpx.Client, link: str, token: str) -> Iterator[httpx.Response]:
    """Yield the answer of every route, by every method, with the token in every place that a client can put it."""
    places = (
        link,
        f"{link}?{token}",
        f"/f/{token}",
        f"/f/{token}.ics",
        f"/f/{token}/x/y.ics",
        f"/{token}",
        f"//{token}",
    )
    routes = ("/", "/robots.txt", "/livez", "/readyz", "/static/style.css", f"/static/{token}", FEED)
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PROPFIND"):
        for path in (*places, *routes, *(f"{route}?token={token}" for route in routes)):
            yield client.request(method, path, headers={"Referer": f"http://127.0.0.1{link}", "If-None-Match": "*"})
            yield client.request(method, path, headers={"Authorization": f"Bearer {token}", "Cookie": f"a={token}"})


def test_no_request_waits_for_the_database(calendar: Path, running: tuple[httpx.Client, Popen[str]]) -> None:
    client, _ = running
    link = path_of(arshjul(calendar, "token", "add", "region/styret"))
    until(lambda: client.get(link).status_code == 200)
    (database,) = (calendar.parents[1] / "var").glob("*.db")
    for path in database.parent.glob(f"{database.name}*"):
        path.rename(path.with_name(re.sub("arshjul", "borte", path.name)))
    assert [client.get(path).status_code for path in (link, FEED, "/f/x/y.ics", "/")] == [200, 200, 404, 200]
