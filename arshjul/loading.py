"""Files → what a service can be run with: settings and catalogue, or the problems that stand in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from arshjul.config import read_settings
from arshjul.organisation import NEVER, Organisation, Parsed
from arshjul.plan.files import (
    Fingerprint,
    Ways,
    calendar_paths,
    contents_digest,
    fingerprint,
    is_young,
    keep_copies,
    kept_folder,
    overlooked,
    read_source,
    ways_to,
)
from arshjul.plan.parse import parse
from arshjul.plan.problems import Place, Problem
from arshjul.settings import Settings
from arshjul.year.assemble import assemble
from arshjul.year.openness import notes_of

CONFIG = "config.toml"
MOST_CALENDARS = 500
"""Files that are read of a folder: all of them are held against each other."""


@dataclass(frozen=True, slots=True)
class Look:
    """The files of a site at one moment. It `is_final` when no later change can leave their times as they were."""

    marks: Fingerprint
    contents: str
    is_final: bool = field(default=False, compare=False)


def load(folder: Path, today: date, before: Organisation | None = None) -> Organisation:
    """Read config.toml and all calendars below a folder. With a problem, nothing of it is to be used.

    `today` is what the files are held against: nobody has checked a source tomorrow. `before` is what was loaded the
    last time; only the files that say something else are parsed.
    """
    settings, problems = _settings(folder / CONFIG, folder)
    if problems:
        marks, contents = edition_of(settings)
        return Organisation(settings, problems=tuple(problems), fingerprint=marks, contents=contents)
    return _with_calendars(settings, settings.calendars, folder, today, before.parsed if before else {})


def keep(organisation: Organisation) -> None:
    """Keep copies of files that are in order, for a start on a day when they are not."""
    settings = organisation.settings
    keep_copies([settings.folder / CONFIG, *calendar_paths(settings.calendars)], settings.folder)


def load_kept(folder: Path, today: date) -> Organisation | None:
    """Return the files as they last were in order, None when none are kept: silence is worse than an old plan."""
    kept = kept_folder(folder)
    settings, problems = _settings(folder / CONFIG, folder)
    if problems:
        settings, problems = _settings(kept / CONFIG, folder)
    if problems or not calendar_paths(kept):
        return None
    organisation = _with_calendars(settings, kept, kept, today, {})
    return None if organisation.problems else organisation


def load_to_act(folder: Path, today: date) -> Organisation:
    """Return the files, or as much of them as there is when something is wrong with them: the last good ones, or none.

    For what stops, revokes or reports, and may not be locked by a slip of the pen. The problems are those of the files
    that are there now; without last good ones the catalogue is empty.
    """
    organisation = load(folder, today)
    if not organisation.problems:
        return organisation
    kept = load_kept(folder, today)
    return replace(kept or load_settings_to_act(folder)[0], problems=organisation.problems)


def load_settings_to_act(folder: Path) -> tuple[Organisation, bool]:
    """Return config.toml without the calendars, and whether it is the last good one that is used.

    Where there is none of either, the settings are those that hold without one. The problems are those of config.toml.
    """
    settings, problems = _settings(folder / CONFIG, folder)
    if not problems:
        return Organisation(settings), False
    older, none = _settings(kept_folder(folder) / CONFIG, folder)
    return Organisation(settings if none else older, problems=tuple(problems)), not none


def site_fingerprint(settings: Settings) -> Fingerprint:
    """Return what changes when any file of the site does, those with secrets among them."""
    return fingerprint(_site_files(settings))


def edition_of(settings: Settings) -> tuple[Fingerprint, str]:
    """Return the edition of the files that are there now; see `Loaded.edition`."""
    return site_fingerprint(settings), contents_digest(_site_files(settings))


def look_at_site(settings: Settings, now: datetime, before: Look) -> Look:
    """Look at the files at `now` (UTC); they are read only where their times alone may not tell of a change."""
    if before.is_final and site_fingerprint(settings) == before.marks:
        return before
    marks, contents = edition_of(settings)
    return Look(marks, contents, is_final=not is_young(marks, now))


def site_ways(settings: Settings) -> Ways:
    """Return the folders in which a change can be one of the site's files. Raises OSError."""
    return ways_to(_site_files(settings), settings.calendars)


def _site_files(settings: Settings) -> list[Path]:
    return [settings.folder / CONFIG, *calendar_paths(settings.calendars), *settings.secret_files]


def _with_calendars(
    settings: Settings, calendars: Path, shown_from: Path, today: date, before: Mapping[str, Parsed]
) -> Organisation:
    (marks, contents), paths = edition_of(settings), [one for one in calendar_paths(calendars) if one.name != CONFIG]
    if len(paths) > MOST_CALENDARS:
        return Organisation(settings, problems=(_too_many(settings, len(paths)),), fingerprint=marks, contents=contents)
    names = {_shown(path, shown_from): path for path in paths}
    parsed = {name: _parsed(path, name, before.get(name)) for name, path in names.items()}
    problems = [problem for one in parsed.values() for problem in one.problems]
    known = [one.calendar for one in parsed.values() if one.calendar]
    catalogue, between = assemble(known, today)
    if len(known) == len(paths):  # a file that cannot be read would make the others seem wrong
        problems += between
    if not paths:
        problems.append(_no_calendars(settings))
    changed = max((one.source.changed for one in parsed.values()), default=NEVER)
    notes = () if problems else tuple(sorted((*settings.notes, *notes_of(catalogue, today))))
    return Organisation(settings, catalogue, tuple(sorted(set(problems))), marks, changed, parsed, notes, contents)


def _parsed(path: Path, shown_as: str, before: Parsed | None) -> Parsed:
    source = read_source(path, shown_as, before.source if before else None)
    if before and source.document is before.source.document:
        return replace(before, source=source)
    if source.problems:
        return Parsed(source, None, source.problems)
    calendar, problems = parse(source.document)
    return Parsed(source, calendar, tuple(problems))


def _settings(path: Path, folder: Path) -> tuple[Settings, list[Problem]]:
    """Read config.toml. Without it nothing is done: by what it does not say, all would see what is private."""
    place = Place(CONFIG)
    if not folder.is_dir():
        return Settings.unread(folder), [Problem(Place(str(folder)), "Mappen finnes ikke.")]
    if not path.exists():
        hint = f"Den skal ligge i {folder}. Velg en annen mappe med arshjul -C MAPPE."
        return Settings.unread(folder), [Problem(place, "config.toml mangler.", hint)]
    source = read_source(path, CONFIG)
    if source.problems:
        return Settings.unread(folder), list(source.problems)
    if not source.document.data:
        hint = "Den skal minst ha [site] med navn og adresse."
        return Settings.unread(folder), [Problem(place, "config.toml er tom.", hint)]
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


def _too_many(settings: Settings, count: int) -> Problem:
    """Return that a folder is hardly the one that was meant: nobody keeps so many calendars by hand."""
    folder = _shown(settings.calendars, settings.folder)
    text = f"Mappen «{folder}» har {count} kalenderfiler; høyst {MOST_CALENDARS} leses."
    return Problem(Place(CONFIG), text, "Er det riktig mappe? Se calendars under [files].")


def _shown(path: Path, folder: Path) -> str:
    """Return a path as the administrator knows it: from the folder of config.toml."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
