"""Commands that only look: status, query, rejects, followups.

Here: their arguments. Not here: what they tell (`pipelines.report.status`, `pipelines.report.rejects`,
`warehouse.published.query`), how it looks (`show`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import options, show
from pipelines.cli.opened import opened, published


def status(home: options.Home = None, json: options.Json = False) -> None:
    """Pending files, stale months, the last publication, and counts per source."""
    from pipelines.context import Context
    from pipelines.report.status import status_of

    with opened(home) as workspace:
        found = status_of(Context(workspace))
    if json:
        show.as_json(found.as_dict())
    else:
        show.status(found)


def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement, such as: from marts.nps_by_branch")],
    home: options.Home = None,
    seconds: Annotated[float, typer.Option(min=0.001, help="How long to wait for the answer at most.")] = 60,
    json: options.Json = False,
) -> None:
    """Ask the published file, read-only: one statement that reads."""
    from pipelines.errors import UserError

    with opened(home) as workspace, published(workspace, seconds, dates=False) as ask:
        if not sql.strip():
            raise UserError("Nothing was asked. A question looks like: nps query 'from marts.nps_by_branch'")
        rows = ask(sql)
    if json:
        show.as_json(rows.to_dicts())
    else:
        show.frame(rows)


def rejects(  # noqa: PLR0913, PLR0917 - each parameter is an option of the command
    home: options.Home = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    month: Annotated[str | None, typer.Option(help="Only this month, such as 2025-01.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason, such as date_unreadable.")] = None,
    file: Annotated[str | None, typer.Option(help="Only this file: a path, a name, or a pattern with *.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Counts by source, reason and file; what to do.")] = False,
    superseded: Annotated[
        bool, typer.Option("--superseded", help="Instead, answers that do not count because others do in their place.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, safe to open in a spreadsheet.")] = False,
    json: options.Json = False,
) -> None:
    """Rejected and excluded rows, and files that are not in: file, row, column, reason and masked value."""
    from pipelines.context import Context
    from pipelines.report.rejects import Wanted, rejected_rows, rows_not_kept, spreadsheet_safe, summary_by_file
    from pipelines.report.superseded import superseded_answers, superseded_summary

    options.one_form(csv=csv, json=json)
    wanted = Wanted(source, options.month(month) if month else None, reason, file)
    with opened(home) as workspace:
        context = Context(workspace)
        rows = superseded_answers(context, wanted) if superseded else rejected_rows(context, wanted)
        not_kept = 0 if superseded else rows_not_kept(context, wanted)
    shown = (superseded_summary if superseded else summary_by_file)(rows) if summary else rows
    if json:
        show.as_json(shown.to_dicts())
    elif csv:
        typer.echo(spreadsheet_safe(shown).write_csv(), nl=False)
    elif superseded:
        show.superseded_rows(rows, superseded_summary(rows), whole=not summary)
    else:
        show.rejects(rows, shown, not_kept)


def followups(
    home: options.Home = None,
    branch: Annotated[str | None, typer.Option(help="Only this branch.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, safe to open in a spreadsheet.")] = False,
    json: options.Json = False,
) -> None:
    """Unhappy clients whom nobody has called yet, those due first on top: by source, the id that it knows, and row."""
    from pipelines.context import Context
    from pipelines.report.followups import as_of, followups
    from pipelines.report.rejects import spreadsheet_safe

    options.one_form(csv=csv, json=json)
    with opened(home) as workspace:
        context = Context(workspace)
        rows, told = followups(context, branch), as_of(context)
    if json:
        show.as_json(rows.to_dicts())
    elif csv:
        typer.echo(spreadsheet_safe(rows).write_csv(), nl=False)
    else:
        show.followups(rows)
    if told:
        show.err.print(told, markup=False, highlight=False)
