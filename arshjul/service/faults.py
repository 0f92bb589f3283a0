"""What can go wrong in the service, in the words of the page, the log and /healthz; no names are in them."""

from __future__ import annotations

from typing import Final

from arshjul.core.health import Area

PLANNING: Final = "Planleggingen feilet, så ingen nye brev legges i utboksen."
RELOADING: Final = "Filene kunne ikke leses inn, så de forrige brukes fortsatt."
SENDING: Final = "Utsendingen av brev feilet."
OPENING: Final = "Databasen kan ikke brukes ennå, så ingen brev sendes, og private abonnementer må vente."
LOCKING: Final = "Det er ikke sikkert at bare denne tjenesten sender brev, så utsendingen venter."
RESTING: Final = "Utsendingen hviler:"
ALARMING: Final = "Det som haster, kunne ikke skrives til koordinatoren."
KEEPING: Final = "Filene er i bruk, men kopien av dem i var/last-good kan ikke lagres:"
SHOWING: Final = "Siden og abonnementene kunne ikke oppdateres."
MOVED: Final = "Ny adresse eller port gjelder først når tjenesten startes på nytt."
TO_PUBLIC: Final = "Sett index = «public» når andre kan nå tjenesten."
HOLDING: Final = "Utsendingen står:"
TEMPLATES: Final = "En mal for brevene kan ikke brukes."

WATCHING: Final = "Filene kan ikke ses etter, så de forrige brukes fortsatt."
MOVED_CLOCK: Final = "Klokken på maskinen er stilt, så det ses etter med en gang hva som skal sendes."

AREAS: Final = {
    PLANNING: Area.PLANNING,
    ALARMING: Area.PLANNING,
    RELOADING: Area.FILES,
    WATCHING: Area.FILES,
    KEEPING: Area.FILES,
    SENDING: Area.SENDING,
    LOCKING: Area.SENDING,
    OPENING: Area.STORE,
    SHOWING: Area.FEEDS,
}
SAID_OF: Final = {
    KEEPING: (Area.FILES, "Kopien av filene i var/last-good kan ikke lagres."),
    MOVED: (Area.FILES, MOVED),
    TEMPLATES: (Area.SENDING, TEMPLATES),
}
"""What anybody may read of what the page and the log say in full; of HOLDING and RESTING the queue tells."""

ROUNDS: Final = {PLANNING: 60.0, WATCHING: 5.0, SHOWING: 5.0}
"""The loops, by the step that each goes round for, and the seconds in which it does."""

LATE: Final = {
    PLANNING: "Planleggingen har ikke gått rundt på over {seconds} sekunder.",
    WATCHING: "Filene er ikke sett etter på over {seconds} sekunder.",
    SHOWING: "Siden og abonnementene er ikke sett etter på over {seconds} sekunder.",
}
