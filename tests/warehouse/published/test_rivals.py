"""Rivals over time: places, gaps and changes of the brands that a survey asks about, each held against the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.lakes import limits
from tests.warehouse.published.test_closed_loop import broken
from tests.warehouse.published.test_hiding import FEW
from tests.warehouse.published.test_publish import PUBLICATION, fact, of_facts
from warehouse.engine import reconcile
from warehouse.published.hiding import hide_small_groups
from warehouse.published.query import ask

pytestmark = pytest.mark.usefixtures("bare")

MARCH, JUNE = date(2024, 3, 1), date(2024, 6, 1)
#: Promoters, passives and detractors of the survey about three operators, and of the one a quarter later, which asks about
#: a fourth too.
OPERATORS = {
    MARCH: {"own": (70, 20, 10), "mts": (20, 20, 60), "megafon": (30, 30, 40)},
    JUNE: {"own": (65, 20, 15), "mts": (30, 20, 50), "megafon": (65, 25, 10), "tele2": (100, 0, 0)},
}
QUARTER = "period_grain = 'quarter' order by period_start, rank"


@pytest.fixture(scope="module")
def operators(tmp_path_factory: pytest.TempPathFactory) -> Path:
    facts = [fact(month, counts, brand=brand) for month, of in OPERATORS.items() for brand, counts in of.items()]
    few = fact(JUNE, (3, 0, 0), brand="yota")
    others = [fact(JUNE, (0, 0, 500), programme="clients"), fact(JUNE, (9, 9, 99), brand="unknown")]
    return of_facts(tmp_path_factory.mktemp("rivals"), *facts, few, *others, has_rivals=True)


def test_each_operator_has_its_place_and_the_gap_to_the_others(operators: Path) -> None:
    columns = "brand, rank, brands, nps, best_rival, gap_to_best_rival, rivals_nps, gap_to_rivals"
    found = ask(operators, f"select {columns} from marts.nps_rivals where {QUARTER}").rows()
    assert found[:3] == [
        ("own", 1, 3, 60, "megafon", 70, -25, 85),
        ("megafon", 2, 3, -10, "own", -70, 10, -20),
        ("mts", 3, 3, -40, "own", -100, 25, -65),
    ]
    assert [row[:4] for row in found[3:]] == [
        ("tele2", 1, 4, 100), ("megafon", 2, 4, 55), ("own", 3, 4, 50), ("mts", 4, 4, -20),
    ]  # fmt: skip
    market = f"select market_nps, gap_to_market from marts.nps_rivals where {QUARTER}"
    assert [value for row in ask(operators, market).rows()[:3] for value in row] == pytest.approx(
        [10 / 3, 60 - 10 / 3, 10 / 3, -10 - 10 / 3, 10 / 3, -40 - 10 / 3]
    )


def test_a_change_is_held_against_those_of_the_brands_that_were_there_before(operators: Path) -> None:
    columns = (
        "brand, previous_rank, places_gained, compared_brands, change, market_change, change_beside_market, rivals_change, "
        "change_beside_rivals"
    )
    found = ask(operators, f"select {columns} from marts.nps_rivals where {QUARTER}").rows()
    assert {row[1:] for row in found[:3]} == {(None, None, 0, *[None] * 5)}
    assert found[3:] == [
        ("tele2", None, None, 3, None, None, None, None, None),
        ("megafon", 2, 0, 3, 65, 25, 40, 5, 60),
        ("own", 1, -2, 3, -10, 25, -35, 42.5, -52.5),
        ("mts", 3, -1, 3, 20, 25, -5, 27.5, -7.5),
    ]


def test_it_is_made_only_where_somebody_says_which_brand_is_meant(tmp_path: Path) -> None:
    file = of_facts(tmp_path, fact(MARCH))
    assert "nps_rivals" not in {name for (name,) in ask(file, "select table_name from duckdb_tables()").rows()}


@pytest.mark.parametrize(
    ("harm", "equation"),
    [
        ("delete from marts.nps_rivals where brand = 'mts' and period_grain = 'month'", "facts about brands"),
        ("update marts.nps_rivals set gap_to_market = 0 where brand = 'own'", "gaps"),
        ("update marts.nps_rivals set change_beside_market = 0 where brand = 'own'", "changes"),
    ],
)
def test_what_does_not_add_up_stops_publishing(harm: str, equation: str, operators: Path, tmp_path: Path) -> None:
    assert broken(operators, tmp_path) == set()
    candidate = tmp_path / "nps.duckdb"
    candidate.write_bytes(operators.read_bytes())
    with duckdb.connect() as file:
        file.execute(f"attach '{candidate}' as nps; use nps")
        file.execute(harm)
        file.execute("delete from meta.reconciliation")
        # What it was made of is told by what it held.
        file.execute("create temp table setting as select 'nps' as metric, 1 as low_sample, 1 as shown_from")
        file.execute(f"attach '{operators}' as made (read_only)")
        file.execute(
            "create temp table facts as select *, 'nps' as metric, period_start as month from made.marts.nps_rivals"
        )
        file.execute(
            "create temp table periods as select distinct metric, month, period_grain, period_start from facts"
        )
        reconcile(file, "rivals", mart="nps_rivals")
    assert any(equation in name for name in broken(candidate, tmp_path))


def test_no_figure_names_a_rival_that_is_hidden(tmp_path: Path) -> None:
    facts = [
        fact(MARCH, counts, brand=brand) for brand, counts in {"own": (4, 2, 2), "a": (3, 0, 1), "b": (1, 3, 2)}.items()
    ]
    about = {"low_sample": 2, "shown_from": FEW, "has_rivals": True}
    file = of_facts(tmp_path, *facts, **about)
    hide_small_groups(file, FEW, limits(tmp_path), PUBLICATION.storage_version)
    told = "select brand, rank, best_rival from {} where period_grain = 'month' order by rank"
    # As `nps_by_brand` says it, so does `nps_rivals`.
    assert ask(file, told.format("marts.nps_by_brand")).rows() == [("own", 1, "b"), ("b", 2, "own")]
    assert ask(file, told.format("marts.nps_rivals")).rows() == [("own", 1, "b"), ("b", 2, "own")]
    assert ask(file, "select distinct brands from marts.nps_rivals").rows() == [(2,)]
