"""Marts are declared: what follows from a line, that the docs list them, and that what is grouped by is a dimension."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.dimensions import CARRIED, DIMENSIONS, METRICS, dimensions_of
from warehouse.marts import COUNTS, MARTS, SCORES, Mart, listing, parts

ROOT = Path(__file__).parents[1]


def test_the_docs_list_the_marts_that_there_are() -> None:
    assert (ROOT / "docs/marts.md").read_text("utf-8") == listing(), "make docs writes it anew"


def test_a_mart_is_grouped_by_dimensions_that_facts_of_its_metric_have() -> None:
    for mart in MARTS:
        assert set(mart.groups) <= set(dimensions_of(mart.metric)), mart.name
    assert len({mart.name for mart in MARTS}) == len(MARTS)


@pytest.mark.parametrize(
    ("mart", "comment"),
    [
        (Mart("nps_overall", "nps"), "NPS of all clients by month, quarter, year and rolling window."),
        (
            Mart("x", "nps", ("branch", "industry")),
            "NPS by branch, industry and month, quarter, year and rolling window.",
        ),
        (Mart("enps_overall", "enps"), "eNPS of all employees by month, quarter and year."),
        (
            Mart("y", "enps", ("department",)),
            "eNPS by department and month, quarter and year, only of groups of the minimum size.",
        ),
    ],
)
def test_a_mart_says_what_it_is(mart: Mart, comment: str) -> None:
    assert mart.comment == comment


def test_every_mart_of_clients_adds_up_to_all_clients_and_none_of_employees_is_asked_to() -> None:
    assert [mart.name for mart, _ in parts()] == [mart.name for mart in SCORES if mart.metric == "nps" and mart.groups]
    assert {whole.name for _, whole in parts()} == {"nps_overall"}


def test_the_table_of_facts_of_a_metric_has_all_of_its_dimensions() -> None:
    assert [mart.groups for mart in COUNTS] == [dimensions_of(metric) for metric in METRICS]
    assert set(CARRIED) == {name for mart in COUNTS for name in mart.groups}
    assert [each.name for each in DIMENSIONS if each.decides] == ["survey"]
