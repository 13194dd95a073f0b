"""Erasing people: nothing of them is left, nothing comes back, and all figures are as if they had never been there."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake.erased_people import FILE
from pipelines.intake.erasure import people
from tests.support.nights import context, imbalances
from tests.support.scenario import BUT_WHEN, Settings, land, marts, night, nps, published, source, taken_in, workspace
from transforms.rows.erased import NAMED, OWN
from warehouse.intake import staging
from warehouse.lake.ledgers import current_files
from warehouse.lake.parquet import scan
from warehouse.lake.tables import DATA_TABLES
from warehouse.upkeep import erasing

WHO = "eva@example.com"
Published = dict[str, list[tuple[object, ...]]]
COLUMNS = {"score": "Score", "responded_at": "Date", "response_id": "Id", "respondent": "Person"}
HEADING = "Id,Date,Person,Score\n"
SETTINGS: Settings = {
    "history_from": "2024-01",
    "sources": {
        "shops": source("shops", columns={**COLUMNS, "agent": "Seller"}, delivery="snapshot"),
        "calls": source("calls", columns=COLUMNS),
        "staff": source("staff", metric="enps", columns={**COLUMNS, "manager": "Boss"}),
        "asked": source(
            "asked", columns={"respondent": "Person"}, contacts=True, asked={"at": "Date"}, defaults={"survey": "calls"}
        ),
    },
    "dimensions": {
        "employees": {
            "kind": "csv", "files": "landing/hr/*", "columns": {"employee": "Mail", "branch": "Shop", "manager": "Boss"},
        },
        "agents": {"kind": "csv", "files": "landing/agents/*", "columns": {"agent": "Mail", "code": "Code"}},
    },
    "activity": {
        "orders": {
            "kind": "csv", "files": "landing/orders/*", "defaults": {"kind": "purchase", "currency": "EUR"},
            "columns": {"respondent": "Person", "occurred_at": "Date", "amount": "Sum"},
        }
    },
    "clients": {
        "kind": "csv", "files": "landing/clients/*",
        "columns": {"respondent": "Person", "first_seen": "Since", "referred_by": "By"},
    },
    "follow_up": {"due": {"hours": 48}},
    "cases": {
        "kind": "crm", "files": "landing/tickets/*",
        "columns": {"response_id": "Answer", "opened_at": "Opened", "owner": "Owner"},
    },
}  # fmt: skip
#: The tables of the lake that tell of her: all but of counts.
OF_HER = {"staged", "contacts", "members", "activity", "clients", "tickets", "cells", "cases"}
#: Every row of Eva's holds `EVA`; rows of others may name her.
FILES = {
    "shops/1.csv": f"Id,Date,Person,Score,Seller\ns1,2025-01-10,p1@x.hr,9,{WHO}\nEVA1,2025-01-11,Eva@Example.com ,0,ann\n"
    "s3,2025-02-11,p3@x.hr,6,ann\n",
    "calls/1.csv": HEADING + f"k1,2025-01-10,p1@x.hr,10\nEVA2,2025-02-10,{WHO},2\nk3,2025-02-10,p3@x.hr,7\n",
    "calls/2.csv": HEADING + f"k4,2025-03-10,p4@x.hr,8\nEVA3,2025-04-10,{WHO},10\n",
    "calls/3.csv": HEADING + "k5,2025-03-12,p5@x.hr,3\nk6,2025-03-13,p6@x.hr,9\n",
    "staff/1.csv": "Id,Date,Person,Score,Boss\n"
    + "".join(f"e{n},2025-03-{1 + n:02},w{n}@x.hr,{n % 11},{WHO}\n" for n in range(9))
    + f"EVA4,2025-03-20,{WHO},4,boss\n",
    "asked/1.csv": f"Person,Date\np1@x.hr,2025-01-09\n{WHO},2025-02-09\n{WHO},2025-02-12\n",
    "hr/1.csv": f"Mail,Shop,Boss\nw1@x.hr,ZG,{WHO}\n{WHO},ZG,boss\n",
    "agents/1.csv": f"Mail,Code\nann,A1\n{WHO},A2\n",
    "orders/1.csv": f"Person,Date,Sum\np1@x.hr,2025-03-01,10\n{WHO},2025-03-02,20\n",
    "clients/1.csv": f"Person,Since,By\np1@x.hr,2024-01-01,{WHO}\n{WHO},2024-01-01,\n",
    "tickets/1.csv": f"Answer,Opened,Owner\ns3,2025-02-12,{WHO}\nEVA2,2025-02-11,ann\n",
}


def without(text: str) -> str:
    """A file as it would be if Eva had never been there: without her rows, and her name in others."""
    lines = [line for line in text.splitlines() if not line.startswith((WHO, "EVA"))]
    return "\n".join(line.replace(WHO, "") for line in lines) + "\n"


def arrived(home: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        land(home, name, text)
    return home


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One night with all of it; tests work on copies."""
    home = arrived(workspace(tmp_path_factory.mktemp("taken") / "home", SETTINGS), FILES)
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    return home


