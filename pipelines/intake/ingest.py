"""Taking in the files of sources and dimensions: what is pending, each file through its gate, the verdict recorded.

Files are read one after the other, and gated and recorded batch by batch, whichever sources they are of. Here: the
order of things, and that neither a bad file nor a source that breaks harms any other. Not here: reading a file
(`reading`), the gate (`gated`), the records (`verdicts`), the lake (`warehouse`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final

import polars as pl
from filelock import FileLock

from pipelines.adapters import apart
from pipelines.context import Context
from pipelines.errors import NoRoomError
from pipelines.intake.compared import compared, rows_of
from pipelines.intake.feeds import Feed, feeds, in_landing
from pipelines.intake.gated import gated
from pipelines.intake.history import History
from pipelines.intake.notes.earlier.elsewhere import with_others
from pipelines.intake.reading import read_file
from pipelines.intake.together import MANY, Gathered, plain, read_together
from pipelines.intake.verdicts import FileVerdict, records_of
from pipelines.intake.waiting import as_first_taken_in, known_files, without_verdict
from pipelines.landing.discover import RefusedFile
from pipelines.landing.landed import LandedFile
from warehouse.intake.staging import commit_files
from warehouse.lake.errors import DamagedError

#: Files that are gated and recorded together, or so many that are read together: a crash loses at most the work on these.
BATCH: Final = 200
#: So are no more than about so many bytes of them.
BATCH_BYTES: Final = 1 << 28

#: What is no fault of a source, and stops all of them.
_OF_ALL: Final = (NoRoomError, DamagedError)


@dataclass
class Intake:
    """A source or dimension while its files are taken in."""

    feed: Feed
    here: Sequence[LandedFile | RefusedFile]
    """All its files in landing."""
    waiting: Sequence[LandedFile | RefusedFile]
    """Those that are to be read."""
    history: History
    verdicts: list[FileVerdict] = field(default_factory=list)
    """What became of them. Each is recorded; a file counts only when its record says so."""
    seconds: float = 0
    """How long reading them took."""
    error: Exception | None = None
    """What broke in a way that no verdict foresees; the files after that are still to be read."""


def ingest(context: Context, wanted: Sequence[Feed]) -> list[Intake]:
    """Take in every pending file of feeds, in their order.

    One process at a time for each: what a file redelivers is found by comparing it with those that count already.
    """
    with ExitStack() as locked:
        for name in sorted(feed.name for feed in wanted):
            locked.enter_context(FileLock(context.scratch("locks") / f"{name}.lock"))
        # As the key is now: a run of Dagster may have begun before it was rotated.
        as_now = {feed.name: feed for feed in feeds(context.workspace.config, context.workspace.key())}
        intakes = [_begun(context, as_now[feed.name]) for feed in wanted]
        for batch in _batches(context, intakes):
            _finish(context, batch)
        # Bytes that are known may stand under other names now.
        _append(context, [records_of(context, each.feed, [], each.here) for each in intakes if not each.waiting])
    return intakes


def _begun(context: Context, feed: Feed) -> Intake:
    here = in_landing(context, feed)
    known = known_files(context, feed)
    waiting = as_first_taken_in(known, without_verdict(context, feed, known, here))
    return Intake(feed, here, waiting, History(context, feed, here))


_Read = tuple[Intake, FileVerdict]


def _batches(context: Context, intakes: Sequence[Intake]) -> Iterator[list[_Read]]:
    """The files that wait, read, in batches."""
    batch: list[_Read] = []
    share, size = 0.0, 0
    for intake in intakes:
        for verdicts, are_together in _verdicts(context, intake):
            batch += [(intake, verdict) for verdict in verdicts]
            share += len(verdicts) / (MANY if are_together else BATCH)
            size += sum(verdict.file.size_bytes for verdict in verdicts)
            if share >= 1 or size >= BATCH_BYTES:
                yield batch
                batch, share, size = [], 0.0, 0
    if batch:
        yield batch


def _verdicts(context: Context, intake: Intake) -> Iterator[tuple[list[FileVerdict], bool]]:
    """The verdicts on the files that wait as far as each goes, and whether it shares its load; until a source breaks."""
    gathered = Gathered()
    for at, item in enumerate(intake.waiting):
        context.tell(f"{intake.feed.name}: {item.known_as}", at, len(intake.waiting))
        found = plain(intake.feed, item, intake.history)
        if found is None or not gathered.takes(*found) or gathered.is_full():
            yield from _of_gathered(context, intake, gathered)
            gathered = Gathered()
        if intake.error is not None:
            return
        if found is not None:
            gathered.take(*found)
        elif verdict := _read(context, intake, item):
            yield [verdict], False
        else:
            return
    yield from _of_gathered(context, intake, gathered)


def _of_gathered(context: Context, intake: Intake, gathered: Gathered) -> Iterator[tuple[list[FileVerdict], bool]]:
    started = time.monotonic()
    found = read_together(context, intake.feed, gathered, intake.history) if gathered.texts else []
    intake.seconds += time.monotonic() - started
    for text, together in zip(gathered.texts, found, strict=True):
        verdict = _read(context, intake, text.file) if together is None else intake.history.told(together)
        if verdict is None:
            return
        yield [verdict], together is not None


def _read(context: Context, intake: Intake, item: LandedFile | RefusedFile) -> FileVerdict | None:
    """The verdict on a file as far as the file itself goes; None where its source broke."""
    started = time.monotonic()
    try:
        return read_file(context, intake.feed, item, intake.history)
    except _OF_ALL:
        raise
    except Exception as error:  # noqa: BLE001 - it is told when the other sources are in
        intake.error = error
        return None
    finally:
        intake.seconds += time.monotonic() - started


def _finish(context: Context, batch: Sequence[_Read]) -> None:
    """Gate a batch and write its verdicts down: from then on its accepted files count."""
    apart.end()
    commit_files(context.lake, [verdict.staged for _, verdict in batch if verdict.staged is not None])
    settled = gated(context, [(intake.feed, verdict) for intake, verdict in batch])
    judged = [(intake, verdict) for (intake, _), (_, verdict) in zip(batch, settled, strict=True)]
    records: list[pl.DataFrame] = []
    just_now: list[tuple[str, FileVerdict]] = []
    rows = rows_of(context.lake, [verdict for _, verdict in settled])
    for intake, group in groupby(judged, key=itemgetter(0)):
        verdicts = compared(context, intake.feed, [verdict for _, verdict in group], intake.history, rows)
        verdicts = with_others(context.lake, intake.feed, verdicts, just_now)
        just_now += [(intake.feed.name, verdict) for verdict in verdicts]
        records.append(records_of(context, intake.feed, verdicts, intake.here))
        intake.verdicts += verdicts
    _append(context, records)


def _append(context: Context, records: Sequence[pl.DataFrame]) -> None:
    rows = pl.concat(records) if records else pl.DataFrame()
    if rows.height:
        context.lake.append("files", rows)
