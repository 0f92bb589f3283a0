"""The command line in Norwegian: commands, options, help. What the commands do is in the modules named in MODULES."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from arshjul import SCHEMA, __version__
from arshjul.mail.verdicts import WORDS, State
from arshjul.timing.days import FIRST_YEAR, LAST_YEAR, OSLO, Clock, Span, is_year, read_clock

_CHECK, _LOOK = "arshjul.cli.check", "arshjul.cli.look"
_DONE, _FEEDS = "arshjul.cli.done", "arshjul.cli.feeds"
MODULES = {
    "check": _CHECK,
    "read": "arshjul.cli.check",
    "agenda": _LOOK,
    "explain": _LOOK,
    "done": _DONE,
    "undo": _DONE,
    "preview": "arshjul.cli.preview",
    "feed": _FEEDS,
    "publish": _FEEDS,
    "accept": _FEEDS,
    "lint": "arshjul.cli.lint",
    "confirm": "arshjul.cli.confirm",
    "send": "arshjul.cli.send",
    "serve": "arshjul.cli.serve",
    "token": _FEEDS,
    "outbox": "arshjul.cli.outbox",
    "opt-out": _DONE,
    "doctor": "arshjul.cli.doctor",
    "backup": "arshjul.cli.database",
    "restore": "arshjul.cli.database",
    "migrate": "arshjul.cli.database",
}

LISTED = tuple(state for state in State if state not in {State.SENDING, State.DATA_STARTED})
"""The states that `outbox list` may be asked for: those that a letter is left in."""

_OUTSIDE = f"er utenfor årene {FIRST_YEAR}–{LAST_YEAR}"
_MANY = 100_000

_ABOUT = """\
Holder styr på årshjulet: leser kalendere og tiltak fra tekstfiler, publiserer
kalenderabonnementer og skriver brev til de ansvarlige i god tid før fristene."""

_MORE = """\
Eksempler:
  arshjul check                                  er filene i orden?
  arshjul read "første styremøte etter 1. oktober"   hvordan forstås en tekst?
  arshjul agenda --from 2027-01-01 --to 2027-06-30   hva skjer, og når?
  arshjul preview --party sekretariatet          hvilke brev vil gå?
  arshjul confirm                                hvilke datoer skal bekreftes?
  arshjul serve                                  start tjenesten"""


class _Words(argparse.RawDescriptionHelpFormatter):
    """Says "Bruk:" where argparse says "usage:"."""

    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Bruk: " if prefix is None else prefix)  # type: ignore[arg-type]  # typeshed's names are private


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Norwegian."""

    def __init__(self, **options: object) -> None:
        super().__init__(formatter_class=_Words, add_help=False, **options)  # type: ignore[arg-type]  # passed on as they came
        self._positionals.title, self._optionals.title = "Hva", "Valg"
        self.add_argument("-h", "--help", action="help", help="vis denne hjelpen")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and leave with exit code 2."""
        for english, norwegian in _ERRORS:
            message = re.sub(english, norwegian, message)
        self.exit(2, f"{self.prog}: {message}\nSe {self.prog} --help.\n")


_ERRORS = (
    ("the following arguments are required:", "det mangler:"),
    ("unrecognized arguments:", "ukjent:"),
    ("expected (one|at least one) argument", "her mangler en verdi"),
    ("expected [0-9]+ arguments?", "her mangler en verdi"),
    ("ignored explicit argument", "her skal det ikke stå noen verdi:"),
    ("ambiguous option: (.*) could match (.*)", r"\1 kan bety flere valg: \2"),
    ("not allowed with argument", "kan ikke brukes sammen med"),
    ("invalid (int|float) value:", "ikke noe tall:"),
    ("invalid \\w+ value:", "kan ikke leses:"),
    ("invalid choice:", "ukjent valg:"),
    ("choose from", "velg blant"),
    ("^argument ", ""),
)
"""What argparse says, as patterns, and the same in Norwegian."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(prog="arshjul", description=_ABOUT, epilog=_MORE)
    top.add_argument(
        "--version", action="version", version=f"arshjul {__version__}, skjema {SCHEMA}", help="vis versjonen"
    )
    folder = "mappen der config.toml ligger (ellers denne mappen)"
    top.add_argument("-C", "--folder", type=Path, default=Path(), metavar="MAPPE", help=folder)
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO", title="Kommandoer")
    for name, (text, fill) in _COMMANDS.items():
        fill(commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}."))
    return top