@pytest.fixture
def home(taken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(taken, tmp_path / "home"))


@pytest.fixture(scope="module")
def never_there(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """What is published where Eva never was; who was asked stays asked, whoever that is."""
    files = {name: without(text) if name != "asked/1.csv" else text for name, text in FILES.items()}
    home = arrived(workspace(tmp_path_factory.mktemp("never") / "home", SETTINGS), files)
    nps("run", "--home", home)
    return marts(home)


def of_clients(tables: Published) -> Published:
    """Without employees: what a closed wave showed stays as it was shown (docs/privacy.md)."""
    return {name: rows for name, rows in tables.items() if "enps" not in name}


def erase(home: Path, *how: str) -> str:
    told = nps("erase", *(how or ("--respondent", WHO)), "--home", home)
    assert (told.code, told.err) == (0, ""), told.said
    return told.out


def key(home: Path) -> str:
    [found] = people(Context(open_workspace(home)), [WHO], []).people
    return found


def holding(home: Path) -> list[str]:
    """The Parquet files on the disk, part of a table or not, that hold the pseudonym, and the texts that do."""
    return sorted(_holding(home, key(home)))


def _holding(home: Path, who: str) -> Iterator[str]:
    for file in (home / "lake").rglob("*.parquet"):
        if "_delta_log" not in file.parts:
            texts = pl.read_parquet(file, hive_partitioning=False).select(pl.col(pl.String))
            if any((texts[name] == who).any() for name in texts.columns):
                yield str(file.relative_to(home))
    for file in (home / "lake").rglob("*.json"):
        if who in file.read_text("utf-8"):
            yield str(file.relative_to(home))


def test_figures_are_as_if_they_had_never_been_there_and_no_file_holds_them(home: Path, never_there: Published) -> None:
    assert {path.split("/")[1] for path in holding(home)} == OF_HER
    waves = published(home, "select * from marts.enps_overall order by all")
    erase(home)
    assert {path.split("/")[1] for path in holding(home)} == {"cells", "cases"}, "these are built by the night"
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert holding(home) == []
    assert of_clients(marts(home)) == of_clients(never_there)
    assert published(home, "select * from marts.enps_overall order by all") == waves, "closed waves stay as they are"
    assert imbalances(home) == []
    told_of = "select path from meta.files where excluded > 0"
    with_rows = {name for name, text in FILES.items() if "\nEVA" in text or f"\n{WHO}" in text or "EVA2" in text}
    assert {f"landing/{name}" for name in with_rows - {"asked/1.csv"}} == {path for (path,) in published(home, told_of)}


def test_it_is_told_what_there_is_of_them_and_never_who_they_are(home: Path) -> None:
    looked = erase(home, "--respondent", WHO, "--look")
    assert "landing/calls/1.csv (calls): 1 row of theirs." in looked
    assert "landing/staff/1.csv (staff): 1 row of theirs, 9 rows of others that name them." in looked
    assert "landing/asked/1.csv (asked): 2 attempts to ask them." in looked
    assert "Nothing was erased" in looked
    assert holding(home)
    assert not (home / FILE).exists()
    told = erase(home)
    assert told.startswith(looked.partition("Nothing was")[0])
    assert WHO not in told
    assert "Nothing of them is here." in erase(home, "--respondent", WHO, "--look")


def test_they_stay_out_of_whatever_comes_and_of_a_lake_that_is_made_anew(home: Path, never_there: Published) -> None:
    erase(home)
    shutil.rmtree(home / "lake")
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert of_clients(marts(home)) == of_clients(never_there)
    assert holding(home) == []
    # The same answer under its id, without a name; a new one; and a small file among others.
    for number in range(3):
        land(home, f"calls/new{number}.csv", HEADING + f"EVA2,2025-05-10,,9\nn{number},2025-05-10,{WHO},9\n", day=2)
    verdicts = taken_in(home)
    assert [verdicts[f"landing/calls/new{number}.csv"]["excluded"] for number in range(3)] == [2, 2, 2]
    assert holding(home) == []


@pytest.mark.parametrize("at", ["commit", "append", "take_up", "drop"])
def test_a_kill_loses_nothing_and_the_night_goes_on_with_it(home: Path, at: str, never_there: Published) -> None:
    with patch(f"warehouse.lake.store.Lake.{at}", side_effect=KeyboardInterrupt):
        assert nps("erase", "--respondent", WHO, "--home", home).code == 130
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert "An erasure had been stopped before it was done" in told.said
    assert holding(home) == []
    assert of_clients(marts(home)) == of_clients(never_there)
    assert imbalances(home) == []


def test_addresses_that_stand_as_ids_are_theirs_and_numbers_of_answers_are_not(tmp_path: Path) -> None:
    ids = {"score": "Score", "responded_at": "Date", "response_id": "ID"}
    asked = source("asked", columns={"response_id": "ID"}, contacts=True, asked={"at": "Date"})
    home = workspace(tmp_path / "home", {"sources": {"calls": source("calls", columns=ids), "asked": asked}})
    land(home, "calls/1.csv", f"ID,Date,Score\n{WHO},2025-01-10,9\n17,2025-01-11,1\n")
    land(home, "asked/1.csv", f"ID,Date\n{WHO},2025-01-09\n17,2025-01-09\n")
    night(home)
    assert "landing/calls/1.csv (calls): 1 row of theirs." in erase(home)
    assert holding(home) == []
    assert "Nothing of them is here." in erase(home, "--respondent", "17")
    land(home, "asked/2.csv", f"ID,Date\n{WHO},2025-01-29\n", day=2)
    taken_in(home)
    assert holding(home) == []


def test_others_who_answered_for_an_account_of_their_name_do_not_name_them(tmp_path: Path) -> None:
    calls = source("calls", columns={**COLUMNS, "account": "Firm"})
    home = workspace(tmp_path / "home", {"sources": {"calls": calls}})
    land(home, "calls/1.csv", f"Id,Date,Person,Firm,Score\na,2025-01-10,p,{WHO},9\nb,2025-01-11,q,x,3\n")
    night(home)
    assert "landing/calls/1.csv (calls): 1 row of others that names them." in erase(home)
    night(home)
    assert holding(home) == []
    land(home, "calls/2.csv", f"Id,Date,Person,Firm,Score\nc,2025-01-12,r,{WHO},8\n", day=2)
    night(home)
    assert holding(home) == []
    assert published(home, "select sum(responses) from marts.fct_nps") == [(3,)]


def test_each_pseudonym_of_what_files_held_is_somebodys_own_or_a_name_in_a_row() -> None:
    of_things = {"response_key", "person_key", "activity_key"}
    for table, own in OWN.items():
        keys = {name for name in DATA_TABLES[table][0].column_names() if name.endswith("_key")}
        assert keys - of_things <= {*own, *NAMED[table], "respondent_key" * (table == "contacts")}, table


def test_of_big_files_the_months_without_them_are_not_written_anew(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"calls": source("calls", columns=COLUMNS)}})
    land(home, "calls/1.csv", HEADING + f"a,2025-01-10,p,9\nb,2025-02-10,{WHO},1\nc,2025-02-11,q,8\n")
    with patch.object(staging, "BY_MONTH_FROM", 1), patch("pipelines.intake.judging.BY_MONTH_FROM", 1):
        night(home)
    erase(home)
    assert "1 month built" in night(home).out
    [file] = current_files(context(home).lake).iter_rows(named=True)
    assert (file["accepted"], file["excluded"], [each[-10:] for each in file["erasures"]]) == (2, 1, ["2025-02-01"])
    pieces = context(home).lake.pieces("staged").sort("path")
    assert pieces["rows"].to_list() == [1, 1]
    assert published(home, "select sum(promoters), sum(passives), sum(detractors) from marts.fct_nps") == [(1, 1, 0)]
    assert imbalances(home) == []


