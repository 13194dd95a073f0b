"""Rows that sum others up: totals, averages, counts.

Here: the words by which they are known, in many languages, and when a row that says one is such a row, by where it stands
or by what it states of the rows above it. Not here: which columns may say it (`pipelines.adapters.columns`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from transforms.texts.repeating import is_true_of, repeats

_WORDS: Final = (
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "average", "overall average", "avg",
    "mean", "median", "maximum", "minimum", "max", "min", "count", "total count",
    "suma", "razem", "łącznie", "ogółem", "suma częściowa", "suma końcowa", "średnia", "srednia", "mediana", "maksimum",
    "liczba", "итого", "всего", "общий итог", "промежуточный итог", "сумма", "среднее", "средняя", "среднее значение",
    "средний балл", "медиана", "максимум", "минимум", "количество", "разом", "усього", "всього", "загалом", "підсумок",
    "сума", "середнє", "середня", "медіана", "мінімум", "кількість", "ukupno", "sveukupno", "međuzbroj", "zbroj", "prosjek",
    "prosek", "medijan", "broj", "total general", "promedio", "máximo", "mínimo", "recuento", "summe", "gesamt",
    "insgesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "teilergebnis", "durchschnitt", "mittelwert", "anzahl",
    "sous-total", "somme", "moyenne", "médiane", "nombre", "total général", "total global", "ensemble", "overall", "итог",
    "в среднем", "общее среднее", "загальний підсумок", "підсумки", "ukupni zbroj", "sveukupni zbroj", "ukupan prosjek",
    "podsumowanie", "w sumie", "suma łączna", "ergebnis", "gesamtzahl", "gesamtdurchschnitt", "suma total", "en promedio",
    "cuenta", "all", "all branches", "all stores", "all regions", "all locations", "all channels", "whole company", "svi",
    "sve poslovnice", "sve trgovine", "sve regije", "cijela tvrtka", "все филиалы", "все магазины", "все регионы",
    "вся компания", "всі філії", "всі магазини", "вся компанія", "wszystkie oddziały", "wszystkie sklepy", "cała firma",
    "alle filialen", "alle standorte", "alle regionen", "todas las sucursales", "todas las tiendas", "toda la empresa",
    "toutes les agences", "tous les magasins",
    "totale", "totale generale", "totale complessivo", "subtotale", "somma", "média", "soma", "média geral",
    "celkem", "mezisoučet", "součet", "průměr", "toplam", "genel toplam", "ara toplam", "ortalama", "skupaj", "povprečje",
    "vsota", "укупно", "просек", "összesen", "átlag", "spolu", "priemer", "ø", "∅",
)  # fmt: skip
_SAYS: Final = rf"(?i)^\W*(?:{'|'.join(re.escape(word) for word in _WORDS)})\W*$"


#: Names begin or end with these too: `Max Mustermann`.
_AMBIGUOUS: Final = frozenset({
    "max", "min", "mean", "sum", "count", "broj", "liczba", "anzahl", "nombre", "overall", "cuenta", "ensemble", "ergebnis",
    "all", "svi", "ø",
})  # fmt: skip
_BESIDE: Final = "|".join(re.escape(word) for word in _WORDS if word not in _AMBIGUOUS)
_DECIMALS: Final = r"[.,](\d+)\s*$"
#: Fewer rows are not summed up: the mean of one is that one.
_FEWEST: Final = 2

#: Three letters, or signs that are not ASCII, in a row: every word has them, but for the signs of an average.
_WORDED: Final = r"[^\x00-\x40\x5b-\x60\x7b-\x7f]{3}|[øØ∅]"
#: The last ASCII sign before the letters and the last one of all, and how many bytes are looked at at once: more would leave
#: the processor's cache.
_BEFORE_LETTERS: Final = 0x40
_ASCII: Final = 0x7F
_AT_ONCE: Final = 1 << 16
_REMEMBERED: Final = 10_000
_FOUND: Final = {"says_summary": pl.Boolean(), "may_sum_up": pl.Boolean()}
#: What the cells of a row say of it in this regard.
SAYS: Final = tuple(_FOUND)

_MAY_SAY: Final = rf"(?i)^\W*(?:{_BESIDE})(?:\W+\S+){{0,3}}$|^(?:\S+\W+){{1,3}}(?:{_BESIDE})\W*$"


def summary_words(cells: Sequence[pl.Expr]) -> pl.Expr:
    """What cells that may name their row say of it, as a struct of `says_summary` and `may_sum_up`.

    The one is whether any holds such a word and nothing else, the other whether any holds one alone, or is short and begins
    or ends with one: `Split Total`. Nearly no cell does, and looking at each is dear: so texts that repeat are looked at
    once, others where a word may be.
    """
    look = partial(_words_in, harmless=set())
    return pl.struct(cells).map_batches(look, return_dtype=pl.Struct(_FOUND), is_elementwise=True)


def says_summary(text: pl.Expr) -> pl.Expr:
    """Whether a cell holds such a word and nothing else."""
    return text.str.contains(_SAYS).fill_null(value=False)


def _says_any(text: pl.Expr) -> pl.Expr:
    """The same of a column in which nearly always nothing stands."""
    return is_true_of(text, lambda said: said.str.contains(_SAYS)).fill_null(value=False)


def names_summary(cells: pl.Series) -> pl.Series:
    """Which cells say such a word, alone or beside the name of what is summed up: `Total`, `Split Total`."""
    texts = cells.unique()
    return cells.is_in(texts.filter(texts.str.contains(f"{_SAYS}|{_MAY_SAY}")).implode())


def _words_in(rows: pl.Series, harmless: set[str | None]) -> pl.Series:
    nowhere = pl.repeat(value=False, n=rows.len(), dtype=pl.Boolean, eager=True)
    found = dict.fromkeys(_FOUND, nowhere)
    for cells in rows.struct.unnest():
        for what, texts in _worded(cells, harmless).items():
            found[what] |= cells.is_in(texts.implode()).fill_null(value=False)
    return pl.DataFrame(found).to_struct(rows.name)


def _worded(cells: pl.Series, harmless: set[str | None]) -> dict[str, pl.Series]:
    """The texts of a column that hold such a word, if any do, by what that makes them. `harmless` remembers which do not."""
    if is_repeated := repeats(cells):
        texts = pl.Series([*set(cells.unique()) - harmless], dtype=pl.String)
    else:
        texts = cells.filter(cells.str.contains(_WORDED)) if _may_be_worded(cells) else cells.clear()
    may = texts.filter(texts.str.contains(f"{_SAYS}|{_MAY_SAY}")) if texts.len() else texts
    if is_repeated and len(harmless) < _REMEMBERED:
        harmless |= {*texts} - {*may}
    return {"says_summary": may.filter(may.str.contains(_SAYS)), "may_sum_up": may} if may.len() else {}


def _may_be_worded(cells: pl.Series) -> bool:
    """Whether that may stand in any text: bytes tell it in a third of the time that the pattern takes."""
    written = np.frombuffer(cells.str.join("\n").cast(pl.Binary).item(), dtype=np.uint8)
    for start in range(0, len(written), _AT_ONCE):
        piece = written[start : start + _AT_ONCE + 2]
        letters = piece > _BEFORE_LETTERS
        in_a_row = letters[2:] & letters[1:-1]
        in_a_row &= letters[:-2]
        if in_a_row.any() or piece.max() > _ASCII:
            return True
    return False


def states_rows_above(text: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Whether the `text` in place of a score is the mean, the sum or the count of the scores above it.

    Those since the last row that may sum others up (`may_sum_up`), or all of them; `number` is the score of any other row
    as it is written. Rows come in the order of the file.
    """
    rows = pl.struct("may_sum_up", text=text, number=number)
    return rows.map_batches(_that_state_rows_above, return_dtype=pl.Boolean)


