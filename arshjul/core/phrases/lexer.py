"""From text to tokens: one pass over the characters, one over the words with the longest known expression at each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from arshjul.core.phrases.roles import Role, Word
from arshjul.core.phrases.vocabulary import WORDS

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {ord("½"): ",5", 0xAD: None, 0xA0: " "}
PIECES = re.compile(
    r"(?P<code>(?<!\w)(?:[QqKkHhTt][1-4]|[1-4][QqKk])(?!\w))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:[-&][^\W\d_]+)*(?:-(?=/))?)"
    r"|(?P<mark>[^\s\w])"
)
ISO_TIME = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
GLUED = ("innen", "medio", "primo", "ultimo", "senest", "før", "den", "i", "kl", "uke")
"""Words that may be glued to a word of time ("innenmai"), which is certain enough to cut them off."""
GLUED_ROLES = {Role.MONTH, Role.SEASON, Role.FEAST, Role.WEEKDAY, Role.LAST_DAY}
GLUED_EVENTS = ("forfall", "møte", "møtet", "ferien", "valget", "starten")
"""What "før" may be glued to besides ("førgiroforfall")."""
SHORTEST = 3
"""Letters of the shortest word of time that something can be glued to ("mai")."""
LONGEST_ABBREVIATION = 4
"""Letters before a full stop that belongs to the word ("sept.")."""


class Kind:
    """The sorts of tokens: a number, a word or expression, a punctuation mark, a code such as Q3."""

    NUMBER, WORD, MARK, CODE, END = range(5)


KINDS = {"number": Kind.NUMBER, "code": Kind.CODE, "word": Kind.WORD, "mark": Kind.MARK}


@dataclass(slots=True)
class Token:
    """A number, a word or known expression, or a mark.

    `text` is in lower case, `raw` as written; `start` and `end` count characters of the normal text; `spaced` tells
    whether white space stands before it.
    """

    kind: int
    text: str
    raw: str
    start: int
    end: int
    role: Role | None = None
    value: object = None
    spaced: bool = True


END = Token(Kind.END, "", "", 0, 0)


@dataclass(slots=True)
class Node:
    """A place in the tree of expressions: the word that ends here, and what may follow."""

    word: Word | None = None
    following: dict[str, Node] = field(default_factory=dict)


def lex(text: str) -> list[Token]:
    """Return the tokens of a phrase, known expressions as one token each."""
    return _expressions(_pieces(normal(text)))


def normal(text: str) -> str:
    """Return the text in NFC, with plain dashes and single spaces."""
    return ISO_TIME.sub(r"\1 \2", " ".join(unicodedata.normalize("NFC", text).translate(DASHES).split()))


def _pieces(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for found in PIECES.finditer(text):
        kind = KINDS[found.lastgroup or "mark"]
        token = Token(
            kind, found[0].lower(), found[0], found.start(), found.end(), spaced=found.start() > end or not end
        )
        end = found.end()
        if kind == Kind.NUMBER and tokens and _is_of_name(tokens, token):
            _append_to_name(tokens, token)
        else:
            tokens += _cut(token) if kind == Kind.WORD else (token,)
    return tokens


def _is_of_name(tokens: list[Token], number: Token) -> bool:
    """Tell whether a number belongs to the name that it is written to: "fo43", "covid-19"."""
    name = tokens[-2] if tokens[-1].text == "-" and not tokens[-1].spaced and len(tokens) > 1 else tokens[-1]
    return not number.spaced and name.kind == Kind.WORD and name.text not in WORDS


def _append_to_name(tokens: list[Token], number: Token) -> None:
    dash = tokens.pop().raw if tokens[-1].text == "-" else ""
    name = tokens[-1]
    name.raw, name.end = f"{name.raw}{dash}{number.raw}", number.end
    name.text = name.raw.lower()


def _cut(word: Token) -> list[Token]:
    """Return the word; its parts where a hyphen joins words of time ("mars-november") or one is glued to another."""
    if word.text in WORDS:
        return [word]
    parts = word.text.split("-")
    if len(parts) > 1 and all(part in WORDS for part in parts):
        return _cut_at(word, [length for part in parts for length in (len(part), 1)][:-1])
    head = next((head for head in GLUED if word.text.startswith(head) and _is_glued(head, word.text)), "")
    return _cut_at(word, [len(head), len(word.text) - len(head)]) if head else [word]


def _is_glued(head: str, word: str) -> bool:
    rest = word[len(head) :]
    known = WORDS.get(rest)
    if len(rest) < SHORTEST or known is None:
        return head == "før" and rest.endswith(GLUED_EVENTS)
    return known.role in GLUED_ROLES


def _cut_at(word: Token, lengths: list[int]) -> list[Token]:
    tokens: list[Token] = []
    start = word.start
    for length in lengths:
        raw = word.raw[start - word.start : start - word.start + length]
        kind = Kind.MARK if raw == "-" else Kind.WORD
        tokens.append(Token(kind, raw.lower(), raw, start, start + length, spaced=word.spaced and not tokens))
        start += length
    return tokens


@cache
def _tree() -> Node:
    root = Node()
    for expression, word in WORDS.items():
        node = root
        for piece in expression.split():
            node = node.following.setdefault(piece, Node())
        node.word = word
    return root


def _expressions(pieces: list[Token]) -> list[Token]:
    tokens: list[Token] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        word, end = _longest(pieces, index) if piece.kind in {Kind.WORD, Kind.MARK} else (None, index + 1)
        if word is not None:
            tokens.append(_joined(pieces[index:end], word))
        else:
            if piece.kind == Kind.WORD:
                piece.role, piece.value = _guess(piece.text)
            tokens.append(piece)
        index = end
    return tokens


def _longest(pieces: list[Token], start: int) -> tuple[Word | None, int]:
    """Return the longest expression that begins there and where it ends, with the full stop of an abbreviation."""
    node, found, end = _tree(), None, start + 1
    index = start
    while index < len(pieces) and (following := node.following.get(pieces[index].text)):
        node, index = following, index + 1
        after = index + _is_abbreviation(pieces, index)
        if node.word is not None:
            found, end = node.word, after
        if "." not in node.following:
            index = after
    return found, end


def _is_abbreviation(pieces: list[Token], index: int) -> bool:
    """Tell whether the mark there is the full stop of the short word before it."""
    if index >= len(pieces) or pieces[index].text != "." or pieces[index].spaced:
        return False
    return pieces[index - 1].kind == Kind.WORD and len(pieces[index - 1].text) <= LONGEST_ABBREVIATION


def _joined(pieces: list[Token], word: Word) -> Token:
    first, last = pieces[0], pieces[-1]
    text = " ".join(piece.text for piece in pieces)
    raw = " ".join(piece.raw for piece in pieces)
    kind = first.kind if first is last else Kind.WORD
    return Token(kind, text, raw, first.start, last.end, word.role, word.value, first.spaced)


def _guess(word: str) -> tuple[Role, object]:
    """Return the role that the ending gives a word that is not in the vocabulary."""
    if word.endswith(("frist", "fristen", "frister")):
        return Role.LIMIT, WORDS["frist"].value
    return Role.NAME, None
