"""Who answered, without saying who: keyed pseudonyms and masks.

Here: everything that keeps identity out of the lake. Not here: where the key is kept (`pipelines.config`).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Final

import polars as pl
import polars_hash as plh

#: Between the keys of a workspace whose key was rotated: a pseudonym is made with the first, of that one with the next.
THEN: Final = "\nthen "
#: 96 bits of the HMAC: among 100 million people a collision has a chance of one in ten trillion.
PSEUDONYM_LENGTH: Final = 24

# The whole text is a date: `01.23.45.67.89` begins like one, and is a telephone number.
_DAY, _YEAR = r"(?:[0-2]?\d|3[01])", r"(?:19|20)\d\d"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s?(?:[AaPp][Mm])?\s?(?:Z|UTC|GMT)?(?:[+-]\d{1,2}(?::?\d\d)?)?"
_DATE_SHAPE = (
    rf"^\s*(?:{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|{_DAY}[./-]{_DAY}[./-](?:{_YEAR}|\d\d))\.?(?:[T ,]+{_CLOCK})?\s*$"
)
_IP_ADDRESS = r"\d+\.\d+\.\d+\.\d+"
_SAYS_WHO = r"\S@\S+\.\S|^\s*'?\+\d[\d ()/.-]{6,}"
_EMAIL = r"""[^\s@<>"',;:()]+@[^\s@<>"',;:()]+\.[^\s@<>"',;:()]+"""
_PHONE = r"\+[1-9](?:[ ()/.-]{0,2}\d){6,13}"
# With a country's code, at one go, or in groups that are no date.
_LOCAL_PHONE = (
    r"\b00[1-9](?:[ ()/.-]{0,2}\d){6,13}|\b0[1-9]\d{7,9}\b"
    r"|\(?\b0[1-9]\d{1,3}\)?[ /-]{1,2}\d{2,4}(?:[ -]?\d{2,4}){1,3}\b|\(?\b0[1-9]\)?[ /-]\d{3,4}[ -]\d{3,4}\b"
    r"|\b0[1-9](?:[ .-]\d\d){4}\b|\(\d{3}\) ?\d{3}[ -]\d{2}[ -]?\d\d\b|\b[1-9]\d\d[ -]\d{3}[ -]\d{3,4}\b"
)
# Ids whose capitals tell one from another: `0035g00000XyZaB` of Salesforce, `dQw4w9WgXcQ`; no words, names or addresses.
_LETTERS_COUNT = r"^[^\s@]{11,}$", r"[\p{Ll}\d]\p{Lu}", r"\p{Ll}", r"\d"
_SALESFORCE = r"^00[0-9A-Za-z]{13}$"
_MAY_TELL_APART: Final = f"{_LETTERS_COUNT[1]}|{_SALESFORCE}"
_TELLS_APART_FROM = 11
#: Every address and number has this; most texts have not, and need not be looked at five times.
_MAY_BE_CONTACT = r"@|\d(?:[ ()/.-]{0,3}\d){5}"
#: In nearly no id stands any of it: space around it, an apostrophe in front, what addresses and telephone numbers have, or
#: no digit but 0, as in everything that stands in place of nobody.
_ODD = r"(?m)^[\s']|\s$|[@+]|^[^1-9\n]*$"
#: What was written over who somebody was, in small letters: `***`, `####@gmail.com`, `xxxx`.
MASKED: Final = r"^[*#\x{2022}.\s]*(?:[*#\x{2022}]{2}|x{4})[*#\x{2022}x.\s]*(?:@.*)?$"
_MASK_LENGTH = 40
_LONG_NUMBER = 5


def pseudonym(identifier: pl.Expr, key: str, nobody: Collection[str] = ()) -> pl.Expr:
    """HMAC-SHA256 of a normalised identifier under the workspace's key: 24 hex digits (RFC 2104).

    NULL for blank, and for what stands in place of `nobody`: these in small letters, and what was masked as a whole.
    """
    named = partial(_named, nobody=nobody)
    return keyed(identifier.map_batches(named, return_dtype=pl.String, is_elementwise=True), key)


def are_plain(ids: pl.Series) -> bool:
    """Whether no text of a piece is blank, has space around it, says who somebody is or stands in place of nobody.

    They are looked at together, which is shorter than one by one.
    """
    return not ids.to_frame().select(pl.first().str.join("\n").str.contains(_ODD)).item()


def same_identifier(identifier: pl.Expr) -> pl.Expr:
    """What all spellings of one identifier have in common: no space around it, and small letters unless they tell apart."""
    return identifier.map_batches(_same, return_dtype=pl.String, is_elementwise=True)


def _same(texts: pl.Series) -> pl.Series:
    plain = texts.str.strip_chars()
    if plain.str.starts_with("'").any():
        # An apostrophe in front says to a spreadsheet that a text follows: `'+385 1 ...` is that telephone number.
        plain = plain.str.strip_prefix("'")
    return _in_small(plain)


def _in_small(plain: pl.Series) -> pl.Series:
    # Step by step: an expression would be evaluated as often as it stands in another. Few columns hold any such id.
    is_long = plain.str.len_bytes() >= _TELLS_APART_FROM
    if not is_long.any() or not plain.filter(is_long).str.contains(_MAY_TELL_APART).any():
        return plain.str.to_lowercase()
    tells_apart = pl.all_horizontal(pl.col("id").str.contains(each) for each in _LETTERS_COUNT)
    kept = pl.when(tells_apart | pl.col("id").str.contains(_SALESFORCE)).then("id")
    same = plain.alias("id").to_frame().select(kept.otherwise(pl.col("id").str.to_lowercase())).to_series()
    return same.alias(plain.name)


def _named(texts: pl.Series, nobody: Collection[str]) -> pl.Series:
    if are_plain(texts):
        return _in_small(texts)
    same = _same(texts)
    hidden = same.str.contains(MASKED) if nobody else pl.Series([False])
    return without(same, same.is_in([*nobody, ""]) | hidden)


def without(texts: pl.Series, unwanted: pl.Series) -> pl.Series:
    """Texts with NULL in place of those that are `unwanted` (Boolean)."""
    return texts.set(unwanted.fill_null(value=False), None) if unwanted.any() else texts


def keyed(text: pl.Expr, key: str) -> pl.Expr:
    """HMAC-SHA256 of a text just as it stands: 24 hex digits, NULL for NULL. A rotated key is several (`THEN`)."""
    for each in key.split(THEN):
        hashed: pl.Expr = plh.CryptographicHashingNameSpace(text).hmac_sha256(key=each)
        text = hashed.str.slice(0, PSEUDONYM_LENGTH)
    return text


def rotations(key: str) -> dict[str, str]:
    """The key and each that it was before, with what has followed on it: by that former pseudonyms become those of now."""
    keys = key.split(THEN)
    return {THEN.join(keys[:at]): THEN.join(keys[at:]) for at in range(1, len(keys) + 1)}


def says_who(text: pl.Expr) -> pl.Expr:
    """Whether a text holds an e-mail address, or is a telephone number with its country's code."""
    return text.str.contains(_SAYS_WHO)


