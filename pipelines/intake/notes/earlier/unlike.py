"""A file whose answers are unlike those of the files before it, by more than chance: no zero, no score, one branch.

Here: the notes on it, once its rows are in the lake. Not here: what is odd about a file by itself (`doubts`), its days
(`days`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.history import Earlier, History
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.notes.earlier.blanked import kept_columns, what_follows
from pipelines.intake.notes.earlier.called_otherwise import called_otherwise
from pipelines.intake.notes.earlier.commented import all_or_none_commented
from pipelines.intake.notes.earlier.hours import moved_hours
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import in_quotes
from transforms.dimensions import OWN, UNKNOWN
from transforms.scores.scales import PASSIVE_FROM, PROMOTER_FROM
from transforms.texts.spelling import key
from warehouse.intake.days import columns_of
from warehouse.intake.tally import Tally

#: So many answers tell something, here and in the files before.
_ENOUGH: Final = 50
#: What stands for a group of answers: its lowest and highest, on 0-10.
_GROUPS: Final = {
    "detractor": (0, PASSIVE_FROM - 1), "passive": (PASSIVE_FROM, PROMOTER_FROM - 1), "promoter": (PROMOTER_FROM, 10),
}  # fmt: skip
#: An answer is too frequent where it is by so much of all, and so many standard errors, more so than before.
_MORE: Final = 0.2
_ERRORS: Final = 5
#: So many are enough where one of several branches is left.
_SOME: Final = 10
#: Weights that are so many times those before are in other units.
_TIMES: Final = 20
#: What answers are filtered by.
_PARTS: Final = ("branch", "region", "channel")
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-5
#: So many files before are looked at.
_BEFORE: Final = 5


def unlike_before(
    context: Context, source: Source, verdict: FileVerdict, history: History, rows_of: Callable[[str], pl.DataFrame]
) -> Iterator[str]:
    """Yield what people should know of a file beside those before it; `rows_of` gives some columns of a load."""
    load, before, loads = verdict.load(), *_before(verdict, history)
    if load is None or not loads:
        return
    tally = verdict.tally
    if tally.accepted >= _SOME:
        is_plain = context.workspace.config.scale_of(source).name == "0-10"
        is_large = tally.accepted > LARGEST
        scores = (columns_of(context.lake, [load], ["score"]) if is_large else rows_of(load))["score"]
        if _groups_gone(scores) or (is_plain and (not tally.of(0) or _frequent(scores) is not None)):
            yield from _odd_scores(scores, columns_of(context.lake, loads, ["score"])["score"], is_plain=is_plain)
    if "brand" in source.columns and len(tally.brands) == 1 and tally.accepted >= _ENOUGH:
        own = {key(name) for name in (OWN, *context.workspace.config.own_brands)}
        yield from _one_brand(tally.accepted, tally.brands[0], columns_of(context.lake, loads, ["brand"])["brand"], own)
    parts = [name for name in _PARTS if name in source.columns and name not in source.file_name_groups]
    if parts and _SOME <= tally.accepted <= LARGEST:
        here = rows_of(load)
        alone = [name for name in parts if here[name].n_unique() == 1 and here[name][0] is not None]
        beside = columns_of(context.lake, loads, ["load_id", *alone]) if alone else here
        yield from _blank_more(context, source, here, loads, {name: name for name in parts})
        for name in alone:
            yield from _one_part(name, str(here[name][0]), tally.accepted, beside.select("load_id", of=name))
    if not source.contacts:  # of whom some answer
        yield from _unanswered(tally, before)
    yield from all_or_none_commented(context.lake, source, verdict, loads, rows_of)
    yield from moved_hours(context.lake, source, verdict, loads, context.workspace.config.timezone)
    yield from _another_brand(verdict.brand, [each.brand for each in before])


def said_otherwise(context: Context, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of what a file calls things, and of its weights, beside those before it."""
    load, before, loads = verdict.load(), *_before(verdict, history)
    if load is not None and loads:
        yield from called_otherwise(context.lake, context.workspace.config, source, verdict, before)
        yield from _weights(context, source, verdict, loads)
        others = {name: stored for name, stored in kept_columns(source).items() if name not in _PARTS}
        if others and _ENOUGH <= verdict.tally.accepted <= LARGEST:
            wanted = [pl.col(stored).alias(name) for name, stored in others.items()]
            here = columns_of(context.lake, [load], wanted)
            yield from _blank_more(context, source, here, loads, others)


