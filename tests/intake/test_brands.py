"""Whose score, and of which programme: rivals in a survey of ours, and what the company's score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

import pytest

from pipelines.config.sources import Source
from pipelines.intake.notes.answers.doubts import no_source_own, nothing_own
from tests.support.scenario import land, night, nps, published, source, workspace
from warehouse.intake.tally import Tally
from warehouse.marts import SCORES

SCORE_OF = {"promoters": 10, "passives": 8, "detractors": 3}
#: The survey about three operators.
OPERATORS: Mapping[str, tuple[int, int, int]] = {"own": (70, 20, 10), "mts": (20, 20, 60), "megafon": (30, 30, 40)}
WIDE = {
    "columns": {"responded_at": "date", "respondent": "who", "branch": "shop"},
    "answers": {
        brand: {"columns": {"score": brand}, "defaults": {"brand": brand, "survey": "operators"}} for brand in OPERATORS
    },
}
LONG = {"columns": {"score": "score", "responded_at": "date", "respondent": "who", "brand": "about"}}
VISITS = {"defaults": {"programme": "transactional"}}
SETTINGS = {
    "headline": "relationship",
    "own_brands": ["Beeline"],
    "sources": {
        "wide": source("wide", **WIDE) | {"defaults": {"programme": "relationship"}},
        "long": source("long", **LONG, defaults={"programme": "Relationship"}),
        "visits": source("visits", **VISITS),
    },
}


def scores(brand: str) -> list[int]:
    """A score for each of a hundred people."""
    return [SCORE_OF[group] for group, many in zip(SCORE_OF, OPERATORS[brand], strict=True) for _ in range(many)]


def wide() -> str:
    """One row per person, with a score of each operator."""
    rows = zip_longest(*(scores(brand) for brand in OPERATORS))
    told = [
        f"2024-03-05,{at}@x.com,{'north' if at % 3 else 'south'},{','.join(map(str, row))}"
        for at, row in enumerate(rows)
    ]
    return "\n".join([f"date,who,shop,{','.join(OPERATORS)}", *told, ""])


def long() -> str:
    """One row per person and operator, some of them twice, some of which nobody knows about whom."""
    rows = [
        "10,2024-05-05,a@x.com,Beeline", "0,2024-05-06,a@x.com,MTS", "0,2024-05-07,a@x.com,mts",
        "9,2024-05-06,b@x.com,BEELINE", "9,2024-05-08,b@x.com,own", "2,2024-05-06,b@x.com,", "7,2024-05-06,c@x.com,beeline",
    ]  # fmt: skip
    return "\n".join(["score,date,who,about", *rows, ""])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The night after which all of it is published."""
    home = workspace(tmp_path_factory.mktemp("brands"), SETTINGS)
    land(home, "wide/1.csv", wide())
    land(home, "long/1.csv", long())
    land(home, "visits/1.csv", "score,date\n0,2024-03-09\n0,2024-03-09\n10,2024-03-10\n")
    night(home)
    return home


def test_three_operators_are_ranked_with_the_gap_to_the_best_of_the_others(home: Path) -> None:
    sql = "select brand, responses, nps, rank, best_rival, gap_to_best_rival from marts.nps_by_brand"
    found = published(home, f"{sql} where period_grain = 'quarter' and period_start = '2024-01-01' order by rank")
    # Of the own brand also the three answers of the other programme: 60 + 1 - 2 of 103.
    own = 100 * 59 / 103
    assert found == [
        ("own", 103, own, 1, "megafon", own + 10),
        ("megafon", 100, -10.0, 2, "own", -10 - own),
        ("mts", 100, -40.0, 3, "own", -40 - own),
    ]


def test_overall_holds_the_own_brand_and_the_headline_alone(home: Path) -> None:
    march = "period_grain = 'month' and period_start = '2024-03-01'"
    assert published(home, f"select responses, nps from marts.nps_overall where {march}") == [(100, 60.0)]
    sums = "sum(responses)::int, sum(promoters - detractors)::int"
    assert published(home, f"select {sums} from marts.nps_by_branch where {march}") == [(100, 60)]


