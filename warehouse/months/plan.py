"""What there is to do: the inputs of every month as they are now, and which months were built from other ones.

Here: staleness, derived from the ledgers. Not here: building (`warehouse.months.responses`, `warehouse.months.facts`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from transforms.dates.periods import month_after
from transforms.dimensions import ABSENT, TYPED, UNKNOWN
from warehouse import marts
from warehouse.lake.ledgers import (
    counted_files,
    current_builds,
    current_files,
    digest,
    facts_inputs,
    inputs_of_months,
    made_by,
)
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.lake.tables import BUILT_TABLES
from warehouse.months.matched import matched_members
from warehouse.months.members import current_versions, digests, known, to_come
from warehouse.months.rules import ResponseRules

#: So many days after its month a wave of employees closes, unless nps.yaml says otherwise.
CLOSE_AFTER: Final = 7


@dataclass(frozen=True)
class Plan:
    """The inputs of responses at one moment: builds read just these, and record their digests."""

    files: pl.DataFrame
    """The counted files of sources, as `warehouse.lake.ledgers.counted_files` gives them."""
    members: pl.DataFrame
    """The versions of all members of dimensions."""
    verdicts: pl.DataFrame
    """The last verdict on every file of the sources and dimensions of nps.yaml, as `FileRecord`."""
    inputs: dict[date, str]
    """For each month with answers the digest of everything that its responses are made from. No other month counts."""

    declared: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Attribute of answers: the names of it that nps.yaml or a dimension declares, which are shown as they stand."""
    history_start: date = date.min
    """First day of the first month that counts."""
    apart: Sequence[str] = ()
    """The dimensions that facts leave out, and answers have."""
    staff: Sequence[str] = ()
    """By what employees are shown beside branch and department."""
    matched: Mapping[date, tuple[str, str]] = field(default_factory=dict)
    """What is known of those whom a month has answers of, and in what that was found (`warehouse.months.matched`)."""

    def counting(self, builds: pl.DataFrame) -> pl.DataFrame:
        """Those of builds that count: a month that has no answers any more, or is not kept any more, has none."""
        return builds.filter(pl.col("month").is_in(list(self.inputs)))


def make_plan(lake: Lake, rules: ResponseRules) -> Plan:
    """The inputs as they are now."""
    files = counted_files(lake, rules.sources)
    verdicts = current_files(lake).filter(pl.col("source").is_in(rules.feeds))
    members = current_versions(lake, rules.dimensions, rules.timezone)
    months = set(files.get_column("months").explode().drop_nulls().unique())
    # By every name that a branch ever had it is known in all months, not only from the day on when it was given.
    # What a workspace of before could not name changes nothing about its months.
    named = ((rules.own_brands,) if rules.own_brands else ()) + ((rules.staff,) if rules.staff else ())
    # By what code an agent is shown is looked up when publishing.
    looked_up = tuple(name for name in rules.dimensions if name != "agents")
    settings = digest(replace(rules, dimensions=looked_up), known(members, rules).branches.rows(), *named)
    matching = members.filter(pl.col("dimension") != "agents")
    people = matching.filter(pl.col("dimension") != "branches")
    inputs = _inputs(lake, files, digests(matching.filter(pl.col("dimension") == "branches"), months), settings)
    states = {month: digest(inputs[month], held) for month, held in digests(people, inputs).items()}
    matched = matched_members(lake, files, people, states)
    inputs |= {month: digest(inputs[month], held) for month, held in matched.items()}
    kept = {month: inputs for month, inputs in inputs.items() if month >= rules.history_start}
    return Plan(
        files, members, verdicts, kept, _declared(members, rules), rules.history_start, rules.apart, rules.staff,
        {month: (states[month], held) for month, held in matched.items()},
    )  # fmt: skip


def _inputs(lake: Lake, files: pl.DataFrame, branches: dict[date, str], settings: str) -> dict[date, str]:
    """The same as `inputs_of_months`, found once in a night: each step makes a plan, and files may be very many."""
    found = lake.remembered(
        "files",
        f"inputs {digest(settings, sorted(branches.items()))}",
        lambda: pl.DataFrame(
            [*inputs_of_months(files, branches, settings).items()],
            {"month": pl.Date, "inputs": pl.String},
            orient="row",
        ),
    )
    return dict(found.iter_rows())


def _declared(members: pl.DataFrame, rules: ResponseRules) -> dict[str, Collection[str]]:
    branches = members.filter(pl.col("dimension") == "branches").get_column("member_key").unique().to_list()
    names = {"branch": branches, "industry": list(rules.synonyms), "programme": rules.headline}
    return {name: [UNKNOWN, ABSENT[name], *names.get(name, ())] for name in TYPED}


