"""Tables of the published file as files for people: Parquet, CSV and a workbook.

Here: which tables, and what each format asks for. Not here: the command (`pipelines.cli.files`), reports (`report`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import polars.selectors as cs

from pipelines.errors import UserError
from pipelines.pages.written import written
from pipelines.report.rejects import spreadsheet_safe
from warehouse.query import Ask

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Format = Literal["csv", "parquet", "xlsx"]

#: What a sheet holds, its row of headings apart, and how long its name may be.
_ROWS_OF_A_SHEET: Final = (1 << 20) - 1
_NAME_OF_A_SHEET: Final = 31
_WORKBOOK: Final = "nps.xlsx"
_DEFINITIONS: Final = "definitions"
#: Text of a workbook is text, whatever it begins with.
_PLAIN: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
#: What shows columns of a kind; the last one that is of them.
_FORMATS: Final = (
    (cs.integer(), "#,##0"),
    (cs.float(), "0.0"),
    (cs.ends_with("_p_value", "_q_value"), "0.0000"),
    (cs.date(), "yyyy-mm-dd"),
    (cs.datetime(), "yyyy-mm-dd hh:mm:ss"),
)

_TABLES: Final = """
    select schema_name as schema, table_name as name, comment
    from duckdb_tables() where schema_name in ('marts', 'bi', 'meta')
    union all by name
    select schema_name as schema, view_name as name, comment
    from duckdb_views() where schema_name in ('marts', 'bi', 'meta')
    order by schema, name
"""
_COLUMNS: Final = """
    select schema_name as schema, table_name as name, column_name as "column", data_type as type, comment as meaning
    from duckdb_columns() where schema_name in ('marts', 'bi', 'meta')
    order by schema, name, column_index
"""


@dataclass(frozen=True)
class Exported:
    """One published table."""

    schema: str
    name: str
    comment: str
    columns: pl.DataFrame
    """`column, type, meaning`."""
    rows: pl.DataFrame

    @property
    def file(self) -> str:
        """What its file is called, without an ending."""
        return self.name if self.schema == "marts" else f"{self.schema}.{self.name}"


def export(ask: Ask, wanted: Sequence[str], to: Format, folder: Path) -> list[Path]:
    """Write tables into a folder, all of one publication; gives the files.

    `wanted` names tables of the schemas marts, bi and meta, those of marts without their schema; where it is empty, all
    of marts are. Files that are there already are replaced, each at once. Raises `UserError`.
    """
    tables = list(_tables(ask, wanted))
    if to == "xlsx":
        return [written(folder / _WORKBOOK, lambda path: _workbook(tables, path))]
    write = _csv if to == "csv" else _parquet
    return [written(folder / f"{table.file}.{to}", lambda path, table=table: write(table, path)) for table in tables]  # type: ignore[misc]


def _tables(ask: Ask, wanted: Sequence[str]) -> Iterator[Exported]:
    comments = {(schema, name): comment or "" for schema, name, comment in ask(_TABLES).iter_rows()}
    columns = ask(_COLUMNS)
    for schema, name in dict.fromkeys(_named(wanted, comments)):
        about = columns.filter(pl.col("schema") == schema, pl.col("name") == name).drop("schema", "name")
        rows = ask(f'from {schema}."{name}" order by all')
        yield Exported(schema, name, comments[schema, name], about, rows)


def _named(wanted: Sequence[str], there: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    if not wanted:
        yield from (each for each in there if each[0] == "marts")
    for given in wanted:
        schema, _, name = given.rpartition(".")
        if (found := (schema or "marts", name)) not in there:
            known = ", ".join(name for schema, name in there if schema == "marts")
            raise UserError(
                f"There is no published table {given!r}; there are: {known}; and those of the schemas bi and meta, such as "
                "bi.nps_by_branch_month and meta.files."
            )
        yield found


def _csv(table: Exported, path: Path) -> None:
    # With a byte-order mark, without which Excel takes UTF-8 for something else.
    spreadsheet_safe(table.rows).write_csv(path, include_bom=True)


def _parquet(table: Exported, path: Path) -> None:
    table.rows.write_parquet(path, metadata={"comment": table.comment})


def _workbook(tables: Sequence[Exported], path: Path) -> None:
    """A sheet of each table, after one that says what their columns mean."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - no other command needs it

    for table in tables:
        if table.rows.height > _ROWS_OF_A_SHEET:
            raise UserError(
                f"{table.file} has {table.rows.height:,} rows, and a sheet holds {_ROWS_OF_A_SHEET:,}: "
                "export it with --format csv or parquet."
            )
    meanings = pl.concat(
        table.columns.select(
            pl.lit(table.file).alias("table"), pl.all(), pl.lit(table.comment).alias("about the table")
        )
        for table in tables
    )
    with Workbook(str(path), _PLAIN) as book:
        sheets = [(_DEFINITIONS, meanings), *((table.file, table.rows) for table in tables)]
        for name, (_, rows) in zip(_sheet_names([name for name, _ in sheets]), sheets, strict=True):
            _sheet(book, name, rows)


def _sheet(book: Workbook, name: str, rows: pl.DataFrame) -> None:
    formats: dict[Any, str] = {column: shown for kind, shown in _FORMATS for column in rows.select(kind).columns}
    clocks = cs.datetime(time_zone="*")
    rows.with_columns(clocks.dt.convert_time_zone("UTC").dt.replace_time_zone(None)).write_excel(
        book,
        name,
        column_formats=formats,
        header_format={"bold": True},
        table_style="Table Style Light 1",
        freeze_panes=(1, 0),
        autofit=rows.height > 0,
    )


def _sheet_names(names: Sequence[str]) -> list[str]:
    """Names cut to what a workbook bears, and with a number where they are then alike, in capitals or small letters."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name[: _NAME_OF_A_SHEET - len(end)]}{end}" for end in ["", *(f"~{n}" for n in range(2, 1_000))])
        taken = {each.lower() for each in found}
        found.append(next(each for each in numbered if each.lower() not in taken))
    return found
