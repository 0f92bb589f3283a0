"""What `doctor` asks of mail servers: DNS, a conversation that ends before any letter, and one letter on trial."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any, Final, Protocol

from pydantic import SecretStr

from arshjul.mail.checkup import Names
from arshjul.mail.message import Draft, Letterhead, compose, message_id, new_letter_id
from arshjul.mail.smtp import Line, SmtpServer, SmtpTransport
from arshjul.mail.transports import Parcel, Transport, judged
from arshjul.mail.verdicts import Verdict
from arshjul.plan.model import Recipient
from arshjul.printable import printable
from arshjul.words import instant_in_words

TIMEOUT_S: Final = 5.0


class NoNamesError(Exception):
    """DNS cannot be asked; the message is Norwegian."""


class Resolver(Protocol):
    """Who knows of domains."""

    def names(self, domain: str) -> Names:
        """Return what DNS says. Raises NoNamesError."""


class Dns:
    """DNS as this machine asks it."""

    def names(self, domain: str) -> Names:
        resolver, errors = _dnspython()
        resolver.lifetime = TIMEOUT_S

        def texts(name: str, kind: str) -> tuple[str, ...]:
            try:
                answer = resolver.resolve(name, kind)
            except errors.NoAnswer:
                return ()
            except errors.NXDOMAIN:
                return ()
            except errors.DNSException as error:
                raise NoNamesError(f"DNS svarer ikke: {printable(error)}") from error
            return tuple(_text(record) for record in answer)

        return Names(texts(domain, "TXT"), texts(f"_dmarc.{domain}", "TXT"), texts(domain, "MX"))


def _text(record: Any) -> str:  # noqa: ANN401  (dnspython's record)
    parts = getattr(record, "strings", None)
    return b"".join(parts).decode("utf-8", "replace") if parts else str(record.exchange)


def _dnspython() -> tuple[Any, Any]:
    try:
        import dns.exception  # noqa: PLC0415  (not everybody has it, and only doctor asks)
        import dns.resolver  # noqa: PLC0415  (as above)
    except ModuleNotFoundError as error:
        raise NoNamesError("Python-pakken «dnspython» er ikke installert") from error
    return dns.resolver.Resolver(), _Errors(dns.resolver, dns.exception)


class _Errors:
    """dnspython's exceptions by the names that are needed here."""

    def __init__(self, resolver: Any, exception: Any) -> None:  # noqa: ANN401  (modules)
        self.NoAnswer = resolver.NoAnswer
        self.NXDOMAIN = resolver.NXDOMAIN
        self.DNSException = exception.DNSException


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


@dataclass(frozen=True, slots=True)
class Sent:
    """What was said of the letter, and its Message-ID, which the recipient's side can look for."""

    verdict: Verdict
    message_id: str


async def send_trial(way: Transport, to: Recipient, head: Letterhead, now: datetime) -> Sent:
    """Send one letter, and close the way. ValueError, and no letter, for an address that no mail can be sent to."""
    name, reader = new_letter_id(now), replace(to, language="nb")
    wire = compose(trial_draft(head, now), reader, head, name, now)
    try:
        verdict = await way.deliver(Parcel(name, head.sender.address, to.address, wire), _go_on)
    finally:
        await way.close()
    return Sent(verdict, message_id(name, head.domain))


def trial_draft(head: Letterhead, now: datetime) -> Draft:
    """Return the letter in words."""
    paragraphs = (
        f"Dette er et prøvebrev fra {head.name}, sendt {instant_in_words(now)}.",
        "Når du leser det, kommer brevene herfra frem til deg. Du trenger ikke gjøre noe.",
        f"Så du det i søppelposten, så si fra til {head.reply_to}.",
    )
    html = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    page = f'<!DOCTYPE html>\n<html lang="nb"><head><meta charset="utf-8"></head>\n<body>\n{html}</body></html>\n'
    return Draft(f"Prøvebrev fra {head.name}", "\n\n".join(paragraphs) + "\n", page)


async def _go_on() -> None:
    """Write nothing down: it is not a letter of the outbox."""
