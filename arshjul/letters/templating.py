"""Letter templates: the shipped ones, an organisation's own, the last good copies, and the sandbox that fills them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from arshjul.plan.files import replace_folder

MOST_STEPS: Final = 1_000_000
"""Lines of templates that one letter may take; the largest of the samples takes some thousands."""

MOST_SIGNS: Final = 1_000_000
"""Signs that a letter, or anything that is multiplied on its way there, may have."""

TEMPLATES: Final = (".txt", ".html")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which templates reach no internals and change nothing that they are given."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  (as the library has it)
        if operator == "**" and not abs(left) ** min(abs(right), 64) <= MOST_SIGNS:
            raise SecurityError("regnestykket blir for stort")
        for one, times in ((left, right), (right, left)):
            if hasattr(one, "__len__") and isinstance(times, int) and len(one) * times > MOST_SIGNS:
                raise SecurityError("teksten blir for lang")
        return super().call_binop(context, operator, left, right)


class Compiled(BytecodeCache):
    """Compiled templates of this process, by file and content: to compile ours takes longer than to write a letter."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._code) >= MOST_COMPILED:
            self._code.clear()
        self._code[bucket.key] = bucket.bytecode_to_string()


MOST_COMPILED: Final = 200
COMPILED: Final = {autoescape: Compiled() for autoescape in (False, True)}
"""By whether what is filled in is escaped, which is part of the code."""


@contextmanager
def bounded() -> Iterator[None]:
    """Let the templates that are filled in this thread take so many steps and no more. Raises SecurityError.

    Counted is what Python tells a debugger: there is no other way to end a loop over what a template made itself.
    """
    steps = 0

    def each_line(_frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401  (as Python has it)
        nonlocal steps
        steps += event == "line"
        if steps > MOST_STEPS:
            raise SecurityError("den blir aldri ferdig")
        return each_line

    def each_call(frame: FrameType, _event: str, _: object) -> Any:  # noqa: ANN401  (as above)
        return each_line if frame.f_code.co_filename.endswith(TEMPLATES) else None

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        yield
    finally:
        sys.settrace(before)


def checked(text: str) -> str:
    """Return what a template made. Raises SecurityError when it is longer than any letter."""
    if len(text) > MOST_SIGNS:
        raise SecurityError("brevet blir for langt")
    return text


IN_PACKAGE: Final = Path(__file__).parent / "templates"
"""Where the wheel puts them; in a clone they lie at the top, where an administrator finds them."""

PACKAGED: Final = IN_PACKAGE if IN_PACKAGE.is_dir() else Path(__file__).parents[2] / "templates"
"""The folder with `email` in it."""


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
