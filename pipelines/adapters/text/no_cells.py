"""Text that holds a table, but not one whose cells a sign parts: dumps of databases, columns of a fixed width.

Here: telling it by its first lines, and refusing it with what to do. Not here: the delimiter of what is delimited
(`dialect`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

#: Lines that begin a script of SQL, once comments are left aside.
_BEGINS: Final = re.compile(
    r"\s*(insert|replace|create|drop|set|use|begin|start|pragma|copy|lock|delete|truncate|alter|go|if|select|\\)\b",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"\s*(--|/\*|#|\*|rem\b)", re.IGNORECASE)
#: Those of which one at least stands in every dump.
_STATEMENT: Final = re.compile(
    r"\s*(?:(?:insert|replace|merge)\s+(?:ignore\s+|or\s+\w+\s+)?(?:into\s+)?[\[\]\w`\".$]+\s*(?:\(|values|select)"
    r"|create\s+(?:global\s+|local\s+|temp\w*\s+|external\s+)*table\b|copy\s+\S+\s*(?:\([^)]*\)\s*)?from\s+stdin)",
    re.IGNORECASE,
)
_FEWEST_LINES: Final = 8
_MOST_LINES: Final = 400
#: Columns that a fixed width parts: at least so many, or texts with blanks behind them.
_COLUMNS: Final = 3
_NEARLY_ALL: Final = 0.97
#: Records of one length are no shorter, where no blank parts their columns.
_SHORTEST: Final = 15
_BLANKS: Final = "  "


def refuse_sql(lines: Sequence[str], name: str) -> None:
    """Raise `FileRefusedError` (file_unreadable) for a script of SQL, such as a dump of a database."""
    first = next((line for line in lines if line.strip() and not _COMMENT.match(line)), "")
    if _BEGINS.match(first) and any(_STATEMENT.match(line) for line in lines[:_MOST_LINES]):
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{name} is a script of SQL, as databases are dumped into: load it into a database, and export the table that "
            "holds the answers as CSV with headings, or have the export written as CSV in the first place.",
        )


def refuse_fixed_width(lines: Sequence[str], name: str) -> None:
    """Raise `FileRefusedError` (file_unreadable) for columns that nothing but their width parts."""
    texts = list({text for line in lines[:_MOST_LINES] if (text := line.rstrip("\r\n")).strip()})
    if len(texts) < _FEWEST_LINES or any("\t" in text for text in texts) or not _is_padded(texts):
        return
    columns = _columns(texts)
    if columns >= _COLUMNS or _are_of_one_length(texts):
        raise FileRefusedError(
            Reason.FILE_UNREADABLE,
            f"{name} holds columns of a fixed width, with no sign between them: import it into a spreadsheet program as "
            "text of fixed width, which shows where each column begins, and save it as CSV or .xlsx; or have it "
            "exported with a sign between the cells, such as a semicolon. If one does part them, write it as delimiter in "
            "nps.yaml.",
        )


def _is_padded(texts: Sequence[str]) -> bool:
    """Whether blanks fill up cells in most lines."""
    return 2 * sum(_BLANKS in text.strip() or text.endswith(_BLANKS) for text in texts) > len(texts)


def _columns(texts: Sequence[str]) -> int:
    """Count the columns that positions part at which nearly all lines are blank."""
    width = max(map(len, texts))
    filled = [0] * width
    for text in texts:
        for at, sign in enumerate(text):
            filled[at] += sign != " "
    few = (1 - _NEARLY_ALL) * len(texts)
    return sum(1 for is_column, _ in groupby(filled, key=lambda count: count > few) if is_column)


def _are_of_one_length(texts: Sequence[str]) -> bool:
    """Whether lines that hold numbers are equally long, which texts of people never are."""
    [length, *others] = set(map(len, texts))
    return not others and length >= _SHORTEST and sum(any(map(str.isdigit, text)) for text in texts) >= len(texts) - 1
