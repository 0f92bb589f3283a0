"""All words by their text, from the Norwegian and the English lists; where both have a word, the Norwegian counts."""

from __future__ import annotations

from arshjul.core.phrases.english import ENTRIES as ENGLISH
from arshjul.core.phrases.expressions import ENTRIES as EXPRESSIONS
from arshjul.core.phrases.roles import Word, entered
from arshjul.core.phrases.words import ENTRIES as NORWEGIAN

WORDS: dict[str, Word] = {**entered(ENGLISH), **entered([*NORWEGIAN, *EXPRESSIONS])}
