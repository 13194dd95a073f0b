"""The gate of the files of a batch: which of them it holds, and the sentence that says why.

Here: what the gate wants to know of a file, and what becomes of one that it stops. Not here: the gate
(`pipelines.stages.gates`), its rules (`expectations.suites`), snapshots that shrank (`snapshots`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from pipelines.config.outcomes import Activity, ClientList
from pipelines.config.sources import Source
from pipelines.context import Context
from pipelines.intake.feeds import Feed
from pipelines.intake.notes.answers.unlisted import UNLISTED
from pipelines.intake.notes.earlier.again import READ_AGAIN
from pipelines.intake.verdicts import FileVerdict
from pipelines.stages.gates import check_files
from transforms.reasons import Reason
from warehouse.intake.tally import Tally

_COUNTS = ("rows_read", "accepted", "unanswered", "excluded", "rejected")

Batch = Sequence[tuple[Feed, FileVerdict]]


def gated(context: Context, batch: Batch) -> list[tuple[Feed, FileVerdict]]:
    """The batch, with the files held that the gate stops; the files of all its sources are judged at once."""
    pending = [_pending(context, feed, verdict) for feed, verdict in batch if verdict.staged and not feed.is_dimension]
    stopped = check_files(context, pl.DataFrame(pending, infer_schema_length=None)) if pending else {}
    stopped |= _hardly_read(context, batch)
    return [(feed, _held(feed, verdict, stopped)) for feed, verdict in batch]


def _hardly_read(context: Context, batch: Batch) -> dict[str, str]:
    """The loads of files of activity and of clients of which too many rows cannot be read, with the sentence."""
    share = context.workspace.config.gates.max_reject_share
    return {
        verdict.staged.load_id: "More rows of the file were rejected than max_reject_share of nps.yaml allows."
        for feed, verdict in batch
        if isinstance(feed.layout, Activity | ClientList)
        and verdict.staged is not None
        and verdict.tally.rejected > share * verdict.tally.rows_read
    }


def _held(feed: Feed, verdict: FileVerdict, stopped: dict[str, str]) -> FileVerdict:
    if verdict.staged is None or verdict.staged.load_id not in stopped:
        return verdict
    told = tuple(note for note in verdict.notes if note.startswith((UNLISTED, READ_AGAIN)))
    detail = stopped[verdict.staged.load_id] + "".join(_what_was_rejected(verdict.tally, feed.name))
    if isinstance(feed.layout, Source) and feed.layout.metric == "enps":
        # What is told of a file that is not in is published, sent and shown to many, and its labels are answers.
        return replace(verdict, status="held", reason=Reason.GATE, detail=detail, notes=told)
    return replace(verdict, status="held", reason=Reason.GATE, detail=" ".join((detail, *told)), notes=())


def _what_was_rejected(tally: Tally, source: str) -> Iterator[str]:
    if tally.reasons:
        reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in tally.reasons.items())
        yield f" Rejected or excluded, of {tally.rows_read:,} read: {reasons}."
        yield f" See them with: nps rejects --source {source}"


def _pending(context: Context, feed: Feed, verdict: FileVerdict) -> dict[str, object]:
    """What `warehouse.gates.files_gate` wants to know of a file."""
    config = context.workspace.config
    source = config.sources[feed.name]
    scale = config.scale_of(source)
    return {
        "source": feed.name,
        "file_digest": verdict.file.digest,
        "path": verdict.file.known_as,
        "load_id": verdict.staged.load_id if verdict.staged else "",
        "scale": scale.name,
        "lowest": min(scale.answers),
        "highest": max(scale.answers),
        "ten_becomes": scale.answers.get(10),
        "max_reject_share": config.reject_share_of(source),
        # What nps.yaml says of it is no longer a question.
        "half_swapped": verdict.tally.half_swapped if source.dates.swapped is None else 0,
        **{name: getattr(verdict.tally, name) for name in _COUNTS},
    }
