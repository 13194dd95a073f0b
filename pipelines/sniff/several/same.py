"""Files that hold the same answers as others, in another form: a survey saved as CSV, with tabs and as a spreadsheet.

Here: comparing the rows of two files, whatever their format, encoding and order. Not here: what only the form of cells is
(`forms`), files of one source of which one may be newer (`together`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.landing.unpack import is_archive, members_of
from pipelines.sniff.several.forms import named, names, pairs
from pipelines.sniff.sniffed import Findings

Looked = tuple[Path, Findings]

_MOSTLY: Final = 0.9
_FEWEST_ROWS: Final = 5
#: So many dates and scores are not equal by chance.
_FEWEST_ANSWERS: Final = 10
#: The same of days and scores, of which so many are hardly equal where no more than such a part is to be expected so.
_FEWEST_OF_DAYS: Final = 50
_NEARLY_ALL: Final = 0.95
_BY_CHANCE: Final = 0.6
#: How far the clocks of two zones are apart.
_ZONES: Final = pl.duration(hours=14)


@dataclass(frozen=True)
class Copied:
    """A file that holds the same answers as another one."""

    path: Path
    of: Path

    @property
    def told(self) -> str:
        """What is to be said of it."""
        of = self.of if self.of.name == self.path.name else self.of.name
        return (
            f"{self.path.name} holds the same answers as {of}: it is left out, since each would count twice. "
            "If it is the better one, begin again with that alone."
        )


def without_copies(files: Sequence[Looked]) -> tuple[list[Looked], list[Copied]]:
    """The files of which no other holds the same answers, and those that are left out; what is plainer to read stays."""
    kept: list[Looked] = []
    copies: list[Copied] = []
    for path, found in sorted(files, key=lambda each: bool(each[1].opened.doubt)):
        twin = next((other for other, known in kept if not holds_several(path) and hold_the_same(known, found)), None)
        if twin is None:
            kept.append((path, found))
        else:
            copies.append(Copied(path, twin))
    order = [path for path, _ in files]
    return sorted(kept, key=lambda each: order.index(each[0])), copies


def holds_several(path: Path) -> bool:
    """Whether a file is an archive of several, of which only the first was looked at."""
    return is_archive(path) and len(members_of(path)) > 1


def hold_the_same(one: Findings, other: Findings) -> bool:
    """Whether two files hold the same answers: equal headings, as many rows, and no cell that says something else.

    What is only written otherwise is the same; where ids or times tell answers apart, other cells may be labels in one of
    two forms and their codes in the other.
    """
    height = one.opened.rows.height
    if names(one) != names(other) or height != other.opened.rows.height or height < _FEWEST_ROWS:
        return False
    if not (one.opened.is_whole and other.opened.is_whole):
        return False
    return any(
        _agree(one, other, first, second) or _agree(one, other, first.sort(pl.all()), second.sort(pl.all()))
        for first, second in pairs(one, other)
    )


def shared_rows(one: Findings, other: Findings) -> int:
    """How many rows of a file stand in another one too, whatever their form."""
    if names(one) != names(other):
        return 0
    telling = sorted(set(_telling(one)) | set(_telling(other)))
    return max(_in_both(first, second, telling) for first, second in pairs(one, other))


def same_answers(one: Findings, other: Findings) -> int:
    """How many answers of a file another one holds too, below other headings or beside other columns, by date and score.

    Only where nearly all of one stand in the other, and these two tell answers apart, or days and scores agree by no chance.
    """
    if names(one) == names(other):
        return 0
    first, second = (_alone(_dated_scores(each)) for each in (one, other))
    fewer = min(first.height, second.height)
    both = first.join(second, on=first.columns, how="semi").height
    if fewer >= _FEWEST_ANSWERS and both >= _MOSTLY * fewer:
        return both
    return _of_same_days(*sorted((_dated_scores(one), _dated_scores(other)), key=lambda each: each.height))


def _of_same_days(fewer: pl.DataFrame, more: pl.DataFrame) -> int:
    """How many answers of a file another one holds too, by day and score; 0 where chance may have it so."""
    if fewer.height < _FEWEST_OF_DAYS:
        return 0
    cells = [
        each.group_by(pl.col("at").dt.offset_by("12h").dt.date().alias("day"), "score").len() for each in (fewer, more)
    ]
    together = cells[0].join(cells[1], on=["day", "score"], how="left", suffix="_there").fill_null(0)
    both = int(together.select(pl.min_horizontal("len", "len_there").sum()).item())
    shares = more.group_by("score").agg(share=pl.len() / more.height)
    days = cells[1].group_by("day").agg(answers=pl.col("len").sum())
    by_chance = together.join(shares, on="score", how="left").join(days, on="day", how="left").fill_null(0)
    expected = float(by_chance.select(pl.min_horizontal("len", pl.col("share") * pl.col("answers")).sum()).item() or 0)
    return both if both >= _NEARLY_ALL * fewer.height and expected <= _BY_CHANCE * fewer.height else 0


def _dated_scores(found: Findings) -> pl.DataFrame:
    """When something was answered and which score."""
    score, when = next(iter(found.scores), None), next(iter(found.dates), None)
    nothing = pl.DataFrame(schema={"at": pl.Datetime("us", "UTC"), "score": pl.Float64})
    if score is None or when is None or score.column.position is None or when.column.position is None:
        return nothing
    number = score.column.cell.cast(pl.Float64, strict=False)
    rows = found.opened.rows.select(at=when.at(), score=number)
    return rows.drop_nulls().cast(nothing.schema)


def _alone(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers that are alone with their time; none where most are not."""
    alone = answers.filter(pl.len().over("at") == 1)
    return alone if alone.height >= _MOSTLY * answers.height else answers.clear()


