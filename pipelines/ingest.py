"""Taking in the files of one source or dimension: what is pending, each file through its gate, the verdict recorded.

Here: the order of things, and that one bad file harms no other. Not here: reading a file (`pipelines.adapters`), what a
row means (`transforms`), the lake (`warehouse`), what is believable (`expectations`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Literal, cast
from zoneinfo import ZoneInfo

import polars as pl
from filelock import FileLock

from expectations.loading import preload
from pipelines.adapters import kinds
from pipelines.adapters.columns import canonical, members, values_from_name
from pipelines.adapters.landing import RefusedFile
from pipelines.adapters.table import LandedFile, TextTable
from pipelines.config.models import DimensionName
from pipelines.errors import FileRefusedError
from pipelines.feeds import Feed, arrived, without_verdict
from pipelines.gates import check_files
from pipelines.recipes import cleaning_rules, member_rules, reject_share
from pipelines.tools import Tools
from transforms.members import judge_members
from transforms.staged import judge
from transforms.tables import FileRecord, types
from warehouse.ledgers import DIMENSION_PREFIX, current_files
from warehouse.redelivery import NO_REDELIVERY, Redelivery, redeliveries
from warehouse.staging import Staged, Tally, commit_files, stage_answers, stage_members

#: Files that are gated and recorded together: a crash loses at most the work on these.
BATCH = 50

_NOTHING = Tally(0, 0, 0, 0, 0, [], [], {})
_NO_SCOPE = {"responded_at", "updated_at", "valid_from"}


@dataclass(frozen=True)
class FileVerdict:
    """What became of one file."""

    file: LandedFile | RefusedFile
    status: Literal["accepted", "held", "refused"]
    staged: Staged | None = None
    scope: str = "{}"
    redelivery: Redelivery = NO_REDELIVERY
    reason: str | None = None
    detail: str | None = None

    @property
    def tally(self) -> Tally:
        """What was found in it; nothing in a file that could not be read."""
        return _NOTHING if self.staged is None else self.staged.tally


def ingest(tools: Tools, feed: Feed) -> list[FileVerdict]:
    """Take in every pending file of a feed. Each verdict is recorded; a file counts only when its record says so.

    One process at a time: what a file redelivers is found by comparing it with those that count already.
    """
    with FileLock(tools.scratch("locks") / f"{feed.name}.lock"):
        return _ingest(tools, feed)


def _ingest(tools: Tools, feed: Feed) -> list[FileVerdict]:
    here = arrived(tools, feed)
    waiting = without_verdict(tools, feed, here)
    # Great Expectations takes seconds to import, which the reading of files need not wait for.
    Thread(target=preload, daemon=True).start()
    verdicts: list[FileVerdict] = []
    for first in range(0, len(waiting), BATCH):
        batch = [
            _staged(tools, feed, item, first + at, len(waiting)) for at, item in enumerate(waiting[first:][:BATCH])
        ]
        judged = _gated(tools, feed, batch)
        replaced = _replaced(tools, feed, judged, present={item.digest for item in here})
        tools.lake.append("files", pl.concat([_records(tools, feed, judged), replaced]))
        verdicts += judged
    return verdicts


def _replaced(tools: Tools, feed: Feed, verdicts: Sequence[FileVerdict], *, present: set[str]) -> pl.DataFrame:
    """The records of files whose name other bytes have taken, and whose own are nowhere in landing any more.

    So a file that is mended in place does not count beside what it was before the mending.
    """
    taken = {verdict.file.relative: verdict.file.digest for verdict in verdicts if verdict.status == "accepted"}
    now = pl.col("path").replace_strict(taken, default=None, return_dtype=pl.String)
    older = current_files(tools.lake).filter(
        pl.col("source") == feed.name,
        pl.col("status") == "accepted",
        pl.col("file_digest") != now,
        ~pl.col("file_digest").is_in(list(present)),
    )
    return older.with_columns(
        status=pl.lit("replaced", types(FileRecord)["status"]),
        detail=pl.lit("Other bytes came under its name, and its own are not in landing any more."),
        ingested_at=pl.lit(tools.clock(), types(FileRecord)["ingested_at"]),
    )


def _staged(tools: Tools, feed: Feed, item: LandedFile | RefusedFile, done: int, of: int) -> FileVerdict:
    tools.tell(f"{feed.name}: {item.relative}", done, of)
    if isinstance(item, RefusedFile):
        return _refused(item, item.error)
    try:
        with tempfile.TemporaryDirectory(prefix="file-", dir=tools.scratch("files")) as scratch:
            staged = _stage_readable(tools, feed, item, Path(scratch))
        scope = _scope(values_from_name(item, feed.layout))
    except FileRefusedError as error:
        return _refused(item, error)
    return FileVerdict(item, "accepted", staged, scope)


def _refused(item: LandedFile | RefusedFile, error: FileRefusedError) -> FileVerdict:
    return FileVerdict(item, "refused", reason=error.reason, detail=error.detail)


def _stage_readable(tools: Tools, feed: Feed, file: LandedFile, scratch: Path) -> Staged:
    table = kinds.read(file, feed.layout, tools.workspace.config.limits, scratch)
    try:
        return _stage(tools, feed, file, table)
    except pl.exceptions.ComputeError as error:
        if table.careful is None:
            raise FileRefusedError(
                "file_unreadable", f"{file.relative} cannot be read: {_first_line(error)}"
            ) from error
    # Rows with too many cells or broken quotes: read again, slowly, marking each of them.
    return _stage(tools, feed, file, table.careful())


def _stage(tools: Tools, feed: Feed, file: LandedFile, table: TextTable) -> Staged:
    config, key = tools.workspace.config, tools.workspace.key()
    if feed.is_dimension:
        name = cast("DimensionName", feed.name.removeprefix(DIMENSION_PREFIX))
        modified_on = datetime.fromtimestamp(file.modified_ns / 1e9, ZoneInfo(config.timezone)).date()
        member = member_rules(config, name, key=key, modified_on=modified_on)
        judged = judge_members(members(table, file, config.dimensions[name]), member, file.digest)
        return stage_members(tools.lake, judged, feed.name, file.digest)
    rules = cleaning_rules(config, feed.name, key=key, now=tools.clock())
    raw = canonical(table, file, config.sources[feed.name])
    return stage_answers(tools.lake, judge(raw, rules, file.digest), feed.name, file.digest)


def _gated(tools: Tools, feed: Feed, batch: Sequence[FileVerdict]) -> list[FileVerdict]:
    """The batch with files held back that their gate stops, and with the months that the others move answers from."""
    staged = {verdict.file.digest: verdict.staged for verdict in batch if verdict.staged is not None}
    commit_files(tools.lake, list(staged.values()))
    if feed.is_dimension or not staged:
        return list(batch)
    stopped = check_files(tools, feed.name, _pending_frame(tools, feed, batch))
    good = {load.load_id: digest for digest, load in staged.items() if digest not in stopped}
    found = redeliveries(tools.lake, feed.name, good) if good else {}
    return [_settled(verdict, feed.name, stopped, found) for verdict in batch]


def _settled(verdict: FileVerdict, source: str, stopped: dict[str, str], found: dict[str, Redelivery]) -> FileVerdict:
    if verdict.staged is None:
        return verdict
    if verdict.file.digest in stopped:
        detail = stopped[verdict.file.digest] + _what_was_rejected(verdict.tally, source)
        return replace(verdict, status="held", reason="gate", detail=detail)
    return replace(verdict, redelivery=found.get(verdict.staged.load_id, NO_REDELIVERY))


def _what_was_rejected(tally: Tally, source: str) -> str:
    if not tally.reasons:
        return ""
    reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in tally.reasons.items())
    return (
        f" Rejected or excluded, of {tally.rows_read:,} read: {reasons}. See them with: nps rejects --source {source}"
    )


def _pending_frame(tools: Tools, feed: Feed, batch: Sequence[FileVerdict]) -> pl.DataFrame:
    """What `warehouse.gates.files_gate` wants to know of files."""
    config = tools.workspace.config
    source = config.sources[feed.name]
    counts = ("rows_read", "accepted", "unanswered", "excluded", "rejected")
    rows = [
        {
            "source": feed.name,
            "file_digest": verdict.file.digest,
            "path": verdict.file.relative,
            "load_id": verdict.staged.load_id,
            "scale": source.scale,
            "max_reject_share": reject_share(config, source),
            **{name: getattr(verdict.tally, name) for name in counts},
        }
        for verdict in batch
        if verdict.staged is not None
    ]
    return pl.DataFrame(rows)


def _scope(values: Mapping[str, str]) -> str:
    """What a snapshot of a file replaces, beside its survey: the values that its name gives, except dates."""
    return json.dumps({name: values[name] for name in sorted(values) if name not in _NO_SCOPE})


def _records(tools: Tools, feed: Feed, verdicts: Sequence[FileVerdict]) -> pl.DataFrame:
    return pl.DataFrame(list(_rows(tools, feed, verdicts)), schema=types(FileRecord), orient="row")


def _rows(tools: Tools, feed: Feed, verdicts: Sequence[FileVerdict]) -> Iterator[dict[str, object]]:
    now = tools.clock()
    for verdict in verdicts:
        file, tally = verdict.file, verdict.tally
        yield {
            "source": feed.name,
            "file_digest": file.digest,
            "path": file.relative,
            "size_bytes": file.size_bytes,
            "modified_at": datetime.fromtimestamp(file.modified_ns // 1000 / 1e6, UTC),
            "recipe": feed.recipe,
            "status": verdict.status,
            "reason": verdict.reason,
            "detail": verdict.detail,
            "load_id": verdict.staged.load_id if verdict.staged else None,
            "delivery": feed.delivery,
            "scope": verdict.scope,
            "surveys": tally.surveys,
            "months": tally.months,
            "redelivers": verdict.redelivery.redelivers,
            "moved_months": list(verdict.redelivery.moved_months),
            "moved_with": list(verdict.redelivery.moved_with),
            "rows_read": tally.rows_read,
            "accepted": tally.accepted,
            "unanswered": tally.unanswered,
            "excluded": tally.excluded,
            "rejected": tally.rejected,
            "ingested_at": now,
        }


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
