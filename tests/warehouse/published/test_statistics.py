"""Every published figure says how certain it is: the numbers of docs/statistics.md, out of the SQL that production runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import comb
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.config.standards import BANDS
from tests.support.lakes import FEBRUARY, JANUARY, MARCH
from tests.support.laws import law
from tests.warehouse.published.test_publish import Row, fact, of_facts
from warehouse.engine import model
from warehouse.published.query import ask
from warehouse.published.standards import Standards, register

pytestmark = pytest.mark.usefixtures("bare")

Counts = tuple[int, int, int]
"""Detractors, passives, promoters."""

CELL = r" ([-\d., ]+) \|"


def table(cells: int) -> list[list[str]]:
    """The rows of figures of docs/statistics.md that have so many cells."""
    text = (Path(__file__).parents[3] / "docs/statistics.md").read_text("utf-8")
    return [list(found) for found in re.findall(rf"^\|{CELL * cells}$", text, re.MULTILINE)]


def counts_in(cell: str) -> Counts:
    d, u, p = map(int, cell.split(", "))
    return d, u, p


ROWS = table(5)
#: Counts of a sample: NPS, its standard error, and the ends of its interval.
SAMPLES = {counts_in(row[0]): [float(cell) for cell in row[1:]] for row in ROWS if "," not in row[1]}
#: Two months, and the change, its standard error if there were none, and its p-value.
CHANGES = {(counts_in(row[0]), counts_in(row[1])): [float(cell) for cell in row[2:]] for row in ROWS if "," in row[1]}


@pytest.fixture(scope="module")
def formulas() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(model("macros"))
        register(connection, Standards(bands=BANDS))
        yield connection


def of(counts: Counts, month: date = JANUARY, **values: object) -> Row:
    """A fact of so many detractors, passives and promoters."""
    return fact(month, counts[::-1], **values)


def published(
    folder: Path,
    facts: Sequence[Row],
    columns: str,
    where: str = "true",
    **about: Any,  # noqa: ANN401 - as Publication has it
) -> list[tuple[Any, ...]]:
    """Columns of the scores of branches by month."""
    file = of_facts(folder, *facts, **about)
    sql = f"select {columns} from marts.nps_by_branch where period_grain = 'month' and {where} order by period_start, branch"
    return ask(file, sql).rows()


def test_a_score_has_an_interval_also_where_all_answers_are_alike(tmp_path: Path) -> None:
    facts = [of(counts, branch=f"{place}") for place, counts in enumerate(SAMPLES)]
    columns = "nps, standard_error, ci_low, ci_high, margin, effective_responses, responses, nps_weighted"
    for row, (nps, error, low, high) in zip(published(tmp_path, facts, columns), SAMPLES.values(), strict=True):
        assert row[:4] == pytest.approx((nps, error, low, high), abs=1e-4)
        assert row[4] == pytest.approx(1.959964 * error, abs=1e-5)
        assert (row[5], row[7]) == (row[6], pytest.approx(nps, abs=1e-4))


def test_the_interval_of_weighted_answers_does_not_depend_on_the_unit_of_the_weight(tmp_path: Path) -> None:
    def weighted(unit: float, branch: str) -> Row:
        """Weights 5, 1, 1, 2, 1 of a promoter, a detractor, a passive, a promoter and a detractor."""
        sums: dict[str, Any] = {
            "weight_sum": 10 * unit,
            "weight_promoters": 7 * unit,
            "weight_passives": unit,
            "weight_detractors": 2 * unit,
        }
        return of((2, 1, 2), branch=branch, **sums, weight_sq_sum=32 * unit * unit)

    facts = [weighted(1, "a"), weighted(1000, "b")]
    for row in published(tmp_path, facts, "nps_weighted, effective_responses, standard_error, ci_low, ci_high"):
        assert row == pytest.approx((50, 3.125, 32.299734, -37.7961, 88.8165), abs=1e-4)


def test_weights_of_nothing_say_nothing(tmp_path: Path) -> None:
    none: dict[str, Any] = dict.fromkeys(
        ("weight_sum", "weight_promoters", "weight_passives", "weight_detractors", "weight_sq_sum"), 0.0
    )
    row = published(
        tmp_path, [of((2, 1, 2), **none)], "nps_weighted, effective_responses, standard_error, ci_low, ci_high"
    )
    assert row == [(None,) * 5]


def test_where_nearly_everybody_was_asked_the_interval_is_narrower(formulas: duckdb.DuckDBPyConnection) -> None:
    def interval(asked: int, of_all: int) -> tuple[float, float]:
        unasked = (of_all - asked) / (of_all - 1)
        shares = f"43 / 96, 24 / 96, {asked}, unasked := {unasked}::double"
        sql = f"select interval_middle({shares}), z_of_95() * adjusted_error({shares})"
        middle, half = formulas.sql(sql).fetchall()[0]
        return middle - half, middle + half

    assert interval(96, 120) == pytest.approx((12.4034, 26.9320), abs=1e-4)
    assert interval(96, 96) == pytest.approx((100 * 19 / 96,) * 2)
    assert interval(96, 10**9) == pytest.approx((3.2486, 35.1353), abs=1e-3)


def test_a_change_is_held_against_chance(tmp_path: Path) -> None:
    facts = [
        of(counts, month, branch=f"{place}")
        for place, pair in enumerate(CHANGES)
        for month, counts in zip((JANUARY, FEBRUARY), pair, strict=True)
    ]
    columns = "previous_nps, change, change_p_value, detectable_change, change_ci_low, change_ci_high"
    rows = published(tmp_path, facts, columns, "period_start = '2025-02-01'")
    for row, ((before, after), (change, error, p)) in zip(rows, CHANGES.items(), strict=True):
        assert row[0] == pytest.approx(100 * (before[2] - before[0]) / sum(before))
        assert row[1:3] == pytest.approx((change, p), abs=1e-6)
        # Two groups are tested and none is significant: the level is 0.05 / 2.
        assert row[3] == pytest.approx((2.241403 + 0.841621) * error, abs=1e-4)
        half = 1.959964 * (SAMPLES[before][1] ** 2 + standard_error(after) ** 2) ** 0.5
        assert row[4:] == pytest.approx((change - half, change + half), abs=1e-4)


def standard_error(counts: Counts) -> float:
    """The adjusted standard error by hand."""
    d, u, p = counts[0] + 0.75, counts[1] + 1.5, counts[2] + 0.75
    n = d + u + p
    return 100 * float(((p + d) / n - ((p - d) / n) ** 2) ** 0.5 / n**0.5)


def test_one_group_alone_needs_no_correction(tmp_path: Path) -> None:
    facts = [of((30, 30, 40)), of((20, 30, 50), FEBRUARY)]
    columns = "change_q_value = change_p_value, is_significant, detectable_change"
    [row] = published(tmp_path, facts, columns, "change is not null")
    assert row == (True, False, pytest.approx(2.801585 * 11.489125, abs=1e-4))


def test_answers_that_are_all_alike_tell_of_no_change_that_could_be_found(tmp_path: Path) -> None:
    facts = [of((0, 0, 100)), of((0, 0, 100), FEBRUARY)]
    [row] = published(
        tmp_path, facts, "change, change_p_value, is_significant, detectable_change", "change is not null"
    )
    assert row == (0, 1, False, None)


def test_a_fall_is_no_significant_rise(formulas: duckdb.DuckDBPyConnection) -> None:
    """From one answer of 10 to 990 promoters among 1000: the test of the literature calls that a rise."""
    [(z,)] = formulas.sql("select -1 / pooled_error(991, 0, 1001, 1, 1000)").fetchall()
    assert z == pytest.approx(-0.100503, abs=1e-6)


def test_many_groups_are_corrected_for_their_number(formulas: duckdb.DuckDBPyConnection) -> None:
    """The 15 p-values of the paper of 1995, two of them made equal in another period, and one that was not tested."""
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1]  # fmt: skip
    q = [.0015, .003, .0095, .035625, .0603, .063857, .063857, .0645, .0765, .486, .581182, .714875, .753231, .813214,
         1]  # fmt: skip
    rows = ", ".join([*(f"(1, {each}::double)" for each in p), "(1, null)", "(2, 0.01)", "(2, 0.04)", "(2, 0.04)"])
    scaled = f"select *, scaled_p(p, g) as scaled from (values {rows}) as t (g, p)"
    found = formulas.sql(f"select g, q_value(p, scaled, g) as q from ({scaled}) order by g, p nulls last").fetchall()
    assert [each for group, each in found if group == 1 and each is not None] == pytest.approx(q, abs=1e-6)
    assert found[15] == (1, None)
    assert [each for group, each in found if group == 2] == pytest.approx([0.03, 0.04, 0.04])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"low_sample": 101}, "few answers"),
        ({"today": date(2025, 2, 28)}, "a month that has not ended"),
        ({"shown_from": 101}, "a row that will be hidden is none of those that are corrected for"),
    ],
)
def test_what_cannot_be_compared_is_not_tested(tmp_path: Path, changed: dict[str, Any], why: str) -> None:
    facts = [of((30, 30, 40)), of((20, 30, 50), FEBRUARY)]
    columns = "change, change_p_value, change_q_value, is_significant, detectable_change"
    [row] = published(tmp_path, facts, columns, "period_start = '2025-02-01'", **changed)
    assert row == (pytest.approx(20), None, None, None, None), why


def test_over_a_gap_nothing_is_compared(tmp_path: Path) -> None:
    rows = published(tmp_path, [of((30, 30, 40)), of((20, 30, 50), MARCH)], "previous_nps, change, change_p_value")
    assert rows == [(None, None, None)] * 2


def test_a_period_is_complete_when_it_has_ended(tmp_path: Path) -> None:
    file = of_facts(tmp_path, of((1, 1, 1)), of((1, 1, 1), FEBRUARY), today=date(2025, 2, 28))
    sql = "select period_grain, period_start, is_complete from marts.nps_overall"
    assert sorted(ask(file, sql).rows()) == [
        ("month", JANUARY, True), ("month", FEBRUARY, False), ("quarter", JANUARY, False), ("year", JANUARY, False),
    ]  # fmt: skip
    file = of_facts(tmp_path / "later", of((1, 1, 1)), of((1, 1, 1), FEBRUARY), today=date(2025, 3, 1))
    assert sorted(ask(file, sql).rows())[:2] == [("month", JANUARY, True), ("month", FEBRUARY, True)]


def test_a_rolling_window_is_compared_with_the_one_that_ended_where_it_begins(tmp_path: Path) -> None:
    months = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(15)]
    facts = [of((month, 5, 20), start) for month, start in enumerate(months)]
    file = of_facts(tmp_path, *facts, today=date(2025, 12, 1))
    sql = (
        "select period_start, responses, nps, previous_nps from marts.nps_overall where period_grain = '{}' order by 1"
    )
    three = {row[0]: row for row in ask(file, sql.format("rolling_3m")).rows()}
    assert list(three) == months[:13]
    assert three[date(2024, 2, 1)][1] == 3 * 25 + 1 + 2 + 3
    assert three[date(2024, 4, 1)][3] == three[date(2024, 1, 1)][2]
    assert three[date(2024, 2, 1)][3] is None
    assert [row[0] for row in ask(file, sql.format("rolling_12m")).rows()] == months[:4]


def test_a_year_before_is_the_same_period_of_then(tmp_path: Path) -> None:
    facts = [of((30, 30, 40), date(2024, 2, 1)), of((20, 30, 50), FEBRUARY)]
    columns = "same_period_last_year_nps, year_on_year, previous_nps"
    assert published(tmp_path, facts, columns)[1] == pytest.approx((10, 20, None))


def test_groups_are_ranked_unless_they_are_small_or_unknown(tmp_path: Path) -> None:
    good, bad = (0, 0, 40), (40, 0, 0)
    facts = [
        of(good, branch="a"),
        of(bad, branch="b"),
        of(good, branch="c"),
        of((0, 0, 5), branch="d"),
        of(good, branch="unknown"),
    ]
    assert published(tmp_path, facts, "branch, rank, is_low_sample") == [
        ("a", 1, False), ("b", 3, False), ("c", 1, False), ("d", None, True), ("unknown", None, False),
    ]  # fmt: skip
    assert ask(of_facts(tmp_path / "all", *facts), "select distinct rank from marts.nps_overall").rows() == [(None,)]


@pytest.mark.parametrize(
    ("nps", "band"),
    [(-0.1, "negative"), (0, "fair"), (30, "fair"), (30.1, "good"), (50.1, "excellent"), (70, "excellent"),
     (70.1, "world class")],
)  # fmt: skip
def test_bands_begin_where_they_are_said_to(formulas: duckdb.DuckDBPyConnection, nps: float, band: str) -> None:
    assert formulas.sql(f"select band_of({nps})").fetchall() == [(band,)]


# Targets and benchmarks


def test_scores_are_held_against_the_target_that_is_valid_and_against_the_last_benchmark(tmp_path: Path) -> None:
    targets = (
        ("branch", "a", date(2024, 1, 1), 20.0), ("branch", "a", FEBRUARY, 50.0), ("", "", date(2025, 2, 2), 10.0),
        ("industry", "retail", JANUARY, 5.0),
    )  # fmt: skip
    benchmarks = (("retail", 2023, 30.0, "x", None), ("retail", 2025, 35.0, "x", None), (None, 2026, 40.0, "y", None))
    facts = [of((0, 1, 3), month, branch=branch) for month in (JANUARY, FEBRUARY, MARCH) for branch in "ab"]
    facts.append(of((8, 0, 0), MARCH, branch="a", scale="1-5"))
    file = of_facts(tmp_path, *facts, standards=Standards(targets, benchmarks), today=date(2025, 12, 1))

    def held(mart: str, columns: str = "target, gap_to_target, benchmark, gap_to_benchmark") -> list[tuple[Any, ...]]:
        return ask(
            file, f"select {columns} from marts.{mart} where period_grain = 'month' order by period_start, 1"
        ).rows()

    branches = held("nps_by_branch", "branch, target, gap_to_target, benchmark")
    assert [row[1:] for row in branches if row[0] == "a"] == [
        (20, 55, None), (50, 25, None), (50, pytest.approx(-50 - 500 / 12), None),
    ]  # fmt: skip
    assert {row[1:] for row in branches if row[0] == "b"} == {(None, None, None)}
    assert held("nps_overall") == [(None,) * 4, (None,) * 4, (10, pytest.approx(-10 - 200 / 16), None, None)]
    # Answers on another scale count, but are not held against those of others.
    assert held("nps_by_industry") == [(5, 70, 35, 40), (5, 70, 35, 40), (5, pytest.approx(-5 - 200 / 16), 35, 40)]
    assert set(held("nps_by_branch_industry")) == {(None,) * 4}
    assert ask(file, "select industry, benchmark_year, benchmark from marts.benchmark").rows() == [
        (None, 2026, 40.0), ("retail", 2023, 30.0), ("retail", 2025, 35.0),
    ]  # fmt: skip
    assert ask(file, "select bands from meta.publish").rows() == [('{"any": -100.0}',)]


def test_a_target_and_a_benchmark_are_of_what_they_name_in_whatever_spelling(tmp_path: Path) -> None:
    """Which spelling is shown depends on which most answers have, and a file more may change it."""
    facts = [of((0, 1, 3), JANUARY, branch=branch) for branch in ("ZG", "Zg")] + [of((0, 0, 1), JANUARY, branch="ZG")]
    standards = Standards((("branch", "zg", JANUARY, 20.0),), (("RETAIL", 2025, 30.0, "x", None),))
    file = of_facts(tmp_path, *facts, standards=standards)
    month = "where period_grain = 'month'"
    assert ask(file, f"select branch, target from marts.nps_by_branch {month}").rows() == [("ZG", 20)]
    assert ask(file, f"select industry, benchmark from marts.nps_by_industry {month}").rows() == [("retail", 30)]


# Laws

COUNT = st.integers(0, 300)


@law(40)
@given(COUNT, COUNT, COUNT)
def test_promoters_and_detractors_exchanged_turn_the_score_and_its_interval_round(d: int, u: int, p: int) -> None:
    n = d + u + p or 1
    told = []
    for a, b in ((p, d), (d, p)):
        shares = f"{a} / {n}, {b} / {n}, {n}"
        told.append(f"nps_points({a}, {b}, {n}), interval_middle({shares}), adjusted_error({shares})")
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(model("macros"))
        [row] = connection.sql(f"select {', '.join(told)}").fetchall()
    assert row[:2] == pytest.approx((-row[3], -row[4]))
    assert row[2] == pytest.approx(row[5])
    assert row[2] > 0


# Over all samples that there may be


Truth = tuple[float, float, float]
"""True shares of detractors, passives and promoters."""


def samples(n: int) -> list[Counts]:
    return [(d, n - d - p, p) for d in range(n + 1) for p in range(n + 1 - d)]


def chances(n: int, truths: Sequence[Truth]) -> np.ndarray[Any, Any]:
    """How likely each sample is, for each true share of detractors, passives and promoters."""
    ways = np.array([comb(n, d) * comb(n - d, u) for d, u, _ in samples(n)], dtype=float)
    counts = np.array(samples(n))
    return np.array([ways * np.prod(np.array(truth) ** counts, axis=1) for truth in truths])


def coverage(formulas: duckdb.DuckDBPyConnection, n: int, truths: Sequence[Truth]) -> np.ndarray[Any, Any]:
    """How often the interval of a sample holds the true score."""
    rows = ", ".join(f"({d}, {p})" for d, _, p in samples(n))
    shares = f"p / {n}, d / {n}, {n}"
    sql = f"select interval_middle({shares}), z_of_95() * adjusted_error({shares}) from (values {rows}) as t (d, p)"
    middle, half = np.array(formulas.sql(sql).fetchall()).T
    scores = np.array([100 * (p - d) for d, _, p in truths])
    holds = np.abs(scores[:, None] - middle[None, :]) <= half[None, :]
    return np.asarray((chances(n, truths) * holds).sum(axis=1))


GRID = [(d / 20, (20 - d - p) / 20, p / 20) for d in range(21) for p in range(21 - d) if 20 not in (d, p, 20 - d - p)]


def test_intervals_hold_the_truth_as_often_as_they_say(formulas: duckdb.DuckDBPyConnection) -> None:
    stated = {(8, 13, 15): 0.9482, (12, 7, 12): 0.9459, (20, 10, 70): 0.9498, (30, 30, 40): 0.9483}
    for counts, share in stated.items():
        n = sum(counts)
        [found] = coverage(formulas, n, [(counts[0] / n, counts[1] / n, counts[2] / n)])
        assert found == pytest.approx(share, abs=5e-5), counts
    for n, worst in ((5, 0.835), (10, 0.879), (20, 0.908), (30, 0.921), (100, 0.937)):
        assert coverage(formulas, n, GRID).min() == pytest.approx(worst, abs=1e-3), n


def test_where_nothing_changed_hardly_a_change_is_found(formulas: duckdb.DuckDBPyConnection) -> None:
    n = 30
    rows = ", ".join(f"({place}, {d}, {p})" for place, (d, _, p) in enumerate(samples(n)))
    error = f"pooled_error(a.p + b.p, a.d + b.d, {2 * n}, {n}, {n})"
    delta = f"nps_points(b.p, b.d, {n}) - nps_points(a.p, a.d, {n})"
    told = f"case when {error} > 0 then two_sided_p(({delta}) / {error}) else 1 end <= 0.05"
    sql = f"with t (i, d, p) as (values {rows}) select {told} from t as a cross join t as b order by a.i, b.i"
    is_found = np.array(formulas.sql(sql).fetchall(), dtype=float).reshape(len(samples(n)), -1)
    chance = chances(n, [*GRID, (0.2, 0.2, 0.6), (0.3, 0.3, 0.4), (0.05, 0.9, 0.05)])
    wrong = ((chance @ is_found) * chance).sum(axis=1)
    assert wrong.max() <= 0.06
    assert all(0.035 <= each <= 0.06 for each in wrong[-3:]), wrong[-3:]


def test_the_normal_distribution_is_right_in_its_tails(formulas: duckdb.DuckDBPyConnection) -> None:
    for z, p in (
        (0, 1),
        (1.959963984540054, 0.05),
        (-2.5758293035489, 0.01),
        (6, 1.973175290e-9),
        (8, 1.2441921149e-15),
    ):
        assert formulas.sql(f"select two_sided_p({z})").fetchall()[0][0] == pytest.approx(p, rel=1e-7)
    for tail, z in (
        (0.025, 1.959963984540054),
        (0.2, 0.8416212335729),
        (0.001, 3.090232306167813),
        (0.3, 0.524400512708),
    ):
        assert formulas.sql(f"select upper_z({tail})").fetchall()[0][0] == pytest.approx(z, rel=1e-8)


# What a change came from


def test_a_change_of_the_whole_is_made_of_rates_and_of_the_mix(tmp_path: Path) -> None:
    """North 80 answers at 60, then 30 at 70; South 20 at 0, then 60 at 5; New 10 at -20."""
    facts = [
        of((12, 8, 60), branch="North"), of((5, 10, 5), branch="South"),
        of((3, 3, 24), FEBRUARY, branch="North"), of((25, 7, 28), FEBRUARY, branch="South"),
        of((6, 0, 4), FEBRUARY, branch="New"), of((1, 1, 1), MARCH, branch="North"),
    ]  # fmt: skip
    file = of_facts(tmp_path, *facts)
    columns = "member, rate_effect, mix_effect, entered_effect, left_effect, responses, previous_responses"
    where = "dimension = 'branch' and period_grain = 'month'"
    rows = ask(file, f"select {columns} from marts.nps_change_drivers where {where} and month(period_start) = 2").rows()
    assert {row[0]: row[1:] for row in rows} == {
        "North": pytest.approx((5.5, -15, 0, 0, 30, 80)),
        "South": pytest.approx((2.0, -13, 0, 0, 60, 20)),
        "New": pytest.approx((0, 0, -5.5, 0, 10, 0)),
    }
    columns = "member, left_effect <> 0, nps is null"
    sql = f"select {columns} from marts.nps_change_drivers where {where} and month(period_start) = 3"
    assert sorted(ask(file, sql).rows()) == [("New", True, True), ("North", False, False), ("South", True, True)]
    sums = "select count(*), max(abs(d.effect - o.change)) < 1e-9 from (select period_grain, period_start, dimension, "
    sums += "sum(effect) as effect from marts.nps_change_drivers group by all) as d inner join marts.nps_overall as o "
    assert ask(file, sums + "using (period_grain, period_start)").rows() == [(8, True)]


#: Figures in the sentences of docs/statistics.md, and the SQL of the formulas that gives each.
_REPEATED = "design_effect(6, 4, 1, 3, 4, 5, 3)"
_OF_PEOPLE = f"4 / 6, 1 / 6, 6 / {_REPEATED}"
CLAIMS = {
    "2.153846": f"6 / {_REPEATED}",
    "33.995907": f"adjusted_error({_OF_PEOPLE})",
    "-45.7352": f"interval_middle({_OF_PEOPLE}) - z_of_95() * adjusted_error({_OF_PEOPLE})",
    "87.5263": f"interval_middle({_OF_PEOPLE}) + z_of_95() * adjusted_error({_OF_PEOPLE})",
    "0.026785": "two_sided_p(15 / pooled_error(83, 50, 200, 100, 100, alike := 40.84))",
    "0.184133": "two_sided_p(15 / pooled_error(83, 50, 200, 100, 100))",
    "1.96": "z_of_95()",
    "0.84": "upper_z(0.2)",
    "0.75": "4 * adjusted_share(0, 1)",
}
#: What stands in sentences beside: what is added to passives, what drivers add up to (tested above), and who moved.
SAID_ELSEWHERE = {"1.5", "7.5", "5.5", "-5.5", "0.4084", "52.5"}


def test_each_figure_in_a_sentence_of_the_document_is_what_the_formulas_give(
    formulas: duckdb.DuckDBPyConnection,
) -> None:
    text = (Path(__file__).parents[3] / "docs/statistics.md").read_text("utf-8")
    sentences = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    said = set(re.findall(r"(?<![\w.])-?\d+\.\d+(?![\w.]*\d)", sentences))
    assert said - SAID_ELSEWHERE == {*CLAIMS}
    for figure, sql in CLAIMS.items():
        places = len(figure.partition(".")[2])
        assert round(formulas.sql(f"select ({sql})::double").fetchall()[0][0], places) == float(figure), figure
