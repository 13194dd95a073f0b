"""Taking in the files of one source or dimension: what is pending, each file through its gate, the verdict recorded.

Here: the order of things, and that one bad file harms no other. Not here: reading a file (`pipelines.reading`), the
records (`pipelines.verdicts`), the lake (`warehouse`), what is believable (`expectations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Thread

import polars as pl
from filelock import FileLock

from expectations.loading import preload
from pipelines.feeds import Feed, arrived, without_verdict
from pipelines.gates import check_files
from pipelines.reading import read_file
from pipelines.recipes import reject_share
from pipelines.tools import Tools
from pipelines.verdicts import FileVerdict, record
from warehouse.redelivery import NO_REDELIVERY, Redelivery, redeliveries
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
    here = arrived(tools, feed)
    waiting = without_verdict(tools, feed, here)
    # Great Expectations takes seconds to import, which the reading of files need not wait for.
    Thread(target=preload, daemon=True).start()
    verdicts: list[FileVerdict] = []
    for first in range(0, len(waiting), BATCH):
        batch: list[FileVerdict] = []
        for at, item in enumerate(waiting[first:][:BATCH], start=first):
            tools.tell(f"{feed.name}: {item.known_as}", at, len(waiting))
            batch.append(read_file(tools, feed, item))
        judged = _gated(tools, feed, batch)
        record(tools, feed, judged, here)
        verdicts += judged
    return verdicts


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
            **{name: getattr(verdict.tally, name) for name in counts},
        }
        for verdict in batch
        if verdict.staged is not None
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
