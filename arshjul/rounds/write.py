"""Letters in words and as mail, written as the settings ask. Which letters there are is in `core.plan`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from arshjul.core.model import Letter, Recipient
from arshjul.core.overview import Overview
from arshjul.core.system_errors import why
from arshjul.core.urgent import Urgent
from arshjul.files.templates import (
    are_as_shipped,
    are_kept,
    everything_digest,
    keep_templates,
    kept_templates,
    lost_templates,
)
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.render import TemplateProblemError, Templates
from arshjul.mail.samples import sample_drafts
from arshjul.mail.shipped import PACKAGED
from arshjul.mail.wording import overview_words, urgent_words
from arshjul.rounds.reload import Loaded

DONE_WITH_KEPT: Final = "Brev skrives med de siste malene som var i orden:"
DONE_WITHOUT: Final = "Brev skrives med malene som følger med programmet:"
WAITING: Final = "Brev venter på at en mal blir rettet:"
UNKEPT: Final = "Malene kan ikke tas vare på i var/last-good-templates:"

T = TypeVar("T")


@dataclass(slots=True)
class Writer:
    """The templates, who writes, the names of the calendars by id, and the last templates that were in order, if any.

    A letter that the templates fail for is written with those, or else with the ones that come with the program: an
    organisation's slip of the pen must cost nobody a reminder. `trouble` then says so in Norwegian, by the first
    mistake that was met; one that left a letter unwritten outweighs the rest, and such letters are counted.
    """

    templates: Templates
    head: Letterhead
    calendars: Mapping[str, str]
    kept: Templates | None = None
    trouble: str = field(default="", init=False)
    unwritten: int = field(default=0, init=False)

    def subject(self, letter: Letter) -> str:
        return self._written(lambda templates: templates.subject(letter))

    def write(self, letter: Letter, opt_out_token: str = "") -> Draft:
        """Write a letter; with a token it has a link to say no to more, where there is a place to link to.

        Raises TemplateProblemError when the templates that come with the program have been spoilt too.
        """
        url = f"{self.head.url}/u/{opt_out_token}" if opt_out_token and self.head.url else ""
        return self._written(lambda templates: templates.render(letter, self.head, self.calendars, url))

    def write_overview(self, overview: Overview, letter: Letter) -> Draft:
        """Write the coordinator's letter, with what another letter of the day would have told them.

        Raises TemplateProblemError as `write` does.
        """
        words = overview_words(overview, letter, self.calendars)
        return self._written(lambda templates: templates.fill("overview", words, self.head, overview.to.language))

    def write_urgent(self, things: Sequence[Urgent], to: Recipient, at: datetime) -> Draft:
        """Write what the coordinator must hear today, as it is at `at` (UTC). Raises TemplateProblemError."""
        words = urgent_words(things, at, to.language)
        return self._written(lambda templates: templates.fill("urgent", words, self.head, to.language))

    def try_out(self) -> None:
        """Write every kind of letter, to find out what would be the trouble."""
        with suppress(TemplateProblemError):  # `trouble` tells
            self._written(lambda templates: deque(sample_drafts(templates, self.head), maxlen=0))

    def _written(self, write: Callable[[Templates], T]) -> T:
        try:
            return write(self.templates)
        except TemplateProblemError as error:
            for templates, done_with in ((self.kept, DONE_WITH_KEPT), (Templates(()), DONE_WITHOUT)):
                with suppress(TemplateProblemError):  # of another version, or edited where they lie
                    if templates is not None:
                        done = write(templates)
                        self.trouble = self.trouble or f"{done_with} {error}"
                        return done
            if not self.unwritten:
                self.trouble = f"{WAITING} {error}"
            self.unwritten += 1
            raise


def writer_of(loaded: Loaded) -> Writer:
    """Return the writer that the settings ask for."""
    names = {calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()}
    kept = Templates((path,)) if (path := kept_templates(loaded.settings.folder)).is_dir() else None
    if kept is not None and (gone := lost_templates(loaded.settings.templates, loaded.settings.folder)):
        writer = Writer(kept, head_of(loaded), names)
        writer.trouble = f"{DONE_WITH_KEPT} {gone}"
        return writer
    return Writer(Templates((loaded.settings.templates,)), head_of(loaded), names, kept)


@dataclass(slots=True)
class TemplateWatch:
    """Tries the templates each time they have changed, and keeps copies of those that are in order.

    `trouble` is what letters do without and why, in Norwegian, "" when all is well; with `is_stuck` some kind of letter
    cannot be written at all.
    """

    trouble: str = ""
    is_stuck: bool = False
    _seen: str = ""

    def look(self, loaded: Loaded) -> str | None:
        """Return `trouble`, None when nothing has changed since the last look."""
        settings = loaded.settings
        try:
            mark = f"{settings.templates} {everything_digest(settings.templates)} {everything_digest(PACKAGED)}"
            if mark == self._seen:
                return None
            writer = _tried(loaded)
            self.trouble, self.is_stuck, self._seen = writer.trouble, writer.unwritten > 0, mark
            if not writer.trouble:
                _keep(loaded)
        except OSError as error:  # a folder that cannot be read, or a disk that is full: tried again
            self.trouble, self._seen = f"{UNKEPT} {why(error)}.", ""
        return self.trouble


def _tried(loaded: Loaded) -> Writer:
    """Return the writer, which has tried the templates unless they are those that are kept and shipped."""
    settings, writer = loaded.settings, writer_of(loaded)
    is_lost = bool(lost_templates(settings.templates, settings.folder))
    if is_lost or not are_kept(settings.templates, settings.folder) or not are_as_shipped(PACKAGED):
        writer.try_out()
    return writer


def _keep(loaded: Loaded) -> None:
    """Keep the templates, which are in order, where they are not kept yet. Raises OSError."""
    settings = loaded.settings
    if not are_kept(settings.templates, settings.folder):
        keep_templates(settings.templates, settings.folder)


def head_of(loaded: Loaded) -> Letterhead:
    """Return who writes."""
    settings = loaded.settings
    url = settings.site.url if settings.site.url.startswith("https://") else ""  # else nobody else can open it
    return Letterhead(settings.site.name, settings.sender, settings.reply_to, url)
