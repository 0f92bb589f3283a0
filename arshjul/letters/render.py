"""A letter → its words in the recipient's language, from templates that an organisation may replace."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from stat import S_ISREG
from traceback import extract_tb
from typing import Final
from urllib.parse import urlsplit

from css_inline import CSSInliner, InlineError
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError

from arshjul.feeds.entries import web_address
from arshjul.letters.changes import arrow, change_word, details, hours
from arshjul.letters.coordinator import Overview, Urgent, headlines
from arshjul.letters.templating import COMPILED, PACKAGED, Sandbox, bounded, checked
from arshjul.mail.message import Draft, Letterhead
from arshjul.plan.model import CHANGES, GONE, Kind, Letter, Occurrence, Reminder, Said
from arshjul.printable import clean, lower_first, one_line, printable, why
from arshjul.timing.days import Offset, Status, Unit, workdays_between
from arshjul.wording import SAY, counted
from arshjul.words import (
    clock_in_words,
    day_in_words,
    instant_in_words,
    lead_in_words,
    list_in_words,
    short_day_in_words,
    span_in_words,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a letter, "" for what is not there.

    `headline` says when it is, or what has become of it; `word` names a change for the subject. `date` is the day in
    words, with "(foreløpig)" when it is tentative; `when` has "frist" before it where it is a last day, and both dates
    where it was moved. `mark` is a sentence on what is out of the ordinary. `left` says how far away it is, `role` what
    the recipient is in it. With `is_to_confirm`, it is the date itself that is wanted.
    """

    key: str
    title: str
    headline: str
    word: str
    date: str
    when: str
    mark: str
    left: str
    role: str
    calendar: str
    responsible: str
    contributors: str
    period: str
    clock: str
    location: str
    note: str
    source: str
    source_url: str
    source_name: str
    reason: str
    is_deadline: bool
    is_tentative: bool
    is_to_confirm: bool


def letter_words(letter: Letter, calendars: Mapping[str, str]) -> dict[str, object]:
    """Return what the templates of a letter are filled with; `calendars` gives the names of calendars by id."""
    say = SAY[letter.to.language]
    items = [item_of(reminder, letter, calendars) for reminder in letter.reminders]
    things = say["deadlines"] if all(item.is_deadline for item in items) else say["things"]
    ahead = (
        item
        for item, one in zip(items, letter.reminders, strict=True)
        if one.said not in GONE and one.day >= letter.send_day
    )
    nearest = next(ahead, items[0])
    return {"items": items, "first": items[0], "nearest": nearest, "things": things, "to": letter.to}


def overview_words(overview: Overview, letter: Letter, calendars: Mapping[str, str]) -> dict[str, object]:
    """Return what the templates of the coordinator's letter are filled with; what the letter says is in it, too.

    All is in the coordinator's language. `summary` is a sentence on how it went with letters, `tally` the same for the
    subject: "12 sendt, 1 må følges opp"; `next` says when the next one comes, "" where none is in sight.
    """
    own = letter_words(letter, calendars) if letter.reminders else {"items": []}
    language, post = overview.to.language, overview.post
    since, sent = day_in_words(overview.since, language), len(post.sent)
    summary = (
        counted(language, "letters_sent", sent, since=since),
        counted(language, "letters_doubtful", post.unknown),
        counted(language, "letters_waiting", post.waiting),
    )
    doubtful = len(post.doubtful)
    tally = [counted(language, "tally_sent", sent)]
    tally += [counted(language, "tally_doubtful", doubtful)] if doubtful else []
    coming = day_in_words(overview.next_day, language) if overview.next_day else ""
    return {
        **own,
        "overview": overview,
        "post": post,
        "day": short_day_in_words(overview.day, language),
        "since": since,
        "summary": f"{list_in_words(summary, language)}.",
        "tally": ", ".join(tally),
        "next": SAY[language]["next_overview"].format(day=coming) if coming else "",
    }


def urgent_words(things: Sequence[Urgent], at: datetime, language: str) -> dict[str, object]:
    """Return what the templates of the coordinator's urgent letter are filled with; `at` (UTC) is when it was so."""
    return {
        "headline": headlines(things, language),
        "lines": [thing.words(language) for thing in things],
        "as_of": SAY[language]["urgent_as_of"].format(at=instant_in_words(at, language)),
    }


