"""What `doctor` finds, refusals in a row, and what to ask whoever runs the mail: to be copied into a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from arshjul.mail.verdicts import (
    ADDRESS,
    Cause,
    Outcome,
    Phase,
    Verdict,
    is_blocked_tenant,
    is_put_off,
    is_without_leave,
)
from arshjul.printable import printable

OTHER_WORDS: Final = 3
"""So many recipients in a row make it the road's in whatever words: some servers put a new one into each answer."""

MOST_REFUSALS: Final = 1000
MARKS: Final = ".,;:!?()[]{}\"'«»<>-"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A letter that was refused for good: which, to whom, in which words (see `words_of`)."""

    letter: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """The refusals since a letter last got through.

    `is_ours` once they were found to be so. `looked_at` are the recipients of a row that a person has let go: that they
    are refused again is no news.
    """

    refusals: tuple[Refusal, ...] = ()
    is_ours: bool = False
    looked_at: frozenset[str] = field(default_factory=frozenset)

    def and_then(self, refusal: Refusal) -> Row:
        others = tuple(one for one in self.refusals if one.letter != refusal.letter)
        return replace(self, refusals=(*others, refusal)[-MOST_REFUSALS:])

    def ended(self) -> Row:
        """Return the row after a letter has got through."""
        return Row(looked_at=self.looked_at)

    def let_go(self) -> Row:
        """Return the row after a person has looked at it and let the queue go."""
        if not self.is_ours:
            return self
        addresses = {one.address for one in self.refusals}
        return Row(looked_at=self.looked_at | addresses)


def is_refusal(verdict: Verdict) -> bool:
    """Tell whether the server has refused the letter for good; what we find wrong with an address ourselves is not."""
    return verdict.outcome in (Outcome.REJECTED, Outcome.REFUSED) and verdict.code is not None


def is_deferral(verdict: Verdict) -> bool:
    """Tell whether the server has put off one letter, which may be the start of it putting off all."""
    return verdict.outcome is Outcome.TEMPORARY and is_put_off(verdict.text)


def domain_of(address: str) -> str:
    return address.casefold().rpartition("@")[2]


def of_letter(letter: str, address: str, verdict: Verdict) -> Refusal:
    return Refusal(letter, address.casefold(), words_of(verdict, address))


def ours_in(row: Row) -> tuple[Refusal, ...]:
    """Return the refusals that are of one kind with the newest and about us; none if they are the recipients'."""
    newest = row.refusals[-1]
    alike = tuple(one for one in row.refusals if one.words == newest.words)
    for refusals, enough in ((row.refusals, OTHER_WORDS), (alike, 2)):
        addresses = {one.address for one in refusals}
        if len(addresses) >= enough and not addresses <= row.looked_at:
            return refusals
    return ()


def words_of(verdict: Verdict, address: str) -> str:
    """Return a refusal's codes and words without what changes from letter to letter.

    Gone are addresses, hosts, links, numbers, names of queues and sessions, and what stands before the recipient's @.
    """
    text = ADDRESS.sub(" ", verdict.text.casefold().replace("[", " ").replace("(", " "))
    local = address.casefold().partition("@")[0]
    bare = (token.strip(MARKS) for token in text.split())
    words = [word for word in bare if word and word != local and word.replace("-", "").replace("'", "").isalpha()]
    return " ".join([str(verdict.code), verdict.enhanced, *words])


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


Key = tuple[str, str]
"""The table and key of config.toml that a finding is about."""


class Mark(StrEnum):
    """How it looks."""

    WELL = "✓"
    WRONG = "✗"
    UNSEEN = "–"


LONGEST_FINDING = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, where it is set, what to do or to ask for."""

    mark: Mark
    what: str
    key: Key | None = None
    ask: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "what", printable(self.what, LONGEST_FINDING)
        )  # answers of servers and paths are in it
        object.__setattr__(self, "ask", printable(self.ask, LONGEST_FINDING))


def well(what: str) -> Finding:
    return Finding(Mark.WELL, what)


def wrong(what: str, *key: str, ask: str = "") -> Finding:
    return Finding(Mark.WRONG, what, (key[0], key[1]) if key else None, ask)


def unseen(what: str) -> Finding:
    return Finding(Mark.UNSEEN, what)


@dataclass(frozen=True, slots=True)
class MailSetup:
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


def of_verdict(verdict: Verdict, wish: MailSetup) -> Finding:
    """Say what a failed step of the conversation with the mail server means, and what to ask for."""
    key, ask = _advice(verdict, wish)
    filled = ask.format(host=wish.host, port=wish.port, mailbox=wish.mailbox or wish.sender, sender=wish.sender)
    return wrong(f"E-posttjeneren: {STEPS[verdict.phase]} feilet: {verdict.said}", *key, ask=filled)


def _advice(verdict: Verdict, wish: MailSetup) -> tuple[Key, str]:
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


def _login_advice(verdict: Verdict, wish: MailSetup) -> tuple[Key, str]:
    if verdict.enhanced == "5.7.139":
        return ("mail", "username"), ENABLE_SMTP_AUTH
    if verdict.enhanced == "5.7.30":
        return ("mail", "auth"), NEED_XOAUTH2
    if wish.login == "xoauth2":
        return ("mail", "username"), f"{GIVE_MAILBOX} {ENABLE_SMTP_AUTH}"
    return ("mail", "username"), "Er brukernavnet {mailbox} riktig, og gjelder passordet fortsatt?"


def of_trial(verdict: Verdict, wish: MailSetup, message_id: str) -> Finding:
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
