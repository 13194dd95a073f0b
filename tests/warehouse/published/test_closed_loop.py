"""Closed loop: every answer of an unhappy client is a case in one state, and no file is published where one is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.support.lakes import RULES, File, answer, at, build, limits, record, take_in
from tests.warehouse.published.test_publish import PUBLICATION
from transforms.follow_up.due import DueRule
from transforms.follow_up.ticket_cases import Matching
from transforms.tables import Ticket, stored_types
from transforms.texts.identity import keyed, pseudonym
from warehouse.engine import connect, reconcile
from warehouse.gates import published_gate
from warehouse.lake.ledgers import TICKETS
from warehouse.lake.loads import new_load_id
from warehouse.lake.store import Lake
from warehouse.months.plan import make_plan
from warehouse.months.rules import ResponseRules
from warehouse.months.shown import Names
from warehouse.published.cases import FollowUp, find_cases, kept_cases, tickets
from warehouse.published.publish import build_candidate
from warehouse.published.query import ask
from warehouse.published.swap import candidate_path

pytestmark = pytest.mark.usefixtures("bare")

Row = dict[str, Any]
KEY = "k" * 32
DUE = DueRule("Europe/Zagreb", business_days=2)
FOLLOW_UP = FollowUp(DUE, Matching("Europe/Zagreb", KEY), ("anonymous", "opted_out"))
NOW = datetime(2025, 4, 20, tzinfo=UTC)
WITH_TICKETS = replace(RULES, has_tickets=True)


def ticket(response_id: str, **values: object) -> Row:
    ids = pl.select(response_key=keyed(pl.lit(response_id), KEY), person_key=pseudonym(pl.lit(response_id), KEY))
    return {"source_row": 2, "is_opted_out": False, **ids.row(0, named=True), **values}


def dump(lake: Lake, name: str, *rows: Row, on: float = 5) -> None:
    """Take in a dump of tickets."""
    file, schema = File(name, day=on, source=TICKETS), stored_types(Ticket)
    load_id = new_load_id()
    frame = pl.DataFrame([{each: row.get(each) for each in schema} for row in rows], schema=schema)
    folder = lake.begin("tickets", file_digest=file.digest, load_id=load_id)
    frame.drop("file_digest").write_parquet(folder / "part-0.parquet")
    lake.commit("tickets", [folder])
    record(lake, file, load_id=load_id)


def unhappy(row: int, on: str = "2025-03-28 15:30", *, score: int = 3, who: str | None = None, **values: Any) -> Row:  # noqa: ANN401 - as the columns have it
    return answer(row, on, score=score, respondent_key=who or f"p{row}", **values)


def published(lake: Lake, home: Path, follow_up: FollowUp = FOLLOW_UP) -> Path:
    candidate = candidate_path(home / "nps.duckdb")
    about = replace(PUBLICATION, follow_up=follow_up, published_at=NOW)
    build_candidate(lake, make_plan(lake, WITH_TICKETS), candidate, about, limits(home))
    return candidate


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Path]:
    home = tmp_path_factory.mktemp("loop")
    lake = Lake(home / "lake")
    rows = [
        unhappy(2),  # called in time, recovered
        unhappy(3),  # called late, still open in the CRM
        unhappy(4),  # nobody has called: overdue
        unhappy(5, "2025-04-18 10:00"),  # Good Friday is no holiday of this rule: due on Tuesday 22
        unhappy(6),  # opted out
        answer(7, "2025-03-28 15:30", score=0),  # anonymous
        answer(8, "2025-03-28 15:30", score=9, respondent_key="p8"),
        answer(9, "2025-04-10", score=10, respondent_key="p2"),  # the one who was won back
        answer(10, "2025-03-30", score=2, metric="enps", respondent_key="e1"),
    ]
    clients = tuple(row for row in rows if row["metric"] == "nps")
    take_in(lake, File("a.csv", clients), File("hr.csv", tuple(rows[-1:]), source="web"))
    dump(lake, "old.csv", ticket("r2", first_contact_at=None))
    dump(
        lake, "new.csv",
        ticket("r2", first_contact_at=at("2025-03-31 08:00"), closed_at=at("2025-04-02 08:00"), ended="recovered",
               root_cause="delay"),
        ticket("r3", first_contact_at=at("2025-04-02 08:00"), owner_key="o1"),
        ticket("r6", is_opted_out=True), ticket("r8", first_contact_at=at("2025-03-31 08:00")), ticket("unknown"),
        on=6,
    )  # fmt: skip
    build(lake, rules=WITH_TICKETS)
    return lake, published(lake, home)


def test_every_answer_of_an_unhappy_client_is_a_case_in_its_state(loop: tuple[Lake, Path]) -> None:
    found = {row["case_id"]: row for row in kept_cases(loop[0]).to_dicts()}
    assert {case: row["status"] for case, row in found.items()} == {
        "r2": "closed", "r3": "contacted", "r4": "open", "r5": "open", "r6": "exempt", "r7": "exempt",
    }  # fmt: skip
    assert [case for case, row in found.items() if row["is_overdue"]] == ["r4"]
    assert (found["r2"]["outcome"], found["r2"]["root_cause"], found["r2"]["next_category"]) == (
        "recovered",
        "delay",
        "promoter",
    )
    assert found["r2"]["due_at"] == at("2025-04-01 14:30")
    assert found["r2"]["hours_to_contact"] == pytest.approx(64.5)
    assert found["r3"]["next_category"] is None


def test_no_case_says_who_it_is_of(loop: tuple[Lake, Path]) -> None:
    assert not {"respondent_key", "account_key", "person"} & {*kept_cases(loop[0]).columns}
    tables = {name for (name,) in ask(loop[1], "select table_name from information_schema.tables").rows()}
    assert "cases" not in tables
    assert "tickets" not in tables


def test_the_figures_of_the_loop_add_up(loop: tuple[Lake, Path]) -> None:
    sql = "select * exclude (as_of) from marts.closed_loop where period_grain = 'month' order by period_start"
    march, april = ask(loop[1], sql).to_dicts()
    assert [march[name] for name in ("detractors", "cases", "exempt", "contacted_in_time", "contacted_late", "overdue")] == [
        5, 5, 2, 1, 1, 1,
    ]  # fmt: skip
    assert [april[name] for name in ("detractors", "cases", "pending", "in_time_rate")] == [1, 1, 1, None]
    assert (march["closed"], march["recovered"], march["answered_again"], march["became_promoters"]) == (1, 1, 1, 1)
    assert march["in_time_rate"] == pytest.approx(1 / 3)
    # Wilson of 1 in 3.
    assert (march["in_time_rate_low"], march["in_time_rate_high"]) == pytest.approx(
        (0.0614919447, 0.7923403992), abs=1e-9
    )
    assert march["median_hours"] == pytest.approx((64.5 + 112.5) / 2)
    assert ask(loop[1], "select cases from marts.closed_loop_overall where period_grain = 'year'").item() == 6


def broken(candidate: Path, home: Path) -> set[str]:
    """The equations that the gate finds broken in a file about to be published."""
    with connect(limits(home)) as gate:
        published_gate(candidate, gate, low_sample=30)
        found = gate.execute("select name from published_sums where difference <> 0").fetchall()
    return {str(name) for (name,) in found}


def test_a_case_that_is_missing_stops_publishing(loop: tuple[Lake, Path], tmp_path: Path) -> None:
    assert broken(loop[1], tmp_path) == set()
    lake = Lake(tmp_path / "lake")
    take_in(lake, File("a.csv", (unhappy(2), unhappy(3), answer(4))))
    build(lake)
    # One of the answers that cells count is no response any more.
    responses = next(file for file in (tmp_path / "lake/responses").rglob("*.parquet") if "month=2025-03" in str(file))
    pl.read_parquet(responses, hive_partitioning=False).filter(pl.col("source_row") != 3).write_parquet(responses)
    assert broken(published(lake, tmp_path), tmp_path) == {
        "detractors of the own brand = cases that are not void",
        "detractors of each branch and month = its cases: branches and months",
    }


def test_a_case_in_no_state_that_is_counted_stops_publishing(loop: tuple[Lake, Path], tmp_path: Path) -> None:
    candidate = tmp_path / "nps.duckdb"
    candidate.write_bytes(loop[1].read_bytes())
    with duckdb.connect() as file:
        file.execute(f"attach '{candidate}' as nps; use nps")
        file.execute("create temp table cases as select 'open' as status from marts.closed_loop where false")
        file.execute("update marts.closed_loop set overdue = overdue - 1 where overdue > 0 and period_grain = 'month'")
        file.execute("delete from meta.reconciliation")
        reconcile(file, "closed_loop")
    assert "cases = exempt + contacted in time + contacted late + overdue + pending" in broken(candidate, tmp_path)


def test_an_answer_that_counts_no_more_is_void_and_its_new_version_is_the_case(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first = [unhappy(2), unhappy(3, who="same"), unhappy(4), unhappy(5)]
    second = [
        unhappy(2, updated_at=at("2025-03-30")),  # the same once more
        answer(9, "2025-03-29", score=9, respondent_key="same"),  # they answered again, and are happy
        {**unhappy(4, score=8), "updated_at": at("2025-03-30")},  # corrected
    ]
    take_in(lake, File("a.csv", tuple(first)), File("b.csv", tuple(second), day=2), File("c.csv", (unhappy(6),), day=3))
    record(lake, File("c.csv", (unhappy(6),), day=3), status="withdrawn", load_id=_load_of(lake, "c.csv"))
    build(lake)
    names = Names(pl.DataFrame(schema=dict.fromkeys(("attribute", "spelling", "shown_as"), pl.String)), ())
    found, _ = find_cases(lake, make_plan(lake, RULES), FOLLOW_UP, names, NOW)
    states = dict(found.select("case_id", "status").iter_rows())
    assert states == {"r2": "open", "r3": "void", "r4": "void", "r5": "open", "r6": "void"}
    assert found.filter(case_id="r2").get_column("file_digest").item() == File("b.csv").digest
    assert found.height == found.select("source", "case_id").n_unique()


def _load_of(lake: Lake, name: str) -> str:
    return str(lake.ledger("files").filter(pl.col("path").str.ends_with(name)).get_column("load_id").last())


def test_an_id_of_two_sources_says_nothing_unless_the_ticket_names_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    take_in(
        lake, File("a.csv", (unhappy(2), unhappy(3))), File("b.csv", (unhappy(2, who="other"),), source="calls", day=2)
    )
    dump(
        lake, "t.csv", ticket("r2", first_contact_at=at("2025-03-31")), ticket("r3", first_contact_at=at("2025-03-31"))
    )
    build(lake, rules=WITH_TICKETS)
    names = Names(pl.DataFrame(schema=dict.fromkeys(("attribute", "spelling", "shown_as"), pl.String)), ())

    def contacted() -> list[tuple[str, str]]:
        found = find_cases(lake, make_plan(lake, WITH_TICKETS), FOLLOW_UP, names, NOW)[0].filter(status="contacted")
        return found.select("source", "case_id").rows()

    assert contacted() == [("shops", "r3")]
    dump(lake, "u.csv", ticket("r2", first_contact_at=at("2025-03-31"), of_source="calls"), on=7)
    assert ("calls", "r2") in contacted()


def test_a_ticket_that_names_the_client_is_of_the_answer_that_counts_and_says_so(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    rows = [
        unhappy(2, who="p"), unhappy(3, "2025-03-01", who="twice"), unhappy(4, "2025-03-28", who="twice"),
        unhappy(5, "2025-03-01", who="q", account_key="firm"), unhappy(6, "2025-02-20", who="m"),
        unhappy(7, "2025-03-02", who="m"), answer(8, score=9, respondent_key="happy"),
    ]  # fmt: skip
    take_in(lake, File("a.csv", tuple(rows)))
    called = {"response_key": None, "person_key": None, "opened_at": at("2025-03-29"), "owner_key": "o"}
    about: list[Row] = [
        {"respondent_key": "p"}, {"respondent_key": "twice"}, {"account_key": "firm"}, {"respondent_key": "happy"},
        {"respondent_key": "m", "opened_at": at("2025-03-03")},
    ]  # fmt: skip
    dump(lake, "t.csv", *({**ticket("r2"), **called, "first_contact_at": at("2025-03-30"), **who} for who in about))
    build(lake, rules=WITH_TICKETS)
    candidate = published(lake, tmp_path)
    found = dict(kept_cases(lake).select("case_id", "status").iter_rows())
    # Who answered twice in March has one answer that counts; who did in February and March has two.
    assert found == {
        "r2": "contacted", "r3": "void", "r4": "contacted", "r5": "contacted", "r6": "open", "r7": "open",
    }  # fmt: skip
    assert ask(candidate, "from meta.ticket_matches").rows() == [(5, 0, 3, 1, 1)]
    assert not {"respondent_key", "account_key"} & {*kept_cases(lake).columns}
    assert broken(candidate, tmp_path) == set()


def test_what_is_rejected_of_a_source_of_rivals_is_no_case(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    take_in(lake, File("a.csv", (unhappy(2, brand="own"), unhappy(3, brand="Rival"))))
    build(lake)
    assert found_by(lake, RULES) == {"r2": "open"}
    assert tickets(lake, make_plan(lake, RULES)).is_empty()


def test_dumps_that_nps_yaml_names_no_more_say_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    take_in(lake, File("a.csv", (unhappy(2),)))
    dump(lake, "t.csv", {**ticket("r2"), "first_contact_at": at("2025-03-30")})
    build(lake, rules=WITH_TICKETS)
    assert found_by(lake, WITH_TICKETS) == {"r2": "contacted"}
    assert found_by(lake, RULES) == {"r2": "open"}


def found_by(lake: Lake, rules: ResponseRules) -> dict[str, str]:
    """The status of each case."""
    names = Names(pl.DataFrame(schema=dict.fromkeys(("attribute", "spelling", "shown_as"), pl.String)), ())
    found, _ = find_cases(lake, make_plan(lake, rules), FOLLOW_UP, names, NOW)
    return dict(found.select("case_id", "status").iter_rows())
