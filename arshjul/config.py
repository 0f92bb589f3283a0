"""config.toml → settings, every mistake with its place. Secrets come from the environment or a file, not from here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from arshjul.disk import may_be_quoted
from arshjul.letters.rules import LetterRules, SendDays
from arshjul.lint.answers import LOOPBACK
from arshjul.plan.addresses import has_password, read_address, read_hello, read_store_address
from arshjul.plan.announced import read_leads, read_leads_for
from arshjul.plan.model import Recipient
from arshjul.plan.problems import Document, Note, Problem
from arshjul.plan.shapes import complaints
from arshjul.settings import NOBODY, ConfigShape, LettersShape, MailShape, Settings, SiteShape
from arshjul.timing.cadences import turns
from arshjul.timing.days import NoEvents, Span
from arshjul.timing.phrases import read

PASSWORD = "ARSHJUL_SMTP_PASSWORD"  # noqa: S105  (the variable's name)
CLIENT_SECRET = "ARSHJUL_CLIENT_SECRET"  # noqa: S105  (the variable's name)
CERTIFICATE = "ARSHJUL_CERTIFICATE"
CRASH_AT = "ARSHJUL_CRASH_AT"
FORCE_POLLING = "WATCHFILES_FORCE_POLLING"
XOAUTH2_NEEDS = {
    "username": "Postkassen som brevene sendes fra: username = «arshjul@example.no».",
    "tenant": "Katalogens id (Directory ID) fra appregistreringen i Entra.",
    "client_id": "Appens id (Application ID) fra appregistreringen i Entra.",
    "secret_expires": "Dagen hemmeligheten eller sertifikatet går ut: secret_expires = 2027-05-31.",
}
LONGEST_SILENCE = 62
"""Days; the fellesferie and the weeks around it are shorter."""

SOME_YEARS = Span(date(2020, 1, 1), date(2040, 1, 1))
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag")


def read_settings(
    document: Document, folder: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Settings, list[Problem]]:
    """Return the settings and all problems; with a problem, the settings are not fit to run with."""
    try:
        shape = ConfigShape.model_validate(document.data)
    except ValidationError as error:
        return Settings.unread(folder), complaints(error, document, ConfigShape)
    problems: list[Problem] = []
    expires = _expiry(shape.mail, document, problems)
    sender = _address(shape.letters.sender, "from", document, problems)

    def secret(variable: str, key: str) -> SecretStr | None:
        return _secret(environment.get(variable), key, folder, document, problems)

    settings = Settings(
        folder=folder,
        site=shape.site,
        calendars=folder / shape.files.calendars,
        templates=folder / shape.files.templates,
        store_url=_store_url(shape.store.url, folder, document, problems),
        witness=folder / shape.store.witness,
        feeds=shape.feeds,
        rules=replace(_rules(shape.letters, document, problems), secret_expires=expires),
        sender=sender,
        reply_to=_address(shape.letters.reply_to, "reply_to", document, problems) if shape.letters.reply_to else sender,
        mail=shape.mail,
        maildir=folder / shape.mail.maildir,
        password=secret(PASSWORD, "password_file"),
        client_secret=secret(CLIENT_SECRET, "client_secret_file"),
        certificate=secret(CERTIFICATE, "certificate_file"),
        secret_expires=expires,
        brakes=shape.brakes,
        crash_at=environment.get(CRASH_AT, ""),
        force_polling=bool(environment.get(FORCE_POLLING)),
        notes=tuple(_exposed(shape.site, document)),
    )
    _check_serving(shape, document, problems)
    _check_login(shape.mail, document, problems)
    _check_hello(settings, document, problems)
    return settings, problems


def _rules(shape: LettersShape, document: Document, problems: list[Problem]) -> LetterRules:
    leads = read_leads(shape.leads, document, ("letters", "leads"), problems)
    weekdays = set()
    for number, name in enumerate(shape.send_days):
        if name.casefold() in WEEKDAYS:
            weekdays.add(WEEKDAYS.index(name.casefold()))
        else:
            place = document.value_place("letters", "send_days", number)
            problems.append(
                Problem(
                    place, f"«{name}» er ingen ukedag det kan sendes brev på.", f"Skriv en av {', '.join(WEEKDAYS)}."
                )
            )
    quiet = []
    for number, text in enumerate(shape.quiet_days):
        cadence = read(text)
        if cadence is None or not turns(cadence, SOME_YEARS, NoEvents()):
            place = document.value_place("letters", "quiet_days", number)
            problems.append(
                Problem(place, f"«{text}» er ingen dager i året.", "Skriv for eksempel «24. desember–1. januar».")
            )
        else:
            quiet.append(cadence)
    at = _time(shape.time, document, problems)
    send_days = SendDays(frozenset(weekdays or range(len(WEEKDAYS))), at, tuple(quiet))
    if max(send_days.longest_silence(year) for year in (SOME_YEARS.first.year, SOME_YEARS.last.year)) > LONGEST_SILENCE:
        place = document.value_place("letters", "quiet_days")
        problems.append(
            Problem(
                place,
                f"De stille dagene varer mer enn {LONGEST_SILENCE} dager i strekk.",
                "Da rekker ingen brev frem i tide.",
            )
        )
    leads_for = read_leads_for(shape.leads_for, document, ("letters", "leads_for"), problems)
    coordinator = _address(shape.coordinator, "coordinator", document, problems) if shape.coordinator else None
    return LetterRules(leads, send_days, shape.urgent_leads, coordinator, leads_for)


def _time(text: str, document: Document, problems: list[Problem]) -> time:
    """The night hours are refused: between 02:00 and 03:00 a local time may come twice, or never."""
    try:
        at = time.fromisoformat(text.replace(".", ":"))
    except ValueError:
        problems.append(
            Problem(document.value_place("letters", "time"), f"«{text}» er ikke noe klokkeslett.", "Skriv «08:00».")
        )
        return time(8)
    if at.hour == 2:  # noqa: PLR2004  (the hour that daylight saving moves)
        problems.append(Problem(document.value_place("letters", "time"), "Brev kan ikke sendes mellom kl. 02 og 03."))
    return at


def _address(text: str, key: str, document: Document, problems: list[Problem]) -> Recipient:
    try:
        return read_address(text)
    except ValueError as error:
        problems.append(Problem(document.value_place("letters", key), str(error)))
        return NOBODY


def _store_url(url: str, folder: Path, document: Document, problems: list[Problem]) -> str:
    """Return the URL with a relative SQLite path put below the folder of config.toml.

    A password is refused: config.toml is read, copied and shown by many. libpq looks for it where the hint says.
    """
    place, start = document.value_place("store", "url"), "sqlite:///"
    if has_password(url):
        hint = "Ta det ut. Sett miljøvariabelen PGPASSWORD, eller skriv det i ~/.pgpass eller filen i PGPASSFILE."
        problems.append(Problem(place, "Adressen til databasen har et passord i seg.", hint))
        return url
    path = url.removeprefix(start)
    try:
        read_store_address(url)
    except ValueError as error:
        problems.append(Problem(place, str(error)))
    else:
        if url.startswith(start) and (folder / path).is_dir():
            problems.append(Problem(place, f"Databasen må være en fil, men «{path}» er en mappe."))
    return f"{start}{folder / path}" if url.startswith(start) else url


def _secret(given: str | None, key: str, folder: Path, document: Document, problems: list[Problem]) -> SecretStr | None:
    """Return what the environment gives, or the content of the file that the key names."""
    if given:
        return SecretStr(given)
    name, place = document.at("mail", key), document.value_place("mail", key)
    if not name:
        return None
    path = folder / str(name)
    if not may_be_quoted(str(name), folder):
        message = f"Filen i {key} finnes ikke. Er det hemmeligheten selv som står her?"
        problems.append(Problem(place, message, "Skriv den i en fil for seg, og navnet på filen her."))
        return None
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            problems.append(Problem(place, f"Filen «{name}» kan leses av andre.", f"Kjør: chmod 600 {name}"))
        return SecretStr(path.read_text(encoding="utf-8").removesuffix("\n"))
    except (OSError, ValueError):
        problems.append(Problem(place, f"Filen «{name}» kan ikke leses."))
        return None


def _expiry(shape: MailShape, document: Document, problems: list[Problem]) -> date | None:
    if not shape.secret_expires:
        return None
    try:
        return date.fromisoformat(shape.secret_expires)
    except ValueError:
        place = document.value_place("mail", "secret_expires")
        problems.append(Problem(place, f"«{shape.secret_expires}» er ingen dato.", "Skriv for eksempel «2027-05-31»."))
        return None


def _exposed(site: SiteShape, document: Document) -> Iterator[Note]:
    """Tell of a front page that a web server before the service may show to all."""
    if site.index == "all" and urlsplit(site.url).hostname not in LOOPBACK:
        hint = "Sett index = «public», hvis ikke webtjeneren der krever innlogging."
        text = f"Forsiden viser alt, også det som ikke er åpent, til alle som når {site.url}."
        yield Note(document.value_place("site", "index"), text, hint)


def _check_login(shape: MailShape, document: Document, problems: list[Problem]) -> None:
    if shape.transport != "smtp":
        return
    if shape.username and not shape.start_tls and shape.host not in LOOPBACK:
        place, hint = document.value_place("mail", "start_tls"), "Sett start_tls = true."
        problems.append(Problem(place, "Innloggingen ville gått ukryptert over nettet.", hint))
    if shape.auth == "xoauth2":
        for key, hint in XOAUTH2_NEEDS.items():
            if not getattr(shape, key):
                place = document.key_place("mail", key)
                problems.append(Problem(place, f"XOAUTH2 trenger {key} i [mail].", hint))


def _check_hello(settings: Settings, document: Document, problems: list[Problem]) -> None:
    """Refuse a domain that letters come from where it would be greeted with and no server would know it."""
    if settings.mail.transport != "smtp" or settings.mail.hello:
        return
    try:
        read_hello(settings.hello)
    except ValueError as error:
        hint = "E-posttjeneren hilses med avsenderens domene. Sett ellers hello i [mail]."
        problems.append(Problem(document.value_place("letters", "from"), str(error), hint))


def _check_serving(shape: ConfigShape, document: Document, problems: list[Problem]) -> None:
    if shape.mail.transport == "smtp" and not shape.mail.host:
        problems.append(
            Problem(document.key_place("mail", "host"), "SMTP trenger en tjener: host = «smtp.example.no».")
        )
    if shape.site.index == "all" and shape.site.host not in LOOPBACK:
        hint = "Sett index = «public» når andre kan nå tjenesten."
        problems.append(Problem(document.value_place("site", "host"), "Forsiden viser alt og kan nås av andre.", hint))
