"""Where tokens for XOAUTH2 come from: Microsoft Entra, by client credentials. Logging in with them is in `smtp`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pydantic import SecretStr

SCOPE: Final = "https://outlook.office365.com/.default"
AUTHORITY: Final = "https://login.microsoftonline.com/"
TIMEOUT_S: Final = 30


class TokenError(Exception):
    """There is no token; the message is Norwegian. `is_setup`: the registration is wrong, and waiting mends nothing."""

    def __init__(self, message: str, *, is_setup: bool) -> None:
        super().__init__(message)
        self.is_setup = is_setup


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
                timeout=TIMEOUT_S,
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
