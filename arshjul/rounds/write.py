"""Letters in words and as mail, written as the settings ask. Which letters there are is in `core.plan`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from arshjul.core.model import Letter, Recipient
from arshjul.core.overview import Overview
from arshjul.core.urgent import Urgent
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.render import TemplateProblemError, Templates
from arshjul.mail.wording import overview_words, urgent_words
from arshjul.rounds.reload import Loaded

DONE_WITHOUT: Final = "Brev er skrevet med malene som følger med programmet:"
WAITING: Final = "Brev venter på at en mal blir rettet:"

T = TypeVar("T")


@dataclass(slots=True)
class Writer:
    """The templates, who writes, and the names of the calendars by id.

    A letter that the templates fail for is written with those that come with the program: an organisation's slip of
    the pen must cost nobody a reminder. `trouble` then says so in Norwegian, by the first mistake that was met.
    """

    templates: Templates
    head: Letterhead
    calendars: Mapping[str, str]
    trouble: str = field(default="", init=False)

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

    def _written(self, write: Callable[[Templates], T]) -> T:
        try:
            return write(self.templates)
        except TemplateProblemError as error:
            try:
                done = write(Templates(()))
            except TemplateProblemError:  # they have been edited where they lie
                self.trouble = self.trouble or f"{WAITING} {error}"
                raise
            self.trouble = self.trouble or f"{DONE_WITHOUT} {error}"
            return done


def writer_of(loaded: Loaded) -> Writer:
    """Return the writer that the settings ask for."""
    names = {calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()}
    return Writer(Templates((loaded.settings.templates,)), head_of(loaded), names)


def head_of(loaded: Loaded) -> Letterhead:
    """Return who writes."""
    settings = loaded.settings
    url = settings.site.url if settings.site.url.startswith("https://") else ""  # else nobody else can open it
    return Letterhead(settings.site.name, settings.sender, settings.reply_to, url)
