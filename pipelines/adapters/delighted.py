"""Delighted: what its API gives (JSON) and what it exports (CSV), as a table of text.

Here: telling the two apart. Not here: reading either (`json_records`, `delimited`), the names of their columns and their
dates (`pipelines/kinds/delighted.yaml`).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.adapters.by_suffix import read_by_suffix
from pipelines.adapters.encoding import to_utf8
from pipelines.adapters.excel import SUFFIXES
from pipelines.adapters.json_records import read_json
from pipelines.adapters.json_text import looks_like_json
from pipelines.adapters.table import LandedFile, TextTable
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits


def read_delighted(file: LandedFile, layout: Layout, limits: Limits, scratch: Path) -> TextTable:
    """Read answers of Delighted (kind delighted): one row per answer, from JSON or a table, as the file begins."""
    if file.suffix not in SUFFIXES and looks_like_json(to_utf8(file.path, layout.encoding, scratch)[0]):
        return read_json(file, layout, limits, scratch)
    return read_by_suffix(file, layout, limits, scratch)
