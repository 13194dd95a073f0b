"""What people decided about files, beside the lake: a line of text for each withdrawal, and for each that was undone.

No file of landing tells it again, so it must outlive the lake: a ledger that a damaged disk has cut short, or a lake that
was moved away to be made anew. Here: writing these lines, and what the ledger has lost of them. Not here: deciding
(`withdrawal`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl

from pipelines.context import Context
from transforms.tables import FileRecord, types
from warehouse.lake.durable import write_through
from warehouse.lake.ledgers import current_files

WITHDRAWN: Final = "withdrawn"
FILE: Final = "withdrawals.jsonl"
_KEPT: Final = ("source", "file_digest", "bytes_digest", "path", "accepted")
Key = tuple[str, str]


def note(context: Context, records: pl.DataFrame) -> None:
    """Write down what was decided of files: withdrawn, or anything else where that was undone."""
    lines = [
        {
            **{name: row[name] for name in _KEPT},
            "by": row["withdrawn_by"],
            "at": (row["withdrawn_at"] or context.clock()).isoformat(),
            "undone": row["status"] != WITHDRAWN,
        }
        for row in records.iter_rows(named=True)
    ]
    file = context.workspace.root / FILE
    is_cut = file.is_file() and not file.read_bytes().endswith(b"\n")
    with file.open("a", encoding="utf-8") as out:
        out.write("\n" * is_cut + "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
    write_through([file], context.workspace.root)


def made_good(context: Context) -> list[str]:
    """Let the ledger and the lines agree again where either has lost something; a sentence for each file."""
    noted, files = _noted(context), current_files(context.lake)
    withdrawn = files.filter(pl.col("status") == WITHDRAWN)
    if not noted and withdrawn.is_empty():
        return []
    known = {(row["source"], row["file_digest"]): row for row in files.iter_rows(named=True)}
    written = context.lake.ledger("files").drop_nulls("withdrawn_at")
    ever = set(written.select("source", "file_digest", "withdrawn_at").iter_rows())
    lost = {key: line for key, line in noted.items() if _is_lost(key, line, known, ever)}
    if lost:
        records = [_as_it_was(context, line, known.get(key)) for key, line in lost.items()]
        context.lake.append("files", pl.DataFrame(records, schema=types(FileRecord)))
    unnoted = [row for key, row in known.items() if key not in lost and _is_unnoted(row, noted.get(key))]
    if unnoted:
        note(context, pl.DataFrame(unnoted, schema=types(FileRecord)))
    return [_sentence(line) for line in lost.values()]


def _noted(context: Context) -> dict[Key, dict[str, Any]]:
    """The last line about each file; a line that was cut off is none."""
    file = context.workspace.root / FILE
    lines: dict[Key, dict[str, Any]] = {}
    for text in file.read_text("utf-8", errors="replace").splitlines() if file.is_file() else ():
        try:
            line = json.loads(text)
            lines[line["source"], line["file_digest"]] = {
                **{name: line[name] for name in _KEPT},
                "by": line["by"],
                "at": datetime.fromisoformat(line["at"]),
                "undone": bool(line["undone"]),
            }
        except (ValueError, KeyError, TypeError):
            continue
    return lines


def _is_lost(
    key: Key, line: Mapping[str, Any], known: Mapping[Key, Mapping[str, Any]], ever: set[tuple[str, str, datetime]]
) -> bool:
    """Whether the ledger does not know what a line says."""
    if not line["undone"]:
        return (*key, line["at"]) not in ever
    record = known.get(key)
    return record is not None and record["status"] == WITHDRAWN and record["withdrawn_at"] <= line["at"]


def _is_unnoted(record: Mapping[str, Any], line: Mapping[str, Any] | None) -> bool:
    """Whether the lines do not know what the ledger says: they were lost, or the command was killed before it wrote them."""
    if record["status"] == WITHDRAWN:
        return line is None or line["undone"] or line["at"] != record["withdrawn_at"]
    return line is not None and not line["undone"]


def _as_it_was(context: Context, line: Mapping[str, Any], record: Mapping[str, Any] | None) -> dict[str, Any]:
    """The record that is lost. Of a file that the ledger does not know at all only what the line says is known."""
    of_a_file = dict(record) if record is not None else _unknown(context, line)
    if line["undone"]:
        return {**of_a_file, "status": "replaced", "detail": None, "withdrawn_by": None, "withdrawn_at": None}
    detail = (
        f"{line['by']} took it back on {line['at']:%Y-%m-%d}. It counts again after: nps withdraw --undo, and its path."
    )
    now = {"status": WITHDRAWN, "detail": detail, "withdrawn_by": line["by"], "withdrawn_at": line["at"]}
    return {**of_a_file, **now}


def _unknown(context: Context, line: Mapping[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        name: [] if isinstance(dtype, pl.List) else None for name, dtype in types(FileRecord).items()
    }
    counts = dict.fromkeys(("size_bytes", "rows_read", "accepted", "unanswered", "excluded", "rejected"), 0)
    fixed = {"recipe": "", "scope": "{}", "redelivers": False, "delivery": "incremental"}
    times = {"modified_at": line["at"], "ingested_at": context.clock()}
    return {
        **nothing,
        **counts,
        **fixed,
        **times,
        **{name: line[name] for name in _KEPT},
        "rows_read": line["accepted"],
    }


def _sentence(line: Mapping[str, Any]) -> str:
    what = "was withdrawn, and then not any more" if line["undone"] else f"was withdrawn by {line['by']}"
    return f"The ledger had lost that {line['path']} {what} ({line['at']:%Y-%m-%d}); it is written there again, from {FILE}."
