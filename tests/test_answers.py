"""Which answers count, when and for whom: small tales told to one warehouse over a few nights.

A tale is a survey of its own: the files that arrive in each night, in their order. Tales of one shape share a source, all
tales one warehouse; a test reads what was published after the night that it is about. So many rules cost few nights.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.scenario import by, configure, counts, land, marts, night, nps, points, published, source, workspace

Rows = Sequence[str]
Night = Mapping[str, Rows]
"""File name to rows, in the order in which they arrive."""


def shape(name: str, *columns: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as nps.yaml has it
    """A source whose files have these columns beside score, date and survey, headed by their canonical names."""
    headed = {"score": "score", "responded_at": "date", "survey": "survey", **{column: column for column in columns}}
    return source(name, **{"columns": headed, **settings})


SHAPES = {
    "plain": shape("plain"),
    "numbered": shape("numbered", "response_id"),
    "versioned": shape("versioned", "response_id", "updated_at"),
    "exported": shape("exported", delivery="snapshot"),
    "one_to_ten": shape("one_to_ten", "channel", scale="1-10"),
    "people": shape("people", "respondent"),
    "clients": shape("clients", "account", "branch"),
    "in_utc": shape("in_utc", dates={"timezone": "UTC"}),
    "staff": shape("staff", "respondent", "manager", "department", metric="enps"),
    "personal": shape("personal", "response_id", "respondent", "account"),
    "named": source(
        "named",
        columns={"score": "score"},
        file_name=r"calls_(?P<branch>[A-Z]+)_(?P<responded_at>\d{4}-\d{2})",
    ),
}
COMPANY: dict[str, Any] = {
    "timezone": "Europe/Zagreb",
    "sources": SHAPES,
    "industries": {"synonyms": {"technology": ["technolgy", "IT"], "retail": ["trgovina"]}, "only_listed": True},
    "dimensions": {
        "branches": {
            "kind": "csv",
            "files": "landing/crm/branches*.csv",
            "columns": {"branch": "code", "name": "name", "region": "region"},
        },
        "accounts": {
            "kind": "crm",
            "files": "landing/crm/accounts_*.csv",
            "file_name": r"accounts_(?P<valid_from>\d{4}-\d{2}-\d{2})",
            "columns": {"account": "id", "industry": "industry", "branch": "office"},
        },
    },
}
BRANCHES = ["code,name,region", "ZG,Zagreb,North", "ST,Split,South", "RI,Rijeka,North"]
ACCOUNTS_AT_FIRST = ["id,industry,office", "A1,Trgovina,ZG", "A2,it,Rijeka"]
ACCOUNTS_SINCE_FEBRUARY = ["id,industry,office", "A1,technolgy,ST", "A2,beekeeping,RI"]

NIGHTS = 3
ARRIVALS: list[dict[str, Rows]] = [
    {"crm/branches.csv": BRANCHES, "crm/accounts_2025-01-01.csv": ACCOUNTS_AT_FIRST},
    {"crm/accounts_2025-02-01.csv": ACCOUNTS_SINCE_FEBRUARY},
    {},
]


def tale(survey: str, of: str, *nights: Night) -> str:
    """Tell a tale: its files arrive at the source of its shape, every row with its survey. Gives back the survey."""
    for number, files in enumerate(nights):
        for name, (headings, *rows) in files.items():
            told = [f"{headings},survey", *(f"{row},{survey}" for row in rows)]
            ARRIVALS[number][f"{of}/{survey} {name}"] = told
    return survey


@dataclass(frozen=True)
class Story:
    """One warehouse, and what it had published after each night: `after[0]` is the first."""

    home: Path
    after: list[Path]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    home = workspace(folder / "workspace", COMPANY)
    after = []
    for number, arrivals in enumerate(ARRIVALS):
        for order, (name, rows) in enumerate(arrivals.items()):
            land_rows(home, name, rows, 1000 * number + order)
        night(home)
        after.append(kept(home, folder / f"after-{number}"))
    return Story(home, after)


def land_rows(home: Path, name: str, rows: Rows, day: int) -> None:
    land(home, name, "".join(f"{row}\n" for row in rows), day)


def kept(home: Path, copy: Path) -> Path:
    """What is published now, for later."""
    (copy / "published").mkdir(parents=True)
    shutil.copy(home / "published" / "nps.duckdb", copy / "published")
    return copy


def answers(promoters: int, passives: int, detractors: int, day: str = "2025-01-15") -> Rows:
    return [f"{score},{day}" for score in (10,) * promoters + (7,) * passives + (3,) * detractors]


WITH_ID = {"columns": {"response_id": "id", "score": "score", "responded_at": "date"}}
WITH_VERSION = {"columns": {**WITH_ID["columns"], "updated_at": "changed"}}
BY_CHANNEL = {"columns": {"score": "score", "responded_at": "date", "channel": "channel"}}

# What a score means

tale("textbook", {"a.csv": ["score,date", *answers(70, 20, 10)]})
tale("second_textbook", {"a.csv": ["score,date", *answers(55, 30, 15)]})


def test_ten_twenty_and_seventy_in_a_hundred_are_sixty_points(story: Story) -> None:
    assert counts(story.after[0], "textbook") == (70, 20, 10)
    assert points(counts(story.after[0], "textbook")) == 60


def test_fifteen_thirty_and_fifty_five_in_a_hundred_are_forty_points(story: Story) -> None:
    assert points(counts(story.after[0], "second_textbook")) == 40
    sql = "select distinct nps from marts.nps_by_survey where survey = 'second_textbook'"
    assert published(story.after[0], sql) == [(40.0,)]


tale(
    "one_to_ten",
    {"a.csv": ["score,date,channel", *(f"{score},2025-01-15,asked {score}" for score in range(1, 11))]},
    scale="1-10",
    **BY_CHANNEL,
)


def test_on_one_to_ten_a_six_is_a_detractor_and_a_nine_a_promoter(story: Story) -> None:
    promoter, passive, detractor = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    expected = dict.fromkeys(range(1, 7), detractor) | {7: passive, 8: passive, 9: promoter, 10: promoter}
    found = by(story.after[0], "one_to_ten", "channel")
    assert found == {f"asked {score}": group for score, group in expected.items()}


tale("zeros", {"a.csv": ["score,date", "0,2025-01-15", ",2025-01-15", "NA,2025-01-15", "10,2025-01-15"]})


def test_a_zero_is_a_score_and_a_blank_is_none(story: Story) -> None:
    assert counts(story.after[0], "zeros") == (1, 0, 1)
    sql = "select rows_read, accepted, unanswered, rejected from meta.files where source = 'zeros'"
    assert published(story.after[0], sql) == [(4, 2, 2, 0)]


# Which of several answers counts

tale(
    "same_bytes",
    {"march.csv": ["score,date", "9,2025-03-01", "2,2025-03-02"]},
    {"march (1).csv": ["score,date", "9,2025-03-01", "2,2025-03-02"]},
)


def test_the_same_bytes_under_another_name_count_once(story: Story) -> None:
    assert counts(story.after[1], "same_bytes") == (1, 0, 1)
    assert published(story.after[1], "select path from meta.files where source = 'same_bytes'") == [
        ("landing/same_bytes/march.csv",)
    ]


tale(
    "anonymous",
    {"a.csv": ["score,date", "9,2025-03-01", "9,2025-03-01", "9,2025-03-01"]},
    {"b.csv": ["score,date", "9,2025-03-01", "9,2025-03-01", "2,2025-03-02"]},
)


def test_identical_anonymous_rows_of_a_file_are_different_people(story: Story) -> None:
    assert counts(story.after[0], "anonymous") == (3, 0, 0)


def test_identical_anonymous_rows_of_another_file_are_the_same_people(story: Story) -> None:
    assert counts(story.after[1], "anonymous") == (3, 0, 1)


tale(
    "moved",
    {"a.csv": ["id,score,date", "1,0,2025-01-10", "2,9,2025-01-11", "3,9,2025-02-11"]},
    {"b.csv": ["id,score,date", "1,10,2025-02-10"]},
    **WITH_ID,
)


def test_a_redelivered_answer_counts_in_the_month_of_its_latest_version_only(story: Story) -> None:
    assert by(story.after[0], "moved", "month") == {"2025-01": (1, 0, 1), "2025-02": (1, 0, 0)}
    assert by(story.after[1], "moved", "month") == {"2025-01": (1, 0, 0), "2025-02": (2, 0, 0)}


tale(
    "moved_back",
    {"a.csv": ["id,score,date", "1,0,2025-02-10", "2,9,2025-02-11", "3,9,2025-01-11"]},
    {"b.csv": ["id,score,date", "1,10,2025-01-10"]},
    **WITH_ID,
)


def test_a_redelivered_answer_may_move_to_an_earlier_month(story: Story) -> None:
    assert by(story.after[1], "moved_back", "month") == {"2025-01": (2, 0, 0), "2025-02": (1, 0, 0)}


OLDER = ["id,score,date,changed", "1,0,2025-01-10,2025-01-10", "2,9,2025-01-11,2025-01-11"]
NEWER = ["id,score,date,changed", "1,10,2025-02-10,2025-02-20"]
tale("moved_in_one_night", {"b.csv": OLDER, "a.csv": NEWER}, **WITH_VERSION)
tale("moved_in_one_night_backwards", {"b.csv": NEWER, "a.csv": OLDER}, **WITH_VERSION)
tale("late_old_version", {"a.csv": NEWER}, {"b.csv": OLDER}, **WITH_VERSION)


@pytest.mark.parametrize("name", ["moved_in_one_night", "moved_in_one_night_backwards", "late_old_version"])
def test_the_latest_version_counts_in_whatever_order_the_files_arrive(story: Story, name: str) -> None:
    assert by(story.after[1], name, "month") == {"2025-01": (1, 0, 0), "2025-02": (1, 0, 0)}


tale(
    "month_emptied",
    {"a.csv": ["id,score,date", "1,0,2025-01-10"]},
    {"b.csv": ["id,score,date", "1,10,2025-02-10"]},
    **WITH_ID,
)


def test_a_month_that_loses_its_last_answer_is_empty(story: Story) -> None:
    assert by(story.after[0], "month_emptied", "month") == {"2025-01": (0, 0, 1)}
    assert by(story.after[1], "month_emptied", "month") == {"2025-02": (1, 0, 0)}


tale(
    "twice_in_a_file",
    {"a.csv": ["id,score,date", "1,0,2025-01-10", "1,10,2025-01-12", "2,7,2025-01-12"]},
    **WITH_ID,
)


def test_an_id_that_stands_twice_in_a_file_is_one_answer(story: Story) -> None:
    assert counts(story.after[0], "twice_in_a_file") == (1, 1, 0)


tale(
    "export",
    {"e1.csv": ["score,date", "0,2025-01-10", "9,2025-02-10", "9,2025-03-10"]},
    {"e2.csv": ["score,date", "9,2025-02-10", "7,2025-02-11", "9,2025-03-10"]},
    {"e3.csv": ["score,date", "9,2025-02-10"]},
    delivery="snapshot",
)


def test_a_new_export_replaces_the_old_one_also_where_it_has_nothing_left(story: Story) -> None:
    assert by(story.after[0], "export", "month") == {"2025-01": (0, 0, 1), "2025-02": (1, 0, 0), "2025-03": (1, 0, 0)}
    assert by(story.after[1], "export", "month") == {"2025-02": (1, 1, 0), "2025-03": (1, 0, 0)}
    assert by(story.after[2], "export", "month") == {"2025-02": (1, 0, 0)}


SURVEYS = {"columns": {"score": "score", "responded_at": "date", "survey": "survey"}, "delivery": "snapshot"}
tale(
    "export_of_two",
    {"e1.csv": ["score,date,survey", "9,2025-01-10,north", "9,2025-01-10,south"]},
    {"e2.csv": ["score,date,survey", "2,2025-01-11,south"]},
    **SURVEYS,
)


def test_an_export_replaces_nothing_of_another_survey(story: Story) -> None:
    assert counts(story.after[1], "north") == (1, 0, 0)
    assert counts(story.after[1], "south") == (0, 0, 1)


PEOPLE = {"columns": {"score": "score", "responded_at": "date", "respondent": "who", "survey": "survey"}}
ONE_PERSON = [
    "who,score,date,survey",
    "ana@example.com,3,2025-01-10,orders",
    " Ana@Example.COM ,9,2025-01-20,orders",
    "ana@example.com,9,2025-02-01,orders",
    "ana@example.com,9,2025-01-10,returns",
    "ivo@example.com,9,2025-01-10,orders",
]
tale("person", {"a.csv": ONE_PERSON}, **PEOPLE)


def test_one_answer_counts_per_respondent_survey_and_month(story: Story) -> None:
    assert by(story.after[0], "orders", "month") == {"2025-01": (2, 0, 0), "2025-02": (1, 0, 0)}
    assert counts(story.after[0], "returns") == (1, 0, 0)


@pytest.mark.parametrize(("policy", "january"), [("latest", (1, 0, 0)), ("first", (0, 0, 1)), ("all", (1, 0, 1))])
def test_the_policy_says_which_answer_of_a_person_counts(tmp_path: Path, policy: str, january: object) -> None:
    home = workspace(tmp_path / "workspace", {"one_answer": policy, "sources": {"person": source("person", **PEOPLE)}})
    land_rows(home, "person/a.csv", ONE_PERSON[:3], 1)
    night(home)
    assert counts(home, "orders") == january


# Where and when an answer belongs

ACCOUNT = {"columns": {"score": "score", "responded_at": "date", "account": "account"}}
tale(
    "account_moves",
    {"a.csv": ["score,date,account", "9,2025-01-20,A1", "2,2025-02-20,A1", "7,2025-03-20,A1"]},
    **ACCOUNT,
)


def test_an_answer_belongs_to_the_branch_and_industry_of_its_day(story: Story) -> None:
    assert by(story.after[0], "account_moves", "branch") == {"ZG": (1, 1, 1)}
    assert by(story.after[0], "account_moves", "industry") == {"retail": (1, 1, 1)}
    assert by(story.after[1], "account_moves", "branch") == {"ST": (0, 1, 1), "ZG": (1, 0, 0)}
    assert by(story.after[1], "account_moves", "industry") == {"retail": (1, 0, 0), "technology": (0, 1, 1)}


tale(
    "unmatched",
    {"a.csv": ["score,date,account", "9,2025-01-20,A9", "2,2025-01-20,", "7,2025-02-20,A2"]},
    **ACCOUNT,
)


def test_what_matches_nothing_is_unknown_and_counts(story: Story) -> None:
    assert by(story.after[1], "unmatched", "branch") == {"RI": (0, 1, 0), "unknown": (1, 0, 1)}


def test_an_industry_that_is_not_listed_is_unknown(story: Story) -> None:
    assert by(story.after[0], "unmatched", "industry") == {"technology": (0, 1, 0), "unknown": (1, 0, 1)}
    assert by(story.after[1], "unmatched", "industry") == {"unknown": (1, 1, 1)}


tale(
    "named_branches",
    {"a.csv": ["score,date,branch", "9,2025-01-20,Zagreb", "9,2025-01-20,zg", "9,2025-01-20,Osijek"]},
    columns={"score": "score", "responded_at": "date", "branch": "branch"},
)


def test_a_branch_is_known_by_code_and_by_name(story: Story) -> None:
    assert by(story.after[0], "named_branches", "branch") == {"ZG": (2, 0, 0), "unknown": (1, 0, 0)}


tale(
    "midnight",
    {
        "a.csv": [
            "score,date",
            "9,2025-01-31T22:59:59",
            "0,2025-01-31T23:00:00",
            "7,2025-03-31T21:59:59",
            "0,2025-03-31T22:00:00",
        ]
    },
    dates={"timezone": "UTC"},
)


def test_business_time_decides_the_month_at_its_edge(story: Story) -> None:
    """Zagreb is an hour ahead of UTC in January and two hours at the end of March."""
    assert by(story.after[0], "midnight", "month") == {
        "2025-01": (1, 0, 0),
        "2025-02": (0, 0, 1),
        "2025-03": (0, 1, 0),
        "2025-04": (0, 0, 1),
    }


STAFF = [
    "who,boss,score,date,department",
    *(f"employee {number},boss {number},9,2025-01-10,Sales" for number in range(5)),
    *(f"employee {number},boss {number},0,2025-01-10,IT" for number in range(5, 9)),
]
tale(
    "staff",
    {"a.csv": STAFF},
    metric="enps",
    columns={
        "score": "score",
        "responded_at": "date",
        "respondent": "who",
        "manager": "boss",
        "department": "department",
    },
)


def test_employees_are_published_in_groups_that_are_large_enough(story: Story) -> None:
    departments = published(story.after[0], "select distinct department, responses, nps from marts.enps_by_department")
    assert departments == [("Sales", 5, 100.0)]
    assert published(story.after[0], "select department, responses from marts.fct_enps") == [("Sales", 5)]
    [overall] = published(story.after[0], "select responses, nps from marts.enps_overall where period_grain = 'year'")
    assert overall == (9, pytest.approx(100 / 9))


def test_employees_do_not_count_among_clients(story: Story) -> None:
    assert published(story.after[0], "from marts.fct_nps where survey = 'staff'") == []


# The same input gives the same output

WHOLE = ["score,date", *answers(3, 2, 1), *answers(1, 2, 3, "2025-02-15"), "9,2025-01-20", "8,2025-02-20"]
tale("whole", {"all.csv": WHOLE})
tale("halves", {"one.csv": WHOLE[:7], "two.csv": [WHOLE[0], *WHOLE[7:]]})
tale("halves_in_two_nights", {"two.csv": [WHOLE[0], *WHOLE[7:]]}, {"one.csv": WHOLE[:7]})


@pytest.mark.parametrize("name", ["halves", "halves_in_two_nights"])
def test_two_halves_of_a_file_are_the_file(story: Story, name: str) -> None:
    assert by(story.after[1], name, "month") == by(story.after[1], "whole", "month")
    assert counts(story.after[1], "whole") == (5, 5, 4)


def test_every_answer_is_accounted_for(story: Story) -> None:
    for after in story.after:
        sql = "select path, rows_read, accepted + unanswered + excluded + rejected from meta.files"
        assert [path for path, read, found in published(after, sql) if read != found] == []
        assert published(after, "select name from meta.reconciliation where difference <> 0") == []


def test_a_second_run_does_nothing(story: Story) -> None:
    before = (story.home / "published" / "nps.duckdb").stat()
    told = night(story.home)
    assert told.out.startswith("Nothing to do")
    after = (story.home / "published" / "nps.duckdb").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_warehouse_rebuilt_from_nothing_publishes_the_same_rows(story: Story, tmp_path: Path) -> None:
    home = tmp_path / "workspace"
    home.mkdir()
    for name in ("nps.yaml", "identity.key"):
        shutil.copy(story.home / name, home)
    shutil.copytree(story.home / "landing", home / "landing")
    night(home)
    assert marts(home) == marts(story.after[-1])


def test_a_changed_source_is_read_again_and_no_other(tmp_path: Path) -> None:
    settings = {name: source(name) for name in ("scaled", "dated", "left_alone")}
    home = workspace(tmp_path / "workspace", {"sources": settings})
    land_rows(home, "scaled/a.csv", ["score,date", "9,2025-01-20", "2,2025-01-21"], 1)
    land_rows(home, "dated/a.csv", ["score,date", "9,2025-01-20"], 1)
    land_rows(home, "left_alone/a.csv", ["score,date", "9,2025-01-20"], 1)
    night(home)
    before = dict(published(home, "select source, ingested_at from meta.files"))
    changed = {
        **settings,
        "scaled": source("scaled", scale="1-10"),
        "dated": source("dated", dates={"timezone": "Pacific/Auckland"}),
    }
    (home / "nps.yaml").write_text((home / "nps.yaml").read_text("utf-8"), "utf-8")

    configure(home, {"sources": changed})
    night(home)
    after = dict(published(home, "select source, ingested_at from meta.files"))
    assert {name for name, at in after.items() if at != before[name]} == {"scaled", "dated"}
    assert published(home, "select score_sum from marts.fct_nps where survey = 'scaled'") == [(10,)]


# Who answered is nobody's business

NAMES = ["Quintessa", "Zbigniew", "quintessa.fox@example.com", "385915550123", "555-0142", "10.77.66.55"]
tale(
    "identity",
    {
        "a.csv": [
            "id,Email,First Name,Phone,IP,score,date",
            "1,quintessa.fox@example.com,Quintessa,+385915550123,10.77.66.55,9,2025-01-10",
            "2,quintessa.fox@example.com,Zbigniew,555-0142,10.77.66.55,quintessa.fox@example.com,2025-01-10",
            "3,Zbigniew,Zbigniew,555-0142,10.77.66.55,8,Zbigniew",
            "4,a@example.com,Zbigniew,555-0142,10.77.66.55,8,385915550123",
            "5,b@example.com,Zbigniew,555-0142,10.77.66.55,385915550123,2025-01-10",
            *(f"{number},{number}@example.com,Zbigniew,,10.77.66.55,8,2025-01-10" for number in range(6, 30)),
        ]
    },
    columns={"response_id": "id", "respondent": "Email", "account": "Phone", "score": "score", "responded_at": "date"},
)


def texts(file: Path) -> str:
    """Everything that a file says, whatever it is packed in."""
    if file.suffix == ".parquet":
        return str(pl.read_parquet(file).select(pl.col(pl.String, pl.List(pl.String))).rows())
    return file.read_bytes().decode("latin-1")


def test_names_addresses_and_phones_are_nowhere(story: Story) -> None:
    assert published(story.home, "select accepted, rejected from meta.files where source = 'identity'") == [(25, 4)]
    for folder in ("lake", "published", "dagster", "scratch"):
        for file in (story.home / folder).rglob("*"):
            if file.is_file():
                found = [name for name in NAMES if name.lower() in texts(file).lower()]
                assert found == [], file


def test_the_published_file_names_nobody(story: Story) -> None:
    """DuckDB packs its texts, so that they are not seen in its bytes."""
    tables = published(story.home, "select schema_name, table_name from duckdb_tables()")
    said = str([published(story.home, f"from {schema}.{table}") for schema, table in tables]).lower()
    assert [name for name in NAMES if name.lower() in said] == []
    assert "identity" in said


def test_rejected_rows_are_shown_masked(story: Story) -> None:
    for options in ([], ["--csv"], ["--json"]):
        said = nps("rejects", "--source", "identity", *options, "--home", story.home).said
        assert [name for name in NAMES if name.lower() in said.lower()] == []
        assert "score_unreadable" in said
