"""A conversation with the mail server that ends before any letter: what `doctor` asks. Sending is in `smtp`."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from pydantic import SecretStr

from arshjul.core.verdicts import Verdict
from arshjul.mail.line import Line
from arshjul.mail.smtp import SmtpServer, SmtpTransport
from arshjul.mail.verdicts import judged


@dataclass(frozen=True, slots=True)
class Probe:
    """How far it went: `failed` is the first step that did, None when all went well.

    `login_methods` are those that the server offers, encrypted if it is to be.
    """

    failed: Verdict | None
    login_methods: tuple[str, ...] = ()
    is_encrypted: bool = False


async def probe(server: SmtpServer, sender: str, recipient: str) -> Probe:
    """Connect, encrypt, log in, name sender and recipient, and take it back. No letter is sent."""
    way = SmtpTransport(server)
    try:
        line = await judged(way.connected(), lambda: way.phase)
        if isinstance(line, Verdict):
            return Probe(line)
        methods = tuple(line.client.server_auth_methods)
        is_encrypted = line.client.get_transport_info("sslcontext") is not None
        failed = await judged(_name(way, line, sender, recipient), lambda: way.phase)
        return Probe(failed, methods, is_encrypted)
    finally:
        await way.close()


async def _name(way: SmtpTransport, line: Line, sender: str, recipient: str) -> None:
    await way.address(line, sender, recipient)
    await line.ask(b"RSET\r\n", way.server.timeout)


def roles_in(token: SecretStr) -> tuple[str, ...]:
    """Return the roles that an access token (JWT) names; its signature is for the server to judge."""
    try:
        _, body, _ = token.get_secret_value().split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return tuple(str(role) for role in claims.get("roles", ()))
    except (ValueError, AttributeError, binascii.Error):
        return ()
