"""Files of very many columns: a cell that strayed far away, or a table that is turned on its side."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sniff import sniff as sniffing
from pipelines.sniff.columns import facts
from pipelines.sniff.sniff import sniff

ROWS = [f"2024-0{1 + row % 6}-1{row % 9},{row % 11},{'Split' if row % 2 else 'Zagreb'}" for row in range(60)]


def test_columns_without_heading_and_cells_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "\n".join(["Date,NPS,Branch" + "," * 900, *(row + "," * 899 + ("x" if row is ROWS[3] else "") for row in ROWS)])
    )
    found = sniff(file).found
    assert [each.position for each in found.columns] == [0, 1, 2, 901]
    assert not any("were looked at" in note for note in found.notes)


def test_of_endless_columns_the_first_are_looked_at_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (facts, sniffing):
        monkeypatch.setattr(module, "MOST_COLUMNS", 10)
    file = tmp_path / "a.csv"
    many = ",".join(f"c{number}" for number in range(17))
    file.write_text("\n".join([f"Date,NPS,Branch,{many}", *(row + ",x" * 17 for row in ROWS)]))
    found = sniff(file).found
    assert len(found.columns) == 10
    assert [note for note in found.notes if "Only the first 10 of its 20 columns were looked at" in note]
