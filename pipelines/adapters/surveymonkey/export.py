"""SurveyMonkey exports (CSV and XLSX), as a table of text.

Here: their one or two rows of headings, and the two spellings of their metadata. Not here: reading cells (`delimited`,
`excel`), answers of the API (`api`), what is chosen from them (`adapters.columns`).
A question is condensed, one column with the chosen text, or expanded, one column per option under the same heading.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path
from typing import Final

from pipelines.adapters.headings import columns_of, plain_table, same_name
from pipelines.adapters.sheets.excel import SUFFIXES, open_sheet
from pipelines.adapters.surveymonkey.api import SUFFIXES as API_SUFFIXES
from pipelines.adapters.surveymonkey.api import read_api
from pipelines.adapters.table import Grid, Heading, TextTable
from pipelines.adapters.text.delimited import open_delimited
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.landed import LandedFile

#: Metadata by the spelling of the CSV export and that of the XLSX export; others differ in case and underscores only.
_SPELLINGS: Final = (
    (re.compile(r"startdate"), "date_created"),
    (re.compile(r"enddate"), "date_modified"),
    (re.compile(r"datecreated"), "Start Date"),
    (re.compile(r"datemodified"), "End Date"),
    (re.compile(r"customdata(\d+)"), r"custom_\1"),
    (re.compile(r"custom(\d+)"), r"Custom Data \1"),
)
_METADATA: Final = frozenset(
    {"respondentid", "collectorid", "startdate", "enddate", "datecreated", "datemodified", "ipaddress", "emailaddress",
     "firstname", "lastname", "customdata1", "custom1"}
)  # fmt: skip
#: What stands below a question whose answer is in the column itself.
_ANSWER_HERE: Final = frozenset({"response", "open-ended response"})
_TWO_ROWS: Final = 2


def read_surveymonkey(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read an export (kind surveymonkey): one row per respondent, questions by their text, options below them.

    A file called .json holds answers of the API.
    """
    if file.suffix in API_SUFFIXES:
        return read_api(file, layout, limits, scratch)
    is_sheet = file.suffix in SUFFIXES
    grid = open_sheet(file, layout, limits, _is_of_respondents) if is_sheet else open_delimited(file, layout, scratch)
    header_rows = layout.header_rows or (_TWO_ROWS if has_two_header_rows(grid.first_rows) else 1)
    if layout.header_rows == 0 or header_rows > _TWO_ROWS:
        return plain_table(grid, layout)
    return grid.table(survey_headings(grid.first_rows[:header_rows]), header_rows)


def has_two_header_rows(rows: list[list[str]]) -> bool:
    """Whether the second row holds options: nothing under metadata, and `Response`, or texts under empty cells."""
    if len(rows) < _TWO_ROWS:
        return False
    pairs = [(top.strip(), below.strip()) for top, below in zip_longest(*rows[:_TWO_ROWS], fillvalue="")]
    metadata = [below for top, below in pairs if same_name(top) in _METADATA]
    says_response = any(below.lower() in _ANSWER_HERE for _, below in pairs)
    continues = any(below and not top for top, below in pairs)
    return not any(metadata) and (says_response or (continues and bool(metadata)))


def survey_headings(rows: list[list[str]]) -> list[Heading]:
    """Join the one or two rows of headings: an empty cell above an option continues the question to its left."""
    headings: list[Heading] = []
    question = ""
    for top, *below in columns_of(rows):
        option = "".join(below)
        question = top or (question if option else "")
        names = tuple(
            other.expand(spelling) for found, spelling in _SPELLINGS if (other := found.fullmatch(same_name(top)))
        )
        headings.append(Heading(question, "" if option.lower() in _ANSWER_HERE else option, names))
    return headings


def _is_of_respondents(grid: Grid) -> bool:
    return any(same_name(cell) == "respondentid" for cell in grid.first_rows[0])