def _nothing(_: argparse.ArgumentParser) -> None:
    """Add no options."""


def _read(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "phrase", nargs="*", metavar="TEKST", help="en tekst fra en plan (ellers én på hver linje inn)"
    )
    command.add_argument("--year", type=_year, metavar="ÅR", help="året datoene vises for (ellers i år)")
    _json(command, "ett JSON-objekt på hver linje")


def _agenda(command: argparse.ArgumentParser) -> None:
    _days(command)
    command.add_argument("--calendar", metavar="ID", help="bare denne kalenderen")
    command.add_argument("--party", metavar="PART", help="bare det en part er ansvarlig for eller medvirker i")
    _json(command, "en JSON-liste")


def _preview(command: argparse.ArgumentParser) -> None:
    _days(command)
    command.add_argument("--party", metavar="PART", help="bare brev til en part")
    command.add_argument(
        "--html", type=Path, metavar="MAPPE", help="skriv i stedet hver slags brev som filer å se på, med prøvetekst"
    )
    _json(command, "en JSON-liste")


def _explain(command: argparse.ArgumentParser) -> None:
    _key(command)
    command.add_argument("--to", metavar="ADRESSE", help="bare denne mottakeren")


def _done(command: argparse.ArgumentParser) -> None:
    _key(command)
    states = ("ferdig", "uaktuell", "utsatt")
    command.add_argument("--as", dest="state", choices=states, default="ferdig", help="hva som meldes (ellers ferdig)")
    when = command.add_mutually_exclusive_group()
    when.add_argument("--until", type=_day, metavar="DATO", help="med --as utsatt: den nye datoen")
    when.add_argument(
        "--without-date",
        action="store_true",
        help="med --as utsatt: ny dato er ikke kjent; står i hvert ukebrev til da",
    )
    _reported(command)


def _undo(command: argparse.ArgumentParser) -> None:
    _key(command)
    _reported(command)


def _key(command: argparse.ArgumentParser) -> None:
    command.add_argument("key", metavar="NØKKEL", help="for eksempel osloregionen/1.2/2026-12")


def _reported(command: argparse.ArgumentParser) -> None:
    command.add_argument("--by", metavar="NAVN", help="hvem som meldte det")
    command.add_argument("--note", metavar="TEKST", help="en merknad")


def _feed(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help=_WHICH)


_WHICH = (
    "en kalender (politisk-aar), en part (osloregionen/styret), et område (area:akershus-sp/skolering) "
    "eller en mottaker (recipient:navn@example.no)"
)


def _publish(command: argparse.ArgumentParser) -> None:
    command.add_argument("into", type=Path, metavar="MAPPE", help="mappen som abonnementene skrives i")
    command.add_argument("--feed", action="append", default=[], metavar="ID", help=f"også dette: {_WHICH}")
    command.add_argument(
        "--all", action="store_true", help="alle kalendere, områder og parter, også de som ikke er åpne for alle"
    )
    command.add_argument("--prune", action="store_true", help="fjern abonnementer som ikke skrives lenger")


def _lint(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "source", nargs="+", metavar="FIL|ADRESSE", help="en .ics-fil, en https-adresse, eller - for inn"
    )
    command.add_argument("--strict", action="store_true", help="regn også BØR som feil")


def _confirm(command: argparse.ArgumentParser) -> None:
    key = "datoens nøkkel, for eksempel politisk-aar/rnb/2027; uten den vises datoene som venter"
    command.add_argument("key", nargs="?", metavar="NØKKEL", help=key)
    days = "den kunngjorte datoen: 2027-05-11 eller 2026-08-10/2026-08-14"
    command.add_argument("days", nargs="?", type=_span, metavar="DATO", help=days)
    command.add_argument(
        "--source", metavar="ADRESSE", help="hvor den er kunngjort; uten kilde blir datoen stående som foreløpig"
    )
    command.add_argument("--checked", type=_day, metavar="DATO", help="når du så etter (ellers i dag)")
    clock = "klokkeslettet, om det er kjent: 10:00 eller 10:00/12:00"
    command.add_argument("--time", type=_clock, metavar="KL", help=clock)
    even_so = "hvorfor datoen stemmer, selv om regelen ikke kan gi den; skrives inn som unusual"
    command.add_argument("--even-so", metavar="GRUNN", help=even_so)


