"""Letters in words and as mail, written as the settings ask. Which letters there are is in `core.plan`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arshjul.core.model import Letter
from arshjul.core.overview import Overview
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.render import Templates
from arshjul.mail.wording import overview_words
from arshjul.rounds.reload import Loaded


@dataclass(frozen=True, slots=True)
class Writer:
    """The templates, who writes, and the names of the calendars by id."""

    templates: Templates
    head: Letterhead
    calendars: Mapping[str, str]

    def subject(self, letter: Letter) -> str:
        return self.templates.subject(letter)

    def write(self, letter: Letter, opt_out_token: str = "") -> Draft:
        """Write a letter; with a token it has a link to say no to more, where there is a place to link to."""
        url = f"{self.head.url}/u/{opt_out_token}" if opt_out_token and self.head.url else ""
        return self.templates.render(letter, self.head, self.calendars, url)

    def write_overview(self, overview: Overview, letter: Letter) -> Draft:
        """Write the coordinator's letter, with what another letter of the day would have told them."""
        words = overview_words(overview, letter, self.calendars)
        return self.templates.fill("overview", words, self.head, overview.to.language)


def writer_of(loaded: Loaded) -> Writer:
    """Return the writer that the settings ask for."""
    names = {calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()}
    return Writer(Templates((loaded.settings.templates,)), head_of(loaded), names)


def head_of(loaded: Loaded) -> Letterhead:
    """Return who writes."""
    settings = loaded.settings
    url = settings.site.url if settings.site.url.startswith("https://") else ""  # else nobody else can open it
    return Letterhead(settings.site.name, settings.sender, settings.reply_to, url)
