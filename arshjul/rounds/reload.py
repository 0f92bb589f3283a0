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
from arshjul.files.read import calendar_paths, fingerprint, read_source

CONFIG = "config.toml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was written down, at one moment. `changed` is when the youngest calendar file was saved (UTC)."""

    settings: Settings
    catalogue: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    fingerprint: tuple[tuple[str, int, int, int], ...] = ()
    changed: datetime = datetime(2026, 1, 1, tzinfo=UTC)


def load(folder: Path) -> Loaded:
    """Read config.toml and all calendars below a folder. With a problem, nothing of it is to be used."""
    settings, problems = _settings(folder)
    if problems:
        return Loaded(settings, problems=tuple(problems), fingerprint=site_fingerprint(settings))
    paths = calendar_paths(settings.calendars)
    marks = site_fingerprint(settings)
    sources = [read_source(path, _shown(path, folder)) for path in paths]
    parsed = [(source, *parse(source.document)) for source in sources if not source.problems]
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for _, _, found in parsed for problem in found]
    if not paths:
        problems.append(Problem(Place(_shown(settings.calendars, folder)), "Mappen har ingen kalenderfiler (*.toml)."))
    catalogue, between = assemble([calendar for _, calendar, _ in parsed if calendar])
    if not problems:  # a file that cannot be read would make the others seem wrong
        problems = between
    changed = max((source.changed for source in sources), default=datetime(2026, 1, 1, tzinfo=UTC))
    return Loaded(settings, catalogue, tuple(sorted(problems)), marks, changed)


def site_fingerprint(settings: Settings) -> tuple[tuple[str, int, int, int], ...]:
    """Return what changes when any file of the site does."""
    return fingerprint([settings.folder / CONFIG, *calendar_paths(settings.calendars)])


def _settings(folder: Path) -> tuple[Settings, list[Problem]]:
    path = folder / CONFIG
    if not path.exists():
        return read_settings(Document(CONFIG), folder)
    source = read_source(path, CONFIG)
    if source.problems:
        return Settings(folder), list(source.problems)
    return read_settings(source.document, folder)


def _shown(path: Path, folder: Path) -> str:
    """Return a path as the administrator knows it: from the folder of config.toml."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
