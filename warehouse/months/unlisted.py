"""Who is in no list: branches, accounts, employees and agents that answers name and the lists of nps.yaml do not.

Here: counting them in files. Not here: what becomes of such answers (`transforms.answers.matching`), what is said of them
(`pipelines.report.notes.unlisted`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from transforms.answers.matching import listed
from transforms.texts.spelling import cleaned
from warehouse.lake.store import Lake
from warehouse.months.members import known
from warehouse.months.plan import Plan
from warehouse.months.responses import staged_answers
from warehouse.months.rules import ResponseRules

#: Of a list of persons or firms: the answers that it is about, and what they call one.
_KEYS: Final = {
    "accounts": ("nps", "account_key"),
    "employees": ("enps", "respondent_key"),
    "agents": ("nps", "agent_key"),
}


def unlisted_branches(lake: Lake, plan: Plan, rules: ResponseRules, loads: pl.DataFrame) -> pl.DataFrame:
    """`source, branch, answers, is_listed` of each name of a branch in loads, most answers first; none without a list."""
    schema = {"source": pl.String, "branch": pl.String, "answers": pl.Int64, "is_listed": pl.Boolean}
    if "branches" not in rules.dimensions:
        return pl.DataFrame(schema=schema)
    named = _answers(lake, plan, loads).filter(cleaned(pl.col("branch")).is_not_null())
    counted = named.group_by("position", "branch").agg(answers=pl.len().cast(pl.Int64)).collect(engine="streaming")
    by_source = _of_sources(plan, counted).group_by("source", "branch").agg(pl.col("answers").sum())
    branches = known(plan.members, rules).branches
    found = by_source.with_columns(is_listed=listed("branch", branches, "branch").is_not_null())
    return found.select(*schema).sort("source", "answers", "branch", descending=[False, True, False])


def unlisted_people(lake: Lake, plan: Plan, rules: ResponseRules, loads: pl.DataFrame) -> pl.DataFrame:
    """`source, dimension, answers, known` of loads by list: how many answers name anybody, and how many one who is in it."""
    found = [pl.DataFrame(schema={"source": pl.String, "dimension": pl.String, "answers": pl.Int64, "known": pl.Int64})]
    for dimension, (metric, key) in _KEYS.items():
        if dimension not in rules.dimensions:
            continue
        members = plan.members.filter(pl.col("dimension") == dimension).get_column("member_key").unique()
        is_known = pl.col(key).is_in(members.implode())
        named = _answers(lake, plan, loads).drop_nulls(key).group_by("position")
        counted = named.agg(answers=pl.len().cast(pl.Int64), known=is_known.sum().cast(pl.Int64))
        of_sources = _of_sources(plan, counted.collect(engine="streaming")).filter(pl.col("metric") == metric)
        summed = of_sources.group_by("source").agg(pl.col("answers", "known").sum())
        found.append(summed.select("source", pl.lit(dimension).alias("dimension"), "answers", "known").sort("source"))
    return pl.concat(found)


def _answers(lake: Lake, plan: Plan, loads: pl.DataFrame) -> pl.LazyFrame:
    return staged_answers(lake.files_of("staged", loads), plan.files).filter(
        pl.col("load_id").cast(pl.String).is_in(loads.get_column("load_id").implode())
    )


def _of_sources(plan: Plan, counted: pl.DataFrame) -> pl.DataFrame:
    files = plan.files.select(pl.col("position").cast(pl.Int64), pl.col("source", "metric").cast(pl.String))
    return counted.join(files, on="position")
