"""The months that Dagster knows: from `history_from` to the one after the current, in the business timezone."""

from __future__ import annotations

import dagster as dg

from pipelines.config.models import Config


def months(config: Config) -> dg.MonthlyPartitionsDefinition:
    """One partition per month; its key is written 2025-01.

    The next month has one too: a clock that runs a little ahead may date an answer of its last day there.
    """
    return dg.MonthlyPartitionsDefinition(
        start_date=config.history_from, fmt="%Y-%m", timezone=config.timezone, end_offset=2
    )
