"""Feeds over HTTP from a running server: which addresses open, what is sent, what is not."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from arshjul.web.site import is_unchanged, private_address, public_slug, served
from tests.web.conftest import Running
from tests.web.sample import BOARD, PARTY, POLITICAL, PUBLIC, TOKEN, feed_of

PUBLIC_PATH = "/f/politisk-aar.ics"
PRIVATE_PATH = f"/f/{TOKEN}/sekretariatet.ics"
CLOSED_PATHS = (
    "/f/",
    "/f/.ics",
    "/f/politisk-aar",
    "/f/politisk-aar.ics/",
    "/f/Politisk-aar.ics",
    "/f/osloregionen.ics",
    "/f/sekretariatet.ics",
    "/f/annet/sekretariatet.ics",
    f"/f/{'0' * 43}/sekretariatet.ics",
    f"/f/{TOKEN}/styret.ics",
    f"/f/{TOKEN}/sekretariatet",
    f"/f/{TOKEN}/.ics",
    f"/f/{TOKEN}/",
    f"/f/{TOKEN}.ics",
    f"/f/{TOKEN}/x/sekretariatet.ics",
    f"/f//{TOKEN}/sekretariatet.ics",
    f"/f/{TOKEN.lower()}/sekretariatet.ics",
    f"/f/{TOKEN[:-1]}/sekretariatet.ics",
    "/f//sekretariatet.ics",
    "/f/%00%ff/sekretariatet.ics",
    "/f/" + "x" * 5000 + ".ics",
)


def without_date(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.multi_items() if name != "date"]


def test_m16_public_feed_is_sent_whole(running: Running) -> None:
    answer = running.client.get(PUBLIC_PATH)
    assert answer.status_code == 200
    assert answer.content == PUBLIC.body
    assert without_date(answer) == [
        ("content-type", "text/calendar; charset=utf-8"),
        ("content-length", str(len(PUBLIC.body))),
        ("content-disposition", 'inline; filename="politisk-aar.ics"'),
        ("x-content-type-options", "nosniff"),
        ("etag", PUBLIC.etag.decode()),
        ("last-modified", "Mon, 02 Nov 2026 07:30:00 GMT"),
        ("cache-control", "private, max-age=900"),
    ]
    assert len(IcsCalendarStream.calendar_from_ics(answer.text).events) == len(POLITICAL)


def test_m16_private_feed_is_opened_by_its_token_and_hidden_from_search(running: Running) -> None:
    answer = running.client.get(PRIVATE_PATH)
    assert (answer.status_code, answer.content) == (200, PARTY.body)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", [PUBLIC_PATH, PRIVATE_PATH, "/f/ukjent.ics"])
def test_m16_head_is_like_get_without_the_body(running: Running, path: str) -> None:
    got, head = running.client.get(path), running.client.head(path)
    assert head.content == b""
    assert (head.status_code, without_date(head)) == (got.status_code, without_date(got))


def test_m16_nothing_that_a_client_sends_changes_the_answer(running: Running) -> None:
    plain = running.client.get(PUBLIC_PATH)
    for headers in (
        {"Authorization": "Bearer"},
        {"Authorization": "Basic eDp5"},
        {"Accept": "application/calendar+json"},
        {"Accept-Encoding": "gzip, br, zstd"},
        {"Cookie": "a=b"},
        {"Range": "bytes=0-9"},
    ):
        answer = running.client.get(PUBLIC_PATH + "?a=1", headers=headers)
        assert (answer.status_code, answer.content, without_date(answer)) == (200, plain.content, without_date(plain))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "REPORT"])
@pytest.mark.parametrize("path", [PUBLIC_PATH, "/f/ukjent.ics", "/f/ukjent/ukjent.ics"])
def test_m16_other_methods_are_refused_whatever_is_there(running: Running, method: str, path: str) -> None:
    answer = running.client.request(method, path, content=b"BEGIN:VCALENDAR", headers={"If-Match": "nothing"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_unknown_revoked_and_malformed_addresses_get_the_same_bytes(running: Running) -> None:
    revoked = replace(running.site.state, private_feeds={})
    answers = [running.client.get(path) for path in CLOSED_PATHS]
    running.site.state = revoked
    answers.append(running.client.get(PRIVATE_PATH))
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, tuple(without_date(answer))) for answer in answers}) == 1
    assert "Abonnementet finnes ikke" in answers[0].text
    assert "set-cookie" not in answers[0].headers
    assert TOKEN not in answers[-1].text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": PUBLIC.etag.decode()}, 304),
        ({"If-None-Match": "W/" + PUBLIC.etag.decode()}, 304),
        ({"If-None-Match": f'"a",{PUBLIC.etag.decode()} , "b"'}, 304),
        ({"If-None-Match": f'"a", W/{PUBLIC.etag.decode()}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"a"'}, 200),
        ({"If-None-Match": PUBLIC.etag.decode().strip('"')}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-None-Match": '"a"', "If-Modified-Since": "Mon, 02 Nov 2026 07:30:00 GMT"}, 200),
        ({"If-Modified-Since": "Mon, 02 Nov 2026 07:30:00 GMT"}, 304),
        ({"If-Modified-Since": "Tue, 03 Nov 2026 07:30:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 02 Nov 2026 07:29:59 GMT"}, 200),
        ({"If-Modified-Since": "Mon, 02 Nov 2026 07:30:00 -0000"}, 304),
        ({"If-Modified-Since": "i går"}, 200),
    ],
)
def test_m16_unchanged_feed_is_not_sent_again(running: Running, headers: dict[str, str], status: int) -> None:
    answer = running.client.get(PUBLIC_PATH, headers={name.encode(): value.encode() for name, value in headers.items()})
    assert answer.status_code == status
    assert answer.headers["etag"] == PUBLIC.etag.decode()
    assert answer.content == (PUBLIC.body if status == 200 else b"")


def test_m16_several_if_none_match_lines_are_one_list(running: Running) -> None:
    lines = [("If-None-Match", '"a"'), ("If-None-Match", PUBLIC.etag.decode())]
    assert running.client.get(PUBLIC_PATH, headers=lines).status_code == 304


@given(st.binary(max_size=60) | st.text("0123456789 :,-+MonJan GMT", max_size=40).map(str.encode))
def test_any_if_modified_since_is_borne(value: bytes) -> None:
    assert is_unchanged(PUBLIC, [(b"if-modified-since", value)]) in {True, False}


def test_new_bytes_are_served_from_the_moment_that_the_state_is_swapped(running: Running) -> None:
    moved = served(feed_of(BOARD, stamp=datetime(2026, 11, 20, tzinfo=UTC)), "politisk-aar")
    before = running.client.get(PUBLIC_PATH)
    running.site.state = replace(running.site.state, feeds={"politisk-aar": moved})
    after = running.client.get(PUBLIC_PATH, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, moved.body)


def test_feeds_are_not_gone_but_not_ready_before_the_first_load(running: Running) -> None:
    running.site.state = replace(running.site.state, loaded_at=None)
    for path in (PUBLIC_PATH, PRIVATE_PATH, "/f/ukjent.ics"):
        answer = running.client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_no_token_reaches_the_servers_log(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for path in (PRIVATE_PATH, f"/f/{TOKEN}/styret.ics", f"/{TOKEN}", f"/f/{TOKEN}", f"/?{TOKEN}"):
        running.client.get(path)
        running.client.put(path)
    with socket.create_connection(("127.0.0.1", running.port)) as raw:
        raw.sendall(f"GET /f/{TOKEN}/x.ics HTTP/9.9 odd\r\n\r\n".encode())
        assert b"400" in raw.recv(1000)
    # The client's own loggers write what it asks for.
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert "Invalid HTTP request received." in logged
    assert TOKEN not in "\n".join(logged)


def test_addresses_are_read_only_in_their_two_shapes() -> None:
    assert [public_slug(path) for path in ("/f/a.ics", "/f/a.b.ics", "/f/a/b.ics", "/f/a")] == ["a", "a.b", None, None]
    assert private_address("/f/token/slug.ics") == ("token", "slug")
    assert [private_address(path) for path in ("/f/slug.ics", "/f/t/s/x.ics", "/f/t/s")] == [None, None, None]
