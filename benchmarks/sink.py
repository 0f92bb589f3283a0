"""An SMTP server as a process of its own that takes everything and counts it, each answer so many milliseconds late.

`python -m benchmarks.sink DELAY_MS` prints its port. It offers PIPELINING. The command XCOUNT answers with the letters
taken, their different Message-IDs, and the SHA-256 of all their sorted digests; then it counts anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from contextlib import suppress
from dataclasses import dataclass, field

END = b"\r\n.\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


@dataclass
class Count:
    """What was taken since the last XCOUNT."""

    names: set[bytes] = field(default_factory=set)
    digests: list[bytes] = field(default_factory=list)

    def take(self, data: bytes) -> None:
        wire = data[: -len(END) + 2].replace(b"\r\n..", b"\r\n.")
        start = wire.find(b"Message-ID: ")
        self.names.add(wire[start : wire.find(b"\r\n", start)])
        self.digests.append(hashlib.sha256(wire).digest())

    def told(self) -> bytes:
        whole = hashlib.sha256(b"".join(sorted(self.digests))).hexdigest()
        line = f"250 {len(self.digests)} {len(self.names)} {whole}\r\n".encode()
        self.names.clear()
        self.digests.clear()
        return line


class Conversation(asyncio.Protocol):
    """One connection. Replies go out in order; with a delay, each so long after its command as the line is long."""

    def __init__(self, count: Count, delay_s: float) -> None:
        self.count, self.delay_s = count, delay_s
        self.buffer, self.ready = bytearray(), bytearray()
        self.is_data = False
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.reply(b"220 sink\r\n")
        self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.step():
            pass
        if self.ready:  # one answer to a group of commands, as servers give (RFC 2920)
            self.write(bytes(self.ready))
            self.ready.clear()

    def step(self) -> bool:
        """Take one command or letter out of the buffer; False if there is no whole one."""
        mark = END if self.is_data else b"\r\n"
        end = self.buffer.find(mark)
        if end < 0:
            return False
        part = bytes(self.buffer[: end + len(mark)])
        del self.buffer[: end + len(mark)]
        if self.is_data:
            self.is_data = False
            self.count.take(part)
            self.reply(b"250 taken\r\n")
        else:
            self.obey(part[:4].upper())
        return True

    def obey(self, command: bytes) -> None:
        self.is_data = command == b"DATA"
        usual = b"250 OK\r\n"
        answers = {b"DATA": b"354 go on\r\n", b"EHLO": HELLO, b"QUIT": b"221 bye\r\n"}
        self.reply(self.count.told() if command == b"XCOU" else answers.get(command, usual))

    def reply(self, line: bytes) -> None:
        if self.delay_s:
            self.loop.call_later(self.delay_s, self.write, line)
        else:
            self.ready += line

    def write(self, line: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(line)
            if b"221 bye" in line:
                self.transport.close()


async def serve(delay_s: float) -> None:
    count = Count()
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(count, delay_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(float(sys.argv[1]) / 1000))
