"""The command `doctor`: is all ready for letters to go out? Nothing is sent, but the letter that is asked for."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import Final
from urllib.parse import urlsplit

from arshjul import disk
from arshjul.cli.commands import Need, with_files
from arshjul.cli.fetch import FetchError, ask, silence
from arshjul.cli.work import faults_of_letters, faults_of_service
from arshjul.feeds.ics import etag
from arshjul.health import AGAIN, READY, Area, Fault, faults_of_files, faults_of_secret
from arshjul.letters.brakes import ClockSample, brake_ahead_in_words
from arshjul.letters.reminders import horizon, preview
from arshjul.letters.render import TemplateProblemError
from arshjul.lint.answers import LOOPBACK, REDIRECTIONS, Answer, Answers, lint_answers
from arshjul.loading import CONFIG
from arshjul.mail import checkup
from arshjul.mail.checkup import Finding, MailSetup, Mark, unseen, well, wrong
from arshjul.mail.probe import Dns, NoNamesError, Resolver, probe, roles_in, send_trial
from arshjul.mail.transports import TokenError
from arshjul.organisation import Organisation
from arshjul.plan.addresses import read_address
from arshjul.plan.files import read_source
from arshjul.plan.model import Recipient
from arshjul.plan.problems import Document
from arshjul.printable import why
from arshjul.rounds import holds
from arshjul.rounds.planning import brake_ahead, unreached_now
from arshjul.rounds.publish import public_specs
from arshjul.rounds.write import head_of, writer_of
from arshjul.service.clock import NoKeeperError, ask_keeper, read_clocks
from arshjul.service.parts import relay_of, server_of, store_of, tokens_of, transport_of
from arshjul.store import facts, upkeep
from arshjul.store.engine import Store, StoreError
from arshjul.timing.days import Span, local_day
from arshjul.words import instant_in_words, list_in_words
from arshjul.year.expand import expand

KEY: Final = ("site", "url")
LOADING: Final = b"leser inn\n"
"""What /readyz says before there is anything to serve."""

NO_BACKEND: Final = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


def of_address(url: str) -> Finding | None:
    """Judge the address by itself, before anybody is asked; None when there is nothing to say."""
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return unseen(f"{url} er bare for denne maskinen: ingen andre kan abonnere, og brevene er uten lenke.")
    if parts.scheme != "https":
        ask = "Kan vi få et sertifikat på nettjeneren? Skriv så url med https."
        return wrong(f"{url} er uten kryptering (https), så brevene er uten lenke.", *KEY, ask=ask)
    return None


def of_silence(url: str, reason: str, *, is_refused: bool) -> Finding:
    """Judge that nothing came back, and why: Norwegian, the end of a sentence."""
    if is_refused and urlsplit(url).hostname in LOOPBACK:
        return unseen("Tjenesten kjører ikke nå. Start den med «arshjul serve».")
    ask = f"Viser en nettleser på en annen maskin «klar» på {url}/readyz? Er navnet og brannmuren i orden?"
    return wrong(f"{url} svarer ikke: {reason}.", *KEY, ask=ask)


def of_ready(url: str, answer: Answer, place: str) -> Finding:
    """Judge the answer of /readyz. `place` is where the service itself listens: host and port."""
    there, status = url, answer.status
    if status in REDIRECTIONS:
        ask = f"Kan nettjeneren svare på {there} selv, uten å vise videre? Ellers: sett url til den endelige adressen."
        return wrong(f"{there} viser videre til en annen adresse ({status}).", *KEY, ask=ask)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and answer.body == LOADING:
        ask = "Vent litt og prøv igjen. Hjelper det ikke, så les det tjenesten skriver der den er startet."
        return wrong(f"{there} svarer, men kalenderne er ikke lest inn ennå.", *KEY, ask=ask)
    if status in NO_BACKEND:
        ask = f"Kjører «arshjul serve», og sender nettjeneren videre til {place}?"
        return wrong(f"Nettjeneren på {there} får ikke tak i årshjulet ({status}).", *KEY, ask=ask)
    if status != HTTPStatus.OK or not answer.body.startswith(READY.encode()):
        ask = f"Går alt under {there} til {place}? Oppsett for nettjeneren ligger i docs/webserver."
        return wrong(f"Det er noe annet enn årshjulet som svarer på {there} ({status}).", *KEY, ask=ask)
    if "no-store" not in answer.headers.get("cache-control", ""):
        ask = "Kan nettjeneren la Cache-Control stå slik årshjulet skriver det, og ikke mellomlagre svarene?"
        return wrong(f"Svaret fra {there} har mistet «Cache-Control: no-store».", *KEY, ask=ask)
    return well(f"{there} svarer, og svaret mellomlagres ikke.")


def of_feed(url: str, answer: Answer) -> Finding:
    """Judge the answer of a public feed: it is to come as it left us."""
    name = url.rpartition("/")[2]
    said = [one.message for one in lint_answers(Answers((), answer))]
    tag = answer.headers.get("etag", "")
    if answer.status == HTTPStatus.OK and tag.startswith('"') and tag != etag(answer.body):
        said.append("Innholdet er ikke det som ETag gjelder for.")
    if said:
        ask = f"Kan nettjeneren la abonnementene være som de er? Mer sier: arshjul lint {url}"
        return wrong(f"Abonnementet {name} kommer ikke uendret frem. {' '.join(said)}", *KEY, ask=ask)
    return well(f"Abonnementet {name} kommer uendret frem.")


PATIENCE = 10.0
"""Seconds for each answer: calendar programs have no more."""


def look(organisation: Organisation) -> Iterator[Finding]:
    """Yield what is found of the address and, where the service answers there, of the first public feed."""
    site = organisation.settings.site
    url = site.url
    found = of_address(url)
    if found is not None:
        yield found
        if found.mark is Mark.WRONG:
            return
    try:
        ready = of_ready(url, ask("GET", f"{url}/readyz", seconds=PATIENCE), f"{site.host}:{site.port}")
        yield ready
        spec = next(iter(public_specs(organisation)), None)
        if ready.mark is Mark.WELL and spec is not None:
            feed = f"{url}/f/{spec.slug}.ics"
            yield of_feed(feed, ask("GET", feed, seconds=PATIENCE))
    except (OSError, FetchError) as error:
        yield of_silence(url, _why(error), is_refused=isinstance(error, ConnectionRefusedError))


def _why(error: OSError | FetchError) -> str:
    """Return the reason as the end of a Norwegian sentence."""
    if isinstance(error, FetchError):
        return str(error)
    return f"hele svaret kom ikke innen {PATIENCE:g} sekunder" if isinstance(error, TimeoutError) else silence(error)


AHEAD = timedelta(days=365)
SAMPLES = 20


@partial(with_files, need=Need.NONE)
def doctor(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Look at everything that letters need, and say of each failure where it is set and whom to ask what."""
    document = read_source(organisation.settings.folder / CONFIG, CONFIG).document
    try:
        letter_to = read_address(arguments.letter) if arguments.letter is not None else None
    except ValueError as error:
        print(f"Prøvebrevet er ikke sendt, og ingenting er undersøkt. {error}", file=sys.stderr)
        return 2
    return examine(organisation, document, arguments.to or "", Dns(), letter_to, now=arguments.now)


