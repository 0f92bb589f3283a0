"""What aiosmtplib's exceptions mean for a letter. What the server's replies mean is in `core.verdicts`."""

from __future__ import annotations

from typing import Final

from aiosmtplib import SMTPException, SMTPResponseException

from arshjul.core.verdicts import Outcome, Phase, Verdict, judge_reply, judge_silence

UNSAID: Final = {Phase.AUTH: Outcome.SETUP, Phase.RCPT: Outcome.REJECTED, Phase.DATA: Outcome.UNKNOWN}


def judge(phase: Phase, error: SMTPException | OSError) -> Verdict:
    """Say what a failure in a phase means; every SMTP or network error is one."""
    if isinstance(error, SMTPResponseException):
        return judge_reply(phase, error.code, error.message)
    if isinstance(error, OSError):  # lost connections and timeouts among aiosmtplib's own
        return judge_silence(phase, str(error) or type(error).__name__)
    # The server lacks something that is needed: STARTTLS, a way to log in, SMTPUTF8 for this one address.
    return Verdict(UNSAID.get(phase, Outcome.RELAY), phase, None, error.message)
