"""What to do about a text that is no YAML: the library that reads it says so in words of its own.

Here: an advice for each mistake that people make. Not here: where it stands (`load`).
"""

from __future__ import annotations

import re
from typing import Final

_ADVICE: Final = (
    (r"'\\t'", "Indent with spaces: tabs are not allowed"),
    (
        r"expected <block end>, but found '<scalar>'",
        "Nothing may follow a text in quotes: put all of it in quotes",
    ),
    (
        r"expected <block end>|did not find expected '-'",
        "This line is indented otherwise than the lines that it belongs to: let them begin below one another",
    ),
    (
        "mapping values are not allowed",
        "A text with ': ' in it stands in quotes, such as score: 'How likely: 0-10'; a key begins below those beside it",
    ),
    ("unexpected end of stream|document separator", "A quote that is opened above is not closed"),
    (r"expected ',' or '[}\]]'", "A bracket that is opened above is not closed, or a comma is missing"),
    ("could not find expected ':'", "A key needs a colon and a space behind it, such as scale: 0-10"),
    (
        "expected alphabetic or numeric character, but found ['\"]+$",
        "A quote that is opened above is not closed, or a text that begins with * or & does not stand in quotes",
    ),
    ("undefined alias|expected alphabetic or numeric", "A text that begins with * or & stands in quotes"),
    ("cannot start any token", "A text that begins with such a sign stands in quotes"),
    ("unknown escape character", "In double quotes a backslash begins a sign: use single quotes"),
)
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7})( |$)")


def advice_on(problem: str) -> str:
    """What to do about a problem that the library names, as a sentence behind it; nothing where that is not known."""
    return next((f". {advice}" for pattern, advice in _ADVICE if re.search(pattern, problem)), "")


def conflict_in(text: str) -> int | None:
    """The line on which a conflict of a version control begins that nobody has resolved."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if _CONFLICT.match(line)), None)
