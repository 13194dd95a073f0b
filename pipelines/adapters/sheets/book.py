"""What holds for a whole .xlsx workbook: its sheets, from when days are counted, and which styles and texts say something.

Here: what its small parts say. Not here: its sheets (`scan`), the archive (`archive`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipelines.adapters.sheets.xml import elements

#: What is true of an attribute.
TRUE: Final = frozenset({"1", "true"})
#: What styles are made of.
_SECTIONS: Final = frozenset({
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
})  # fmt: skip


@dataclass(frozen=True)
class Book:
    """What holds for a whole workbook."""

    members: Mapping[str, str]
    """Where each sheet lies in the archive, by its name; names of members in lower case."""
    days_from_1904: bool = False
    computed_on_opening: bool = False
    """Whether its formulas are to be worked out when it is opened: whoever wrote it may not have done so."""
    struck: frozenset[str] = frozenset()
    """The styles of cells that are struck through, as cells name them."""
    struck_texts: frozenset[str] = frozenset()
    """The texts of which a part is struck through, as cells name them."""
    coloured: Mapping[str, int] = field(default_factory=dict)
    """The styles of cells that are filled with a colour, as cells name them, and which colour it is."""


def struck_styles(styles: bytes) -> frozenset[str]:
    """Which of the styles of a workbook strike through what stands in a cell, as cells name them."""
    section, fonts, found = "", 0, set()
    struck: set[int] = set()
    cells = 0
    for name, given in elements(styles):
        if name in _SECTIONS:
            section = name
        elif section == "fonts" and name == "font":
            fonts += 1
        elif section == "fonts" and name == "strike" and given.get("val", "1") in TRUE:
            struck.add(fonts - 1)
        elif section == "cellXfs" and name == "xf":
            if int(given.get("fontId", -1)) in struck:
                found.add(str(cells))
            cells += 1
    return frozenset(found)


def coloured_styles(styles: bytes) -> dict[str, int]:
    """Which of the styles of a workbook fill a cell with a colour, as cells name them, and which one: a number above 0."""
    section, fills, cells = "", -1, 0
    solid: set[int] = set()
    colours: dict[tuple[tuple[str, str], ...], int] = {}
    by_fill: dict[int, int] = {}
    found: dict[str, int] = {}
    for name, given in elements(styles):
        if name in _SECTIONS:
            section = name
        elif section == "fills" and name == "fill":
            fills += 1
        elif section == "fills" and name == "patternFill" and given.get("patternType") == "solid":
            solid.add(fills)
        elif section == "fills" and name == "fgColor" and fills in solid and not _is_white(given):
            by_fill[fills] = colours.setdefault(tuple(sorted(given.items())), len(colours) + 1)
        elif section == "cellXfs" and name == "xf":
            if colour := by_fill.get(int(given.get("fillId", -1))):
                found[str(cells)] = colour
            cells += 1
    return found


def _is_white(given: Mapping[str, str]) -> bool:
    """Whether a colour is that of paper."""
    return given.get("rgb", "").upper().endswith("FFFFFF") or (given.get("theme") == "0" and "tint" not in given)


def struck_texts(shared: bytes) -> frozenset[str]:
    """Which of the texts of a workbook, as cells name them, have a part that is struck through."""
    texts, found = 0, set()
    for name, given in elements(shared):
        if name == "si":
            texts += 1
        elif name == "strike" and given.get("val", "1") in TRUE:
            found.add(str(texts - 1))
    return frozenset(found)


def book_of(workbook: bytes, relations: bytes, program: bytes, folder: str) -> Book:
    """What the parts of a workbook say; `folder` is where it lies in the archive, `program` docProps/app.xml."""
    targets = {each["Id"]: each["Target"] for _, each in elements(relations) if {"Id", "Target"} <= each.keys()}
    members: dict[str, str] = {}
    days_from_1904 = computed = False
    for name, given in elements(workbook):
        if name == "sheet":
            related = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            target = posixpath.join("/", folder, targets.get(related, ""))
            members[given.get("name", "")] = posixpath.normpath(target).lstrip("/").lower()
        elif name == "workbookPr":
            days_from_1904 = given.get("date1904", "").lower() in TRUE
        elif name == "calcPr":
            computed = given.get("fullCalcOnLoad", "").lower() in TRUE
    return Book(members, days_from_1904, computed or b"<Application>Apache POI" in program)
