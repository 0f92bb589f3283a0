"""Several connections to one server, each with one letter at a time. One connection is in `smtp`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from arshjul.core.verdicts import Verdict
from arshjul.mail.smtp import SmtpTransport
from arshjul.mail.transports import OnDataStarted, Parcel


@dataclass(slots=True)
class SmtpPool:
    """As many letters at once as there are `lines`; these share their pace. Nobody asks for more than that.

    A line that has never had a letter has no connection.
    """

    lines: tuple[SmtpTransport, ...]
    _idle: list[SmtpTransport] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._idle = list(reversed(self.lines))

    async def ready(self) -> None:
        await self.lines[0].ready()

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        line = self._idle.pop()  # the one used last: so few letters keep few connections
        try:
            return await line.deliver(parcel, on_data_started)
        finally:
            self._idle.append(line)

    async def close(self) -> None:
        await asyncio.gather(*(line.close() for line in self.lines))
