"""How uvicorn is set up for the application; it is started and stopped by the service."""

from __future__ import annotations

from uvicorn import Config

from arshjul.web.app import create_app
from arshjul.web.state import Site

GRACE = 5
"""Seconds that running answers have when the service stops."""


def server_config(site: Site, host: str = "127.0.0.1", port: int = 8000) -> Config:
    """Return uvicorn's configuration.

    No access log: uvicorn writes whole paths, and a feed's path is its key. No forwarded headers are trusted: nothing
    here depends on the client's address or on the name that it asked for.
    """
    return Config(
        create_app(site),
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
