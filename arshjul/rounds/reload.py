"""Files → what a service can be run with: settings and catalogue, or the problems that stand in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from arshjul.config import Settings, read_settings
from arshjul.core.check import assemble
from arshjul.core.document import Document
from arshjul.core.model import Catalogue
from arshjul.core.parse import parse
from arshjul.core.problems import Place, Problem
from arshjul.files.keep import keep_copies, kept_folder
from arshjul.files.read import Fingerprint, calendar_paths, fingerprint, read_source

CONFIG = "config.toml"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was written down, at one moment. `changed` is when the youngest calendar file was saved (UTC)."""

    settings: Settings
    catalogue: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    fingerprint: Fingerprint = ()
    changed: datetime = NEVER


def load(folder: Path) -> Loaded:
    """Read config.toml and all calendars below a folder. With a problem, nothing of it is to be used."""
    settings, problems = _settings(folder / CONFIG, folder)
    if problems:
        return Loaded(settings, problems=tuple(problems), fingerprint=site_fingerprint(settings))
    return _with_calendars(settings, settings.calendars, folder)


def keep(loaded: Loaded) -> None:
    """Keep copies of files that are in order, for a start on a day when they are not."""
    settings = loaded.settings
    keep_copies([settings.folder / CONFIG, *calendar_paths(settings.calendars)], settings.folder)


def load_kept(folder: Path) -> Loaded | None:
    """Return the files as they last were in order, None when none are kept: silence is worse than an old plan."""
    kept = kept_folder(folder)
    settings, problems = _settings(folder / CONFIG, folder)
    if problems:
        settings, problems = _settings(kept / CONFIG, folder)
    if problems or not calendar_paths(kept):
        return None
    loaded = _with_calendars(settings, kept, kept)
    return None if loaded.problems else loaded


def site_fingerprint(settings: Settings) -> Fingerprint:
    """Return what changes when any file of the site does."""
    return fingerprint([settings.folder / CONFIG, *calendar_paths(settings.calendars)])


def _with_calendars(settings: Settings, calendars: Path, shown_from: Path) -> Loaded:
    marks, paths = site_fingerprint(settings), [path for path in calendar_paths(calendars) if path.name != CONFIG]
    sources = [read_source(path, _shown(path, shown_from)) for path in paths]
    parsed = [parse(source.document) for source in sources if not source.problems]
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for _, found in parsed for problem in found]
    known = [calendar for calendar, _ in parsed if calendar]
    catalogue, between = assemble(known)
    if len(known) == len(paths):  # a file that cannot be read would make the others seem wrong
        problems += between
    if not paths:
        problems.append(Problem(Place(_shown(calendars, shown_from)), "Mappen har ingen kalenderfiler (*.toml)."))
    changed = max((source.changed for source in sources), default=NEVER)
    return Loaded(settings, catalogue, tuple(sorted(set(problems))), marks, changed)


def _settings(path: Path, folder: Path) -> tuple[Settings, list[Problem]]:
    if not path.exists():
        return read_settings(Document(CONFIG), folder)
    source = read_source(path, CONFIG)
    if source.problems:
        return Settings(folder), list(source.problems)
    return read_settings(source.document, folder)


def _shown(path: Path, folder: Path) -> str:
    """Return a path as the administrator knows it: from the folder of config.toml."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
