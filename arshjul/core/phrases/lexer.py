"""From text to tokens: one pass over the characters, one over the words with the longest known expression at each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from arshjul.core.phrases.roles import Role, Word
from arshjul.core.phrases.vocabulary import WORDS

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {ord("½"): ",5", 0xAD: None, 0xA0: " "}
PIECES = re.compile(
    r"(?P<number>\d+)"
    r"|(?P<code>(?<!\w)[QqKkHhTt][1-4](?!\w))"
    r"|(?P<word>[^\W\d_]+(?:[-&][^\W\d_]+)*(?:-(?=/))?)"
    r"|(?P<mark>[^\s\w])"
)
GLUED = ("innen", "senest", "uke", "før", "frist", "medio", "primo", "ultimo", "kl")
"""Words that are certain enough to be cut from what is glued to them ("førgiroforfall"); see `_unglued`."""


class Kind:
    """The sorts of tokens: a number, a word or expression, a punctuation mark, a code such as Q3."""

    NUMBER, WORD, MARK, CODE, END = range(5)


@dataclass(slots=True)
class Token:
    """A number, a word or known expression, or a mark. `text` is lower case, `raw` as written; `start` counts characters."""

    kind: int
    text: str
    raw: str
    start: int
    end: int
    role: Role | None = None
    value: object = None
    spaced: bool = True
    """Whether white space stands before it."""


END = Token(Kind.END, "", "", 0, 0)


def lex(text: str) -> list[Token]:
    """Return the tokens of a phrase, known expressions as one token each."""
    return _expressions(_pieces(normal(text)))


def normal(text: str) -> str:
    """Return the text in NFC, with plain dashes and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(DASHES).split())


def _pieces(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for found in PIECES.finditer(text):
        raw, start, spaced = found[0], found.start(), found.start() > end or not end
        end = found.end()
        if found.lastgroup == "number":
            tokens.append(Token(Kind.NUMBER, raw, raw, start, end, spaced=spaced))
        elif found.lastgroup == "mark":
            tokens.append(Token(Kind.MARK, raw, raw, start, end, spaced=spaced))
        elif found.lastgroup == "code":
            tokens.append(Token(Kind.CODE, raw.lower(), raw, start, end, spaced=spaced))
        else:
            _split_word(raw, start, tokens, spaced=spaced)
    return tokens


def _split_word(raw: str, start: int, tokens: list[Token], *, spaced: bool) -> None:
    """Add a word; its parts where a hyphen joins two words of time ("mars-november", "mandag-fredag")."""
    word = raw.lower()
    if word not in WORDS and "-" in word:
        parts = word.split("-")
        if all(part in WORDS for part in parts):
            for part in parts:
                if tokens and not tokens[-1].raw.endswith("-") and part is not parts[0]:
                    tokens.append(Token(Kind.MARK, "-", "-", start - 1, start, spaced=False))
                tokens.append(Token(Kind.WORD, part, raw[:0] + part, start, start + len(part), spaced=spaced))
                start, spaced = start + len(part) + 1, False
            return
    head = _glue(word)
    if head:
        tokens.append(Token(Kind.WORD, head, raw[: len(head)], start, start + len(head), spaced=spaced))
        raw, word, start = raw[len(head) :], word[len(head) :], start + len(head)
    tokens.append(Token(Kind.WORD, word, raw, start, start + len(raw), spaced=spaced))


def _glue(word: str) -> str:
    """Return the word of time at the head of a glued word, "" if it is not certain."""
    if word in WORDS:
        return ""
    for head in ("innen", "medio", "primo", "ultimo", "senest", "før", "den", "i", "kl", "uke"):
        rest = word[len(head) :]
        if not word.startswith(head) or len(rest) < 3:  # noqa: PLR2004  (no word of time is shorter)
            continue
        known = WORDS.get(rest)
        if known is not None and known.role in CERTAIN:
            return head
        if head == "før" and rest.endswith(("forfall", "møte", "møtet", "fristen", "ferien", "valget", "starten")):
            return head
    return ""


CERTAIN = {Role.MONTH, Role.SEASON, Role.FEAST, Role.WEEKDAY, Role.LAST_DAY}


@cache
def _trie() -> dict[str, object]:
    root: dict[str, object] = {}
    for expression, word in WORDS.items():
        node = root
        for piece in expression.split():
            node = node.setdefault(piece, {})  # type: ignore[assignment]
        node[""] = word
    return root


def _expressions(pieces: list[Token]) -> list[Token]:
    tokens: list[Token] = []
    index, root = 0, _trie()
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind == Kind.WORD or piece.text in "-&+":
            word, end = _longest(pieces, index, root)
            if word is not None:
                tokens.append(_joined(pieces[index:end], word))
                index = end
                continue
            piece.role, piece.value = _guess(piece.text)
        tokens.append(piece)
        index += 1
    return tokens


def _longest(pieces: list[Token], index: int, root: dict[str, object]) -> tuple[Word | None, int]:
    node, found, end = root, None, index
    while index < len(pieces):
        following = node.get(pieces[index].text)
        if not isinstance(following, dict):
            break
        node, index = following, index + 1
        if (
            index < len(pieces)
            and pieces[index].text == "."
            and not pieces[index].spaced
            and len(pieces[index - 1].text) < 5
        ):
            dotted = index + 1  # an abbreviation's full stop
        else:
            dotted = index
        word = node.get("")
        if isinstance(word, Word):
            found, end = word, dotted if word.role not in KEEPS_STOP else index
        if dotted > index and dotted < len(pieces) and node.get(pieces[dotted].text):
            index = dotted
    return found, end


KEEPS_STOP = {Role.NAME}


def _joined(pieces: list[Token], word: Word) -> Token:
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        first.role, first.value = word
        return first
    text = " ".join(piece.text for piece in pieces)
    raw = " ".join(piece.raw for piece in pieces)
    return Token(Kind.WORD, text, raw, first.start, last.end, word.role, word.value, first.spaced)


def _guess(word: str) -> tuple[Role, object]:
    """Return the role that the ending gives a word that is not in the vocabulary."""
    if word.endswith(("frist", "fristen")):
        return Role.LIMIT, WORDS["frist"].value
    return Role.NAME, None