def without_addresses(text: pl.Expr) -> pl.Expr:
    """A text with `[e-mail]` and `[telephone]` in place of addresses and of numbers that begin with a country's code."""
    return text.str.replace_all(_EMAIL, "[e-mail]").str.replace_all(_PHONE, "[telephone]")


def without_contacts(text: pl.Expr) -> pl.Expr:
    """The same of what people wrote, where other numbers in the shape of telephone numbers hardly are anything else."""
    suspect = text.str.contains(_MAY_BE_CONTACT)
    return (
        pl.when(suspect)
        .then(without_addresses(pl.when(suspect).then(text)).str.replace_all(_LOCAL_PHONE, "[telephone]"))
        .otherwise(text)
    )


def mask(value: pl.Expr) -> pl.Expr:
    """A value as it may be shown in a list of rejections: its shape, without who it is about.

    Letters become x. Digits stay where they are few or form a date, and become 9 elsewhere (telephone numbers, ids).
    """
    short = value.str.slice(0, _MASK_LENGTH)
    letters_masked = short.str.replace_all(r"\p{L}", "x")
    is_long_number = value.str.replace_all(r"\D", "").str.len_bytes() >= _LONG_NUMBER
    hide_digits = (is_long_number & ~value.str.contains(_DATE_SHAPE)) | value.str.contains(_IP_ADDRESS)
    return pl.when(hide_digits).then(letters_masked.str.replace_all(r"\d", "9")).otherwise(letters_masked)
