"""Who answered, without saying who: keyed pseudonyms and masks.

Here: everything that keeps identity out of the lake. Not here: where the key is kept (`pipelines.config`).
"""

from __future__ import annotations

from typing import Final

import polars as pl
import polars_hash as plh

#: 128 bits of the HMAC: collisions are out of the question, and half the bytes are stored.
PSEUDONYM_LENGTH: Final = 32

_DATE_SHAPE = r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
_MASK_LENGTH = 40
_LONG_NUMBER = 5


def pseudonym(identifier: pl.Expr, key: str) -> pl.Expr:
    """HMAC-SHA256 of a normalised identifier under the workspace's key: 32 hex digits, NULL for blank (RFC 2104)."""
    normal = identifier.str.strip_chars().str.to_lowercase()
    present = pl.when(normal.str.len_bytes() > 0).then(normal)
    hashed: pl.Expr = plh.CryptographicHashingNameSpace(present).hmac_sha256(key=key)
    return hashed.str.slice(0, PSEUDONYM_LENGTH)


def mask(value: pl.Expr) -> pl.Expr:
    """A value as it may be shown in a list of rejections: its shape, without who it is about.

    Letters become x. Digits stay where they are few or form a date, and become 9 elsewhere (telephone numbers, ids).
    """
    short = value.str.slice(0, _MASK_LENGTH)
    letters_masked = short.str.replace_all(r"\p{L}", "x")
    is_long_number = value.str.replace_all(r"\D", "").str.len_bytes() >= _LONG_NUMBER
    hide_digits = is_long_number & ~value.str.contains(_DATE_SHAPE)
    return pl.when(hide_digits).then(letters_masked.str.replace_all(r"\d", "9")).otherwise(letters_masked)
