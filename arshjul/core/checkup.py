"""What `doctor` finds, and what to ask whoever runs the mail about it: Norwegian, to be copied into a message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arshjul.core.verdicts import Outcome, Phase, Verdict

Key = tuple[str, str]
"""The table and key of config.toml that a finding is about."""


class Mark(StrEnum):
    """How it looks."""

    WELL = "✓"
    WRONG = "✗"
    UNSEEN = "–"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, where it is set, what to do or to ask for."""

    mark: Mark
    what: str
    key: Key | None = None
    ask: str = ""


def well(what: str) -> Finding:
    return Finding(Mark.WELL, what)


def wrong(what: str, *key: str, ask: str = "") -> Finding:
    return Finding(Mark.WRONG, what, (key[0], key[1]) if key else None, ask)


def unseen(what: str) -> Finding:
    return Finding(Mark.UNSEEN, what)


@dataclass(frozen=True, slots=True)
class Wish:
    """How the letters are to go out; `host` is "" for a Maildir, `login` is "password", "xoauth2" or "" for none."""

    host: str
    port: int
    mailbox: str
    sender: str
    recipient: str
    login: str


STEPS = {
    Phase.CONNECT: "kontakt",
    Phase.TLS: "kryptering (STARTTLS)",
    Phase.AUTH: "innlogging",
    Phase.MAIL: "avsenderen",
    Phase.RCPT: "mottakeren",
}
ENABLE_SMTP_AUTH = (
    "Kan dere slå på SMTP AUTH for postkassen {mailbox}? "
    "(Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false)"
)
NEED_XOAUTH2 = (
    "Passordinnlogging er slått av hos Microsoft. Kan vi få en appregistrering i Entra med tillatelsen «Office 365 "
    "Exchange Online: SMTP.SendAsApp» og administratorsamtykke, og en hemmelighet eller et sertifikat til den? Sett så "
    "auth = «xoauth2»."
)
GIVE_MAILBOX = (
    "Har appen tilgang til postkassen {mailbox}? (New-ServicePrincipal med objekt-ID-en fra Enterprise applications, "
    "ikke fra App registrations; så Add-MailboxPermission -Identity {mailbox} -User <ID> -AccessRights FullAccess)"
)
GIVE_SEND_AS = (
    "Får {mailbox} sende som {sender}? (Add-RecipientPermission {sender} -Trustee {mailbox} -AccessRights SendAs)"
)


def of_verdict(verdict: Verdict, wish: Wish) -> Finding:
    """Say what a failed step of the conversation with the mail server means, and what to ask for."""
    key, ask = _advice(verdict, wish)
    said = f"{verdict.code} {verdict.text}" if verdict.code and verdict.code > 0 else verdict.text
    filled = ask.format(host=wish.host, port=wish.port, mailbox=wish.mailbox or wish.sender, sender=wish.sender)
    return wrong(f"E-posttjeneren: {STEPS[verdict.phase]} feilet: {said}", *key, ask=filled)


def _advice(verdict: Verdict, wish: Wish) -> tuple[Key, str]:
    match verdict.phase:
        case Phase.CONNECT:
            ask = "Er {host} port {port} riktig for å sende e-post fra denne maskinen, og er brannmuren åpen for den?"
            return ("mail", "host"), ask
        case Phase.TLS:
            ask = "Støtter {host} port {port} STARTTLS, med et sertifikat som er gyldig for navnet?"
            return ("mail", "start_tls"), ask
        case Phase.AUTH:
            return _login_advice(verdict, wish)
        case Phase.MAIL if verdict.outcome is Outcome.SETUP:
            return ("letters", "from"), GIVE_SEND_AS
        case _:
            return ("letters", "from"), "Hvorfor avviser {host} brev fra {sender}? Svaret står over."


def _login_advice(verdict: Verdict, wish: Wish) -> tuple[Key, str]:
    if verdict.enhanced == "5.7.139":
        return ("mail", "username"), ENABLE_SMTP_AUTH
    if verdict.enhanced == "5.7.30":
        return ("mail", "auth"), NEED_XOAUTH2
    if wish.login == "xoauth2":
        return ("mail", "username"), f"{GIVE_MAILBOX} {ENABLE_SMTP_AUTH}"
    return ("mail", "username"), "Er brukernavnet {mailbox} riktig, og gjelder passordet fortsatt?"


