"""SMTP servers for the tests: aiosmtpd with STARTTLS and log-in, and one that misbehaves as it is told."""

from __future__ import annotations

import asyncio
import base64
import shutil
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.conftest import need

HOST = "127.0.0.1"
USER, PASSWORD = "arshjul", "hemmelig-passord"
HANG, CLOSE, RESET, HALF, LATE = "<hang>", "<close>", "<reset>", "<half a line>", "<late>"
LATE_S = 0.05


@dataclass
class Sink:
    """An aiosmtpd handler that keeps what it accepts."""

    envelopes: list[Envelope] = field(default_factory=list)
    was_encrypted: bool = False

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: ANN401, N802  (aiosmtpd's)
        self.envelopes.append(envelope)
        self.was_encrypted = session.ssl is not None
        return "250 OK"

    @property
    def wires(self) -> list[bytes]:
        return [bytes(envelope.original_content or b"") for envelope in self.envelopes]


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1: the server's side, and a client that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = need("openssl", shutil.which("openssl"))
    folder: Path = tmp_path_factory.mktemp("certificate")
    key, pem = folder / "key.pem", folder / "certificate.pem"
    arguments = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}", "-keyout", str(key), "-out", str(pem)]
    subprocess.run([openssl, *arguments, *names], check=True, capture_output=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem, key)
    return Certificate(server, ssl.create_default_context(cafile=str(pem)))


@asynccontextmanager
async def plain_server(sink: Sink) -> AsyncIterator[int]:
    """A server that takes everything, unencrypted; gives its port."""
    async with _serving(lambda: SMTP(sink, hostname="localhost")) as port:
        yield port


@asynccontextmanager
async def secure_server(sink: Sink, certificate: Certificate) -> AsyncIterator[int]:
    """A server that takes letters only encrypted and from who has logged in."""

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=data == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)

    def server() -> SMTP:
        return SMTP(
            sink,
            hostname="localhost",
            tls_context=certificate.server,
            require_starttls=True,
            authenticator=check,
            auth_required=True,
        )

    async with _serving(server) as port:
        yield port


@asynccontextmanager
async def _serving(factory: Any) -> AsyncIterator[int]:  # noqa: ANN401  (aiosmtpd is untyped)
    server = await asyncio.get_running_loop().create_server(factory, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class ScriptedServer:
    """A server that answers as told: by `greeting`, by command ("MAIL", …), and by "." after the letter.

    An answer is a line, HANG, CLOSE, RESET, HALF (of the usual line, and no more) or LATE (the usual line); a list of
    them is used up one by one, its last one stays. LATE is so many seconds late. It offers the `extensions` and lets
    everybody log in; it cannot encrypt, and hangs up after a 220 to STARTTLS.
    """

    script: dict[str, str | list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    late_s: float = LATE_S
    commands: list[str] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._converse, HOST, 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in tuple(self._open):
                writer.close()
            await server.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            if await self._answer(writer, "greeting", "220 localhost"):
                while line := await reader.readline():
                    if not await self._obey(reader, writer, line.decode("ascii").strip()):
                        break
        except ConnectionError:
            pass  # the client went away, as some tests want it to
        finally:
            self._open.discard(writer)
            writer.close()

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> bool:
        command = line.split(maxsplit=1)[0].upper()
        self.commands.append(command)
        if command == "EHLO":
            self.greeted.append(line.partition(" ")[2])
        greeting = "".join(f"250-{extension}\r\n" for extension in ("localhost", *self.extensions)) + "250 OK"
        known = {
            "DATA": "354 go on",
            "QUIT": "221 bye",
            "AUTH": "235 welcome",
            "EHLO": greeting,
            "STARTTLS": "220 go on",
        }
        usual = known.get(command, "250 OK")
        goes_on = await self._answer(writer, command, usual)
        if goes_on and command == "DATA" and self._last.startswith("354"):
            self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
            goes_on = await self._answer(writer, ".", "250 2.0.0 queued as 17")
        return goes_on and command != "QUIT" and (command, self._last) != ("STARTTLS", usual)

    async def _answer(self, writer: asyncio.StreamWriter, step: str, usual: str) -> bool:
        told = self.script.get(step, usual)
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        if told == LATE:
            await asyncio.sleep(self.late_s)
            told = usual
        if told == HALF:
            writer.write(usual[:2].encode())
            await writer.drain()
            told = HANG
        self._last = told
        if told == HANG:
            await asyncio.Event().wait()
        if told == RESET:  # closing with unread data or without lingering sends RST
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        if told in (CLOSE, RESET):
            return False
        writer.write(told.encode() + b"\r\n")
        await writer.drain()
        return True


@dataclass
class Xoauth2Server(ScriptedServer):
    """A server that lets the mailbox in with the `good` token only, as Microsoft does. It keeps what it got."""

    extensions: tuple[str, ...] = ("AUTH LOGIN XOAUTH2",)
    mailbox: str = "arshjul@example.no"
    good: str = "godt-token"
    responses: list[str] = field(default_factory=list)

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> bool:
        if not line.upper().startswith("AUTH XOAUTH2 "):
            return await super()._obey(reader, writer, line)
        self.commands.append("AUTH")
        response = base64.b64decode(line.split(" ", 2)[2], validate=True).decode()
        self.responses.append(response)
        if response == f"user={self.mailbox}\x01auth=Bearer {self.good}\x01\x01":
            return await self._answer(writer, "AUTH", "235 2.7.0 Authentication successful")
        writer.write(b"334 " + base64.b64encode(b'{"status":"401","schemes":"bearer"}') + b"\r\n")
        assert await reader.readline() == b"\r\n"
        return await self._answer(writer, "AUTH", "535 5.7.3 Authentication unsuccessful")
