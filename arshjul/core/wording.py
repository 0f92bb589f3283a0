"""The fixed words of letters in bokmål, nynorsk and English. Dates in words are in `words`, the layout in templates.

Those that only the coordinator reads are in `wording_overview`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from arshjul.core.wording_overview import OVERVIEW

LANGUAGES: Final = {"bokmål": "nb", "nynorsk": "nn", "engelsk": "en", "nb": "nb", "nn": "nn", "en": "en"}
"""How an administrator may name a language, and its code."""

_NB: Final = {
    "deadline": "frist",
    "tentative": "foreløpig",
    "reminder": "Påminnelse",
    "late": "Forsinket: skulle vært sendt {due}.",
    "new": "Nytt siden forrige brev.",
    "overdue": "Fristen er ute, og oppgaven er ikke meldt ferdig. Er den gjort, så svar på dette brevet.",
    "moved": "Flyttet: {before} → {after}.",
    "cancelled": "Avlyst: {before} gjelder ikke lenger.",
    "removed": "Tatt ut av årshjulet: {before} gjelder ikke lenger.",
    "undated": "Uten dato inntil videre: {before} gjelder ikke lenger.",
    "back": "Likevel ikke avlyst: {after} gjelder.",
    "overdue_word": "Fristen er ute",
    "moved_word": "Flyttet",
    "cancelled_word": "Avlyst",
    "removed_word": "Utgår",
    "undated_word": "Uten dato",
    "back_word": "Likevel ikke avlyst",
    "today": "i dag",
    "tomorrow": "i morgen",
    "in_days": "om {lead}",
    "passed": "fristen er ute",
    "main": "hovedansvarlig",
    "other": "medansvarlig",
    "you_are": "Du er {role}.",
    "things": "saker",
    "deadlines": "frister",
    "nearest": "den nærmeste",
    "first_first": "Den som haster mest, står først.",
    "to_confirm": "Datoer som bør bekreftes",
    "time": "Tid",
    "place": "Sted",
    "period": "Periode",
    "responsible": "Ansvarlig",
    "contributors": "Medvirkende",
    "calendar": "Kalender",
    "note": "Merk",
    "source": "Kilde",
    "read_more": "les mer hos {place}",
    "tentative_means": "«Foreløpig» betyr at ingen kilde bekrefter datoen ennå: den er regnet ut, "
    "skrevet inn eller hentet fra planen. Den kan bli flyttet; kalenderen viser alltid den siste datoen.",
    "the_calendar": "Kalenderen",
    "see_calendar": "Se hele kalenderen",
    "why": "Du får dette brevet fordi:",
    "questions": "Spørsmål, eller er oppgaven ikke din? Svar på dette brevet, eller skriv til",
    "sent_because": "Sendes {day} fordi {chain}.",
    "before": "{lead} før",
    "rolled_back": "{lead} før er {wished}, med brevdag {day}",
    "quoted": "«{phrase}»",
    "told": "sist fikk du datoen {before}",
    "not_done": "ikke meldt ferdig",
    "headline_moved": "Flyttet til {date}",
    "headline_gone": "{word}",
    "headline_overdue": "Fristen var {date}",
    "headline_back": "Likevel {date}",
    "gone": "gjelder ikke lenger",
    "opt_out": "Stopp disse brevene",
}

_NN: Final = {
    "deadline": "frist",
    "tentative": "førebels",
    "reminder": "Påminning",
    "late": "Forseinka: skulle vore sendt {due}.",
    "new": "Nytt sidan førre brevet.",
    "overdue": "Fristen er ute, og oppgåva er ikkje meld ferdig. Er ho gjord, så svar på dette brevet.",
    "moved": "Flytta: {before} → {after}.",
    "cancelled": "Avlyst: {before} gjeld ikkje lenger.",
    "removed": "Teken ut av årshjulet: {before} gjeld ikkje lenger.",
    "undated": "Utan dato inntil vidare: {before} gjeld ikkje lenger.",
    "back": "Likevel ikkje avlyst: {after} gjeld.",
    "overdue_word": "Fristen er ute",
    "moved_word": "Flytta",
    "cancelled_word": "Avlyst",
    "removed_word": "Går ut",
    "undated_word": "Utan dato",
    "back_word": "Likevel ikkje avlyst",
    "today": "i dag",
    "tomorrow": "i morgon",
    "in_days": "om {lead}",
    "passed": "fristen er ute",
    "main": "hovudansvarleg",
    "other": "medansvarleg",
    "you_are": "Du er {role}.",
    "things": "saker",
    "deadlines": "fristar",
    "nearest": "den næraste",
    "first_first": "Den som hastar mest, står først.",
    "to_confirm": "Datoar som bør stadfestast",
    "time": "Tid",
    "place": "Stad",
    "period": "Periode",
    "responsible": "Ansvarleg",
    "contributors": "Medverkande",
    "calendar": "Kalender",
    "note": "Merk",
    "source": "Kjelde",
    "read_more": "les meir hos {place}",
    "tentative_means": "«Førebels» tyder at inga kjelde stadfestar datoen enno: han er rekna ut, "
    "skriven inn eller henta frå planen. Han kan bli flytta; kalenderen viser alltid den siste datoen.",
    "the_calendar": "Kalenderen",
    "see_calendar": "Sjå heile kalenderen",
    "why": "Du får dette brevet fordi:",
    "questions": "Spørsmål, eller er oppgåva ikkje di? Svar på dette brevet, eller skriv til",
    "sent_because": "Blir sendt {day} fordi {chain}.",
    "before": "{lead} før",
    "rolled_back": "{lead} før er {wished}, med brevdag {day}",
    "quoted": "«{phrase}»",
    "told": "sist fekk du datoen {before}",
    "not_done": "ikkje meld ferdig",
    "headline_moved": "Flytta til {date}",
    "headline_gone": "{word}",
    "headline_overdue": "Fristen var {date}",
    "headline_back": "Likevel {date}",
    "gone": "gjeld ikkje lenger",
    "opt_out": "Stopp desse breva",
}

_EN: Final = {
    "deadline": "due",
    "tentative": "tentative",
    "reminder": "Reminder",
    "late": "Late: this should have been sent on {due}.",
    "new": "New since the last letter.",
    "overdue": "This is past its date and nobody has reported it done. If it is done, please reply to this letter.",
    "moved": "Moved: {before} → {after}.",
    "cancelled": "Cancelled: {before} no longer holds.",
    "removed": "Taken out of the annual plan: {before} no longer holds.",
    "undated": "Without a date for now: {before} no longer holds.",
    "back": "Not cancelled after all: {after} holds.",
    "overdue_word": "Past its date",
    "moved_word": "Moved",
    "cancelled_word": "Cancelled",
    "removed_word": "Taken out",
    "undated_word": "Without a date",
    "back_word": "Not cancelled after all",
    "today": "today",
    "tomorrow": "tomorrow",
    "in_days": "in {lead}",
    "passed": "the date has passed",
    "main": "mainly responsible",
    "other": "jointly responsible",
    "you_are": "You are {role}.",
    "things": "items",
    "deadlines": "deadlines",
    "nearest": "the nearest",
    "first_first": "The most urgent comes first.",
    "to_confirm": "Dates that should be confirmed",
    "time": "Time",
    "place": "Place",
    "period": "Period",
    "responsible": "Responsible",
    "contributors": "Contributing",
    "calendar": "Calendar",
    "note": "Note",
    "source": "Source",
    "read_more": "read more at {place}",
    "tentative_means": "“Tentative” means that no source confirms the date yet: it is computed, typed in or taken "
    "from the plan. It may be moved; the calendar always shows the latest date.",
    "the_calendar": "The calendar",
    "see_calendar": "See the whole calendar",
    "why": "You get this letter because:",
    "questions": "A question, or is this not your task? Reply to this letter, or write to",
    "sent_because": "Sent on {day} because {chain}.",
    "before": "{lead} before",
    "rolled_back": "{lead} before is {wished}; letters go on {day}",
    "quoted": "“{phrase}”",
    "told": "you were last given {before}",
    "not_done": "not reported done",
    "headline_moved": "Moved to {date}",
    "headline_gone": "{word}",
    "headline_overdue": "Was due {date}",
    "headline_back": "On again {date}",
    "gone": "no longer holds",
    "opt_out": "Stop these letters",
}

SAY: Final[Mapping[str, Mapping[str, str]]] = {
    language: {**words, **OVERVIEW[language]} for language, words in (("nb", _NB), ("nn", _NN), ("en", _EN))
}
"""The words by language code; all three have the same names, each with the same blanks to fill."""


def read_language(text: str) -> str | None:
    """Return the code of a language that an administrator names ("nynorsk", "nn"), None for another."""
    return LANGUAGES.get(text.strip().casefold())


def counted(language: str, name: str, count: int, **blanks: str) -> str:
    """Return the words of that name for so many: "1 er usikkert", "2 er usikre"."""
    return SAY[language][f"{name}_one" if count == 1 else f"{name}_many"].format(count=count, **blanks)
