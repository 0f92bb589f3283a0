"""Letters to an SMTP server, phase by phase, so that what is certain is known. What replies mean is in `verdicts`."""

from __future__ import annotations

import re
import ssl
from collections.abc import Container
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponse, SMTPResponseException
from pydantic import SecretStr

from arshjul.core.crashes import Crash, go_on
from arshjul.core.verdicts import SUCCESS, Outcome, Phase, Verdict, judge_silence
from arshjul.mail.line import Line
from arshjul.mail.oauth import TokenSource
from arshjul.mail.pace import Pace
from arshjul.mail.transports import OnDataStarted, Parcel
from arshjul.mail.verdicts import judged

TIMEOUT_S, DATA_TIMEOUT_S, QUIT_TIMEOUT_S = 60.0, 600.0, 5.0
"""RFC 5321 section 4.5.3.2: who gives up too early after the final dot gets the letter delivered twice.

The last one is for what is said between letters, and after them.
"""

CLOSING: Final = 421
GO_AHEAD: Final = (354,)
LOGIN_REFUSED: Final = 535
PLAIN_ADDRESS: Final = re.compile(r"[!-;=?-~]+")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Which server, and how.

    With `start_tls` the connection is encrypted or the letter is not sent; there is no falling back. `local_hostname`
    is what we greet with: a name that others can look up, not what this machine happens to be called, which is often
    "localhost" or a container's id. `tls_context` None checks certificates as the system does. With
    `tokens` the log-in is XOAUTH2 as the mailbox `username`.
    """

    host: str
    port: int = 587
    start_tls: bool = True
    username: str = ""
    password: SecretStr | None = None
    tokens: TokenSource | None = field(default=None, repr=False)
    local_hostname: str = field(kw_only=True)
    tls_context: ssl.SSLContext | None = None
    timeout: float = TIMEOUT_S
    data_timeout: float = DATA_TIMEOUT_S


@dataclass(slots=True)
class SmtpTransport:
    """Letters over one connection, kept until `close`."""

    server: SmtpServer
    pace: Pace = field(default_factory=lambda: Pace(25))
    crash: Crash = go_on
    _line: Line | None = field(default=None, init=False, repr=False)
    phase: Phase = field(default=Phase.CONNECT, init=False, repr=False)

    async def ready(self) -> None:
        await self.pace.step()

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        kept = self._line
        with ExitStack() as on_failure:  # cancelled, or DATA cannot be written down: nothing more is said to the server
            on_failure.callback(self._drop)
            verdict = await self._attempt(parcel, on_data_started)
            if kept is not None and _is_stale(verdict):  # the server had closed the connection meanwhile
                self._drop()
                verdict = await self._attempt(parcel, on_data_started)
            on_failure.pop_all()
        return verdict

    async def close(self) -> None:
        if self._line is not None:
            with suppress(SMTPException, OSError):  # the letters are gone; nothing said at parting matters
                await self._line.ask(b"QUIT\r\n", min(QUIT_TIMEOUT_S, self.server.timeout))
        self._drop()

    async def _attempt(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        line = await judged(self._named(parcel), lambda: self.phase)
        if isinstance(line, Verdict):
            return await self._tidied(line)
        await on_data_started()
        if not line.is_open:
            return judge_silence(Phase.RCPT, "forbindelsen ble brutt før DATA")
        return await self._tidied(await judged(self._hand_over(line, parcel.wire), lambda: self.phase))

    async def _named(self, parcel: Parcel) -> Line:
        line = await self.connected()
        await self.address(line, parcel.sender, parcel.recipient)
        return line

    async def address(self, line: Line, sender: str, recipient: str) -> None:
        """Name sender and recipient, in one go where the server allows it.

        Raises aiosmtplib's exceptions; `phase` then says at which of the two.
        """
        self.phase = Phase.RCPT
        mail, rcpt = _command("MAIL FROM", sender), _command("RCPT TO", recipient)
        self.phase = Phase.MAIL
        first, *coming = line.say(mail, rcpt) if line.pipelining else line.say(mail)
        _expect(await line.reply(first, self.server.timeout), SUCCESS)
        self.crash("mail")
        self.phase = Phase.RCPT
        (second,) = coming or line.say(rcpt)
        _expect(await line.reply(second, self.server.timeout), SUCCESS)
        self.crash("rcpt")

    async def _hand_over(self, line: Line, wire: bytes) -> Verdict:
        self.phase = Phase.GO_AHEAD
        _expect(await line.ask(b"DATA\r\n", self.server.timeout), GO_AHEAD)
        self.crash("go_ahead")
        self.phase = Phase.DATA
        (coming,) = line.say(on_the_line(wire))
        self.crash("sent")
        response = _expect(await line.reply(coming, self.server.data_timeout), SUCCESS)
        return Verdict(Outcome.ACCEPTED, Phase.DATA, response.code, response.message)

    async def connected(self) -> Line:
        """Return the connection that there is, or a new one. A token that is refused is asked for anew, once."""
        if self._line is not None and self._line.is_open:
            return self._line
        self._drop()
        try:
            self._line = await self._connect()
        except SMTPAuthenticationError as error:
            if self.server.tokens is None or error.code != LOGIN_REFUSED:
                raise
            await self.server.tokens.forget()
            self._line = await self._connect()
        return self._line

    async def _connect(self) -> Line:
        """Connect, encrypt, log in; what goes wrong closes the connection."""
        self.phase = Phase.CONNECT
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=server.local_hostname,
            start_tls=False,  # done below, as a phase of its own
            timeout=server.timeout,
            tls_context=server.tls_context,
        )
        with ExitStack() as on_failure:
            on_failure.callback(client.close)
            await client.connect()
            await client.ehlo()
            if server.start_tls:
                self.phase = Phase.TLS
                await client.starttls()
            if client.is_ehlo_or_helo_needed:  # after STARTTLS the server says anew what it can
                await client.ehlo()
            self.phase = Phase.AUTH
            await self._log_in(client)
            self.crash("connected")
            line = Line(client)
            on_failure.pop_all()
        return line

    async def _log_in(self, client: SMTP) -> None:
        server = self.server
        if server.tokens is not None:
            token = await server.tokens.token()
            if "xoauth2" not in client.server_auth_methods:
                raise SMTPException("The server does not offer AUTH XOAUTH2")
            await client.auth_xoauth2(server.username, token.get_secret_value())
        elif server.username:
            await client.login(server.username, server.password.get_secret_value() if server.password else "")

    async def _tidied(self, verdict: Verdict) -> Verdict:
        """Keep the connection only after a letter that was taken, or a plain refusal of one."""
        if verdict.outcome is Outcome.ACCEPTED:
            return verdict
        if verdict.outcome in (Outcome.TEMPORARY, Outcome.REJECTED, Outcome.REFUSED) and self._line is not None:
            with suppress(SMTPException, OSError):
                await self._line.ask(b"RSET\r\n", min(QUIT_TIMEOUT_S, self.server.timeout))
                return verdict
        self._drop()
        return verdict

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


def _command(verb: str, address: str) -> bytes:
    """Return a command that names an address; one that could say more than an address is refused."""
    if not PLAIN_ADDRESS.fullmatch(address):
        raise SMTPException(f"No address that this server can be given: {address!r}")
    return f"{verb}:<{address}>\r\n".encode("ascii")


def _expect(response: SMTPResponse, wanted: Container[int]) -> SMTPResponse:
    if response.code not in wanted:
        raise SMTPResponseException(response.code, response.message)
    return response


def _is_stale(verdict: Verdict) -> bool:
    is_gone = verdict.outcome is Outcome.NOT_SENT or verdict.code == CLOSING
    return verdict.phase is Phase.MAIL and is_gone


def on_the_line(wire: bytes) -> bytes:
    """Return the letter as DATA carries it: with dots before dots, and the final one (RFC 5321 section 4.5.2)."""
    ended = wire if wire.endswith(b"\r\n") else wire + b"\r\n"
    return ended[:1].replace(b".", b"..") + ended[1:].replace(b"\n.", b"\n..") + b".\r\n"
