"""What `doctor` finds, and what to ask whoever runs the mail about it: Norwegian, to be copied into a message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arshjul.core.printable import printable
from arshjul.core.remedies import REMEDIES
from arshjul.core.verdicts import Outcome, Phase, Verdict, is_blocked_tenant, is_without_leave

Key = tuple[str, str]
"""The table and key of config.toml that a finding is about."""


class Mark(StrEnum):
    """How it looks."""

    WELL = "✓"
    WRONG = "✗"
    UNSEEN = "–"


LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, where it is set, what to do or to ask for."""

    mark: Mark
    what: str
    key: Key | None = None
    ask: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", printable(self.what, LONGEST))  # answers of servers and paths are in it
        object.__setattr__(self, "ask", printable(self.ask, LONGEST))


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


LOGIN_NEEDED = 530
SHOWN = 3
"""So many paths are named."""

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
ALLOW_RELAY = (
    "Får denne maskinen sende e-post gjennom {host} port {port}, fra {sender} og til hvem som helst? Den må enten "
    "logge inn (username i [mail]) eller stå på listen over maskiner som {host} sender for."
)
MAKE_CONNECTOR = (
    "Kan vi få logge inn på smtp.office365.com port 587 med en postkasse, eller kan dere lage en innkommende kobling "
    "(connector) i Exchange Online som godtar denne maskinen, etter IP-adresse eller sertifikat, og lar den sende til "
    "mottakere utenfor organisasjonen?"
)
NEED_LOGIN = (
    "{host} krever innlogging. Hvilket brukernavn og hvilken innlogging skal vi bruke, på port 587? Skriv dem i "
    "[mail]: username, og auth = «xoauth2» for Microsoft."
)
UNBLOCK_TENANT = (
    "Hvorfor har Microsoft sperret organisasjonen for å sende e-post? Koden i svaret over sier hva slags sperre det "
    "er; finn årsaken i Microsoft Defender, og be Microsofts brukerstøtte om å oppheve den."
)


def of_verdict(verdict: Verdict, wish: Wish) -> Finding:
    """Say what a failed step of the conversation with the mail server means, and what to ask for."""
    key, ask = _advice(verdict, wish)
    filled = ask.format(host=wish.host, port=wish.port, mailbox=wish.mailbox or wish.sender, sender=wish.sender)
    return wrong(f"E-posttjeneren: {STEPS[verdict.phase]} feilet: {verdict.said}", *key, ask=filled)


def _advice(verdict: Verdict, wish: Wish) -> tuple[Key, str]:
    if verdict.cause and verdict.code != LOGIN_NEEDED and not is_blocked_tenant(verdict.text):
        remedy = REMEDIES[verdict.cause]
        return remedy.key, remedy.ask
    match verdict.phase:
        case Phase.CONNECT:
            ask = "Er {host} port {port} riktig for å sende e-post fra denne maskinen, og er brannmuren åpen for den?"
            return ("mail", "host"), ask
        case Phase.TLS:
            ask = "Støtter {host} port {port} STARTTLS, med et sertifikat som er gyldig for navnet?"
            return ("mail", "start_tls"), ask
        case Phase.AUTH:
            return _login_advice(verdict, wish)
        case Phase.MAIL | Phase.RCPT if verdict.outcome is Outcome.SETUP:
            return _leave_advice(verdict)
        case _:
            return ("letters", "from"), "Hvorfor avviser {host} brev fra {sender}? Svaret står over."


def _leave_advice(verdict: Verdict) -> tuple[Key, str]:
    """Advise on a server that knows what we want, and will not do it for us."""
    if is_blocked_tenant(verdict.text):
        return ("mail", "host"), UNBLOCK_TENANT
    if verdict.code == LOGIN_NEEDED or verdict.enhanced == "5.7.57":
        return ("mail", "username"), NEED_LOGIN
    if verdict.enhanced in ("5.7.54", "5.7.64"):
        return ("mail", "host"), MAKE_CONNECTOR
    if is_without_leave(verdict.text):
        return ("mail", "host"), ALLOW_RELAY
    return ("letters", "from"), GIVE_SEND_AS


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
    is_accepted = verdict.outcome is Outcome.ACCEPTED
    if not wish.host:
        put = f"Ett prøvebrev til {wish.recipient} er lagt i mappen som «{verdict.said}», med Message-ID {message_id}."
        return well(put) if is_accepted else wrong(f"Prøvebrevet er ikke skrevet: {verdict.said}.", "mail", "maildir")
    search = f"Se i innboksen og i søppelposten til {wish.recipient} etter Message-ID {message_id}."
    if is_accepted:
        what = f"Ett prøvebrev er sendt til {wish.recipient}. {wish.host}:{wish.port} svarte: {verdict.said}"
        return Finding(Mark.WELL, what, None, search)
    if verdict.outcome is Outcome.UNKNOWN:
        return wrong(f"Det er usikkert om prøvebrevet er sendt: {verdict.said}", "mail", "host", ask=search)
    if verdict.phase in STEPS:
        return of_verdict(verdict, wish)
    ask = f"Hvorfor avviser {wish.host} brevet? Svaret står over."
    return wrong(f"E-posttjeneren tok ikke imot prøvebrevet: {verdict.said}", "mail", "host", ask=ask)


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


def of_modes(wide: Sequence[str], roots: Sequence[str]) -> Finding:
    """Judge what others on the machine may read, by its paths; `roots` are where it lies, as a shell takes them."""
    if not wide:
        return well("Ingen andre på maskinen kan lese det programmet husker.")
    named = ", ".join(f"«{path}»" for path in wide[:SHOWN])
    more = f" og {len(wide) - SHOWN} til" if len(wide) > SHOWN else ""
    ask = f"Kjør: chmod -R go-rwx {' '.join(roots)}"
    return wrong(f"Andre på maskinen kan lese {named}{more}. Der står navn, adresser og brev.", ask=ask)


def of_keeper(answer: str) -> Finding:
    """Judge what systemd says of the clock being kept by NTP."""
    if answer == "yes":
        return well("Klokken holdes riktig med NTP.")
    if answer == "no":
        ask = "Kan maskinen hente tiden fra nettet? (sudo timedatectl set-ntp true)"
        return wrong("Klokken holdes ikke riktig med NTP, så brev kan gå på feil tid.", ask=ask)
    return unseen("Om klokken holdes riktig med NTP, er ikke undersøkt: timedatectl sier ikke ja eller nei.")
