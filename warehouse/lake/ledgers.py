"""What the ledgers say now: which files are in, which loads count, which months are built from what.

Here: reading ledgers, deriving what is stale. Nothing is remembered: everything is derived from what there is.
Not here: storing (`warehouse.lake.store`), building (`warehouse.months.responses`, `warehouse.months.facts`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

import polars as pl

from transforms.tables import Outcome, stored_types
from transforms.texts.repeating import each
from transforms.texts.spelling import key
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake

#: Raise it when what responses are made of, or how, changes: every month is then built anew.
RESPONSES_VERSION: Final = 6
#: The same of facts alone. What marts are has a version of its own (`warehouse.marts`), for which no month is built.
FACTS_VERSION: Final = 2
#: The same of what publishing keeps of people.
PEOPLE_VERSION: Final = 2
#: The same of what it keeps of why people say so.
WHY_VERSION: Final = 1


def current_files(lake: Lake) -> pl.DataFrame:
    """One row per source and file: the last verdict on it, as `FileRecord`."""
    return lake.remembered("files", "current", lambda: _last_of_each(lake.ledger("files")))


def _last_of_each(files: pl.DataFrame) -> pl.DataFrame:
    last = _in_order(files, "ingested_at").unique(["source", "file_digest"], keep="last", maintain_order=True)
    return last.with_columns(scope=each(pl.col("scope"), scope_as_compared))


def scope_as_compared(scope: str) -> str:
    """The scope of a snapshot by the keys of the names that its file gives: all spellings of one are the same."""
    named = json.loads(scope)
    return json.dumps({name: value if name == "answers" else key(value) for name, value in sorted(named.items())})


def counted_files(lake: Lake, feeds: Iterable[str]) -> pl.DataFrame:
    """The accepted files of the named sources or dimensions, with their `position`.

    `position` numbers them from old to new: by the time when they were last modified, then by path.
    """
    files = current_files(lake).filter(pl.col("status") == "accepted", pl.col("source").is_in(list(feeds)))
    ordered = files.sort("modified_at", "path", "file_digest", "source")
    return ordered.with_row_index("position").cast({"position": pl.Int64})


def first_days(lake: Lake, zone: str) -> pl.DataFrame:
    """On which day of `zone` each file was first accepted, or another one of its name: `source, file_digest, came_on`."""
    accepted = lake.ledger("files").filter(pl.col("status") == "accepted")
    first = pl.col("ingested_at").min().over("source", "path")
    of_name = accepted.with_columns(came_on=first.dt.convert_time_zone(zone).dt.date())
    return of_name.group_by("source", "file_digest").agg(pl.col("came_on").min())


def answers_by_survey(lake: Lake, load_id: str) -> dict[str, int]:
    """How many answers of each survey are in a load of staged answers."""
    files = lake.files_of("staged", pl.DataFrame({"load_id": [load_id]}))
    if not files:
        return {}
    rows = scan("staged", files).filter(pl.col("load_id") == load_id)
    return dict(rows.group_by("survey").len().collect().iter_rows())


#: Dimension files stand in the same ledger, under this prefix.
DIMENSION_PREFIX: Final = "dimension."
#: And so do files of tickets, though what they say is of answers.
TICKETS: Final = f"{DIMENSION_PREFIX}tickets"
#: And files of what clients did, each under the name of its activity; and lists of clients.
ACTIVITY_PREFIX: Final = f"{DIMENSION_PREFIX}activity_"
CLIENTS: Final = f"{DIMENSION_PREFIX}clients"


def moves_no_answer(source: str) -> bool:
    """Whether files of that name in the ledger say what was done, and nothing about which answers count where."""
    return source in (TICKETS, CLIENTS) or source.startswith(ACTIVITY_PREFIX)


def current_builds(lake: Lake, stage: str) -> pl.DataFrame:
    """One row per month that the stage has built: the last build of it, as `BuildRecord`."""
    return lake.remembered("builds", stage, lambda: _last_of_months(lake.ledger("builds"), stage))


def builds_before(lake: Lake, stage: str, sequence: int) -> pl.DataFrame:
    """The same as it was before the append of this number."""
    return _last_of_months(lake.ledger("builds").filter(pl.col("sequence") < sequence), stage)


def _last_of_months(builds: pl.DataFrame, stage: str) -> pl.DataFrame:
    of_stage = builds.filter(pl.col("stage") == stage)
    return _in_order(of_stage, "built_at").unique("month", keep="last").sort("month")


def _in_order(records: pl.DataFrame, written_at: str) -> pl.DataFrame:
    """Records in the order in which they were appended: a clock that was wrong once changes nothing about it.

    Only those that were written before they were numbered, and those that were appended at once, go by the clock.
    """
    return records.sort("sequence", written_at, "load_id", nulls_last=False)


def loads_of(builds: pl.DataFrame) -> pl.DataFrame:
    """The loads that count for the months of `builds`, as `Lake.files_of` wants them."""
    return builds.select("load_id", "month")


def outcomes_of(lake: Lake, builds: pl.DataFrame) -> pl.DataFrame:
    """What became of the answers of each file, as `Outcome`, by builds of responses; `rule` is text."""
    files = lake.files_of("outcomes", loads_of(builds))
    schema = stored_types(Outcome)
    return scan("outcomes", files).select(*schema).collect() if files else pl.DataFrame(schema=schema)


def digest(*parts: object) -> str:
    """A short fingerprint of anything that has a stable text."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def made_by() -> pl.Expr:
    """What the rows of a file were made by: its recipe, and when people were erased from them."""
    since = pl.concat_list("recipe", "erasures").list.join(", ")
    return pl.when(pl.col("erasures").list.len() > 0).then(since).otherwise("recipe").alias("recipe")


