"""A letter → its words, from templates that an organisation may replace. The words of dates are in `core.words`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from traceback import extract_tb
from typing import Final

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

from arshjul.core.model import Letter
from arshjul.core.printable import printable
from arshjul.core.system_errors import why
from arshjul.core.texts import one_line
from arshjul.core.wording import SAY
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.sandbox import Sandbox, bounded, checked
from arshjul.mail.shipped import PACKAGED
from arshjul.mail.wording import letter_words

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
        text = Sandbox(autoescape=False, **common)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "html", Sandbox(autoescape=True, **common))

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
