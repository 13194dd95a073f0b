"""Marts are declared: what follows from a line, that the docs list them, and that what is grouped by is a dimension."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.dimensions import APART, CARRIED, DIMENSIONS, METRICS, dimensions_of
from warehouse.marts import COUNTS, MARTS, SCORES, Mart, listing, parts
from warehouse.published.publish import DECLARED

ROOT = Path(__file__).parents[2]


def test_the_docs_list_the_marts_that_there_are() -> None:
    assert (ROOT / "docs/marts.md").read_text("utf-8") == listing(), "make docs writes it anew"


def test_a_mart_is_grouped_by_dimensions_that_facts_of_its_metric_have() -> None:
    for mart in MARTS:
        regions = {"region"} if mart.is_frozen else set()
        assert set(mart.groups) <= {*dimensions_of(mart.metric), *APART, *regions}, mart.name
    assert len({mart.name for mart in MARTS}) == len(MARTS)


_OF_HEADLINE = "Of the programmes of the headline, of all where nps.yaml names none."
_OF_ALL = "Of all programmes, not of those of the headline alone."
_OF_EMPLOYEES = (
    "eNPS of all employees by month, quarter and year, of closed waves, but for answers of too few (enps_suppression)."
)


@pytest.mark.parametrize(
    ("mart", "comment"),
    [
        (Mart("nps_overall", "nps"), f"NPS of all clients by month, quarter, year and rolling window. {_OF_HEADLINE}"),
        (
            Mart("x", "nps", ("branch", "industry")),
            f"NPS by branch, industry and month, quarter, year and rolling window. {_OF_HEADLINE}",
        ),
        (
            Mart("x", "nps", ("survey",)),
            f"NPS by survey and month, quarter, year and rolling window. {_OF_ALL}",
        ),
        (Mart("enps_overall", "enps"), _OF_EMPLOYEES),
        (
            Mart("y", "enps", ("department",)),
            "eNPS by department and month, quarter and year, only of groups that closed waves show.",
        ),
    ],
)
def test_a_mart_says_what_it_is(mart: Mart, comment: str) -> None:
    assert mart.comment == comment


def test_every_mart_of_clients_adds_up_to_another_and_none_of_employees_is_asked_to() -> None:
    whole = {part.mart.name: part.whole.name for part in parts()}
    clients = {mart.name for mart in SCORES if mart.metric == "nps"}
    assert set(whole) == clients - {"nps_overall", "nps_by_programme"}
    several = {"nps_by_survey", "nps_by_brand"}
    assert {name for name, of in whole.items() if of == "nps_by_programme"} == several
    assert {whole[name] for name in set(whole) - several} == {"nps_overall"}


def test_a_mart_holds_rivals_and_other_programmes_only_where_it_tells_them_apart() -> None:
    rivals = {mart.name for mart in MARTS if mart.metric == "nps" and "brand = 'own'" not in mart.holds}
    several = {mart.name for mart in MARTS if mart.metric == "nps" and "is_headline" not in mart.holds}
    assert rivals == {"nps_by_brand"}
    assert several == {"nps_by_brand", "nps_by_programme", "nps_by_survey", "fct_nps"}


def test_the_table_of_facts_of_a_metric_has_all_of_its_dimensions() -> None:
    left_out = {"nps": {"brand", "region", "area"}, "enps": {"channel"}}
    assert [{*mart.groups} for mart in COUNTS] == [{*dimensions_of(each)} - left_out[each] for each in METRICS]
    assert set(CARRIED) == {"brand", "region", "area", *(name for mart in COUNTS for name in mart.groups)}
    assert [each.name for each in DIMENSIONS if each.decides] == ["brand", "survey"]


@pytest.mark.parametrize("table", DECLARED)
def test_a_table_that_nps_yaml_declares_says_as_of_when_it_holds(table: str) -> None:
    dictionary = (ROOT / "docs/data-dictionary.md").read_text("utf-8")
    [row] = [line for line in dictionary.splitlines() if line.startswith(f"| `marts.{table}` |")]
    assert "`as_of`" in row
