"""uvicorn's faster reader of HTTP, with a bound. It is imported only where httptools is installed."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_REQUEST = 65_536
"""Octets of one request, headers and body together: what h11 takes, and far more than any form here needs."""


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request never ends; httptools itself would keep a header of any length in memory."""

    _taken = 0

    def data_received(self, data: bytes) -> None:
        self._taken += len(data)
        super().data_received(data)
        if self._taken > LONGEST_REQUEST and not self.transport.is_closing():
            self.send_400_response("Request too long.")

    def on_message_complete(self) -> None:
        self._taken = 0
        super().on_message_complete()
