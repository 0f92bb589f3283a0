"""All words by their text, from the Norwegian and the English lists; where both have a word, the Norwegian counts."""

from __future__ import annotations

from arshjul.core.phrases import english, expressions, words
from arshjul.core.phrases.roles import Word, entered

WORDS: dict[str, Word] = {**entered(english.ENTRIES), **entered([*words.ENTRIES, *expressions.ENTRIES])}
