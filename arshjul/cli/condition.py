"""How it stands, for commands: by the files and the database, and by what a service that runs says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPException

from arshjul.cli.fetch import ask
from arshjul.config import Settings
from arshjul.core.health import Area, Fault, faults_of_hold, faults_of_queue
from arshjul.store.engine import Store
from arshjul.store.queue import queue_of

PATIENCE = 5.0
"""Seconds for a service on this machine to say how it is."""

MOST_FAULTS = 50
"""Of a service: it has far fewer, and whatever else listens there is not printed without end."""


def faults_of_letters(store: Store, now: datetime) -> list[Fault]:
    """Return what keeps letters from going. Raises StoreError."""
    queue = queue_of(store, now)
    return [*faults_of_hold(queue, now), *faults_of_queue(queue, now)]


def faults_of_service(settings: Settings) -> list[Fault] | None:
    """Return what the service that runs on this machine says of itself; None when none answers."""
    site = settings.site
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(site.host, site.host)  # noqa: S104  (compared, not listened on)
    address = f"http://{f'[{host}]' if ':' in host else host}:{site.port}/healthz"
    try:
        return list(_faults(ask("GET", address, seconds=PATIENCE).body))
    except (OSError, HTTPException, ValueError, KeyError, TypeError):  # not there, or something else that listens
        return None


def _faults(body: bytes) -> Iterator[Fault]:
    """Yield the faults in an answer of /healthz. Raises ValueError, KeyError or TypeError when it is none."""
    for one in json.loads(body)["faults"][:MOST_FAULTS]:
        yield Fault(Area(one["area"]), str(one["words"]))
