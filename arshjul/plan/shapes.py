"""What a calendar file may hold, as pydantic shapes, and pydantic's complaints in an administrator's words.

Only shapes: whether a phrase or a party makes sense is for `parse` and `check`.
"""

from __future__ import annotations

import difflib
import heapq
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date, time
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from arshjul.plan.problems import Document, KeyPath, Problem
from arshjul.printable import printable

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Also the signs that turn the direction of what follows: with them a name can look like another one."""

SHOWN = 80
"""UTF-16 units of a text that is quoted in a message."""
NEAREST = 5
"""How many names of events or parties are told when none is meant for certain."""
SUGGESTED = 20
"""How many misspelled names of one file get a suggestion: each is held against all names, and nobody reads more."""
COMPARED = 200
"""How many names are compared letter by letter; of more, those that have the most pairs of letters in common."""
LONGEST_LIST = 1_000
"""Entries of one list, or of one table of years: each is dated by itself, and the shipped calendars have 60 at most."""


def clean(text: str) -> str:
    """Return the text on one line in NFC, without what Word leaves in it: soft hyphens, hard spaces, control signs."""
    shown = "".join(char if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") else " " for char in text)
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", shown)).split())


def quoted(text: str) -> str:
    """Return «text», cut where it is too long to find the message in."""
    return f"«{printable(text, SHOWN)}»"


def _text(value: object) -> object:
    """Accept a date or a time that was written without quotation marks: TOML has read it as one."""
    if isinstance(value, date | time):
        return value.isoformat()
    return clean(value) if isinstance(value, str) else value


def _texts(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _announcement(value: object) -> object:
    return value if isinstance(value, dict) else {"date": value}


def _variant(value: object) -> object:
    return value if isinstance(value, dict) else {"when": value}


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _lead(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("lead", "En varslingstid er et antall virkedager (20) eller en tekst («3 uker»).")
    return str(value) if isinstance(value, str) else f"{value} virkedager"


_AT_MOST = Field(max_length=LONGEST_LIST)

Text = Annotated[str, BeforeValidator(_text)]
Filled = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1)]
Id = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Texts = Annotated[tuple[Text, ...], _AT_MOST, BeforeValidator(_tuple)]
Phrases = Annotated[tuple[Filled, ...], _AT_MOST, BeforeValidator(_texts)]
Leads = Annotated[tuple[Annotated[str, BeforeValidator(_lead)], ...], _AT_MOST, BeforeValidator(_tuple)]
LeadsFor = Annotated[dict[Text, Leads], _AT_MOST]


class Shape(BaseModel):
    """A table in a file: no key that we do not know, no value of another kind than asked for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CalendarShape(Shape):
    """[calendar]."""

    id: Id
    name: Filled
    visibility: Annotated[Text, StringConstraints(pattern="^(public|private)$")] = "private"
    description: Text = ""
    source: Text = ""
    uses: Texts = ()
    shows_private: bool = False
    leads: Leads | None = None
    leads_for: LeadsFor = Field(default_factory=dict)


class PartyShape(Shape):
    """[[party]]."""

    id: Id
    name: Filled
    also: Texts = ()
    members: Texts = ()
    parts: Texts = ()
    roles: Annotated[dict[Text, Texts], _AT_MOST] = Field(default_factory=dict)
    language: Text = ""


class AnnouncementShape(Shape):
    """One date in `announced`."""

    date: Filled
    time: Text = ""
    source: Text = ""
    checked: Text = ""
    unusual: Text = ""


Announcements = Annotated[dict[Text, Annotated[AnnouncementShape, BeforeValidator(_announcement)]], _AT_MOST]


class VariantShape(Shape):
    """What holds in a sort of year: a text in `in`, or a plan of dates for one year."""

    when: Text | None = None
    dates: Phrases = ()
    time: Text = ""
    source: Text = ""
    checked: Text = ""
    unusual: Text = ""

    @property
    def has_more(self) -> bool:
        """Whether it says something that only a plan of dates can."""
        return bool(self.time or self.source or self.checked or self.unusual)


Variants = Annotated[dict[Text, Annotated[VariantShape, BeforeValidator(_variant)]], _AT_MOST]


class WorkShape(Shape):
    """What events, milestones and measures share."""

    id: Id
    title: Filled
    responsible: Text = ""
    contributors: Text = ""
    was: Text | None = None
    held: Announcements = Field(default_factory=dict)
    leads: Leads | None = None
    note: Text = ""
    source: Text = ""


class MilestoneShape(WorkShape):
    """A step before or after its event."""

    when: Phrases


