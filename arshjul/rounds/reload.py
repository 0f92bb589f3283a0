"""Files → what a service can be run with: settings and catalogue, or the problems that stand in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from arshjul.config import Settings, read_settings
from arshjul.core.check import assemble
from arshjul.core.model import Catalogue
from arshjul.core.parse import parse
from arshjul.core.problems import Place, Problem
from arshjul.files.read import Fingerprint, Source, calendar_paths, fingerprint, overlooked, read_source, source_of

CONFIG = "config.toml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was written down, at one moment. `changed` is when the youngest calendar file was saved (UTC).

    `files` are the calendar files, each with its text and when it was saved. Without `has_settings`, config.toml could
    not be used, and `settings` are nobody's.
    """

    settings: Settings
    catalogue: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    fingerprint: Fingerprint = ()
    changed: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    files: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    has_settings: bool = True


def load(folder: Path) -> Loaded:
    """Read config.toml and all calendars below a folder. With a problem, nothing of it is to be used."""
    settings, problems = _settings(folder)
    marks = site_fingerprint(settings)
    if problems:
        return Loaded(settings, problems=tuple(problems), fingerprint=marks, has_settings=False)
    paths = calendar_paths(settings.calendars)
    if not paths:
        return Loaded(settings, problems=(_no_calendars(settings),), fingerprint=marks)
    return _loaded(settings, [read_source(path, _shown(path, folder)) for path in paths], marks)


def load_kept(now: Loaded, files: Mapping[str, tuple[str, datetime]]) -> Loaded:
    """Return what calendar files that were kept say, under the settings of now."""
    sources = [source_of(text, name, changed) for name, (text, changed) in files.items()]
    return _loaded(now.settings, sources, now.fingerprint)


def _loaded(settings: Settings, sources: Sequence[Source], marks: Fingerprint) -> Loaded:
    parsed = [parse(source.document) for source in sources if not source.problems]
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for _, found in parsed for problem in found]
    known = [calendar for calendar, _ in parsed if calendar]
    catalogue, between = assemble(known)
    if len(known) == len(sources):  # a file that cannot be read would make the others seem wrong
        problems += between
    return Loaded(
        settings,
        catalogue,
        tuple(sorted(set(problems))),
        marks,
        changed=max(source.changed for source in sources),
        files={source.shown_as: (source.text, source.changed) for source in sources},
    )


def site_fingerprint(settings: Settings) -> Fingerprint:
    """Return what changes when any file of the site does."""
    return fingerprint([settings.folder / CONFIG, *calendar_paths(settings.calendars)])


def _settings(folder: Path) -> tuple[Settings, list[Problem]]:
    """Read config.toml. Without it nothing is done: what it does not say would be taken for granted, also who sees."""
    place = Place(CONFIG)
    if not folder.is_dir():
        return Settings(folder), [Problem(Place(str(folder)), "Mappen finnes ikke.")]
    if not (folder / CONFIG).exists():
        hint = f"Den skal ligge i {folder}. Velg en annen mappe med arshjul -C MAPPE."
        return Settings(folder), [Problem(place, "config.toml mangler.", hint)]
    source = read_source(folder / CONFIG, CONFIG)
    if source.problems:
        return Settings(folder), list(source.problems)
    if not source.document.data:
        return Settings(folder), [
            Problem(place, "config.toml er tom.", "Den skal minst ha [site] med navn og adresse.")
        ]
    return read_settings(source.document, folder)


def _no_calendars(settings: Settings) -> Problem:
    """Return what is wrong with the folder of the calendars, at the line in config.toml that names it."""
    document = read_source(settings.folder / CONFIG, CONFIG).document
    place, shown = document.value_place("files", "calendars"), _shown(settings.calendars, settings.folder)
    if not settings.calendars.is_dir():
        return Problem(place, f"Mappen «{shown}» finnes ikke.", "Rett calendars under [files], eller lag mappen.")
    names = ", ".join(path.name for path in overlooked(settings.calendars))
    hint = f"Navnet må slutte på .toml, med små bokstaver: {names}." if names else ""
    return Problem(place, f"Mappen «{shown}» har ingen kalenderfiler (*.toml).", hint)


def _shown(path: Path, folder: Path) -> str:
    """Return a path as the administrator knows it: from the folder of config.toml."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