def examine(
    organisation: Organisation,
    document: Document,
    to: str,
    resolver: Resolver,
    letter_to: Recipient | None = None,
    *,
    now: Callable[[], datetime],
) -> int:
    """Print what is found; 1 if anything is wrong. With `letter_to` a letter is sent on trial."""
    count = 0
    for finding in findings(organisation, to, resolver, letter_to, now):
        print("\n".join(_lines(finding, document)))
        count += finding.mark is Mark.WRONG
    print(f"\n{count} ting må rettes." if count else "\nAlt er klart.")
    return int(bool(count))


def findings(
    organisation: Organisation, to: str, resolver: Resolver, letter_to: Recipient | None, now: Callable[[], datetime]
) -> Iterator[Finding]:
    """Yield what is found, from the files to the mail server and the public address."""
    yield from map(_finding, faults_of_files(len(organisation.problems)))
    if not organisation.problems:
        yield well("config.toml og kalenderne er i orden.")
    yield _templates(organisation, now())
    yield from _store(organisation, now)
    yield _modes(organisation)
    yield _clock()
    yield from _secret(organisation, local_day(now()))
    yield from _service(organisation)
    yield from _mail(organisation, to or (letter_to.address if letter_to else ""))
    yield from _names(organisation, resolver)
    yield from look(organisation)
    if letter_to is not None:
        yield _letter(organisation, letter_to, now())


