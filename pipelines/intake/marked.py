"""Columns that nps.yaml says nothing of and that mark rows with a score: tests, deleted ones, other surveys, counts.

Sniff asks about those that it sees; of a later file in which a column begins to say such things only this tells.
Here: the notes on them. Not here: which texts are marks (`pipelines.adapters.row_marks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from pipelines.adapters.headings import find_columns, is_absent
from pipelines.adapters.row_marks import MOST_STATES, reason_of, strays, ticks, unfinished
from pipelines.adapters.table import Heading, TextTable, column
from pipelines.adapters.words import named, plain, said
from pipelines.config.columns import Column
from pipelines.config.sources import Source
from pipelines.intake.drift import wanted_columns
from pipelines.intake.once import MARKED
from pipelines.shown import counted
from transforms.score_texts import UNANSWERED
from transforms.spelling import simple, simplified

#: Which columns hold few different texts is told by so many of the first rows.
_BEGINNING: Final = 20_000
_SHORT_WORDS: Final = 4
_RECOMMENDING: Final = ("nps", "enps")
_FILE: Final = "file_no"


def notes_of_marks(table: TextTable, source: Source) -> list[str]:
    """A sentence for each column that marks rows of a file which count."""
    return [note for notes in marks_by_file(table, source).values() for note in notes]


def marks_by_file(table: TextTable, source: Source) -> Mapping[int, list[str]]:
    """The same of the rows of several files, by their `file_no`; all are of 0 where the rows have none."""
    try:
        return _by_file(table, source)
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        return _by_file(table.careful(), source)


def _by_file(table: TextTable, source: Source) -> Mapping[int, list[str]]:
    free = _free(table, source)
    marks = dict(_marks(table, source, free)) if free and source.has_scores else {}
    if not marks:
        return {}
    rows = table.rows.filter(*_counting(table, source))
    if _FILE not in rows.collect_schema().names():
        rows = rows.with_columns(pl.lit(0).alias(_FILE))
    found: dict[int, list[str]] = {}
    for at, (texts, advice) in marks.items():
        marked = rows.select(_FILE, text=_text(at)).filter(pl.col("text").is_in(list(texts)))
        many = marked.group_by(_FILE, "text").agg(pl.len()).sort(_FILE, "len", "text", descending=[False, True, False])
        for (number,), group in many.collect().group_by(_FILE, maintain_order=True):
            told = ", ".join(f"'{text}'" for text in group["text"].to_list())
            found.setdefault(int(str(number)), []).append(
                f"{counted(int(group['len'].sum()), 'row')} with a score have {told} in "
                f"'{table.headings[at].label}', a column {MARKED}. {advice}"
            )
    return found


def _free(table: TextTable, source: Source) -> list[int]:
    """The columns with a heading of which nps.yaml says nothing."""
    wanted = [wanted for _, wanted in wanted_columns(source)]
    if source.outcome:
        wanted.append(source.outcome.column)
    wanted += [each for each in (source.asked.at, source.asked.wave, source.asked.reminder) if each is not None]
    wanted += [each for answer in source.answers.values() for each in answer.columns.values()]
    used = {at for each in wanted if not is_absent(table, each) for at in _places(table, each)}
    return [at for at, heading in enumerate(table.headings) if at not in used and heading.text]


def _places(table: TextTable, wanted: Column) -> list[int]:
    return find_columns(table, wanted, "a column")


def _marks(table: TextTable, source: Source, free: Sequence[int]) -> Iterator[tuple[int, tuple[Sequence[str], str]]]:
    """The columns that hold marks, which texts these are, and what is to be done about them."""
    head = table.rows.select(_text(at) for at in free).head(_BEGINNING).collect()
    few = [at for at in free if head.get_column(column(at)).n_unique() <= MOST_STATES + 1]
    if head.height == _BEGINNING and few:
        texts = table.rows.select(_text(at).unique().implode() for at in few).collect()
    else:
        texts = head.select(pl.col(column(at)).unique().implode() for at in few)
    for at in few:
        values = sorted(text for text in texts.get_column(column(at))[0].to_list() if text)
        if values and len(values) <= MOST_STATES and (found := _of(table.headings[at], values, source)):
            yield at, found


def _of(heading: Heading, values: Sequence[str], source: Source) -> tuple[Sequence[str], str] | None:
    """Which of the texts of a column are marks, and the advice that follows."""
    names = [name for name in (heading.text, heading.option, *heading.other_names) if name]
    many = [text for text in values if text.isdecimal() and text.isascii() and text.lstrip("0") not in {"", "1"}]
    if many and any(named("count_named", each) for each in names):
        return many, (
            "If it says how many answers a row stands for, take the file back (nps withdraw) and export a row for each; if "
            "each row is one answer, all is well."
        )
    if source.where is None and (others := _of_other_surveys(names, values)):
        kept = [text for text in values if text not in others] or ["NPS"]
        return others, (
            "If these answer another question, write in nps.yaml "
            f"where: {{column: {_quoted(heading.text)}, values: [{', '.join(map(_quoted, kept))}]}}; else all is well."
        )
    ticked = ticks(names, values)
    marks = ticked or strays(names, values) or unfinished(names, values)
    if not marks or (len(marks) == len(values) and not ticked and not strays(names, marks)):
        return None
    reason = reason_of(names, marks, are_ticks=bool(ticked))
    return marks, (
        f"If these are no answers of people, write below exclude in nps.yaml {reason}: {{column: {_quoted(heading.text)}, "
        f"values: [{', '.join(map(_quoted, marks))}]}}; if they count, all is well."
    )


def _of_other_surveys(names: Sequence[str], values: Sequence[str]) -> list[str]:
    """The texts that name another survey, where others name that of recommending or the heading speaks of surveys."""
    kinds = {text: _kind(text) for text in values if len(plain(text).split()) <= _SHORT_WORDS}
    others = [text for text, kind in kinds.items() if kind and kind not in _RECOMMENDING]
    asked = {text: bool(said("score_certain", text)) for text in values if text.rstrip().endswith("?")}
    if any(asked.values()) and not all(asked.values()):
        return [text for text, recommends in asked.items() if not recommends]
    is_of_surveys = any(said("question_kind", each) for each in names)
    return others if is_of_surveys or any(kind in _RECOMMENDING for kind in kinds.values()) else []


def _kind(text: str) -> str | None:
    if other := said("survey_kind", text):
        return other.split()[0]
    return "nps" if said("score_certain", text) else None


def _counting(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    """Which rows have a score and are not left out already."""
    scores = [answer.columns.get("score") for answer in source.answers.values()] + [source.columns.get("score")]
    places = [at for each in scores if each is not None for at in _places(table, each)]
    yield pl.any_horizontal(~_text(at).str.to_lowercase().is_in(["", *UNANSWERED]) for at in places)
    for rule in source.exclude.values():
        if not is_absent(table, rule.column):
            for at in _places(table, rule.column):
                yield ~simplified(_text(at)).is_in([simple(value) for value in rule.values])
    if source.where is not None and not is_absent(table, source.where.column):
        for at in _places(table, source.where.column):
            yield simplified(_text(at)).is_in([simple(value) for value in source.where.values])


def _text(position: int) -> pl.Expr:
    return pl.col(column(position)).str.strip_chars().fill_null("")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