def _agree(one: Findings, other: Findings, first: pl.DataFrame, second: pl.DataFrame) -> bool:
    """Whether all that tells answers apart agrees, and so does the rest, as far as two forms may differ in it."""
    telling = set(_telling(one)) | set(_telling(other))
    if not all(_equal(first[name], second[name], 1) for name in telling):
        return False
    if _form(one) == _form(other):
        return all(_equal(first[name], second[name], 1) for name in first.columns)
    others = [_equal(first[name], second[name], _MOSTLY) for name in first.columns if name not in telling]
    return _tell_apart(first, sorted(telling)) or sum(others) >= _MOSTLY * len(others)


def _form(found: Findings) -> tuple[str, str, str | None]:
    return found.opened.kind, found.opened.encoding, found.opened.delimiter


def _telling(found: Findings) -> Iterator[str]:
    """The columns by which one answer is told from another: scores, dates, ids."""
    columns = [*(each.column for each in found.scores), *(each.column for each in found.dates)]
    columns += [each.column for role in ("response_id", "respondent") for each in found.candidates.get(role, [])]
    called = named(found)
    yield from (called[each.position] for each in columns if each.position is not None)


def _tell_apart(rows: pl.DataFrame, telling: Sequence[str]) -> bool:
    """Whether these columns are different in nearly each row."""
    return bool(telling) and rows.select(telling).n_unique() >= _MOSTLY * rows.height


def _in_both(first: pl.DataFrame, second: pl.DataFrame, telling: Sequence[str]) -> int:
    keys = list(telling) if _tell_apart(first, telling) else sorted(first.columns)
    rows, others = (each.select(pl.col(keys).cast(pl.String)) for each in (first, second))
    return rows.join(others.unique(), on=keys, how="semi", nulls_equal=True).height


def _equal(one: pl.Series, other: pl.Series, share: float) -> bool:
    """Whether two columns say the same in so many of the rows in which both say something, as nearly all rows do."""
    pair = pl.DataFrame({"one": one, "other": other}).filter(pl.any_horizontal(pl.all().is_not_null()))
    both = pair.drop_nulls()
    if both.height < _MOSTLY * pair.height:
        return False
    if pair.schema["one"] != pair.schema["other"]:
        return pair.is_empty()
    is_date = isinstance(pair.schema["one"], pl.Datetime)
    same = (pl.col("one") - pl.col("other")).abs() <= _ZONES if is_date else pl.col("one") == pl.col("other")
    return both.is_empty() or float(both.select(same.mean()).item()) >= share
