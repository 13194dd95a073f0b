"""The ids of the loads of a source, kept apart, so that finding what is delivered or told again reads no history.

They are those of its answers, or of its attempts to ask somebody.

Of each load the 64-bit digests of its ids, sorted, as one run of numbers. A *pack* holds the runs of some loads one after
the other and is read in place, as far as it is looked at. A run is true while its load has as many rows; what no pack holds
is made from the rows of loads, so packs may be deleted at any time.
Not here: what follows from an id that was delivered before (`warehouse.intake.redelivery`).
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_hash as plh

from warehouse.lake.durable import sync
from warehouse.lake.loads import is_shared, shared_load
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake

#: Sorted digests of response ids.
Run = npt.NDArray[np.uint64]

#: So many packs are opened for a source at most, before they become one.
MANY_PACKS: Final = 50
#: Raise it when the digest changes: packs of other versions are not looked at.
_VERSION: Final = 1
_FOLDER: Final = "ids"
NONE: Final[Run] = np.empty(0, np.uint64)
_RUNS, _LOADS = "runs.npy", "loads.json"


@dataclass(frozen=True)
class Ids:
    """Of which rows, and in which column."""

    table: str
    column: str
    folder: str


ANSWERS: Final = Ids("staged", "response_id", f"v{_VERSION}")
CONTACTS: Final = Ids("contacts", "contact_id", f"contacts-v{_VERSION}")


def digest_of(column: str) -> pl.Expr:
    """The digest of ids; the same in all versions of the libraries, unlike polars' own."""
    digest: pl.Expr = plh.col(column).nchash.xxh3_64()
    return digest


def digest_of_id() -> pl.Expr:
    """That of `response_id`."""
    return digest_of(ANSWERS.column)


def known_ids(lake: Lake, source: str, loads: Collection[str], of: Ids = ANSWERS) -> dict[str, Run]:
    """The runs of loads of a source, by load; that of a load which is not there is empty.

    Loads that several files share are meant as a whole. A row without an id has one of its own in a run.
    """
    folder = lake.root / _FOLDER / of.folder / source
    found: dict[str, Run] = {}
    packs = [pack for pack in sorted(folder.glob("*")) if (pack / _LOADS).is_file()]
    for pack in packs:
        found.update(_runs_of(pack))
    there = dict(_rows_of_loads(lake, of).filter(pl.col("load_id").is_in([*loads, *found])).iter_rows())
    missing = [load for load in loads if load in there and len(found.get(load, ())) != there[load]]
    if missing:
        made = _from_rows(lake, missing, of)
        found.update(made)
        is_full = len(packs) >= MANY_PACKS
        _write(folder, {load: run for load, run in found.items() if load in there} if is_full else made)
        for pack in packs if is_full else ():
            shutil.rmtree(pack, ignore_errors=True)
    return {load: found.get(load, NONE) if load in there else NONE for load in loads}


def _rows_of_loads(lake: Lake, of: Ids) -> pl.DataFrame:
    by_load = pl.col("rows").sum()
    return lake.remembered(of.table, "rows of loads", lambda: lake.pieces(of.table).group_by("load_id").agg(by_load))


def forget(lake: Lake, source: str) -> None:
    """Throw the packs of a source away: they are made again from what there is."""
    for folder in (lake.root / _FOLDER).glob(f"*/{source}"):
        shutil.rmtree(folder, ignore_errors=True)


def merged(runs: Sequence[Run]) -> Run:
    """Several runs as one. Sorted ones are put together, not sorted again."""
    return runs[0] if len(runs) == 1 else np.sort(np.concatenate(runs), kind="stable")


def in_both(one: Run, other: Run) -> Run:
    """The digests that stand in both of two runs, each as often as in the shorter one."""
    short, long = sorted((one, other), key=len)
    at = np.minimum(np.searchsorted(long, short), len(long) - 1)
    found: Run = short[long[at] == short] if len(short) else short
    return found


def twice(run: Run) -> Run:
    """The digests that stand in a run more than once."""
    found: Run = run[1:][run[1:] == run[:-1]]
    return found


def _from_rows(lake: Lake, loads: Sequence[str], of: Ids) -> dict[str, Run]:
    paths = lake.files_of(of.table, pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}))
    alone, shared = ([path for path in paths if is_shared(path) is each] for each in (False, True))
    return (_of_alone(alone, loads, of) if alone else {}) | (_of_shared(shared, of) if shared else {})


def _digest(of: Ids) -> pl.Expr:
    """That of the id of a row, of whatever is alone where there is none."""
    return pl.coalesce(digest_of(of.column), pl.int_range(pl.len()).cast(pl.UInt64)).alias("digest")


def _of_alone(paths: list[str], loads: Sequence[str], of: Ids) -> dict[str, Run]:
    rows = scan(of.table, paths, loads).select("load_id", _digest(of)).collect()
    by_load = {(loads[0],): rows} if len(loads) == 1 else rows.partition_by("load_id", as_dict=True)
    return {str(load): of_load.get_column("digest").sort().to_numpy() for (load, *_), of_load in by_load.items()}


def _of_shared(paths: list[str], of: Ids) -> dict[str, Run]:
    rows = scan(of.table, paths).select("load_id", _digest(of)).collect()
    by_load: dict[str, list[pl.Series]] = {}
    for (load, *_), of_file in rows.partition_by("load_id", as_dict=True).items():
        by_load.setdefault(shared_load(str(load)), []).append(of_file.get_column("digest"))
    return {load: pl.concat(digests).sort().to_numpy() for load, digests in by_load.items()}


def _write(folder: Path, runs: Mapping[str, Run]) -> None:
    """Make a pack. It is looked at only when the list of its loads is there and whole, which is written last.

    Only the numbers must be on the disk before it: garbled ones could not be told from true ones, all else that is lost can.
    """
    pack = folder / uuid.uuid4().hex
    pack.mkdir(parents=True)
    with (pack / _RUNS).open("wb") as file:
        shape = (sum(map(len, runs.values())),)
        np.lib.format.write_array_header_1_0(file, {"descr": "<u8", "fortran_order": False, "shape": shape})
        for run in runs.values():
            file.write(np.ascontiguousarray(run, "<u8").data)
    sync(pack / _RUNS)
    listed = pack / f"{_LOADS}.new"
    listed.write_text(json.dumps([(load, len(run)) for load, run in runs.items()]), "utf-8")
    listed.rename(pack / _LOADS)


def _runs_of(pack: Path) -> Iterator[tuple[str, Run]]:
    """The runs of a pack by load; none where it is not whole."""
    try:
        lengths: list[tuple[str, int]] = json.loads((pack / _LOADS).read_text("utf-8"))
        numbers = np.load(pack / _RUNS, mmap_mode="r")
    except (OSError, ValueError):
        return
    if len(numbers) != sum(length for _, length in lengths):
        return
    at = 0
    for load, length in lengths:
        yield load, numbers[at : at + length]
        at += length
