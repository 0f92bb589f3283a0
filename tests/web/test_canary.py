"""A token stays out of logs and pages when the server itself fails, wherever the client has put it."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

import pytest

from arshjul.plan.model import Calendar
from arshjul.web.app import find
from arshjul.web.site import ServedFeed
from tests.web.conftest import Running
from tests.web.sample import TOKEN, state_of
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


def test_revoked_and_unknown_paths_take_the_same_time() -> None:
    state = state_of("http://127.0.0.1")
    opened, revoked = state, replace(state, private_feeds={})
    cases = [
        (revoked, f"/f/{TOKEN}/sekretariatet.ics"),
        (opened, f"/f/{TOKEN[::-1]}/sekretariatet.ics"),
        (opened, f"/f/{'x' * len(TOKEN)}/{'x' * len('sekretariatet')}.ics"),
    ]
    times: list[list[int]] = [[] for _ in cases]
    for _ in range(4000):  # in turns, so that whatever else the machine does falls on all of them
        for (served, path), taken in zip(cases, times, strict=True):
            began = time.perf_counter_ns()
            found = find(served, path)
            taken.append(time.perf_counter_ns() - began)
            assert found is None
    medians = [statistics.median(taken) for taken in times]
    assert max(medians) < 1.3 * min(medians)
