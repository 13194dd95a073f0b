"""Small files of the last nights, taken together: what none of them shows by itself, as each has a few answers.

Here: the notes on columns that all of them leave blank, and on scores that end where a shorter scale does, or are of one
group alone. Not here: files that are large enough to show it by themselves (`blanked`, `doubts`, `unlike`,
`shorter_stretch`), what months show (`pipelines.report`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.history import Earlier, History
from pipelines.intake.notes.earlier.blanked import kept_columns, what_follows
from pipelines.intake.once import OF_LATE
from pipelines.intake.verdicts import FileVerdict
from transforms.scores.scales import PASSIVE_FROM, PROMOTER_FROM, STANDARD
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

#: Files of fewer answers are looked at together, so many files and answers back.
_SMALL: Final = 50
_FILES: Final = 100
_ANSWERS: Final = 1_000
#: So many answers of them, and as many of those before, tell something.
_ENOUGH: Final = 20
#: What stood there in such a share of those before is gone.
_FILLED: Final = 0.8
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-6
#: What all of them are at most or at least, and what may be the matter.
_AT_MOST: Final = {
    5: "it was asked on 1-5",
    PASSIVE_FROM - 1: "only detractors were exported, such as those that somebody must call",
    7: "it was asked on 1-7",
}  # fmt: skip
_AT_LEAST: Final = {
    PROMOTER_FROM: "only promoters were exported",
    PASSIVE_FROM: "detractors were left out of the export",
}


def lately(lake: Lake, source: Source, verdict: FileVerdict, history: History) -> Iterator[str]:
    """Yield what people should know of a small file and the small ones before it."""
    answers, load = verdict.tally.accepted, verdict.load(1, _SMALL - 1)
    if load is None:
        return
    before = [*_small(history.before(verdict.file, verdict.scope), answers)]
    if sum(each.accepted for each in before) + answers < 2 * _ENOUGH:
        return
    loads = [load, *(each.load_id or "" for each in before)]
    columns = kept_columns(source)
    of_file = columns_of(lake, loads, ["load_id", "score", *columns.values()]).group_by("load_id").agg(
        pl.len().alias("answers"),
        *(pl.col(stored).count().alias(name) for name, stored in columns.items()),
        least=pl.col("score").min(), most=pl.col("score").max(), scores=pl.col("score"),
    )  # fmt: skip
    files = pl.DataFrame({"load_id": loads}).join(
        of_file.cast({"load_id": pl.String}), on="load_id", maintain_order="left"
    )
    for name in columns:
        yield from _blank(files, name, source)
    if source.metric != "enps" and source.scale in STANDARD:
        yield from _ends(files)


def _small(files: Iterator[Earlier], answers: int) -> Iterator[Earlier]:
    """The small files with answers that come before one, the last first, as far as they are looked at."""
    for at, each in enumerate(takewhile(lambda file: file.accepted < _SMALL, files)):
        if at >= _FILES or answers >= _ANSWERS:
            return
        if each.load_id and each.accepted:
            answers += each.accepted
            yield each


def _blank(files: pl.DataFrame, name: str, source: Source) -> Iterator[str]:
    run = _run([filled == 0 for filled in files[name]])
    last, others = files[:run], files[run:]
    many, were = int(last["answers"].sum()), int(others["answers"].sum())
    if min(many, were) >= _ENOUGH and others[name].sum() >= _FILLED * were:
        yield (
            f"{name} is blank in all {many:,} answers {OF_LATE} (this one and {run - 1:,} before it), and was filled "
            f"until then: {what_follows(name, source)}"
        )


def _ends(files: pl.DataFrame) -> Iterator[str]:
    """Scores of the last files that are all low or all high, where those before are not."""
    for bounds, column, is_beyond in ((_AT_MOST, "most", pl.Series.__gt__), (_AT_LEAST, "least", pl.Series.__lt__)):
        for bound, cause in bounds.items():
            run = _run([not beyond for beyond in is_beyond(files[column], bound)])
            many, before = int(files[:run]["answers"].sum()), files[run:]["scores"].explode()
            if min(many, len(before)) < _ENOUGH:
                continue
            share = float(is_beyond(before, bound).mean() or 0)  # type: ignore[arg-type]  # of Booleans
            if (1 - share) ** many < _CHANCE:
                where = "above" if column == "most" else "below"
                yield (
                    f"None of the {many:,} answers {OF_LATE} (this one and {run - 1:,} before it) is {where} {bound}, while "
                    f"{100 * share:.0f} % of those before are. If {cause}, take these files back (nps withdraw), or give "
                    "them a source of their own with its scale; else all is well."
                )
                return


def _run(are_so: Sequence[bool]) -> int:
    """How many of the newest files are so, without one that is not between them."""
    return sum(1 for _ in takewhile(bool, are_so))
