"""A real Superset on the published file: its dashboard is imported through the API, and shows what the marts say.

Here: what is demanded of it. Not here: starting it (`superset_server`), the dashboard (`examples/dashboard.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import yaml

from examples.dashboard import FOLDER, bundle
from proofs.pictures import Page, photographed
from proofs.stage import Stage
from proofs.superset_server import ADMIN, Superset, running, versions
from proofs.told import SkippedError, demand
from proofs.tools import SUPERSET
from warehouse.published.query import ask

_SHOWN: Final = ("Ljubljana", "Osijek", "Zagreb")
_BOUNDARY: Final = "a-line-that-no-zip-has"
#: Which column of the marts each line of a branch shows.
_LINES: Final = {"": "nps", "__yhat": "nps", "__yhat_lower": "ci_low", "__yhat_upper": "ci_high"}
_LINE: Final = """
    select s.period_start, d.name || '{ending}' as line, s.{column} as value
    from marts.nps_by_branch as s inner join marts.dim_branch as d on s.branch = d.branch
    where s.period_grain = 'month' and s.is_complete and not s.is_low_sample
"""
#: JSON writes numbers in its own way.
_SAME: Final = 1e-9


def prove(stage: Stage) -> Iterator[str]:
    """Import the dashboard, hold its figures against the marts, see a new publication, and take its picture."""
    SUPERSET.there()
    database = stage.publisher.database
    with running(stage.scratch / "superset") as superset:
        superset.token = superset.call("/api/v1/security/login", {**ADMIN, "provider": "db"})["access_token"]
        for _ in range(2):
            _import(superset, bundle(database))
        charts, datasets = superset.ids("chart", "slice_name"), superset.ids("dataset", "table_name")
        yield (
            f"{versions()}: the dashboard was imported twice, and is there once, "
            f"with {len(charts)} charts and {len(datasets)} datasets"
        )
        yield _lines_are_right(superset, datasets["branch_lines"], database)
        yield _metrics_are_right(superset, datasets, database)
        yield _another(superset)
        before = superset.rows(datasets["fct_nps"], [], ["responses"])
        stage.publisher.publish()
        after = superset.rows(datasets["fct_nps"], [], ["responses"])
        one_more = after[0]["responses"] == before[0]["responses"] + 1
        demand(one_more, f"after a publication with one answer more it shows {after} in place of {before}")
        yield "what it shows after a publication is the new one, without being started anew"
        yield _picture(superset, stage)


def _import(superset: Superset, zipped: bytes) -> None:
    parts = (
        b'Content-Disposition: form-data; name="overwrite"\r\n\r\ntrue',
        b'Content-Disposition: form-data; name="formData"; filename="nps.zip"\r\n'
        b"Content-Type: application/zip\r\n\r\n" + zipped,
    )
    line = f"--{_BOUNDARY}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    superset.call("/api/v1/dashboard/import/", raw=(body, f"multipart/form-data; boundary={_BOUNDARY}"))


def _lines_are_right(superset: Superset, dataset: int, database: Path) -> str:
    month = {"columnType": "BASE_AXIS", "sqlExpression": "period_start", "label": "period_start", "timeGrain": "P1M"}
    drawn = superset.rows(dataset, [{**month, "expressionType": "SQL"}, "line"], ["value"])
    found = {(row["period_start"] // 86_400_000, row["line"]): row["value"] for row in drawn}
    expected = {
        ((day - day.replace(year=1970, month=1, day=1)).days, line): value
        for day, line, value in ask(
            database, " union all ".join(_LINE.format(ending=ending, column=of) for ending, of in _LINES.items())
        ).iter_rows()
    }
    demand(found.keys() == expected.keys(), f"lines differ: {sorted(found.keys() ^ expected.keys())[:5]}")
    worst = max(abs(found[key] - expected[key]) for key in expected)
    demand(worst < _SAME, f"a line differs by {worst}")
    return f"the chart of branches has {len(found)} points, as the marts have them: scores and intervals of finished months"


def _metrics_are_right(superset: Superset, datasets: Mapping[str, int], database: Path) -> str:
    said = yaml.safe_load((FOLDER / "dashboard.yaml").read_text("utf-8"))
    counted = 0
    for name, of in said["datasets"].items():
        if "sql" in of:
            continue
        names = [metric["metric_name"] for metric in of["metrics"]]
        [shown] = superset.rows(datasets[name], [], names)
        [own] = ask(
            database,
            "select 100.0 * (sum(promoters) - sum(detractors)) / sum(responses) as nps, sum(responses) as responses, "  # noqa: S608
            f"sum(promoters) as promoters, sum(passives) as passives, sum(detractors) as detractors "
            f"from {of['schema']}.{name}",
        ).to_dicts()
        for metric in names:
            demand(
                abs(shown[metric] - float(own[metric])) < _SAME,
                f"{metric} of {name}: {shown[metric]}, not {own[metric]}",
            )
            counted += 1
    return f"{counted} metrics of its datasets give the sums of the marts"


def _another(superset: Superset) -> str:
    """A dataset on a further view, made by hand as an analyst would."""
    [database] = superset.ids("database", "database_name").values()
    made = superset.call(
        "/api/v1/dataset/", {"database": database, "schema": "bi", "table_name": "nps_by_channel_quarter"}
    )
    about = superset.call(f"/api/v1/dataset/{made['id']}", method="GET")["result"]
    meanings = {column["column_name"]: column["description"] for column in about["columns"]}
    demand(
        all(meanings.values()),
        f"columns without a meaning: {[name for name, meaning in meanings.items() if not meaning]}",
    )
    demand(about["main_dttm_col"] == "period_start", f"its column of time is {about['main_dttm_col']}")
    return f"a dataset made on bi.nps_by_channel_quarter shows what each of its {len(meanings)} columns means"


def _picture(superset: Superset, stage: Stage) -> str:
    names = ",".join(f"'{name}'" for name in _SHOWN)
    state = (
        f"(NATIVE_FILTER-branch:(__cache:(value:!({names})),id:NATIVE_FILTER-branch,filterState:(value:!({names})),"
        f"extraFormData:(filters:!((col:branch_shown,op:IN,val:!({names})))),ownState:()))"
    )
    address = f"{superset.address}/superset/dashboard/nps/?standalone=1&native_filters={quote(state)}"
    page = Page(address, "superset.png", height=960, seconds=12, wait_for=".dashboard-component-chart-holder canvas")
    try:
        [text] = photographed([page], stage.pictures, (f"{superset.address}/login/", ADMIN))
    except SkippedError as error:
        return f"no picture, {error}"
    demand("Ljubljana" in text and "error" not in text.lower(), f"the dashboard shows: {text[:2000]}")
    return f"the picture is {stage.pictures / page.picture}"
