"""The page on which somebody says no to letters, or changes their mind, in the language of their letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from arshjul.web.pages import environment
from arshjul.web.standing import Standing
from arshjul.web.state import SiteState

_NB: Final = {
    "title": "Brev fra {site}",
    "to": "Det gjelder brev til {address}.",
    "getting": "Du får brev i god tid før det du har ansvar for.",
    "means": "Stopper du brevene, er oppgavene og fristene fortsatt dine. Kalenderen kan du abonnere på som før.",
    "who_hears": "Koordinatoren får vite det og kan høre med deg eller gi oppgaven til en annen.",
    "stop": "Stopp brevene",
    "stopped": "Brevene er stoppet.",
    "yours": "Oppgavene og fristene er fortsatt dine til noe annet er avtalt.",
    "told": "Koordinatoren får vite det.",
    "nobody": "Ingen får vite det av seg selv. Si fra til den som gir deg oppgavene.",
    "start": "Få brevene igjen",
    "coordinator": "Koordinatoren må få brevene. Skal en annen ha dem, endres «coordinator» i config.toml.",
    "home": "Til kalenderen",
}
_NN: Final = {
    "title": "Brev frå {site}",
    "to": "Det gjeld brev til {address}.",
    "getting": "Du får brev i god tid før det du har ansvar for.",
    "means": "Stoppar du breva, er oppgåvene og fristane framleis dine. Kalenderen kan du abonnere på som før.",
    "who_hears": "Koordinatoren får vite det og kan høyre med deg eller gje oppgåva til ein annan.",
    "stop": "Stopp breva",
    "stopped": "Breva er stoppa.",
    "yours": "Oppgåvene og fristane er framleis dine til noko anna er avtalt.",
    "told": "Koordinatoren får vite det.",
    "nobody": "Ingen får vite det av seg sjølv. Sei frå til den som gjev deg oppgåvene.",
    "start": "Få breva att",
    "coordinator": "Koordinatoren må få breva. Skal ein annan ha dei, blir «coordinator» endra i config.toml.",
    "home": "Til kalenderen",
}
_EN: Final = {
    "title": "Letters from {site}",
    "to": "This is about letters to {address}.",
    "getting": "You get a letter well before what you are responsible for.",
    "means": "If you stop the letters, the tasks and their deadlines are still yours. You can go on subscribing to the "
    "calendar.",
    "who_hears": "The coordinator is told, and may ask you or give the task to somebody else.",
    "stop": "Stop the letters",
    "stopped": "The letters are stopped.",
    "yours": "The tasks and deadlines are still yours until something else is agreed.",
    "told": "The coordinator is told.",
    "nobody": "Nobody is told by itself. Please tell whoever gives you the tasks.",
    "start": "Get the letters again",
    "coordinator": "The coordinator must have the letters. To give them to somebody else, change “coordinator” in "
    "config.toml.",
    "home": "To the calendar",
}
PAGE: Final[Mapping[str, Mapping[str, str]]] = {"nb": _NB, "nn": _NN, "en": _EN}


def opt_out_page(standing: Standing, token: str, language: str, site: str) -> str:
    """Return the page for whoever has the token: how it stands, and a button for the other way. `site` is its name."""
    template = environment().get_template("opt-out.html")
    return template.render(standing=standing, token=token, language=language, site=site, say=PAGE[language])


def language_of(state: SiteState, address: str) -> str:
    """Return the language that somebody gets letters in; bokmål for who is no longer in the files."""
    people = (person for one in state.occurrences for person in one.recipients if person.address == address)
    return next((person.language for person in people), "nb")