def item_of(reminder: Reminder, letter: Letter, calendars: Mapping[str, str]) -> Item:
    """Return a reminder in words."""
    it, language, say = reminder.occurrence, letter.to.language, SAY[letter.to.language]
    is_gone = reminder.said in GONE
    is_tentative, is_deadline = it.status is Status.TENTATIVE and not is_gone, it.kind is not Kind.DAY
    plain = day_in_words(reminder.before if is_gone and reminder.before else reminder.day, language)
    day = plain + (f" ({say['tentative']})" if is_tentative else "")
    when = _when(reminder, f"{say['deadline']} {day}" if is_deadline else day, language)
    return Item(
        key=it.key,
        title=one_line(it.title),
        headline=_headline(reminder, day, f"{say['deadline']} {day}" if is_deadline else day, language),
        word=change_word(reminder, language),
        date=day,
        when=when,
        mark=_mark(reminder, language),
        left="" if is_gone or reminder.said is Said.OVERDUE else _left(letter.send_day, reminder.day, language),
        role=_role(it, letter.to.address, say),
        calendar=one_line(calendars.get(it.calendar, "")),
        responsible=_responsible(it, language),
        contributors=_contributors(it, language),
        period=span_in_words(it.days, language) if it.days is not None and len(it.days) > 1 else "",
        clock=clock_in_words(it.clock, language) if it.clock and not is_gone and reminder.clock_before is None else "",
        location=one_line(it.location),
        note=clean(it.note),
        source=one_line(it.source),
        **_source(one_line(it.source)),
        reason=one_line(reminder.reason),
        is_deadline=is_deadline,
        is_tentative=is_tentative,
        is_to_confirm=reminder.is_to_confirm,
    )


def _headline(reminder: Reminder, day: str, when: str, language: str) -> str:
    say = SAY[language]
    if reminder.said in GONE:
        return say["headline_gone"].format(word=say[f"{reminder.said}_word"])
    if reminder.said in CHANGES or reminder.said is Said.OVERDUE:
        return say[f"headline_{reminder.said}"].format(date=day, word=change_word(reminder, language))
    return when[0].upper() + when[1:]


def _when(reminder: Reminder, when: str, language: str) -> str:
    if reminder.before is None:
        return when
    if reminder.said is Said.MOVED:
        return arrow(reminder, language)
    changed = hours(reminder, language)
    return day_in_words(reminder.before, language) + (f", {' → '.join(changed)}" if changed else "")


def _mark(reminder: Reminder, language: str) -> str:
    if reminder.said is Said.DUE:
        return ""
    say, before, after = SAY[language], reminder.before, reminder.occurrence.deadline
    if reminder.said in (Said.MOVED, Said.CHANGED):
        before_words, _, after_words = arrow(reminder, language).partition(" → ")
        moved = [say["moved"].format(before=before_words, after=after_words)] if reminder.said is Said.MOVED else []
        return " ".join([*moved, *details(reminder, language)])
    if (because := reminder.occurrence.because) and reminder.said is Said.CANCELLED:
        told = day_in_words(before, language) if before else ""
        is_same_year = before is not None and before.year == because.day.year
        day = (short_day_in_words if is_same_year else day_in_words)(because.day, language)
        return say["cancelled_because"].format(title=lower_first(one_line(because.title)), day=day, before=told)
    return say[reminder.said].format(
        due=day_in_words(reminder.due, language),
        before=day_in_words(before, language) if before else "",
        after=day_in_words(after, language) if after else "",
    )


def _left(send_day: date, deadline: date, language: str) -> str:
    """Say how far away a deadline is, counted from the day of the letter."""
    say, days, workdays = SAY[language], (deadline - send_day).days, workdays_between(send_day, deadline)
    if days < 0:
        return say["passed"]
    if days <= 1:
        return say[("today", "tomorrow")[days]]
    lead = Offset(workdays) if workdays else Offset(days, Unit.DAYS)
    return say["in_days"].format(lead=lead_in_words(lead, language))


def _role(it: Occurrence, address: str, say: Mapping[str, str]) -> str:
    if not it.main:
        return ""
    return say["main"] if address in it.main else say["other"]


def _responsible(it: Occurrence, language: str) -> str:
    if len(it.responsible) < 2:  # noqa: PLR2004  (a main one needs another beside it)
        return "".join(it.responsible)
    main, *others = it.responsible
    return list_in_words((f"{main} ({SAY[language]['main']})", *others), language)


