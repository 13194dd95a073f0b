"""What is kept of the ids of loads says of each of them what the load itself says, whatever becomes of what is kept."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import polars as pl
import pytest

from tests.support.lakes import load, write
from warehouse.lake import known_ids as kept
from warehouse.lake.known_ids import digest_of_id, in_both, known_ids, twice
from warehouse.lake.store import Lake


def digests(*ids: str) -> list[int]:
    """The run of a load with these ids."""
    frame = pl.DataFrame({"response_id": ids}, schema={"response_id": pl.String})
    return sorted(frame.select(digest_of_id()).to_series())


def runs(lake: Lake, *loads: str) -> dict[str, list[int]]:
    return {name: run.tolist() for name, run in known_ids(lake, "shops", loads).items()}


def packs(lake: Lake) -> list[Path]:
    return sorted(lake.root.glob("ids/*/shops/*"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake of two loads."""
    lake = Lake(tmp_path / "lake")
    load(lake, "a", "r1", "r2", "r2")
    load(lake, "b", "r2", "r3")
    return lake


RUNS = {"a": digests("r1", "r2", "r2"), "b": digests("r2", "r3")}


def test_a_digest_is_the_same_in_every_version() -> None:
    assert digests("") == [0x2D06800538D394C2]  # as the specification of XXH3 has it


def test_runs_are_the_sorted_digests_of_loads(lake: Lake) -> None:
    assert runs(lake, "a", "b", "nowhere") == {**RUNS, "nowhere": []}


def test_a_load_without_answers_has_an_empty_run(lake: Lake) -> None:
    load(lake, "empty")
    assert runs(lake, "a", "empty") == {"a": RUNS["a"], "empty": []}


def test_a_load_is_read_once(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs(lake, "a", "b") == RUNS
    monkeypatch.setattr(kept, "scan", pytest.fail)
    assert runs(Lake(lake.root), "b", "a") == RUNS


def test_only_new_loads_are_read(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(lake, "a", "b")
    load(lake, "c", "r4")
    read: list[str] = []
    files_of = lake.files_of

    def told(table: str, loads: pl.DataFrame) -> list[str]:
        read.extend(loads.get_column("load_id"))
        return files_of(table, loads)

    monkeypatch.setattr(lake, "files_of", told)
    assert runs(lake, "a", "b", "c") == {**RUNS, "c": digests("r4")}
    assert read == ["c"]


@pytest.mark.parametrize("left", [(), ("runs.npy",), ("loads.json",)])
def test_packs_that_are_gone_or_cut_off_are_made_anew(lake: Lake, left: Collection[str]) -> None:
    runs(lake, "a", "b")
    [pack] = packs(lake)
    for file in pack.iterdir():
        if file.name not in left:
            file.write_bytes(file.read_bytes()[:-8])
    assert runs(lake, "a", "b") == RUNS


def test_a_load_of_which_a_part_was_missing_is_read_again(lake: Lake) -> None:
    runs(lake, "a", "b")
    lake.commit("staged", [write(lake, "b", ["r9"], name="part-1")])
    assert runs(lake, "a", "b") == {**RUNS, "b": digests("r2", "r3", "r9")}


def test_many_packs_become_one_without_loads_that_are_gone(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MANY_PACKS", 2)
    runs(lake, "a")
    runs(lake, "b")
    assert len(packs(lake)) == 2
    lake.drop("staged", pl.DataFrame({"load_id": ["a"]}))
    load(lake, "c", "r4")
    assert runs(lake, "b", "c") == {"b": RUNS["b"], "c": digests("r4")}
    [pack] = packs(lake)
    assert dict(json.loads((pack / "loads.json").read_text("utf-8"))) == {"b": 2, "c": 1}
    assert runs(lake, "b", "c") == {"b": RUNS["b"], "c": digests("r4")}


def test_what_stands_in_both_and_what_stands_twice(lake: Lake) -> None:
    a, b, none = known_ids(lake, "shops", ["a", "b", "none"]).values()
    assert in_both(a, b).tolist() == in_both(b, a).tolist() == digests("r2")
    assert in_both(a, none).tolist() == in_both(none, a).tolist() == []
    assert (twice(a).tolist(), twice(b).tolist(), twice(none).tolist()) == (digests("r2"), [], [])