def erasure(month: date | None, at: datetime) -> str:
    """How a file's record tells that rows of a month were erased; of rows that have none it tells none."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f} {month or ''}"


def erased_at() -> pl.Expr:
    """When people were last erased from a file; NULL where nobody was."""
    last = pl.col("erasures").list.max().str.split(" ").list.first()
    return last.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", time_zone="UTC")


def erased_since(file: Mapping[str, list[str]], then: datetime) -> list[date | None]:
    """The months of rows that were erased from a file since then; None stands for rows that have none."""
    told = [each.partition(" ") for each in file["erasures"]]
    return [date.fromisoformat(month) if month else None for at, _, month in told if f"{at} " > erasure(None, then)]


#: What of a file's record the digests of months are made from.
_MADE_FROM: Final = (
    "source", "file_digest", "recipe", "modified_at", "months", "moved_months", "moved_with", "delivery", "scope",
    "erasures",
)  # fmt: skip


def inputs_of_months(files: pl.DataFrame, dimensions: dict[date, str], settings: str) -> dict[date, str]:
    """Each month that answers fall in, and the digest of everything that its responses are made from.

    `files` are the counted ones; `dimensions` gives the digest of the members valid in a month, `settings` that of the
    configuration that matters.
    """
    inputs: dict[date, list[tuple[object, ...]]] = {}
    counted = set(files.select("source", "file_digest").iter_rows())
    seen_in_snapshots: dict[tuple[str, str], set[date]] = {}
    made_from = files.sort("position").select(_MADE_FROM)
    for source, file, recipe, modified_at, own, moved, moved_with, delivery, scope, erasures in made_from.iter_rows():
        months = {*own, *moved}
        if delivery == "snapshot":
            # A newer export decides about every month of the older ones, also where it has no answer left.
            months = seen_in_snapshots.setdefault((source, scope), set()) | months
            seen_in_snapshots[source, scope] = months
        # An answer of this file that lost to a version in another counts again when that one counts no more.
        others = [other for other in moved_with if (source, other) in counted]
        for month in months:
            erased = [each for each in erasures if each.endswith(f" {month}")]
            inputs.setdefault(month, []).append((source, file, recipe, modified_at, others, *erased))
    made = (RESPONSES_VERSION, settings)
    return {month: digest(*made, dimensions.get(month, ""), found) for month, found in sorted(inputs.items())}


def facts_inputs(responses_inputs: str) -> str:
    """Digest of what a month's facts are made from, given that of its responses."""
    return digest("facts", FACTS_VERSION, responses_inputs)
