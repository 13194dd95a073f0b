"""The months that Dagster knows: from `history_from` to the one after the current, in the business timezone.

Here: which there are, and which a run is over. Not here: which are stale (`warehouse.months.plan`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import dagster as dg

from pipelines.assets.failures import SaidError
from pipelines.config.models import Config
from pipelines.recipes.months import month_key, month_of

RANGE_START: Final = "dagster/asset_partition_range_start"
RANGE_END: Final = "dagster/asset_partition_range_end"
_ONE: Final = "dagster/partition"


def months(config: Config) -> dg.MonthlyPartitionsDefinition:
    """One partition per month; its key is written 2025-01.

    The next month has one too: a clock that runs a little ahead may date an answer of its last day there.
    """
    return dg.MonthlyPartitionsDefinition(
        start_date=config.history_from, fmt="%Y-%m", timezone=config.timezone, end_offset=2
    )


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags of a run over a range of months."""
    return {RANGE_START: month_key(first), RANGE_END: month_key(last)}


def months_of_run(context: dg.AssetExecutionContext) -> list[date]:
    """The months that a run is over. Raises `SaidError` where its tags name none, or some that there are not.

    Dagster would cut off such a range, or build nothing, and call that a success.
    """
    known, tags = context.assets_def.partitions_def, context.run.tags
    keys = known.get_partition_keys() if known else []
    first, last = _range(tags)
    if not first or not last:
        raise SaidError(
            f"This run says of no month that it is to be built. Choose months from {keys[0]} to {keys[-1]} "
            "where it is started, or type nps backfill with the first and the last."
        )
    if first > last or first not in keys or last not in keys:
        raise SaidError(
            f"There are months from {keys[0]} (history_from of nps.yaml) to {keys[-1]}; {first} to {last} is no range of "
            "them. Nothing was built: start it again over others."
        )
    return [month_of(key) for key in context.partition_keys]


def _range(tags: Mapping[str, str]) -> tuple[str | None, str | None]:
    if _ONE in tags:
        return tags[_ONE], tags[_ONE]
    return tags.get(RANGE_START), tags.get(RANGE_END)
