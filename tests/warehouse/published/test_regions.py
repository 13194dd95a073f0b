"""Branches that move, are renamed or merged: as it was when answers were given, and as it is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest

from tests.support.lakes import RULES, File, answer, bare, build, day, know, limits, take_in
from transforms.rows.members import BEGINNING, first_day
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake
from warehouse.months.plan import make_plan, stale_months
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate

KNOWN = replace(RULES, dimensions=("branches",))
BEGAN = date(2020, 1, 1)
PUBLICATION = Publication(
    published_at=day(20), code_version="1", inputs="1", minimum_group=5, storage_version="v1.0.0",
    today=date(2025, 6, 20), low_sample=2,
)  # fmt: skip


def branch(code: str, region: str | None, since: date = BEGAN, **values: object) -> dict[str, Any]:
    return {"member_key": code, "branch": code, "name": code, "region": region, "valid_from": since, **values}


def given(row: int, on: str, code: str = "ZG", score: int = 9) -> dict[str, Any]:
    return answer(row, on, branch=code, score=score)


def published(lake: Lake, sql: str, today: date = PUBLICATION.today) -> list[tuple[Any, ...]]:
    file = lake.root.parent / "candidate" / "nps.duckdb"
    with bare():
        build_candidate(lake, make_plan(lake, KNOWN), file, replace(PUBLICATION, today=today), limits(lake.root))
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def by_region(lake: Lake, mart: str = "nps_by_region") -> list[tuple[str, str, int]]:
    return published(
        lake,
        "select strftime(period_start, '%m'), region, responses::int from marts."
        f"{mart} where period_grain = 'month' order by all",
    )


def built(lake: Lake) -> dict[date, str]:
    return dict(current_builds(lake, "responses").select("month", "load_id").iter_rows())


def test_a_branch_that_moves_in_march_counts_where_it_was_and_only_the_right_months_are_rebuilt(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", branch("ZG", "North", area="Croatia"), branch("ST", "South"))
    answers = (given(2, "2025-01-10"), given(3, "2025-02-10"), given(4, "2025-03-10"), given(5, "2025-03-20"))
    take_in(lake, File("a.csv", (*answers, given(6, "2025-03-20", "ST"), given(7, "2025-04-10"))))
    build(lake, rules=KNOWN)
    assert {region for _, region, _ in by_region(lake)} == {"North", "South"}
    first = built(lake)
    know(lake, "branches", branch("ZG", "South", date(2025, 3, 15), area="Croatia"), on=2)
    stale = stale_months(lake, make_plan(lake, KNOWN))
    assert stale == [date(2025, 3, 1), date(2025, 4, 1)]
    build(lake, stale, KNOWN)
    assert by_region(lake) == [
        ("01", "North", 1),
        ("02", "North", 1),
        ("03", "North", 1),
        ("03", "South", 2),
        ("04", "South", 1),
    ]
    assert by_region(lake, "nps_by_region_as_is") == [
        ("01", "South", 1),
        ("02", "South", 1),
        ("03", "South", 3),
        ("04", "South", 1),
    ]
    # In May an answer of February arrives.
    take_in(lake, File("late.csv", (given(9, "2025-02-27", score=0),), day=5))
    stale = stale_months(lake, make_plan(lake, KNOWN))
    assert stale == [date(2025, 2, 1)]
    build(lake, stale, KNOWN)
    assert by_region(lake)[1] == ("02", "North", 2)
    assert by_region(lake, "nps_by_region_as_is")[1] == ("02", "South", 2)
    assert built(lake)[date(2025, 1, 1)] == first[date(2025, 1, 1)]
    assert published(lake, "select distinct area from marts.nps_by_area order by all") == [("Croatia",), ("unknown",)]


def test_what_was_renamed_or_merged_keeps_its_history_and_is_one_as_it_is_now(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    old = [branch("A", "East", became="B"), branch("B", "East", became="C"), branch("C", "West")]
    circle = [branch("X", "East", became="Y"), branch("Y", "East", became="X")]
    know(lake, "branches", *old, *circle)
    rows = [
        given(2 + n, "2025-01-10", code, score)
        for n, (code, score) in enumerate(zip("ABCXQ", (9, 9, 0, 8, 7), strict=True))
    ]
    take_in(lake, File("a.csv", tuple(rows)))
    build(lake, rules=KNOWN)
    was = "select branch, responses::int from marts.nps_by_branch where period_grain = 'month' order by all"
    assert published(lake, was) == [("A", 1), ("B", 1), ("C", 1), ("X", 1), ("unknown", 1)]
    now = was.replace("nps_by_branch", "nps_by_branch_as_is").replace("responses::int", "responses::int, round(nps, 1)")
    assert published(lake, now) == [("C", 3, 33.3), ("Y", 1, 0.0), ("unknown", 1, 0.0)]
    regions = "select branch, region, region_now from marts.dim_branch order by all"
    assert published(lake, regions)[:3] == [("A", "East", "West"), ("B", "East", "West"), ("C", "West", "West")]
    assert published(lake, regions)[-1] == ("unknown", "unknown", "unknown")


def test_a_branch_of_today_is_in_one_region_also_where_the_list_does_not_say_in_which(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", branch("A", "East", became="B"), branch("B", None), branch("C", "West", became="gone"))
    take_in(lake, File("a.csv", tuple(given(2 + n, "2025-01-10", code) for n, code in enumerate("ABC"))))
    build(lake, rules=KNOWN)
    now = "select branch, branch_now, region_now from marts.dim_branch order by all"
    assert published(lake, now)[:3] == [("A", "B", "unknown"), ("B", "B", "unknown"), ("C", "gone", "West")]
    assert by_region(lake, "nps_by_region_as_is") == [("01", "West", 1), ("01", "unknown", 2)]


def test_a_branch_is_where_the_list_says_it_will_be_from_that_day_on(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    to_come = PUBLICATION.today + timedelta(days=1)
    know(lake, "branches", branch("A", "East"), branch("B", "West"))
    know(lake, "branches", branch("A", "North", to_come, name="Anew", became="B"), on=2)
    take_in(lake, File("a.csv", (given(2, "2025-01-10", "A"),)))
    build(lake, rules=KNOWN)
    now = "select name, region, branch_now, region_now from marts.dim_branch where branch = 'A'"
    assert published(lake, now) == [("A", "East", "A", "East")]
    assert published(lake, now, to_come) == [("Anew", "North", "B", "West")]


def test_what_a_branch_became_may_be_written_as_answers_may(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    renamed = [branch("A", "East", became="new town"), branch("B", "East", became="nt")]
    know(lake, "branches", *renamed, branch("NT", "West", name="New Town"))
    take_in(lake, File("a.csv", tuple(given(2 + n, "2025-01-10", code) for n, code in enumerate(("A", "B", "NT")))))
    build(lake, rules=KNOWN)
    told = "select branch, responses::int from marts.nps_by_branch_as_is where period_grain = 'month'"
    assert published(lake, told) == [("NT", 3)]
    assert by_region(lake, "nps_by_region_as_is") == [("01", "West", 3)]


def test_a_region_is_written_as_it_is_now_as_answers_have_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", branch("A", "North"), branch("B", "north"), branch("C", "South"), branch("D", "west"))
    know(lake, "branches", branch("C", "NORTH", PUBLICATION.today, area="x"), branch("E", "West", area="X"), on=2)
    take_in(lake, File("a.csv", tuple(given(2 + n, "2025-01-10", code) for n, code in enumerate("AABC"))))
    build(lake, rules=KNOWN)
    assert by_region(lake) == [("01", "North", 3), ("01", "South", 1)]
    assert by_region(lake, "nps_by_region_as_is") == [("01", "North", 4)]
    told = published(lake, "select string_agg(region order by branch), string_agg(distinct area) from marts.dim_branch")
    assert told[0][0] == "North,North,North,West,West"
    assert set(told[0][1].split(",")) == {"X", "unknown"}


@pytest.mark.parametrize("day", ["2024-03-31", "2024-10-27", "2024-07-01"])
@pytest.mark.parametrize("zone", ["Europe/Zagreb", "America/New_York", "Pacific/Auckland", "Africa/Cairo"])
def test_a_version_begins_on_the_day_that_its_list_says(day: str, zone: str) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    starts = pl.DataFrame({"valid_from": [BEGINNING, midnight]}, schema={"valid_from": pl.Datetime("us", "UTC")})
    _, begins = starts.select(first_day(zone)).to_series()
    assert begins == date.fromisoformat(day)


def test_what_did_not_change_has_the_same_figures_as_it_is_now(tmp_path: Path) -> None:
    """Also of how certain they are: the same twelve people answer month after month, some with more weight."""
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", branch("A", "East", became="B"), branch("B", "East"), branch("C", "West"))
    rows = [
        answer(2 + month * 24 + who, f"2025-{month + 1:02}-10", branch="BC"[who % 2], score=(who * 5 + month) % 11)
        | {"respondent_key": f"{who:032x}", "weight": 1.0 + who % 3}
        for month in range(6)
        for who in range(24)
    ]
    take_in(lake, File("a.csv", tuple(rows)))
    build(lake, rules=KNOWN)
    for was, now in (("nps_by_branch", "nps_by_branch_as_is"), ("nps_by_region", "nps_by_region_as_is")):
        assert (
            published(
                lake, f"(from marts.{was} except from marts.{now}) union all (from marts.{now} except from marts.{was})"
            )
            == []
        )
    told = "select count(*), count(*) filter (effective_responses < responses) from marts.nps_by_branch_as_is"
    assert published(lake, f"{told} where period_grain = 'quarter'") == [(4, 4)]


@pytest.mark.parametrize(
    ("listed", "said", "counted"), [("North", "South", "North"), (None, "South", "South"), (None, None, "unknown")]
)
def test_the_list_of_branches_says_where_one_is_and_the_answer_where_the_list_does_not(
    tmp_path: Path, listed: str | None, said: str | None, counted: str
) -> None:
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", branch("ZG", listed), branch("ST", "Coast"))
    take_in(lake, File("a.csv", (answer(2, branch="ZG", region=said), answer(3, branch="ST"))))
    build(lake, rules=KNOWN)
    assert by_region(lake) == sorted([("01", counted, 1), ("01", "Coast", 1)])
