"""Rows that sum others up: totals, averages, counts.

Here: the words by which they are known, in eight languages, and when a row that says one is such a row. Not here: which
columns may say it (`pipelines.adapters.columns`).
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_WORDS: Final = (
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "average", "overall average", "avg",
    "mean", "median", "maximum", "minimum", "max", "min", "count", "total count",
    "suma", "razem", "łącznie", "ogółem", "suma częściowa", "suma końcowa", "średnia", "srednia", "mediana", "maksimum",
    "liczba", "итого", "всего", "общий итог", "промежуточный итог", "сумма", "среднее", "средняя", "среднее значение",
    "средний балл", "медиана", "максимум", "минимум", "количество", "разом", "усього", "всього", "загалом", "підсумок",
    "сума", "середнє", "середня", "медіана", "мінімум", "кількість", "ukupno", "sveukupno", "međuzbroj", "zbroj", "prosjek",
    "prosek", "medijan", "broj", "total general", "promedio", "máximo", "mínimo", "recuento", "summe", "gesamt",
    "insgesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "teilergebnis", "durchschnitt", "mittelwert", "anzahl",
    "sous-total", "somme", "moyenne", "médiane", "nombre", "total général",
)  # fmt: skip
_SAYS: Final = rf"(?i)^\W*(?:{'|'.join(re.escape(word) for word in _WORDS)})\W*$"


#: Names begin or end with these too: `Max Mustermann`.
_AMBIGUOUS: Final = frozenset({"max", "min", "mean", "sum", "count", "broj", "liczba", "anzahl", "nombre"})
_BESIDE: Final = "|".join(re.escape(word) for word in _WORDS if word not in _AMBIGUOUS)
_MAY_SAY: Final = rf"(?i)^\W*(?:{_BESIDE})(?:\W+\S+){{0,3}}$|^(?:\S+\W+){{1,3}}(?:{_BESIDE})\W*$"


def may_sum_up(text: pl.Expr) -> pl.Expr:
    """Whether a short cell holds such a word alone, or begins or ends with one: `Split Total`."""
    return text.str.contains(_SAYS).fill_null(value=False) | text.str.contains(_MAY_SAY).fill_null(value=False)


def says_summary(text: pl.Expr) -> pl.Expr:
    """Whether a cell holds such a word and nothing else."""
    return text.str.contains(_SAYS).fill_null(value=False)


def is_summary(is_identified: pl.Expr | None) -> pl.Expr:
    """Whether a row that says so (`says_summary`) sums others up, over all rows of a file.

    It does where it could be no answer anyway, without a date or an id or with such a word for one; and where nothing says
    who answered and it stands below every other row, while no row above says a word of the kind: then that could be a
    branch of such a name.
    `is_identified` is None where every answer has an id of its own.
    """
    says = pl.col("says_summary")
    is_nothing = pl.col("date_text").is_null() | pl.col("response_id").is_null() | says_summary(pl.col("response_id"))
    if is_identified is None:
        return says & is_nothing
    last = pl.col("source_row").filter(~says).max()
    is_below = (pl.col("source_row") > last) & ~(says & (pl.col("source_row") < last)).any()
    return says & (is_nothing | (~is_identified & is_below))
