"""The line to a mail server once we are let in: commands out, replies in, several on their way at a time (RFC 2920).

aiosmtplib connects, encrypts and logs in; but it takes one command at a time, drops what it does not wait for, and
parses each address anew.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, cast

from aiosmtplib import (
    SMTP,
    SMTPReadTimeoutError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)

LONGEST_LINE, LONGEST_REPLY = 8192, 32768
MALFORMED: Final = -1
DIGITS: Final = 3


class Line(asyncio.Protocol):
    """A connection taken over from a client. Replies come in the order of what was said."""

    def __init__(self, client: SMTP) -> None:
        transport = cast(asyncio.Transport | None, client.transport)  # uvloop's is none by its class, but does the same
        if transport is None or transport.is_closing():
            raise SMTPServerDisconnected("Connection lost")
        self.client = client
        self.pipelining = client.supports_extension("pipelining")
        self._transport = transport
        self._buffer = b""
        self._lines: list[bytes] = []
        self._waiting: deque[asyncio.Future[SMTPResponse]] = deque()
        self._loop = asyncio.get_running_loop()
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def say(self, *commands: bytes) -> list[asyncio.Future[SMTPResponse]]:
        """Send the commands in one go; each result is a reply to come, to be had from `reply`."""
        if not self.is_open:
            raise SMTPServerDisconnected("Connection lost")
        replies = [self._loop.create_future() for _ in commands]
        self._waiting.extend(replies)
        self._transport.write(b"".join(commands))
        return replies

    async def reply(self, coming: asyncio.Future[SMTPResponse], timeout: float) -> SMTPResponse:  # noqa: ASYNC109  (SMTP's)
        """Wait for a reply, so many seconds. Raises aiosmtplib's exceptions."""
        late = SMTPReadTimeoutError("Timed out waiting for server response")
        timer = self._loop.call_later(timeout, self._refuse, coming, late)
        try:
            return await coming
        finally:
            timer.cancel()

    async def ask(self, command: bytes, timeout: float) -> SMTPResponse:  # noqa: ASYNC109  (as above)
        (coming,) = self.say(command)
        return await self.reply(coming, timeout)

    def close(self) -> None:
        self._transport.close()
        self.client.close()

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._take(line)
        if len(self._buffer) > LONGEST_LINE:
            self._fail("Response too long")

    def connection_lost(self, exc: Exception | None) -> None:
        error = SMTPServerDisconnected("Connection lost")
        error.__cause__ = exc
        while self._waiting:
            self._refuse(self._waiting.popleft(), error)

    def _take(self, line: bytes) -> None:
        """Take a line in; the last line of a reply goes to who waits for it. What nobody asked for is dropped."""
        if not self._waiting:
            return
        self._lines.append(line)
        if len(line) > LONGEST_LINE or sum(map(len, self._lines)) > LONGEST_REPLY:
            self._fail("Response too long")
        elif not line[:DIGITS].isdigit() or len(line[:DIGITS]) < DIGITS:
            self._fail(f"Malformed SMTP response line: {line.decode('utf-8', 'replace').strip()}")
        elif line[DIGITS : DIGITS + 1] != b"-":
            text = b"\n".join(one[DIGITS + 1 :].strip() for one in self._lines).decode("utf-8", "replace")
            self._lines = []
            coming = self._waiting.popleft()
            if not coming.done():
                coming.set_result(SMTPResponse(int(line[:DIGITS]), text))

    def _fail(self, message: str) -> None:
        """Give up on the reply that is coming in; what follows on this line cannot be trusted."""
        self._lines, self._buffer = [], b""
        if self._waiting:
            self._refuse(self._waiting.popleft(), SMTPResponseException(MALFORMED, message))

    def _refuse(self, coming: asyncio.Future[SMTPResponse], error: Exception) -> None:
        if not coming.done():
            coming.set_exception(error)
            coming.exception()  # nobody may come for it
