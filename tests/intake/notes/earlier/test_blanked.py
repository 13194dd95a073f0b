"""Columns that decide figures and that a later file leaves blank: told, where the file before had something there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import land, noted, source, workspace

COLUMNS = {
    "response_id": "id", "score": "score", "responded_at": "date", "respondent": "client", "branch": "branch",
    "agent": "agent", "weight": "weight",
}  # fmt: skip
HEADINGS = ("id", "date", "score", "client", "branch", "agent", "weight", "test")
SAID = {"client": "c{}", "branch": "b{}", "agent": "a{}", "weight": "2.5", "test": "no"}


def rows(first: int, *, blank: str = "", many: int = 24, test: str = "yes") -> str:
    """A file of answers, of which one is a test, and of which a column may be blank."""
    lines = [",".join(HEADINGS)]
    for at in range(first, first + many):
        said = {name: text.format(at) for name, text in SAID.items()}
        said |= {"id": f"r{at}", "date": f"2025-03-{at % 20 + 1:02}", "score": str(at % 11)}
        said["test"] = test if at == first else said["test"]
        lines.append(",".join("" if name == blank else said[name] for name in HEADINGS))
    return "\n".join(lines)


def notes(home: Path, first: str, *later: str) -> list[str]:
    """The notes of files that come after the first is in."""
    left_out = {"test": {"column": "test", "values": ["yes"]}}
    workspace(home, {"sources": {"web": source("web", columns=COLUMNS, exclude=left_out)}})
    land(home, "web/1.csv", first, day=1)
    noted(home)
    for at, text in enumerate(later, 2):
        land(home, f"web/{at}.csv", text, day=at)
    return [note for path, note in noted(home).items() if not path.endswith("/1.csv")]


@pytest.mark.parametrize(
    ("blank", "then"),
    [
        ("client", "several answers of one person are not known to be so"),
        ("branch", "its answers count as of no known branch"),
        ("agent", "its answers count as of no known agent"),
        ("weight", "each of its answers weighs 1"),
        ("test", "no row of it is left out by that column"),
    ],
)
def test_what_the_file_before_filled_is_told(blank: str, then: str, tmp_path: Path) -> None:
    [told] = notes(tmp_path, rows(0), rows(100, blank=blank))
    assert (
        f"Nothing stands below '{blank}' in any row, where landing/web/1.csv, the export before, had something: {then}"
        in told
    )


def test_among_files_that_are_read_together_the_first_of_them_is_told(tmp_path: Path) -> None:
    later = [rows(100), rows(200, blank="branch"), rows(300, blank="branch"), rows(400)]
    told = notes(tmp_path, rows(0), *later)
    assert ["Nothing stands below 'branch'" in each for each in told] == [False, True, False, False]


def test_what_was_blank_before_or_is_blank_in_few_rows_is_not(tmp_path: Path) -> None:
    told = notes(tmp_path, rows(0, blank="branch"), rows(100, blank="branch"), rows(200, blank="client", many=19))
    assert not any("Nothing stands below" in each for each in told)


def test_marks_of_which_a_file_had_none_are_not_missed_in_the_next(tmp_path: Path) -> None:
    [told] = notes(tmp_path, rows(0, test="no"), rows(100, blank="test"))
    assert "Nothing stands below" not in told


def test_a_file_without_rows_is_told(tmp_path: Path) -> None:
    [told] = notes(tmp_path, rows(0), ",".join(HEADINGS) + "\n")
    assert "It has no rows" in told


ORDERS = {
    "kind": "csv", "files": "landing/orders/*", "defaults": {"kind": "purchase"},
    "columns": {"respondent": "who", "occurred_at": "on", "amount": "sum"},
}  # fmt: skip
CLIENTS = {"kind": "csv", "files": "landing/clients/*", "columns": {"respondent": "who", "value": "worth"}}
PLACES = {"kind": "csv", "files": "landing/places/*", "columns": {"branch": "who", "region": "region"}}
CASES = {
    "kind": "csv",
    "files": "landing/cases/*",
    "columns": {"respondent": "who", "opened_at": "on", "closed_at": "done"},
}


def of_list(**cells: str) -> str:
    """A file that may be a list, of orders or of tickets."""
    told = [",".join([f"p{number}", f"2025-03-0{1 + number % 9}", *cells.values()]) for number in range(24)]
    return "\n".join([",".join(["who", "on", *cells]), *told])


@pytest.mark.parametrize(
    ("settings", "folder", "blank"),
    [
        ({"activity": {"orders": ORDERS}}, "orders", "sum"),
        ({"activity": {"orders": ORDERS}, "clients": CLIENTS}, "clients", "worth"),
        ({"dimensions": {"branches": PLACES}}, "places", "region"),
        ({"cases": CASES, "follow_up": {"due": {"hours": 48}}}, "cases", "done"),
    ],
    ids=["activity", "clients", "branches", "tickets"],
)
@pytest.mark.parametrize("nights", [1, 2])
def test_lists_tickets_and_what_clients_do_are_looked_at_likewise(
    settings: dict[str, Any], folder: str, blank: str, nights: int, tmp_path: Path
) -> None:
    workspace(tmp_path, {"sources": {"web": source("web", columns=COLUMNS)}, **settings})
    land(tmp_path, "web/1.csv", rows(0))
    cells = {"sum": "5", "worth": "7", "region": "north", "done": "2025-03-20"}
    land(tmp_path, f"{folder}/1.csv", of_list(**cells), day=1)
    if nights > 1:
        noted(tmp_path)
    land(tmp_path, f"{folder}/2.csv", of_list(**{**cells, blank: ""}), day=2)
    told = noted(tmp_path)[f"landing/{folder}/2.csv"]
    assert f"Nothing stands below '{blank}' in any row, where landing/{folder}/1.csv" in told
