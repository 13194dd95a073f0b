"""What a night tells of activity and lists in which nobody is who answered, and of amounts that are not compared."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.report.notes.matches import outcome_notes
from pipelines.report.notes.published import seen

_TABLES = """
create schema meta;
create schema marts;
create table meta.clients_followed (
    month date, responses int, clients int, not_known int, of_nobody int, in_list int, bought_until date
);
create table meta.activity_files (source text, path text, deeds_counted int, of_known int, currencies text);
create table marts.fct_outcome (complete int, compared int);
insert into marts.fct_outcome values (40, 0);
"""


def said(folder: Path, *, listed: int | None, known: int, currencies: str = "EUR") -> str:
    """The notes where 40 clients answered, of whom lists name some, and activity has 50 rows of which some are of them."""
    database = folder / "nps.duckdb"
    with duckdb.connect(str(database)) as file:
        file.execute(_TABLES)
        followed = "insert into meta.clients_followed values (date '2025-01-01', 40, 40, 0, 0, ?, date '2025-12-31')"
        file.execute(followed, [listed])
        file.execute(
            "insert into meta.activity_files values ('orders', 'landing/o.csv', 50, ?, ?)", [known, currencies]
        )
    return " ".join(seen(database, outcome_notes))


@pytest.mark.parametrize("listed", [3, None])
def test_nothing_is_told_where_some_are_known(listed: int | None, tmp_path: Path) -> None:
    assert "None of" not in said(tmp_path, listed=listed, known=1)


def test_activity_and_lists_of_strangers_are_told(tmp_path: Path) -> None:
    told = said(tmp_path, listed=0, known=0)
    assert "None of 50 rows of orders is of a client who answered or was asked: nobody bought or left by them." in told
    assert "None of 40 clients who answered is in the lists of clients." in told
    assert "the same zeros in front" in told


def test_several_currencies_are_told_with_their_file_and_nothing_else_is(tmp_path: Path) -> None:
    told = said(tmp_path, listed=3, known=9, currencies="EUR, USD")
    assert "amounts are of several currencies (landing/o.csv: EUR, USD), which are never added up" in told
    assert "amounts are missing" not in told


def test_amounts_of_one_currency_that_are_not_compared_are_told_otherwise(tmp_path: Path) -> None:
    told = said(tmp_path, listed=3, known=9)
    assert "No revenue is compared: amounts are missing, or one of the activities" in told
