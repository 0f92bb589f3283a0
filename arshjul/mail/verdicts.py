"""What aiosmtplib's exceptions mean for a letter. What the server's replies mean is in `core.verdicts`."""

from __future__ import annotations

from ssl import SSLCertVerificationError, SSLError
from typing import Final

from aiosmtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected

from arshjul.core.system_errors import why
from arshjul.core.verdicts import Outcome, Phase, Verdict, judge_reply, judge_silence

UNSAID: Final = {Phase.AUTH: Outcome.SETUP, Phase.RCPT: Outcome.REJECTED, Phase.DATA: Outcome.UNKNOWN}


def judge(phase: Phase, error: SMTPException | OSError) -> Verdict:
    """Say what a failure in a phase means; every SMTP or network error is one."""
    if isinstance(error, SMTPResponseException):
        return judge_reply(phase, error.code, error.message)
    if isinstance(error, OSError):  # lost connections and timeouts among aiosmtplib's own
        return judge_silence(phase, _reason(error))
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
