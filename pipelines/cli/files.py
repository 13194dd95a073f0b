"""Commands that write files for people out of what is published: export, report.

Here: their arguments. Not here: what is in the files (`pipelines.pages`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli import options, show
from pipelines.cli.opened import opened, published


def export(
    tables: Annotated[
        list[str] | None,
        typer.Argument(
            help="Such as nps_by_branch, bi.nps_by_branch_month or meta.files; all of marts if none is named."
        ),
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path("export"),
    format: Annotated[  # noqa: A002 - the option's name
        Literal["csv", "parquet", "xlsx"], typer.Option(help="A file of each table, or one workbook of all.")
    ] = "csv",
    home: options.Home = None,
) -> None:
    """Published tables as files: CSV that is safe in spreadsheets, Parquet, or a workbook with a sheet of definitions."""
    from pipelines.pages.export import export as exported

    # Of tables of counts there are more rows than anybody would ask for at a keyboard.
    with opened(home) as workspace, published(workspace, 600, rows=50_000_000) as ask:
        written = exported(ask, tables or [], format, to)
    show.written(written)


def report(  # noqa: PLR0913, PLR0917 - each parameter is an option of the command
    branch: Annotated[str | None, typer.Option(help="Of this branch: its code or name.")] = None,
    region: Annotated[str | None, typer.Option(help="Of this region.")] = None,
    month: Annotated[str | None, typer.Option(help="Of this month, such as 2025-03.")] = None,
    quarter: Annotated[str | None, typer.Option(help="Instead, of this quarter, such as 2025-Q1.")] = None,
    year: Annotated[str | None, typer.Option(help="Instead, of this year.")] = None,
    language: Annotated[Literal["en", "hr", "pl", "ru"], typer.Option(help="Of its words, numbers and dates.")] = "en",
    to: Annotated[Path, typer.Option("--to", help="The file to write.")] = Path("report.html"),
    home: options.Home = None,
) -> None:
    """One page of HTML that needs nothing else: score, trend, branches, what moved it; of the last quarter if not said."""
    from pipelines.errors import UserError
    from pipelines.pages.figures import Subject, figures
    from pipelines.pages.report import page
    from pipelines.pages.written import written
    from pipelines.report.cells import period_of

    if branch and region:
        raise UserError("Say --branch or --region, one of them.")
    dimension, member = ("region", region) if region else ("branch", branch) if branch else (None, "")
    period = period_of(month, quarter, year) if month or quarter or year else None
    with opened(home) as workspace, published(workspace) as ask:
        found = figures(ask, Subject(dimension, member or ""), period)
        html = page(found, language, workspace.config.timezone)
    show.written([written(to, lambda path: path.write_text(html, "utf-8"))])
