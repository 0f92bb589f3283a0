"""The commands. The command line is read here; each command is in a module that is imported when it is asked for.

`check` and `read` must answer at once, so nothing here imports the database, the web or the mail.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from arshjul.cli.arguments import MODULES, parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 something is wrong in the files, 2 wrong use."""
    arguments = parser().parse_args(argv)
    command = importlib.import_module(MODULES[arguments.command])
    try:
        return int(getattr(command, arguments.command.replace("-", "_"))(arguments))
    except BrokenPipeError:
        sys.stderr.close()  # `arshjul agenda | head`: the reader has seen enough
        return 0
    except KeyboardInterrupt:
        return 130
