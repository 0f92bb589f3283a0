"""What exceptions mean for a letter: aiosmtplib's and any other. What replies mean is in `core.verdicts`."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from ssl import SSLCertVerificationError, SSLError
from typing import Final, TypeVar

from aiosmtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected

from arshjul.core.system_errors import why
from arshjul.core.verdicts import Outcome, Phase, Verdict, judge_reply, judge_silence
from arshjul.mail.oauth import TokenError

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
