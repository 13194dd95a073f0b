"""Rows of which several belong together: one for each question that a person was asked, each brand, each place of a day.

Here: finding the column that tells them apart by how regularly it does, and what is asked. Not here: columns that name
surveys or questions in words that are known (`pipelines.sniff.columns.questions`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import polars as pl

from pipelines.adapters.table import column
from pipelines.adapters.words import said
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.lines import Line
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings

#: Questions, and brands, are few.
_MOST: Final = 12
#: So many persons, answers or times, nearly all of which have each of them once, are no chance.
_GROUPS: Final = 10
_NEARLY: Final = 0.9
#: Fewer, such as months, all have each of them, in so many rows.
_FEW_GROUPS: Final = 4
_ROWS: Final = 20
#: What figures are made of, one row each, a period after the other.
_PLACES: Final = ("branch", "region", "agent", "department", "manager", "product")
_ROWS_OF_A_PERIOD: Final = 4
_NO_CHANCE: Final = math.log(0.001)
_SHOWN: Final = 4


def long_line(found: Findings, score: ScoreColumn | None) -> Line | None:
    """What is asked of a file in which each person, answer or time has one row for each text of a column."""
    if score is None or score.column.position is None:
        return None
    rows = found.opened.rows.filter(score.column.is_answered)
    keys = [*_keys(found)]
    known = {each.position for each in keys} | {score.column.position}
    known |= {each.column.position for each in found.candidates.get("comment", ())}
    for seen in found.columns:
        if seen.position is None or seen.position in known or not 1 < len(seen.counts) <= _MOST:
            continue
        key = next((each for each in keys if _each_has_all(rows, each, seen)), None)
        if key is not None:
            return Line("where", f"? {_question(key, seen)}")
    place = None if _tells_answers_apart(found) else _each_once(found, rows)
    return Line("where", f"? {_of_places(place, rows.height)}") if place else None


def _tells_answers_apart(found: Findings) -> bool:
    """Whether something beside score, place and date is known of each answer, as of figures it hardly is."""
    return bool(found.personal) or any(found.candidates.get(role) for role in ("response_id", "respondent", "comment"))


def _each_once(found: Findings, rows: pl.DataFrame) -> Seen | None:
    """A column of places of which no row has the same as another one, of one period or of few, and no chance does so."""
    dates = [each.column.position for each in found.dates if each.column.position is not None]
    for seen in (each.column for role in _PLACES for each in found.candidates.get(role, ())[:1]):
        if seen.position is None or seen.blank:
            continue
        cells = rows.select(place=column(seen.position), when=column(dates[0]) if dates else pl.lit(""))
        places, periods = (cells.get_column(each).n_unique() for each in ("place", "when"))
        possible = places * periods
        if periods * _ROWS_OF_A_PERIOD > cells.height or cells.n_unique() < cells.height:
            continue
        if sum(math.log1p(-each / possible) for each in range(cells.height)) < _NO_CHANCE:
            return seen
    return None


def _of_places(place: Seen, rows: int) -> str:
    return (
        f"no two of {rows:,} rows are of one {place.pasted} and time, as figures of places are, and answers hardly: if they "
        "are such figures, export a row for each answer, and begin again; if each row is one answer, take this line out"
    )


def _keys(found: Findings) -> Iterator[Seen]:
    """The columns by which rows may belong together, those of answers and persons first."""
    of = [each.column for role in ("response_id", "respondent") for each in found.candidates.get(role, ())]
    of += [each.column for each in (*found.personal,)] + [each.column for each in found.dates]
    for seen in dict.fromkeys(of):
        if seen.position is not None and _FEW_GROUPS <= len(seen.counts) < seen.filled:
            yield seen


def _each_has_all(rows: pl.DataFrame, key: Seen, seen: Seen) -> bool:
    """Whether nearly each text of `key` has each text of `seen` once."""
    cells = rows.select(key=column(key.position or 0), what=column(seen.position or 0)).filter(
        pl.all_horizontal(pl.all().fill_null("").str.strip_chars() != "")
    )
    groups = cells.group_by("key").agg(pl.len(), different=pl.col("what").n_unique())
    texts = cells.get_column("what").n_unique()
    whole = groups.filter((pl.col("len") == texts) & (pl.col("different") == texts)).height
    if groups.height < _GROUPS:
        return texts > 1 and whole == groups.height >= _FEW_GROUPS and cells.height >= _ROWS
    return texts > 1 and whole >= _NEARLY * groups.height


def _question(key: Seen, seen: Seen) -> str:
    texts = sorted((text for text, _ in seen.counts), key=lambda text: not _recommends(text))
    told = ", ".join(map(quoted, texts[:_SHOWN])) + (" ..." if len(texts) > _SHOWN else "")
    like = "" if _recommends(texts[0]) else " or the like"
    return (
        f"each {key.pasted} has one row for each {seen.pasted} ({told}), as where each row is another question or brand: "
        f"which of them is this question? Write {seen.rule(texts[:1])}{like}; if all rows are "
        "answers to it, take this line out; if they are figures of places and no answers, export a row for each answer"
    )


def _recommends(text: str) -> bool:
    return said("score_certain", text) is not None or said("score_likely", text) is not None
