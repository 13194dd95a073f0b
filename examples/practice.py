"""Files to practise with beside the demo (docs/tour.md): the next ones of the call centre, of which two need a person.

Here: what is wrong with them, and what mends it. Not here: what they are made from (`calls`, `crm`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from examples.calls import ENCODING
from examples.export import Export, delimited

_CALLS: Final = "landing/calls/calls_SA_2026-06.txt"
_BRANCHES: Final = "landing/crm/branches.csv"
_OPENED: Final = "TS;Trieste;Adriatic\r\n"


def exports(landed: Iterable[Export]) -> Iterator[Export]:
    """Made from what has landed, and left beside landing: whoever takes the tour puts them there."""
    found = {each.path: each for each in landed}
    calls, branches = found[_CALLS], found[_BRANCHES]
    headings, *rows = csv.reader(calls.content.decode(ENCODING).splitlines(), delimiter=";")
    sarajevo = [_in_july("SA", row) for row in rows if ".06.2026" in row[1]]
    # Clients of a branch that has just opened: other people, and no list knows their accounts. They are enough for the
    # gate of months to fail by them, and so few that the file is not held for changing a month that had ended.
    trieste = [_in_july("TS", [*row[:2], row[2].replace("+000 0", "+000 5"), "", *row[4:]]) for row in rows[::5]]
    files = {
        "1-cut/calls_SA_2026-07.txt": sarajevo,
        "2-whole/calls_SA_2026-07.txt": [headings, *sarajevo],
        "3-new-branch/calls_TS_2026-07.txt": [headings, *(row for row in trieste if ".07.2026" in row[1])],
    }
    for name, lines in files.items():
        yield Export(f"practice/{name}", delimited(lines, ";", ENCODING), calls.arrived_at)
    yield Export("practice/4-opened/branches.csv", branches.content + _OPENED.encode(), branches.arrived_at)


def _in_july(branch: str, row: list[str]) -> list[str]:
    number, at, *rest = row
    return [number.replace("SA23-", f"{branch}24-"), at.replace(".06.2026", ".07.2026"), *rest]
