"""What an answer's score means: reading its text, mapping its scale, naming its group.

Here: text to number, declared scale to 0-10, score to promoter, passive or detractor.
Not here: which column holds the score (`pipelines.adapters`) and which rows are kept (`transforms.staged`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import polars as pl

from transforms.reasons import Reason

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

#: How many distinct score texts of a column are remembered while it is read.
_REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class CutPoints:
    """A scale as people say it: from the worst answer to the best, and where passives and promoters begin.

    Whole numbers. Where 1 is the best answer, `lowest` is the greater one.
    """

    lowest: int
    highest: int
    promoter_from: int
    passive_from: int

    def steps(self, number: int) -> int:
        """How many steps an answer is better than the worst."""
        return number - self.lowest if self.highest >= self.lowest else self.lowest - number


@dataclass(frozen=True)
class Scale:
    """A declared scale: the whole numbers that an answer may be with what each becomes on 0-10, and words for them."""

    name: str
    answers: Mapping[int, int]
    words: Mapping[str, int] = field(default_factory=dict)
    """Texts, in any case, that mean a number of the scale."""

    @property
    def is_standard(self) -> bool:
        """Whether it asks the standard question on 0-10, or its variant without a 0."""
        return self.name in STANDARD

    def on_0_10(self, number: pl.Expr) -> pl.Expr:
        """Map whole numbers of this scale to 0-10, keeping the three groups; Int8, NULL outside the scale."""
        return number.replace_strict(dict(self.answers), default=None, return_dtype=pl.Int8)

    def scores(self) -> frozenset[int]:
        """Every score on 0-10 that an answer on this scale can become."""
        return frozenset(self.answers.values())


def scale_of(name: str, cuts: CutPoints, words: Mapping[str, int] | None = None) -> Scale:
    """A scale with these cut points. One with the cut points of a standard scale is that one, whatever it is called.

    1-10 maps by round((x - 1) * 10 / 9), which leaves 7, 8, 9 and 10 what they are and keeps 1..6 detractors. Others map
    group by group: detractors evenly onto 0..6, passives onto 7..8, promoters onto 9..10. `cuts` must lie in order.
    """
    standard = next((known for known, same in STANDARD.items() if same == cuts), None)
    answers = {x: round((x - 1) * 10 / 9) for x in range(1, 11)} if standard == "1-10" else _by_groups(cuts)
    return Scale(standard or name, answers, {word.strip().lower(): to for word, to in (words or {}).items()})


def _by_groups(cuts: CutPoints) -> dict[int, int]:
    ends = (0, cuts.steps(cuts.passive_from), cuts.steps(cuts.promoter_from), cuts.steps(cuts.highest) + 1)
    scores = [
        score
        for (first, end), onto in zip(pairwise(ends), (DETRACTORS, PASSIVES, PROMOTERS), strict=True)
        for score in _evenly(end - first, *onto)
    ]
    direction = 1 if cuts.highest >= cuts.lowest else -1
    return dict(zip(range(cuts.lowest, cuts.highest + direction, direction), scores, strict=True))


def _evenly(answers: int, lowest: int, highest: int) -> list[int]:
    """So many whole numbers spread evenly from lowest to highest, rounded half up.

    One alone is the end that it stands for: the worst answer is 0, the best is 10, one passive is 8.
    """
    if answers == 1:
        return [0 if lowest == 0 else highest]
    return [lowest + (2 * at * (highest - lowest) + answers - 1) // (2 * (answers - 1)) for at in range(answers)]


#: What each group becomes on 0-10, from its worst to its best answer.
DETRACTORS: Final = (0, PASSIVE_FROM - 1)
PASSIVES: Final = (PASSIVE_FROM, PROMOTER_FROM - 1)
PROMOTERS: Final = (PROMOTER_FROM, 10)

#: The scales of the standard question; answers on any other are counted as non-standard.
STANDARD: Final = {"0-10": CutPoints(0, 10, 9, 7), "1-10": CutPoints(1, 10, 9, 7)}
_USUAL: Final = {"1-5": CutPoints(1, 5, 5, 4), "1-7": CutPoints(1, 7, 6, 5), "0-100": CutPoints(0, 100, 90, 70)}

#: The scales that nps.yaml may name without declaring them.
SCALES: Final = {name: scale_of(name, cuts) for name, cuts in {**STANDARD, **_USUAL}.items()}


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

    `problem` is `unanswered` or a reason for rejection. The texts in `unanswered` are added to `UNANSWERED`; the words of
    the scale come before both. Score texts repeat, so those seen are remembered: columns come in many pieces.
    """
    tokens = sorted({*UNANSWERED, *(token.strip().lower() for token in unanswered)})
    trimmed = pl.col("text").str.strip_chars()
    lower = trimmed.str.to_lowercase()
    word = lower.replace_strict(dict(scale.words), default=None, return_dtype=pl.Int64)
    stated = pl.coalesce(word, number(trimmed))
    score = scale.on_0_10(stated)
    problem = (
        pl.when(word.is_null() & (trimmed.is_null() | lower.is_in(tokens)))
        .then(pl.lit("unanswered"))
        .when(score.is_not_null())
        .then(pl.lit(None, pl.String))
        .when(stated.is_not_null())
        .then(pl.lit(Reason.SCORE_OUT_OF_SCALE))
        .when(trimmed.str.contains(_FRACTION))
        .then(pl.lit(Reason.SCORE_FRACTIONAL))
        .otherwise(pl.lit(Reason.SCORE_UNREADABLE))
    )

    struct = pl.Struct({"score": pl.Int8, "problem": pl.String})
    known = pl.DataFrame(schema={"text": pl.String, "verdict": struct})

    def read(texts: pl.Series) -> pl.Series:
        nonlocal known
        frame, told = texts.rename("text").to_frame(), known
        new = frame.join(told, on="text", how="anti", nulls_equal=True).unique()
        if new.height:
            told = pl.concat([told, new.with_columns(pl.struct(score=score, problem=problem).alias("verdict"))])
        if told.height <= _REMEMBERED:
            known = told
        return frame.join(told, on="text", how="left", nulls_equal=True, maintain_order="left").get_column("verdict")

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
