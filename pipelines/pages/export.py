"""Tables of the published file as files for people: Parquet, CSV and a workbook.

Here: which tables, and what each format asks for. Not here: the command (`pipelines.cli.files`), reports (`report`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import polars.selectors as cs

from pipelines.errors import UserError
from pipelines.pages.written import written
from pipelines.report.rejects import shown, spreadsheet_safe
from warehouse.published.query import Ask

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Format = Literal["csv", "parquet", "xlsx"]

#: What a sheet holds, its row of headings apart; how long its name may be, and a text in it.
_ROWS_OF_A_SHEET: Final = (1 << 20) - 1
_NAME_OF_A_SHEET: Final = 31
_TEXT_OF_A_CELL: Final = 32_767
_WORKBOOK: Final = "nps.xlsx"
_DEFINITIONS: Final = "definitions"
#: Text of a workbook is text, whatever it begins with; what is no number is an error there, and no reason to stop.
_PLAIN: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True,
    "in_memory": True,
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
    if to == "xlsx":
        sheets = list(_tables(ask, wanted, most=_ROWS_OF_A_SHEET))
        return [written(folder / _WORKBOOK, lambda path: _workbook(sheets, path))]
    write, tables = _csv if to == "csv" else _parquet, _tables(ask, wanted)
    return [written(folder / f"{table.file}.{to}", lambda path, table=table: write(table, path)) for table in tables]  # type: ignore[misc]


def _tables(ask: Ask, wanted: Sequence[str], most: int | None = None) -> Iterator[Exported]:
    """The tables, one after the other, so that no two of them are in memory. Raises `UserError` before the first one."""
    comments = {(schema, name): comment or "" for schema, name, comment in ask(_TABLES).iter_rows()}
    columns = ask(_COLUMNS)
    named = list(dict.fromkeys(_named(wanted, comments)))
    for schema, name in named if most else ():
        count = ask(f'select count(*) from {schema}."{name}"').item()  # noqa: S608 - both are names that were found there
        if count > most:
            raise UserError(
                f"{name} has {count:,} rows, and a sheet holds {most:,}: export it with --format csv or parquet."
            )
    for schema, name in named:
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

    meanings = pl.concat(
        table.columns.select(
            pl.lit(table.file).alias("table"), pl.all(), pl.lit(table.comment).alias("about the table")
        )
        for table in tables
    )
    # In memory: closing a zip that found no room is tried again when it is forgotten, and says so with a stack.
    made = io.BytesIO()
    with Workbook(made, _PLAIN) as book:
        sheets = [(_DEFINITIONS, meanings), *((table.file, table.rows) for table in tables)]
        for name, (_, rows) in zip(_sheet_names([name for name, _ in sheets]), sheets, strict=True):
            _sheet(book, name, rows)
    path.write_bytes(made.getbuffer())


def _sheet(book: Workbook, name: str, rows: pl.DataFrame) -> None:
    longest = rows.select(pl.max_horizontal(0, cs.string().str.len_chars().max())).item()
    if longest > _TEXT_OF_A_CELL:
        raise UserError(
            f"A text of {name} has {longest:,} characters, and a cell holds {_TEXT_OF_A_CELL:,}: "
            "export it with --format csv or parquet."
        )
    formats: dict[Any, str] = {column: shown for kind, shown in _FORMATS for column in rows.select(kind).columns}
    clocks = cs.datetime(time_zone="*")
    shown(rows).with_columns(clocks.dt.convert_time_zone("UTC").dt.replace_time_zone(None)).write_excel(
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
