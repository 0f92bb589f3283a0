"""An SMTP server as a process of its own that takes everything, slowly, and writes down each letter that it took.

`python -m tests.crash.sink LOG SEED ACCEPT_MS REPLY_MS` prints its port. A line of the log is the letter's Message-ID
and the SHA-256 of its bytes, written before the 250 goes out: from then on the letter is the server's.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MESSAGE_ID = re.compile(rb"(?mi)^Message-ID: (\S+)")
END = b"\r\n.\r\n"


@dataclass
class Sink:
    """Delays are drawn anew for each letter, up to so many milliseconds: before it is taken, and before the reply."""

    log: BinaryIO
    chance: random.Random
    accept_ms: float
    reply_ms: float

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the program was killed
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                await self._take(await reader.readuntil(END))
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
            if command == b"QUIT":
                return

    async def _take(self, data: bytes) -> None:
        wire = data[: -len(END) + 2].replace(b"\r\n..", b"\r\n.")
        found = MESSAGE_ID.search(wire)
        name = found[1] if found else b"?"
        await asyncio.sleep(self.chance.uniform(0, self.accept_ms) / 1000)
        self.log.write(name + b" " + hashlib.sha256(wire).hexdigest().encode() + b"\n")
        self.log.flush()
        await asyncio.sleep(self.chance.uniform(0, self.reply_ms) / 1000)


async def serve(log: Path, seed: int, accept_ms: float, reply_ms: float) -> None:
    with log.open("ab") as file:
        sink = Sink(file, random.Random(seed), accept_ms, reply_ms)
        server = await asyncio.start_server(sink.converse, "127.0.0.1", 0, limit=2**20)
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
