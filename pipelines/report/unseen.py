"""What nobody sees in a cell, made visible: zero-width characters, marks of direction, spaces that are none.

Here: values of cells as they are listed for people. Not here: what would disturb a terminal (`shown`), reading a score
beside such characters (`transforms.scores.texts`).
"""

from __future__ import annotations

import unicodedata
from typing import Final

import polars as pl

#: Of these too nothing is seen, though Unicode calls them marks, letters or signs.
_OTHERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
_PLAIN: Final = r"^[\x21-\x{7E}\p{L}\p{N} ]*$"
_HIDDEN: Final = frozenset({"Cf", "Cc", "Zl", "Zp", "Zs"})


def visible(texts: pl.Series) -> pl.Series:
    """The same texts with each such character named: `5<U+200B>`."""
    odd = texts.filter(~texts.str.contains(_PLAIN) | texts.str.contains(f"[{_OTHERS}]")).unique().drop_nulls()
    return texts.replace(odd, pl.Series([_named(each) for each in odd], dtype=pl.String)) if odd.len() else texts


def _named(text: str) -> str:
    return "".join(f"<U+{ord(each):04X}>" if _is_unseen(each) else each for each in text)


def _is_unseen(character: str) -> bool:
    return character != " " and (unicodedata.category(character) in _HIDDEN or character in _OTHERS)