def _lines(finding: Finding, document: Document) -> Iterator[str]:
    yield f"{finding.mark} {finding.what}"
    if finding.key:
        yield f"    {document.key_place(*finding.key)} ({finding.key[1]} i [{finding.key[0]}])"
    if finding.ask:
        yield f"    Spør eller gjør: {finding.ask}"


def _templates(organisation: Organisation, now: datetime) -> Finding:
    first = local_day(now)
    letters = preview(
        organisation.catalogue,
        expand(organisation.catalogue, horizon(now)),
        Span(first, first + AHEAD),
        organisation.settings.rules,
    )
    try:
        writer = writer_of(organisation)
        drafts = [writer.templates.render(one, writer.head, writer.calendars) for one in letters[:SAMPLES]]
        if writer.trouble:
            return wrong(writer.trouble, "files", "templates")
    except TemplateProblemError as error:
        return wrong(str(error), "files", "templates", ask="Rett malen, eller hent frem den som fulgte med.")
    return well(f"Malene virker: {len(drafts)} brev er skrevet på prøve.")


def _store(organisation: Organisation, now: Callable[[], datetime]) -> Iterator[Finding]:
    try:
        with contextlib.closing(store_of(organisation.settings)) as store:
            yield from upkeep.look(store)
            yield from _queue(organisation, store, read_clocks(now))
            yield from _unreached(organisation, store, now())
            if hold := brake_ahead(organisation, store, now()):
                what, ask = brake_ahead_in_words(hold)
                yield wrong(what, ask=ask)
    except StoreError as error:
        yield wrong(str(error), "store", "url")


def _modes(organisation: Organisation) -> Finding:
    """Tell what others on the machine may read of what is remembered here: database, small files, copies, letters."""
    settings = organisation.settings
    database = settings.store_url.removeprefix("sqlite:///")
    beside = Path(database)
    files = sorted(beside.parent.glob(f"{beside.name}*")) if database != settings.store_url else []
    letters = [settings.maildir] if settings.mail.transport == "maildir" else []
    roots = [settings.state]
    roots += [path for path in (*files, *letters) if not path.is_relative_to(settings.state)]
    try:
        found = {root: [str(path) for path in disk.wide(root)] for root in roots}
    except OSError as error:
        return unseen(f"Om andre kan lese det programmet husker, er ikke undersøkt: {why(error)}.")
    return checkup.of_modes([*chain(*found.values())], [quote(str(root)) for root, wide in found.items() if wide])


def _queue(organisation: Organisation, store: Store, reading: ClockSample) -> Iterator[Finding]:
    """Tell whether letters may go; the clocks are judged with it."""
    now = reading.wall
    hold, pause = holds.look(store, now, reading, relay_of(organisation.settings)), facts.pause(store)
    yield from map(_finding, faults_of_letters(store, now))
    if hold is not None:
        yield unseen(f"Utsendingen står siden {instant_in_words(hold.since)}: {hold.reason}")
    elif pause is not None and pause.is_on(now):
        yield unseen(f"Utsendingen hviler til {instant_in_words(pause.until)}: {pause.reason}")
    else:
        yield well(f"Utsendingen går. Klokken er {instant_in_words(now)}.")


def _clock() -> Finding:
    try:
        return checkup.of_keeper(ask_keeper())
    except NoKeeperError as error:
        return unseen(f"Om klokken holdes riktig med NTP, er ikke undersøkt: {error}.")


def _unreached(organisation: Organisation, store: Store, now: datetime) -> Iterator[Finding]:
    """Yield what nobody is told of any more: all its recipients have said no to letters."""
    for one in unreached_now(organisation, store, now):
        ask = f"Skriv inn en annen mottaker for {list_in_words(one.responsible)} i kalenderfilen."
        yield wrong(f"Ingen får brev om «{one.title}» ({one.key}): alle mottakerne har sagt nei til brev.", ask=ask)


def _finding(fault: Fault) -> Finding:
    """Return a fault as a finding, in its own words."""
    key = ("mail", "secret_expires") if fault.area is Area.SECRETS else ()
    return wrong(fault.words, *key, ask=fault.ask)


def _secret(organisation: Organisation, today: date) -> Iterator[Finding]:
    expires = organisation.settings.secret_expires
    near = [_finding(fault) for fault in faults_of_secret(expires, today)]
    yield from near
    if expires is not None and not near:
        yield well("Hemmeligheten for innlogging gjelder i mer enn 60 dager.")


