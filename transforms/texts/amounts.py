"""Amounts of money as files write them: text to decimals, never to floats.

Here: one text. Not here: what an amount is of (`activity`, `clients`).
"""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

#: The type of every amount: to four decimals, as unit prices have.
AMOUNT: Final = pl.Decimal(18, 4)

#: Spaces, apostrophes between thousands, signs and names of currencies at either end.
_AROUND: Final = r"[\s'\x{2019}\x{A0}\x{202F}\p{Sc}]|^\p{L}+\.?|\p{L}+\.?$"
_MINUS: Final = r"^(?:\x{2212}|\x{2013})|-$"
_DECIMALS: Final = r"\d{1,4}"
#: How amounts look whose decimals follow on a comma, and on a point.
_WITH: Final = {
    ",": rf"^-?(?:\d+|[1-9]\d{{0,2}}(?:\.\d{{3}})+)(?:,{_DECIMALS})?$",
    ".": rf"^-?(?:\d+|[1-9]\d{{0,2}}(?:,\d{{3}})+)(?:\.{_DECIMALS})?$",
}
#: What may be a thousand or three decimals: nobody knows who is not told.
_EITHER: Final = r"^-?[1-9]\d{0,2}[.,]\d{3}$"


#: What stands for a currency in an amount; where several countries write it, the one that most is written by.
_CURRENCIES: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "₴": "UAH", "₺": "TRY", "₹": "INR", "₸": "KZT",
    "EURO": "EUR", "EUROS": "EUR", "ZŁ": "PLN", "ZL": "PLN", "РУБ": "RUB", "ГРН": "UAH",
    "\N{CYRILLIC CAPITAL LETTER ER}": "RUB", "KN": "HRK", "KČ": "CZK", "FT": "HUF", "DIN": "RSD", "KM": "BAM",
}  # fmt: skip


def currency(text: pl.Expr) -> pl.Expr:
    """The currency that stands before or behind an amount, as its code where that is known; NULL where none does."""
    sign = text.str.extract(r"(\p{Sc})")
    words = (text.str.extract(pattern) for pattern in (r"^[\s+(-]*(\p{L}+)", r"(\p{L}+)\.?[\s)-]*$"))
    return pl.coalesce(sign, *words).str.to_uppercase().replace(_CURRENCIES)


def amount(text: pl.Expr, decimal: Literal[",", "."] | None) -> pl.Expr:
    """The amount that a text states, as `AMOUNT`; NULL where it states none, or it is not known which."""
    plain = text.str.replace_all(_AROUND, "")
    is_below_zero = plain.str.contains(_MINUS) | plain.str.contains(r"^\(.*\)$")
    bare = plain.str.replace_all(_MINUS, "").str.replace_all(r"[()+]", "")
    signed = pl.when(is_below_zero).then(pl.concat_str(pl.lit("-"), bare)).otherwise(bare)
    if decimal is not None:
        return _read(signed, decimal)
    is_either = signed.str.contains(_EITHER)
    return pl.when(~is_either).then(pl.coalesce(_read(signed, "."), _read(signed, ",")))


def _read(text: pl.Expr, decimal: Literal[",", "."]) -> pl.Expr:
    thousands = "." if decimal == "," else ","
    number = text.str.replace_all(thousands, "", literal=True).str.replace(decimal, ".", literal=True)
    return pl.when(text.str.contains(_WITH[decimal])).then(number.cast(AMOUNT, strict=False))
