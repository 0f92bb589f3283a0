"""The program, imported once for all crash tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.crash.bench import process


@pytest.fixture(scope="session")
def driver() -> Iterator[subprocess.Popen[str]]:
    with process("tests.crash.driver") as running:
        yield running
