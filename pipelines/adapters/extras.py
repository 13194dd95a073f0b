"""The further columns of a source that nps.yaml wants kept, without what says who somebody is.

Here: which of them are kept, and what is left out of their texts. Not here: their texts (`columns`), whose id a heading
names (`ids`), the canonical columns, which become pseudonyms in `transforms`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.headings import find_columns
from pipelines.adapters.ids import id_heading
from pipelines.adapters.table import TextTable
from pipelines.adapters.words import named, said
from pipelines.config.sources import Source
from transforms.identity import without_addresses

_SIX_DIGITS: Final = r"(?:\d\D*){6}"


def purpose(name: str) -> str:
    """What a further column is called in messages."""
    return f"extras: {name}"


def persons(table: TextTable, source: Source) -> dict[str, str]:
    """Those of them whose headings name a person, each with its heading: what they hold is not kept."""
    told = {name: _headings(table, name)[0] for name in source.extras}
    return {name: heading for name, heading in told.items() if _is_person(heading)}


def anonymous(table: TextTable, name: str, text: pl.Expr) -> pl.Expr:
    """A text without addresses and telephone numbers; where its heading speaks of these, without what is as long as one."""
    kept = without_addresses(text)
    if not said("phone", *_headings(table, name)):
        return kept
    return pl.when(text.str.contains(_SIX_DIGITS)).then(pl.lit("[telephone]")).otherwise(kept)


def _headings(table: TextTable, name: str) -> list[str]:
    return [table.headings[at].text for at in find_columns(table, name, purpose(name))]


def _is_person(heading: str) -> bool:
    found = id_heading(heading)
    return found.whose == "person" if found else named("person_name", heading)
