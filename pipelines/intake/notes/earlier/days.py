"""A file whose days are odd beside those of the files before it: one day where they have many, or their very answers.

Here: the notes on it. Not here: counting by day (`warehouse.intake.days`), what is odd about a file by itself (`answers`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

import polars as pl

from pipelines.adapters.headings import same_name
from pipelines.adapters.ids import names_answer
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.history import Earlier, History
from pipelines.intake.verdicts import FileVerdict
from warehouse.intake.days import (
    Timed,
    answers_of,
    of_days,
    of_near_days,
    strangers,
    timed_twice,
    told_twice,
    written_otherwise,
)
from warehouse.intake.laps import days_again, days_shared

#: So many answers tell something, and so many days.
_ENOUGH: Final = 20
_DAYS: Final = 5
#: So many times the busiest day of the files before is no busy day.
_BUSIER: Final = 5
#: Such a share of all days and scores that are equally frequent in two files is no chance.
_ALIKE: Final = 0.9
_SCORES: Final = 3
#: The same where they are of so many times of the day, or of so many that are no whole minutes.
_TIMES: Final = 5
_SECONDS: Final = 2
#: Files of so few answers are looked at, too: an export may lap over into the one before it by less.
_FEW: Final = 5
#: Such days and scores are no chance (the logarithm of one of a million), where so many days of both are alike.
_NO_CHANCE: Final = -13.8
_SAME_DAYS: Final = 0.8
#: The same where columns changed, so that no row is known again: so many may be the same, and so large a share.
_MAYBE: Final = (2, 0.5)
#: The same by another clock, of which there are many.
_PHASES: Final = 10
#: The same of files of one day, which have a few cells alone: how many answers and what share are alike, of how many scores.
_OF_ONE_DAY: Final = (50, 1.0, 7)
#: So many files before are looked at, and none that is larger: it would take too long.
_BEFORE: Final = 5
_LARGEST: Final = 300_000
_PAIRS: Final = {"new": pl.String(), "old": pl.String()}


@dataclass(frozen=True)
class _Asked:
    """A file to hold against some before it."""

    load: str
    answers: int
    of_one_day: bool
    before: Mapping[str, Earlier]
    """By load."""
    rows: int
    """How many answers all of these hold."""
    is_of_new_columns: bool
    """Whether nothing but its columns tells an answer, and no file before has those."""


def on_days(
    context: Context, feed: Feed, source: Source, verdicts: Sequence[FileVerdict], history: History
) -> dict[str, list[str]]:
    """The notes on days, by load; many small files are looked at together."""
    may_repeat = feed.delivery == "incremental"
    asked = [each for verdict in verdicts if (each := _asked(source, verdict, history, may_repeat=may_repeat))]
    found: dict[str, list[str]] = {}
    for some in _together(asked):
        answers = answers_of(
            context.lake, list(dict.fromkeys(load for each in some for load in (each.load, *each.before)))
        )
        of_loads = answers.group_by("load_id").agg(pl.col("score").n_unique())
        days, scores = of_days(answers), dict(of_loads.iter_rows())
        pairs = pl.DataFrame([(each.load, old) for each in some for old in each.before], _PAIRS, orient="row")
        near = of_near_days(answers, pairs if may_repeat else pairs.clear())
        enough = pl.col("new").is_in([each.load for each in some if each.answers >= _ENOUGH])
        met = strangers(answers, *near)
        twice = told_twice(*(rows.filter(enough) for rows in met))
        timed, by_day, shared = timed_twice(*met), days_again(*met), days_shared(*met)
        spelt = written_otherwise(answers, *near) if _has_ids(source) else {}
        for each in some:
            told = [*_one_day(each, days)] if each.of_one_day else []
            again = (
                _repeated(each, old, twice.get((each.load, old)), scores[each.load])
                or _timed_again(each, old, timed.get((each.load, old)))
                or _by_day_again(each, old, by_day.get((each.load, old)))
                or _spelt_otherwise(each, old, spelt.get((each.load, old), 0))
                or _maybe_again(each, old, shared.get((each.load, old)))
                for old in each.before
            )
            found[each.load] = [*told, *filter(None, again)]
    return found


def _asked(source: Source, verdict: FileVerdict, history: History, *, may_repeat: bool) -> _Asked | None:
    tally = verdict.tally
    is_enough, has_ids = may_repeat and tally.accepted >= _FEW, may_repeat and _has_ids(source)
    of_one_day = (
        tally.accepted >= _ENOUGH and tally.days == 1 and len(tally.months) == 1 and "responded_at" in source.columns
    )
    is_looked_at = (
        verdict.status == "accepted" and (is_enough or has_ids or of_one_day) and 0 < tally.accepted <= _LARGEST
    )
    if verdict.staged is None or not is_looked_at or not (of_one_day or may_repeat):
        return None
    before = [each for each in islice(history.before(verdict.file, verdict.scope), _BEFORE) if _may_be_read(each)]
    loads = {each.load_id: each for each in before if each.load_id}
    rows = tally.accepted + sum(each.accepted for each in before)
    others = [each.headings for each in before if each.headings]
    is_new = bool(others and verdict.headings) and "response_id" not in source.columns
    is_new = is_new and all({*map(same_name, each)} != {*map(same_name, verdict.headings)} for each in others)
    return _Asked(verdict.staged.load_id, tally.accepted, of_one_day, loads, rows, is_new) if loads else None


def _has_ids(source: Source) -> bool:
    """Whether answers have ids of their own, which are stored as they stand."""
    return "response_id" in source.columns and names_answer(source)


def _together(asked: Iterable[_Asked]) -> Iterator[list[_Asked]]:
    """Files in stretches of a bounded number of answers."""
    some: list[_Asked] = []
    for each in asked:
        if some and sum(other.rows for other in some) + each.rows > _LARGEST:
            yield some
            some = []
        some.append(each)
    if some:
        yield some


def _may_be_read(file: Earlier) -> bool:
    return 0 < file.accepted <= _LARGEST


def _one_day(asked: _Asked, days: pl.DataFrame) -> Iterator[str]:
    before = days.filter(pl.col("load_id").is_in([*asked.before]))
    most, answers = int(str(before["answers"].max() or 0)), int(before["answers"].sum())
    if before["day"].n_unique() >= _DAYS and answers >= _ENOUGH and asked.answers >= _BUSIER * most:
        day = days.filter(pl.col("load_id") == asked.load)["day"][0]
        yield (
            f"All of its {asked.answers:,} answers are of one day, {day}, while the files before it have no more "
            f"than {most:,} of a day. If that is the day of the export, or of something else than answering, take the "
            "file back (nps withdraw) and let it say when people answered; if all answered on that day, all is well."
        )


def _repeated(asked: _Asked, old: str, twice: tuple[int, float] | None, scores: int) -> str | None:
    same, alike = twice or (0, 0.0)
    enough, share, different = _OF_ONE_DAY if asked.of_one_day else (_ENOUGH, _ALIKE, _SCORES)
    if same < enough or alike < share or scores < different:
        return None
    path, answers = asked.before[old].path, asked.before[old].accepted
    what = (
        f"take that file back: nps withdraw {shlex.quote(path)}"
        if same >= _ALIKE * answers
        else f"put that file in landing anew, by the same name, without them: it has {answers:,} answers, others too"
    )
    return (
        f"{same:,} of its {asked.answers:,} answers are of the days and scores of {path}, though their ids, or else "
        "their rows, are not the same: written otherwise, or beside other columns. So they count twice. If they are the "
        f"same answers, {what}"
    )


def _timed_again(asked: _Asked, old: str, found: Timed | None) -> str | None:
    """Fewer answers tell where they have times of the day: an export that laps over into the one before it."""
    if found is None or found.share < _ALIKE:
        return None
    is_no_chance = found.times >= _PHASES if found.later else found.times >= _TIMES or found.seconds >= _SECONDS
    if not is_no_chance:
        return None
    path, hours = asked.before[old].path, found.later / timedelta(hours=1)
    moved = f", {abs(hours):g} h {'later' if hours > 0 else 'earlier'}" if hours else ""
    how = "by another clock" if hours else "otherwise, or beside other columns"
    return (
        f"{found.same:,} of its {asked.answers:,} answers are of the times and scores of {path}{moved}, though their ids, "
        f"or else their rows, are not the same: written {how}. So they count twice. If they are the same answers, take "
        "them out of one of both files; if people answered at the same times, all is well."
    )


def _by_day_again(asked: _Asked, old: str, found: tuple[int, float, float] | None) -> str | None:
    """The same where only days are known: people seldom give the very same scores on one day after another."""
    same, alike, chance = found or (0, 0.0, 0.0)
    if alike < _SAME_DAYS or chance > _NO_CHANCE:
        return None
    return (
        f"{same:,} of its {asked.answers:,} answers are those of {asked.before[old].path} day by day, by their scores, "
        "though their ids, or else their rows, are not the same: written otherwise, or beside other columns. So they count "
        "twice. If they are the same answers, take them out of one of both files; if not, all is well."
    )


def _maybe_again(asked: _Asked, old: str, found: tuple[int, float] | None) -> str | None:
    """Too few to tell, where rows that come again would not be the same: nothing says whether they do."""
    same, share = found or (0, 0.0)
    enough, alike = _MAYBE
    if not asked.is_of_new_columns or same < enough or share < alike:
        return None
    return (
        f"{same:,} of its {asked.answers:,} answers have the day and score of one of {asked.before[old].path}, beside other "
        "columns, by which each counts as another answer: so those that are the same count twice. If any are, take them "
        "out of one of both files; if people answered on the same days, all is well."
    )


def _spelt_otherwise(asked: _Asked, old: str, answers: int) -> str | None:
    if not answers:
        return None
    path = asked.before[old].path
    return (
        f"{answers:,} of its {asked.answers:,} answers have ids of {path}, and their days, but for how they are written: in "
        "capitals, with zeros in front, or as 1001.0. So each is another answer, and counts twice. If they are the same "
        "answers, take this file back (nps withdraw), and export it with its ids as they were."
    )
