"""Taking a file back: which files a name means, and the records by which their rows count no more, or count again.

A person decides it, and no file of landing tells it: the ledger of files is where it is known.
Here: from a name to records. Not here: that a withdrawn file is not taken in again (`waiting`), which answers count.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
from filelock import FileLock, Timeout

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.intake.acceptance import relative, user
from pipelines.intake.decisions import WITHDRAWN, note
from pipelines.intake.feeds import feeds, landed_at
from pipelines.intake.verdicts import OUT_OF_PLACE
from pipelines.landing.landed import OF_ANSWER
from pipelines.landing.unpack import is_archive
from transforms.tables import FileRecord, types
from warehouse.intake.redelivery import NO_REDELIVERY, redeliveries
from warehouse.lake.ledgers import CLIENTS, DIMENSION_PREFIX, current_files, moves_no_answer
from warehouse.upkeep.mending import lacking

_SECONDS: Final = 10


def withdraw(context: Context, name: str) -> pl.DataFrame:
    """Let the answers of a file count no more; gives its records. Raises `UserError` where there is nothing to take back."""
    return _settled(context, name, "accepted")


def undo(context: Context, name: str) -> pl.DataFrame:
    """Let the answers of a withdrawn file count again; gives its records. Raises `UserError` where it was not withdrawn."""
    return _settled(context, name, WITHDRAWN)


def _settled(context: Context, name: str, now: str) -> pl.DataFrame:
    path = relative(context, name)
    with nothing_taken_in(context, _meant(context, path).get_column("source").unique().to_list()):
        found = _meant(context, path)
        counting = found.filter(pl.col("source").is_in([each for each in found["source"] if may_be_taken_back(each)]))
        # What a damaged disk has lost can be given up too; nothing is published while it is only lost.
        chosen = counting.filter(pl.col("status").is_in([now, "lost"] if now == "accepted" else [now]))
        if chosen.is_empty():
            raise UserError(_why_not(found, counting, path, now))
        if now == "accepted":
            records = pl.concat(
                [_taken_back(context, chosen), _counting_again(context, _stood_before(context, chosen))]
            )
        else:
            records = _counting_again(context, chosen)
        context.lake.append("files", records)
        note(context, records.join(chosen, on=["source", "file_digest"], how="semi"))
    return records


def may_be_taken_back(source: str) -> bool:
    """Whether files of that name in the ledger hold answers, tickets or what clients did; of lists newer ones count."""
    return not source.startswith(DIMENSION_PREFIX) or (moves_no_answer(source) and source != CLIENTS)


def _stood_before(context: Context, chosen: pl.DataFrame) -> pl.DataFrame:
    """The files whose place the chosen ones took under the same name, the last of each whose answers are still there."""
    replaced = current_files(context.lake).filter(
        pl.col("status") == "replaced", pl.col("detail") == OUT_OF_PLACE, pl.col("load_id").is_not_null()
    )
    standing = chosen.filter(pl.col("status") == "accepted").select("source", "path")
    before = replaced.join(standing, on=["source", "path"]).sort("sequence", nulls_last=False)
    before = before.join(lacking(context.lake, before), on=["source", "file_digest"], how="anti", maintain_order="left")
    return before.unique(["source", "path"], keep="last", maintain_order=True)


@contextmanager
def nothing_taken_in(context: Context, sources: list[str]) -> Iterator[None]:
    """Hold the locks of taking files in: what is written is what was read."""
    with ExitStack() as held:
        for source in sorted(sources):
            try:
                held.enter_context(FileLock(context.scratch("locks") / f"{source}.lock", timeout=_SECONDS))
            except Timeout as error:
                raise UserError(f"Files of {source} are being taken in right now. Type it again after that.") from error
        yield


def _meant(context: Context, path: str) -> pl.DataFrame:
    """The last verdicts on the files of a name: of all answers of a file, and of all files of an archive."""
    verdicts = current_files(context.lake)
    inside = pl.col("path").str.starts_with(f"{path}/") if is_archive(Path(path)) else pl.lit(value=False)
    one_of_several = pl.col("path").str.replace(OF_ANSWER, "") == path
    found = verdicts.filter((pl.col("path") == path) | one_of_several | inside)
    if found.is_empty():
        found = _of_these_bytes(context, verdicts, path)
    if found.is_empty():
        raise UserError(_unknown(verdicts, path))
    return found


def _of_these_bytes(context: Context, verdicts: pl.DataFrame, path: str) -> pl.DataFrame:
    """The verdicts on what lies at a path of landing, known under another name."""
    here = [
        {"source": feed.name, "file_digest": item.digest, "bytes_digest": getattr(item, "content", "")}
        for feed in feeds(context.workspace.config, context.workspace.key())
        for item in landed_at(context, feed, path)
    ]
    if not here:
        return verdicts.clear()
    found = verdicts.join(pl.DataFrame(here), on=["source", "file_digest"], how="semi")
    if found.is_empty():  # nps.yaml may make something else of its name since it was withdrawn
        withdrawn = verdicts.filter(pl.col("status") == WITHDRAWN).drop_nulls("bytes_digest")
        found = withdrawn.join(pl.DataFrame(here), on=["source", "bytes_digest"], how="semi")
    if found.is_empty():
        raise UserError(f"{path} has not been read yet: nothing of it counts. Take it out of landing if it is wrong.")
    return found


def _taken_back(context: Context, files: pl.DataFrame) -> pl.DataFrame:
    now, who = context.clock(), user()
    says = f"{who} took it back on {now:%Y-%m-%d}. It counts again after: nps withdraw --undo, and its path."
    return files.with_columns(
        status=pl.lit(WITHDRAWN, types(FileRecord)["status"]),
        detail=pl.lit(says),
        withdrawn_by=pl.lit(who),
        withdrawn_at=pl.lit(now, types(FileRecord)["withdrawn_at"]),
    )


def _counting_again(context: Context, files: pl.DataFrame) -> pl.DataFrame:
    """Records of accepted files; what they redeliver is found anew: other files may have come or gone meanwhile."""
    rows: list[dict[str, Any]] = []
    for (source,), own in files.group_by(["source"], maintain_order=True):
        loads = dict(own.drop_nulls("load_id").select("load_id", "file_digest").iter_rows())
        found = {} if moves_no_answer(str(source)) else redeliveries(context.lake, str(source), loads)
        for row in own.iter_rows(named=True):
            redelivery = found.get(row["load_id"], NO_REDELIVERY)
            rows.append({
                **row, "status": "accepted", "detail": None, "withdrawn_by": None, "withdrawn_at": None,
                "redelivers": redelivery.redelivers, "moved_months": list(redelivery.moved_months),
                "moved_with": list(redelivery.moved_with),
            })  # fmt: skip
    return pl.DataFrame(rows, schema=types(FileRecord))


def _why_not(found: pl.DataFrame, counting: pl.DataFrame, path: str, now: str) -> str:
    if counting.is_empty():
        return _is_a_list(path, found.item(0, "source"))
    file = counting.sort("sequence", nulls_last=False).row(-1, named=True)
    if now == WITHDRAWN:
        return f"{path} was not withdrawn: it is {file['status']}. There is nothing to undo."
    if file["status"] == WITHDRAWN:
        return f"{path} is withdrawn already: {file['detail']}"
    says = f"{path} cannot be taken back: none of its rows counts, it is {file['status']}."
    return f"{says} {file['detail'] or ''}".rstrip()


def _is_a_list(path: str, source: str) -> str:
    kind = source.removeprefix(DIMENSION_PREFIX)
    return f"{path} is a list of {kind}: it has no answers to take back. Land a corrected list instead."


def _unknown(verdicts: pl.DataFrame, path: str) -> str:
    name = path.rpartition("/")[2]
    named = verdicts.filter((pl.col("path") == name) | pl.col("path").str.ends_with(f"/{name}"))
    mine = {source: may_be_taken_back(source) for source in verdicts.get_column("source").unique()}
    if named.height and not any(mine[source] for source in named.get_column("source")):
        return _is_a_list(named.item(0, "path"), named.item(0, "source"))
    paths = sorted({path for path, source in verdicts.select("path", "source").iter_rows() if mine[source]})
    same = [each for each in paths if each.rpartition("/")[2] == name]
    near = same or difflib.get_close_matches(path, paths, n=3, cutoff=0.5)
    meant = f" Is one of these meant: {', '.join(near[:5])}?" if near else ""
    return f"No file of that name was ever taken in: {path}.{meant}"
