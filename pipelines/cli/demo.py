"""The demo: sample exports of a regional group, one real night on them, and what came out.

Here: the order of things and how it is shown. Not here: the exports (`examples`), the night (`pipelines.runs.night`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from examples.demo import CONFIG, write_demo
from pipelines.cli import show
from pipelines.cli.nights import work
from pipelines.config.create import prepare_folders
from pipelines.config.workspace import CONFIG_FILE, open_workspace
from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.report.rejects import rejected_rows, summary
from pipelines.runs.night import run_night
from warehouse.published.query import ask


def show_demo(home: Path) -> int:
    """Write the demo's workspace where there is none, run a night on it, and show the scores; gives the exit code."""
    config = home / CONFIG_FILE
    if config.exists() and not is_demo(config):
        raise UserError(f"{home} holds a workspace of your own; give the demo another folder: nps demo --home FOLDER")
    if not config.exists():
        write_demo(home)
        prepare_folders(home)
    code = work(home, run_night)
    if code == 0:
        _show_scores(Context(open_workspace(home)))
        _show_next_steps(home)
    return code


def is_demo(config: Path) -> bool:
    """Whether an nps.yaml is the demo's own."""
    return config.read_bytes() == CONFIG.read_bytes()


def _show_scores(context: Context) -> None:
    database = context.workspace.database
    show.frame(ask(database, BY_BRANCH), "NPS by branch")
    show.frame(ask(database, OVERALL), "All clients, and all employees")
    show.frame(summary(rejected_rows(context)), "Rows that do not count, and why")
    show.frame(ask(database, FUNNEL), "Who was called, and how far it came")
    show.frame(ask(database, COST), "What an answer costs")
    show.frame(ask(database, THEMES), "Why: what comments are about, and what it does to the score")
    show.frame(ask(database, RIVALS), "How the group stands beside its rivals, quarter by quarter")
    show.frame(ask(database, LOOP), "Unhappy clients: who was called back in time, and what came of it")
    show.frame(
        ask(database, OUTCOMES), "Who bought again, and who left, in 90 days after they answered (association only)"
    )


def _show_next_steps(home: Path) -> None:
    typed = Path(sys.argv[0])
    is_found = shutil.which("nps") is not None or typed.name != "nps"
    show.lines(
        [
            "",
            *([] if is_found else [f"What nps is here:   {typed}; `. {typed.with_name('activate')}` makes it nps"]),
            f"The published file: {home / 'published' / 'nps.duckdb'} (open it read-only with any DuckDB client)",
            f"Your own question:  nps query 'from marts.nps_by_branch limit 5' --home {home}",
            f"Rejected rows:      nps rejects --home {home}",
            f"The Dagster UI:     make ui, or nps ui --home {home}",
        ]
    )


BY_BRANCH = """
with latest as (
    select max(period_start) as year_start from marts.nps_by_branch where period_grain = 'year'
)

select
    d.name as branch,
    d.region,
    y.responses::integer as answers,
    round(p.nps, 1) as nps_before,
    round(y.nps, 1) as nps,
    round(y.nps - p.nps, 1) as change
from marts.nps_by_branch as y
inner join latest as l on y.period_start = l.year_start
inner join marts.dim_branch as d on y.branch = d.branch
left join marts.nps_by_branch as p
    on p.period_grain = 'year' and y.branch = p.branch and p.period_start = y.period_start - interval 1 year
where y.period_grain = 'year'
order by y.nps desc
"""

FUNNEL = """
select
    year(period_start)::varchar as year,
    invited_people::integer as invited,
    reached::integer as reached,
    answered::integer as answered,
    round(100 * reach_rate, 1) as reach_rate,
    round(100 * cooperation_rate, 1) as cooperation_rate,
    round(100 * response_rate, 1) as response_rate
from marts.survey_funnel
where metric = 'nps' and dimension = 'all' and period_grain = 'year'
order by year
"""

COST = """
select
    member as tariff,
    year(period_start)::varchar as year,
    answers::integer as answers,
    cost,
    round(cost_per_answer, 2) as per_answer,
    round(cost_per_detractor_reason, 2) as per_reason,
    cost_for_margin_5,
    currency
from marts.survey_cost
where dimension = 'tariff' and period_grain = 'year'
order by tariff, year
"""

THEMES = """
select
    theme,
    mentions::integer as answers,
    round(nps_if_mentioned, 1) as their_nps,
    round(impact, 1) as impact,
    round(impact_ci_low, 1) as low,
    round(impact_ci_high, 1) as high,
    round(100 * share_of_detractors, 1) as percent_of_detractors
from marts.nps_by_theme
where
    period_grain = 'year'
    and period_start = (select max(period_start) from marts.nps_by_theme where period_grain = 'year')
order by impact
"""

RIVALS = """
select
    strftime(period_start, '%Y-%m') as quarter_from,
    rank || ' of ' || brands as place,
    round(nps, 1) as nps,
    round(change, 1) as change,
    round(rivals_nps, 1) as rivals_nps,
    round(rivals_change, 1) as rivals_change,
    round(change_beside_rivals, 1) as beside_rivals
from marts.nps_rivals
where brand = 'own' and period_grain = 'quarter'
order by period_start
"""

LOOP = """
select
    coalesce(d.name, c.branch) as branch,
    c.cases::integer as cases,
    c.contacted_in_time::integer as in_time,
    c.contacted_late::integer as late,
    c.overdue::integer as overdue,
    round(100 * c.in_time_rate, 1) as percent_in_time,
    c.recovered::integer as recovered,
    round(c.median_hours, 1) as median_hours
from marts.closed_loop as c
left join marts.dim_branch as d on c.branch = d.branch
where
    c.period_grain = 'year'
    and c.period_start = (select max(period_start) from marts.closed_loop where period_grain = 'year')
order by percent_in_time
"""

OUTCOMES = """
select
    category,
    complete::integer as clients,
    bought_again::integer as bought_again,
    round(100 * repeat_rate, 1) as percent_again,
    round(100 * repeat_rate_low, 1) as low,
    round(100 * repeat_rate_high, 1) as high,
    round(100 * repeat_difference, 1) as points_above_detractors,
    churned::integer as left_us,
    round(100 * churn_rate, 1) as percent_left
from marts.nps_outcomes
where
    dimension = 'all' and period_grain = 'year' and horizon = 90
    and period_start = (
        select max(period_start) from marts.nps_outcomes
        where period_grain = 'year' and is_complete and complete > 0
    )
order by category desc
"""

OVERALL = """
select 'nps' as metric, period_start::varchar as year, responses, round(nps, 1) as score from marts.nps_overall
where period_grain = 'year'
union all
select 'enps' as metric, period_start::varchar as year, responses, round(nps, 1) as score from marts.enps_overall
where period_grain = 'year'
order by metric desc, year
"""