class EventShape(WorkShape):
    """[[event]]."""

    when: Phrases = ()
    variants: Variants = Field(default_factory=dict, alias="in")
    also: Texts = ()
    law: Text = ""
    fixed_by: Text = ""
    announced: Announcements = Field(default_factory=dict)
    announced_by: Text = ""
    cancelled: Texts = ()
    area: Text = ""
    location: Text = ""
    milestones: Annotated[tuple[MilestoneShape, ...], _AT_MOST, BeforeValidator(_tuple)] = ()


class MeasureShape(WorkShape):
    """[[measure]]."""

    cadence: Text
    timing: Annotated[dict[Text, Text], _AT_MOST] = Field(default_factory=dict)
    also: Texts = ()
    area: Text = ""


class FileShape(Shape):
    """A whole calendar file."""

    calendar: CalendarShape
    party: Annotated[tuple[PartyShape, ...], BeforeValidator(_tuple)] = ()
    event: Annotated[tuple[EventShape, ...], BeforeValidator(_tuple)] = ()
    measure: Annotated[tuple[MeasureShape, ...], BeforeValidator(_tuple)] = ()


_MANY = ("party", "event", "measure")

NORWEGIAN_KEYS = {
    "ansvar": "responsible", "ansvarlig": "responsible", "ansvarleg": "responsible",
    "medvirkende": "contributors", "medverkande": "contributors", "medansvarlig": "contributors",
    "årshjul": "cadence", "hyppighet": "cadence", "frekvens": "cadence",
    "tidspunkt": "timing", "tid": "when", "når": "when", "dato": "when", "frist": "when",
    "tittel": "title", "navn": "name", "namn": "name", "kilde": "source", "kjelde": "source", "sted": "location",
    "stad": "location", "merknad": "note", "område": "area", "varsling": "leads", "varslingstid": "leads",
    "kalender": "calendar", "hendelse": "event", "hending": "event", "møte": "event", "tiltak": "measure",
    "part": "party", "rolle": "party", "medlemmer": "members", "deler": "parts", "roller": "roles",
    "milepæler": "milestones", "avlyst": "cancelled", "bekreftet": "announced", "lov": "law", "bruker": "uses",
    "synlighet": "visibility", "språk": "language", "målform": "language", "beskrivelse": "description", "også": "also",
}  # fmt: skip

_KINDS = {
    "string_type": "Her skal det stå en tekst i anførselstegn.",
    "tuple_type": "Her skal det stå en liste: [ … ].",
    "dict_type": "Her skal det stå en tabell: {{ … }}.",
    "model_type": "Her skal det stå en tabell: {{ … }}.",
    "bool_type": "Her skal det stå true eller false.",
    "int_type": "Her skal det stå et helt tall.",
    "int_from_float": "Her skal det stå et helt tall.",
    "float_type": "Her skal det stå et tall.",
    "finite_number": "Her skal det stå et tall.",
    "string_too_short": "Her står det ingenting.",
    "string_too_long": "Teksten er for lang.",
    "too_short": "Listen har for få ledd.",
    "too_long": "Her kan det stå høyst {max_length} ledd.",
    "greater_than_equal": "Tallet kan ikke være mindre enn {ge}.",
    "less_than_equal": "Tallet kan ikke være større enn {le}.",
    "greater_than": "Tallet må være større enn {gt}.",
    "less_than": "Tallet må være mindre enn {lt}.",
}

_ORS = re.compile(r" or |, ")


