"""Logging in with tokens, at a server that checks what it gets; and what is said when there is no token."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from arshjul.mail.probe import Probe, probe, roles_in
from arshjul.mail.smtp import EntraTokens, Pace, Registration, SmtpServer, SmtpTransport
from arshjul.mail.transports import Parcel, TokenError
from arshjul.mail.verdicts import Outcome, Phase, Verdict
from tests.smtp_servers import HOST, ScriptedServer, Xoauth2Server

T = TypeVar("T")
MAILBOX = "arshjul@example.no"
PARCEL = Parcel("01JD", MAILBOX, "kari@example.no", b"Subject: Frist\r\n\r\nHei\r\n")


@dataclass
class Tokens:
    """A source that has some tokens; what is kept is given again until it is to be forgotten."""

    kept: list[str]
    forgotten: int = 0
    error: TokenError | None = None
    given: list[str] = field(default_factory=list)

    async def token(self) -> SecretStr:
        if self.error:
            raise self.error
        self.given.append(self.kept[0])
        return SecretStr(self.kept[0])

    async def forget(self) -> None:
        self.forgotten += 1
        self.kept.pop(0)


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(20):
            return await work

    return asyncio.run(bounded())


def place(port: int, tokens: Tokens | EntraTokens) -> SmtpServer:
    return SmtpServer(HOST, port, start_tls=False, username=MAILBOX, tokens=tokens, local_hostname="localhost")


def delivered(server: ScriptedServer, tokens: Tokens | EntraTokens) -> Verdict:
    async def nothing() -> None:
        """Nobody is told that DATA comes."""

    async def work() -> Verdict:
        async with server.running() as port:
            way = SmtpTransport(place(port, tokens), Pace(1000))
            verdict = await way.deliver(PARCEL, nothing)
            await way.close()
            assert not [token for token in ("godt-token", "gammelt-token") if token in repr(way) + repr(verdict)]
            return verdict

    return run(work())


def test_a_good_token_opens_the_mailbox() -> None:
    server, tokens = Xoauth2Server(), Tokens(["godt-token"])
    assert delivered(server, tokens).outcome is Outcome.ACCEPTED
    assert server.responses == ["user=arshjul@example.no\x01auth=Bearer godt-token\x01\x01"]
    assert len(server.taken) == 1


def test_a_long_token_arrives_whole() -> None:
    token = "e" * 9_000
    server = Xoauth2Server(good=token)
    assert delivered(server, Tokens([token])).outcome is Outcome.ACCEPTED


def test_a_token_that_is_refused_is_asked_for_anew_once() -> None:
    server, tokens = Xoauth2Server(), Tokens(["gammelt-token", "godt-token"])
    assert delivered(server, tokens).outcome is Outcome.ACCEPTED
    assert (tokens.given, tokens.forgotten) == (["gammelt-token", "godt-token"], 1)
    assert (server.connections, len(server.taken)) == (2, 1)


def test_a_second_refusal_is_the_set_ups_fault() -> None:
    server, tokens = Xoauth2Server(), Tokens(["gammelt-token", "gammelt-token", "godt-token"])
    verdict = delivered(server, tokens)
    assert verdict == Verdict(Outcome.SETUP, Phase.AUTH, 535, "5.7.3 Authentication unsuccessful")
    assert (len(tokens.given), tokens.forgotten, server.taken) == (2, 1, [])


def test_a_passing_fault_of_the_log_in_asks_for_no_new_token() -> None:
    server, tokens = Xoauth2Server({"AUTH": "454 4.7.0 Temporary authentication failure"}), Tokens(["godt-token"])
    assert delivered(server, tokens).outcome is Outcome.RELAY
    assert (len(tokens.given), tokens.forgotten) == (1, 0)


def test_a_server_without_xoauth2_gets_no_token() -> None:
    server, tokens = ScriptedServer(extensions=("AUTH PLAIN LOGIN",)), Tokens(["godt-token"])
    verdict = delivered(server, tokens)
    assert verdict == Verdict(Outcome.SETUP, Phase.AUTH, None, "The server does not offer AUTH XOAUTH2")
    assert "AUTH" not in server.commands


@pytest.mark.parametrize(("is_setup", "outcome"), [(True, Outcome.SETUP), (False, Outcome.NOT_SENT)])
def test_without_a_token_nothing_is_sent(is_setup: bool, outcome: Outcome) -> None:
    server, tokens = Xoauth2Server(), Tokens([], error=TokenError("Microsoft svarer ikke", is_setup=is_setup))
    assert delivered(server, tokens) == Verdict(outcome, Phase.AUTH, None, "Microsoft svarer ikke")


def test_without_msal_the_admin_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    verdict = delivered(Xoauth2Server(), entra())
    assert verdict.outcome is Outcome.SETUP
    assert verdict.text == "Innlogging med XOAUTH2 krever Python-pakken «msal»: pip install 'arshjul[microsoft365]'"


def entra() -> EntraTokens:
    return EntraTokens(Registration("katalog", "app", SecretStr("hemmelig-nøkkel")))


def test_secrets_are_in_no_repr() -> None:
    shown = repr(entra()) + repr(EntraTokens(Registration("t", "c", private_key=SecretStr("-----BEGIN"))))
    assert "hemmelig" not in shown
    assert "BEGIN" not in shown


class Application:
    """What msal gives, as far as it is used here."""

    def __init__(self, answer: dict[str, object]) -> None:
        self.answer = answer
        self.scopes: list[list[str]] = []

    def acquire_token_for_client(self, scopes: list[str]) -> dict[str, object]:
        self.scopes.append(scopes)
        return self.answer


@pytest.mark.parametrize(
    ("answer", "message", "is_setup"),
    [
        (
            {"error": "invalid_client", "error_codes": [7000222], "correlation_id": "77"},
            "Microsoft gir ikke noe token: invalid_client AADSTS7000222 (correlation_id 77)",
            True,
        ),
        (
            {"error": "temporarily_unavailable", "error_description": "Try later"},
            "Microsoft gir ikke noe token: temporarily_unavailable (correlation_id ukjent)",
            False,
        ),
    ],
)
def test_a_refusal_by_microsoft_is_told_with_its_codes(answer: dict[str, object], message: str, is_setup: bool) -> None:
    tokens = entra()
    tokens._app = Application(answer)  # noqa: SLF001  (msal itself would ask Microsoft)
    with pytest.raises(TokenError) as told:
        run(tokens.token())
    assert (str(told.value), told.value.is_setup) == (message, is_setup)


def test_a_token_by_microsoft_is_for_exchange() -> None:
    tokens, application = entra(), Application({"access_token": "godt-token"})
    tokens._app = application  # noqa: SLF001  (msal itself would ask Microsoft)
    assert run(tokens.token()).get_secret_value() == "godt-token"
    assert application.scopes == [["https://outlook.office365.com/.default"]]


def test_probe_goes_as_far_as_the_recipient_and_sends_nothing() -> None:
    server = Xoauth2Server()

    async def work() -> Probe:
        async with server.running() as port:
            return await probe(place(port, Tokens(["godt-token"])), MAILBOX, "kari@example.no")

    assert run(work()) == Probe(None, ("login", "xoauth2"))
    assert server.commands == ["EHLO", "AUTH", "MAIL", "RCPT", "RSET", "QUIT"]


def test_roles_are_read_from_a_token() -> None:
    token = "e30.eyJyb2xlcyI6WyJTTVRQLlNlbmRBc0FwcCJdfQ.x"  # {"roles": ["SMTP.SendAsApp"]}
    assert roles_in(SecretStr(token)) == ("SMTP.SendAsApp",)
    assert [roles_in(SecretStr(one)) for one in ("", "a.b.c", "e30.W10.x")] == [(), (), ()]
