"""How ids and times of a file are written: ids shortened by a spreadsheet or bare of their zeros, offsets beside UTC.

Here: the notes on them. Not here: reading either (`transforms`), what stands in other columns (`marked`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import TextTable, carefully, column
from pipelines.config.sources import Source
from pipelines.intake.once import OFFSETS

_FILE: Final = "file_no"
#: So many ids with zeros in front, and so many short ones, are no typing errors.
_SOME: Final = 5
_SHORTENED: Final = r"^\s*\d(?:[.,]\d+)?[eE]\+?\d{1,2}\s*$"
#: A time and behind it an offset that is none of UTC, of which a name may say the place again.
_OFFSET: Final = (
    r"\d{1,2}:\d{2}.*[+-](?:0?[1-9]|1[0-4]|00?:?[1-9]\d)(?::?\d{2})?"
    r"(?:\s?(?:\[[^\[\]]*\]|\([^()]*\)|[A-Z]{3,5}))?\s*$"
)
_IDS: Final = {"response_id": "answers", "respondent": "answers of several people", "account": "accounts"}


def notes_of_writing(table: TextTable, source: Source, timezone: str) -> Mapping[int, list[str]]:
    """A sentence for each thing that is odd, by the `file_no` of rows; all are of 0 where the rows have none."""
    return carefully(table, lambda each: _by_file(each, source, timezone))


def _by_file(table: TextTable, source: Source, timezone: str) -> Mapping[int, list[str]]:
    wanted = {name: source.columns[name] for name in _IDS if name in source.columns}
    looked_for = dict.fromkeys(wanted, _SHORTENED)
    if timezone == "UTC" and "responded_at" in source.columns:
        wanted["responded_at"], looked_for["responded_at"] = source.columns["responded_at"], _OFFSET
    places = {name: find_columns(table, each, name)[0] for name, each in wanted.items() if not is_absent(table, each)}
    found = {name: pl.col(column(at)).str.contains(looked_for[name]).sum().alias(name) for name, at in places.items()}
    if not found:
        return {}
    beginning = rows = table.rows
    if _FILE not in rows.collect_schema().names():
        head = table.beginning.select(*found.values())
        found = {name: each for name, each in found.items() if head.item(0, name)}
        rows = rows.with_columns(pl.lit(0).alias(_FILE))
        beginning = table.beginning.lazy().with_columns(pl.lit(0).alias(_FILE))
    many = rows.group_by(_FILE).agg(*found.values()).collect() if found else pl.DataFrame()
    told = {
        row[_FILE]: [
            _told(name, table.headings[places[name]].label, row[name]) for name in found if row[name]
        ]
        for row in many.iter_rows(named=True)
    }  # fmt: skip
    for name in _IDS:
        for number, *counts in _without_zeros(beginning, places[name]) if name in places else ():
            told.setdefault(number, []).append(_zeros(table.headings[places[name]].label, *counts))
    return told


def _without_zeros(rows: pl.LazyFrame, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Of each file in which some ids may have lost their zeros: how many, how many have any, and of how many digits.

    All ids with zeros in front are of one width there, and none is wider.
    """
    text = pl.col(column(at)).cast(pl.String).str.strip_chars()
    ids = rows.select(_FILE, id=text).filter(pl.col("id").str.contains(r"^\d+$"))
    if not ids.filter(pl.col("id").str.starts_with("0")).head(1).collect().height:
        return
    width, has_zero = pl.col("id").str.len_bytes().cast(pl.Int64), pl.col("id").str.starts_with("0")
    least = width.filter(has_zero).min()
    counts = ids.group_by(_FILE).agg(
        short=(width < least).sum(), zeros=has_zero.sum(), least=least, most=width.max()
    ).filter(pl.col("least") == pl.col("most"), pl.col("least") > 1)  # fmt: skip
    enough = counts.filter(pl.min_horizontal("short", "zeros") >= _SOME).sort(_FILE)
    yield from enough.select(_FILE, "short", "zeros", "most").collect().iter_rows()


def _zeros(label: str, short: int, with_zeros: int, width: int) -> str:
    return (
        f"In {short:,} of its rows '{label}' holds a number of fewer than {width} digits, while {with_zeros:,} have {width} "
        "with zeros in front: a spreadsheet may have taken the zeros of the others away (00123 and 123), and one id is "
        "then two. Export the file again with that column as text; if both are ids as they are, all is well."
    )


def _told(purpose: str, label: str, rows: int) -> str:
    if purpose == "responded_at":
        return (
            f"In {rows:,} of its rows '{label}' says how far the clock is from UTC, and timezone of nps.yaml is UTC, "
            f"{OFFSETS}. If the company lives by another clock, write it there, such as timezone: Europe/Zagreb."
        )
    return (
        f"In {rows:,} of its rows '{label}' holds an id as a spreadsheet shortens long numbers (3.85E+11): different ids "
        f"are written alike so, and {_IDS[purpose]} are taken for one. Export the file again with that column as text."
    )
