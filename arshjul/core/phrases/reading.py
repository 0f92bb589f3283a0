"""From a text to its cadence, condition or offset. How the parts are read is in the grammar modules."""

from __future__ import annotations

from arshjul.core.cadences import Cadence, Condition, Nothing, YearKind
from arshjul.core.offsets import Offset
from arshjul.core.phrases.assembly import assembled
from arshjul.core.phrases.chunks import chunks
from arshjul.core.phrases.grammar import year_number
from arshjul.core.phrases.grammar_amounts import amount
from arshjul.core.phrases.lexer import END, Kind, lex, normal
from arshjul.core.phrases.roles import Role
from arshjul.core.phrases.slips import has_slip

LONGEST = 600
"""Characters of the longest text that is still a phrase; a longer one is prose and has no reading."""


def read(text: str) -> Cadence | None:
    """Return what the phrase says; None where there is no sure reading."""
    if len(text) > LONGEST:
        return None
    plain = normal(text)
    if not any(character.isalnum() for character in plain):
        return Nothing() if len(plain) <= len("---") else None
    tokens = lex(plain)
    return None if has_slip(tokens) else assembled(plain, chunks(tokens))


def read_condition(text: str) -> Condition | None:
    """Return the condition on the year, "stortingsvalgår", "ikke i valgår" or "2026"; None for anything else."""
    tokens = [token for token in lex(text) if token.role not in {Role.PREP, Role.NUMBER, Role.EACH}]
    negated = bool(tokens) and tokens[0].text.startswith(("ikke", "ikkje"))
    rest = tokens[1:] if negated else tokens
    if len(rest) != 1:
        return None
    if rest[0].role is Role.CONDITION and isinstance(rest[0].value, YearKind):
        return Condition(rest[0].value, negated)
    year = year_number(rest[0])
    return Condition(year, negated) if year is not None else None


def read_offset(text: str) -> Offset | None:
    """Return the distance in "15 virkedager", "3 uker før" or "6 veker"; None for anything else."""
    tokens = [*lex(text), *[END] * 8]
    found = amount(tokens, 0)
    if found is None or found[0].far is not None:
        return None
    rest = [token for token in tokens[found[1] :] if token.kind != Kind.END]
    return found[0].near if not rest or (len(rest) == 1 and rest[0].role in {Role.SIDE, Role.OWNER}) else None
