"""Figures of periods that had ended and change all the same: from, to, when and why, for good."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lakes import FEBRUARY, JANUARY, RULES, File, answer, bare, build, day, know, leave, limits, take_in
from tests.support.lakes import record as judged
from tests.support.scenario import land, night, nps, published, source, workspace
from warehouse.engine import run_model
from warehouse.lake.store import Lake
from warehouse.months.plan import make_plan
from warehouse.months.rules import ResponseRules
from warehouse.published.publication import Publication
from warehouse.published.publish import build_candidate
from warehouse.published.restatements import not_recorded, record_restatements
from warehouse.published.swap import swap_in

FIRST = File("first.csv", tuple(answer(row, f"2025-0{1 + row % 2}-10", score=9 - 2 * (row % 3)) for row in range(12)))
LATE = File("late.csv", (answer(50, "2025-02-20", score=0, branch="ZG"),), day=5)
PUBLICATION = Publication(
    published_at=day(20), code_version="1", inputs="1", minimum_group=5, storage_version="v1.0.0",
    today=date(2025, 4, 20), low_sample=30,
)  # fmt: skip


def publish(
    lake: Lake,
    database: Path,
    on: int,
    rules: ResponseRules = RULES,
    **about: Any,  # noqa: ANN401 - as Publication has it
) -> None:
    candidate = database.parent / ".candidate" / "nps.duckdb"
    publication = replace(PUBLICATION, published_at=day(on), before=database, **about)
    with bare():
        build_candidate(lake, make_plan(lake, rules), candidate, publication, limits(lake.root))
    swap_in(candidate, database, 5)


def restated(
    database: Path, what: str = "mart, period_grain, period_start, from_responses, to_responses, why"
) -> list[Any]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(f"select {what} from meta.restatements order by all").fetchall()


def record(lake: Lake, database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        record_restatements(lake, not_recorded(connection, lake))


def overall(database: Path) -> list[Any]:
    return [row[1:] for row in restated(database) if row[0] == "nps_overall" and not row[1].startswith("rolling")]


def test_a_late_answer_restates_its_month_quarter_and_no_other(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST)
    build(lake)
    publish(lake, database, 20)
    assert restated(database) == []
    take_in(lake, LATE)
    build(lake, [FEBRUARY])
    publish(lake, database, 21)
    why = "landing/shops/late.csv arrived."
    assert overall(database) == [("month", FEBRUARY, 6, 7, why), ("quarter", JANUARY, 12, 13, why)]
    # The year has not ended; nor did another branch change.
    assert {row[0] for row in restated(database, "member") if row[0]} >= {"general", "orders"}
    assert ("ZG",) not in restated(database, "member")
    assert restated(database, "distinct restated_at, published_before, accepted_by") == [(day(21), day(20), None)]
    record(lake, database)
    leave(lake, LATE, on=7)
    build(lake, [FEBRUARY])
    publish(lake, database, 22)
    assert len(overall(database)) == 4
    assert overall(database)[1] == ("month", FEBRUARY, 7, 6, "landing/shops/late.csv was replaced.")


def test_a_name_that_is_shown_in_another_spelling_restates_nothing(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    few, many = (
        File(
            f"{name}.csv",
            tuple(answer(row, f"{month}-10", branch=name, score=row % 11) for row in range(size)),
            day=size,
        )
        for name, month, size in (("Split", "2025-01", 4), ("SPLIT", "2025-02", 9))
    )
    take_in(lake, few)
    build(lake)
    publish(lake, database, 20)
    take_in(lake, many)
    build(lake, [FEBRUARY])
    publish(lake, database, 21)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select distinct branch from marts.nps_by_branch").fetchall() == [("SPLIT",)]
    changed = [row for row in restated(database, "mart, member, period_grain, from_responses, to_responses") if row[1]]
    # The first quarter has ended, and the month that came later is of it.
    assert {row[2:] for row in changed} == {("quarter", 4, 13)}
    assert {row[1] for row in changed if row[0] == "nps_by_branch"} == {"SPLIT"}


def test_what_was_restated_outlives_the_file_and_the_lake_and_a_crash_between_them(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST)
    build(lake)
    publish(lake, database, 20)
    take_in(lake, LATE)
    build(lake, [FEBRUARY])
    publish(lake, database, 21)
    told = restated(database, "*")
    # Killed before it was written into the ledger: the next publication has it from the file.
    assert lake.ledger("restatements").is_empty()
    publish(lake, database, 22)
    record(lake, database)
    record(lake, database)
    assert restated(database, "*") == told
    assert lake.ledger("restatements").height == len(told)
    # The file is gone, the next one has it from the ledger; the ledger is gone, and has it from the file.
    database.unlink()
    publish(lake, database, 23)
    assert restated(database, "*") == told
    shutil.rmtree(tmp_path / "lake" / "restatements")
    again = Lake(tmp_path / "lake")
    publish(again, database, 24)
    record(again, database)
    assert again.ledger("restatements").height == len(told)


def test_settings_are_why_where_no_file_is(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    other = File("other.csv", (answer(80, "2025-01-11", programme="panel"),))
    take_in(lake, FIRST, other)
    build(lake)
    publish(lake, database, 20)
    publish(lake, database, 21, headline=["general"])
    assert overall(database)[0] == ("month", JANUARY, 7, 6, "The settings of nps.yaml, or this program, have changed.")
    database.write_bytes(b"damaged")
    publish(lake, database, 22)
    assert restated(database) == []


def test_a_figure_that_was_gone_and_is_there_again_is_told_once(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST, File("other.csv", (answer(80, "2025-01-11", programme="panel", branch="ST", score=3),)))
    build(lake)
    publish(lake, database, 20)
    publish(lake, database, 21, headline=["general"])
    publish(lake, database, 22)
    publish(lake, database, 23)
    what = "restated_at, from_responses, to_responses, from_nps, to_nps, moved_by, member, mart, period_grain"
    told = [row[:6] for row in restated(database, what) if row[6:] == ("ST", "nps_by_branch", "month")]
    assert told == [(day(21), 1, 0, -100.0, None, None), (day(22), 0, 1, None, -100.0, None)]


def test_an_agent_of_too_few_answers_is_not_told_to_have_none(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    rules = replace(RULES, apart=("agent",), dimensions=("agents",))
    known = {"member_key": "k1", "name": "A17", "valid_from": date(2020, 1, 1)}
    know(lake, "agents", known)
    take_in(lake, FIRST, File("served.csv", tuple(answer(row, agent_key="k1") for row in range(60, 64))))
    build(lake, rules=rules)
    publish(lake, database, 20, rules=rules)
    publish(lake, database, 21, rules=rules, minimum_agent=5)
    assert restated(database) == []
    publish(lake, database, 22, rules=rules)
    gone = File("served.csv", tuple(answer(row, agent_key="k1") for row in range(60, 64)))
    leave(lake, gone, on=7)
    take_in(lake, File("fewer.csv", tuple(answer(row, agent_key="k1") for row in range(60, 63)), day=8))
    build(lake, [JANUARY], rules=rules)
    publish(lake, database, 23, rules=rules, minimum_agent=4)
    what = "from_responses, to_responses, from_nps, to_nps, member, period_grain"
    told = [row[:4] for row in restated(database, what) if row[4:] == ("A17", "month")]
    assert told == [(4, None, 100.0, None)]


def test_settings_and_sources_are_told_beside_files_and_files_of_employees_are_not(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    calls = File("calls.csv", (answer(90, "2025-02-03"),), source="calls")
    other = File("other.csv", (answer(80, "2025-02-11", programme="panel"),))
    take_in(lake, FIRST, other, calls)
    build(lake)
    publish(lake, database, 20, settings={"headline": "1", "one_answer": "1"})
    staff = File("staff.csv", (answer(91, "2025-02-20", metric="enps"),), source="web", day=5)
    take_in(lake, LATE, staff)
    rules = replace(RULES, sources=("shops", "web"))
    build(lake, [FEBRUARY], rules=rules)
    publish(lake, database, 21, rules=rules, headline=["general"], settings={"headline": "2", "one_answer": "1"})
    why = "landing/shops/late.csv arrived; headline of nps.yaml has changed; nps.yaml names calls no more."
    assert overall(database)[0] == ("month", FEBRUARY, 8, 7, why)


def test_a_source_under_another_name_is_told_as_that_and_its_files_as_no_new_ones(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST)
    build(lake)
    publish(lake, database, 20)
    answers = tuple({**row, "survey": "stores"} for row in FIRST.answers)
    take_in(lake, replace(FIRST, answers=answers, source="stores", day=5))
    rules = replace(RULES, sources=("stores", "web"))
    build(lake, [JANUARY, FEBRUARY], rules=rules)
    publish(lake, database, 21, rules=rules)
    told = restated(database, "distinct why")
    assert told == [("nps.yaml calls shops stores now.",)]
    take_in(lake, LATE)
    build(lake, [JANUARY, FEBRUARY])
    publish(lake, database, 22)
    whys = restated(database, "distinct why")
    assert ("landing/shops/late.csv arrived; nps.yaml calls stores shops now.",) in whys


def test_a_file_that_was_held_and_counts_now_is_told_as_let_in(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST)
    judged(lake, LATE, status="held", ingested_at=day(6))
    build(lake)
    publish(lake, database, 20)
    take_in(lake, LATE, on=21)
    build(lake, [FEBRUARY])
    publish(lake, database, 22)
    assert restated(database, "distinct why") == [("landing/shops/late.csv was let in.",)]


def test_a_source_that_is_named_again_is_told_as_that(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST, File("calls.csv", (answer(90, "2025-02-03"),), source="calls"))
    for on, sources in ((20, ("shops", "web", "calls")), (21, ("shops", "web")), (22, ("shops", "web", "calls"))):
        rules = replace(RULES, sources=sources)
        build(lake, [JANUARY, FEBRUARY], rules=rules)
        publish(lake, database, on, rules=rules)
    told = restated(database, "distinct restated_at, why")
    assert [why for _, why in told] == ["nps.yaml names calls no more.", "nps.yaml names calls again."]


def test_what_a_setting_has_read_again_is_told_after_that_setting(tmp_path: Path) -> None:
    lake, database = Lake(tmp_path / "lake"), tmp_path / "published/nps.duckdb"
    take_in(lake, FIRST)
    build(lake)
    publish(lake, database, 20, settings={"sources.shops": "1"})
    others = tuple(answer(row, f"2025-0{1 + row % 2}-10", score=0) for row in range(12))
    take_in(lake, replace(FIRST, answers=others, day=25, recipe="r2"))
    build(lake, [JANUARY, FEBRUARY])
    publish(lake, database, 26, settings={"sources.shops": "2"})
    told = restated(database, "distinct why")
    assert told == [("sources.shops of nps.yaml has changed; landing/shops/first.csv was read again.",)]


def test_a_score_of_many_that_is_of_few_now_is_among_those_that_the_gate_looks_at(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "gate.duckdb")) as connection:
        connection.execute("""
            attach ':memory:' as nps; create schema nps.meta;
            create table nps.meta.publish as select 1 as published_at;
            create table nps.meta.reconciliation (name varchar, expected bigint, found bigint, difference bigint);
            create table nps.meta.restatements as
            select 1 as restated_at, 'nps_overall' as mart, null as member, 'month' as period_grain,
            date '2025-01-01' as period_start, 10.0 as from_nps, null::varchar as accepted_by, * from (values
                (90, 5, -50.0, -60.0), (90, 0, null, null), (90, null, null, null), (5, 90, -50.0, -60.0)
            ) _(from_responses, to_responses, to_nps, moved_by)
        """)
        run_model(connection, "gates/published", low_sample="30")
        found = connection.execute("select figure, points from published_changes order by points, figure").fetchall()
    of = "nps_overall month 2025-01-01 10.0 to"
    assert found == [(f"{of} -50.0", 60), (f"{of} no answer", 200), (f"{of} too few answers to be shown", 200)]


def test_a_figure_that_was_shown_is_told_to_be_shown_no_more_and_of_others_nothing_is_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create table setting as select unnest(['nps', 'enps']) as metric, unnest([5, 1]) as shown_from;
            create table figures as select unnest([9, 9, 0, null, 3]) as from_responses,
            unnest([3, 0, 3, 3, 9]) as to_responses, unnest([5.0, null, 5.0, 5.0, 5.0]) as to_nps,
            null as restated_at, null as published_before, 'x' as mart, 'month' as period_grain, null as period_start,
            null as period_end, null as dimension, null as member, 5.0 as from_nps, '' as why, null as accepted_by;
            create table recorded as from figures where to_responses > 0;
            create table restated as from figures where to_responses = 0
        """)
        run_model(connection, "told")
        told = connection.execute(
            "select from_responses, to_responses, to_nps from told order by 2 nulls last"
        ).fetchall()
    assert told == [(9, 0, None), (9, None, None)]


