"""A calendar file's document → a calendar, and everything that is wrong in that one file. Files together: `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pydantic import ValidationError

from arshjul.plan.addresses import read_address
from arshjul.plan.announced import Fault, read_announcement, read_leads, read_leads_for, read_plan, wrong_weekday
from arshjul.plan.model import Announcement, Calendar, Item, Party, Phrase, Recipient, Variant
from arshjul.plan.parties import cell_fault
from arshjul.plan.problems import Document, KeyPath, Place, Problem
from arshjul.plan.shapes import (
    AnnouncementShape,
    CalendarShape,
    EventShape,
    FileShape,
    MeasureShape,
    MilestoneShape,
    PartyShape,
    VariantShape,
    WorkShape,
    complaints,
    quoted,
)
from arshjul.timing.cadences import Nothing
from arshjul.timing.days import FIRST_COLUMN, LAST_COLUMN, Offset, is_column, is_period, other_years, outlier_years
from arshjul.timing.phrases import read, read_condition
from arshjul.words import list_in_words, read_language

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
        items += [self._measure(measure, ("measure", number)) for number, measure in enumerate(shape.measure)]
        self._refuse_far_columns(shape.measure)
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
            shows_private=head.shows_private,
            items=tuple(items),
            parties=tuple(parties),
            leads=self._leads(head.leads, ("calendar",)),
            leads_for=read_leads_for(head.leads_for, self.document, ("calendar", "leads_for"), self.problems),
            place=self.document.key_place("calendar"),
        )

    def _event(self, shape: EventShape, path: KeyPath) -> Iterator[Item]:
        before = len(self.problems)
        if not (shape.when or shape.variants or shape.announced):
            self._note(path, "when", f"Hendelsen «{shape.id}» har ingen dato.", "Skriv når den er: when = «12. mars».")
        self._cells(shape, path)
        event = Item(
            calendar=self.calendar_id,
            id=shape.was or shape.id,
            title=shape.title,
            when=self._phrases(shape.when, (*path, "when")),
            listed=isinstance(self.document.at(*path, "when"), list),
            also=self._also(shape, shape.also),
            was=shape.was,
            variants=tuple(self._variants(shape.variants, (*path, "in"))),
            law=self._optional(shape.law, (*path, "law")),
            fixed_by=shape.fixed_by,
            source=shape.source,
            announced=dict(self._announced(shape.announced, (*path, "announced"))),
            announced_by=self._optional(shape.announced_by, (*path, "announced_by")),
            cancelled=frozenset(self._cancelled(shape.cancelled, (*path, "cancelled"))),
            held=dict(self._announced(shape.held, (*path, "held"))),
            note=shape.note,
            area=shape.area,
            location=shape.location,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
            places=dict(self._places(shape, path)),
        )
        yield replace(event, half_read=len(self.problems) > before)
        for number, milestone in enumerate(shape.milestones):
            yield self._milestone(milestone, event, shape.area, (*path, "milestones", number))

    def _also(self, shape: WorkShape, also: tuple[str, ...]) -> tuple[str, ...]:
        """Return the other names of an item; with `was` its new id is one of them, for phrases that lean on it."""
        return (*also, shape.id) if shape.was else also

    def _milestone(self, shape: MilestoneShape, event: Item, area: str, path: KeyPath) -> Item:
        before = len(self.problems)
        self._cells(shape, path)
        milestone = Item(
            calendar=self.calendar_id,
            id=f"{event.id}.{shape.was or shape.id}",
            title=shape.title,
            when=self._phrases(shape.when, (*path, "when")),
            parent=event.id,
            was=shape.was,
            held=dict(self._announced(shape.held, (*path, "held"))),
            source=shape.source or event.source,
            note=shape.note,
            area=area,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
            places=dict(self._held_places(shape, path)),
        )
        return replace(milestone, half_read=len(self.problems) > before)

    def _measure(self, shape: MeasureShape, path: KeyPath) -> Item:
        before = len(self.problems)
        cadence = self._phrase(shape.cadence, (*path, "cadence")) or Phrase(shape.cadence, Nothing())
        if not shape.responsible:
            self._note(
                path, "responsible", f"Tiltaket «{shape.id}» har ingen ansvarlig.", "Skriv hvem: responsible = «…»."
            )
        timing = dict(self._timing(shape.timing, (*path, "timing")))
        self._cells(shape, path)
        measure = Item(
            calendar=self.calendar_id,
            id=shape.was or shape.id,
            title=shape.title,
            when=(cadence,),
            is_measure=True,
            also=self._also(shape, shape.also),
            was=shape.was,
            held=dict(self._announced(shape.held, (*path, "held"))),
            timing=timing,
            source=shape.source,
            note=shape.note,
            area=shape.area,
            responsible=shape.responsible,
            contributors=shape.contributors,
            leads=self._leads(shape.leads, path),
            place=self.document.key_place(*path),
            places={f"timing.{year}": self.document.value_place(*path, "timing", str(year)) for year in timing}
            | dict(self._held_places(shape, path)),
        )
        return replace(measure, half_read=len(self.problems) > before)

    def _cells(self, shape: WorkShape, path: KeyPath) -> None:
        """Refuse cells that name nobody, or only half of whom they mean."""
        for key, cell in (("responsible", shape.responsible), ("contributors", shape.contributors)):
            if cell and (fault := cell_fault(cell)):
                self._problem(self.document.value_place(*path, key), f"{quoted(cell)} i «{shape.id}» {fault}.")

    def _party(self, shape: PartyShape, path: KeyPath) -> Party:
        before = len(self.problems)
        language = self._language(shape.language, (*path, "language"))
        people = {
            name: self._recipients(texts, (*path, "roles", name), language) for name, texts in shape.roles.items()
        }
        for number, cell in enumerate(shape.parts):
            if fault := cell_fault(cell):
                place = self.document.value_place(*path, "parts", number)
                self._problem(place, f"{quoted(cell)} i «{shape.name}» {fault}.")
        party = Party(
            calendar=self.calendar_id,
            id=shape.id,
            name=shape.name,
            also=shape.also,
            members=self._recipients(shape.members, (*path, "members"), language),
            parts=shape.parts,
            roles=people,
            place=self.document.key_place(*path),
        )
        return replace(party, half_read=len(self.problems) > before)

    def _language(self, text: str, path: KeyPath) -> str:
        """Return the code of the language that a party is written to in: bokmål unless it is said."""
        code = read_language(text) if text else "nb"
        if code is None:
            hint = "Skriv «bokmål», «nynorsk» eller «engelsk»."
            self._problem(
                self.document.value_place(*path), f"{quoted(text)} er ikke noe språk vi skriver brev på.", hint
            )
        return code or "nb"

    def _recipients(self, texts: tuple[str, ...], path: KeyPath, language: str) -> tuple[Recipient, ...]:
        found = []
        for number, text in enumerate(texts):
            try:
                found.append(read_address(text, language))
            except ValueError as error:
                self._problem(self.document.value_place(*path, number), str(error))
        return tuple(found)

    def _phrases(self, texts: tuple[str, ...], path: KeyPath) -> tuple[Phrase, ...]:
        """Read the phrases of a `when`, which may be one text or a list of them."""
        listed = isinstance(self.document.at(*path), list)
        read_ = [self._phrase(text, (*path, number) if listed else path) for number, text in enumerate(texts)]
        found = [phrase for phrase in read_ if phrase]
        for number, phrase in enumerate(found):
            if phrase.place and phrase.cadence in [earlier.cadence for earlier in found[:number]]:
                self._problem(phrase.place, f"Tidspunktet {quoted(phrase.text)} står to ganger i listen.")
        return tuple(found)

    def _phrase(self, text: str, path: KeyPath, year: int | None = None) -> Phrase | None:
        """Read a phrase; `year` is the one that it stands for, where the file says which."""
        place = self.document.value_place(*path)
        if wrong := wrong_weekday(text, year):
            self._problem(place, f"{quoted(text)}: {wrong}.", "Er det dagen eller datoen som er feil?")
            return None
        if (cadence := understood(text)) is not None:
            return Phrase(text, cadence, place)
        self._problem(
            place,
            f"Tidspunktet {quoted(text)} har ingen sikker lesning.",
            "Prøv: arshjul read «…» viser hva som forstås.",
        )
        return None

    def _optional(self, text: str, path: KeyPath) -> Phrase | None:
        return self._phrase(text, path) if text else None

    def _variants(self, shapes: Mapping[str, VariantShape], path: KeyPath) -> Iterator[Variant]:
        for text, shape in shapes.items():
            at = (*path, text)
            if (condition := read_condition(text)) is None:
                hint = "Skriv for eksempel «stortingsvalgår», «kommunevalgår», «oddetallsår» eller et årstall."
                self._problem(self.document.key_place(*at), f"Vilkåret {quoted(text)} er ukjent.", hint)
            elif shape.dates or shape.when is None or shape.has_more:
                yield from (Variant(text, condition, phrase) for phrase in self._plan(text, shape, at))
            elif phrase := self._phrase(shape.when, at, int(text) if is_column(text) else None):
                yield Variant(text, condition, phrase)

    def _plan(self, condition: str, shape: VariantShape, path: KeyPath) -> Iterator[Phrase]:
        """Read the dates that somebody has decided for one year; each is a meeting."""
        hint = 'Skriv in.2027 = { dates = "5. februar, 16. april", source = "…" }.'
        if not shape.dates or shape.when is not None:
            self._problem(self.document.key_place(*path), "En plan for et år skal ha «dates», og ikke «when».", hint)
        elif not is_column(condition):
            self._problem(self.document.key_place(*path), f"Datoer gjelder ett år, ikke {quoted(condition)}.", hint)
        elif isinstance(found := read_plan(shape, int(condition)), Fault):
            self._problem(self.document.value_place(*path, *found.key), found.message, found.hint)
        else:
            yield from (replace(phrase, place=self.document.value_place(*path, "dates")) for phrase in found)

    def _timing(self, texts: Mapping[str, str], path: KeyPath) -> Iterator[tuple[int, Phrase]]:
        for year, text in texts.items():
            if not is_column(year):
                hint = f"Skriv et årstall fra {FIRST_COLUMN} til {LAST_COLUMN}."
                self._problem(
                    self.document.key_place(*path, year), f"{quoted(year)} er ikke noe årstall i planen.", hint
                )
            elif phrase := self._phrase(text, (*path, year), int(year)):
                if named := other_years(text, int(year)):
                    message = (
                        f"Kolonnen for {year} sier {quoted(text)}, som er i {list_in_words(tuple(map(str, named)))}."
                    )
                    self._problem(self.document.value_place(*path, year), message, "Rett året, eller flytt teksten.")
                yield int(year), phrase

    def _refuse_far_columns(self, shapes: tuple[MeasureShape, ...]) -> None:
        columns = [(int(year), number) for number, one in enumerate(shapes) for year in one.timing if is_column(year)]
        far = outlier_years([year for year, _ in columns])
        for year, number in columns:
            if year in far:
                place = self.document.key_place("measure", number, "timing", str(year))
                self._problem(place, f"Kolonnen for {year} ligger langt fra resten av planen.", "Er årstallet riktig?")

    def _announced(self, shapes: Mapping[str, AnnouncementShape], path: KeyPath) -> Iterator[tuple[str, Announcement]]:
        for period in self._periods((name, self.document.key_place(*path, name)) for name in shapes):
            found = read_announcement(shapes[period], period)
            if isinstance(found, Announcement):
                yield period, found
            else:
                self._problem(self.document.value_place(*path, period, *found.key), found.message, found.hint)

    def _cancelled(self, names: tuple[str, ...], path: KeyPath) -> Iterator[str]:
        yield from self._periods((name, self.document.value_place(*path, nth)) for nth, name in enumerate(names))

    def _places(self, shape: EventShape, path: KeyPath) -> Iterator[tuple[str, Place]]:
        """Yield where the periods stand that `check` may have something to say of."""
        for period in shape.announced:
            yield f"announced.{period}", self.document.key_place(*path, "announced", period)
        for number, period in enumerate(shape.cancelled):
            yield f"cancelled.{period}", self.document.value_place(*path, "cancelled", number)
        yield from self._held_places(shape, path)

    def _held_places(self, shape: WorkShape, path: KeyPath) -> Iterator[tuple[str, Place]]:
        for period in shape.held:
            yield f"held.{period}", self.document.key_place(*path, "held", period)

    def _periods(self, names: Iterable[tuple[str, Place]]) -> Iterator[str]:
        for name, place in names:
            if is_period(name):
                yield name
            else:
                hint = (
                    "En periode er et årstall (2026), en måned (2026-09), et kvartal (2026-Q3) eller en uke (2026-W12)."
                )
                self._problem(place, f"{quoted(name)} er ingen periode.", hint)

    def _leads(self, texts: tuple[str, ...] | None, path: KeyPath) -> tuple[Offset, ...] | None:
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

    def _note(self, path: KeyPath, key: str, message: str, hint: str) -> None:
        self._problem(self.document.key_place(*path, key), message, hint)

    def _problem(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place, message, hint))
