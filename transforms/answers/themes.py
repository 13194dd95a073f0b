"""What people say why: themes of comments, by the words that nps.yaml declares for each, and the words themselves.

Here: from comments to themes and words. Not here: which comments (`warehouse.months.why`), what follows from them
(`models/marts/themes.sql`, `models/marts/new_words.sql`). No library finds stems: declared ones can be read and mended by
who knows the business, in every language alike (ADR 0025).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

#: The theme of all answers that are of no declared one, with a comment or without.
UNTAGGED: Final = "untagged"
#: Stands for any letters, before or behind the letters of a term.
STAR: Final = "*"

# Letters that are no letter with a mark, and are written without the stroke all the same.
_LETTERS: Final = {
    "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",  # noqa: RUF001 - letters
    "ґ": "г", "ς": "σ",  # noqa: RUF001 - letters
}  # fmt: skip
# Marks, what nobody sees, and apostrophes, of which there are many.
_UNWRITTEN: Final = r"[\p{M}\p{Cf}'’ʼʹ`´]"  # noqa: RUF001 - apostrophes as they are typed
_BETWEEN: Final = r"[^\p{L}\p{N}]+"
_LANGUAGE: Final = r"^\s*([a-z]{2,3})(?:[-_].*)?\s*$"
#: What some systems call a language.
_ALSO: Final = {"ua": "uk", "ukr": "uk", "rus": "ru", "hrv": "hr", "pol": "pl", "eng": "en", "ger": "de", "deu": "de",
                "spa": "es", "fra": "fr", "fre": "fr"}  # fmt: skip
# A word of three letters at least, with what ends a sentence before it, if anything does.
_WORD: Final = r"(?:[.!?…:;\"«„“(\n]\s*)?\p{L}[\p{L}'’ʼ-]+\p{L}"  # noqa: RUF001 - apostrophes as they are typed
_LONGEST_WORD: Final = 40


@dataclass(frozen=True)
class Theme:
    """What a comment may be about."""

    name: str
    terms: Mapping[str, Sequence[str]]
    """Language: the words that say it. `čeka*` is every word that begins so; of several words in one term a comment has
    all, in whatever order."""


def folded(text: pl.Expr) -> pl.Expr:
    """A text in small letters without marks, one space before, between and behind its words."""
    plain = text.str.to_lowercase().str.normalize("NFKD").str.replace_all(_UNWRITTEN, "")
    words = plain.str.replace_many(_LETTERS).str.replace_all(_BETWEEN, " ")
    return pl.concat_str(pl.lit(" "), words, pl.lit(" "))


def literals(term: str) -> list[str]:
    """What a folded text has somewhere if it has all words of a term; none where the term has no letters."""
    found = []
    for token in term.split():
        parts = _folded(token.strip(STAR)).split()
        for place, part in enumerate(parts):
            before = "" if place == 0 and token.startswith(STAR) else " "
            behind = "" if place == len(parts) - 1 and token.endswith(STAR) else " "
            found.append(f"{before}{part}{behind}")
    return found


def says(comments: pl.DataFrame, themes: Sequence[Theme]) -> pl.DataFrame:
    """Comments with a column for each theme, by its name: whether they are of it.

    `comments` has `comment` and `language`. Where the language is one that any theme has terms of, only terms of it are
    looked for, of every theme, else those of all.
    """
    known = {language for theme in themes for language in theme.terms}
    spoken = pl.col("language").str.to_lowercase().str.extract(_LANGUAGE).replace(_ALSO)
    read = comments.with_columns(
        _text=folded(pl.col("comment")), _spoken=pl.when(spoken.is_in(list(known))).then(spoken)
    ).with_row_index("_row")
    parts = [
        part.with_columns(_says(theme, str(language) if language else None).alias(theme.name) for theme in themes)
        for (language,), part in read.partition_by("_spoken", as_dict=True).items()
    ]
    none = [pl.lit(value=False).alias(theme.name) for theme in themes]
    told = pl.concat(parts) if parts else read.with_columns(none)
    return told.sort("_row").drop("_row", "_text", "_spoken")


def has_words(comment: pl.Expr) -> pl.Expr:
    """Whether a comment says anything: a dash or a mark says nothing."""
    return comment.str.contains(r"\p{L}").fill_null(value=False)


def words(comments: pl.DataFrame) -> pl.DataFrame:
    """Every word of comments, once of each: `month, word, answers, people, named, small`.

    `comments` has `month, person, comment`. An answer of which nobody knows who gave it is one of a person of its own.
    `named` counts the answers in which the word has a capital though no sentence begins with it, as names have; `small`
    those in which it has none.
    """
    text = pl.concat_str(pl.lit(". "), pl.col("comment").str.normalize("NFC").str.replace_all(r"\[[a-z-]+\]", " "))
    each = (
        comments.select("month", "person", token=text.str.extract_all(_WORD))
        .with_row_index("answer")
        .explode("token", empty_as_null=True)
        .drop_nulls("token")
        .with_columns(word=pl.col("token").str.replace(r"^[^\p{L}]+", ""))
        .with_columns(
            is_named=pl.col("token").str.contains(r"^\p{Lu}"),
            is_small=pl.col("word").str.contains(r"^\p{Ll}"),
            word=pl.col("word").str.to_lowercase(),
        )
        .filter(pl.col("word").str.len_chars() <= _LONGEST_WORD)
    )
    of_answers = each.group_by("month", "answer", "person", "word").agg(pl.col("is_named", "is_small").any())
    return (
        of_answers.group_by("month", "word")
        .agg(
            answers=pl.len().cast(pl.Int64),
            people=(pl.col("person").drop_nulls().n_unique() + pl.col("person").null_count()).cast(pl.Int64),
            named=pl.col("is_named").sum().cast(pl.Int64),
            small=pl.col("is_small").sum().cast(pl.Int64),
        )
        .sort("month", "word")
    )


def _says(theme: Theme, language: str | None) -> pl.Expr:
    spoken = theme.terms.values() if language is None else [theme.terms.get(language, ())]
    terms = [literals(term) for several in spoken for term in several]
    alone = sorted({each[0] for each in terms if len(each) == 1})
    together = [pl.all_horizontal(_has([word]) for word in each) for each in terms if each[1:]]
    found = [_has(alone)] if alone else []
    return pl.any_horizontal(*found, *together) if found or together else pl.lit(value=False)


def _has(literal: Iterable[str]) -> pl.Expr:
    return pl.col("_text").str.contains_any(list(literal)).fill_null(value=False)


def _folded(text: str) -> str:
    """The same as `folded`, of one text."""
    return str(pl.select(folded(pl.lit(unicodedata.normalize("NFC", text)))).item())
