"""Columns that nps.yaml says nothing of and that mark rows with a score: tests, deleted ones, other surveys, counts.

Sniff asks about those that it sees; of a later file in which a column begins to say such things, or says them in other words
than `exclude` lists, only this tells.
Here: the notes on them. Not here: which texts are marks and what to do about them (`advised`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.row_marks import MOST_CHECKED, MOST_STATES, is_check, is_progress
from pipelines.adapters.table import BEGINNING, Heading, TextTable, carefully, column
from pipelines.config.columns import Column, Exclusion
from pipelines.config.sources import Source
from pipelines.intake.drift import wanted_columns
from pipelines.intake.notes.columns.advised import counts_answers, of_excluded, of_unused
from pipelines.intake.notes.columns.apart import MOST_BRANDS, Found, names_brands
from pipelines.intake.notes.columns.struck import is_struck, struck
from pipelines.intake.once import IT_SAYS, MARKED, UNLISTED
from pipelines.shown import counted
from transforms.scores.texts import is_unanswered
from transforms.texts.spelling import simple, simplified

_FILE: Final = "file_no"
_SHOWN: Final = 5


def marks_by_file(table: TextTable, source: Source) -> Mapping[int, list[str]]:
    """A sentence for each column that marks rows which count, by their `file_no`; all are of 0 where they have none."""
    return carefully(table, lambda each: _by_file(each, source))


def brand_by_file(table: TextTable, source: Source) -> Mapping[int, str]:
    """What a column of brands that nps.yaml says nothing of says in all rows of a file, by `file_no` likewise."""
    named = (
        [at for at in free_columns(table, source) if names_brands(table.headings[at].names)]
        if source.has_scores
        else []
    )
    if not named or "brand" in {*source.columns, *source.defaults, *source.file_name_groups}:
        return {}
    return carefully(table, lambda each: _one_brand(each, named[0]))


def _one_brand(table: TextTable, at: int) -> Mapping[int, str]:
    rows = numbered(table.rows).select(_FILE, text=bare_text(at))
    texts = rows.group_by(_FILE).agg(pl.col("text").first(), pl.col("text").n_unique().alias("texts"))
    return dict(texts.filter(pl.col("texts") == 1, pl.col("text") != "").select(_FILE, "text").collect().iter_rows())


def numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with the `file_no` of each, 0 where they have none."""
    return rows if _FILE in rows.collect_schema().names() else rows.with_columns(pl.lit(0).alias(_FILE))


def _by_file(table: TextTable, source: Source) -> Mapping[int, list[str]]:
    free = free_columns(table, source)
    marks = dict(_marks(table, source, free)) if free and source.has_scores else {}
    gone = [at for at in free if is_struck(table.headings[at].names)] if source.has_scores else []
    if not marks and not gone:
        return {}
    every = numbered(table.rows.filter(*kept(table, source)))
    rows = every.filter(*scored(table, source))
    found: dict[int, list[str]] = {}
    for at, mark in marks.items():
        marked = (
            (every if mark.of_all else rows)
            .select(_FILE, text=bare_text(at))
            .filter(pl.col("text").is_in(list(mark.texts)))
        )
        many = marked.group_by(_FILE, "text").agg(pl.len()).sort(_FILE, "len", "text", descending=[False, True, False])
        listed = MARKED if _rule(table, source, at) is None else UNLISTED
        for (number,), group in many.collect().group_by(_FILE, maintain_order=True):
            if note := _told(mark, table.headings[at].label, listed, dict(group.select("text", "len").iter_rows())):
                found.setdefault(int(str(number)), []).append(note)
    for number, note in struck(table, source, gone, rows):
        found.setdefault(number, []).append(note)
    return found


def _told(mark: Found, label: str, listed: str, rows: Mapping[str, int]) -> str | None:
    """The sentence about the rows of a file by their text; None where it has none of several."""
    many = counted(sum(rows.values()), "row")
    if not mark.of_several:
        many_texts = len(rows) > MOST_STATES
        told = ", ".join(f"'{text}'" for text in list(rows)[: _SHOWN if many_texts else None]) + " …" * many_texts
        with_score, where = ("", " where they have a score") if mark.of_all else (" with a score", "")
        return f"{many}{with_score} have {told} in '{label}', a column {listed}{where}. {mark.advice}"
    if len(rows) == 1:
        return None
    shown = [f"'{text}' in {found:,}" for text, found in list(rows.items())[:_SHOWN]]
    more = " …" if len(rows) > _SHOWN else ""
    said = f"{IT_SAYS}{', '.join(shown)}{more}."
    return f"{many} with a score are told apart in '{label}', a column {listed}. {mark.advice}{said}"


