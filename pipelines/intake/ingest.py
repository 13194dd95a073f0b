"""Taking in the files of one source or dimension: what is pending, each file through its gate, the verdict recorded.

Here: the order of things, and that one bad file harms no other. Not here: reading a file (`reading`), the records
(`verdicts`), the lake (`warehouse`), what is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from filelock import FileLock

from pipelines.gates import check_files
from pipelines.intake.doubts import READ_AGAIN, UNLISTED
from pipelines.intake.feeds import Feed, in_landing
from pipelines.intake.history import History
from pipelines.intake.reading import read_file
from pipelines.intake.snapshots import judge_snapshots
from pipelines.intake.verdicts import FileVerdict, record
from pipelines.intake.waiting import known_files, without_verdict
from pipelines.recipes import reject_share
from pipelines.tools import Tools
from transforms.reasons import Reason
from warehouse.mending import damage_told
from warehouse.redelivery import NO_REDELIVERY, redeliveries
from warehouse.staging import Tally, commit_files

#: Files that are gated and recorded together: a crash loses at most the work on these.
BATCH = 50


def ingest(tools: Tools, feed: Feed) -> list[FileVerdict]:
    """Take in every pending file of a feed. Each verdict is recorded; a file counts only when its record says so.

    One process at a time: what a file redelivers is found by comparing it with those that count already.
    """
    with FileLock(tools.scratch("locks") / f"{feed.name}.lock"):
        return _ingest(tools, feed)


def _ingest(tools: Tools, feed: Feed) -> list[FileVerdict]:
    here = in_landing(tools, feed)
    waiting = without_verdict(tools, feed, known_files(tools, feed), here)
    history = History(tools, feed, present={item.digest for item in here})
    verdicts: list[FileVerdict] = []
    for first in range(0, len(waiting), BATCH):
        batch: list[FileVerdict] = []
        for at, item in enumerate(waiting[first:][:BATCH], start=first):
            tools.tell(f"{feed.name}: {item.known_as}", at, len(waiting))
            batch.append(read_file(tools, feed, item, history))
        judged = _gated(tools, feed, batch, history)
        record(tools, feed, judged, here)
        verdicts += judged
    if not waiting:
        record(tools, feed, [], here)  # bytes that are known may stand under other names now
    return verdicts


def _gated(tools: Tools, feed: Feed, batch: Sequence[FileVerdict], history: History) -> list[FileVerdict]:
    """The batch with files held that a gate stops or that shrank, and with the months that others move answers from."""
    commit_files(tools.lake, [verdict.staged for verdict in batch if verdict.staged is not None])
    if feed.is_dimension:
        return list(batch)
    staged = [verdict for verdict in batch if verdict.staged is not None]
    stopped = check_files(tools, feed.name, _pending_frame(tools, feed, staged)) if staged else {}
    settled = [_stopped(verdict, feed.name, stopped) for verdict in batch]
    with damage_told(tools.lake):
        judged = judge_snapshots(tools, feed, settled, history)
    loads = {
        verdict.staged.load_id: verdict.file.digest
        for verdict in judged
        if verdict.staged is not None and verdict.status == "accepted"
    }
    with damage_told(tools.lake):
        found = redeliveries(tools.lake, feed.name, loads) if loads else {}
    by_digest = {loads[load]: redelivery for load, redelivery in found.items()}
    return [replace(each, redelivery=by_digest.get(each.file.digest, NO_REDELIVERY)) for each in judged]


def _stopped(verdict: FileVerdict, source: str, stopped: dict[str, str]) -> FileVerdict:
    if verdict.file.digest not in stopped:
        return verdict
    told = "".join(f" {note}" for note in verdict.notes if note.startswith((UNLISTED, READ_AGAIN)))
    detail = stopped[verdict.file.digest] + _what_was_rejected(verdict.tally, source) + told
    return replace(verdict, status="held", reason=Reason.GATE, detail=detail, notes=())


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
    scale = config.scale_of(source)
    counts = ("rows_read", "accepted", "unanswered", "excluded", "rejected")
    rows = [
        {
            "source": feed.name,
            "file_digest": verdict.file.digest,
            "path": verdict.file.known_as,
            "load_id": verdict.staged.load_id,
            "scale": scale.name,
            "lowest": min(scale.answers),
            "highest": max(scale.answers),
            "ten_becomes": scale.answers.get(10),
            "max_reject_share": reject_share(config, source),
            # What nps.yaml says of it is no longer a question.
            "half_swapped": verdict.tally.half_swapped if source.dates.swapped is None else 0,
            **{name: getattr(verdict.tally, name) for name in counts},
        }
        for verdict in batch
        if verdict.staged is not None
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
