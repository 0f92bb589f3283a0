"""Copies of the last letter templates that were in order, below `var`. When to keep and use them: `rounds.write`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from arshjul.files.keep import replace_folder

EMAIL: Final = "email"
"""The folder below that of the templates which they lie in."""

SHIPPED: Final = "SHIPPED"
"""The file beside the templates that holds their digest as we ship them; `make snapshots` writes it."""

GONE: Final = "Mappen «{name}/email» med egne maler er borte. Lag den, tom hvis malene som følger med, skal brukes."


def kept_templates(folder: Path) -> Path:
    return folder / "var" / "last-good-templates"


def keep_templates(templates: Path, folder: Path) -> None:
    """Replace what is kept by copies of all files in a folder of templates. Raises OSError."""
    replace_folder(kept_templates(folder), {str(path.relative_to(templates)): path for path in _files(templates)})


def are_kept(templates: Path, folder: Path) -> bool:
    """Tell whether what is kept is what there is now."""
    return everything_digest(templates) == everything_digest(kept_templates(folder))


def lost_templates(templates: Path, folder: Path) -> str:
    """Say that the folder of own templates is gone, "" when it is there, or there was none before."""
    name = templates.relative_to(folder) if templates.is_relative_to(folder) else templates
    is_lost = (kept_templates(folder) / EMAIL).is_dir() and not (templates / EMAIL).is_dir()
    return GONE.format(name=name) if is_lost else ""


def are_as_shipped(templates: Path) -> bool:
    """Tell whether a folder holds every template that we ship, as the tests have tried it."""
    shipped = templates / EMAIL / SHIPPED
    return shipped.exists() and templates_digest(templates / EMAIL) == shipped.read_text(encoding="ascii").strip()


def has_templates(templates: Path) -> bool:
    return any(_templates(templates / EMAIL))


def everything_digest(templates: Path) -> str:
    """Return what changes when any file in a folder of templates does, what they include among them."""
    return _digest(templates, _files(templates))


def templates_digest(folder: Path) -> str:
    """Return what changes when any template does: one of another name, in a language's folder, or with other text."""
    return _digest(folder, _templates(folder))


def _templates(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".html"))


def _files(templates: Path) -> list[Path]:
    return sorted(path for path in (templates / EMAIL).rglob("*") if path.is_file())


def _digest(folder: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(folder)}\0".encode() + _content(path))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """Return a file's bytes; none where it cannot be read, which trying the templates then tells."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
