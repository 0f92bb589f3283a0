"""How the log is written: a record is one line, of what can be printed, and no cause fills it with its like."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import indent

from arshjul.core.printable import printable, printable_lines

LONGEST = 2000
INDENT = "    "
"""A line of a trace begins so, and none can be taken for a record."""


MOST_ALIKE, MINUTE, MOST_CAUSES = 5, 60.0, 500
"""Records of one cause in so many seconds; causes that are remembered. Whoever sends us nonsense can do so for ever."""


@dataclass(slots=True)
class Sparing:
    """A filter for a handler: lets the first few of a cause through in a minute, and then says how many more came.

    A cause is the text of ours; of a library's it is the text before anything is put in, which may come from outside.
    """

    monotonic: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def filter(self, record: logging.LogRecord) -> bool:
        cause, now = self._cause(record), self.monotonic()
        since, count = self._seen.pop(cause, (now, 0))
        left_out = max(count - MOST_ALIKE, 0)
        if now - since >= MINUTE:
            since, count = now, 0
            if left_out:
                record.msg, record.args = f"{record.getMessage()} (og {left_out} til slike før denne)", ()
        self._seen[cause] = since, count + 1
        if len(self._seen) > MOST_CAUSES:
            self._seen.popitem(last=False)
        return count < MOST_ALIKE

    def _cause(self, record: logging.LogRecord) -> str:
        is_ours = record.name.partition(".")[0] == "arshjul"
        return f"{record.levelno} {record.getMessage() if is_ours else record.msg}"


class PrintableFormatter(logging.Formatter):
    """Writes what servers and libraries said so that it acts on no terminal, forges no record, tells no secret."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        record.message = printable(record.message, LONGEST)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        first, newline, trace = super().format(record).partition("\n")
        return first + newline + indent(printable_lines(trace), INDENT, lambda _: True) if trace else first
