"""The whole of it, once: `arshjul serve` as a process, files that are edited, a mail server, and both databases."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import httpx
from ical.calendar_stream import IcsCalendarStream

from arshjul.mail.verdicts import State
from arshjul.store import queue
from arshjul.store.engine import open_store
from tests.cli.test_doctor import running
from tests.clock import going, main
from tests.databases import database_url, postgresql_server, postgresql_url
from tests.serving import serving, until
from tests.small_site import CONFIG, edit, write_site
from tests.smtp_servers import ScriptedServer

__all__ = ["database_url", "postgresql_server", "postgresql_url"]

MEETING = """
[[event]]
id = "rapport"
title = "Rapporten"
when = "{day}"
responsible = "Styret"
"""
REST = """
[letters]
leads = ["25 dager"]
send_days = ["fredag"]
from = "Årshjul <arshjul@example.no>"
[store]
url = "{url}"
[mail]
transport = "smtp"
host = "127.0.0.1"
port = {port}
start_tls = false
"""


def test_edit_is_in_the_feed_and_a_letter_arrives(tmp_path: Path, database_url: str) -> None:
    """By the tests' clock it is noon on a Friday; the report is due in 25 days, and `send` ran two days ago."""
    calendar = write_site(tmp_path)
    day = (going() + timedelta(days=25)).date()
    with calendar.open("a", encoding="utf-8") as file:
        file.write(MEETING.format(day=day))
    server = ScriptedServer()
    with running(server) as port:
        (tmp_path / "config.toml").write_text(CONFIG + REST.format(url=database_url, port=port), encoding="utf-8")
        assert main(["-C", str(tmp_path), "send", "--at", "2026-11-18T09:00"]) == 0
        assert server.taken == []
        with serving(tmp_path) as served:
            until(lambda: server.taken, "the letter arrives")
            feed = httpx.get(served.feed("region"), trust_env=False)
            assert len(IcsCalendarStream.calendar_from_ics(feed.text).events) > 10
            again = httpx.get(served.feed("region"), headers={"If-None-Match": feed.headers["etag"]}, trust_env=False)
            assert again.status_code == httpx.codes.NOT_MODIFIED

            edit(calendar, 'title = "Høringssvar"', 'title = "Svar på høringen"')
            until(lambda: "Svar på høringen" in httpx.get(served.feed("region"), trust_env=False).text, "the edit")

    (wire,) = server.taken
    message = message_from_bytes(wire, policy=policy.default)
    assert (message["To"], "Rapporten" in message["Subject"]) == ("Ola <ola@example.no>", True)
    with closing(open_store(database_url, tmp_path / "var")) as store:
        assert queue.counts(store) == {State.ACCEPTED: 1}
