"""Commands that only look: status, query, rejects."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import options, show


def status(home: options.Home = None, json: options.Json = False) -> None:
    """Pending files, stale months, the last publication, and counts per source."""
    from pipelines.config.workspace import find_home, open_workspace
    from pipelines.status import status_of
    from pipelines.tools import Tools

    found = status_of(Tools(open_workspace(find_home(home))))
    if json:
        show.as_json(found.as_dict())
    else:
        show.status(found)


def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement, such as: from marts.nps_by_branch")],
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Ask the published file, read-only."""
    from pipelines.config.workspace import find_home, open_workspace
    from pipelines.errors import UserError
    from warehouse.query import QueryError, ask

    database = open_workspace(find_home(home)).database
    if not database.is_file():
        raise UserError(f"Nothing is published yet: {database} is not there. Type: nps run")
    if not sql.strip():
        raise UserError("Nothing was asked. A question looks like: nps query 'from marts.nps_by_branch'")
    try:
        rows = ask(database, sql)
    except QueryError as error:
        raise UserError(str(error)) from error
    if json:
        show.as_json(rows.to_dicts())
    else:
        show.frame(rows)


def rejects(
    home: options.Home = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    month: Annotated[str | None, typer.Option(help="Only this month, such as 2025-01.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, safe to open in a spreadsheet.")] = False,
    json: options.Json = False,
) -> None:
    """Rejected and excluded rows: file, row, column, reason and masked value."""
    from pipelines.config.workspace import find_home, open_workspace
    from pipelines.rejects import rejected_rows, spreadsheet_safe, summary
    from pipelines.tools import Tools

    wanted = options.month(month) if month else None
    rows = rejected_rows(Tools(open_workspace(find_home(home))), source, wanted)
    if json:
        show.as_json(rows.to_dicts())
    elif csv:
        typer.echo(spreadsheet_safe(rows).write_csv(), nl=False)
    elif rows.is_empty():
        show.lines(["No row was rejected or excluded."])
    else:
        show.frame(rows.head(ROWS_SHOWN))
        if rows.height > ROWS_SHOWN:
            show.lines([f"… and {rows.height - ROWS_SHOWN} more rows; all of them: nps rejects --csv"])
        show.frame(summary(rows), "In all")


ROWS_SHOWN = 40
