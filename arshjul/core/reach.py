"""What it means how the site's public address answers, seen from outside: Norwegian, for `doctor`. Pure."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from arshjul.core.checkup import Finding, unseen, well, wrong
from arshjul.core.health import READY
from arshjul.core.ics import etag
from arshjul.core.lint.answers import LOOPBACK, REDIRECTIONS, Answer, Answers, lint_answers

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