def _send(command: argparse.ArgumentParser) -> None:
    command.add_argument("--at", type=_instant, metavar="TID", help="som om klokken var dette (2026-12-01T08:00)")
    command.add_argument("--dry-run", action="store_true", help="vis hva som ville gått, uten å sende eller huske noe")
    even_so = "send på ordentlig, enda --at er frem i tid; med --now: enda en bremse holder brev tilbake"
    command.add_argument("--even-so", action="store_true", help=even_so)
    now = "send straks det som skal sies om denne saken og ikke er sagt, og bare det; viser hvem som får det, og spør"
    command.add_argument("--now", dest="key", metavar="NØKKEL", help=now)
    command.add_argument("--yes", action="store_true", help="med --now: uten å spørre")


def _token(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="HANDLING", title="Handlinger")
    add = actions.add_parser("add", help="lag en lenke til et abonnement; den vises bare nå")
    add.add_argument("feed", metavar="ID", help=_WHICH)
    add.add_argument("--label", default="", metavar="NAVN", help="hvem som får lenken")
    add.add_argument("--deadlines", action="store_true", help="bare det som har en frist")
    add.add_argument("--no-milestones", action="store_true", help="uten milepæler")
    add.add_argument("--leads", action="store_true", help="med varsler som egne oppføringer («Om 20 virkedager: …»)")
    add.add_argument("--alarms", action="store_true", help="med alarm, for Thunderbird og Android")
    add.add_argument("--language", default="nb", metavar="SPRÅK", help="språket i abonnementet (nb)")
    actions.add_parser("list", help="vis hvilke lenker som finnes, og når de sist ble hentet")
    rotate = actions.add_parser("rotate", help="lag en ny lenke til det samme; den gamle virker en stund til")
    rotate.add_argument("prefix", metavar="START", help="de seks første tegnene i lenkens nøkkel, eller hele")
    rotate.add_argument("--days", type=_count, default=30, metavar="DAGER", help="så lenge virker den gamle (30)")
    revoke = actions.add_parser("revoke", help="gjør en lenke ugyldig")
    revoke.add_argument("prefix", metavar="START", help="de seks første tegnene i lenkens nøkkel, eller hele")


def _outbox(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="HANDLING", title="Handlinger")
    shown = actions.add_parser("list", help="vis om utsendingen går, og brevene som ikke er sendt")
    names = [WORDS[state] for state in LISTED]
    shown.add_argument("--state", choices=names, metavar="TILSTAND", help=f"bare disse: {', '.join(names)}")
    shown.add_argument("--all", action="store_true", help="også de sendte")
    shown.add_argument("--limit", type=_count, default=100, metavar="ANTALL", help="høyst så mange (ellers 100)")
    for name, text in (
        ("show", "vis et brev og alt som har hendt med det"),
        ("resend", "send et brev på nytt"),
        ("accept", "regn et usikkert brev som kommet frem"),
    ):
        actions.add_parser(name, help=text).add_argument("id", metavar="BREV", help="slik list viser det")
    hold = actions.add_parser("hold", help="stans utsendingen, eller hold ett brev tilbake")
    hold.add_argument("id", nargs="?", metavar="BREV", help="bare dette brevet")
    release = actions.add_parser("release", help="la utsendingen gå igjen")
    text = "noter det som er på tide nå, som passert, uten å sende det"
    release.add_argument("--without-sending", action="store_true", help=text)


def _opt_out(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="HANDLING", title="Handlinger")
    actions.add_parser("list", help="vis hvem som ikke får brev, og hva ingen får brev om")
    add = actions.add_parser("add", help="skriv ikke til en adresse mer; oppgavene er fortsatt deres")
    undo = actions.add_parser("undo", help="skriv til adressen igjen")
    for one in (add, undo):
        one.add_argument("address", metavar="ADRESSE", help="e-postadressen")


