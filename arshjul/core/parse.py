"""A calendar file's document → a calendar, and everything that is wrong in that one file. Files together: `check`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from pydantic import ValidationError

from arshjul.core.addresses import read_address
from arshjul.core.cadences import turns
from arshjul.core.dates import Span, year_span
from arshjul.core.document import Document, Path
from arshjul.core.leads import KINDS, WEEKLY
from arshjul.core.model import Announcement, Calendar, Item, Party, Phrase, Recipient
from arshjul.core.offsets import Offset
from arshjul.core.phrases import read, read_condition, read_offset
from arshjul.core.problems import Place, Problem
from arshjul.core.shapes import (
    AnnouncementShape,
    CalendarShape,
    EventShape,
    FileShape,
    MeasureShape,
    MilestoneShape,
    PartyShape,
    complaints,
)
from arshjul.core.turns import Clock, NoOthers, Turn
from arshjul.core.wording import read_language

_PERIOD = re.compile(r"^\d{4}(-(\d\d(\.\d)?|H[12]|T[1-3]|Q[1-4]|W\d\d|\d\d-\d\d))?$")
_YEAR = re.compile(r"^\d{4}$")

understood = lru_cache(maxsize=4096)(read)
"""Phrases as they are read, each text once: a file that is edited says mostly what it said before."""


def parse(document: Document) -> tuple[Calendar | None, list[Problem]]:
    """Return the calendar, or None when its shape is wrong, with all problems in file order."""
    try:
        shape = FileShape.model_validate(document.data)
    except ValidationError as error:
        return None, complaints(error, document, FileShape)
    reading = _Reading(document, shape.calendar.id)
    calendar = reading.calendar(shape)
    return calendar, sorted(reading.problems)


@dataclass(slots=True)
class _Reading:
    """Goes through one file once and notes what is wrong on the way."""

    document: Document
    calendar_id: str
    problems: list[Problem] = field(default_factory=list)

    def calendar(self, shape: FileShape) -> Calendar:
        head: CalendarShape = shape.calendar
        items = [item for number, event in enumerate(shape.event) for item in self._event(event, ("event", number))]
        measures = [self._measure(measure, ("measure", number)) for number, measure in enumerate(shape.measure)]
        items += [measure for measure in measures if measure]
        parties = [self._party(party, ("party", number)) for number, party in enumerate(shape.party)]
        self._refuse_twins([(item.id, item.place) for item in items])
        self._refuse_twins([(party.id, party.place) for party in parties])
        return Calendar(
            id=head.id,
            name=head.name,
            public=head.visibility == "public",
            description=head.description,
            source=head.source,
            uses=head.uses,
            items=tuple(items),
            parties=tuple(parties),
            leads=self._leads(head.leads, ("calendar",)),
            leads_for=read_leads_for(head.leads_for, self.document, ("calendar", "leads_for"), self.problems),
            place=self.document.key_place("calendar"),
        )

    def _event(self, shape: EventShape, path: Path) -> Iterator[Item]:
        if not (shape.when or shape.variants or shape.announced):
            self._note(path, "when", f"Hendelsen «{shape.id}» har ingen dato.", "Skriv når den er: when = «12. mars».")
        yield Item(
            calendar=self.calendar_id,
            id=shape.id,
            title=shape.title,
            when=self._phrases(shape.when, (*path, "when")),
            listed=isinstance(self.document.at(*path, "when"), list),
            also=shape.also,
            variants=tuple(self._variants(shape.variants, (*path, "in"))),
            law=self._optional(shape.law, (*path, "law")),
            fixed_by=shape.fixed_by,
            source=shape.source,
            announced=dict(self._announced(shape.announced, (*path, "announced"))),
            announced_by=self._optional(shape.announced_by, (*path, "announced_by")),
            cancelled=frozenset(self._periods(shape.cancelled, (*path, "cancelled"))),
            note=shape.note,
            area=shape.area,
            location=shape.location,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
        )
        for number, milestone in enumerate(shape.milestones):
            yield self._milestone(milestone, shape, (*path, "milestones", number))

    def _milestone(self, shape: MilestoneShape, event: EventShape, path: Path) -> Item:
        return Item(
            calendar=self.calendar_id,
            id=f"{event.id}.{shape.id}",
            title=shape.title,
            when=self._phrases(shape.when, (*path, "when")),
            parent=event.id,
            source=shape.source or event.source,
            note=shape.note,
            area=event.area,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
        )

    def _measure(self, shape: MeasureShape, path: Path) -> Item | None:
        cadence = self._phrase(shape.cadence, (*path, "cadence"))
        if not shape.responsible:
            self._note(
                path, "responsible", f"Tiltaket «{shape.id}» har ingen ansvarlig.", "Skriv hvem: responsible = «…»."
            )
        timing = dict(self._timing(shape.timing, (*path, "timing")))
        if cadence is None:
            return None
        return Item(
            calendar=self.calendar_id,
            id=shape.id,
            title=shape.title,
            when=(cadence,),
            is_measure=True,
            also=shape.also,
            timing=timing,
            source=shape.source,
            note=shape.note,
            area=shape.area,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
        )

    def _party(self, shape: PartyShape, path: Path) -> Party:
        language = self._language(shape.language, (*path, "language"))
        people = {
            name: self._recipients(texts, (*path, "roles", name), language) for name, texts in shape.roles.items()
        }
        return Party(
            calendar=self.calendar_id,
            id=shape.id,
            name=shape.name,
            also=shape.also,
            members=self._recipients(shape.members, (*path, "members"), language),
            parts=shape.parts,
            roles=people,
            place=self.document.key_place(*path),
        )

    def _language(self, text: str, path: Path) -> str:
        """Return the code of the language that a party is written to in: bokmål unless it is said."""
        code = read_language(text) if text else "nb"
        if code is None:
            hint = "Skriv «bokmål», «nynorsk» eller «engelsk»."
            self._problem(self.document.value_place(*path), f"«{text}» er ikke noe språk vi skriver brev på.", hint)
        return code or "nb"

    def _recipients(self, texts: tuple[str, ...], path: Path, language: str) -> tuple[Recipient, ...]:
        found = []
        for number, text in enumerate(texts):
            try:
                found.append(read_address(text, language))
            except ValueError as error:
                self._problem(self.document.value_place(*path, number), str(error))
        return tuple(found)

    def _phrases(self, texts: tuple[str, ...], path: Path) -> tuple[Phrase, ...]:
        """Read the phrases of a `when`, which may be one text or a list of them."""
        listed = isinstance(self.document.at(*path), list)
        found = (self._phrase(text, (*path, number) if listed else path) for number, text in enumerate(texts))
        return tuple(phrase for phrase in found if phrase)

    def _phrase(self, text: str, path: Path) -> Phrase | None:
        place = self.document.value_place(*path)
        if (cadence := understood(text)) is not None:
            return Phrase(text, cadence, place)
        self._problem(
            place, f"Tidspunktet «{text}» har ingen sikker lesning.", "Prøv: arshjul read «…» viser hva som forstås."
        )
        return None

    def _optional(self, text: str, path: Path) -> Phrase | None:
        return self._phrase(text, path) if text else None

    def _variants(self, texts: Mapping[str, str], path: Path) -> Iterator[tuple[str, Phrase]]:
        for condition, text in texts.items():
            if read_condition(condition) is None:
                hint = "Skriv for eksempel «stortingsvalgår», «kommunevalgår», «oddetallsår» eller et årstall."
                self._problem(self.document.key_place(*path, condition), f"Vilkåret «{condition}» er ukjent.", hint)
            elif phrase := self._phrase(text, (*path, condition)):
                yield condition, phrase

    def _timing(self, texts: Mapping[str, str], path: Path) -> Iterator[tuple[int, Phrase]]:
        for year, text in texts.items():
            if not _YEAR.match(year):
                self._problem(self.document.key_place(*path, year), f"«{year}» er ikke noe årstall.")
            elif phrase := self._phrase(text, (*path, year)):
                yield int(year), phrase

    def _announced(self, shapes: Mapping[str, AnnouncementShape], path: Path) -> Iterator[tuple[str, Announcement]]:
        for period in self._periods(shapes, path):
            if announcement := self._announcement(shapes[period], period, (*path, period)):
                yield period, announcement

    def _announcement(self, shape: AnnouncementShape, period: str, path: Path) -> Announcement | None:
        turn = _written_days(shape.date, int(period[:4]))
        clock, checked = _written_time(shape.time), _written_date(shape.checked)
        if turn is None:
            hint = "Skriv «2026-10-07», «2026-08-10/2026-08-14» eller «7. oktober»."
            self._problem(self.document.value_place(*path), f"«{shape.date}» er ingen dato i {period[:4]}.", hint)
        elif shape.time and clock is None:
            self._problem(
                self.document.value_place(*path, "time"), f"«{shape.time}» er ikke noe klokkeslett.", "Skriv «10:00»."
            )
        elif shape.checked and checked is None:
            self._problem(
                self.document.value_place(*path, "checked"), f"«{shape.checked}» er ingen dato.", "Skriv «2026-11-20»."
            )
        else:
            return Announcement(turn.days, clock or turn.clock, shape.source, checked)
        return None

    def _periods(self, names: Mapping[str, object] | tuple[str, ...], path: Path) -> Iterator[str]:
        for name in names:
            if _PERIOD.match(name):
                yield name
            else:
                hint = (
                    "En periode er et årstall (2026), en måned (2026-09), et kvartal (2026-Q3) eller en uke (2026-W12)."
                )
                self._problem(self.document.key_place(*path, name), f"«{name}» er ingen periode.", hint)

    def _leads(self, texts: tuple[str, ...] | None, path: Path) -> tuple[Offset, ...] | None:
        if texts is None:
            return None
        return read_leads(texts, self.document, (*path, "leads"), self.problems)

    def _refuse_twins(self, ids: list[tuple[str, Place | None]]) -> None:
        first: dict[str, Place | None] = {}
        for name, place in ids:
            if name in first and place:
                self._problem(
                    place,
                    f"Id-en «{name}» er brukt før, i {first[name]}.",
                    "Hver hendelse, hvert tiltak og hver part har sin egen id.",
                )
            first.setdefault(name, place)

    def _note(self, path: Path, key: str, message: str, hint: str) -> None:
        self._problem(self.document.key_place(*path, key), message, hint)

    def _problem(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place, message, hint))


def read_leads(texts: tuple[str, ...], document: Document, path: Path, problems: list[Problem]) -> tuple[Offset, ...]:
    """Return the lead times, longest first as written; what cannot be read is added to the problems."""
    found = []
    for number, text in enumerate(texts):
        offset = read_offset(text)
        if offset is None:
            place = document.value_place(*path, number)
            problems.append(
                Problem(place, f"Varslingstiden «{text}» kan ikke leses.", "Skriv 20 (virkedager) eller «3 uker».")
            )
        else:
            found.append(offset)
    return tuple(found)


def read_leads_for(
    texts: Mapping[str, tuple[str, ...]], document: Document, path: Path, problems: list[Problem]
) -> dict[str, tuple[Offset, ...]]:
    """Return the lead times by kind of cadence; what comes round every week is told of once at most."""
    found = {}
    for kind, leads in texts.items():
        offsets = read_leads(leads, document, (*path, kind), problems)
        if kind not in KINDS:
            place = document.key_place(*path, kind)
            problems.append(Problem(place, f"«{kind}» er ingen hyppighet.", f"Skriv en av {', '.join(KINDS)}."))
        elif kind == WEEKLY and len(offsets) > 1:
            place = document.value_place(*path, kind)
            problems.append(Problem(place, "Det som kommer hver uke, varsles høyst én gang.", "Skriv bare ett tall."))
        found[kind] = offsets
    return found


def _written_days(text: str, year: int) -> Turn | None:
    """Return the days that a text names in, or next to, a year; None unless it names them once and for certain."""
    first, _, last = text.partition("/")
    try:
        return Turn(str(year), Span.of(date.fromisoformat(first), date.fromisoformat(last or first)))
    except ValueError:
        cadence = understood(text)
    found = turns(cadence, year_span(year), NoOthers()) if cadence else []
    return found[0] if len(found) == 1 else None


def _written_time(text: str) -> Clock | None:
    try:
        return Clock(time.fromisoformat(text.replace(".", ":")))
    except ValueError:
        return None


def _written_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
