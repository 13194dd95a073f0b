"""What there is to do: the inputs of every month as they are now, and which months were built from other ones.

Here: staleness, derived from the ledgers. Not here: building (`warehouse.responses`, `warehouse.facts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse.lake import Lake
from warehouse.ledgers import (
    NO_INPUTS,
    VERSION,
    counted_files,
    current_builds,
    current_files,
    digest,
    facts_inputs,
    inputs_of_months,
)
from warehouse.members import current_versions, digests, known
from warehouse.rules import ResponseRules


@dataclass(frozen=True)
class Plan:
    """The inputs of responses at one moment: builds read just these, and record their digests."""

    files: pl.DataFrame
    """The counted files of sources, as `warehouse.ledgers.counted_files` gives them."""
    members: pl.DataFrame
    """The versions of all members of dimensions."""
    verdicts: pl.DataFrame
    """The last verdict on every file of the sources and dimensions of nps.yaml, as `FileRecord`."""
    inputs: dict[date, str]
    """For each month with answers the digest of everything that its responses are made from."""

    def inputs_of(self, month: date) -> str:
        """The digest of a month, also of one without answers."""
        return self.inputs.get(month, NO_INPUTS)


def make_plan(lake: Lake, rules: ResponseRules) -> Plan:
    """The inputs as they are now."""
    files = counted_files(lake, rules.sources)
    verdicts = current_files(lake).filter(pl.col("source").is_in(rules.feeds))
    members = current_versions(lake, rules.dimensions, rules.timezone)
    months = {month for listed in files.get_column("months") for month in listed}
    # By every name that a branch ever had it is known in all months, not only from the day on when it was given.
    settings = digest(rules, known(members, rules).branches.rows())
    return Plan(files, members, verdicts, inputs_of_months(files, digests(members, months), settings))


def stale_months(lake: Lake, plan: Plan) -> list[date]:
    """The months whose responses or facts were built from something else than there is now."""
    responses = dict(current_builds(lake, "responses").select("month", "inputs").iter_rows())
    facts = dict(current_builds(lake, "facts").select("month", "inputs").iter_rows())
    # A month that lost its last answer (it moved away) is built once more, to nothing.
    return sorted(
        month
        for month in {*plan.inputs, *responses}
        if responses.get(month) != plan.inputs_of(month) or facts.get(month) != facts_inputs(plan.inputs_of(month))
    )


def ranges(months: list[date], with_answers: set[date]) -> list[tuple[date, date]]:
    """Stretches that cover the months, from first to last, and no other month that has answers."""
    found: list[tuple[date, date]] = []
    wanted, is_open = set(months), False
    for month in sorted(wanted | with_answers):
        if month not in wanted:
            is_open = False
        else:
            found[-1:] = [(found[-1][0], month)] if is_open else [*found[-1:], (month, month)]
            is_open = True
    return found


def publication_inputs(plan: Plan, settings: str) -> str:
    """Digest of everything that a published file is made from."""
    verdicts = plan.verdicts.select("source", "file_digest", "status", "recipe").sort(pl.all())
    return digest(VERSION, settings, sorted(plan.inputs.items()), verdicts.rows())
