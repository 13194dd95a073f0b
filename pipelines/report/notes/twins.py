"""Surveys that agree with one another month by month, as where one export is read by two sources in two forms.

Here: sentences about the published file. Not here: how such surveys are found (`models/odd`), single files that agree
(`pipelines.intake.notes.earlier.elsewhere`).
"""

from __future__ import annotations

from pipelines.recipes.months import month_key
from warehouse.engine import model
from warehouse.published.query import Ask, QueryError


def twins(ask: Ask) -> list[str]:
    """A sentence for each two surveys of which one may be the other again."""
    try:
        return [
            f"Surveys {one} and {other} have as many promoters, passives and detractors as one another in {months:,} months "
            f"from {month_key(first)} to {month_key(last)} ({answers:,} answers of each): if these are the same answers, "
            "they count twice. Then take one of both sources out of nps.yaml; if not, nothing is to be done."
            for one, other, months, answers, first, last in ask(model("odd/twin_surveys")).iter_rows()
        ]
    except QueryError:
        return []  # it was published before there were such tables
