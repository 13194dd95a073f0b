"""A file whose first or last answers end at 5 or 7 while the others go up to 10: the scale changed amid it.

Here: the note on it, once its rows are in the lake. Employees are left aside, whom such a sentence could tell. Not here:
branches, channels and months without a promoter (`pipelines.report.notes.odd_figures`), whole files that end there
(`doubts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.repeated import LARGEST
from pipelines.intake.verdicts import FileVerdict
from transforms.scores.scales import STANDARD

#: So many answers on end, and as many others, tell something.
_ENOUGH: Final = 20
#: What chance does less often than this, something else has done.
_CHANCE: Final = 1e-6
_SHORTER: Final = (5, 7)


def shorter_stretch(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield a sentence where there is such a stretch; `rows_of` gives some columns of a load that is not too large."""
    load = verdict.load(2 * _ENOUGH, LARGEST)
    if (
        load is None
        or source.metric == "enps"
        or source.scale not in STANDARD
        or max(dict(verdict.tally.by_score)) <= max(_SHORTER)
    ):
        return
    rows = rows_of(load)
    by_time = ["responded_at", "source_row"] if "responded_at" in source.columns else ["source_row"]
    for order in dict.fromkeys((tuple(by_time), ("source_row",))):
        told = rows.sort(order).select("score", "responded_at", "source_row")
        if told["score"].is_sorted() or told["score"].is_sorted(descending=True):
            continue  # somebody put them in order
        for which, in_order in (("last", told.reverse()), ("first", told)):
            if (said := _stretch(which, in_order, order[0])) is not None:
                yield said
                return


def _stretch(which: str, rows: pl.DataFrame, order: str) -> str | None:
    """The sentence on answers that come first in `rows`, and are the `which` ones of the file."""
    for best in _SHORTER:
        is_more = rows["score"] > best
        many = is_more.arg_max() or 0
        others = rows.height - many
        if many < _ENOUGH or others < _ENOUGH or rows["score"][:many].max() != best:
            continue
        share = float(is_more[many:].mean() or 0)  # type: ignore[arg-type]  # of Booleans
        if (1 - share) ** many < _CHANCE:
            row = rows.row(many - 1, named=True)
            at = f"row {row['source_row']:,}" if order == "source_row" else f"{row['responded_at']:%Y-%m-%d}"
            since = f"from {at} on" if which == "last" else f"until {at}"
            return (
                f"None of its {which} {many:,} answers, {since}, is above {best}, while {100 * share:.0f} % of the others "
                f"are. If they were given on 1-{best}, take the file back (nps withdraw) and put these rows into a file or "
                f"a source of their own with scale: 1-{best}; else all is well."
            )
    return None