def test_the_last_answer_of_a_month_takes_the_month_along(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"calls": source("calls", columns=COLUMNS)}})
    land(home, "calls/1.csv", HEADING + f"a,2025-01-10,p,9\nb,2025-02-10,{WHO},1\n")
    night(home)
    erase(home)
    night(home)
    months = "select distinct strftime(month, '%m') from marts.fct_nps"
    assert published(home, months) == [("01",)]
    why = published(home, "select distinct why from meta.restatements")
    assert why == [("people were erased from landing/calls/1.csv.",)]


def test_people_are_also_known_by_pseudonym_and_from_lines(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "landing/calls/1.csv (calls): 1 row of theirs." in erase(home, "--key", key(home), "--look")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{WHO}\n\np1@x.hr\n"))
    assert "landing/calls/1.csv (calls): 2 rows of theirs." in erase(home, "--respondent", "-", "--look")
    for wrong in (("--key", "abc"), ("--respondent", "anonymous"), ()):
        told = nps("erase", *wrong, "--home", home)
        assert (told.code, told.out) == (2, ""), told.said


def test_who_was_never_there_is_kept_out_all_the_same(home: Path) -> None:
    assert "Is that what files call them?" in erase(home, "--respondent", "new@x.hr")
    land(home, "calls/new.csv", HEADING + "n1,2025-05-10,NEW@x.hr,9\nn2,2025-05-10,other@x.hr,9\n", day=2)
    assert taken_in(home)["landing/calls/new.csv"]["excluded"] == 1


def test_without_the_list_of_the_erased_nothing_is_done(home: Path) -> None:
    erase(home)
    lines = (home / FILE).read_text("utf-8")
    # What a crash has cut off never counted.
    (home / FILE).write_text(lines + '{"people": ["ab', "utf-8")
    night_after = nps("run", "--home", home)
    assert night_after.code == 0, night_after.said
    erase(home, "--respondent", "p1@x.hr")
    assert [*map(sorted, map(json.loads, (home / FILE).read_text("utf-8").splitlines()))] == [
        ["addresses", "answers", "at", "by", "key_id", "people"], ["done", "lake", "version"],
    ] * 2  # fmt: skip
    (home / FILE).write_text(f"?{lines}", "utf-8")
    for told in (nps("run", "--home", home), nps("erase", "--respondent", "x", "--home", home)):
        assert (told.code, told.out) == (2, "")
        assert f"Line 1 of {home / FILE} cannot be read" in told.err
    (home / FILE).unlink()
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "is gone. It says who was erased" in told.err


def test_a_lake_of_before_is_rid_of_them_and_an_earlier_list_of_the_erased_is_refused(
    home: Path, tmp_path: Path
) -> None:
    before = shutil.copytree(home / "lake", tmp_path / "before")
    erase(home)
    first = (home / FILE).read_text("utf-8")
    shutil.rmtree(home / "lake")
    shutil.copytree(before, home / "lake")
    assert holding(home)
    told = nps("run", "--home", home)
    assert "The lake was one of before people were erased, and had them still." in told.said
    assert holding(home) == []
    assert "one of before" not in nps("run", "--home", home).said
    erase(home, "--respondent", "p1@x.hr")
    (home / FILE).write_text(first, "utf-8")
    told = nps("run", "--home", home)
    assert told.code == 2
    assert "is an earlier one: people were erased since it was written" in told.err


def test_a_garbled_pseudonym_and_a_line_without_an_end_are_no_reason_to_let_anybody_back(home: Path) -> None:
    erase(home)
    lines = (home / FILE).read_text("utf-8")
    (home / FILE).write_text(lines.rstrip("\n"), "utf-8")
    erase(home, "--respondent", "p1@x.hr")
    assert (home / FILE).read_text("utf-8").startswith(lines)
    one_by_one = (
        lines.replace(key(home), key(home)[:-1]), lines.replace('"people"', '"peeple"'), f"[]\n{lines}", f"1\n{lines}",
        f'{{"done":"x"}}\n{lines}', f'{{"done":"2025-05-09","lake":"x","version":1}}\n{lines}',
        re.sub('"people":[^]]*', '"people":[1', lines), re.sub('"answers":{[^}]*}', '"answers":["a1"]', lines),
    )  # fmt: skip
    for garbled in one_by_one:
        assert garbled != lines
        (home / FILE).write_text(garbled, "utf-8")
        told = nps("run", "--home", home)
        assert (told.code, told.out) == (2, ""), told.said
        assert "Line 1" in told.err


def test_two_who_were_asked_stay_two_and_a_reminder_one(home: Path) -> None:
    erase(home, "--respondent", WHO, "--respondent", "p1@x.hr")
    asked = scan("contacts", [str(file) for file in context(home).lake.sizes("contacts")]).collect()
    by_person = asked.group_by("respondent_key").len().get_column("len").sort().to_list()
    assert by_person == [1, 2]


def test_of_an_answer_of_theirs_an_attempt_tells_as_little_as_if_it_were_read_anew(tmp_path: Path) -> None:
    price = {"promoter": 4, "passive": 4, "detractor": 7}
    tariff = {"currency": "EUR", "vat": "included", "valid_from": "2024-01-01", "charge": "answered", "per_call": price}
    calls = source("calls", columns=COLUMNS, contacts=True, asked={"at": "Asked"}, tariff="paid")
    home = workspace(tmp_path, {"sources": {"calls": calls}, "tariffs": {"paid": tariff}})
    heading = "Id,Asked,Date,Person,Score\n"
    land(home, "calls/1.csv", f"{heading}a1,2025-01-01,2025-01-10,{WHO},2\na2,2025-01-01,2025-01-12,p2@x.hr,1\n")
    land(home, "calls/2.csv", f"{heading}a1,2025-01-01,2025-01-10,,0\n", day=2)
    night(home)
    erase(home)
    night(home)
    tables = [
        f"select {BUT_WHEN} from marts.{table} order by all"
        for table in ("survey_cost", "survey_funnel", "fct_contact")
    ]
    told = [published(home, table) for table in tables]
    # Of a score that does not count, as a passive pays: 4 and 7.
    detractors = "select distinct detractors, cost from marts.survey_cost where dimension = 'all'"
    assert [(count, int(cost)) for count, cost in published(home, detractors)] == [(1, 11)]
    shutil.rmtree(home / "lake")
    night(home)
    assert [published(home, table) for table in tables] == told


def test_tickets_of_other_people_stay(tmp_path: Path) -> None:
    kept = {name: SETTINGS[name] for name in ("history_from", "follow_up", "cases")}
    home = workspace(tmp_path / "home", {**kept, "sources": {"calls": source("calls", columns=COLUMNS)}})
    land(home, "calls/1.csv", HEADING + "17,2025-01-10,eva,2\n18,2025-01-11,18,3\n19,2025-01-12,17,1\n")
    land(home, "tickets/1.csv", "Answer,Opened,Owner\n17,2025-01-11,ann\n18,2025-01-12,ann\n19,2025-01-13,ann\n")
    night(home)
    assert "tickets/1.csv (dimension.tickets): 1 row of theirs." in erase(home, "--respondent", "17")
    tickets = scan("tickets", [str(file) for file in context(home).lake.sizes("tickets")]).collect()
    assert tickets.get_column("source_row").sort().to_list() == [2, 3], "17 is the number of an answer of somebody else"


def test_an_order_that_was_void_stays_void_and_is_nobodys(tmp_path: Path) -> None:
    orders = {**SETTINGS["activity"]["orders"], "kinds": {"excluded": ["void"]}}
    orders["columns"] = {**orders["columns"], "activity_id": "No", "kind": "Kind"}
    home = workspace(tmp_path, {**SETTINGS, "activity": {"orders": orders}})
    heading = "No,Person,Date,Sum,Kind\n"
    land(home, "shops/1.csv", FILES["shops/1.csv"])
    land(home, "orders/1.csv", f"{heading}1,p1@x.hr,2025-03-01,10,purchase\n2,{WHO},2025-03-02,20,purchase\n")
    land(home, "orders/2.csv", f"{heading}1,{WHO},2025-03-01,10,void\n2,{WHO},2025-03-02,20,void\n", day=2)
    night(home)
    erase(home)
    land(home, "orders/3.csv", f"{heading}3,{WHO},2025-03-03,10,void\n4,{WHO},2025-03-03,10,purchase\n", day=3)
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert imbalances(home) == []
    assert holding(home) == []
    counts = "select path, rows_read, accepted, excluded from meta.files where path like 'landing/orders%' order by 1"
    assert [row[1:] for row in published(home, counts)] == [(2, 1, 1), (2, 0, 2), (2, 0, 2)]
    assert published(home, "select sum(deeds_counted) from meta.activity_files") == [(0,)]


def test_what_other_files_share_a_piece_with_theirs_is_as_before(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"calls": source("calls", columns=COLUMNS)}})
    for number in range(5):
        who = WHO if number == 2 else f"p{number}"
        land(home, f"calls/{number}.csv", HEADING + f"a{number},2025-01-10,{who},9\nb{number},2025-01-11,q{number},3\n")
    night(home)
    before = {row["path"]: row["load_id"] for row in current_files(context(home).lake).iter_rows(named=True)}
    assert len({load.partition("#")[0] for load in before.values()}) == 1, "they share a load"
    erase(home)
    after = {row["path"]: row["load_id"] for row in current_files(context(home).lake).iter_rows(named=True)}
    assert [path for path in before if before[path] != after[path]] == ["landing/calls/2.csv"]
    assert holding(home) == []
    night(home)
    assert published(home, "select sum(responses) from marts.fct_nps") == [(9,)]
    assert imbalances(home) == []


def test_nothing_is_looked_at_where_nobody_was_erased(home: Path) -> None:
    with (
        patch.object(erasing, "found", side_effect=AssertionError),
        patch.object(erasing, "erase", side_effect=AssertionError),
    ):
        nps("run", "--home", home)
