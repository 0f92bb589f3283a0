"""A token stays out of logs and pages when the server itself fails, wherever the client has put it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

import pytest

from arshjul.core.model import Calendar
from arshjul.web.feeds import ServedFeed
from tests.web.conftest import Running
from tests.web.sample import TOKEN
from tests.web.test_pages import logged_by_uvicorn


class Broken(Mapping[str, ServedFeed]):
    """A mapping that fails when it is asked: what is left of a state that was made wrong."""

    def __getitem__(self, key: str) -> ServedFeed:
        raise RuntimeError("broken on purpose")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("broken on purpose")

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("path", [f"/f/{TOKEN}/sekretariatet.ics", f"/f/{TOKEN}.ics", f"/?token={TOKEN}"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_token_is_in_no_log_and_no_page_when_the_server_fails(
    running: Running, caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    caplog.set_level(logging.DEBUG)
    broken = Broken()
    calendars = cast("Mapping[str, Calendar]", broken)
    running.site.state = replace(running.site.state, feeds=broken, private_feeds=broken, calendars=calendars)
    headers = {"Referer": f"http://127.0.0.1/f/{TOKEN}/x.ics", "Cookie": f"a={TOKEN}", "X-Request-Id": TOKEN}
    answer = running.client.request(method, path, headers=headers)
    assert answer.status_code == 500
    assert TOKEN not in answer.text + str(answer.headers)
    logged = logged_by_uvicorn(caplog)
    said = [caplog.handler.format(one) for one in logged]
    assert "broken on purpose" in "\n".join(said)
    assert TOKEN not in "\n".join(said)
