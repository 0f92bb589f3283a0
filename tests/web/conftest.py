"""A running server: uvicorn on a free port of 127.0.0.1, as the service sets it up, and stopped at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn

from arshjul.web.server import listen, server_config
from arshjul.web.site import ChangeRates, Site
from tests.web.sample import state_of


@dataclass
class Running:
    """The site that is served, and a client for it."""

    site: Site
    client: httpx.Client
    port: int


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[Site, int]]:
    """One server for all tests, with a site whose state each test sets."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        site = Site(state_of(f"http://127.0.0.1:{port}"))
        running = uvicorn.Server(server_config(site, port=port))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        yield site, port
        running.should_exit = True
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.fixture
def running(server: tuple[Site, int]) -> Iterator[Running]:
    site, port = server
    site.state, site.rates = state_of(f"http://127.0.0.1:{port}"), ChangeRates()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield Running(site, client, port)