def free_columns(table: TextTable, source: Source) -> list[int]:
    """The columns with a heading of which nps.yaml says nothing, or only which of their rows are left out."""
    purposes = [(purpose, wanted) for purpose, wanted in wanted_columns(source) if not purpose.startswith("exclude.")]
    wanted = [wanted for purpose, wanted in purposes if purpose != "unanswered_where"]
    wanted += [each for each in (source.asked.at, source.asked.wave, source.asked.reminder) if each is not None]
    wanted += [each for answer in source.answers.values() for each in answer.columns.values()]
    of_outcomes = [source.outcome.column] if source.outcome is not None else []
    used = _all_places(table, wanted)
    used |= _all_places(table, of_outcomes) - _all_places(table, [rule.column for rule in source.exclude.values()])
    return [at for at, heading in enumerate(table.headings) if at not in used and heading.text]


def _all_places(table: TextTable, wanted: Sequence[Column]) -> set[int]:
    return {at for each in wanted if not is_absent(table, each) for at in _places(table, each)}


def _places(table: TextTable, wanted: Column) -> list[int]:
    return find_columns(table, wanted, "a column")


def _rule(table: TextTable, source: Source, at: int) -> tuple[str, Exclusion] | None:
    """What leaves out some rows by a column, and where nps.yaml says so."""
    rules = (each for each in rules_of(source) if not is_absent(table, each[1].column))
    return next(((setting, rule) for setting, rule in rules if at in _places(table, rule.column)), None)


def rules_of(source: Source) -> Iterator[tuple[str, Exclusion]]:
    """What leaves out rows by a column, with where nps.yaml says so."""
    yield from ((f"below exclude in nps.yaml {reason}", rule) for reason, rule in source.exclude.items())
    if source.unanswered_where is not None:
        yield "in nps.yaml unanswered_where", source.unanswered_where


def _most(heading: Heading) -> int:
    """Of how many different texts a column is looked at."""
    names = heading.names
    if is_check(names) or is_progress(names) or counts_answers(names):
        return MOST_CHECKED
    return MOST_BRANDS if names_brands(names) else MOST_STATES


def _are_few(cells: pl.Series, heading: Heading) -> bool:
    """Whether few different texts stand in a column; numbers that go up by 1 count the rows."""
    different = cells.n_unique()
    if different > MOST_STATES + 1 and counts_answers(heading.names):
        goes_up = (cells.cast(pl.Int64, strict=False).diff() == 1).sum()
        return different <= MOST_CHECKED + 1 and 2 * max(different, goes_up) <= len(cells)
    return different <= _most(heading) + 1


def _marks(table: TextTable, source: Source, free: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """The columns that hold marks, which texts these are, and what is to be done about them."""
    head = table.beginning.select(bare_text(at) for at in free)
    few = [at for at in free if _are_few(head.get_column(column(at)), table.headings[at])]
    if head.height == BEGINNING and few:
        texts = table.rows.select(bare_text(at).unique().implode() for at in few).collect()
    else:
        texts = head.select(pl.col(column(at)).unique().implode() for at in few)
    for at in few:
        values = sorted(text for text in texts.get_column(column(at))[0].to_list() if text)
        if not values or len(values) > _most(table.headings[at]):
            continue
        rule = _rule(table, source, at)
        heading = table.headings[at]
        if found := of_unused(heading, values, source) if rule is None else of_excluded(heading, values, *rule):
            yield at, found


def scored(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    """Which rows have a score and are of people who count, whatever question they answer."""
    scores = [answer.columns.get("score") for answer in source.answers.values()] + [source.columns.get("score")]
    places = [at for each in scores if each is not None for at in _places(table, each)]
    yield pl.any_horizontal(~is_unanswered(bare_text(at)) for at in places)
    yield from _of_people(table, source)


def kept(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    """Which rows nps.yaml does not leave out, whatever they say."""
    yield from _of_people(table, source)
    yield from _of_question(table, source)


def _of_people(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    for _, rule in rules_of(source):
        if not is_absent(table, rule.column):
            for at in _places(table, rule.column):
                yield ~simplified(bare_text(at)).is_in([simple(value) for value in rule.values])


def _of_question(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    if source.where is not None and not is_absent(table, source.where.column):
        for at in _places(table, source.where.column):
            yield simplified(bare_text(at)).is_in([simple(value) for value in source.where.values])