def _that_state_rows_above(rows: pl.Series) -> pl.Series:
    told = rows.struct.unnest()
    if not told.get_column("may_sum_up").any():
        return pl.repeat(value=False, n=told.height, dtype=pl.Boolean, eager=True)
    may = pl.col("may_sum_up")
    above = pl.when(~may).then("number")
    everything = above.fill_null(0).cum_sum(), above.is_not_null().cum_sum().cast(pl.Int64)
    since = [_since_last(so_far, may) for so_far in everything]
    # Only such rows are read as numbers: most files have none.
    of_these = pl.when(may).then("text")
    return told.select(
        pl.any_horizontal(_states(of_these, *of) for of in (everything, since)).fill_null(value=False)
    ).to_series()


def _since_last(so_far: pl.Expr, may: pl.Expr) -> pl.Expr:
    """What was added to a sum since the last run of rows that may sum others up, in the rows of the next such run."""
    begins = may & ~may.shift(1, fill_value=False)
    before = pl.when(begins).then(so_far).forward_fill().shift(1).fill_null(0)
    return pl.when(begins).then(so_far - before).forward_fill()


def as_number(text: pl.Expr) -> pl.Expr:
    """The number that a text is, whole or not."""
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _states(text: pl.Expr, total: pl.Expr, rows: pl.Expr) -> pl.Expr:
    """Whether a text is a sum, the count of its rows or their mean, to as many decimals as it has."""
    stated = as_number(text)
    decimals = text.str.extract(_DECIMALS).str.len_chars().fill_null(0)
    off = (stated - total / rows).abs()
    is_mean = off <= 0.5 / pl.lit(10.0).pow(decimals) + 1e-9
    return (rows >= _FEWEST) & (is_mean | (stated == total) | (stated == rows))


def is_summary(is_identified: pl.Expr | None, states: pl.Expr | None = None) -> pl.Expr:
    """Whether a row that says so (`says_summary`) sums others up, over all rows of a file.

    It does where it could be no answer anyway, without a date or an id or with such a word for one; and where nothing says
    who answered and it stands below every other row, while no row above says a word of the kind: then that could be a
    branch of such a name. So does a row that may sum others up and `states` what is true of the rows above it, if every such
    row of the file does: one answer among many is the mean by chance.
    `is_identified` is None where every answer has an id of its own.
    """
    says = pl.col("says_summary")
    # Nearly no row says so: the ids of the others are not looked at.
    identified = pl.col("response_id")
    is_nothing = pl.col("date_text").is_null() | identified.is_null() | _says_any(pl.when(says).then(identified))
    if is_identified is None:
        return says & is_nothing
    last = pl.col("source_row").filter(~says).max()
    is_below = (pl.col("source_row") > last) & ~(says & (pl.col("source_row") < last)).any()
    of_place = says & (is_nothing | (~is_identified & is_below))
    if states is None:
        return of_place
    may = pl.col("may_sum_up") & ~is_identified
    counts = may & ~of_place & pl.col("_problem").is_null()
    return of_place | (may & states & (states | ~counts).all())
