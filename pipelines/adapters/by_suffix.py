"""Files that are text or a spreadsheet, whichever their name says: dumps and exports that are downloaded as either.

Here: choosing how to read them. Not here: reading itself (`text.delimited`, `sheets.excel`). They need no more than any
other file: semicolons and Windows-1251 are detected, and headings are compared without case, spaces and underscores
everywhere.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.adapters.sheets.excel import SUFFIXES, read_excel
from pipelines.adapters.table import TextTable
from pipelines.adapters.text.delimited import read_delimited
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.landed import LandedFile


def read_by_suffix(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read a table (kind table): a spreadsheet where its name says so, text otherwise."""
    read = read_excel if file.suffix in SUFFIXES else read_delimited
    return read(file, layout, limits, scratch)