def test_what_holds_a_publication_tells_no_score_of_few(tmp_path: Path) -> None:
    about = {"gates": {"max_restatement": 5}, "low_sample": 2, "nps": {"minimum_group": 5}}
    columns = {"score": "score", "responded_at": "date", "branch": "branch"}
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", columns=columns)}, **about})
    many, few = ("score,date,branch\n" + f"{score},2025-01-10,Split\n" * rows for score, rows in ((3, 9), (10, 2)))
    land(home, "shops/few.csv", few + "8,2025-01-10,Zadar\n" * 9)
    land(home, "shops/many.csv", many)
    night(home)
    assert nps("withdraw", home / "landing/shops/many.csv", "--home", home).code == 0
    stopped = nps("run", "--home", home)
    assert stopped.code == 1
    assert "nps_by_branch Split month 2025-01-01 -63.6 to too few answers to be shown" in stopped.said
    assert nps("run", "--accept", "restatements", "--home", home).code == 0
    told = "select distinct to_responses, to_nps from meta.restatements where mart = 'nps_by_branch'"
    assert published(home, told) == [(None, None)]


@pytest.mark.parametrize(("most", "code"), [(25, 0), (24.9, 1)])
def test_a_score_may_move_by_as_many_points_as_it_may(tmp_path: Path, most: float, code: int) -> None:
    settings = {"sources": {"shops": source("shops")}, "gates": {"max_restatement": most}, "low_sample": 2}
    home = workspace(tmp_path / "home", settings)
    land(home, "shops/a.csv", "score,date\n" + "".join(f"{score},2025-01-10\n" for score in (0, 0, 7)))
    night(home)
    # From -2 of 3 to -5 of 12: 25 points, and as computers count a little more.
    land(home, "shops/b.csv", "score,date\n" + "".join(f"{score},2025-01-11\n" for score in (0,) * 6 + (9,) * 3))
    assert nps("run", "--home", home).code == code


