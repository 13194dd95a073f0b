"""A column that is filled where the one that nps.yaml reads is blank, and is called like it: half would count elsewhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.support.scenario import ANSWERS, land, noted, source, workspace

Rows = Sequence[Mapping[str, object]]
ASKED = "How likely are you to recommend us?"


def as_csv(rows: Rows) -> bytes:
    return pl.DataFrame(rows).write_csv().encode()


def as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows).write_parquet(out)
    return out.getvalue()


def as_json(rows: Rows) -> bytes:
    return json.dumps(list(rows)).encode()


def answers(one: str, other: str, values: Sequence[object], both: Callable[[int], bool]) -> Rows:
    """Sixty answers, of which every second one has a value below another heading; those of `both` have it below both."""
    rest = {"date": "2025-01-05", "score": 9} if one != ASKED else {"date": "2025-01-05"}
    return [
        {
            **rest,
            "no": at,
            one: None if at % 2 and not both(at) else value,
            other: value if at % 2 or both(at) else None,
        }
        for at in range(60)
        if (value := values[at // 2 % len(values)]) is not None
    ]


@pytest.mark.parametrize(
    ("kind", "write"), [("csv", as_csv), ("parquet", as_parquet), ("json", as_json)], ids=["csv", "parquet", "json"]
)
@pytest.mark.parametrize(
    ("role", "read", "other", "values"),
    [
        ("branch", "Branch", "Branch.name", ["Split", "Zagreb"]),
        ("branch", "Branch", "Poslovnica", ["Split", "Zagreb"]),
        ("score", ASKED, "Koliko je vjerojatno da ćete nas preporučiti?", [0, 9, 10, 7]),
    ],
)
def test_what_takes_turns_with_a_column_that_is_read_is_noted(  # noqa: PLR0913, PLR0917 - what pytest gives
    tmp_path: Path,
    kind: str,
    write: Callable[[Rows], bytes],
    role: str,
    read: str,
    other: str,
    values: Sequence[object],
) -> None:
    columns = {**ANSWERS, role: read}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", kind=kind, columns=columns)}})
    land(home, f"a/1.{kind}", write(answers(read, other, values, lambda _: False)))
    [told] = noted(home).values()
    assert f"'{other}', which nothing reads, is called as that should be, and is filled in 30 rows" in told


@pytest.mark.parametrize(
    ("other", "both"),
    [("Branch.name", lambda at: at < 10), ("Remarks", lambda _: False), ("Branch.name", lambda _: True)],
    ids=["says two things", "called after nothing", "both are filled"],
)
def test_what_says_something_else_is_not(tmp_path: Path, other: str, both: Callable[[int], bool]) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns={**ANSWERS, "branch": "Branch"})}})
    land(home, "a/1.csv", as_csv(answers("Branch", other, ["Split", "Zagreb"], both)))
    assert "which nothing reads" not in noted(home)["landing/a/1.csv"]


def test_of_several_answers_of_a_row_each_may_be_blank(tmp_path: Path) -> None:
    one, other = "How likely are you to recommend us after your visit?", "How likely are you to recommend our delivery?"
    settings = {"columns": {"responded_at": "date"}}
    named = {"visit": {"columns": {"score": one}}, "delivery": {"columns": {"score": other}}}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", answers=named, **settings)}})
    land(home, "a/1.csv", as_csv(answers(one, other, [0, 9, 10, 7], lambda _: False)))
    assert all("which nothing reads" not in told for told in noted(home).values())
