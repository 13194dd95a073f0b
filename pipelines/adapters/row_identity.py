"""What tells rows apart that have no id: the whole text of an answer, or whom somebody asked, when and how.

Here: that text, of which the lake keeps a digest. Not here: which rows are then the same (`transforms.answers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import polars as pl

from pipelines.adapters.table import TextTable, column
from transforms.texts.spelling import key, spelling_key

#: Separators that no cell holds: between a heading and its cell, and between cells (ASCII unit and record separators).
_IS: Final = "\x1f"
_AND: Final = "\x1e"
#: How somebody was asked, beside whom and when.
_HOW: Final = ("survey", "channel", "asked_wave", "asked_reminder")


def all_cells(table: TextTable, named: Mapping[str, str | pl.Expr]) -> pl.Expr:
    """A row's whole text, the same for the same answers whatever the order of columns and however many are empty.

    What the file's name says of its answers is a part of them, in whichever spelling: equal rows of two branches are
    different people.
    """
    ordered = sorted(range(table.width), key=lambda i: (table.headings[i].text, table.headings[i].option, i))
    labels = [f"{table.headings[i].label or i}" for i in ordered] + sorted(named)
    texts = [pl.col(column(i)) for i in ordered] + [_spelt_alike(named[name]) for name in sorted(named)]
    rows = pl.struct(text.alias(f"{at}") for at, text in enumerate(texts))
    put = partial(together, labels=labels, cells=len(ordered))
    return rows.map_batches(put, return_dtype=pl.String, is_elementwise=True)


def _spelt_alike(value: str | pl.Expr) -> pl.Expr:
    return spelling_key(value) if isinstance(value, pl.Expr) else pl.lit(key(value))


def whom_and_when(values: Mapping[str, pl.Expr], answer: str, cells: pl.Expr) -> pl.Expr:
    """What tells an attempt to ask somebody from others: whom and when, and how; all cells where these are not known.

    What became of it may change from file to file, and it stays the same attempt. Of several answers of a row each is one.
    """
    when = "asked_at" if "asked_at" in values else "responded_at"
    whom = [name for name in ("respondent", "account") if name in values]
    if not whom or when not in values:
        return cells
    told = {name: values[name].str.strip_chars() for name in (*whom, when, *_HOW) if name in values}
    is_known = pl.any_horizontal(told[name].str.len_bytes() > 0 for name in whom) & (told[when].str.len_bytes() > 0)
    texts = [pl.format(f"{name}{_IS}{{}}", text.fill_null("")) for name, text in told.items()]
    return pl.when(is_known).then(pl.concat_str([pl.lit(answer), *texts], separator=_AND)).otherwise(cells)


def together(rows: pl.Series, labels: Sequence[str], cells: int) -> pl.Series:
    """The texts of each row after their labels; of the first ones, which are `cells`, those that are not empty.

    Where no text of a piece is missing, as in most columns, all are put together at once, which takes a third of the time.
    """
    told: list[pl.Expr] = []
    template = ""
    for at, (label, texts) in enumerate(zip(labels, rows.struct.unnest(), strict=True)):
        text = pl.col(texts.name)
        is_empty = texts.str.len_bytes() == 0 if at < cells else texts.is_null()
        if texts.null_count() or is_empty.any():
            given = pl.format("{}{}", pl.lit(f"{_AND}{label}{_IS}"), text)
            told.append(pl.when(~is_empty).then(given).fill_null(""))
            template += "{}"
        elif "{" in label or "}" in label:
            told += [pl.lit(label), text]
            template += f"{_AND}{{}}{_IS}{{}}"
        else:
            told.append(text)
            template += f"{_AND}{label}{_IS}{{}}"
    return rows.struct.unnest().select(pl.format(template, *told).str.strip_prefix(_AND)).to_series()
