"""Columns that decide figures and in which nothing stands any more, though the file before had something there.

A heading without anything below it is no heading that is missing: the file is not refused, and its answers would count as
of no branch, or tests as answers, without a word. Lists, tickets and what clients do are looked at likewise.
Here: which columns of a file are blank or gone, whether the file before filled them, what follows for figures. Not here:
how headings differ (`drift`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent, position_of
from pipelines.adapters.headings import same_name
from pipelines.adapters.table import BEGINNING, TextTable, carefully
from pipelines.adapters.words import named, said
from pipelines.config.columns import Matches
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import Layout
from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Dimension, Source
from pipelines.intake.drift import wanted_columns
from pipelines.intake.history import Earlier
from pipelines.intake.notes.columns.misread import asks
from transforms.dimensions import KEYS, OF_ANSWERS, PRESUMED
from transforms.reasons import Reason
from warehouse.lake.parquet import rows_of
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES

#: In fewer rows nothing may stand by chance.
_ROWS: Final = 20
_FILE: Final = "file_no"
_EXCLUDE: Final = "exclude."
#: Where what a column holds lies under another name.
_STORED_AS: Final = {
    "respondent": "respondent_key", "account": "account_key", "manager": "manager_key", "owner": "owner_key",
    "response_id": "response_key", "outcome": "ended", "referred_by": "referrer_key", "value": "worth",
} | {name: f"{name}_key" for name in KEYS}  # fmt: skip
#: What decides figures of answers; of `PRESUMED` dimensions it is told in any file, and what has no id is rejected.
_OF_ANSWERS: Final = frozenset({"respondent", "account", "weight", *OF_ANSWERS}) - {*PRESUMED}


def blank_columns(table: TextTable, layout: Layout) -> Mapping[str, str]:
    """The columns that decide figures in which nothing stands in any row: what each is for, and its heading."""
    return carefully(table, lambda each: _blank(each, layout))


def notes_of_blanks(
    lake: Lake, layout: Layout, blank: Mapping[str, str], rows: int, before: Earlier | None
) -> Iterator[str]:
    """Yield a sentence about each column that a file of so many rows leaves blank, and the file before filled."""
    for purpose, label in blank.items():
        if before is not None and rows >= _ROWS and _was_filled(lake, layout, before, purpose):
            yield (
                f"Nothing stands below '{label}' in any row, where {before.path}, the export before, had something: "
                f"{what_follows(purpose, layout)}"
            )


def notes_of_gone(layout: Layout, now: Sequence[str], before: Earlier | None) -> Iterator[str]:
    """Yield a sentence about each such column that may be missing, and is, though the file before had it."""
    for purpose, wanted in wanted_columns(layout) if before and now else ():
        if _decides(purpose, layout) and isinstance(wanted, Matches) and position_of(wanted, now) is None:
            at = position_of(wanted, before.headings) if before else None
            if before and at is not None:
                yield (
                    f"'{before.headings[at]}' is missing, which {before.path}, the export before, had: "
                    f"{what_follows(purpose, layout)}"
                )


def notes_of_new(layout: Layout, now: Sequence[str], before: Earlier | None) -> Iterator[str]:
    """Yield a sentence about columns that are new and nothing reads, where they hold weights, zones or the question."""
    known = {same_name(each) for each in before.headings} if before else set()
    if not known or not isinstance(layout, Source) or not layout.has_scores:
        return
    for heading in now:
        if same_name(heading) in known:
            continue
        if "responded_at" in layout.columns and named("zone_named", heading):
            yield (
                f"'{heading}' is new: its times are read in one zone all the same, unless they state their own. If rows are "
                "of several zones, answers of the first and last hours of a month may count in another: export them with "
                "offsets (2025-03-31T23:30:00+02:00), or in one zone; if all are of one zone, all is well."
            )
        score = layout.columns.get("score")
        if isinstance(score, str) and not said("score_certain", score) and asks(heading, layout.metric):
            yield (
                f"'{heading}' is new, and is called like the question, while the score is read from '{score}'. If another "
                f"question stands there now, write score: '{heading}' below columns; else all is well."
            )
        if "weight" not in layout.columns and named("weight_named", heading):
            yield (
                f"'{heading}' is new, and nps.yaml reads no weight: each of its answers weighs 1, in nps_weighted too. If "
                f"it says how much each answer counts, write weight: '{heading}' below columns; else all is well."
            )


def blank_by_file(table: TextTable, source: Source) -> tuple[dict[int, frozenset[str]], list[int]]:
    """Of the rows of several files, by `file_no`, what `blank_columns` finds; and the files of which it is to be told.

    These leave blank what the one before has filled; of the first one nobody knows it here.
    """
    places = _places(table, source)
    filled = [(bare_text(at) != "").any().alias(name) for name, at in places.items()]
    files = table.rows.group_by(_FILE).agg(pl.len().alias("rows"), *filled).sort(_FILE).collect()
    found = {row[_FILE]: frozenset(name for name in places if not row[name]) for row in files.iter_rows(named=True)}
    gone: list[int] = []
    before: frozenset[str] = frozenset()
    for number, rows in files.select(_FILE, "rows").iter_rows():
        if rows >= _ROWS and found[number] - before:
            gone.append(number)
        before = found[number]
    return found, gone


def _blank(table: TextTable, layout: Layout) -> dict[str, str]:
    places = _places(table, layout)
    if not places:
        return {}
    head = table.beginning.select(bare_text(at).alias(name) for name, at in places.items())
    blank = [name for name in places if not (head[name] != "").any()]
    if blank and head.height == BEGINNING:
        whole = table.rows.select((bare_text(places[name]) != "").any().alias(name) for name in blank).collect()
        blank = [name for name in blank if not whole.item(0, name)]
    return {name: table.headings[places[name]].label for name in blank}


def kept_columns(source: Source) -> dict[str, str]:
    """The columns that decide figures and are blank where nothing is said: what nps.yaml calls each, and the lake."""
    named = [name for name in source.columns if name in _OF_ANSWERS - {"weight"}]
    return {str(name): _STORED_AS.get(name, name) for name in named}


def _places(table: TextTable, layout: Layout) -> dict[str, int]:
    """Where the columns stand that decide figures, by what they are for."""
    return {
        purpose: at
        for purpose, wanted in wanted_columns(layout)
        if _decides(purpose, layout) and not is_absent(table, wanted)
        for at in find_columns(table, wanted, purpose)[:1]
    }


def _decides(purpose: str, layout: Layout) -> bool:
    if isinstance(layout, Source):
        return purpose in _OF_ANSWERS or purpose.startswith(_EXCLUDE)
    return _STORED_AS.get(purpose, purpose) in DATA_TABLES[_kept_in(layout)][0].column_names()


def _kept_in(layout: Layout) -> str:
    """The table of what files of a layout hold."""
    tables = {Source: "staged", Dimension: "members", Tickets: "tickets", Activity: "activity", ClientList: "clients"}
    return tables[type(layout)]


def _was_filled(lake: Lake, layout: Layout, file: Earlier, purpose: str) -> bool:
    """Whether a file had anything in a column: of one of another night, whether its answers had, or a row was left out."""
    if file.blank is not None or file.load_id is None:
        return file.blank is not None and purpose not in file.blank
    if purpose.startswith(_EXCLUDE):
        is_so, table = pl.col("reason") == Reason(purpose.removeprefix(_EXCLUDE)), "rejected"
    else:
        stored, table = pl.col(_STORED_AS.get(purpose, purpose)), _kept_in(layout)
        is_so = stored.is_not_null() & (stored != 1.0) if purpose == "weight" else stored.is_not_null()
    return bool(rows_of(lake, table, [file.load_id]).select(is_so.any()).collect().item())


def what_follows(purpose: str, layout: Layout) -> str:
    """What follows for figures, and what to do."""
    if purpose.startswith(_EXCLUDE):
        return "no row of it is left out by that column. If none should be, all is well; else export the file again."
    follows = f"nothing is known of the {purpose} of its rows"
    if isinstance(layout, Source):
        follows = {
            "respondent": "several answers of one person are not known to be so, and each of them counts",
            "weight": "each of its answers weighs 1",
        }.get(purpose, f"its answers count as of no known {purpose}")
    return f"{follows}. If it should be filled, export the file again; if it will stay so, take the column out of nps.yaml."