def stale_months(lake: Lake, plan: Plan) -> list[date]:
    """The months whose responses or facts were built from something else than there is now."""
    responses = dict(current_builds(lake, "responses").select("month", "inputs").iter_rows())
    facts = dict(current_builds(lake, "facts").select("month", "inputs").iter_rows())
    lost = _lost_months(lake, plan)
    return sorted(
        month
        for month, inputs in plan.inputs.items()
        if responses.get(month) != inputs or facts.get(month) != facts_inputs(inputs) or month in lost
    )


def _lost_months(lake: Lake, plan: Plan) -> set[date]:
    """The months whose loads do not hold what their builds recorded: something of them was lost."""
    lost: set[date] = set()
    for table, stage in (*((table, "responses") for table in BUILT_TABLES), ("facts", "facts")):
        builds = plan.counting(current_builds(lake, stage))
        held = lake.pieces(table).group_by("load_id", "month").agg(held=pl.col("rows").sum())
        rows = builds.join(held, on=["load_id", "month"], how="left").with_columns(pl.col("held").fill_null(0))
        # How many rows a month's answers come to in outcomes, cells and facts, no record says.
        is_told = table in ("responses", "superseded")
        of = "answers" if table == "outcomes" else "responses"
        is_lost = pl.col("held") != pl.col(table) if is_told else (pl.col("held") == 0) & (pl.col(of) > 0)
        lost.update(rows.filter(is_lost).get_column("month"))
    return lost


def answers_too_early(lake: Lake, plan: Plan) -> pl.DataFrame:
    """Accepted answers of months that are not kept any more, in files that landing lost: else they were rejected.

    One row per file: `source, file_digest, answers`.
    """
    early = plan.files.filter(pl.col("months").list.eval(pl.element() < plan.history_start).list.any())
    months = {month for listed in early.get_column("months") for month in listed if month < plan.history_start}
    paths = lake.files_of("staged", early.select("load_id"), sorted(months))
    if not paths:
        return pl.DataFrame(schema={"source": pl.String, "file_digest": pl.String, "answers": pl.Int64})
    rows = scan("staged", paths).filter(pl.col("month") < plan.history_start)
    counted = rows.group_by("load_id").agg(answers=pl.len().cast(pl.Int64)).collect()
    return early.join(counted, on="load_id").select("source", "file_digest", "answers")


def ranges(months: list[date], with_answers: set[date]) -> list[tuple[date, date]]:
    """Stretches that cover the months, from first to last, and no other month that has answers."""
    found: list[tuple[date, date]] = []
    wanted, is_open = set(months), False
    for month in sorted(wanted | with_answers):
        if month not in wanted:
            is_open = False
        else:
            found[-1:] = [(found[-1][0], month)] if is_open else [*found[-1:], (month, month)]
            is_open = True
    return found


def publication_inputs(
    plan: Plan, settings: str, today: date, close_after: int = CLOSE_AFTER, timezone: str = "UTC"
) -> str:
    """Digest of everything that a published file is made from.

    Of `today` no more than which periods have not ended, and which changes of branches are to come. `close_after` is the
    number of days after its month on which a wave of employees closes, `timezone` that of business time.
    """
    verdicts = plan.verdicts.select("source", "file_digest", "path", "status", made_by()).sort(pl.all())
    unfinished = [period for period in _last_periods(plan) if period[1] >= today]
    waves = _open_waves(plan, today, close_after)
    coming = to_come(plan.members, today, timezone)
    told = (*waves, *(["branches", *coming] if coming else []))
    return digest(marts.VERSION, settings, sorted(plan.inputs.items()), verdicts.rows(), unfinished, *told)


def _open_waves(plan: Plan, today: date, close_after: int) -> list[date]:
    """The months of employees' answers that do not close yet."""
    files = plan.files.filter(pl.col("metric") == "enps")
    months = {month for listed in files.get_column("months") for month in listed if month in plan.inputs}
    return sorted(month for month in months if month_after(month) + timedelta(days=close_after) > today)


def _last_periods(plan: Plan) -> list[tuple[str, date]]:
    """The month, quarter and year of the last answers, each with its last day."""
    if not plan.inputs:
        return []
    months = pl.Series([max(plan.inputs)])
    ends = {grain: months.dt.truncate(grain).dt.offset_by(grain).dt.offset_by("-1d") for grain in ("1mo", "1q", "1y")}
    return [(grain, end.item()) for grain, end in ends.items()]
