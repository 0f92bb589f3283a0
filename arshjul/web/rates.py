"""How often something may be asked for that writes to the database: each write keeps plans and edits waiting."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from starlette.types import Scope

MOST_KEYS: Final = 10_000
"""Links or addresses that are remembered, those that asked last."""

AT_A_TIME: Final = 2
"""Questions of the pages to the database at a time: of the threads that the service has, most stay with its rounds."""


@dataclass(slots=True)
class Rate:
    """So many `times` at once for each key, and as many again spread over `seconds`."""

    times: int
    seconds: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: float) -> bool:
        """Count one more at `now`, seconds of a monotonic clock; False when that is too many."""
        left, at = self._left.pop(key, (float(self.times), now))
        left = min(self.times, left + (now - at) * self.times / self.seconds)
        allowed = left >= 1
        self._left[key] = (left - allowed, now)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return allowed


@dataclass(slots=True)
class ChangeRates:
    """Of changes by the links in letters. People press once or twice, and mail programs for many people at a time."""

    by_link: Rate = field(default_factory=lambda: Rate(10, 600.0))
    by_address: Rate = field(default_factory=lambda: Rate(60, 60.0))

    def allow(self, link: str, address: str, now: float) -> bool:
        """Count a change by a link, named by its hash, from an address; False when either has made too many."""
        return self.by_address.allows(address, now) and self.by_link.allows(link, now)


def address_of(scope: Scope) -> str:
    """Return whom a request comes from. Of a server on this machine it is whom that server says, the last it names."""
    host: str = (scope.get("client") or ("",))[0]
    if not _is_loopback(host):
        return host
    said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return said[-1].rpartition(b",")[2].strip().decode("latin-1")[:64] if said else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
