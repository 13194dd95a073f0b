"""Spellings of one name: composed or not, in capitals or not, with characters that nobody sees, as web pages write them.

Here: which spellings are one, which of them is shown, and which mix scripts. Not here: names that a company declares to be
one (synonyms of industries, names of branches).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

import polars as pl

from transforms.texts.repeating import each

#: What takes no room: formats (zero width, directions, marks of byte order), selectors of variants, fillers.
_UNSEEN: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Scripts whose letters look like those of one another.
_ALIKE: Final = ("LATIN", "CYRILLIC", "GREEK")
#: In Turkish `I` and `i` are two letters, each with a dot or without in both cases: small letters of others lose it.
_DOTTED: Final = str.maketrans({"\u0307": None, "\u0131": "i"})
_GAP: Final = r"[\s_-]+"
#: A whole number as programmes write it where others of its column are none, or are missing: `1.0`.
_POINT_NOUGHT: Final = r"^([0-9]+)[.,]0+$"
#: What programmes write where there is nothing, in small letters. `na` may be a name: North America, Naples.
NOTHING: Final = (
    "null", "(null)", "<null>", "[null]", "{null}", "\\n", "none", "(none)", "undefined", "nan", "n/a", "n.a.", "(blank)",
    "(empty)", ".", "?", "-", "--", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212",
)  # fmt: skip
#: Names repeat in every piece of a column.
_REMEMBERED: Final = 10_000


@lru_cache(_REMEMBERED)
def clean(text: str) -> str:
    """A text as it looks: composed (NFC), without what nobody sees, one space between words and none around them.

    What stands for a character in web pages is that character: `&amp;`.
    """
    shown = _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text
    seen = "".join(char for char in _UNSEEN.sub("", shown) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def key(text: str) -> str:
    """What all spellings of a name have in common: how it looks, in any case."""
    return unicodedata.normalize("NFC", clean(text).casefold().translate(_DOTTED))


def simple(text: str) -> str:
    """A text as it is compared with those that nps.yaml lists: without spaces, - and _, in small letters; `1.0` is 1."""
    return re.sub(_POINT_NOUGHT, r"\1", re.sub(_GAP, "", text.lower()))


def simplified(text: pl.Expr) -> pl.Expr:
    """The same of a column."""
    return text.str.to_lowercase().str.replace_all(_GAP, "").str.replace(_POINT_NOUGHT, "${1}")


def cleaned(column: pl.Expr) -> pl.Expr:
    """A column of few different names, each as it looks; NULL where nothing is left, and for `NOTHING`."""
    return each(column, _name)


def _name(text: str) -> str | None:
    name = clean(text)
    return None if name.casefold() in NOTHING else name


def spelling_key(column: pl.Expr) -> pl.Expr:
    """The keys of a column of few different names."""
    return each(column, key)


def mixed_scripts(text: str) -> str | None:
    """The scripts of a word in a text that is written in several of which letters look alike: `Cyrillic and Latin`."""
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        scripts = {unicodedata.name(letter, "").split(" ", 1)[0] for letter in word} & {*_ALIKE}
        if len(scripts) > 1:
            return " and ".join(sorted(script.capitalize() for script in scripts))
    return None


def labels(counted: pl.DataFrame, declared: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """Every spelling with the one under which it is shown: the one of most answers, of equally many the first by code point.

    `counted` has `attribute, spelling, responses`; what is `declared` of an attribute is shown as it is, also where nobody
    spells it so. Adds `shown_as` and `scripts`, what `mixed_scripts` says.
    """
    meant: dict[tuple[str, str], set[str]] = {}
    for attribute, names in declared.items():
        for name in names:
            meant.setdefault((attribute, key(name)), set()).add(name)
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for attribute, spelling, answers in counted.select("attribute", "spelling", "responses").iter_rows():
        groups.setdefault((attribute, key(spelling)), []).append((-answers, spelling))
    shown: dict[tuple[str, str], str] = {}
    for (attribute, of), found in groups.items():
        fixed = [spelling for _, spelling in found if spelling in declared.get(attribute, ())]
        unsaid = meant.get((attribute, of), set())
        label = fixed[0] if fixed else min(found)[1] if len(unsaid) != 1 else min(unsaid)
        for _, spelling in found:
            # Two names that are declared apart are two; what is a spelling of both is said of neither.
            shown[attribute, spelling] = spelling if spelling in fixed or len(fixed) > 1 else label
    rows = [
        (attribute, spelling, answers, shown[attribute, spelling], mixed_scripts(spelling))
        for attribute, spelling, answers in counted.select("attribute", "spelling", "responses").iter_rows()
    ]
    schema = {
        "attribute": pl.String,
        "spelling": pl.String,
        "responses": pl.Int64,
        "shown_as": pl.String,
        "scripts": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("attribute", "shown_as", "spelling")


def as_shown(names: Collection[str], spelling: pl.DataFrame) -> dict[str, str]:
    """How names of a list are shown: as those of answers that are spelt alike, else as the first of them by code point.

    `spelling` has `spelling, shown_as` of the names of one attribute, as `labels` gives them.
    """
    exact = dict(spelling.select("spelling", "shown_as").iter_rows())
    alike = {key(name): label for name, label in exact.items()}
    return {name: exact.get(name) or alike.setdefault(key(name), name) for name in sorted(names)}
