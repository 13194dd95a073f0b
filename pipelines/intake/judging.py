"""From the table of a file to a load: which rules judge the rows of which feed.

Here: answers, lists, tickets and outcomes, each to their judge. Not here: how a row is judged (`transforms.rows`), how a
load is written (`warehouse.intake.staging`), or how the file became a table (`reading`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import polars as pl

from expectations.loading import load
from pipelines.adapters.columns import canonical
from pipelines.adapters.lists import activity, clients, members, tickets
from pipelines.adapters.table import TextTable
from pipelines.config.follow_up import Tickets
from pipelines.config.layouts import DimensionName
from pipelines.config.outcomes import Activity, ClientList
from pipelines.context import Context
from pipelines.intake.erased_people import erased
from pipelines.intake.feeds import Feed
from pipelines.landing.discover import modified_at
from pipelines.landing.landed import LandedFile
from pipelines.recipes.rows import activity_rules, cleaning_rules, client_rules, member_rules, ticket_rules
from transforms.rows.activity import judge_activity
from transforms.rows.ahead import looked_ahead
from transforms.rows.clients import judge_clients
from transforms.rows.members import judge_members
from transforms.rows.staged import judge
from transforms.rows.tickets import judge_tickets
from warehouse.intake.staging import BY_MONTH_FROM, Origin, Staged, stage_answers, stage_list
from warehouse.lake.ledgers import DIMENSION_PREFIX, TICKETS
from warehouse.lake.store import Lake


def stage_rows(context: Context, feed: Feed, file: LandedFile, table: TextTable, scratch: Path) -> Staged:
    """Judge the rows of a file's table by the rules of its feed, and write them as a load; copies go to `scratch`.

    Raises `polars.exceptions.ComputeError` where rows cannot be read quickly.
    """
    config, key = context.workspace.config, context.workspace.key()
    if feed.is_dimension:
        if isinstance(feed.layout, Tickets):
            return _stage_tickets(context, feed.layout, file, table)
        if isinstance(feed.layout, Activity | ClientList):
            return _stage_outcomes(context, feed, file, table)
        name = cast("DimensionName", feed.name.removeprefix(DIMENSION_PREFIX))
        modified_on = modified_at(file).astimezone(ZoneInfo(config.timezone)).date()
        member = member_rules(config, name, table, key=key, modified_on=modified_on)
        judged = judge_members(members(table, file, config.dimensions.lists[name]), member, file.digest)
        return stage_list(context.lake, judged, Origin(feed.name, file.digest, erased=erased(context)), "members")
    rules = cleaning_rules(config, feed.name, table, key=key, now=context.clock(), answer=file.answer)
    raw = canonical(table, file, config.sources[feed.name])
    given, is_private = raw.collect_schema().names(), rules.metric == "enps"
    if "cells" in given and file.size_bytes >= BY_MONTH_FROM:
        raw = looked_ahead(raw)
    origin = Origin(feed.name, file.digest, rules.survey, given, file.size_bytes, is_private, erased(context))
    return _staged(context.lake, judge(raw, rules, file.digest), origin, scratch)


def _staged(lake: Lake, judged: pl.LazyFrame, origin: Origin, scratch: Path) -> Staged:
    """A load of answers. While the engine works through a big file, which takes no Python, what judges it is imported."""
    if origin.size_bytes < BY_MONTH_FROM:
        return stage_answers(lake, judged, origin, scratch)
    with ThreadPoolExecutor(1) as beside:
        staged = beside.submit(stage_answers, lake, judged, origin, scratch)
        load()
        return staged.result()


def _stage_tickets(context: Context, layout: Tickets, file: LandedFile, table: TextTable) -> Staged:
    rules = ticket_rules(context.workspace.config, layout, table, key=context.workspace.key())
    judged = judge_tickets(tickets(table, file, layout), rules, file.digest)
    return stage_list(context.lake, judged, Origin(TICKETS, file.digest, erased=erased(context)), "tickets")


def _stage_outcomes(context: Context, feed: Feed, file: LandedFile, table: TextTable) -> Staged:
    config, key = context.workspace.config, context.workspace.key()
    origin = Origin(feed.name, file.digest, erased=erased(context))
    if isinstance(feed.layout, Activity):
        rules = activity_rules(config, feed.layout, table, key=key, now=context.clock())
        judged = judge_activity(activity(table, file, feed.layout), rules, file.digest)
        return stage_list(context.lake, judged, origin, "activity")
    layout = cast("ClientList", feed.layout)
    who = client_rules(config, layout, table, key=key)
    judged = judge_clients(clients(table, file, layout), who, file.digest)
    return stage_list(context.lake, judged, origin, "clients")
