"""Files in which an answer is no row: columns of a table as lists, a column for each number that may be answered, a cell.

Here: recognising them, and what is said of them. Not here: reading them: they have to be exported in another shape.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import polars as pl

from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.sniffed import Findings

_FEW_ROWS: Final = 5
#: A record of an answer has hardly so many keys that are numbers, or lists of so many things.
_MANY: Final = 20
_NUMBERED: Final = re.compile(r"(.*?)(\d{1,9})\W*")
_DECIMAL: Final = re.compile(r"\d{1,2}(?:\.\d+)?|100(?:\.0+)?")
_TENTH: Final = re.compile(r"[01]|0[.,]\d")
_OBJECT: Final = r"^\s*\{.*\}\s*$"
_DELIMITERS: Final = (",", ";", "\t", "|")
_WIDEST: Final = 60
_NEARLY: Final = 0.9
_HIGHEST: Final = 10
_SEVERAL: Final = 5


def not_a_row_each(opened: Opened, files: str) -> str:
    """What is said of a file of JSON that holds few records of many keys or long lists; nothing of others."""
    rows, width = opened.rows, opened.table.width
    if opened.kind != "json" or not 0 < rows.height <= _FEW_ROWS:
        return ""
    numbered = sum(heading.text.isdigit() for heading in opened.table.headings)
    commas = rows.select(pl.max_horizontal(pl.col(pl.String).str.count_matches(",", literal=True).max())).item()
    if numbered < _MANY and (commas or 0) < _MANY:
        return ""
    return (
        f"it holds {rows.height:,} records of {width:,} keys, some of them long, as if columns stood there in place of "
        f"answers. Export an object for each answer, such as [{{'score': 9, 'date': '2024-01-31'}}] (of pandas: "
        f"orient='records'), and begin again. If each record is an answer, write {files}"
    )


def a_heading_too_few(opened: Opened, files: str) -> str:
    """What is said of a text of which nearly all rows have more cells than there are headings."""
    rows = opened.rows.height + opened.broken
    if opened.delimiter is None or opened.broken < max(_SEVERAL, _NEARLY * rows):
        return ""
    return (
        f"{opened.broken:,} of its {rows:,} rows hold more cells than there are headings, as where the first column has "
        "none: R's write.table leaves out that of the names of rows. Write a heading for each column (of R: col.names = "
        f"NA), and begin again. If these rows are to be rejected, write {files}"
    )


def in_one_cell(found: Findings) -> str:
    """What is said of a table of which each row stands in one cell, as where lines are quoted as a whole."""
    filled = [each for each in found.columns if each.filled]
    if len(filled) != 1:
        return ""
    [alone] = filled
    for sign in _DELIMITERS:
        signs = Counter(
            {count: rows for count in range(1, _WIDEST) if (rows := alone.rows_like(_exactly(sign, count)))}
        )
        if signs and signs.most_common(1)[0][1] >= _NEARLY * alone.filled:
            return (
                f"all of each row stands in one cell ({alone.pasted}), parted by {quoted(sign)} there, as where lines are "
                "quoted as a whole: export the file again, or take the quotes around whole lines out, and begin again. If "
                "it is so meant, write the heading of the score"
            )
    return ""


def in_objects(found: Findings) -> str:
    """What is said of a column in whose cells whole objects stand, as events and databases keep them."""
    for seen in found.columns:
        if seen.filled >= _SEVERAL and seen.rows_like(_OBJECT) == seen.filled:
            return (
                f"{seen.pasted} holds objects of JSON as text, in which the score may stand: export what stands in them in "
                "columns or keys of their own, and begin again. If another column holds the score, write its heading"
            )
    return ""


def in_ticks(found: Findings) -> str:
    """The same of columns of which no one looks like scores, since nothing but ticks stand there: `Recommend: 9`."""
    columns: defaultdict[str, list[Seen]] = defaultdict(list)
    for each in found.columns:
        if (numbered := _NUMBERED.fullmatch(str(each.name))) and len(each.counts) == 1:
            columns[numbered[1]].append(each)
    return next((told for each in columns.values() if (told := a_column_each(each))), "")


def in_counts(found: Findings) -> str:
    """What is said of a table that has a column for each score, which says how many gave it."""
    names = {str(each.name): each for each in found.columns}
    scores = [names[str(number)] for number in range(1, _HIGHEST + 1) if str(number) in names]
    if len(scores) < _HIGHEST or any(each.rows_like(r"^\d+$") < each.filled for each in scores):
        return ""
    return (
        "the columns 1 to 10 seem to say how many people gave each score: such a file cannot be counted, since here each "
        "row is one answer: export a row for each, and begin again. If another column holds the score, write its heading"
    )


def in_tenths(found: Findings) -> str:
    """What is said of a column of recommending that holds tenths, as spreadsheets keep what they show in percent."""
    for seen in found.columns:
        texts = [text for text, _ in seen.counts]
        fractions = [text for text in texts if len(text) > 1]
        is_called = seen.speaks_of("score_certain", "score_likely")
        if is_called and len(fractions) >= _SEVERAL and all(_TENTH.fullmatch(text) for text in texts):
            sign = fractions[0][1]
            words = ", ".join(f"'0{sign}{number}': {number}" for number in range(1, _HIGHEST))
            return (
                f"{seen.pasted} holds tenths from 0 to 1, as spreadsheets keep what they show as 0 % to 100 %: if 0{sign}9 "
                f"stands for 9, declare scales: {{tenths: {{words: {{{words}, '1': 10}}}}}}, write {seen.pasted} here and "
                "tenths as the scale. If another column is meant, write its heading"
            )
    return ""


def in_decimals(found: Findings) -> str:
    """What is said of a column of recommending that holds numbers with decimals up to 10 or 100, as sliders give them."""
    for seen in found.columns:
        texts = [text.replace(",", ".") for text, _ in seen.counts]
        is_called = seen.speaks_of("score_certain")
        if (
            is_called
            and all(_DECIMAL.fullmatch(text) for text in texts)
            and sum("." in text for text in texts) >= _SEVERAL
        ):
            return (
                f"{seen.pasted} holds numbers with decimals up to {max(map(float, texts)):g}, as sliders give them, and a "
                "score is a whole number: whether 8.6 is a 9, and so a promoter's, is for the company to say. Export them "
                "as whole numbers, and begin again. If another column is meant, write its heading"
            )
    return ""


def _exactly(sign: str, count: int) -> str:
    """The pattern of a text in which a sign stands so many times."""
    each = re.escape(sign)
    return f"^[^{each}]*(?:{each}[^{each}]*){{{count}}}$"


def a_column_each(columns: Sequence[Seen]) -> str:
    """What is said of columns that are called as numbers of a scale, each once: `NPS_0` to `NPS_10`; nothing of others."""
    found = [_NUMBERED.fullmatch(str(each.name)) for each in columns]
    named = {int(each[2]): each[1] for each in found if each}
    is_so = len(named) == len(columns) >= _SEVERAL and len({*named.values()}) == 1 and max(named) <= _HIGHEST
    if (
        not is_so
        or 0 not in named
        or any(text.isdecimal() and text.lstrip("0") not in {"", "1"} for each in columns for text, _ in each.counts)
    ):
        return ""
    first, last = columns[0].pasted, columns[-1].pasted
    return (
        f"{len(columns)} columns are called as the numbers of a scale ({first} to {last}), as if each said whether its "
        "number was answered: one answer would be spread over them. Write the number that was answered into one column, and "
        "begin again. If each holds a score of its own, write the heading of the one that is meant"
    )