def _contributors(it: Occurrence, language: str) -> str:
    """Name those who help; plans often name who is responsible once more."""
    others = tuple(name for name in it.contributors if name not in it.responsible)
    return list_in_words(others, language) if others else ""


def _source(source: str) -> dict[str, str]:
    """Give a source that is a web address apart, with the name of its place to click on."""
    if not web_address(source):  # what only looks like an address is text: urlsplit refuses "http://[::1"
        return {"source_url": "", "source_name": source}
    return {"source_url": source, "source_name": (urlsplit(source).hostname or source).removeprefix("www.")}


MOST_BYTES: Final = 256_000
"""A template is a page or two; the largest that is shipped has a tenth of this."""

COLUMNS: Final = 76
MARKER: Final = re.compile(r" *(?:- |\d+\. )?")
SIGNATURE: Final = "-- "
"""The line that mail programs know a signature by; its last space counts (RFC 3676 section 4.3)."""

MISTAKES: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, NameError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What Python raises at a mistake in a template: "{{ 1/0 }}", "{{ items + 1 }}", one that includes itself."""

UNSEEN: Final = re.compile(
    r"<head\b.*?</head>|<style\b.*?</style>|<!--.*?-->|<[^>]*>|&nbsp;", re.DOTALL | re.IGNORECASE
)
"""The parts of HTML that nobody sees."""


class TemplateProblemError(Exception):
    """A template cannot be used; the message is Norwegian and names the template.

    What the template language said is in it, and with that what stands in the file.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


def _no_template(folder: Path, name: str) -> str:
    """Say in Norwegian why a file is not to be read as a template, "" when it may be, or is not there.

    A link out of the folder would make a letter of any file (one within it is how containers mount files); a pipe
    would be waited for.
    """
    path = folder / name
    try:
        status = path.stat()
    except OSError:
        return ""
    if not path.resolve().is_relative_to(folder.resolve()):
        return "den er en lenke til en annen mappe"
    if not S_ISREG(status.st_mode):
        return "den er ingen vanlig fil"
    return f"den er større enn {MOST_BYTES // 1000} kB" if status.st_size > MOST_BYTES else ""


def _unsafe(error: SecurityError) -> str:
    """Say in Norwegian what a template did that it may not; our own words stand as they are."""
    said = str(error)
    return "den når inn i programmet, og det kan ingen mal" if "unsafe" in said or "safely" in said else said


def _said(error: Exception) -> str:
    """Say what was wrong, in Norwegian where we know the words."""
    match error:
        case SecurityError():
            return _unsafe(error)
        case TemplateNotFound():  # one that it includes; Jinja would name all folders
            return f"«{error.name}» finnes ikke."
    return str(error) or type(error).__name__