def test_nothing_is_published_that_restates_too_much_until_a_person_accepts_it(tmp_path: Path) -> None:
    settings = {"sources": {"shops": source("shops")}, "gates": {"max_restatement": 5}, "low_sample": 2}
    home = workspace(tmp_path / "home", settings)
    land(home, "shops/a.csv", "score,date\n" + "9,2025-01-10\n" * 1 + "10,2025-01-11\n9,2025-02-11\n8,2025-02-12\n")
    night(home)
    land(home, "shops/b.csv", "score,date\n0,2025-01-12\n")
    stopped = nps("run", "--home", home)
    assert stopped.code == 1
    assert "restatements_are_small failed" in stopped.said
    assert "nps_by_survey shops month 2025-01-01 100.0 to 33.3" in stopped.said
    assert published(home, "select count(*) from meta.restatements") == [(0,)]
    assert nps("run", "--home", home).code == 1
    accepted = nps("run", "--accept", "restatements", "--home", home)
    assert accepted.code == 0, accepted.said
    who = published(home, "select distinct accepted_by is not null, why from meta.restatements")
    assert who == [(True, "landing/shops/b.csv arrived.")]
    assert nps("run", "--home", home).out.startswith("Nothing to do")
    assert nps("withdraw", home / "landing/shops/a.csv", "--home", home).code == 0
    gone = nps("run", "--home", home)
    assert gone.code == 1
    assert "nps_overall month 2025-02-01 50.0 to no answer" in gone.said, "what vanishes has moved, too"
