"""Answers of which a branch, a region or a channel is several at once, `Split; Zagreb`, where each stands alone elsewhere.

Here: the note on them, once the rows are in the lake. Not here: several spellings of one name (`transforms.spelling`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.notes.repeated import LARGEST
from pipelines.intake.once import SEVERAL
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from transforms.spelling import key
from warehouse.days import counts_of
from warehouse.lake import Lake

_PARTS: Final = ("branch", "region", "channel")
_BETWEEN: Final = re.compile(r'[,;|\n"\[\]]+')


def several_at_once(
    lake: Lake, source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]
) -> Iterator[str]:
    """Yield a sentence for each such dimension; `rows_of` gives these columns of a load that is not too large."""
    names = [name for name in _PARTS if name in source.columns]
    if verdict.staged is None or verdict.status != "accepted" or not verdict.tally.accepted or not names:
        return
    load, is_large = verdict.staged.load_id, verdict.tally.accepted > LARGEST
    for name in names:
        many = counts_of(lake, [load], name) if is_large else _counts(rows_of(load)[name])
        alone = {key(text) for text in many}
        parts = {text: [part for part in _BETWEEN.split(text) if part.strip()] for text in many}
        found = [text for text, of in parts.items() if len(of) > 1 and all(key(part) in alone for part in of)]
        if found:
            answers = counted(sum(many[text] for text in found), "answer")
            yield (
                f"{answers} {SEVERAL} {name}, which count as one of that name, as in '{found[0]}'. If people chose several, "
                f"export each answer once with the {name} that it is about; if that is its name, all is well."
            )


def _counts(texts: pl.Series) -> dict[str, int]:
    return dict(texts.drop_nulls().value_counts(sort=True).iter_rows())