def of_letter(verdict: Verdict, wish: Wish, message_id: str) -> Finding:
    """Say what has become of a letter sent on trial, and what to look for at the other end."""
    said = f"{verdict.code} {verdict.text}" if verdict.code and verdict.code > 0 else verdict.text
    is_accepted = verdict.outcome is Outcome.ACCEPTED
    if not wish.host:
        put = f"Ett prøvebrev til {wish.recipient} er lagt i mappen som «{said}», med Message-ID {message_id}."
        return well(put) if is_accepted else wrong(f"Prøvebrevet er ikke skrevet: {said}.", "mail", "maildir")
    search = f"Se i innboksen og i søppelposten til {wish.recipient} etter Message-ID {message_id}."
    if is_accepted:
        what = f"Ett prøvebrev er sendt til {wish.recipient}. {wish.host}:{wish.port} svarte: {said}"
        return Finding(Mark.WELL, what, None, search)
    if verdict.outcome is Outcome.UNKNOWN:
        return wrong(f"Det er usikkert om prøvebrevet er sendt: {said}", "mail", "host", ask=search)
    if verdict.phase in STEPS:
        return of_verdict(verdict, wish)
    ask = f"Hvorfor avviser {wish.host} brevet? Svaret står over."
    return wrong(f"E-posttjeneren tok ikke imot prøvebrevet: {said}", "mail", "host", ask=ask)


def of_roles(roles: Sequence[str]) -> Finding:
    """Judge what a token allows."""
    if "SMTP.SendAsApp" in roles:
        return well("Microsoft gir et token som kan sende e-post (SMTP.SendAsApp).")
    ask = "Kan appen få tillatelsen «Office 365 Exchange Online: SMTP.SendAsApp», med administratorsamtykke?"
    return wrong("Tokenet fra Microsoft mangler rollen SMTP.SendAsApp.", "mail", "client_id", ask=ask)


@dataclass(frozen=True, slots=True)
class Names:
    """What DNS says of a domain: its TXT records, those of _dmarc, and its mail servers."""

    txt: tuple[str, ...]
    dmarc: tuple[str, ...]
    mx: tuple[str, ...]


def of_names(domain: str, names: Names) -> Iterator[Finding]:
    """Judge the domain that letters come from."""
    key = ("letters", "from")
    spf = next((record for record in names.txt if record.lower().startswith("v=spf1")), "")
    if spf.split() == ["v=spf1", "-all"]:
        ask = f"Hvilket domene sender dere e-post fra? {domain} sier at det aldri sender e-post (SPF «-all»)."
        what = f"DNS: {domain} sender ikke e-post. Kommunens eget domene er oftest <navn>.kommune.no."
        yield wrong(what, *key, ask=ask)
    elif not spf:
        yield wrong(f"DNS: {domain} har ingen SPF.", *key, ask=f"Kan dere legge inn SPF for {domain}?")
    else:
        yield well(f"DNS: {domain} har SPF.")
    if not any(record.lower().startswith("v=dmarc1") for record in names.dmarc):
        yield wrong(f"DNS: {domain} har ingen DMARC.", *key, ask=f"Kan dere legge inn DMARC for {domain}?")
    else:
        yield well(f"DNS: {domain} har DMARC.")
    if not names.mx:
        ask = f"Hvor havner e-post til {domain}? Meldinger om brev som ikke kom frem, går dit."
        yield wrong(f"DNS: {domain} tar ikke imot e-post.", *key, ask=ask)
    else:
        yield well(f"DNS: {domain} tar imot e-post.")


def of_keeper(answer: str) -> Finding:
    """Judge what systemd says of the clock being kept by NTP."""
    if answer == "yes":
        return well("Klokken holdes riktig med NTP.")
    if answer == "no":
        ask = "Kan maskinen hente tiden fra nettet? (sudo timedatectl set-ntp true)"
        return wrong("Klokken holdes ikke riktig med NTP, så brev kan gå på feil tid.", ask=ask)
    return unseen("Om klokken holdes riktig med NTP, er ikke undersøkt: timedatectl sier ikke ja eller nei.")
