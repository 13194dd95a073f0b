"""How a score is written: from its text to the number, and to the label beside it.

Here: what a text states, on whatever scale, and labels that a file repeats and nothing knows yet. Not here: what the number
means on a scale (`scales`), which labels are known (`anchors`), what is said of others
(`pipelines.intake.notes.answers.unlisted`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from transforms.reasons import Reason
from transforms.scores.anchors import direction
from transforms.scores.unanswered import SAYS_NOTHING
from transforms.texts.spelling import NOTHING

#: Texts that mean "asked, not answered", in lower case. A source adds its own in nps.yaml.
UNANSWERED: Final = ("", "na", *NOTHING, *SAYS_NOTHING)

#: What spreadsheets show in place of a value that they could not work out, in any language, as a pattern: `#N/A`,
#: `#DIV/0!`, `#ЗНАЧ!`, `#¿NOMBRE?`, `#NV`, `Err:502`. It is no answer, and nobody left the question out.
ERROR_CELL: Final = (
    r"^\s*(?:#[\x{A1}\x{BF}]?\p{Lu}[\p{Lu}/0_]*[!?]|#\p{Lu}{1,2}/\p{Lu}|#NV|#GETTING_DATA|Err:\d{3})\s*$"
)

#: Of this scale an answer may be written with its sign: `80%`.
_PERCENT: Final = 100
_WHOLE = r"^([+-]?\d{1,18})(?:[.,]0*)?$"
_FRACTION = r"^[+-]?\d{0,18}[.,]\d+$"
# `9/10`, `9 out of 10`, `9 z 10`: an answer, and the best one that could be given.
_OF = "out of|of|из|на|од|із|з|od|von|sur|sobre|de|z|su|van"
_OF_HIGHEST = rf"(?i)^([+-]?\d{{1,4}}(?:[.,]\d*)?)(?:\s*/\s*|\s+(?:{_OF})\s+)(\d{{1,4}})$"
# A label holds no digit and no @: with them it is a date, a telephone number or an address.
_BESIDE = r"\s\-\x{2010}-\x{2015}\x{2212}:.=,;|/()\[\]"
# `10 (Extremely likely)`, `0 - Not likely`, `7. Muy probable`, `0 = Not at all likely`: the number first.
_LABEL_AFTER = rf"^(\d{{1,3}})[{_BESIDE}]+(\p{{L}}[^\d@]*)$"
# `Not at all likely - 0`, `Extremely likely: 10`, `Extremely likely (10)`: the number last.
_LABEL_BEFORE = rf"^([^\d@]*\p{{L}}[^\d@]*?)[{_BESIDE}]+(\d{{1,3}})[)\]]?$"
# A letter of ASCII, or any other sign that is none of ASCII: a label has one at least.
_MORE_THAN_SIGNS: Final = r"[^\x00-\x40\x5b-\x60\x7b-\x7f]"
# `10-Sep` is what spreadsheets make of the option `9-10`; `10 PM` is a time.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_DAY_OR_TIME = rf"(?i)^(?:\d+[\s./-]*(?:{_MONTH}|[ap]\.?m)\.?|{_MONTH}[\s./-]*\d+)$"


# What spreadsheets and people put around a number, so that it stays a text: `'9`, `="9"`, `"9"`.
_QUOTED = r'^=?\s*"(.*)"$'
# Zero-width characters, marks of direction, and what makes a picture of a character, or a key of a digit.
_UNSEEN = r"[\p{Cf}\x{FE0E}\x{FE0F}\x{20E3}]"
_KEY_OF_10: Final = "\U0001f51f"
#: Where the decimal digits of other scripts begin: fullwidth, Arabic-Indic, Persian, Devanagari, Bengali, Thai.
_ZEROS: Final = (0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50)
_WIDE_SIGNS: Final = {
    "\uff0f": "/", "\uff0e": ".", "\uff0c": ",", "\u066b": ".", "\uff08": "(", "\uff09": ")", "\uff1a": ":", "\uff0d": "-",
    "\uff0b": "+", "\uff1d": "=",
}  # fmt: skip
#: Longer texts beside a number are no labels.
_LONGEST_LABEL: Final = 80
#: So many times a label is repeated at least.
REPEATED: Final = 5
_MOST_LABELS: Final = 20
_LONGEST_UNKNOWN: Final = 40
#: One number of a scale and up to five words or signs, with nothing of an address or a date.
_LABEL: Final = r"^(?:[^\d@/:]*[^\d@/:.,+-])?(\d{1,3})(?:[^\d@][^\d@/:]*)?$"
_LONG: Final = r"\S+(?:\s+\S+){5}"


def written(text: pl.Expr) -> pl.Expr:
    """A score's text without what nobody sees or means: space and marks around it, quotes, digits of other scripts."""
    bare = text.map_batches(_in_ascii, return_dtype=pl.String, is_elementwise=True).str.strip_chars()
    return pl.coalesce(bare.str.extract(_QUOTED), bare).str.strip_prefix("'").str.strip_prefix("=").str.strip_chars()


