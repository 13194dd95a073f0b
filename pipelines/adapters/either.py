"""Kinds whose files come in several formats: tables that are text or a spreadsheet, answers that are a table or JSON.

Here: telling which it is. Not here: reading any (`text.delimited`, `sheets.excel`, `json.records`), what columns are called
(`pipelines/kinds`).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.json.records import read_json
from pipelines.adapters.json.text import looks_like_json
from pipelines.adapters.sheets.excel import SUFFIXES, read_excel
from pipelines.adapters.table import TextTable
from pipelines.adapters.text.delimited import read_delimited
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.landed import LandedFile


def read_table(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read a table (kind table): a spreadsheet where its name says so, text otherwise."""
    read = read_excel if file.suffix in SUFFIXES else read_delimited
    return read(file, layout, limits, scratch)


def read_delighted(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read answers of Delighted (kind delighted): one row per answer, from JSON or a table, as the file begins."""
    if file.suffix not in SUFFIXES and looks_like_json(to_utf8(file.path, layout.encoding, scratch)[0]):
        return read_json(file, layout, limits, scratch)
    return read_table(file, layout, limits, scratch)
