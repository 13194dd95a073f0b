"""The id of an answer: the source's own where it gives one, else the digest of its row; and who is nobody.

Here: what of an id may be stored. Not here: which column is one (`pipelines.adapters.ids`), pseudonyms (`transforms.texts`).
"""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

from transforms.answers.people import repeated
from transforms.rows.ahead import NUMBER
from transforms.rows.judged import FILE_NO, applied
from transforms.rows.summaries import says_summary
from transforms.scores.texts import UNANSWERED as UNANSWERED_TEXTS
from transforms.texts.identity import are_plain, keyed, pseudonym, says_who, without

#: What stands in place of who somebody is.
NOBODY: Final = (
    *UNANSWERED_TEXTS, "anonymous", "anonym", "anonim", "anonimno", "anonimowy", "anonyme", "anónimo", "anonimo", "unknown",
    "аноним", "анонимно", "анонім", "анонімно", "неизвестно", "невідомо", "nepoznato", "nieznany", "unbekannt", "inconnu",
    "desconocido", "redacted", "[redacted]", "(redacted)", "<redacted>", "anonymized", "anonymised", "[anonymized]",
    "anonymisiert", "anonimizirano", "zanonimizowano", "anonymisé", "anonimizado", "обезличено", "знеособлено", "[deleted]",
    "[removed]", "deleted user", "anonymous user", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip


def given_id(key: str, *, are_keyed: bool) -> pl.Expr:
    """The source's own id. What is an address, a telephone number or perhaps a person's id never stands there as it is."""
    return pl.col("response_id").map_batches(
        partial(_ids, key=key, are_keyed=are_keyed), return_dtype=pl.String, is_elementwise=True
    )


def _ids(given: pl.Series, key: str, *, are_keyed: bool) -> pl.Series:
    if are_plain(given):
        return applied(given, partial(keyed, key=key)) if are_keyed else given
    bare = given.str.strip_chars()
    # A blank is one of them.
    stated = without(bare, bare.str.to_lowercase().is_in(UNANSWERED_TEXTS))
    is_person = applied(given, says_who)
    kept = stated
    if are_keyed:
        # Capitals and small letters stay two: some systems tell their ids apart by nothing else.
        kept = stated.zip_with(applied(stated, says_summary), applied(stated, partial(keyed, key=key)))
    if not is_person.any():
        return kept
    of_person = without(stated, ~is_person)
    return kept.zip_with(~is_person.fill_null(value=False), applied(of_person, partial(pseudonym, key=key)))


def derived_id(key: str, given: frozenset[str]) -> pl.Expr:
    """The digest of the row and its number among equal rows of the file, for sources without ids of their own.

    Two people may give identical anonymous answers: they stay two. The same answers delivered in another file are the
    same people.
    """
    columns = ("source_row", "cells", *FILE_NO & given)
    counted = pl.struct(columns).map_batches(_among_equal_rows, return_dtype=pl.UInt32)
    numbers = pl.col(NUMBER) if NUMBER in given else counted
    return keyed(pl.format("{}#{}", "cells", numbers), key)


def _among_equal_rows(rows: pl.Series) -> pl.Series:
    """The number of each row among equal ones. Few rows have any: only those whose texts may be equal are grouped."""
    told = rows.struct.unnest()
    hashes = told.get_column("cells").hash()
    numbers = pl.repeat(1, told.height, dtype=pl.UInt32, eager=True)
    places = hashes.is_in(repeated(hashes).implode()).arg_true()
    if places.is_empty():
        return numbers
    number = pl.col("source_row").rank("ordinal").over([name for name in told.columns if name != "source_row"])
    return numbers.scatter(places, told[places].select(number.cast(pl.UInt32)).to_series())
