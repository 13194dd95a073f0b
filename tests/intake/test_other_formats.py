"""Notes on marks, months of names, brands, branches and weights are of JSON and Parquet as they are of text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace

Rows = Sequence[Mapping[str, Any]]


def as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows).with_columns(pl.col("date").str.to_date()).write_parquet(out)
    return out.getvalue()


def as_json(rows: Rows) -> bytes:
    return json.dumps({"answers": list(rows)}).encode()


def as_lines(rows: Rows) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def month(number: int, year: int, **more: Callable[[int], Any]) -> Rows:
    """Fifty-six answers of a month."""
    return [
        {"date": f"{year}-{number:02}-{1 + at % 28:02}", "score": (at * 7 + at // 11) % 11}
        | {name: said(at) for name, said in more.items()}
        for at in range(56)
    ]


@pytest.mark.parametrize(
    ("kind", "ending", "write"),
    [("parquet", "parquet", as_parquet), ("json", "json", as_json), ("json", "jsonl", as_lines)],
)
def test_later_files_of_other_formats_are_looked_at_likewise(
    tmp_path: Path, kind: str, ending: str, write: Callable[[Rows], bytes]
) -> None:
    settings = {"kind": kind, "files": f"landing/a/*.{ending}", "columns": {**ANSWERS, "branch": "branch"}}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", **settings)}})
    towns, done = ("Split", "Zagreb"), {"status": lambda _: "Complete", "brand": lambda _: "Acme"}
    first, second = (month(number, 2024, branch=lambda at: towns[at % 2], **done) for number in (1, 2))
    odd = month(
        3, 2023, branch=lambda _: "Split", brand=lambda _: "Rivex", weight=lambda at: 0.5 + at % 3,
        status=lambda at: "Test" if at % 4 == 0 else "Complete",
    )  # fmt: skip
    for number, rows in enumerate((first, second, odd), 1):
        land(home, f"a/nps_2024-{number:02}.{ending}", write(rows), day=number)
    found = taken_in(home)
    notes = {path.partition(".")[0][-2:]: " ".join(row["notes"]) for path, row in found.items()}
    assert notes["01"] == notes["02"] == ""
    for told in (
        "14 rows with a score have 'Test' in 'status'",
        "56 of its 56 answers are of 2023-03, though its name says 2024-03",
        "says 'Rivex' in all its rows, and 'Acme' in the files before it",
        "All of its 56 answers are of one branch, Split",
        "'weight' is new, and nps.yaml reads no weight",
    ):
        assert told in notes["03"], told
