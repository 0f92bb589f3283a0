"""`arshjul lint`: what a calendar program may stumble over in a feed, anybody's, from a file or an address."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from errno import EISDIR, ENXIO
from itertools import groupby
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from arshjul.cli.fetch import MOST_OCTETS, FetchError, fetch, is_address, silence
from arshjul.lint.answers import SUCCESS, lint_answers, lint_feed
from arshjul.lint.rows import Finding, Level, must
from arshjul.printable import printable, why
from arshjul.words import count_in_words

SHOWN = 3
"""Findings of one kind before the rest are only counted: one fault in a template is a thousand in the feed."""


class TooLargeError(Exception):
    """A file has more octets than are read."""


def lint(arguments: argparse.Namespace) -> int:
    """Print the findings for each file or address; exit code 1 if any is a MÅ (with --strict: or a BØR), 2 unread."""
    return max([_lint_one(source, arguments) for source in arguments.source])


def _lint_one(source: str, arguments: argparse.Namespace) -> int:
    try:
        findings = _lint_address(source) if is_address(source) else lint_feed(_read(source))
    except FileNotFoundError:
        print(f"{_name(source)}: filen finnes ikke.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{_name(source)}: filen kan ikke leses ({why(error)}).", file=sys.stderr)
        return 2
    except TooLargeError:
        print(f"{_name(source)}: filen er på over {MOST_OCTETS // 1_000_000} MB.", file=sys.stderr)
        return 2
    print("\n".join([*_lines(_name(source), findings), _summary(_name(source), findings)]))
    counted = Level if arguments.strict else (Level.MUST,)
    return int(any(one.level in counted for one in findings))


def _lint_address(url: str) -> list[Finding]:
    try:
        answers = fetch(url)
    except OSError as error:
        return [must("uten-svar", 0, f"Ingen svarer på adressen ({silence(error)}).")]
    except FetchError as error:
        return [must("uten-svar", 0, f"Adressen kan ikke hentes: {error}.")]
    body = lint_feed(answers.full.body) if answers.full.status in SUCCESS else []
    return [*lint_answers(answers), *body]


def _read(source: str) -> bytes:
    if source == "-":
        data = sys.stdin.buffer.read(MOST_OCTETS + 1)
    else:
        with _open(source) as file:
            data = file.read(MOST_OCTETS + 1)
    if len(data) > MOST_OCTETS:
        raise TooLargeError
    return data


def _open(source: str) -> BinaryIO:
    """Open a regular file; a pipe would be waited for, and a device may never end."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    wrong = EISDIR if S_ISDIR(mode) else ENXIO
    raise OSError(wrong, os.strerror(wrong))


def _name(source: str) -> str:
    """An address is shown by its last part: the rest may be a key."""
    if not is_address(source):
        return printable(source)
    path = re.split(r"[?#]", source.partition("://")[2].partition("/")[2], maxsplit=1)[0]
    return printable(f"/{path}").rpartition("/")[2] or "adressen"


def _lines(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    kept: list[tuple[int, str]] = []
    for (rule, level), group in groupby(sorted(findings, key=_kind), key=_kind):
        same = list(group)
        for one in same[:SHOWN]:
            place = f"{name}:{one.line}" if one.line else name
            kept.append((one.line, f"{place}: {level} {printable(one.message)} [{rule}]"))
        if rest := same[SHOWN:]:
            more = count_in_words(len(rest), "sted", "steder")
            kept.append((same[SHOWN - 1].line, f"{name}: {level} … det samme {more} til. [{rule}]"))
    yield from (text for _, text in sorted(kept, key=lambda pair: pair[0]))


def _kind(finding: Finding) -> tuple[str, Level]:
    return finding.rule, finding.level


def _summary(name: str, findings: Sequence[Finding]) -> str:
    counted = [(sum(one.level is level for one in findings), level) for level in Level]
    said = " og ".join(f"{count} {level}" for count, level in counted if count)
    return f"{name}: {said}." if said else f"{name}: Ingen feil funnet."