def _service(organisation: Organisation) -> Iterator[Finding]:
    """Tell what the service that runs here says of itself: which of its loops stand still is known to nobody else."""
    faults = faults_of_service(organisation.settings)
    if faults is None and urlsplit(organisation.settings.site.url).hostname not in LOOPBACK:  # else `reach` says so
        yield unseen("Tjenesten svarer ikke på denne maskinen. Starter dere den med «arshjul serve», så se i loggen.")
    elif faults == []:
        yield well("Tjenesten går, og melder ingen feil.")
    for fault in faults or ():
        yield wrong(f"Tjenesten melder: {fault.words}", ask=AGAIN)


def _mail(organisation: Organisation, to: str) -> Iterator[Finding]:
    settings = organisation.settings
    if settings.mail.transport == "maildir":
        yield well(f"Brevene legges i {settings.maildir}. Ingenting sendes ut.")
        return
    if settings.mail.username and not _has_secret(organisation):
        yield _missing_secret(organisation)
        return
    if settings.mail.auth == "xoauth2":
        yield asyncio.run(_token(organisation))
    yield from _conversation(organisation, to)
    yield unseen(f"Meldinger om brev som ikke kom frem, går til {settings.sender.address}. Les den postkassen.")


def _has_secret(organisation: Organisation) -> bool:
    settings = organisation.settings
    if settings.mail.auth == "xoauth2":
        return settings.client_secret is not None or settings.certificate is not None
    return settings.password is not None


def _missing_secret(organisation: Organisation) -> Finding:
    if organisation.settings.mail.auth == "xoauth2":
        ask = "Sett ARSHJUL_CLIENT_SECRET eller client_secret_file, eller ARSHJUL_CERTIFICATE eller certificate_file."
        return wrong("Hemmeligheten til appregistreringen mangler.", "mail", "client_secret_file", ask=ask)
    ask = "Sett miljøvariabelen ARSHJUL_SMTP_PASSWORD eller password_file."
    return wrong("Passordet til e-posttjeneren mangler.", "mail", "password_file", ask=ask)


async def _token(organisation: Organisation) -> Finding:
    try:
        token = await tokens_of(organisation.settings).token()
    except TokenError as error:
        ask = "Er tenant, client_id og hemmeligheten fra samme appregistrering, og er den ikke utløpt?"
        return wrong(str(error), "mail", "client_id", ask=ask)
    return checkup.of_roles(roles_in(token))


def _conversation(organisation: Organisation, to: str) -> Iterator[Finding]:
    settings = organisation.settings
    mail, sender = settings.mail, settings.sender.address
    recipient = to or sender
    found = asyncio.run(probe(server_of(settings), sender, recipient))
    if found.failed is not None:
        yield checkup.of_verdict(found.failed, _wish(organisation, recipient))
    else:
        yield well(f"{mail.host}:{mail.port} tar imot brev fra {sender} til {recipient}. Ingen brev er sendt.")
    if found.is_encrypted:
        yield well("Forbindelsen er kryptert, og sertifikatet er gyldig.")
    if found.login_methods:
        yield well(f"E-posttjeneren tilbyr innlogging med {', '.join(found.login_methods)}.")


def _wish(organisation: Organisation, recipient: str) -> MailSetup:
    mail, sender = organisation.settings.mail, organisation.settings.sender.address
    host = mail.host if mail.transport == "smtp" else ""
    return MailSetup(host, mail.port, mail.username, sender, recipient, mail.auth if mail.username else "")


def _letter(organisation: Organisation, to: Recipient, now: datetime) -> Finding:
    """Send a letter on trial, whatever else was found: a person has asked for it."""
    settings = organisation.settings
    if settings.mail.transport == "smtp" and settings.mail.username and not _has_secret(organisation):
        return unseen("Prøvebrevet er ikke sendt: uten innlogging går det ikke.")
    sent = asyncio.run(send_trial(transport_of(settings), to, head_of(organisation), now))
    return checkup.of_trial(sent.verdict, _wish(organisation, to.address), sent.message_id)


def _names(organisation: Organisation, resolver: Resolver) -> Iterator[Finding]:
    if organisation.settings.mail.transport == "maildir":
        return
    domain = organisation.settings.sender.address.rpartition("@")[2]
    try:
        yield from checkup.of_names(domain, resolver.names(domain))
    except NoNamesError as error:
        yield unseen(f"DNS for {domain} er ikke undersøkt: {error}.")
