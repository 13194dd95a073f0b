"""What is known of the accounts and employees that a month has answers of: another one more changes nothing about the month.

Here: the digest of it for each month. Not here: which months are stale for it (`warehouse.months.plan`), matching itself
(`transforms.answers.matching`).

Looking at the keys of all answers costs seconds where these are millions, so what was found is remembered in the ledger of
builds with what it was found in; it may be forgotten, and is then found again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Final

import polars as pl

from transforms.tables import BuildRecord, types
from warehouse.lake.errors import DamagedError
from warehouse.lake.ledgers import current_builds, digest
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.members import digests

#: The column of answers by which each is found: as `transforms.answers.matching` has it.
_KEYS: Final = {"accounts": pl.coalesce("account_key", "respondent_key"), "employees": pl.col("respondent_key")}
_STAGE: Final = "matched"


def matched_members(
    lake: Lake, files: pl.DataFrame, members: pl.DataFrame, states: Mapping[date, str]
) -> dict[date, str]:
    """For each month the digest of all that is known of those members that its answers are of.

    `files` are those whose answers count, `members` versions of accounts and employees; a state tells all that it may depend
    on. Where none is known it is empty.
    """
    if members.is_empty():
        return {}
    known = current_builds(lake, _STAGE)
    found = {month: inputs for month, state, inputs in known.select("month", "load_id", "inputs").iter_rows()
             if states.get(month) == state}  # fmt: skip
    missing = sorted(states.keys() - found.keys())
    if missing:
        what = f"matched {digest([(month, states[month]) for month in missing])}"
        # What of answers is damaged is for those to find who build from them: such months are built.
        found |= {month: states[month] for month in missing}
        with suppress(DamagedError, pl.exceptions.PolarsError, OSError):
            found.update(lake.remembered("staged", what, lambda: _rows(lake, files, members, missing)).iter_rows())
    return found


def record_matched(lake: Lake, matched: Mapping[date, tuple[str, str]], now: datetime) -> None:
    """Remember what was found (of each month the state and the digest), as far as it is not what is remembered."""
    known = dict(current_builds(lake, _STAGE).select("month", "load_id").iter_rows())
    told = [
        (_STAGE, month, state, inputs, 0, 0, 0, now, None)
        for month, (state, inputs) in sorted(matched.items())
        if known.get(month) != state
    ]
    if told:
        lake.append("builds", pl.DataFrame(told, schema=types(BuildRecord), orient="row"))


def _rows(lake: Lake, files: pl.DataFrame, members: pl.DataFrame, months: list[date]) -> pl.DataFrame:
    """One row per month: `month, inputs`."""
    wanted = pl.lit(months, pl.List(pl.Date))
    loads = files.filter(pl.col("months").list.set_intersection(wanted).list.len() > 0).select("load_id")
    paths = lake.files_of("staged", loads, months)
    answers = scan("staged", paths, loads.to_series().unique().to_list()).filter(pl.col("month").is_in(months))
    keys = [
        answers.select("month", member_key=key, dimension=pl.lit(name)).join(
            members.lazy().filter(pl.col("dimension") == name).select("member_key").unique(), on="member_key", how="semi"
        ).unique()
        for name, key in _KEYS.items()
    ]  # fmt: skip
    of_months = pl.concat(keys).collect(engine="streaming")
    told = []
    for month in months:
        here = of_months.filter(pl.col("month") == month)
        held = members.join(here, on=["dimension", "member_key"], how="semi")
        told.append((month, digests(held, [month])[month]))
    return pl.DataFrame(told, schema={"month": pl.Date, "inputs": pl.String}, orient="row")
