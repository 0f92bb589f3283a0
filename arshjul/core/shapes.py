"""What a calendar file may hold, as pydantic shapes, and pydantic's complaints in an administrator's words.

Only shapes: whether a phrase or a party makes sense is for `parse` and `check`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from arshjul.core.document import Document, Path
from arshjul.core.problems import Problem

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def clean(text: str) -> str:
    """Return the text on one line in NFC, without what Word leaves in it: soft hyphens, hard spaces, control signs."""
    shown = "".join(char if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") else " " for char in text)
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", shown)).split())


def _text(value: object) -> object:
    """Accept a date that was written without quotation marks: TOML has read it as a date."""
    if isinstance(value, date):
        return value.isoformat()
    return clean(value) if isinstance(value, str) else value


def _texts(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _announcement(value: object) -> object:
    return value if isinstance(value, dict) else {"date": value}


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _lead(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("lead", "En varslingstid er et antall virkedager (20) eller en tekst («3 uker»).")
    return str(value) if isinstance(value, str) else f"{value} virkedager"


Text = Annotated[str, BeforeValidator(_text)]
Filled = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1)]
Id = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_tuple)]
Phrases = Annotated[tuple[Filled, ...], BeforeValidator(_texts)]
Leads = Annotated[tuple[Annotated[str, BeforeValidator(_lead)], ...], BeforeValidator(_tuple)]
LeadsFor = dict[Text, Leads]


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
    leads: Leads | None = None
    leads_for: LeadsFor = Field(default_factory=dict)


class PartyShape(Shape):
    """[[party]]."""

    id: Id
    name: Filled
    also: Texts = ()
    members: Texts = ()
    parts: Texts = ()
    roles: dict[Text, Texts] = Field(default_factory=dict)
    language: Text = ""


class AnnouncementShape(Shape):
    """One date in `announced`."""

    date: Filled
    time: Text = ""
    source: Text = ""
    checked: Text = ""


class WorkShape(Shape):
    """What events, milestones and measures share."""

    id: Id
    title: Filled
    responsible: Text = ""
    contributors: Text = ""
    leads: Leads | None = None
    note: Text = ""
    source: Text = ""


class MilestoneShape(WorkShape):
    """A step before or after its event."""

    when: Phrases


class EventShape(WorkShape):
    """[[event]]."""

    when: Phrases = ()
    variants: dict[Text, Filled] = Field(default_factory=dict, alias="in")
    also: Texts = ()
    law: Text = ""
    fixed_by: Text = ""
    announced: dict[Text, Annotated[AnnouncementShape, BeforeValidator(_announcement)]] = Field(default_factory=dict)
    announced_by: Text = ""
    cancelled: Texts = ()
    area: Text = ""
    location: Text = ""
    milestones: Annotated[tuple[MilestoneShape, ...], BeforeValidator(_tuple)] = ()


class MeasureShape(WorkShape):
    """[[measure]]."""

    cadence: Text
    timing: dict[Text, Text] = Field(default_factory=dict)
    also: Texts = ()
    area: Text = ""


class FileShape(Shape):
    """A whole calendar file."""

    calendar: CalendarShape
    party: Annotated[tuple[PartyShape, ...], BeforeValidator(_tuple)] = ()
    event: Annotated[tuple[EventShape, ...], BeforeValidator(_tuple)] = ()
    measure: Annotated[tuple[MeasureShape, ...], BeforeValidator(_tuple)] = ()


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
    "dict_type": "Her skal det stå en tabell: { … }.",
    "model_type": "Her skal det stå en tabell: { … }.",
    "bool_type": "Her skal det stå true eller false.",
    "int_type": "Her skal det stå et helt tall.",
    "string_too_short": "Her står det ingenting.",
    "string_too_long": "Teksten er for lang.",
}


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
    if near := difflib.get_close_matches(folded, names, n=1, cutoff=0.6):
        return f"Mente du «{near[0]}»?"
    return f"Her kan stå: {', '.join(names)}."


def complaints(error: ValidationError, document: Document, shape: type[BaseModel]) -> list[Problem]:
    """Return pydantic's errors as problems with the place in the file, in file order."""
    return sorted(_complaint(detail, document, shape) for detail in error.errors())


def _complaint(detail: ErrorDetails, document: Document, shape: type[BaseModel]) -> Problem:
    path: Path = detail["loc"]
    key, kind = str(path[-1]), detail["type"]
    if kind == "extra_forbidden":
        place = document.key_place(*path)
        return Problem(
            place, f"Ukjent nøkkel «{key}»{_under(path)}.", suggestion(key, known_keys(_shape_at(shape, path[:-1])))
        )
    if kind == "missing":
        return Problem(document.key_place(*path), f"Nøkkelen «{key}» mangler{_under(path)}.")
    place = document.value_place(*path)
    if kind == "string_pattern_mismatch":
        return Problem(place, *_pattern(key, detail.get("input")))
    if kind == "lead":
        return Problem(place, detail["msg"])
    return Problem(place, f"«{_named(path)}»: {_KINDS.get(kind, detail['msg'])}")


def _pattern(key: str, value: object) -> tuple[str, str]:
    if key == "visibility":
        return f"«{value}» er ingen synlighet.", "Skriv «public» (alle kan abonnere) eller «private» (bare med lenke)."
    return (
        f"«{value}» kan ikke brukes som id.",
        "En id har bare små bokstaver a–z, tall, bindestrek og punktum, og endres aldri.",
    )


def _named(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _under(path: Path) -> str:
    if len(path) == 1:
        return ""
    return f" under [[{path[0]}]]" if isinstance(path[1], int) else f" under [{path[0]}]"


def _shape_at(shape: type[BaseModel], path: Path) -> type[BaseModel]:
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
