"""Which answers count, when and for whom: small tales told to one warehouse over a few nights.

A tale is a survey of its own: the files that arrive in each night, in their order. Tales of one shape share a source, all
tales one warehouse; a test reads what was published after the night that it is about. So many rules cost few nights.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.assets.partitions import months
from pipelines.config.models import Config
from pipelines.recipes.months import month_key
from tests.support.scenario import by, configure, counts, land, marts, night, nps, points, published, source, workspace
from transforms.rows.staged import FUTURE_TOLERANCE

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
    "gates": {"max_snapshot_shrink": 1},
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
            land_rows(home, name, rows, number + order / 1000)
        night(home, recorded=True)
        after.append(kept(home, folder / f"after-{number}"))
    return Story(home, after)


def land_rows(home: Path, name: str, rows: Rows, day: float = 1) -> None:
    land(home, name, "".join(f"{row}\n" for row in rows), day)


def kept(home: Path, copy: Path) -> Path:
    """What is published now, for later."""
    (copy / "published").mkdir(parents=True)
    shutil.copy(home / "published" / "nps.duckdb", copy / "published")
    return copy


# What a score means


def answers(promoters: int, passives: int, detractors: int, day: str = "2025-01-15") -> Rows:
    return [f"{score},{day}" for score in (10,) * promoters + (7,) * passives + (3,) * detractors]


tale("textbook", "plain", {"a.csv": ["score,date", *answers(70, 20, 10)]})
tale("second textbook", "plain", {"a.csv": ["score,date", *answers(55, 30, 15)]})


def test_ten_twenty_and_seventy_in_a_hundred_are_sixty_points(story: Story) -> None:
    assert counts(story.after[0], "textbook") == (70, 20, 10)
    assert points(counts(story.after[0], "textbook")) == 60


def test_fifteen_thirty_and_fifty_five_in_a_hundred_are_forty_points(story: Story) -> None:
    sql = "select period_grain, nps from marts.nps_by_survey where survey = 'second textbook' order by all"
    rows = published(story.after[0], sql)
    assert [row for row in rows if not row[0].startswith("rolling")] == [
        ("month", 40.0),
        ("quarter", 40.0),
        ("year", 40.0),
    ]


tale(
    "on 1-10",
    "one_to_ten",
    {"a.csv": ["score,date,channel", *(f"{score},2025-01-15,asked {score}" for score in range(1, 11))]},
)


def test_on_one_to_ten_a_six_is_a_detractor_and_a_nine_a_promoter(story: Story) -> None:
    promoter, passive, detractor = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    expected = dict.fromkeys(range(1, 7), detractor) | {7: passive, 8: passive, 9: promoter, 10: promoter}
    found = by(story.after[0], "on 1-10", "channel")
    assert found == {f"asked {score}": group for score, group in expected.items()}


tale("zeros", "plain", {"a.csv": ["score,date", "0,2025-01-15", ",2025-01-16", "NA,2025-01-16", "10,2025-01-15"]})


def test_a_zero_is_a_score_and_a_blank_is_none(story: Story) -> None:
    assert counts(story.after[0], "zeros") == (1, 0, 1)
    sql = "select rows_read, accepted, unanswered, rejected from meta.files where contains(path, 'zeros')"
    assert published(story.after[0], sql) == [(4, 2, 2, 0)]


# Which of several answers counts

TWICE = ["score,date", "9,2025-03-01", "2,2025-03-02"]
tale("same bytes", "plain", {"march.csv": TWICE}, {"march (1).csv": TWICE})


def test_the_same_bytes_under_another_name_count_once(story: Story) -> None:
    assert counts(story.after[1], "same bytes") == (1, 0, 1)
    sql = "select path from meta.files where contains(path, 'same bytes')"
    assert published(story.after[1], sql) == [("landing/plain/same bytes march.csv",)]


tale(
    "anonymous",
    "plain",
    {"a.csv": ["score,date", "9,2025-03-01", "9,2025-03-01", "9,2025-03-01"]},
    {"b.csv": ["score,date", "9,2025-03-01", "9,2025-03-01", "2,2025-03-02"]},
)


def test_identical_anonymous_rows_of_a_file_are_different_people(story: Story) -> None:
    assert counts(story.after[0], "anonymous") == (3, 0, 0)


def test_identical_anonymous_rows_of_another_file_are_the_same_people(story: Story) -> None:
    assert counts(story.after[1], "anonymous") == (3, 0, 1)


CALLS = ["score", "9", "9", "2"]
ARRIVALS[0] |= {"named/calls_ZG_2025-01.csv": CALLS, "named/calls_ST_2025-01.csv": [*CALLS, "7"]}
ARRIVALS[1] |= {"named/calls_ZG_2025-02.csv": [*CALLS, "8", "8"]}


def test_identical_rows_of_another_branch_or_month_are_other_people(story: Story) -> None:
    """What the name of a file says of its answers is a part of them."""
    assert by(story.after[1], "named", "branch") == {"ST": (2, 1, 1), "ZG": (4, 2, 2)}
    assert by(story.after[1], "named", "month") == {"2025-01": (4, 1, 2), "2025-02": (2, 2, 1)}


NUMBERED = "response_id,score,date"
tale(
    "moved",
    "numbered",
    {"a.csv": [NUMBERED, "m1,0,2025-01-10", "m2,9,2025-01-11", "m3,9,2025-02-11"]},
    {"b.csv": [NUMBERED, "m1,10,2025-02-10"]},
)


def test_a_redelivered_answer_counts_in_the_month_of_its_latest_version_only(story: Story) -> None:
    assert by(story.after[0], "moved", "month") == {"2025-01": (1, 0, 1), "2025-02": (1, 0, 0)}
    assert by(story.after[1], "moved", "month") == {"2025-01": (1, 0, 0), "2025-02": (2, 0, 0)}


tale(
    "moved back",
    "numbered",
    {"a.csv": [NUMBERED, "b1,0,2025-02-10", "b2,9,2025-02-11", "b3,9,2025-01-11"]},
    {"b.csv": [NUMBERED, "b1,10,2025-01-10"]},
)


def test_a_redelivered_answer_may_move_to_an_earlier_month(story: Story) -> None:
    """The later delivery is the later version, unless the source itself says when it changed an answer."""
    assert by(story.after[1], "moved back", "month") == {"2025-01": (2, 0, 0), "2025-02": (1, 0, 0)}


def versions(answer: str) -> tuple[Rows, Rows]:
    """An answer of January among others, and its later version of February."""
    older = [f"{answer},0,2025-01-10,2025-01-10", f"{answer} too,9,2025-01-11,2025-01-11"]
    headings = "response_id,score,date,updated_at"
    return [headings, *older], [headings, f"{answer},10,2025-02-10,2025-02-20"]


OLDER, NEWER = versions("x")
tale("in one night", "versioned", {"b.csv": OLDER, "a.csv": NEWER})
OLDER, NEWER = versions("y")
tale("in one night backwards", "versioned", {"b.csv": NEWER, "a.csv": OLDER})
OLDER, NEWER = versions("z")
tale("the old one late", "versioned", {"a.csv": NEWER}, {"b.csv": OLDER})


@pytest.mark.parametrize("survey", ["in one night", "in one night backwards", "the old one late"])
def test_the_latest_version_counts_in_whatever_order_the_files_arrive(story: Story, survey: str) -> None:
    assert by(story.after[1], survey, "month") == {"2025-01": (1, 0, 0), "2025-02": (1, 0, 0)}


tale(
    "emptied",
    "numbered",
    {"a.csv": [NUMBERED, "e1,0,2019-01-10"]},
    {"b.csv": [NUMBERED, "e1,10,2019-02-10"]},
)


def test_a_month_that_loses_its_last_answer_is_empty(story: Story) -> None:
    """No other survey has answers in 2019: the whole month is gone."""
    sql = "select distinct month::varchar from marts.fct_nps where year(month) = 2019"
    assert published(story.after[0], sql) == [("2019-01-01",)]
    assert published(story.after[1], sql) == [("2019-02-01",)]
    assert counts(story.after[1], "emptied") == (1, 0, 0)


tale("twice in a file", "numbered", {"a.csv": [NUMBERED, "t1,0,2025-01-10", "t1,10,2025-01-12", "t2,7,2025-01-12"]})


def test_an_id_that_stands_twice_in_a_file_is_one_answer(story: Story) -> None:
    assert counts(story.after[0], "twice in a file") == (1, 1, 0)


tale(
    "export",
    "exported",
    {"1.csv": ["score,date", "0,2025-01-10", "9,2025-02-10", "9,2018-03-10"]},
    {"2.csv": ["score,date", "9,2025-02-10", "7,2025-02-11", "9,2018-03-10"]},
    {"3.csv": ["score,date", "9,2025-02-10"]},
)


def test_a_new_export_replaces_the_old_one_also_where_it_has_nothing_left(story: Story) -> None:
    assert by(story.after[0], "export", "month") == {"2018-03": (1, 0, 0), "2025-01": (0, 0, 1), "2025-02": (1, 0, 0)}
    assert by(story.after[1], "export", "month") == {"2018-03": (1, 0, 0), "2025-02": (1, 1, 0)}
    assert by(story.after[2], "export", "month") == {"2025-02": (1, 0, 0)}
    assert published(story.after[2], "from marts.fct_nps where year(month) = 2018") == []


tale("untouched", "exported", {"1.csv": ["score,date", "9,2025-01-10"]})


def test_an_export_replaces_nothing_of_another_survey(story: Story) -> None:
    assert counts(story.after[2], "untouched") == (1, 0, 0)


ONE_PERSON = [
    "respondent,score,date",
    "ana@example.com,3,2025-01-10",
    " Ana@Example.COM ,9,2025-01-20",
    "ana@example.com,9,2025-02-01",
    "ivo@example.com,9,2025-01-10",
]
tale("orders", "people", {"a.csv": ONE_PERSON})
tale("returns", "people", {"a.csv": ["respondent,score,date", "ana@example.com,0,2025-01-30"]})


def test_one_answer_counts_per_respondent_survey_and_month(story: Story) -> None:
    assert by(story.after[0], "orders", "month") == {"2025-01": (2, 0, 0), "2025-02": (1, 0, 0)}
    assert counts(story.after[0], "returns") == (0, 0, 1)


def test_the_configuration_says_which_answer_of_a_person_counts(tmp_path: Path) -> None:
    people = source("people", columns={"score": "score", "responded_at": "date", "respondent": "respondent"})
    home = workspace(tmp_path / "workspace", {"one_answer": "first", "sources": {"people": people}})
    land_rows(home, "people/a.csv", ONE_PERSON)
    night(home)
    assert by(home, "people", "month") == {"2025-01": (1, 0, 1), "2025-02": (1, 0, 0)}
    configure(home, {"one_answer": "all", "sources": {"people": people}})
    night(home)
    assert by(home, "people", "month") == {"2025-01": (2, 0, 1), "2025-02": (1, 0, 0)}


# Where and when an answer belongs

tale(
    "moving account",
    "clients",
    {"a.csv": ["score,date,account,branch", "9,2025-01-20,A1,", "2,2025-02-20,A1,", "7,2025-03-20,a1,"]},
)


def test_an_answer_belongs_to_the_branch_and_industry_of_its_day(story: Story) -> None:
    assert by(story.after[0], "moving account", "branch") == {"ZG": (1, 1, 1)}
    assert by(story.after[0], "moving account", "industry") == {"retail": (1, 1, 1)}
    assert by(story.after[1], "moving account", "branch") == {"ST": (0, 1, 1), "ZG": (1, 0, 0)}
    assert by(story.after[1], "moving account", "industry") == {"retail": (1, 0, 0), "technology": (0, 1, 1)}


tale(
    "unmatched",
    "clients",
    {"a.csv": ["score,date,account,branch", "9,2025-01-20,A9,", "2,2025-01-20,,", "7,2025-02-20,A2,"]},
)


def test_what_matches_nothing_is_unknown_and_counts(story: Story) -> None:
    assert by(story.after[1], "unmatched", "branch") == {"RI": (0, 1, 0), "unknown": (1, 0, 1)}


def test_an_industry_that_is_not_listed_is_unknown(story: Story) -> None:
    assert by(story.after[0], "unmatched", "industry") == {"technology": (0, 1, 0), "unknown": (1, 0, 1)}
    assert by(story.after[1], "unmatched", "industry") == {"unknown": (1, 1, 1)}


tale(
    "branches by name",
    "clients",
    {"a.csv": ["score,date,account,branch", "9,2025-01-20,,Zagreb", "7,2025-01-20,,zg", "0,2025-01-20,,Osijek"]},
)


def test_a_branch_is_known_by_code_and_by_name(story: Story) -> None:
    assert by(story.after[0], "branches by name", "branch") == {"ZG": (1, 1, 0), "unknown": (0, 0, 1)}


AROUND_MIDNIGHT = ["9,2025-01-31T22:59:59", "0,2025-01-31T23:00:00", "7,2025-03-31T21:59:59", "0,2025-03-31T22:00:00"]
tale("midnight", "in_utc", {"a.csv": ["score,date", *AROUND_MIDNIGHT]})


def test_business_time_decides_the_month_at_its_edge(story: Story) -> None:
    """Zagreb is an hour ahead of UTC in January and two hours at the end of March."""
    promoter, passive, detractor = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    expected = {"2025-01": promoter, "2025-02": detractor, "2025-03": passive, "2025-04": detractor}
    assert by(story.after[0], "midnight", "month") == expected


def test_an_answer_of_a_clock_that_runs_ahead_has_a_month() -> None:
    """On the last day of a month a date of tomorrow is let through: there must be a partition for it."""
    last_day = datetime(2025, 1, 31, 23, tzinfo=UTC)
    keys = months(Config.model_validate(COMPANY)).get_partition_keys(current_time=last_day)
    assert month_key((last_day + FUTURE_TOLERANCE).date()) in keys


tale(
    "staff wave",
    "staff",
    {
        "a.csv": [
            "respondent,manager,score,date,department",
            *(f"employee {number},boss,{9 if number > 1 else 7},2025-01-10,Sales" for number in range(5)),
            *(f"employee {number},boss,0,2025-01-10,IT" for number in range(5, 9)),
        ]
    },
)


def test_a_group_of_employees_that_is_too_small_takes_the_one_beside_it_with_it(story: Story) -> None:
    assert published(story.after[0], "from marts.enps_by_department") == [], "five of nine would tell of the other four"
    assert published(story.after[0], "from marts.fct_enps") == []
    [overall] = published(story.after[0], "select responses from marts.enps_overall where period_grain = 'year'")
    assert overall == (9,)


def test_employees_do_not_count_among_clients(story: Story) -> None:
    assert published(story.after[0], "from marts.fct_nps where survey = 'staff wave'") == []


# The same input gives the same output

JANUARY, FEBRUARY = ["9,2025-01-20", *answers(3, 2, 1)], ["8,2025-02-20", *answers(1, 2, 3, "2025-02-15")]
tale("whole", "plain", {"all.csv": ["score,date", *JANUARY, *FEBRUARY]})
tale("halves", "plain", {"one.csv": ["score,date", *JANUARY], "two.csv": ["score,date", *FEBRUARY]})
tale("halves apart", "plain", {"two.csv": ["score,date", *FEBRUARY]}, {"one.csv": ["score,date", *JANUARY]})


@pytest.mark.parametrize("survey", ["halves", "halves apart"])
def test_two_halves_of_a_file_are_the_file(story: Story, survey: str) -> None:
    assert by(story.after[1], survey, "month") == {"2025-01": (4, 2, 1), "2025-02": (1, 3, 3)}
    assert by(story.after[1], survey, "month") == by(story.after[1], "whole", "month")


def test_every_answer_is_accounted_for(story: Story) -> None:
    for after in story.after:
        sql = "select path, rows_read, accepted + unanswered + excluded + rejected from meta.files"
        assert [path for path, read, found in published(after, sql) if read != found] == []
        assert published(after, "select name from meta.reconciliation where difference <> 0") == []


def test_a_second_run_does_nothing(story: Story) -> None:
    database = story.home / "published" / "nps.duckdb"
    before = database.stat()
    assert night(story.home).out.startswith("Nothing to do")
    assert (database.stat().st_ino, database.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_warehouse_rebuilt_from_nothing_publishes_the_same_rows(story: Story, tmp_path: Path) -> None:
    """Three nights of arrivals in one."""
    home = tmp_path / "workspace"
    home.mkdir()
    for name in ("nps.yaml", "identity.key"):
        shutil.copy(story.home / name, home)
    shutil.copytree(story.home / "landing", home / "landing")
    night(home)
    assert marts(home) == marts(story.after[-1])


def test_a_changed_source_is_read_again_and_no_other(tmp_path: Path) -> None:
    sources = {name: source(name) for name in ("scaled", "dated", "left_alone")}
    home = workspace(tmp_path / "workspace", {"sources": sources})
    for name in sources:
        land_rows(home, f"{name}/a.csv", ["score,date", "9,2025-01-31", "2,2025-01-31"])
    night(home)
    before = dict(published(home, "select source, ingested_at from meta.files"))
    sources |= {"scaled": source("scaled", scale="1-10"), "dated": source("dated", dates={"timezone": "Etc/GMT+12"})}
    configure(home, {"sources": sources})
    night(home)
    after = dict(published(home, "select source, ingested_at from meta.files"))
    assert {name for name, at in after.items() if at != before[name]} == {"scaled", "dated"}
    assert published(home, "select score_sum from marts.fct_nps where survey = 'scaled'") == [(10,)]
    assert by(home, "dated", "month") == {"2025-01": (1, 0, 1)}


# Who answered is nobody's business

NAMES = ["quintessa", "zbigniew", "385915550123", "555-0142", "10.77.66.55", "acme gmbh"]
tale(
    "identity",
    "personal",
    {
        "a.csv": [
            "response_id,respondent,First Name,account,IP,score,date",
            "p1,quintessa.fox@example.com,Quintessa,ACME GmbH,10.77.66.55,9,2025-01-10",
            "p2,+385915550123,Zbigniew,ACME GmbH,10.77.66.55,quintessa.fox@example.com,2025-01-10",
            "p3,Zbigniew,Zbigniew,ACME GmbH,10.77.66.55,8,Zbigniew",
            "p4,555-0142,Zbigniew,ACME GmbH,10.77.66.55,8,385915550123",
            "p5,555-0142,Zbigniew,ACME GmbH,10.77.66.55,385915550123,2025-01-10",
            *(f"p{number},{number}@example.com,Zbigniew,,10.77.66.55,8,2025-01-10" for number in range(6, 30)),
        ]
    },
)


def texts(file: Path) -> str:
    """Everything that a file says, whatever it is packed in."""
    if file.suffix == ".parquet":
        return str(pl.read_parquet(file).select(pl.col(pl.String, pl.List(pl.String))).rows())
    return file.read_bytes().decode("latin-1")


def named_in(text: str) -> list[str]:
    return [name for name in NAMES if name in text.lower()]


def test_names_addresses_and_phones_are_nowhere(story: Story) -> None:
    assert published(story.home, "select accepted, rejected from meta.files where source = 'personal'") == [(25, 4)]
    folders = [story.home / folder for folder in ("lake", "published", "dagster", "scratch")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert {file.relative_to(story.home): named for file in files if (named := named_in(texts(file)))} == {}
    assert len(files) > 100


def test_the_published_file_names_nobody(story: Story) -> None:
    """DuckDB packs its texts, so that they are not seen in its bytes."""
    tables = published(story.home, "select schema_name, table_name from duckdb_tables()")
    said = str([published(story.home, f"from {schema}.{table}") for schema, table in tables])
    assert "identity a.csv" in said
    assert named_in(said) == []


@pytest.mark.parametrize("how", [(), ("--csv",), ("--json",)])
def test_rejected_rows_are_shown_masked(story: Story, how: tuple[str, ...]) -> None:
    said = nps("rejects", "--source", "personal", *how, "--home", story.home).said
    assert "score_unreadable" in said
    assert named_in(said) == []
