"""Lakes of earlier versions: converted once, from what they hold, with the same figures, whatever is left of landing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import warehouse.intake.staging
import warehouse.upkeep.conversion
from pipelines.runs.night import backfill, run_night
from tests.support import nights
from tests.support.laws import some_of
from tests.support.scenario import unrecorded
from transforms.scores.scales import category
from warehouse.lake.ledgers import DIMENSION_PREFIX, counted_files, current_files
from warehouse.lake.loads import month_of_piece
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.upkeep.conversion import convert

SAYS = "The lake was written by an earlier version"
SHOPS_AND_CALLS = ("shops", "calls")


class PowerLossError(Exception):
    """The process ends here."""


@pytest.fixture(scope="module", autouse=True)
def plain() -> Iterator[None]:
    """What Dagster records is not what this is about."""
    with unrecorded():
        yield


@pytest.fixture(scope="module", params=[False, True], ids=["whole files", "by month"])
def two_nights(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as this version makes it."""
    with pytest.MonkeyPatch.context() as patch:
        _big_files(patch, all_are=request.param)
        home = nights.make(tmp_path_factory.mktemp("new") / "home")
        run_night(nights.context(home))
        nights.arrive(home, nights.SECOND, day=2)
        run_night(nights.context(home))
    return home


def _big_files(patch: pytest.MonkeyPatch, *, all_are: bool = True) -> None:
    for module in (warehouse.intake.staging, warehouse.upkeep.conversion):
        patch.setattr(module, "BY_MONTH_FROM", 0 if all_are else 1 << 40)


@pytest.fixture
def old(two_nights: Path, tmp_path: Path) -> Path:
    """The same as an earlier version left it: all of a load in one piece, what holds for a file in each of its rows."""
    home = nights.copy(two_nights, tmp_path / "old")
    lake = nights.context(home).lake
    files = current_files(lake).filter(~pl.col("source").str.starts_with(DIMENSION_PREFIX)).drop_nulls("load_id")
    for file in files.iter_rows(named=True):
        pieces = [Path(piece) for piece in lake.files_of("staged", pl.DataFrame({"load_id": [file["load_id"]]}))]
        rows = scan("staged", list(map(str, pieces))).collect()
        wide = rows.drop("source", "file_digest", "load_id").with_columns(
            pl.col("weight").fill_null(1.0), survey=pl.lit(file["surveys"][0]), metric=pl.lit(file["metric"]),
            scale=pl.lit(file["scale"]), category=category(pl.col("score")),
        )  # fmt: skip
        piece = pieces[0].with_name("whole.parquet")
        wide.write_parquet(piece)
        lake.take_up("staged", [piece], in_place_of=pieces)
        for each in pieces:
            each.unlink()
    nothing = {name: pl.lit(None, files.schema[name]) for name in ("metric", "scale")}
    lake.append("files", files.with_columns(**nothing))
    return home


def by_month(lake: Lake) -> set[bool]:
    return set(lake.pieces("staged").select(month_of_piece().is_not_null()).to_series())


def all_built_anew(home: Path) -> dict[str, list[tuple[object, ...]]]:
    context = nights.context(home)
    months = sorted({month for listed in counted_files(context.lake, SHOPS_AND_CALLS)["months"] for month in listed})
    assert backfill(context, months[0], months[-1], reingest=False).errors == []
    assert nights.imbalances(home) == []
    return nights.published(home)


@pytest.mark.parametrize("are_big", [False, True], ids=["small", "big"])
def test_an_old_lake_is_converted_once_with_half_of_landing_gone(
    old: Path, two_nights: Path, monkeypatch: pytest.MonkeyPatch, *, are_big: bool
) -> None:
    _big_files(monkeypatch, all_are=are_big)
    before = nights.published(old)
    for file in sorted((old / "landing").rglob("*.csv"))[::2]:
        file.unlink()
    first, second = run_night(nights.context(old)), run_night(nights.context(old))
    assert [says.startswith(SAYS) for says in first.odd][:1] == [True]
    assert not any(says.startswith(SAYS) for says in second.odd)
    assert first.outcome == second.outcome == "nothing to do"
    lake = nights.context(old).lake
    assert by_month(lake) == {are_big}
    assert nights.published(old) == before == all_built_anew(old) == nights.published(two_nights)


@pytest.mark.parametrize(("at", "nth"), some_of((at, nth) for nth in (1, 2, 3) for at in ("before", "after")))
def test_a_conversion_that_crashes_goes_on_where_it_was(
    old: Path, two_nights: Path, monkeypatch: pytest.MonkeyPatch, at: str, nth: int
) -> None:
    _big_files(monkeypatch)
    lake = nights.context(old).lake
    with monkeypatch.context() as crash:
        for name in ("take_up", "append"):
            crash.setattr(Lake, name, _lost(getattr(Lake, name), at, nth if name == "take_up" else 1))
        with pytest.raises(PowerLossError):
            convert(lake)
    report = run_night(nights.context(old))
    assert [says for says in report.odd if says.startswith(SAYS)]
    assert by_month(nights.context(old).lake) == {True}
    assert all_built_anew(old) == nights.published(two_nights)


def _lost(done: Callable[..., Any], at: str, nth: int) -> Callable[..., Any]:
    calls = 0

    def crash(*arguments: object, **named: object) -> None:
        nonlocal calls
        calls += 1
        if calls == nth and at == "before":
            raise PowerLossError
        done(*arguments, **named)
        if calls == nth:
            raise PowerLossError

    return crash


def test_a_load_that_is_gone_is_no_obstacle_to_the_others(
    old: Path, two_nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _big_files(monkeypatch)
    next((old / "lake" / "staged").rglob("whole.parquet")).unlink()
    assert run_night(nights.context(old)).errors == []
    assert by_month(nights.context(old).lake) == {True}
    assert all_built_anew(old) == nights.published(two_nights)