def _before(verdict: FileVerdict, history: History) -> tuple[list[Earlier], list[str]]:
    """The files before one that are looked at, and their loads."""
    files = [each for each in islice(history.before(verdict.file, verdict.scope), _BEFORE) if each.load_id]
    return files, [each.load_id for each in files if each.load_id]


def _odd_scores(scores: pl.Series, before: pl.Series, *, is_plain: bool) -> Iterator[str]:
    """Scores, on 0-10 where they are plain, of which some are missing, or one is frequent, as by no chance."""
    answers = len(scores)
    if len(before) < _ENOUGH:
        return
    gone = [name for name in _groups_gone(scores) if (1 - _share(_in_group(before, name))) ** answers < _CHANCE]
    for name in gone:
        yield (
            f"None of its {answers:,} answers is a {name}'s, while {int(_in_group(before, name).sum()):,} of "
            f"{len(before):,} in the files before it are. If only some answers were exported, such as those that "
            "somebody must call about, take the file back (nps withdraw) and export all; else all is well."
        )
    zeros = int((before == 0).sum())
    if (
        is_plain
        and not gone
        and answers >= _ENOUGH
        and not (scores == 0).any()
        and (1 - zeros / len(before)) ** answers < _CHANCE
    ):
        yield (
            f"None of its {answers:,} answers is 0, while {zeros:,} of {len(before):,} in the files before it are. If "
            "it was asked on 1-10, take the file back (nps withdraw) and give it a source of its own with scale: 1-10; if "
            "its zeros were lost in the export, export it again; if nobody gave 0, all is well."
        )
    frequent = _frequent(scores) if is_plain and not gone and answers >= _ENOUGH else None
    if frequent is not None:
        now, then = _share(scores == frequent), _share(before == frequent)
        if _far_more(now, then, answers, len(before)):
            yield (
                f"{100 * now:.0f} % of its answers are {frequent}, and {100 * then:.0f} % in the files before it. If blank "
                "answers were filled with that, or the question stands there before anybody answers, take the file back "
                "(nps withdraw) and export it without them; if people answered so, all is well."
            )


def _groups_gone(scores: pl.Series) -> list[str]:
    return [name for name in _GROUPS if not _in_group(scores, name).any()]


def _in_group(scores: pl.Series, name: str) -> pl.Series:
    lowest, highest = _GROUPS[name]
    return scores.is_between(lowest, highest)


def _frequent(scores: pl.Series) -> int | None:
    """The answer that is most frequent, where it is more so than it mostly is: promoters often say the same."""
    found = int(str(scores.mode().max()))
    return found if _share(scores == found) >= (0.5 if found >= PASSIVE_FROM else 0.25) else None


def _share(is_so: pl.Series) -> float:
    return float(is_so.sum()) / max(len(is_so), 1)


def _one_brand(answers: int, brand: str, before: pl.Series, own: set[str]) -> Iterator[str]:
    """Answers that are all about the company, where many before were about others; of rivals alone it is told anyway."""
    others = int((~before.is_in([name for name in before.unique().to_list() if key(name) in own | {UNKNOWN}])).sum())
    if key(brand) in own and len(before) >= _ENOUGH and (1 - others / len(before)) ** answers < _CHANCE:
        yield (
            f"All of its {answers:,} answers are about {brand}, while {others:,} of {len(before):,} in the files before it "
            "are about other brands. If the column of brands says the same in every row by mistake, take the file back (nps "
            "withdraw) and export it again; if only you were asked about, all is well."
        )


