"""Other sheets of a workbook that hold answers too: by months, by branches, of a second survey.

Here: finding them, and the question which of them are meant. Not here: which sheet is looked at (`sniff`), reading
several (`pipelines.adapters.sheets.excel`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.adapters.headings import same_name
from pipelines.adapters.sheets.workbook import Sheet, open_workbook
from pipelines.adapters.table import column
from pipelines.adapters.text.dialect import FIRST_ROWS
from pipelines.adapters.words import named, said
from pipelines.config.settings import Limits

_SCORE: Final = r"^\s*(?:\d|10)\s*$"
#: So many cells are answers of people, and this share of a column.
_ANSWERS: Final = 5
_NEARLY: Final = 0.8
_NAMED: Final = 5
_PLAIN: Final = re.compile(r"[\w -]+")


@dataclass(frozen=True)
class OtherSheets:
    """Sheets beside the one that was looked at, by their names."""

    chosen: str
    alike: Sequence[str] = ()
    """With the same headings."""
    hidden: Sequence[str] = ()
    """The same, but hidden: a pattern means them only where it means no other."""
    others: Sequence[str] = ()
    """With answers below other headings."""
    are_all: bool = False
    """Whether these and the chosen one are all that are not hidden, and have its headings."""

    @property
    def question(self) -> str:
        """What has to be asked; nothing where this is the only sheet with answers."""
        told = []
        if self.alike:
            told.append(
                f"these sheets have the columns of '{self.chosen}' too: {_among(self.alike)}. If all of them are this "
                f"survey, write {self._pattern}"
            )
        if self.hidden:
            told.append(
                f"hidden, and with the columns of '{self.chosen}' too: {_among(self.hidden)}. If all answers stand there, "
                f"write {self.hidden[0]}"
            )
        if self.others:
            told.append(
                f"answers seem to stand below other headings in {_among(self.others)}: a source of its own, with its "
                "sheet, would read each"
            )
        return f"{'. '.join(told)}. To read '{self.chosen}' alone, write its name" if told else ""

    @property
    def _pattern(self) -> str:
        names = [self.chosen, *self.alike]
        if self.are_all:
            return "{matches: .}"
        if all(_PLAIN.fullmatch(name) for name in names):
            return "{matches: '^(" + "|".join(names) + ")$'}"
        return "{matches: a pattern of their names}"


def other_sheets(path: Path, chosen: str, headings: Sequence[str], wanted: Sequence[str]) -> OtherSheets:
    """Look at the other sheets of a workbook; `wanted` are the headings of its score and its date."""
    sheets = open_workbook(path, None, Limits())
    visible = [each.name for each in sheets if each.is_visible]
    beside = [each for each in sheets if each.name != chosen]
    same = [each.name for each in beside if _is_like(each, headings)]
    others = [
        each.name
        for each in beside
        if each.name not in same and ((wanted and _has(each, wanted)) or _holds_answers(each.cells))
    ]
    alike, hidden = ([each for each in same if (each in visible) is is_seen] for is_seen in (True, False))
    return OtherSheets(chosen, alike, hidden, others, set(visible) <= {chosen, *same})


def _is_like(sheet: Sheet, headings: Sequence[str]) -> bool:
    """Whether a row has these headings and no others, so that both can be read as one table."""
    wanted = [same_name(each) for each in headings if each]
    return any([same_name(cell) for cell in row if cell] == wanted for row in sheet.cells.head(FIRST_ROWS).rows())


def _has(sheet: Sheet, wanted: Sequence[str]) -> bool:
    names = {same_name(each) for each in wanted}
    return any(names <= {same_name(cell) for cell in row if cell} for row in sheet.cells.head(FIRST_ROWS).rows())


def _holds_answers(cells: pl.DataFrame) -> bool:
    """Whether whole numbers from 0 to 10 stand below a heading that names a score."""
    for number, row in enumerate(cells.head(FIRST_ROWS).rows()):
        for at, cell in enumerate(row):
            if cell and (said("score_certain", cell) or named("score_named", cell)):
                below = cells.get_column(column(at)).slice(number + 1).drop_nulls()
                scores = int(below.str.contains(_SCORE).sum())
                if scores >= max(_ANSWERS, _NEARLY * below.len()):
                    return True
    return False


def _among(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
