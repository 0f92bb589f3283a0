"""The commands. The command line is read here; each command is in a module that is imported when it is asked for.

`check` and `read` must answer at once, so nothing here imports the database, the web or the mail.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from arshjul.cli.arguments import MODULES, parser
from arshjul.service.clock import utc_now


def main(argv: Sequence[str] | None = None, now: Callable[[], datetime] = utc_now) -> int:
    """Run one command and return its exit code: 0 well, 1 something is wrong in the files, 2 wrong use.

    `now` is the only clock that the command sees, as `arguments.now`; it returns an instant in UTC.
    """
    arguments = parser().parse_args(argv)
    arguments.now = now
    command = importlib.import_module(MODULES[arguments.command])
    try:
        return int(getattr(command, arguments.command.replace("-", "_"))(arguments))
    except BrokenPipeError:
        sys.stderr.close()  # `arshjul agenda | head`: the reader has seen enough
        return 0
    except KeyboardInterrupt:
        return 130
