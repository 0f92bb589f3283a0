"""What the settings ask for, opened: the store, brought up to date, and the way that letters go out."""

from __future__ import annotations

from arshjul.config import Settings
from arshjul.mail.maildir import MaildirTransport
from arshjul.mail.pace import Pace
from arshjul.mail.smtp import SmtpServer, SmtpTransport
from arshjul.mail.transports import Transport
from arshjul.store.engine import Store, open_store
from arshjul.store.schema import upgrade


def store_of(settings: Settings) -> Store:
    """Open the store and bring its schema up to date. Raises StoreError with a Norwegian sentence."""
    store = open_store(settings.store_url)
    upgrade(store)
    return store


def transport_of(settings: Settings) -> Transport:
    """Return the way out that the settings name."""
    mail = settings.mail
    if mail.transport == "maildir":
        return MaildirTransport(settings.maildir)
    server = SmtpServer(
        host=mail.host,
        port=mail.port,
        start_tls=mail.start_tls,
        username=mail.username,
        password=settings.password,
    )
    return SmtpTransport(server, Pace(mail.per_minute))
