"""Surveys, channels and branches without a promoter where others have many: they were probably asked on another scale.

Here: sentences about the published file. Not here: how such parts are found (`models/odd`), the same of a file that is
new (`pipelines.sniff.proposal.scale_parts`), scores that leap from one month to the next (`leaps`).
"""

from __future__ import annotations

from datetime import date

from pipelines.recipes.months import month_key
from warehouse.engine import model
from warehouse.published.query import Ask, QueryError


def low_parts(ask: Ask) -> list[str]:
    """A sentence for each part without a promoter."""
    try:
        return [
            f"None of {answers:,} answers of {kind} {name} {_when(first, last)} is a promoter's (NPS "
            f"{-100 * detractors / answers:.1f}), where {share:.0%} of all others are. Was it asked on another scale, "
            f"such as 1-5, or turned around? Then read it apart (where) with its own scale, and its months are built "
            "anew; if its clients do answer so, nothing is to be done."
            for kind, name, first, last, answers, detractors, share in ask(model("odd/no_promoters")).iter_rows()
        ]
    except QueryError:
        return []  # it was published before there were such tables


def _when(first: date, last: date) -> str:
    return f"in {month_key(first)}" if first == last else f"from {month_key(first)} to {month_key(last)}"