def known_keys(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def suggestion(key: str, known: Iterable[str], synonyms: dict[str, str] = NORWEGIAN_KEYS) -> str:
    """Return "Mente du «x»?" for a key that nearly is one of the known ones, or the known ones where none is near."""
    names = list(known)
    folded = key.casefold()
    if folded in ("password", "passord") and "password_file" in names:
        return "Et passord skal aldri stå her. Sett miljøvariabelen ARSHJUL_SMTP_PASSWORD, eller skriv password_file."
    if synonyms.get(folded) in names:
        return f"Skriv «{synonyms[folded]}»."
    compared = _compared(folded, names)
    if near := difflib.get_close_matches(folded, compared, n=1, cutoff=0.6):
        return f"Mente du «{near[0]}»?"
    if not synonyms and len(names) > NEAREST:
        near = difflib.get_close_matches(folded, compared, n=NEAREST, cutoff=0)
        return f"De nærmeste er: {', '.join(near)}."
    return f"Her kan stå: {', '.join(names)}."


def _compared(key: str, names: Sequence[str]) -> Sequence[str]:
    """Return the names that are worth comparing letter by letter, which takes long where there are thousands."""
    pairs = _pairs(key)
    return names if len(names) <= COMPARED else heapq.nlargest(COMPARED, names, lambda name: len(pairs & _pairs(name)))


def _pairs(name: str) -> set[str]:
    folded = name.casefold()
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


@dataclass(slots=True)
class Suggester:
    """Makes the suggestions for the first misspelled names of each file; the others get none."""

    _made: Counter[str] = field_of(default_factory=Counter)

    def suggest(self, file: str, key: str, known: Iterable[str], synonyms: dict[str, str]) -> str:
        """Return `suggestion`, or "" where the file has had its share."""
        self._made[file] += 1
        return suggestion(key, known, synonyms) if self._made[file] <= SUGGESTED else ""


def complaints(error: ValidationError, document: Document, shape: type[BaseModel]) -> list[Problem]:
    """Return pydantic's errors as problems with the place in the file, in file order."""
    suggester = Suggester()
    return sorted(_complaint(detail, document, shape, suggester) for detail in error.errors())


def _complaint(detail: ErrorDetails, document: Document, shape: type[BaseModel], suggester: Suggester) -> Problem:
    path: KeyPath = detail["loc"]
    key, kind = printable(path[-1], SHOWN), detail["type"]
    if kind == "extra_forbidden":
        place = document.key_place(*path)
        keys = known_keys(_shape_at(shape, path[:-1]))
        hint = suggester.suggest(document.file, key, keys, NORWEGIAN_KEYS)
        return Problem(place, f"Ukjent nøkkel «{key}»{_under(path)}.", hint)
    if kind == "missing":
        return Problem(document.key_place(*path), f"Nøkkelen «{key}» mangler{_under(path)}.")
    if brackets := _brackets(path, detail.get("input")):
        return Problem(document.key_place(*path), *brackets)
    # A table may stand in many places, each year for itself: the first key of it is shown.
    place = document.key_place(*path) if isinstance(detail.get("input"), dict) else document.value_place(*path)
    if kind == "string_pattern_mismatch":
        return Problem(place, *_pattern(key, detail.get("input")))
    if kind in ("lead", "address"):
        return Problem(place, detail["msg"])
    if isinstance(detail.get("input"), str) and kind in ("too_short", "too_long"):
        kind = f"string_{kind}"  # pydantic counts signs and list entries with the same words
    return Problem(place, f"«{_named(path)}»: {_said(kind, detail.get('ctx', {}))}")


def _said(kind: str, limits: Mapping[str, object]) -> str:
    """Return what is wrong with a value. What has no sentence of its own gets a plain one, never pydantic's English."""
    if kind == "literal_error":
        return f"Her kan stå {' eller '.join(_ORS.split(str(limits['expected']).replace(chr(39), chr(34))))}."
    return _KINDS.get(kind, "Verdien kan ikke brukes her.").format_map(limits)


def _brackets(path: KeyPath, value: object) -> tuple[str, str] | None:
    """Return what is wrong when a table that comes many times has one bracket, or one that comes once has two."""
    (key, *rest) = path
    if rest or (key in _MANY) != isinstance(value, dict) or not isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return f"[{key}] er skrevet med én hakeparentes.", f"Skriv [[{key}]] med to hakeparenteser."
    if not all(isinstance(one, dict) for one in value):
        return None
    return f"[[{key}]] er skrevet med to hakeparenteser.", f"Skriv [{key}] med én hakeparentes."


def _pattern(key: str, value: object) -> tuple[str, str]:
    if key == "visibility":
        return (
            f"{quoted(str(value))} er ingen synlighet.",
            "Skriv «public» (alle kan abonnere) eller «private» (bare med lenke).",
        )
    return (
        f"{quoted(str(value))} kan ikke brukes som id.",
        "En id har bare små bokstaver a–z, tall, bindestrek og punktum, og endres aldri.",
    )


def _named(path: KeyPath) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _under(path: KeyPath) -> str:
    """Return where a key stands: " under announced.2027 i [[event]]"."""
    if len(path) == 1:
        return ""
    top = f"[[{path[0]}]]" if isinstance(path[1], int) else f"[{path[0]}]"
    within = ".".join(part for part in path[1:-1] if isinstance(part, str))
    return f" under {within} i {top}" if within else f" under {top}"


def _shape_at(shape: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    """Follow a path of keys down to the shape that stands there."""
    for part in path:
        if isinstance(part, int):
            continue
        for name, field in shape.model_fields.items():
            if part in (name, field.alias) and (inner := _inner(field.annotation)):
                shape = inner
    return shape


def _inner(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  (typing has no type for annotations)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_inner(part) for part in getattr(annotation, "__args__", ()))
    return next((shape for shape in found if shape), None)
