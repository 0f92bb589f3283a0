"""Where templates are filled: they see the words of a letter and nothing else, and come to an end.

Whoever may suggest a template would else have a shell: `{{ cycler.__init__.__globals__.os.popen('id').read() }}`. And a
loop that never ends would stop all planning.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

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
