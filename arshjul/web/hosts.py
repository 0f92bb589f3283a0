"""Which names the service answers to.

A page elsewhere can let its own name mean 127.0.0.1 (DNS rebinding), and would then read what only this machine should
see; but the browser still says which name it asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

ANY_HOST = frozenset({"/livez", "/readyz", "/healthz"})
"""Paths that answer whatever name is asked for: probes ask by the address of a container, and learn nothing private."""


def hosts_of(url: str, host: str, aliases: Iterable[str]) -> frozenset[str]:
    """Return the names of the service, folded: of its public address, of what it listens on, and its aliases."""
    return frozenset(_folded(name) for name in (urlsplit(url).hostname or "", host, *aliases) if name)


def refusal(scope: Scope, hosts: frozenset[str]) -> HTTPStatus | None:
    """Return why a request is not answered; None when it is.

    400 without exactly one Host (RFC 9112, 3.2), which HTTP/1.0 need not have; 421 for another's name (RFC 9110,
    15.5.20).
    """
    if scope["path"] in ANY_HOST:
        return None
    named = [value for name, value in scope["headers"] if name == b"host"]
    if not named and scope["http_version"] == "1.0":
        return None
    if len(named) != 1:
        return HTTPStatus.BAD_REQUEST
    return None if _is_ours(named[0], hosts) else HTTPStatus.MISDIRECTED_REQUEST


@lru_cache(maxsize=256)
def _is_ours(header: bytes, hosts: frozenset[str]) -> bool:
    """Tell whether a Host header names this service, by any of its names or by an address, which no name can mean."""
    try:
        name = _folded(urlsplit(f"//{header.decode('ascii')}").hostname or "")
    except ValueError:
        return False
    return name == "localhost" or name in hosts or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _folded(name: str) -> str:
    return name.casefold().removesuffix(".")
