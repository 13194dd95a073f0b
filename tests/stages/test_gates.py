"""What the gates are shown of loads: counts that are those of the rows, whatever is missing in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.check import check
from expectations.suites import response_suite
from tests.support.lakes import FEBRUARY, JANUARY, File, Row, answer, build, limits, stored, take_in
from transforms.tables import RejectedRow, stored_types
from warehouse.engine import connect
from warehouse.gates import files_gate, responses_gate
from warehouse.lake.parquet import sink
from warehouse.lake.store import Lake
from warehouse.published.query import ask

A, B, C = File("a.csv"), File("b.csv"), File("c.csv")


def pending(file: File, **values: Any) -> Row:  # noqa: ANN401 - as the gate wants it
    """What was counted in a file, as `files_gate` wants it."""
    return {
        "source": file.source, "file_digest": file.digest, "path": file.name, "load_id": file.name, "rows_read": 0,
        "accepted": 0, "unanswered": 0, "excluded": 0, "rejected": 0, "max_reject_share": 0.2, "scale": "0-10",
        "lowest": 0, "highest": 10, "ten_becomes": 10, "half_swapped": 0, **values,
    }  # fmt: skip


def stage(lake: Lake, file: File, *answers: Row) -> None:
    """Write answers as the load of a file, in two row groups at least where there are two."""
    folder = lake.begin("staged", source=file.source, file_digest=file.digest, load_id=file.name)
    rows = stored(File(file.name, answers))
    for number, part in enumerate([rows[:1], rows[1:]]):
        sink(part.lazy(), folder / f"part-{number}.parquet").collect()
    lake.commit("staged", [folder])


def reject(lake: Lake, file: File, *values: str) -> None:
    """Write scores that are out of scale as the rejected rows of a file."""
    folder = lake.begin("rejected", source=file.source, file_digest=file.digest, load_id=file.name)
    rows = [{"source_row": row, "reason": "score_out_of_scale", "value": value} for row, value in enumerate(values)]
    schema = stored_types(RejectedRow)
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    sink(frame.drop("source", "file_digest", strict=False).lazy(), folder / "part-0.parquet").collect()
    lake.commit("rejected", [folder])


def counts(lake: Lake, folder: Path, *files: Row) -> dict[str, Row]:
    """The rows of `file_counts`, by path."""
    database = folder / "gate.duckdb"
    with connect(limits(folder), database) as gate:
        files_gate(lake, gate, pl.DataFrame(files))
    return {row["path"]: row for row in ask(database, "from file_counts").iter_rows(named=True)}


def test_what_is_missing_is_counted_file_by_file(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    stage(lake, A, answer(1), answer(2))
    stage(lake, B, answer(1, response_id=None), answer(2, survey=None, month=None), answer(3, branch=None))
    found = counts(lake, tmp_path, pending(A, accepted=2), pending(B, accepted=3), pending(C))
    assert {path: row["incomplete"] for path, row in found.items()} == {"a.csv": 0, "b.csv": 3, "c.csv": 0}
    assert {path: row["staged_rows"] for path, row in found.items()} == {"a.csv": 2, "b.csv": 3, "c.csv": 0}
    assert all(row["missing_rows"] == row["zeros"] == row["small_answers"] == 0 for row in found.values())


def test_files_that_do_not_say_what_is_missing_leave_it_unknown(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    folder = lake.begin("staged", source=A.source, file_digest=A.digest, load_id=A.name)
    rows = stored(File(A.name, (answer(1),)))
    rows.write_parquet(folder / "part-0.parquet", statistics=False)
    lake.commit("staged", [folder])
    assert counts(lake, tmp_path, pending(A, accepted=1))["a.csv"]["incomplete"] is None


@pytest.mark.parametrize(("zeros", "answers", "told"), [(4, 100, 0), (5, 100, 5), (5, 494, 5), (5, 495, 0)], ids=str)
def test_a_few_zeros_on_one_to_ten_are_slips(zeros: int, answers: int, told: int, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    stage(lake, A, *(answer(row, score=row % 10) for row in range(answers)))
    reject(lake, A, *["0"] * zeros, "11")
    shown = pending(A, lowest=1, accepted=answers, rejected=zeros + 1, rows_read=answers + zeros + 1)
    assert counts(lake, tmp_path, shown)["a.csv"]["zeros"] == told
    assert counts(lake, tmp_path, {**shown, "lowest": 0})["a.csv"]["zeros"] == 0


@pytest.mark.parametrize(("answers", "best", "told"), [(50, 1, 50), (49, 1, 0), (50, 2, 0)], ids=str)
def test_answers_that_never_go_beyond_ten_of_a_hundred_were_asked_on_ten(
    answers: int, best: int, told: int, tmp_path: Path
) -> None:
    """On 0-100 a 10 is a 1 on 0-10."""
    lake = Lake(tmp_path / "lake")
    stage(lake, A, answer(0, score=best), *(answer(row, score=0) for row in range(1, answers)))
    shown = pending(A, highest=100, ten_becomes=1, accepted=answers)
    assert counts(lake, tmp_path, shown)["a.csv"]["small_answers"] == told


def test_months_are_counted_by_source_and_matched_as_a_whole(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    calls = (answer(1, branch="ZG", respondent_key="k"), answer(2, respondent_key="k", branch="ZG", score=1))
    take_in(lake, File("a.csv", (answer(1, "2025-02-01"), answer(2), answer(3))))
    take_in(lake, File("b.csv", calls, source="calls", day=2))
    built = build(lake)
    with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
        responses_gate(lake, gate, built)
    shown = "select month, source, answers, responses, superseded, missing, other_rows, match_rate from month_counts"
    assert ask(tmp_path / "gate.duckdb", f"{shown} order by all").rows() == [
        (JANUARY, "calls", 2, 1, 1, 0, 0, None),
        (JANUARY, "shops", 2, 2, 0, 0, 0, pytest.approx(1 / 3)),
        (FEBRUARY, "shops", 1, 1, 0, 0, 0, 0.0),
    ]


def test_nobody_has_to_know_the_branches_of_rivals(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    asked = [answer(row, brand="Rival") for row in range(10, 13)]  # their branches are not told
    of_own = [
        answer(1, brand="own", branch="ZG"),
        answer(2, brand="own", branch="ZG"),
        answer(3, branch="ZG"),
        answer(4),
    ]
    blank = answer(5, brand="unknown")  # the column of brands says nothing: it is no answer about us
    only_rivals = answer(6, "2025-02-01", brand="Rival")
    staff = answer(7, "2025-03-01", metric="enps", respondent_key="e")
    take_in(lake, File("a.csv", (*asked, *of_own, blank, only_rivals)))
    take_in(lake, File("hr.csv", (staff,), source="web", day=2))
    take_in(lake, File("calls.csv", (answer(8, "2025-03-01", branch="ZG"),), source="calls", day=3))
    built = build(lake)
    with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
        responses_gate(lake, gate, built)
    shown = "select strftime(month, '%m'), source, responses, unmatched, match_rate from month_counts"
    assert ask(tmp_path / "gate.duckdb", f"{shown} order by all").rows() == [
        ("01", "shops", 8, 1, 0.75),
        ("02", "shops", 1, 0, None),
        ("03", "calls", 1, 0, None),  # not to blame for its month
        ("03", "web", 1, 1, 0.5),
    ]
    with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
        verdicts = check(gate, response_suite(min_match_rate=0.75))
    failed = {each.rule.name for each in verdicts if not each.passed}
    assert failed == {"enough_branches_are_known"}  # of employees alone: in February nothing is asked


@pytest.mark.parametrize(("known", "passes"), [(1, False), (2, True), (3, True)])
def test_as_few_branches_as_may_be_known_are_enough(tmp_path: Path, known: int, *, passes: bool) -> None:
    lake = Lake(tmp_path / "lake")
    take_in(lake, File("a.csv", tuple(answer(row, branch="ZG" if row <= known else None) for row in range(1, 11))))
    built = build(lake)
    with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
        responses_gate(lake, gate, built)
        verdicts = check(gate, response_suite(min_match_rate=0.2))
    assert [each.passed for each in verdicts if each.rule.name == "enough_branches_are_known"] == [passes]


def test_employees_whom_nothing_gives_a_branch_hold_no_month(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    staff = (answer(row, metric="enps", respondent_key=f"e{row}") for row in range(9))
    take_in(lake, File("hr.csv", tuple(staff), source="web"))
    take_in(lake, File("shops.csv", (answer(1, branch="ZG"), answer(2))))
    built = build(lake)
    with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
        responses_gate(lake, gate, built, ["web"])
    shown = "select source, responses, unmatched, match_rate from month_counts order by all"
    assert ask(tmp_path / "gate.duckdb", shown).rows() == [("shops", 2, 1, 0.5), ("web", 9, 0, None)]


def test_a_build_that_lost_an_answer_or_swapped_two_is_seen(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    take_in(lake, File("a.csv", tuple(answer(row) for row in range(3))), File("b.csv", (answer(9),), day=2))
    built = build(lake)
    [path] = lake.files_of("responses", built.counts.select("month", load_id=pl.lit(built.load_id)))
    whole = pl.read_parquet(path)

    def seen(responses: pl.DataFrame) -> tuple[int, int, int]:
        responses.write_parquet(path)
        with connect(limits(tmp_path), tmp_path / "gate.duckdb") as gate:
            responses_gate(lake, gate, built)
        [found] = ask(tmp_path / "gate.duckdb", "select missing, other_rows, miscounted from month_counts").rows()
        return found

    assert seen(whole) == (0, 0, 0)
    assert seen(whole[1:]) == (1, 1, 1)
    assert seen(pl.concat([whole[1:], whole[-1:]])) == (0, 2, 2)
    assert seen(whole.with_columns(cell=pl.Series([1, *whole["cell"][1:]], dtype=pl.Int32))) == (0, 0, 1)
