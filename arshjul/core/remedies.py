"""What a refusal of ours is in Norwegian, where it is set, and what to ask whom: for a hold, and for `doctor`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from arshjul.core.refusals import Cause
from arshjul.core.verdicts import Verdict, is_blocked_tenant, is_without_leave


@dataclass(frozen=True, slots=True)
class Remedy:
    """A clause that says what is wrong, the table and key of config.toml that it may be set by, and what to ask for."""

    what: str
    key: tuple[str, str]
    ask: str


REMEDIES: Final = {
    Cause.HELLO: Remedy(
        "E-posttjeneren godtar ikke navnet vi hilser med",
        ("mail", "hello"),
        "Spør den som drifter e-posttjeneren, hvilket navn denne maskinen skal hilse med (EHLO). Det skal finnes i "
        "DNS. Skriv det som hello i [mail].",
    ),
    Cause.LOGIN: Remedy(
        "E-posttjeneren krever innlogging",
        ("mail", "username"),
        "Spør den som drifter e-posttjeneren, hvilket brukernavn vi skal logge inn med, og på hvilken port. "
        "Skriv dem som username og port i [mail].",
    ),
    Cause.PROOF: Remedy(
        "Brevene kan ikke bevises å være fra oss (SPF, DKIM, DMARC)",
        ("letters", "from"),
        "Spør den som drifter e-posttjeneren og domenet vi sender fra, om tjeneren står i domenets SPF, om den "
        "signerer brevene med DKIM, og hva DMARC sier.",
    ),
    Cause.DOMAIN: Remedy(
        "E-posttjeneren godtar ikke avsenderen eller domenet vi sender fra",
        ("letters", "from"),
        "Spør den som drifter e-posttjeneren, hvilken adresse vi får sende fra, og om domenet finnes i DNS og tar imot "
        "e-post. Skriv adressen som from i [letters].",
    ),
    Cause.BLOCKED: Remedy(
        "Maskinen vi sender fra, er sperret",
        ("mail", "host"),
        "Spør den som drifter e-posttjeneren, om IP-adressen vi sender fra, kan tas av sperrelisten som svaret nevner, "
        "eller om brevene kan gå gjennom en annen tjener. Skriv den som host i [mail].",
    ),
    Cause.NAME: Remedy(
        "E-posttjeneren vil ikke ta imot fra maskinen vi sender fra",
        ("mail", "host"),
        "Spør den som drifter e-posttjeneren, om denne maskinen får sende gjennom den, og om IP-adressen har et navn i "
        "DNS som peker tilbake på den (PTR).",
    ),
}
NO_LEAVE: Final = (
    "E-posttjeneren sender ikke brev videre for oss",
    "Spør den som drifter e-posttjeneren, om denne maskinen får sende gjennom den, eller om vi skal logge inn.",
)
BLOCKED_TENANT: Final = (
    "Microsoft har sperret organisasjonen for å sende e-post",
    "Spør den som drifter Microsoft 365 hos dere, hvorfor. Det står i Microsoft Defender.",
)
OTHERWISE: Final = "E-posttjeneren godtar ikke innloggingen, avsenderen eller maskinen"
DOCTOR: Final = "Kjør «arshjul doctor»."


def hold_reason(fault: Verdict) -> str:
    """Say why the queue stands: what is refused, what the server said, what to ask whom."""
    what, ask = OTHERWISE, ""
    if is_blocked_tenant(fault.text):
        what, ask = BLOCKED_TENANT
    elif fault.cause is not None:
        what, ask = REMEDIES[fault.cause].what, REMEDIES[fault.cause].ask
    elif is_without_leave(fault.text):
        what, ask = NO_LEAVE
    return " ".join(part for part in (f"{what}: {fault.said.rstrip('.')}.", ask, DOCTOR) if part)


def in_a_row_reason(fault: Verdict, letters: int) -> str:
    """Say why the queue stands when several recipients were refused and nobody's letter got through."""
    return (
        f"E-posttjeneren avviste {letters} brev på rad til forskjellige mottakere og tok ikke imot noe imellom, så "
        f"det gjelder trolig oss og ikke dem. Brevene venter. Den svarte: {fault.said.rstrip('.')}. "
        f"Spør den som drifter e-posttjeneren, hvorfor den avviser brevene våre. {DOCTOR} Er det likevel adressene "
        "som er feil, så rett dem og slipp utsendingen løs: blir bare de samme avvist igjen, går resten."
    )
