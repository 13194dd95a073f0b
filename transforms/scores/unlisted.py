"""Labels of scores that nothing knows yet: texts with one number that a file repeats, and that could not be read.

Here: which they are. Not here: known labels (`anchors`), what is said of them (`pipelines.intake.notes.answers.unlisted`).
What stands once or twice is what somebody wrote, and is never shown.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from transforms.reasons import Reason
from transforms.scores.texts import written

#: So many times a label is repeated at least.
REPEATED: Final = 5
_MOST: Final = 20
_LONGEST: Final = 40
#: One number of a scale and up to five words or signs, with nothing of an address or a date.
_LABEL: Final = r"^(?:[^\d@/:]*[^\d@/:.,+-])?(\d{1,3})(?:[^\d@][^\d@/:]*)?$"
_LONG: Final = r"\S+(?:\s+\S+){5}"


def unlisted(judged: pl.LazyFrame) -> pl.LazyFrame:
    """Such texts of `transforms.rows.staged.judge`'s rows, as nps.yaml would name them: `label`, `number` and `rows`."""
    label = written(pl.col("raw_score")).str.to_lowercase()
    return (
        judged.filter(pl.col("refusal") == Reason.SCORE_UNREADABLE)
        .group_by(label=label)
        .agg(rows=pl.len())
        .filter((pl.col("rows") >= REPEATED) & (pl.col("label").str.len_chars() <= _LONGEST))
        .filter(~pl.col("label").str.contains(_LONG))
        .with_columns(number=pl.col("label").str.extract(_LABEL).cast(pl.Int64, strict=False))
        .drop_nulls("number")
        .sort("rows", "label", descending=[True, False])
        .head(_MOST)
        .select("label", "number", "rows")
    )