def _one_part(name: str, only: str, answers: int, before: pl.DataFrame) -> Iterator[str]:
    """Answers of one branch alone, where each of the files before has those of several."""
    has_several = before.group_by("load_id").agg(several=pl.col("of").drop_nulls().n_unique() > 1)["several"].all()
    share = float((before["of"] == only).sum()) / max(before.height, 1)
    if has_several and before.height >= _ENOUGH and share**answers < _CHANCE:
        yield (
            f"All of its {answers:,} answers are of one {name}, {only}, while those before are of several: a filter may "
            "have been left on when it was exported. If others answered too, export it again without that; else all is well."
        )


def _blank_more(
    context: Context, source: Source, here: pl.DataFrame, loads: Sequence[str], parts: Mapping[str, str]
) -> Iterator[str]:
    """What decides figures, blank in far more answers than before, not in all (`blanked`); `parts` as the lake has them."""
    blank = {name: here[name].null_count() for name in parts if _MORE <= here[name].null_count() / here.height < 1}
    if not blank or here.height < _ENOUGH:
        return
    before = columns_of(context.lake, loads, [pl.col(parts[name]).alias(name) for name in blank])
    for name, now in blank.items():
        then = before[name].null_count()
        if before.height >= _ENOUGH and _far_more(now / here.height, then / before.height, here.height, before.height):
            yield (
                f"{name} is blank in {now:,} of its {here.height:,} answers, and in {then:,} of {before.height:,} in the "
                f"files before it: {what_follows(name, source)}"
            )


def _unanswered(tally: Tally, before: Sequence[Earlier]) -> Iterator[str]:
    """Rows without a score, far more of all than before."""
    rows = tally.accepted + tally.unanswered
    blank = sum(each.unanswered for each in before)
    were = blank + sum(each.accepted for each in before)
    if rows >= _ENOUGH and were >= _ENOUGH:
        now, then = tally.unanswered / rows, blank / were
        if _far_more(now, then, rows, were):
            yield (
                f"{tally.unanswered:,} of its {rows:,} rows have no score, and {blank:,} of {were:,} in the files before "
                "it. If scores were lost in the export, export it again; if so many did not answer, all is well."
            )


def _far_more(now: float, then: float, answers: int, before: int) -> bool:
    """Whether one share is larger than another by so much, and by so many standard errors."""
    error = (then * (1 - then) * (1 / answers + 1 / before)) ** 0.5
    return now >= then + _MORE and now >= 2 * then and now - then >= _ERRORS * error


def _weights(context: Context, source: Source, verdict: FileVerdict, loads: Sequence[str]) -> Iterator[str]:
    """Weights of another size than before, or none that differ."""
    load = verdict.load(_SOME)
    if load is None or "weight" not in source.columns:
        return
    weights = [pl.col("weight").median().alias("middle"), pl.col("weight").n_unique().alias("different")]
    here, then = (columns_of(context.lake, some, weights) for some in ([load], loads))
    (now, different), (before, were_different) = here.row(0), then.row(0)
    if not now or not before:
        return
    if not 1 / _TIMES < now / before < _TIMES:
        yield (
            f"Its answers weigh {now:,.4g}, and {before:,.4g} in the files before it, in the middle: as in percent, or "
            "another sign before decimals. Where both are in one figure, the heavier ones are nearly all of it: export it "
            "again with weights of the same size, or take the file back (nps withdraw)."
        )
    elif different == 1 and were_different >= _SOME and verdict.tally.accepted >= _ENOUGH:
        yield (
            f"Each of its {verdict.tally.accepted:,} answers weighs {now:,.4g}, while those in the files before it weigh "
            "differently. If weights were lost in the export, export it again; else all is well."
        )


def _another_brand(said: str | None, before: Sequence[str | None]) -> Iterator[str]:
    """A column of brands that nps.yaml does not read says one in all rows, and another one than in the files before."""
    known = [each for each in before if each is not None]
    if said is not None and known and key(said) not in map(key, known):
        yield (
            f"A column of brands, of which nps.yaml says nothing, says {in_quotes(said)} in all its rows, and "
            f"{in_quotes(known[0])} in the files before it. If they are answers about a rival, take the file back (nps "
            "withdraw), or read the column as brand and write own_brands; if all are about you, all is well."
        )
