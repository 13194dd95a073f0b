"""What an answer's score means: mapping its scale, naming its group.

Here: declared scale to 0-10, what a text says on it, score to promoter, passive or detractor.
Not here: text to number (`texts`), which column holds the score (`pipelines.adapters`) and which rows are kept
(`transforms.rows.staged`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

import polars as pl

from transforms.reasons import Reason
from transforms.scores.texts import UNANSWERED, direction_of, is_fraction, labelled, number, written

PROMOTER_FROM: Final = 9
PASSIVE_FROM: Final = 7
_MIDDLE: Final = 5

#: How many distinct score texts of a column are remembered while it is read.
_REMEMBERED: Final = 10_000
#: Of so few, what they mean is remembered from file to file.
_FEW: Final = 30


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
    answers: Mapping[int, int] = field(hash=False)
    words: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Texts, in any case, that mean a number of the scale."""

    def with_words(self, words: Mapping[str, int]) -> Scale:
        """The same with words for its answers."""
        return replace(self, words=_spelt(words))

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
    return Scale(standard or name, answers, _spelt(words or {}))


def _spelt(words: Mapping[str, int]) -> dict[str, int]:
    return {word.strip().lower(): to for word, to in words.items()}


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

#: The scales that nps.yaml may name without declaring them, and their cut points.
CUTS: Final = {**STANDARD, **_USUAL}
SCALES: Final = {name: scale_of(name, cuts) for name, cuts in CUTS.items()}


#: The verdict where nothing gives a score.
UNSAID: Final = pl.struct(score=pl.lit(None, pl.Int8), problem=pl.lit("unanswered"))


def verdict(text: pl.Expr, scale: Scale, unanswered: tuple[str, ...] = ()) -> pl.Expr:
    """What a score's text says: a struct of `score` (Int8 on 0-10) and `problem` (NULL where it is a score).

    `problem` is `unanswered` or a reason for rejection. The texts in `unanswered` are added to `UNANSWERED`; the words of
    the scale come before both. Score texts repeat, so those seen are remembered: columns come in many pieces.
    """
    struct = pl.Struct({"score": pl.Int8, "problem": pl.String})
    known = pl.DataFrame(schema={"text": pl.String, "verdict": struct})

    def read(texts: pl.Series) -> pl.Series:
        nonlocal known
        frame, told = texts.rename("text").to_frame(), known
        read = _looked_up(frame, told)
        if read.null_count():
            new = frame.filter(read.is_null()).unique()
            told = pl.concat([told, _verdicts(new, scale, unanswered)])
            read = _looked_up(frame, told)
        if told.height <= _REMEMBERED:
            known = told
        return read

    return text.map_batches(read, return_dtype=struct, is_elementwise=True)


def _looked_up(texts: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
    """The verdict on each text; NULL where it is not known yet."""
    return texts.join(told, on="text", how="left", nulls_equal=True, maintain_order="left").get_column("verdict")


def _verdicts(texts: pl.DataFrame, scale: Scale, unanswered: tuple[str, ...]) -> pl.DataFrame:
    """The texts with the `verdict` on each; few of them are those of the last file, as nearly always."""
    few = texts.sort("text")["text"].to_list() if texts.height <= _FEW else []
    return _remembered(tuple(few), scale, unanswered) if few else _judged(texts, scale, unanswered)


@lru_cache(maxsize=128)
def _remembered(texts: tuple[str | None, ...], scale: Scale, unanswered: tuple[str, ...]) -> pl.DataFrame:
    return _judged(pl.DataFrame({"text": texts}, {"text": pl.String}), scale, unanswered)


def _judged(texts: pl.DataFrame, scale: Scale, unanswered: tuple[str, ...]) -> pl.DataFrame:
    """The texts with the `verdict` on each. Step by step: what one step finds, the next ones need several times."""
    tokens = sorted({*UNANSWERED, *(token.strip().lower() for token in unanswered)})
    highest = max(scale.answers)
    read = (
        texts.with_columns(given=pl.col("text").str.strip_chars().str.to_lowercase(), bare=written(pl.col("text")))
        .with_columns(
            lower=pl.col("bare").str.to_lowercase(),
            alone=number(pl.col("bare"), highest),
            beside=labelled(pl.col("bare")),
            is_fraction=is_fraction(pl.col("bare"), highest),
        )
        .with_columns(
            word=pl.coalesce(_meaning(pl.col("given"), scale), _meaning(pl.col("lower"), scale)),
            label=pl.col("beside").struct.field("label"),
            anchored=pl.col("beside").struct.field("number"),
        )
        .with_columns(stated=pl.coalesce("word", "alone", pl.when(_agrees(scale)).then("anchored")))
        .with_columns(score=scale.on_0_10(pl.col("stated")))
    )
    nothing = pl.col("bare").is_null() | pl.col("lower").is_in(tokens) | pl.col("given").is_in(tokens)
    problem = (
        pl.when(pl.col("word").is_null() & nothing)
        .then(pl.lit("unanswered"))
        .when(pl.col("score").is_not_null())
        .then(pl.lit(None, pl.String))
        .when(pl.col("stated").is_not_null())
        .then(pl.lit(Reason.SCORE_OUT_OF_SCALE))
        .when("is_fraction")
        .then(pl.lit(Reason.SCORE_FRACTIONAL))
        .otherwise(pl.lit(Reason.SCORE_UNREADABLE))
    )
    return read.select("text", verdict=pl.struct("score", problem=problem))


def _meaning(text: pl.Expr, scale: Scale) -> pl.Expr:
    """The number that a text is a word of the scale for."""
    return text.replace_strict(dict(scale.words), default=None, return_dtype=pl.Int64)


def _agrees(scale: Scale) -> pl.Expr:
    """Whether a `label` is known and may stand beside its number: `10 - Not at all likely` says two things.

    Of a number outside the scale any known label will do: it is refused for that.
    """
    way, score = direction_of(pl.col("label")), scale.on_0_10(pl.col("anchored"))
    contradicts = ((way == "worse") & (score >= PASSIVE_FROM)) | ((way == "better") & (score < _MIDDLE))
    own = _meaning(pl.col("label").str.to_lowercase(), scale) == pl.col("anchored")
    return own.fill_null(value=False) | (way.is_not_null() & ~contradicts.fill_null(value=False))


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
