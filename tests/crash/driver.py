"""Runs the program again and again, each time in a process of its own, forked from this one that has imported it.

To start Python anew costs half a second, so two thousand kills would ask for much patience. A line in is an object like
the one in `bench.Asked`, a line out the exit status, -9 for a process that was killed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import alembic.command
import alembic.script  # noqa: F401  (what the program imports only when it needs it)

import arshjul.cli.send  # noqa: F401  (imported for its effect)
from tests.clock import main


def run(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(asked)
    pidfd = os.pidfd_open(pid)
    if not _ends_before(pidfd, asked):
        os.kill(pid, signal.SIGKILL)  # it is not waited for yet, so the number is still its own
    os.close(pidfd)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _ends_before(pidfd: int, asked: dict[str, Any]) -> bool:
    """Wait until the program has ended, or until its moment to die has come: so long after a file has so many bytes."""
    if asked["kill_after"] is None:
        select.select([pidfd], [], [])
        return True
    file = Path(asked["watched"])
    while not file.exists() or file.stat().st_size < asked["kill_at_size"]:
        if select.select([pidfd], [], [], 0.001)[0]:
            return True
    return bool(select.select([pidfd], [], [], asked["kill_after"])[0])


def _become(asked: dict[str, Any]) -> None:
    output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(asked["environment"])
    code = 70
    try:
        code = main(asked["argv"])
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        print(run(json.loads(line)), file=answers)