def _doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--to", metavar="ADRESSE", help="mottakeren det spørres om (ellers avsenderen selv)")
    command.add_argument("--letter", metavar="ADRESSE", help="send ett prøvebrev dit, utenom utboksen")


def _backup(command: argparse.ArgumentParser) -> None:
    _restore(command)
    command.add_argument("--yes", action="store_true", help="skriv over en fil som finnes")


def _restore(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FIL", help="filen med kopien")


def _migrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--new", action="store_true", help="ta en tom database i bruk der det har vært en annen")


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("se etter feil i config.toml og kalenderne", _nothing),
    "read": ("vis hvordan en tekst om tid forstås", _read),
    "agenda": ("vis hva som skjer i en periode", _agenda),
    "preview": ("vis hvert brev som vil gå, til hvem, når og om hva", _preview),
    "explain": ("forklar hvorfor, når og til hvem en påminnelse går", _explain),
    "done": ("meld at noe er ferdig, uaktuelt eller utsatt", _done),
    "undo": ("angre en melding: saken er åpen likevel", _undo),
    "feed": ("skriv ut et kalenderabonnement (iCalendar)", _feed),
    "lint": ("se etter det kalenderprogrammer snubler i, i et hvilket som helst abonnement", _lint),
    "confirm": ("vis datoer som skulle vært kunngjort, eller skriv inn en kunngjort dato", _confirm),
    "publish": ("skriv abonnementene som filer i en mappe", _publish),
    "accept": ("godta at mange kommende datoer forsvinner fra abonnementene", _nothing),
    "send": ("send det som skal sendes nå, én gang", _send),
    "serve": ("start tjenesten: sider, abonnementer og brev", _nothing),
    "token": ("hemmelige lenker til abonnementer", _token),
    "outbox": ("se hva som er blitt av brevene, og bestem over dem", _outbox),
    "opt-out": ("se hvem som har sagt nei til brev, og før det inn", _opt_out),
    "doctor": ("se etter om alt er klart til å sende brev", _doctor),
    "backup": ("skriv en kopi av databasen i en fil, også mens tjenesten går", _backup),
    "restore": ("sett en kopi inn i stedet for databasen", _restore),
    "migrate": ("oppdater databasen til denne utgaven, etter en kopi", _migrate),
}


def _days(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="first", type=_day, metavar="DATO", help="første dag (ellers i dag)")
    command.add_argument("--to", dest="last", type=_day, metavar="DATO", help="siste dag (ellers et år frem)")


def _json(command: argparse.ArgumentParser, form: str) -> None:
    command.add_argument("--json", action="store_true", help=f"for andre programmer: {form}")


def _year(text: str) -> int:
    try:
        year = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke noe årstall; skriv 2027") from None
    if not is_year(year):
        raise argparse.ArgumentTypeError(f"«{text}» {_OUTSIDE}")
    return year


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke noe tall; skriv for eksempel 30") from None
    if not 0 <= number <= _MANY:
        raise argparse.ArgumentTypeError(f"«{text}» må være fra 0 til {_MANY}")
    return number


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» er ingen dato; skriv 2027-01-31") from None
    if not is_year(day.year):
        raise argparse.ArgumentTypeError(f"«{text}» {_OUTSIDE}")
    return day


def _span(text: str) -> Span:
    first, _, last = text.partition("/")
    try:
        return Span.of(_day(first), _day(last or first))
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» slutter før det begynner") from None


def _clock(text: str) -> Clock:
    if found := read_clock(text):
        return found
    raise argparse.ArgumentTypeError(f"«{text}» er ikke noe klokkeslett; skriv 10:00 eller 10:00/12:00")


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke noe tidspunkt; skriv 2026-12-01T08:00") from None
    if not is_year(found.year):
        raise argparse.ArgumentTypeError(f"«{text}» {_OUTSIDE}")
    return (found if found.tzinfo else found.replace(tzinfo=OSLO)).astimezone(UTC)