class _Loader(FileSystemLoader):
    """Templates from folders; a file that cannot be read is named, also where another template includes it."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            for folder in self.searchpath:
                if wrong := _no_template(Path(folder), template):
                    raise TemplateProblemError(f"Malen «{template}» kan ikke brukes: {wrong}.")
            return super().get_source(environment, template)
        except TemplateNotFound:  # an OSError, and no fault: there are several places to look
            raise
        except UnicodeDecodeError as error:
            hint = "Lagre den på nytt med kodingen UTF-8."
            raise TemplateProblemError(f"Malen «{template}» er ikke lagret som UTF-8. {hint}") from error
        except OSError as error:
            raise TemplateProblemError(f"Malen «{template}» kan ikke leses: {why(error)}.") from error


@dataclass(frozen=True)
class Templates:
    """The templates in `email` of some folders, and then our own; one in an earlier folder wins over its namesake.

    One in `email/nn` or `email/en` wins for letters in that language.
    """

    folders: Sequence[Path]
    text: Environment = field(init=False, repr=False, compare=False)
    html: Environment = field(init=False, repr=False, compare=False)
    _found: dict[tuple[Environment, str, str], Template] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        loader = _Loader([str(folder) for folder in (*self.folders, PACKAGED)])
        common = {
            "loader": loader,
            "undefined": StrictUndefined,
            "auto_reload": False,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
        for name, autoescape in (("text", False), ("html", True)):
            environment = Sandbox(autoescape=autoescape, bytecode_cache=COMPILED[autoescape], **common)
            object.__setattr__(self, name, environment)

    def render(
        self, letter: Letter, head: Letterhead, calendars: Mapping[str, str] | None = None, opt_out: str = ""
    ) -> Draft:
        """Write the letter; `calendars` gives the names of calendars by id. Raises TemplateProblemError.

        `opt_out` is the address at which its reader can say no to more, "" where there is none.
        """
        return self.fill("reminder", letter_words(letter, calendars or {}), head, letter.to.language, opt_out)

    def subject(self, letter: Letter) -> str:
        """Write only the subject, which says nothing of who writes. Raises TemplateProblemError."""
        return self._subject("reminder", _spoken(letter_words(letter, {}), letter.to.language))

    def fill(self, name: str, words: Mapping[str, object], head: Letterhead, language: str, opt_out: str = "") -> Draft:
        """Write any letter from the three templates of that name. Raises TemplateProblemError."""
        spoken = _spoken(words, language) | {"head": head, "opt_out": opt_out}
        subject = self._subject(name, spoken)
        spoken["subject"] = subject
        text = self._filled(self.text, f"{name}.txt", spoken)
        _expect_words(f"{name}.txt", text, "brev")
        html = self._filled(self.html, f"{name}.html", spoken)
        _expect_words(f"{name}.html", UNSEEN.sub("", html), "brev")
        return Draft(subject=subject, text=wrapped(text), html=self._inlined(f"{name}.html", html), opt_out=opt_out)

    def _subject(self, name: str, words: Mapping[str, object]) -> str:
        subject = one_line(self._filled(self.text, f"{name}-subject.txt", words))
        _expect_words(f"{name}-subject.txt", subject, "emne")
        return subject

    def _filled(self, environment: Environment, name: str, words: Mapping[str, object]) -> str:
        try:
            template = self._template(environment, str(words["language"]), name)
            with bounded():
                return checked(template.render(words))
        except TemplateSyntaxError as error:
            raise TemplateProblemError(
                f"Malen «{error.name}» har en feil i linje {error.lineno}: {error.message}"
            ) from error
        except TemplatesNotFound as error:
            raise TemplateProblemError(f"Malen «email/{name}» finnes ikke.") from error
        except (TemplateError, *MISTAKES) as error:
            raise TemplateProblemError(
                f"Malen «{self._blamed(error, name)}» kan ikke brukes: {_said(error)}"
            ) from error

    def _blamed(self, error: BaseException, name: str) -> str:
        """Return the template that an error arose in, which the one of that name may have included."""
        tried = [Path(frame.filename) for frame in extract_tb(error.__traceback__)]
        folders = (*self.folders, PACKAGED)
        found = [path.relative_to(one) for path in tried for one in folders if path.is_relative_to(one / "email")]
        return found[-1].as_posix() if found else f"email/{name}"

    def _template(self, environment: Environment, language: str, name: str) -> Template:
        """Look a template up, once: what is not there is asked of the disk each time."""
        sought = environment, language, name
        if sought not in self._found:
            self._found[sought] = environment.select_template([f"email/{language}/{name}", f"email/{name}"])
        return self._found[sought]

    def _inlined(self, name: str, html: str) -> str:
        try:
            return INLINER.inline(html)
        except InlineError as error:
            raise TemplateProblemError(f"Malen «email/{name}» har en feil i stilene: {error}") from error


INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _expect_words(name: str, text: str, what: str) -> None:
    if not text.strip():
        raise TemplateProblemError(f"Malen «email/{name}» gir et tomt {what}.")


def _spoken(words: Mapping[str, object], language: str) -> dict[str, object]:
    return {**words, "language": language, "say": SAY[language]}


def wrapped(text: str) -> str:
    """Return the text in lines of at most 76 columns, later lines indented like the first; addresses stay whole."""
    lines = [line if line == SIGNATURE else line.rstrip() for line in clean_lines(text)]
    return "\n".join(part for line in lines for part in _broken(line)) + "\n"


def clean_lines(text: str) -> list[str]:
    """Return the lines between the first and the last that hold anything, never two empty ones in a row."""
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if line.strip() or (lines and lines[-1].strip()):
            lines.append(line)
    return lines


def _broken(line: str) -> list[str]:
    if len(line) <= COLUMNS:
        return [line]
    indent = " " * MARKER.match(line).end()  # type: ignore[union-attr]  # (it matches the empty text too)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
