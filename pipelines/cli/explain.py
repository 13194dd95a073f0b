"""The command explain: from a published figure to what stands behind it.

Here: its arguments, and how the answer looks. Not here: what stands behind a figure (`pipelines.report.explain`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli import options, show
from pipelines.cli.opened import opened
from pipelines.shown import rounded

if TYPE_CHECKING:
    from pipelines.report.explain import Explained

#: The exit code where rows and figure are not the same.
DIFFERS = 1


def explain(  # noqa: PLR0913, PLR0917 - each parameter is an option of the command
    home: options.Home = None,
    metric: Annotated[Literal["nps", "enps"], typer.Option(help="Of clients or of employees.")] = "nps",
    month: Annotated[str | None, typer.Option(help="The month, such as 2025-03.")] = None,
    quarter: Annotated[str | None, typer.Option(help="Instead, the quarter, such as 2025-Q1.")] = None,
    year: Annotated[str | None, typer.Option(help="Instead, the year.")] = None,
    rolling_3m: Annotated[
        str | None, typer.Option("--rolling-3m", help="Instead, the 3 months that end with this one, such as 2025-03.")
    ] = None,
    rolling_12m: Annotated[
        str | None, typer.Option("--rolling-12m", help="Instead, the 12 months that end so.")
    ] = None,
    branch: Annotated[str | None, typer.Option(help="Of this branch: its code or name.")] = None,
    region: Annotated[str | None, typer.Option(help="Of this region.")] = None,
    area: Annotated[str | None, typer.Option(help="Of this area.")] = None,
    industry: Annotated[str | None, typer.Option(help="Of this industry.")] = None,
    survey: Annotated[str | None, typer.Option(help="Of this survey.")] = None,
    channel: Annotated[str | None, typer.Option(help="Of this channel.")] = None,
    programme: Annotated[str | None, typer.Option(help="Of this programme.")] = None,
    brand: Annotated[str | None, typer.Option(help="Of this brand.")] = None,
    department: Annotated[str | None, typer.Option(help="Of this department of employees.")] = None,
    manager: Annotated[str | None, typer.Option(help="Of the employees of this manager, by their code.")] = None,
    product: Annotated[str | None, typer.Option(help="Of this product.")] = None,
    agent: Annotated[str | None, typer.Option(help="Of this agent, by their code.")] = None,
    of: Annotated[list[str] | None, typer.Option(help="Of a dimension of nps.yaml's own, as tenure=0-2.")] = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Of a branch or region as branches are today.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Its rows as CSV, safe to open in a spreadsheet.")] = False,
    json: options.Json = False,
) -> None:
    """From a published figure to its counts, files and rows; what lost and to which, and what was rejected.

    Exit code 1: the rows that count now do not come to what is published; it says why. Never says who answered.
    """
    from pipelines.context import Context
    from pipelines.errors import UserError
    from pipelines.report.cells import cell_of, further_groups, period_of
    from pipelines.report.explain import explain as explained
    from pipelines.report.rejects import spreadsheet_safe

    asked = {
        "branch": branch, "region": region, "area": area, "industry": industry, "survey": survey,
        "channel": channel, "programme": programme,
        "brand": brand, "department": department, "manager": manager, "product": product, "agent": agent,
        **further_groups(of or []),
    }  # fmt: skip
    period = period_of(month, quarter, year, rolling_3m, rolling_12m)
    options.one_form(csv=csv, json=json)
    if csv and metric == "enps":
        raise UserError("Rows of employees are shown to nobody: leave --csv out.")
    with opened(home) as workspace:
        workspace.key()
        context = Context(workspace)
        found = explained(context, cell_of(context, metric, period, asked, as_is=as_is))
    if json:
        show.as_json(found.as_dict())
    elif csv:
        typer.echo(spreadsheet_safe(found.rows).write_csv(), nl=False)
    else:
        _show(found)
    raise typer.Exit(0 if found.adds_up else DIFFERS)


def _show(found: Explained) -> None:
    said = found.cell.measures
    nps = rounded(said["nps"], 1)
    counts = ", ".join(f"{said[name]:,} {name}" for name in ("promoters", "passives", "detractors"))
    show.lines(
        [
            f"{found.cell.title}: {nps} by {said['responses']:,} answers ({counts}), from {found.cell.table}.",
            found.says,
        ]
    )
    show.frame(found.files, "Files")
    if found.lost.height:
        show.frame(found.lost, "Would count there, but others do in their place")
    if found.refused.height:
        show.frame(found.refused, "Rejected or excluded rows of these months; of which group they were was not kept")
    if found.not_in.height:
        show.frame(found.not_in, "Files of the same sources that are not in")
    if found.rows.height:
        show.lines(["Each of these rows, by file and row: --csv"])
