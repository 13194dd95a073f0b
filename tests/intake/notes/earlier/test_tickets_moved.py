"""A dump of tickets whose times are not those of the dump before it."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenario import land, noted, source, workspace

COLUMNS = {"response_id": "answer", "opened_at": "opened", "first_contact_at": "call", "closed_at": "closed"}


def dump(many: int = 20, hour: int = 12, of: str = "R{}", first: int = 0, closed: str = "2025-03-{:02} 15:00") -> str:
    rows = [
        f"{of.format(n)},2025-03-{1 + n:02} 10:{n:02},2025-03-{1 + n:02} {hour}:{n:02},{closed.format(2 + n)}"
        for n in range(first, first + many)
    ]
    return "\n".join(["answer,opened,call,closed", *rows, ""])


def notes(tmp_path: Path, *files: str) -> list[str]:
    cases = {"kind": "csv", "files": "landing/t/*", "columns": COLUMNS}
    settings = {"sources": {"a": source("a")}, "follow_up": {"due": {"hours": 48}}, "cases": cases}
    home = workspace(tmp_path, settings)
    for day, text in enumerate(files, 1):
        land(home, f"t/{day}.csv", text, day)
    return [*noted(home).values()]


def test_calls_by_another_clock_are_told(tmp_path: Path) -> None:
    _, told = notes(tmp_path, dump(), dump(22, hour=14))
    assert "20 of 20 tickets that are in landing/t/1.csv as well were called about first at other times by it" in told
    assert "were opened" not in told


def test_tickets_below_ids_of_other_answers_are_told(tmp_path: Path) -> None:
    lines = dump(20, first=1).splitlines()
    shifted = [f"R{n - 1},{line.split(',', 1)[1]}" if n else line for n, line in enumerate(lines)]
    _, told = notes(tmp_path, dump(), "\n".join([*shifted, ""]))
    assert "20 of 20 tickets that are in landing/t/1.csv as well were opened at other times by it" in told


def test_tickets_that_are_open_again_are_told_where_they_are_many(tmp_path: Path) -> None:
    lines = dump().splitlines()
    reopened = [line.rsplit(",", 1)[0] + "," if 0 < n < 16 else line for n, line in enumerate(lines)]
    _, told = notes(tmp_path, dump(), "\n".join([*reopened, ""]))
    assert "15 of 20 tickets that were closed by landing/t/1.csv are not closed by it" in told


def test_newer_tickets_and_a_part_of_the_older_ones_are_no_news(tmp_path: Path) -> None:
    assert notes(tmp_path, dump(), dump(18, first=8), dump(26)) == [""] * 3
