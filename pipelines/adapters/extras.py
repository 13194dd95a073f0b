"""The further columns of a source that nps.yaml wants kept, or groups answers by, without what says who somebody is.

Here: which of them are kept, and what is left out of their texts. Not here: their texts (`columns`), whose id a heading
names (`ids`), the canonical columns, which become pseudonyms in `transforms`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.ids import id_heading
from pipelines.adapters.table import TextTable
from pipelines.adapters.words import named, said
from pipelines.config.columns import Column
from pipelines.config.sources import Source
from transforms.texts.identity import without_addresses
from transforms.texts.spelling import NOTHING

_SIX_DIGITS: Final = r"(?:\d\D*){6}"


def purpose(name: str) -> str:
    """What a further column is called in messages."""
    return f"extras: {name}"


def persons(table: TextTable, source: Source) -> dict[str, str]:
    """Those of them whose headings name a person, each with its heading: what they hold is not kept.

    So it is with dimensions that nps.yaml declares by name.
    """
    wanted: dict[str, Column] = {name: name for name in source.extras}
    further = {name: source.columns[name] for name in source.further & {*source.columns}}
    wanted |= {name: column for name, column in further.items() if not is_absent(table, column)}
    told = {name: _headings(table, column)[0] for name, column in wanted.items()}
    return {name: heading for name, heading in told.items() if _is_person(heading)}


def anonymous(table: TextTable, name: str, text: pl.Expr) -> pl.Expr:
    """A text without addresses and telephone numbers; where its heading speaks of these, without what is as long as one."""
    kept = without_addresses(text)
    if not said("phone", *_headings(table, name)):
        return kept
    return pl.when(text.str.contains(_SIX_DIGITS)).then(pl.lit("[telephone]")).otherwise(kept)


def grouping(text: pl.Expr) -> pl.Expr:
    """A text by which answers are grouped, without addresses and telephone numbers; NULL where it says nothing."""
    trimmed = without_addresses(text.str.strip_chars())
    is_said = (trimmed.str.len_bytes() > 0) & ~trimmed.str.to_lowercase().is_in(NOTHING)
    return pl.when(is_said).then(trimmed)


def _headings(table: TextTable, wanted: Column) -> list[str]:
    return [table.headings[at].text for at in find_columns(table, wanted, purpose(str(wanted)))]


def _is_person(heading: str) -> bool:
    found = id_heading(heading)
    return found.whose == "person" if found else named("person_name", heading)
