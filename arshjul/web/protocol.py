"""uvicorn's faster reader of HTTP, with bounds.

Each connection takes a descriptor and some memory of a process that has little of both, and costs whoever opens it
nothing. So there are so many at a time, each asks within seconds, and none asks for more than it reads.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_REQUEST = 65_536
"""Octets of one request, headers and body together: what h11 takes, and far more than any form here needs."""

REQUEST_SECONDS = 10.0
"""From a connection, or the first octet of a later request on it, to the end of the request."""

MOST_CONNECTIONS = 500
"""At a time: well under the 1,024 files that a process may have open where nobody has raised that."""

MOST_PIPELINED = 32
"""Requests on one connection whose answers wait to be read; browsers and calendar programs send one at a time."""


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request never ends, or that asks on without reading.

    When there are too many, the one goes that has been open longest without having asked for anything: whoever opens
    connections to hold them keeps nobody else out.
    """

    _unasked: ClassVar[dict[BoundedProtocol, None]] = {}
    """The connections without a whole request so far, the oldest first."""

    _taken = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base has it
        super().connection_made(transport)
        self._unasked[self] = None
        self._expect_a_request()
        if len(self.connections) > MOST_CONNECTIONS:
            next(iter(self._unasked)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unasked.pop(self, None)
        self._end_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._taken += len(data)
        super().data_received(data)
        if self._taken > LONGEST_REQUEST and not self.transport.is_closing():
            self.send_400_response("Request too long.")
        if len(self.pipeline) > MOST_PIPELINED:
            self.transport.abort()

    def on_message_begin(self) -> None:
        if self._deadline is None:
            self._expect_a_request()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._taken = 0
        self._unasked.pop(self, None)
        self._end_deadline()
        super().on_message_complete()

    def _expect_a_request(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
