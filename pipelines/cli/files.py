"""Commands that write files for people out of what is published: export.

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

    with opened(home) as workspace, published(workspace) as ask:
        written = exported(ask, tables or [], format, to)
    show.written(written)
