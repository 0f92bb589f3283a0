"""How uvicorn is set up for the application: its reader of HTTP with bounds, its event loop and socket."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from typing import ClassVar

import uvicorn
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from arshjul.printable import printable, why
from arshjul.web.app import create_app
from arshjul.web.site import Site

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


GRACE = 5
"""Seconds that running answers have when the service stops."""


def server_config(site: Site, host: str = "127.0.0.1", port: int = 8000) -> Config:
    """Return uvicorn's configuration.

    No access log: uvicorn writes whole paths, and a feed's path is its key. No forwarded headers are trusted: nothing
    here depends on the client's address or on the name that it asked for.
    """
    config = Config(
        create_app(site),
        host=host,
        port=port,
        http=BoundedProtocol,  # with httptools, which gives twice as many answers a second as h11
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    # `access_log=False` only takes the logger's handlers away; whoever adds one to all loggers would log the tokens.
    logging.getLogger("uvicorn.access").disabled = True
    return config


MOST_FILES = 4096
"""Open files that are asked of the system: the connections, the database's and those of a reload, with room."""


def raise_file_limit() -> None:
    """Let this process have more files open than a shell's usual 1,024, as far as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class ListenError(Exception):
    """Nobody can listen there; the message is Norwegian and says why."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket for `Server.serve(sockets=[…])`; port 0 takes a free one. Raises ListenError.

    It names TCP as its protocol. asyncio turns Nagle's algorithm off only for such sockets: with one from
    `socket.create_server` every answer to a kept connection takes 40 ms.
    """
    try:
        return _listening(host, port)
    except OSError as error:
        raise ListenError(f"Kan ikke lytte på {printable(host)}:{port}: {why(error)}.") from error


def _listening(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


HEADER_SECONDS = 1.0
"""Between two looks at the clock for the header Date, which has whole seconds."""


class _Server(uvicorn.Server):
    """uvicorn, without its own handling of signals: the service stops its other parts first.

    It does not wake ten times a second either to see whether it is to end.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # 0: with the header
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), HEADER_SECONDS)

    def end(self) -> None:
        self.should_exit = True
        self._ended.set()


@asynccontextmanager
async def serving(site: Site, host: str, port: int) -> AsyncIterator[None]:
    """Serve a site on a port for as long as the block lasts. Raises ListenError."""
    with closing(listen(host, port)) as listener:
        server = _Server(server_config(site, host, port))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))
            try:
                yield
            finally:
                server.end()


def new_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop: uvloop's where there is one, which is not on Windows. It gives a third more answers."""
    try:
        import uvloop  # noqa: PLC0415  (only some systems have it)
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
