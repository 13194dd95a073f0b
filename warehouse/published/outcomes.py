"""What came of it: what clients did after they had answered, in the published file, where nps.yaml declares activity.

Here: which answers and which rows of activity are held against each other, and the order in which tables are made of them.
Not here: what a row of activity means (`transforms.rows.activity`), what follows from both (`models/outcomes`). No row of a
client is published; in the lake clients are known by their pseudonyms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import duckdb
import polars as pl

from transforms.asking.answered import Elsewhere
from transforms.dates.instants import INSTANT
from transforms.dimensions import ABSENT, OWN, TYPED
from transforms.rows.activity import IS_DEED, counting, left_behind
from transforms.rows.clients import current_clients
from transforms.tables import Activity, Client, stored_types
from transforms.texts.amounts import AMOUNT
from warehouse.engine import frame_table, reconcile, run_model
from warehouse.lake.ledgers import ACTIVITY_PREFIX, CLIENTS, counted_files, current_builds, loads_of
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.asked_clients import asked_clients
from warehouse.months.behind import responses_in
from warehouse.months.plan import Plan
from warehouse.months.responses import staged_answers
from warehouse.months.shown import Names, shown_cells
from warehouse.published.branch_revenue import branch_revenue

#: Its tables in the schema marts, each of a model of its own.
USUAL: Final = ("fct_outcome", "nps_outcomes", "churn_curve", "nps_by_cohort", "referral_arithmetic")
#: Only where accounts have branches, and activity has amounts.
GROWTH: Final = "growth_forecast"
#: Only where lists say what clients are worth, and only where a source has contacts.
VALUED: Final = "nps_value_weighted"
ASKED: Final = "sales_after_asking"
TABLES: Final = (*USUAL, VALUED, ASKED, GROWTH)
#: Of fewer clients no revenue is shown.
FEWEST: Final = 5

#: Of fewer purchases of a file it is not told how large they usually are.
_ENOUGH: Final = 20

_ROW: Final = ("position", "source_row")
_CELL: Final = ("month", "cell")
_BOUGHT: Final = ("purchase", "renewal")
_PAID: Final = (*_BOUGHT, "refund")


@dataclass(frozen=True)
class Referral:
    """How many clients a promoter is assumed to bring, and a detractor to turn away, which is below 0."""

    per_promoter: float = 1
    per_detractor: float = -4
    source: str = "seed assumption"


@dataclass(frozen=True)
class Outcomes:
    """What nps.yaml says of what clients do."""

    by: Literal["account", "respondent"]
    """How activity knows clients; by account an answer that names none is of the account that its respondent is."""
    activity: tuple[str, ...]
    """Its names."""
    timezone: str
    has_values: bool = False
    """Whether lists say what clients are worth."""
    has_referrers: bool = False
    """Whether they say who brought them."""
    has_growth: bool = False
    """Whether activity has amounts, and a list of accounts says their branches."""
    referral: Referral = field(default_factory=Referral)
    contacts: tuple[str, ...] = ()
    """The sources whose rows are attempts to ask somebody."""
    answered_in: Mapping[str, Elsewhere] = field(default_factory=dict)
    """Of those whose files hold no answers the one that does."""
    named: tuple[str, ...] = ()
    """Of those the sources that give attempts ids."""

    @property
    def key(self) -> pl.Expr:
        """By what answers and attempts are of a client."""
        person = pl.col("respondent_key")
        return person if self.by == "respondent" else pl.coalesce("account_key", person)


def register_outcomes(
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, outcomes: Outcomes, names: Names
) -> None:
    """Make what its tables are made of: who answered, who was asked, what they did, and what lists say of them."""
    answers = _answers(lake, plan, outcomes, names)
    asked = _asked(lake, plan, outcomes)
    keys = pl.concat([answers.select("key"), asked.select("key")]).drop_nulls().unique(maintain_order=True)
    client = keys.with_row_index("client").with_columns(pl.col("client").cast(pl.Int64))
    frame_table(connection, "answered", answers.join(client, on="key", how="left").drop("key"))
    frame_table(connection, "asked_clients", asked.join(client, on="key").drop("key"))
    rows = _told(lake, outcomes)
    deeds = rows.filter(IS_DEED)
    frame_table(connection, "deed_files", _files_of(rows, client.get_column("key")))
    _register_deeds(connection, deeds, client)
    if outcomes.has_growth:
        revenue = branch_revenue(deeds, plan.members, outcomes.timezone, names.spelling)
        frame_table(connection, "branch_revenue", revenue)
    lists = _clients(lake).join(client, on="key", how="left")
    referrer = client.select(referrer_key="key", referrer="client")
    listed = lists.join(referrer, on="referrer_key", how="left").drop("key", "referrer_key").with_row_index("listed")
    frame_table(connection, "client_list", listed)
    told = {"per_promoter": outcomes.referral.per_promoter, "per_detractor": outcomes.referral.per_detractor}
    referral = {**told, "source_of_factor": outcomes.referral.source, "has_referrers": outcomes.has_referrers}
    frame_table(connection, "referral", pl.DataFrame([referral]))
    run_model(connection, "outcomes/followed")


def tables_of(outcomes: Outcomes) -> list[str]:
    """Those of its tables that are made."""
    wanted = {VALUED: outcomes.has_values, ASKED: bool(outcomes.contacts), GROWTH: outcomes.has_growth}
    return [*USUAL, *(table for table, is_wanted in wanted.items() if is_wanted)]


def create_outcomes(connection: duckdb.DuckDBPyConnection, outcomes: Outcomes) -> None:
    """Make its tables, and its part of meta.reconciliation."""
    if outcomes.has_growth:
        run_model(connection, "outcomes/growth_panel")
        run_model(connection, "outcomes/growth_models")
    for table in tables_of(outcomes):
        run_model(connection, f"outcomes/{table}")
    run_model(connection, "outcomes/clients_followed")
    run_model(connection, "outcomes/activity_files")
    reconcile(connection, "outcomes")
    for table in (VALUED, ASKED, GROWTH):
        if table in tables_of(outcomes):
            reconcile(connection, table)


def _asked(lake: Lake, plan: Plan, outcomes: Outcomes) -> pl.DataFrame:
    return asked_clients(
        lake,
        plan,
        outcomes.contacts,
        outcomes.answered_in,
        named=outcomes.named,
        key=outcomes.key,
        timezone=outcomes.timezone,
    )


def _register_deeds(connection: duckdb.DuckDBPyConnection, deeds: pl.DataFrame, client: pl.DataFrame) -> None:
    counted = deeds.filter("is_counted")
    kind = pl.col("kind")
    feeds = counted.group_by(feed="source").agg(
        known_from=pl.col("occurred_on").min(),
        known_until=pl.coalesce("known_until", "occurred_on").max(),
        bought=kind.is_in(_BOUGHT).sum().cast(pl.Int64),
        refunded=(kind == "refund").sum().cast(pl.Int64),
        cancelled=(kind == "cancel").sum().cast(pl.Int64),
        paid=pl.col("amount").filter(kind != "cancel").sum().cast(pl.Decimal(38, 4)),
    )
    frame_table(connection, "deed_feeds", feeds)
    of_answers = counted.join(client, left_on="client_key", right_on="key")
    frame_table(connection, "deeds", of_answers.select("client", "occurred_on", "kind", "amount"))
    paid = counted.filter(kind != "cancel", pl.col("amount").is_not_null())
    currencies = paid.get_column("currency").fill_null("").unique()
    has_revenue = len(currencies) == 1
    setting = {"has_revenue": [has_revenue], "currency": [currencies[0] if has_revenue else None], "fewest": [FEWEST]}
    frame_table(connection, "deed_setting", pl.DataFrame(setting, schema_overrides={"currency": pl.String}))


def _files_of(told: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """One row per file: what counts of it, what does not for a row of another client, and amounts beside other files'.

    `known` are the clients who answered or were asked.
    """
    by = ["source", "file_digest"]
    number, deeds = ["source", "activity_key"], told.filter(IS_DEED)
    about = [*number, "client_key", "occurred_on"]
    newest = deeds.filter("is_counted")
    # A number of which nothing counts is void.
    again = deeds.filter(~pl.col("is_counted")).join(newest.select(number).unique(), on=number, how="semi")
    others = again.join(newest.select(about), on=about, how="anti").group_by(by)
    paid = deeds.filter(pl.col("kind").is_in(_BOUGHT) & (pl.col("amount") > 0)).with_columns(
        pl.col("amount").cast(float)
    )
    middles = paid.group_by(by).agg(middle=pl.col("amount").median(), paid=pl.len()).filter(pl.col("paid") >= _ENOUGH)
    usual = paid.group_by("source").agg(usual=pl.col("amount").median())
    ratios = middles.join(usual, on="source").select(*by, amount_ratio=pl.col("middle") / pl.col("usual"))
    found = deeds.group_by(by).agg(
        deeds=pl.len().cast(pl.Int64),
        counted=pl.col("is_counted").sum().cast(pl.Int64),
        unpaid=(pl.col("is_counted") & pl.col("kind").is_in(_PAID) & pl.col("amount").is_null()).sum().cast(pl.Int64),
        of_known=(pl.col("is_counted") & pl.col("client_key").is_in(known.implode())).sum().cast(pl.Int64),
        currencies=(
            pl.col("currency").fill_null("none")
            .filter("is_counted", pl.col("kind") != "cancel", pl.col("amount").is_not_null())
            .unique().sort().str.join(", ")
        ),
        told_again=(~pl.col("is_counted")).sum().cast(pl.Int64),
    )  # fmt: skip
    replaced = others.agg(of_others=pl.len().cast(pl.Int64))
    files = found.join(replaced, on=by, how="left").join(ratios, on=by, how="left")
    files = files.join(left_behind(told), on=by, how="left")
    return files.with_columns(pl.col("of_others", "left_behind").fill_null(0))


def _answers(lake: Lake, plan: Plan, outcomes: Outcomes, names: Names) -> pl.DataFrame:
    """The answers that make up the score: `month, key, answered_at, answered_on, place, branch, industry, category`."""
    builds = plan.counting(current_builds(lake, "responses"))
    paths, files = lake.files_of("cells", loads_of(builds)), lake.files_of("responses", loads_of(builds))
    told = ("branch", "industry", "category")
    if not paths or not files:
        texts = dict.fromkeys(("key", *told), pl.String())
        days = dict.fromkeys(("month", "answered_on"), pl.Date())
        return pl.DataFrame(schema={**texts, **days, "answered_at": INSTANT, "place": pl.Int64()})
    named = [pl.col(name).cast(pl.String).fill_null(ABSENT[name]) for name in TYPED]
    cells = (
        scan("cells", paths).filter(pl.col("metric") == "nps").select(*_CELL, "survey", *named, "category").collect()
    )
    shown = shown_cells(cells, names).filter(pl.col("brand") == OWN)
    if names.headline:
        shown = shown.filter(pl.col("programme").is_in(list(names.headline)))
    positions = plan.files.select("source", "file_digest", "position").lazy()
    counting_rows = responses_in(files).join(positions, on=["source", "file_digest"]).select(*_ROW, *_CELL)
    rows = counting_rows.join(shown.lazy().select(*_CELL, *told), on=_CELL).collect()
    read = plan.files.join(rows.select(pl.col("position").unique()), on="position", how="semi")
    staged = lake.files_of("staged", read.select("load_id"), rows.get_column("month").unique().to_list())
    day = pl.col("responded_at").dt.convert_time_zone(outcomes.timezone).dt.date()
    said = staged_answers(staged, plan.files).select(
        *_ROW, key=outcomes.key, answered_at="responded_at", answered_on=day
    )
    found = rows.lazy().join(said, on=_ROW).sort(_ROW).collect()
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    return found.select("month", "key", "answered_at", "answered_on", *told, place=place)


def _told(lake: Lake, outcomes: Outcomes) -> pl.DataFrame:
    """What files tell of what clients did, as `Activity`, with `position` and `is_counted`."""
    files = counted_files(lake, [ACTIVITY_PREFIX + name for name in outcomes.activity])
    paths = lake.files_of("activity", files.select("load_id"))
    schema = stored_types(Activity)
    if not paths:
        return pl.DataFrame(schema={**schema, "position": pl.Int64, "is_counted": pl.Boolean})
    rows = scan("activity", paths).join(files.select("load_id", "position").lazy(), on="load_id")
    typed = [pl.col(name).cast(dtype) for name, dtype in schema.items()]
    return counting(rows.select(*typed, "position")).collect()


def _clients(lake: Lake) -> pl.DataFrame:
    """Each client as the last list says: `key, first_seen, acquisition, referrer_key, worth, is_foreign`."""
    files = counted_files(lake, [CLIENTS])
    paths = lake.files_of("clients", files.select("load_id")) if files.height else []
    told = ("first_seen", "acquisition", "referrer_key", "worth", "is_foreign")
    if not paths:
        schema = {"key": pl.String(), **stored_types(Client), "worth": AMOUNT, "is_foreign": pl.Boolean()}
        return pl.DataFrame(schema={name: schema[name] for name in ("key", *told)})
    rows = scan("clients", paths).collect().join(files.select("load_id", "position"), on="load_id")
    return current_clients(rows).select("client_key", *told).rename({"client_key": "key"})
