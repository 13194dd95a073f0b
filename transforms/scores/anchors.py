"""The labels that survey tools write beside the numbers of a scale: `0 - Not at all likely`, `10 (Extremely likely)`.

Here: when words are such a label, and towards which end of a scale they point. A label is known
where each of its words is; so a reply that begins with a number (`10 minutes on hold`) is none.
Not here: the words of each language (`anchor_words`), finding the number beside it (`scores`), the labels of one company's
own (`scales.*.words` of nps.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, Literal

from transforms.scores.anchor_words import WORDS

Direction = Literal["worse", "better", "between"]

#: Labels are short.
_MOST_WORDS: Final = 8
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
#: Letters that do not come apart into a plain one and its mark.
_LETTERS: Final = str.maketrans("łđøŁĐØ", "ldoLDO")


def direction(label: str) -> Direction | None:
    """Towards which end of a scale a label points; None where it is no known label."""
    words = tuple(plain(label).split())
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    found = [way for language in _languages() if (way := _way(words, language))]
    return found[0] if found else None


def plain(text: str) -> str:
    """The words of a text: small, without marks on letters, apart."""
    unmarked = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(each for each in unmarked if not unicodedata.combining(each))
    return _NO_LETTER.sub(" ", bare.casefold()).strip()


def _way(words: tuple[str, ...], language: tuple[frozenset[str], ...]) -> Direction | None:
    better, worse, turning, little, beside = language
    known = frozenset(words)
    if not known <= better | worse | turning | little | beside or not known & (better | worse | turning | little):
        return None
    if known & little:
        return "between"
    return "worse" if known & (worse | turning) else "better"


@cache
def _languages() -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(plain(words).split()) for words in kinds) for kinds in WORDS.values())
