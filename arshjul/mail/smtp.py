"""Letters to an SMTP server, phase by phase, so that what is certain is known; XOAUTH2, pace and connections."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPReadTimeoutError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from pydantic import SecretStr

from arshjul.disk import Crash, go_on
from arshjul.mail.transports import OnDataStarted, Parcel, TokenError, judged
from arshjul.mail.verdicts import SUCCESS, Outcome, Phase, Verdict, judge_silence

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


MINUTE: Final = 60.0


@dataclass(slots=True)
class Pace:
    """At most `per_minute` letters in any sixty seconds; `clock` is monotonic, in seconds."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _sent: deque[float] = field(default_factory=deque, init=False)

    async def step(self) -> None:
        """Wait until another letter may go, and count it."""
        while (wait := self._wait()) > 0:
            await self.sleep(wait)
        self._sent.append(self.clock())

    def _wait(self) -> float:
        now = self.clock()
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        return self._sent[0] + MINUTE - now if len(self._sent) >= self.per_minute else 0.0


SCOPE: Final = "https://outlook.office365.com/.default"
AUTHORITY: Final = "https://login.microsoftonline.com/"
TOKEN_TIMEOUT_S: Final = 30


class TokenSource(Protocol):
    """Gives access tokens, an old one as long as it is good."""

    async def token(self) -> SecretStr:
        """Return a token. Raises TokenError."""

    async def forget(self) -> None:
        """Throw away what is kept: the server has refused it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """An app registration in Entra. It has a secret, or a certificate: its private key (PEM) and thumbprint."""

    tenant: str
    client_id: str
    secret: SecretStr | None = None
    private_key: SecretStr | None = None
    thumbprint: str = ""

    @property
    def credential(self) -> str | dict[str, str]:
        """The credential as msal wants it."""
        if self.private_key is not None:
            return {"private_key": self.private_key.get_secret_value(), "thumbprint": self.thumbprint}
        return self.secret.get_secret_value() if self.secret else ""


@dataclass(slots=True)
class EntraTokens:
    """Tokens from Microsoft. msal keeps a good one by itself, so there is no second cache here."""

    registration: Registration
    authority: str = AUTHORITY
    _app: Any = field(default=None, init=False, repr=False)  # msal ships no type hints

    async def token(self) -> SecretStr:
        return await asyncio.to_thread(self._token)

    async def forget(self) -> None:
        if self._app is not None:
            await asyncio.to_thread(self._app.remove_tokens_for_client)

    def _token(self) -> SecretStr:
        try:
            answer = self._application().acquire_token_for_client([SCOPE])
        except OSError as error:  # requests' exceptions are among these
            raise TokenError(f"Microsoft svarer ikke: {type(error).__name__}", is_setup=False) from error
        except ValueError as error:  # an unknown tenant, a key that is none
            raise TokenError(f"Appregistreringen kan ikke brukes: {error}", is_setup=True) from error
        if "access_token" in answer:
            return SecretStr(answer["access_token"])
        raise TokenError(_refusal(answer), is_setup=answer.get("error") not in ("temporarily_unavailable", None))

    def _application(self) -> Any:  # noqa: ANN401  (msal ships no type hints)
        if self._app is None:
            it = self.registration
            self._app = _msal().ConfidentialClientApplication(
                it.client_id,
                authority=f"{self.authority}{it.tenant}",
                client_credential=it.credential,
                timeout=TOKEN_TIMEOUT_S,
            )
        return self._app


def _msal() -> Any:  # noqa: ANN401  (a module)
    try:
        import msal  # noqa: PLC0415  (slow to import, and only needed for Microsoft 365)
    except ModuleNotFoundError as error:
        message = "Innlogging med XOAUTH2 krever Python-pakken «msal»: pip install 'arshjul[microsoft365]'"
        raise TokenError(message, is_setup=True) from error
    return msal


def _refusal(answer: dict[str, Any]) -> str:
    """Say why there is no token; what Microsoft asks for in a support case goes along, a token never."""
    codes = ", ".join(f"AADSTS{code}" for code in answer.get("error_codes", ()))
    said = " ".join(part for part in (str(answer.get("error", "")), codes) if part)
    return f"Microsoft gir ikke noe token: {said} (correlation_id {answer.get('correlation_id', 'ukjent')})"


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


@dataclass(slots=True)
class SmtpPool:
    """As many letters at once as there are `lines`; these share their pace. Nobody asks for more than that.

    A line that has never had a letter has no connection.
    """

    lines: tuple[SmtpTransport, ...]
    _idle: list[SmtpTransport] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._idle = list(reversed(self.lines))

    async def ready(self) -> None:
        await self.lines[0].ready()

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        line = self._idle.pop()  # the one used last: so few letters keep few connections
        try:
            return await line.deliver(parcel, on_data_started)
        finally:
            self._idle.append(line)

    async def close(self) -> None:
        await asyncio.gather(*(line.close() for line in self.lines))