def _in_ascii(texts: pl.Series) -> pl.Series:
    """Texts without what nobody sees, and with our digits: nothing of it stands in what is ASCII, as nearly all is."""
    if texts.str.len_bytes().sum() == texts.str.len_chars().sum():
        return texts
    digits = {chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)}
    return texts.str.replace_all(_UNSEEN, "").str.replace_many({**digits, **_WIDE_SIGNS, _KEY_OF_10: "10"})


def number(bare: pl.Expr, highest: int = 10) -> pl.Expr:
    """The whole number that a `written` text states, as Int64; NULL where it states none, or words beside it.

    Whole decimals are whole (`9.0`, `9,0`), and an answer may say what it was given of, if that is the `highest` one
    (`9 out of 10`); `7.5` and `10, 9` are not scores. On 0-100 it may
    stand before the sign of percent (`80%`).
    """
    bare = _without_percent(bare, highest)
    of = pl.when(_given_of(bare) == highest).then(bare.str.extract(_OF_HIGHEST, 1)).str.extract(_WHOLE)
    return pl.coalesce(
        bare.cast(pl.Int64, strict=False), pl.coalesce(bare.str.extract(_WHOLE), of).cast(pl.Int64, strict=False)
    )


def is_fraction(bare: pl.Expr, highest: int = 10) -> pl.Expr:
    """Whether a `written` text states a number that is not whole."""
    bare = _without_percent(bare, highest)
    of = (_given_of(bare) == highest) & bare.str.extract(_OF_HIGHEST, 1).str.contains(_FRACTION)
    return bare.str.contains(_FRACTION) | of.fill_null(value=False)


def _without_percent(bare: pl.Expr, highest: int) -> pl.Expr:
    return bare.str.strip_suffix("%").str.strip_chars() if highest == _PERCENT else bare


def labelled(bare: pl.Expr) -> pl.Expr:
    """The number and the `label` beside it, whatever that says: a struct of both, NULL where there are not both."""
    text = pl.when(~bare.str.contains(_DAY_OR_TIME)).then(bare)
    number = pl.coalesce(text.str.extract(_LABEL_AFTER, 1), text.str.extract(_LABEL_BEFORE, 2))
    label = pl.coalesce(text.str.extract(_LABEL_AFTER, 2), text.str.extract(_LABEL_BEFORE, 1))
    return pl.struct(number=number.cast(pl.Int64, strict=False), label=label.str.strip_chars())


def stated(texts: pl.Series, highest: int = 10) -> pl.Series:
    """The number that each text states, alone or beside a known label, though label and number may contradict each other."""
    bare = texts.rename("text").to_frame().select(bare=written(pl.col("text")))
    if not bare.select(pl.col("bare").str.contains(r"\d").any()).item():
        return pl.Series("number", [None], pl.Int64).new_from_index(0, texts.len())
    alone = bare.select(number=pl.col("bare").cast(pl.Int64, strict=False)).to_series()
    if alone.null_count() == texts.null_count():
        return alone
    alone = bare.select(number=number(pl.col("bare"), highest)).to_series()
    left = bare.select(pl.when(pl.lit(alone).is_null()).then(pl.col("bare")))
    if not left.select(pl.col("bare").str.contains(_MORE_THAN_SIGNS).any()).item():
        return alone
    read = left.select(beside=labelled(pl.col("bare"))).unnest("beside")
    known = direction_of(pl.col("label")).is_not_null()
    return alone.zip_with(alone.is_not_null(), read.select(pl.when(known).then("number")).to_series())


def direction_of(label: pl.Expr) -> pl.Expr:
    """Towards which end of a scale a label points (`anchors.direction`); NULL where it is no known label."""
    short = pl.when(label.str.len_chars() <= _LONGEST_LABEL).then(label)
    return short.map_elements(direction, return_dtype=pl.String, skip_nulls=True)


def is_unanswered(text: pl.Expr) -> pl.Expr:
    """Whether a text without space around it means that nothing was answered."""
    return text.str.to_lowercase().is_in(UNANSWERED)


def unknown_labels(judged: pl.LazyFrame) -> pl.LazyFrame:
    """Texts of rows of `transforms.rows.staged.judge` with one number that could not be read, and that are repeated.

    As nps.yaml would name them: `label`, `number`, `rows`. What stands once or twice is what somebody wrote, never shown.
    """
    label = written(pl.col("raw_score")).str.to_lowercase()
    return (
        judged.filter(pl.col("refusal") == Reason.SCORE_UNREADABLE)
        .group_by(label=label)
        .agg(rows=pl.len())
        .filter((pl.col("rows") >= REPEATED) & (pl.col("label").str.len_chars() <= _LONGEST_UNKNOWN))
        .filter(~pl.col("label").str.contains(_LONG))
        .with_columns(number=pl.col("label").str.extract(_LABEL).cast(pl.Int64, strict=False))
        .drop_nulls("number")
        .sort("rows", "label", descending=[True, False])
        .head(_MOST_LABELS)
        .select("label", "number", "rows")
    )


def _given_of(bare: pl.Expr) -> pl.Expr:
    return bare.str.extract(_OF_HIGHEST, 2).cast(pl.Int64, strict=False)
