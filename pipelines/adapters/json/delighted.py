"""Delighted: what its API gives (JSON) and what it exports (CSV), as a table of text.

Here: telling the two apart. Not here: reading either (`records`, `text.delimited`), the names of their columns and their
dates (`pipelines/kinds/delighted.yaml`).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.adapters.by_suffix import read_by_suffix
from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.json.records import read_json
from pipelines.adapters.json.text import looks_like_json
from pipelines.adapters.sheets.excel import SUFFIXES
from pipelines.adapters.table import TextTable
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.landing.landed import LandedFile


def read_delighted(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read answers of Delighted (kind delighted): one row per answer, from JSON or a table, as the file begins."""
    if file.suffix not in SUFFIXES and looks_like_json(to_utf8(file.path, layout.encoding, scratch)[0]):
        return read_json(file, layout, limits, scratch)
    return read_by_suffix(file, layout, limits, scratch)
