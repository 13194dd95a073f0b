"""What an answer's score means: reading its text, mapping its scale, naming its group.

Here: text to number, declared scale to 0-10, score to promoter, passive or detractor.
Not here: which column holds the score (`pipelines.adapters`) and which rows are kept (`transforms.staged`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

PROMOTER_FROM: Final = 9
PASSIVE_FROM: Final = 7

#: Texts that mean "asked, not answered", in lower case. A source adds its own in nps.yaml.
UNANSWERED: Final = (
    "", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", ".", "?",
    "-", "--", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212",
    "don't know", "dont know", "do not know", "don\u2019t know", "no answer", "not answered", "skipped", "no response",
    "refused", "timeout", "time-out", "time out", "не знаю", "нет ответа", "затрудняюсь ответить", "brak odpowiedzi",
    "nie wiem", "ne znam", "no sé", "keine angabe", "weiß nicht", "ne sait pas", "не відповів",
)  # fmt: skip

_WHOLE = r"^([+-]?\d{1,18})(?:[.,]0*)?$"
_FRACTION = r"^[+-]?\d{0,18}[.,]\d+$"
# A label holds no digit and no @: with them it is a date, a telephone number or an address.
# `10 (Extremely likely)`, `0 - Not likely`, `7. Muy probable`, `0 Not at all likely`: the number first.
_ANCHOR_AFTER = r"^(\d{1,3})\s*(?:[-\x{2010}-\x{2015}\x{2212}:.)(]|\s)\s*[^\d@]*\p{L}[^\d@]*$"
# `Not at all likely - 0`, `Extremely likely: 10`, `Extremely likely (10)`: the number last.
_ANCHOR_BEFORE = r"^[^\d@]*\p{L}[^\d@]*?(?:\s|[-\x{2010}-\x{2015}\x{2212}:(])\s*(\d{1,3})\)?$"
# `10-Sep` is what spreadsheets make of the option `9-10`; `10 PM` is a time.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_DAY_OR_TIME = rf"(?i)^(?:\d+[\s./-]*(?:{_MONTH}|[ap]\.?m)\.?|{_MONTH}[\s./-]*\d+)$"


@dataclass(frozen=True)
class Scale:
    """A declared scale: the whole numbers that an answer may be, and how they become 0-10."""

    name: str
    lowest: int
    highest: int

    def on_0_10(self, number: pl.Expr) -> pl.Expr:
        """Map whole numbers of this scale to 0-10, keeping the three groups; Int8, NULL outside the scale.

        1-10 maps by round((x - 1) * 10 / 9), which leaves 7, 8, 9 and 10 what they are and keeps 1..6 detractors.
        """
        inside = pl.when(number.is_between(self.lowest, self.highest)).then(number)
        if (self.lowest, self.highest) == (0, 10):
            return inside.cast(pl.Int8)
        width = self.highest - self.lowest
        # Whole-number rounding to the nearest: no answer falls half-way on a scale of 1-10.
        return ((inside - self.lowest) * 20 + width).floordiv(2 * width).cast(pl.Int8)

    def scores(self) -> frozenset[int]:
        """Every score on 0-10 that an answer on this scale can become."""
        asked = pl.Series("number", range(self.lowest, self.highest + 1)).to_frame()
        return frozenset(asked.select(self.on_0_10(pl.col("number"))).to_series().to_list())


SCALES: Final = {scale.name: scale for scale in (Scale("0-10", 0, 10), Scale("1-10", 1, 10))}


def number(text: pl.Expr) -> pl.Expr:
    """The whole number that a score's text states, as Int64; NULL where it states none.

    Anchored labels are read (`Extremely likely - 10`), whole decimals are whole (`9.0`, `9,0`); `7.5` and `10, 9` are
    not scores.
    """
    plain = text.str.extract(_WHOLE).cast(pl.Int64, strict=False)
    labelled = pl.when(~text.str.contains(_DAY_OR_TIME)).then(text)
    anchored = pl.coalesce(labelled.str.extract(_ANCHOR_AFTER), labelled.str.extract(_ANCHOR_BEFORE))
    return pl.coalesce(text.cast(pl.Int64, strict=False), plain, anchored.cast(pl.Int64, strict=False))


def verdict(text: pl.Expr, scale: Scale, unanswered: tuple[str, ...] = ()) -> pl.Expr:
    """What a score's text says: a struct of `score` (Int8 on 0-10) and `problem` (NULL where it is a score).

    `problem` is `unanswered` or a reason for rejection. The texts in `unanswered` are added to `UNANSWERED`. Score texts
    repeat, so each distinct one is read once.
    """
    tokens = sorted({*UNANSWERED, *(token.strip().lower() for token in unanswered)})
    trimmed = pl.col("text").str.strip_chars()
    stated = number(trimmed)
    score = scale.on_0_10(stated)
    problem = (
        pl.when(trimmed.is_null() | trimmed.str.to_lowercase().is_in(tokens))
        .then(pl.lit("unanswered"))
        .when(score.is_not_null())
        .then(pl.lit(None, pl.String))
        .when(stated.is_not_null())
        .then(pl.lit("score_out_of_scale"))
        .when(trimmed.str.contains(_FRACTION))
        .then(pl.lit("score_fractional"))
        .otherwise(pl.lit("score_unreadable"))
    )

    def read(texts: pl.Series) -> pl.Series:
        frame = texts.rename("text").to_frame()
        distinct = frame.unique().with_columns(pl.struct(score=score, problem=problem).alias("verdict"))
        return frame.join(distinct, on="text", how="left", nulls_equal=True, maintain_order="left").get_column(
            "verdict"
        )

    struct = pl.Struct({"score": pl.Int8, "problem": pl.String})
    return text.map_batches(read, return_dtype=struct, is_elementwise=True)


def category(score: pl.Expr) -> pl.Expr:
    """Promoter, passive or detractor, from a score on 0-10; NULL where there is none."""
    return (
        pl.when(score >= PROMOTER_FROM)
        .then(pl.lit("promoter"))
        .when(score >= PASSIVE_FROM)
        .then(pl.lit("passive"))
        .when(score.is_not_null())
        .then(pl.lit("detractor"))
    )


def scores_by_category() -> dict[int, str]:
    """The category of every score on 0-10."""
    scores = pl.DataFrame({"score": range(11)}, schema={"score": pl.Int8})
    return dict(scores.select("score", category(pl.col("score"))).iter_rows())
