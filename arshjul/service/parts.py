"""What the settings ask for, opened: the store, the way out for letters, and the one sender of a service."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import socket
import ssl
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import SecretStr

from arshjul.disk import Crash
from arshjul.letters.brakes import ClockSample
from arshjul.mail.smtp import EntraTokens, Pace, Registration, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.transports import MaildirTransport, Transport
from arshjul.mail.verdicts import WORDS
from arshjul.rounds.sending import SendReport, recover, send_round
from arshjul.settings import Settings
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.facts import refuse_empty
from arshjul.store.lock import SenderLock
from arshjul.store.told import opt_outs
from arshjul.store.upkeep import require, upgrade, version
from arshjul.timing.days import local_day

LINES = 3
"""So many connections there may always be, as Exchange Online allows: a letter that is not answered keeps one."""

KILLED = 137
"""The exit code of a process that was killed."""


def store_of(settings: Settings, *, migrate: bool = False, is_new: bool = False) -> Store:
    """Open the store. Raises StoreError with a Norwegian sentence.

    Only with `migrate` is an older schema brought up to date. An empty database in the place of one that letters were
    sent from is refused, unless it `is_new` by somebody's word.
    """
    store = open_store(settings.store_url, settings.state, settings.folder / settings.witness)
    try:
        if version(store) is None and not is_new:
            refuse_empty(store, settings.state)
        (upgrade if migrate else require)(store)
    except StoreError:
        store.close()
        raise
    return store


def opted_out(settings: Settings) -> dict[str, date]:
    """Return who wants no letters, and since when. To look is no reason to make a database. Raises StoreError."""
    if not settings.has_store:
        return {}
    with contextlib.closing(store_of(settings)) as store:
        return {one.address: local_day(one.at) for one in opt_outs(store)}


def transport_of(settings: Settings) -> Transport:
    """Return the way out that the settings name."""
    mail = settings.mail
    if mail.transport == "maildir":
        return MaildirTransport(settings.maildir)
    server, pace, crash = server_of(settings), Pace(mail.per_minute), crash_of(settings)
    lines = at_once(settings) + spare(settings)
    return SmtpPool(tuple(SmtpTransport(server, pace, crash) for _ in range(lines)))


def is_same_way_out(one: Settings, other: Settings) -> bool:
    """Tell whether both settings make the same transport, so that the one there is can keep pace and connections."""

    def made_from(of: Settings) -> tuple[object, ...]:
        return of.mail, of.hello, of.maildir, of.password, of.client_secret, of.certificate, of.crash_at

    return made_from(one) == made_from(other)


def at_once(settings: Settings) -> int:
    """Return how many letters the way out takes at the same time."""
    return settings.mail.connections if settings.mail.transport == "smtp" else 1


def spare(settings: Settings) -> int:
    """Return how many connections more the way out has for the time that letters wait for an answer."""
    return max(LINES - settings.mail.connections, 0) if settings.mail.transport == "smtp" else 0


def new_owner() -> str:
    """Return a name for this process as a sender: what it holds is taken for nobody else's, here or elsewhere."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def server_of(settings: Settings) -> SmtpServer:
    """Return the mail server that the settings name, with how to log in there."""
    mail = settings.mail
    return SmtpServer(
        host=mail.host,
        port=mail.port,
        local_hostname=settings.hello,
        start_tls=mail.start_tls,
        username=mail.username,
        password=settings.password,
        tokens=tokens_of(settings) if mail.auth == "xoauth2" else None,
    )


def tokens_of(settings: Settings) -> EntraTokens:
    """Return where tokens for the mailbox come from; a certificate wins over a secret."""
    mail, certificate = settings.mail, settings.certificate
    thumbprint = thumbprint_of(certificate) if certificate else ""
    return EntraTokens(Registration(mail.tenant, mail.client_id, settings.client_secret, certificate, thumbprint))


def thumbprint_of(pem: SecretStr) -> str:
    """Return the name that Entra knows the certificate in a PEM file by, "" when there is none in it."""
    text = pem.get_secret_value()
    start = text.find("-----BEGIN CERTIFICATE-----")
    end = text.find("-----END CERTIFICATE-----", start)
    try:
        der = ssl.PEM_cert_to_DER_cert(text[start : end + len("-----END CERTIFICATE-----")])
    except (ValueError, NotBase64):
        return ""
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def relay_of(settings: Settings) -> str:
    """Return a name for all that has to do with logging in and sending, which changes when any of it does.

    It stands in the database beside a fault; scrypt keeps the secrets in it from being guessed there.
    """
    if settings.mail.transport != "smtp":
        return settings.mail.transport
    secrets = (settings.password, settings.client_secret, settings.certificate)
    parts = [settings.mail.model_dump_json(), settings.sender.address]
    parts += [secret.get_secret_value() if secret else "" for secret in secrets]
    return hashlib.scrypt("\0".join(parts).encode(), salt=b"arshjul", n=2**12, r=8, p=1, dklen=16).hex()


def crash_of(settings: Settings) -> Crash:
    """Return what dies at the place that the tests ask for (see `disk`), as a process dies that is killed."""

    def crash(label: str) -> None:
        if label and label == settings.crash_at:
            os._exit(KILLED)

    return crash


log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Sender:
    """Sends while it holds the lock. Without one, as where nobody else can send, it is taken for granted."""

    store: Store
    now: Callable[[], datetime]
    clocks: Callable[[], ClockSample]
    settings: Settings
    lock: SenderLock | None = None
    _owner: str = field(init=False, default_factory=new_owner)
    _transport: Transport = field(init=False)
    _relay: str = field(init=False)
    _rest: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _stopped: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._transport, self._relay = transport_of(self.settings), relay_of(self.settings)

    def use(self, settings: Settings) -> None:
        """Go by these settings from the next round on; connections and pace are kept where they are the same."""
        before, self.settings = self.settings, settings
        if not is_same_way_out(settings, before):
            self._transport = transport_of(settings)
        if settings != before:
            self._relay = relay_of(settings)

    def stop(self) -> None:
        """End the round that is under way, as `send_round` does; no other is begun."""
        self._stopped = True
        self._rest.set()

    async def hold(self) -> None:
        """See that this process still is the sender; if not, the round rests. Raises AnotherSenderError, StoreError."""
        is_held = self.lock is None
        try:
            if self.lock is not None:
                await asyncio.to_thread(self.lock.hold)
                is_held = True
        finally:
            if not is_held:
                self._rest.set()

    async def recover(self) -> None:
        """Put right what a sender that died has left. Raises StoreError."""
        await self.hold()
        await asyncio.to_thread(recover, self.store, self.now(), self._owner, self.clocks(), self._relay)

    async def send(self) -> SendReport:
        """Send everything whose time has come. Raises AnotherSenderError, StoreError where the lock is not held."""
        await self.hold()
        if not self._stopped:
            self._rest.clear()
        report = await send_round(
            self.store,
            self._transport,
            self.now,
            owner=self._owner,
            at_once=at_once(self.settings),
            spare=spare(self.settings),
            stop=self._rest,
            reading=self.clocks(),
            relay=self._relay,
            crash=crash_of(self.settings),
        )
        if report.states:
            log.info("Brev: %s.", ", ".join(f"{count} {WORDS[state]}" for state, count in report.states.items()))
        return report
