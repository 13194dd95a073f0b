"""The day's list: who is to be called, by the id that the source system knows, and nobody's address."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.report.notes.matches import ticket_notes
from pipelines.report.notes.published import seen
from tests.support.scenario import land, night, nps, published, source, taken_in, workspace

SHOPS = {"response_id": "id", "respondent": "mail", "branch": "shop"}
CALLS = {"response_id": "phone"}
TICKETS = {
    "kind": "crm", "files": "landing/crm/*.csv", "delimiter": ";", "dates": {"formats": ["%d.%m.%Y %H:%M"]},
    "columns": {
        "response_id": "answer", "opened_at": "opened", "first_contact_at": "called", "closed_at": "closed", "owner": "who",
        "outcome": "end", "status": "state",
    },
    "outcomes": {"recovered": ["riješeno"], "lost": ["otišao"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    columns = {"score": "score", "responded_at": "date"}
    settings: dict[str, Any] = {
        "timezone": "Europe/Zagreb",
        "sources": {
            "shops": source("shops", columns=columns | SHOPS), "calls": source("calls", columns=columns | CALLS),
            "staff": source("staff", metric="enps", columns=columns | {"response_id": "id"}),
            "cards": source("cards"),
        },
        "follow_up": {"due": {"business_days": 2}, "calendar": "HR", "exempt": ["opted_out"]},
        "cases": TICKETS,
    }  # fmt: skip
    home = workspace(tmp_path_factory.mktemp("followups"), settings)
    land(home, "shops/a.csv", "id,date,score,mail,shop\n=A1,2025-03-28 16:30,2,a@x.hr,ZG\nA2,2025-03-28 16:30,3,b@x.hr,ZG\n"
         "A3,2025-03-27 09:00,0,c@x.hr,ST\nA4,2025-03-27 09:00,10,d@x.hr,ST\nA5,2025-03-27,1,e@x.hr,ST\n")  # fmt: skip
    land(
        home,
        "calls/a.csv",
        "phone,date,score\n+385 91 222 333,2025-03-26 10:00,4\n+385 91 222 444,2025-03-26 10:00,4\n",
    )
    land(home, "staff/a.csv", "id,date,score\nE1,2025-03-26,0\n")
    land(home, "cards/a.csv", "date,score\n2025-03-26,5\n")
    land(home, "crm/tickets.csv", "answer;opened;called;closed;who;end;state\n"
         "A2;28.03.2025 17:00;31.03.2025 10:00;;Ana;;open\n"
         "A3;;28.03.2025 10:00;01.04.2025 10:00;Ana;Riješeno;closed\nA5;;;;;;do not call\n"
         "+385 91 222 444;;27.03.2025 10:00;;Ana;;open\nA9;;31.02.2025;;;;\n")  # fmt: skip
    told = night(home)
    assert told.code == 0, told.said
    return home


def listed(home: Path, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(nps("followups", "--csv", "--home", home, *options).out)))


def test_the_list_has_whom_nobody_called_and_the_id_that_their_system_knows(home: Path) -> None:
    rows = {row["source"]: row for row in listed(home)}
    assert set(rows) == {"shops", "calls", "cards"}
    shops = rows["shops"]
    assert (shops["id_in_source"], shops["path"], shops["source_row"]) == ("'=A1", "landing/shops/a.csv", "2")
    assert (shops["due"], shops["branch"], shops["is_overdue"]) == ("2025-04-01 16:30", "ZG", "true")
    assert [row["source"] for row in listed(home)] == ["cards", "calls", "shops"], "what is due first stands on top"


def test_no_address_and_no_employee_is_on_it(home: Path) -> None:
    said = nps("followups", "--csv", "--home", home).out
    assert "@x.hr" not in said
    assert "222" not in said
    assert "E1" not in said
    rows = {row["source"]: row["says"] for row in listed(home)}
    assert rows["calls"].startswith("What stands for the id is an address or number of a person")
    assert rows["cards"].startswith("Its source gives answers no ids")
    assert not rows["shops"]


def test_what_is_published_agrees_with_the_list(home: Path) -> None:
    names = ("cases", "exempt", "contacted_in_time", "overdue", "recovered")
    told = ", ".join(f"sum({name})::int" for name in names)
    assert published(home, f"select {told} from marts.closed_loop where period_grain = 'month'") == [(7, 1, 3, 3, 1)]
    assert published(home, "select count(*)::int from meta.reconciliation where difference <> 0") == [(0,)]
    assert published(home, "select rejected::int from meta.files where source = 'dimension.tickets'") == [(1,)]


def test_a_branch_alone_and_a_screen(home: Path) -> None:
    assert [row["branch"] for row in listed(home, "--branch", "ZG")] == ["ZG"]
    assert [row["branch"] for row in listed(home, "--branch", "zg")] == ["ZG"]
    assert "3 open, 3 of them overdue." in nps("followups", "--home", home).out


def test_a_branch_that_nobody_has_is_no_branch_without_cases(home: Path) -> None:
    told = nps("followups", "--branch", "Zagrb", "--home", home)
    assert told.code == 2
    assert "There is no branch 'Zagrb'; there are: " in told.err
    assert "ZG" in told.err


def test_where_the_file_is_gone_the_list_says_so(home: Path) -> None:
    file = home / "landing/shops/a.csv"
    content = file.read_bytes()
    file.unlink()
    try:
        row = next(row for row in listed(home) if row["source"] == "shops")
        assert not row["id_in_source"]
        assert row["says"] == "The file is not in landing any more: look for the row in a copy of it."
    finally:
        file.write_bytes(content)


def test_who_follows_nobody_up_is_told_what_to_write(tmp_path: Path) -> None:
    home = workspace(tmp_path / "none", {"sources": {}})
    told = nps("followups", "--home", home)
    assert told.code == 2
    assert "follow_up: {due: {business_days: 2}, calendar: HR}" in told.said


def test_a_row_of_a_ticket_that_cannot_be_read_is_told(home: Path) -> None:
    notes = published(home, "select notes::varchar from meta.files where source = 'dimension.tickets'")[0][0]
    assert "1 of its 5 rows says nothing of any case" in notes
    assert (
        nps("rejects", "--source", "dimension.tickets", "--home", home, "--json").document[0]["reason"]
        == "date_unreadable"
    )


def test_outcomes_of_tickets_that_nothing_lists_are_told(tmp_path: Path) -> None:
    settings = {"sources": {"shops": source("shops")}, "follow_up": {"due": {"hours": 48}}, "cases": TICKETS}
    home = workspace(tmp_path, settings)
    rows = [f"A{row};;;;;{'otišao' if row else 'sutra'};" for row in range(2)]
    land(home, "crm/tickets.csv", "\n".join(["answer;opened;called;closed;who;end;state", *rows]))
    [note] = taken_in(home)["landing/crm/tickets.csv"]["notes"]
    assert note.startswith(
        "1 row of tickets says an outcome that nps.yaml does not list. Counted as closed with no outcome"
    )


def test_tickets_that_end_before_they_begin_are_told(tmp_path: Path) -> None:
    settings = {"sources": {"shops": source("shops")}, "follow_up": {"due": {"hours": 48}}, "cases": TICKETS}
    home = workspace(tmp_path, settings)
    rows = [
        "A1;20.03.2025 10:00;21.03.2025 10:00;25.03.2025 10:00;;;",
        "A2;20.03.2025 10:00;;20.03.2025 00:00;;;",
        "A3;25.03.2025 10:00;;20.03.2025 10:00;;;",
        "A4;20.03.2025 10:00;27.03.2025 10:00;22.03.2025 10:00;;;",
    ]
    land(home, "crm/tickets.csv", "\n".join(["answer;opened;called;closed;who;end;state", *rows]))
    [note] = taken_in(home)["landing/crm/tickets.csv"]["notes"]
    assert note.startswith("2 of its tickets were closed or called about before being opened")
    assert "(the first: row 4)" in note


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((40, 39, 0), []),
        ((40, 3, 0), ["Only 3 of 40 tickets are of a case."]),
        ((40, 0, 0), ["None of 40 tickets is of a case."]),
        ((40, 39, 1), ["1 ticket of 40 could be of several cases, and is of none:"]),
        ((40, 3, 12), ["12 tickets of 40 could be of several", "Only 3 of 40 tickets are of a case."]),
    ],
)
def test_tickets_that_are_of_no_case_are_told(counts: tuple[int, int, int], told: list[str], tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "nps.duckdb")) as file:
        file.execute("create schema meta; create table meta.ticket_matches "
                     "(tickets int, by_id int, by_client int, of_several int, of_none int)")  # fmt: skip
        tickets, of_cases, of_several = counts
        rest = tickets - of_cases - of_several
        file.execute("insert into meta.ticket_matches values (?, 0, ?, ?, ?)", [tickets, of_cases, of_several, rest])
    notes = seen(tmp_path / "nps.duckdb", ticket_notes)
    assert len(notes) == len(told)
    assert all(note.startswith(begins) for note, begins in zip(notes, told, strict=True))


def test_a_night_tells_of_its_tickets(home: Path) -> None:
    assert published(home, "from meta.ticket_matches") == [(4, 4, 0, 0, 0)]
    assert seen(open_workspace(home).database, ticket_notes) == []
