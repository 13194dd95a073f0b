"""Every mart of clients' scores of a random world is what a naive count says: groups, periods, weights, ranks, standards.

Here: answers of all dimensions, own ones and agents too. Not here: people (`test_people`), intervals (`test_statistics`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.lakes import RULES, File, Row, answer, build, day, know, limits, take_in
from warehouse.lake.store import Lake
from warehouse.marts import scores
from warehouse.months.plan import make_plan
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate
from warehouse.published.query import ask
from warehouse.published.standards import Standards

TODAY, LOW, FEWEST = date(2025, 3, 31), 6, 4
LENGTHS = {"month": 1, "quarter": 3, "year": 12, "rolling_3m": 3, "rolling_12m": 12}
REGIONS = {"ZG": "North", "ST": "South", "RI": "Coast"}
AGENTS = {"k1": "A17", "k2": "B2", "k4": "A17"}
APART = ("product", "agent", "tenure")
TARGETS = (
    ("", "", date(2024, 1, 1), 10.0),
    ("", "", date(2024, 7, 15), 20.0),
    ("region", "Coast", date(2024, 3, 1), 3.0),
)
BENCHMARKS = ((None, 2023, 30.0, "x", None), (None, 2024, 40.0, "y", None))
COUNTED = ("responses", "promoters", "passives", "detractors", "nonstandard_responses", "period_end", "is_complete")
MEASURED = (
    *COUNTED, "nps", "nps_weighted", "effective_responses", "target", "gap_to_target", "benchmark", "gap_to_benchmark",
    "previous_nps", "change", "same_period_last_year_nps", "year_on_year", "rank",
)  # fmt: skip


def drawn(random: Random, row: int, scale: str) -> Row:
    on = date(2023, 11, 1) + timedelta(days=random.randint(0, 520))
    said: dict[str, list[Any]] = {
        "branch": [*REGIONS, None], "industry": ["IT", "Bank", None], "programme": ["general", "panel", None],
        "brand": [*[None] * 6, "Rival", "Other"], "survey": ["s1", "s2"], "channel": ["web", None],
        "product": ["Loan", "Card", None], "agent_key": [*AGENTS, "k3", None], "weight": [1.0, 2.0, 0.5, 0.0],
        "further": [None, '{"tenure":"0-2"}', '{"tenure":"3+"}', '{"tenure":null}'],
    }  # fmt: skip
    values = {name: random.choice(choices) for name, choices in said.items()}
    return answer(row, str(on), score=random.randint(0, 10), scale=scale, **values)


def groups_of(row: Row) -> dict[str, str]:
    names = {"programme": "general", "brand": "own"}
    given = ("branch", "industry", "programme", "brand", "survey", "channel", "product")
    found = {name: row[name] or names.get(name, "unknown") for name in given}
    tenure = json.loads(row["further"] or "{}").get("tenure") or "unknown"
    region = REGIONS.get(found["branch"], "unknown")
    return {
        **found, "region": region, "area": "unknown", "agent": AGENTS.get(row["agent_key"], "unknown"), "tenure": tenure,
    }  # fmt: skip


def month_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def periods(month: date, first: int, last: int) -> Iterator[tuple[str, date]]:
    number = month.year * 12 + month.month - 1
    for grain, length in LENGTHS.items():
        if not grain.startswith("rolling"):
            yield grain, month_of(number - number % length)
        else:
            starts = range(max(number - length + 1, first), min(number, last - length + 1) + 1)
            yield from ((grain, month_of(start)) for start in starts)


def measured(answers: list[Row], grain: str, start: date, dimension: str, member: str) -> dict[str, Any]:
    promoters, detractors = ([row for row in answers if low <= row["score"] <= high] for low, high in ((9, 10), (0, 6)))
    standard = [row for row in answers if row["scale"] == "0-10"]
    balance = sum((row["score"] > 8) - (row["score"] < 7) for row in standard)
    weights = sum(row["weight"] for row in answers)
    balance_of_weights = sum(row["weight"] for row in promoters) - sum(row["weight"] for row in detractors)
    nps = 100 * (len(promoters) - len(detractors)) / len(answers)
    end = month_of(start.year * 12 + start.month - 1 + LENGTHS[grain]) - timedelta(days=1)
    target = [points for *of, since, points in TARGETS if of == [dimension, member] and since <= start][-1:]
    mark = [points for _, year, points, *_ in BENCHMARKS if year <= start.year and not dimension][-1:]
    return {
        "responses": len(answers), "promoters": len(promoters), "detractors": len(detractors),
        "passives": len(answers) - len(promoters) - len(detractors), "nps": nps, "period_end": end,
        "nonstandard_responses": len(answers) - len(standard), "is_complete": end < TODAY,
        "nps_weighted": 100 * balance_of_weights / weights if weights else None,
        "effective_responses": weights**2 / sum(row["weight"] ** 2 for row in answers) if weights else None,
        "target": target[0] if target else None, "gap_to_target": nps - target[0] if target else None,
        "benchmark": mark[0] if mark else None,
        "gap_to_benchmark": 100 * balance / len(standard) - mark[0] if mark and standard else None,
    }  # fmt: skip


def compared(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    """Give each what it was before, and its place among those of its period."""
    for (grain, start, *of), each in found.items():
        number = start.year * 12 + start.month - 1
        for months, was, by in (
            (LENGTHS[grain], "previous_nps", "change"), (12, "same_period_last_year_nps", "year_on_year"),
        ):  # fmt: skip
            earlier = found.get((grain, month_of(number - months), *of), {}).get("nps")
            each |= {was: earlier, by: None if earlier is None else each["nps"] - earlier}
        others = [
            other["nps"]
            for (*period, first, second), other in ((_padded(name), other) for name, other in found.items())
            if period == [grain, start] and other["responses"] >= LOW and "unknown" not in {first, second}
        ]
        ranked = of and each["responses"] >= LOW and "unknown" not in of
        each["rank"] = 1 + sum(nps > each["nps"] for nps in others) if ranked else None


def _padded(name: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*name, "", "")[:4]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    folder, random = tmp_path_factory.mktemp("scores"), Random(1)  # noqa: S311 - a seed
    lake, rules = Lake(folder / "lake"), replace(RULES, apart=APART, dimensions=("agents", "branches"))
    since = {"valid_from": date(2020, 1, 1)}
    know(lake, "agents", *({"member_key": agent, "name": code, **since} for agent, code in AGENTS.items()))
    know(lake, "branches", *({"member_key": branch, "region": region, **since} for branch, region in REGIONS.items()))
    files = {"0-10": range(2, 300), "1-5": range(300, 380)}
    rows = {scale: tuple(drawn(random, row, scale) for row in numbers) for scale, numbers in files.items()}
    take_in(lake, *(File(f"{scale}.csv", answers) for scale, answers in rows.items()))
    build(lake, rules=rules)
    told = Publication(
        published_at=day(20), code_version="1", inputs="1", minimum_group=5, storage_version="v1.0.0", today=TODAY,
        low_sample=LOW, minimum_agent=FEWEST, headline=["general"],
        standards=Standards(targets=TARGETS, benchmarks=BENCHMARKS),
    )  # fmt: skip
    file = folder / "candidate" / "nps.duckdb"
    build_candidate(lake, make_plan(lake, rules), file, told, limits(folder))
    return file, [row for answers in rows.values() for row in answers]


@pytest.mark.parametrize(
    "mart", [mart for mart in scores(APART) if mart.metric == "nps"], ids=lambda mart: str(mart.name)
)
def test_every_score_is_what_a_naive_count_says(world: tuple[Path, list[Row]], mart: Any) -> None:  # noqa: ANN401 - a mart
    file, rows = world
    months = [row["month"].year * 12 + row["month"].month - 1 for row in rows]
    answers: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        named = groups_of(row)
        is_of_several = {"programme", "survey", "brand"} & {*mart.groups}
        if (named["brand"] == "own" or "brand" in mart.groups) and (is_of_several or named["programme"] == "general"):
            for period in periods(row["month"], min(months), max(months)):
                answers[(*period, *(named[name] for name in mart.groups))].append(row)
    fewest = FEWEST if "agent" in mart.groups else 1
    dimension = "none" if mart.groups[1:] else "".join(mart.groups)
    expected = {
        name: measured(of, name[0], name[1], dimension, "".join(name[2:]))
        for name, of in answers.items()
        if len(of) >= fewest
    }
    compared(expected)
    keys = ("period_grain", "period_start", *mart.groups)
    told = ask(file, f"select {', '.join((*keys, *MEASURED))} from marts.{mart.name}").rows()
    found = {row[: len(keys)]: dict(zip(MEASURED, row[len(keys) :], strict=True)) for row in told}
    assert {*found} == {*expected}
    wrong = [
        (name, measure, found[name][measure], value)
        for name, each in expected.items()
        for measure, value in each.items()
        if found[name][measure] != (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)
    ]
    assert not wrong
    finished = Counter(name[0] for name, each in expected.items() if each["is_complete"])
    for grain, count in finished.items():
        assert ask(file, f"select count(*) from bi.{mart.name}_{grain}").rows() == [(count,)]