def test_a_programme_beside_the_headline_stands_where_programmes_and_surveys_are_told_apart(home: Path) -> None:
    year = "period_grain = 'year' and period_start = '2024-01-01'"
    found = published(home, f"select programme, responses, nps from marts.nps_by_programme where {year} order by all")
    assert found == [("relationship", 103, 100 * 62 / 103), ("transactional", 3, 100 * -1 / 3)]
    surveys = published(home, f"select survey, responses from marts.nps_by_survey where {year} order by all")
    assert surveys == [("long", 3), ("operators", 100), ("visits", 3)]
    facts = published(home, "select programme, sum(responses)::int from marts.fct_nps group by all order by all")
    assert facts == [("relationship", 103), ("transactional", 3)]


def test_one_person_answers_once_about_each_brand_however_that_is_spelt(home: Path) -> None:
    may = "period_grain = 'month' and period_start = '2024-05-01'"
    found = published(home, f"select brand, responses, nps from marts.nps_by_brand where {may} order by all")
    assert found == [("mts", 1, -100.0), ("own", 3, 100 * 2 / 3), ("unknown", 1, -100.0)]


def test_every_mart_but_that_of_brands_holds_no_answer_about_a_rival(home: Path) -> None:
    for mart in SCORES:
        if mart.metric == "nps" and mart.name != "nps_by_brand":
            total = f"select sum(responses)::int from marts.{mart.name} where period_grain = 'year'"
            [(found,)] = published(home, total)
            assert found == (103 if "is_headline" in mart.holds else 106), mart.name


def test_the_last_gate_held_each_part_against_its_whole(home: Path) -> None:
    wrong = published(home, "select name from meta.reconciliation where difference <> 0")
    assert wrong == []
    assert published(home, "select headline from meta.publish") == [("relationship",)]


def test_a_file_whose_column_of_brands_leaves_blanks_is_noted(home: Path) -> None:
    notes = dict(published(home, "select source, notes from meta.files"))
    assert notes.pop("long").startswith("brand is blank in 1 of its answers")
    assert set(notes.values()) == {None}


@pytest.mark.parametrize(("own", "noted"), [((), 1), (("acme",), 0)])
def test_a_column_of_brands_of_which_none_is_ours_is_noted(own: tuple[str, ...], noted: int) -> None:
    tally = Tally(2, 2, 0, 0, 0, [], [], {}, brands=("Acme", "unknown"))
    tracker = Source.model_validate(source("tracker", **LONG))
    assert len(list(nothing_own(tracker, tally, own))) == noted


@pytest.mark.parametrize(
    ("brands", "own", "told"),
    [
        (["Acme"], [], True),
        (["Acme", "Rival"], [], True),
        (["Acme"], ["ACME"], False),
        (["Rival", None], [], False),
        ([None], [], False),
    ],
)
def test_sources_of_which_none_is_of_the_own_brand_are_told(
    brands: list[str | None], own: list[str], told: bool
) -> None:
    defaults = [{"brand": brand} if brand else {} for brand in brands]
    sources = [Source.model_validate(source("a", defaults=each)) for each in defaults]
    notes = [*no_source_own(sources[0], sources, own)]
    assert ["write own_brands: ['Acme'] in nps.yaml" in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"headline": None}, "sources name several programmes"),
        ({"headline": "panel"}, "'panel' is the programme of no source; there are: relationship, transactional"),
    ],
)
def test_nothing_runs_before_it_is_said_of_which_programme_the_score_is(
    tmp_path: Path, settings: Mapping[str, object], said: str
) -> None:
    told = nps("run", "--home", workspace(tmp_path, {**SETTINGS, **settings}))
    assert told.code == 2
    assert said in told.err


def test_employees_are_asked_about_their_own_workplace_alone(tmp_path: Path) -> None:
    staff = source("staff", metric="enps", defaults={"brand": "rival"})
    told = nps("run", "--home", workspace(tmp_path, {"sources": {"staff": staff}}))
    assert told.code == 2
    assert "brand is of clients' answers" in told.err
