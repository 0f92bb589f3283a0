"""How the log is written: a record is one line, and of an error's own words only what can be printed."""

from __future__ import annotations

import logging
from textwrap import indent

from arshjul.core.printable import printable, printable_lines

LONGEST = 2000
INDENT = "    "
"""A line of a trace begins so, and none can be taken for a record."""


class PrintableFormatter(logging.Formatter):
    """Writes what servers and libraries said so that it acts on no terminal, forges no record, tells no secret."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        record.message = printable(record.message, LONGEST)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        first, newline, trace = super().format(record).partition("\n")
        return first + newline + indent(printable_lines(trace), INDENT, lambda _: True) if trace else first
