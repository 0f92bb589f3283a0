"""What every way of handing on a letter has in common, what exceptions mean, and letters into a Maildir."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLCertVerificationError, SSLError
from typing import Final, Protocol, TypeAlias, TypeVar

from aiosmtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected

from arshjul import disk
from arshjul.mail.verdicts import Outcome, Phase, Verdict, judge_reply, judge_silence
from arshjul.printable import why


class TokenError(Exception):
    """There is no token; the message is Norwegian. `is_setup`: the registration is wrong, and waiting mends nothing."""

    def __init__(self, message: str, *, is_setup: bool) -> None:
        super().__init__(message)
        self.is_setup = is_setup


T = TypeVar("T")

UNSAID: Final = {Phase.AUTH: Outcome.SETUP, Phase.RCPT: Outcome.REJECTED, Phase.DATA: Outcome.UNKNOWN}


async def judged(work: Awaitable[T], phase: Callable[[], Phase]) -> T | Verdict:
    """Return what the work gives, or what its failure means in the phase that it had come to, whatever it was.

    Libraries raise more than they promise (a UnicodeError for a name, a KeyError for a reply), and an exception that
    went on from here would end the round for everybody. Being cancelled is no failure.
    """
    try:
        return await work
    except Exception as error:  # noqa: BLE001  (see above)
        return judge(phase(), error)


def judge(phase: Phase, error: Exception) -> Verdict:
    """Say what a failure in a phase means."""
    if isinstance(error, TokenError):
        return Verdict(Outcome.SETUP if error.is_setup else Outcome.NOT_SENT, Phase.AUTH, None, str(error))
    if isinstance(error, SMTPResponseException):
        return judge_reply(phase, error.code, error.message)
    if isinstance(error, OSError):  # lost connections and timeouts among aiosmtplib's own
        return judge_silence(phase, _reason(error))
    if not isinstance(error, SMTPException):
        return judge_silence(phase, _surprise(phase, error))
    # The server lacks something that is needed: STARTTLS, a way to log in, SMTPUTF8 for this one address.
    return Verdict(UNSAID.get(phase, Outcome.RELAY), phase, None, error.message)


def _reason(error: OSError) -> str:
    """Say in Norwegian why there was no answer; what the system said lies behind aiosmtplib's own words."""
    behind = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(behind, SSLCertVerificationError):
        return "sertifikatet er ikke gyldig for navnet"
    if isinstance(behind, SSLError):
        return "krypteringen kom ikke i gang"
    if isinstance(error, TimeoutError):
        return "svaret kom ikke i tide"
    if isinstance(error, SMTPServerDisconnected):
        return "forbindelsen ble brutt"
    return why(behind)


def _surprise(phase: Phase, error: Exception) -> str:
    """Say what went wrong and where; what an error says at the log-in may hold a secret."""
    (*_, frame) = traceback.extract_tb(error.__traceback__) or [None]
    where = f" ({Path(frame.filename).name}:{frame.lineno})" if frame else ""
    said = f": {error}" if phase is not Phase.AUTH and str(error) else ""
    return f"uventet feil, {type(error).__name__}{where}{said}"


OnDataStarted: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter to one recipient, as it is handed over: `wire` goes out byte for byte."""

    letter_id: str
    sender: str
    recipient: str
    wire: bytes


class Transport(Protocol):
    """A way out. One letter at a time."""

    async def ready(self) -> None:
        """Wait until another letter may go."""

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        """Hand the letter over and say what is known of it then.

        `on_data_started` is awaited right before the point from which the other side may have the letter; when it
        raises, the letter is not handed over, and the exception goes on to the caller. Cancelled, it takes leave of the
        other side at once; whether that has the letter is then not known, once `on_data_started` was awaited.
        """

    async def close(self) -> None:
        """Take leave; the next letter begins anew."""


@dataclass(frozen=True, slots=True)
class MaildirTransport:
    """Letters into `folder`. A letter's file is named after it, so handing it over again makes no second copy."""

    folder: Path

    async def ready(self) -> None:
        """Return at once: a folder needs no pause."""

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        await on_data_started()
        return await judged(asyncio.to_thread(self._delivered, parcel), lambda: Phase.DATA)

    async def close(self) -> None:
        """Do nothing: there is nobody to take leave of."""

    def _delivered(self, parcel: Parcel) -> Verdict:
        try:
            return self._deliver(parcel)
        except OSError as error:
            return Verdict(Outcome.RELAY, Phase.DATA, None, f"Maildir «{self.folder}»: {why(error)}")

    def _deliver(self, parcel: Parcel) -> Verdict:
        for part in ("tmp", "new", "cur"):
            disk.make_folder(self.folder / part)
        name = f"arshjul.{parcel.letter_id}"
        if self._is_there(name):
            return Verdict(Outcome.ACCEPTED, Phase.DATA, None, f"{name} lå der fra før")
        written = self.folder / "tmp" / name
        with os.fdopen(disk.open_file(written), "wb") as file:
            file.write(parcel.wire.replace(b"\r\n", b"\n"))  # as mail lies on disk; on the line it has CRLF
            file.flush()
            os.fsync(file.fileno())
        written.rename(self.folder / "new" / name)
        _sync(self.folder / "new")
        return Verdict(Outcome.ACCEPTED, Phase.DATA, None, name)

    def _is_there(self, name: str) -> bool:
        """Tell whether the letter lies there, unread or moved to `cur` with flags after its name by a mail program."""
        return (self.folder / "new" / name).exists() or any((self.folder / "cur").glob(f"{name}*"))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
