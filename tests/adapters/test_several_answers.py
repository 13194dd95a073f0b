"""Rows that hold several answers, and answers on scales of a company's own: from the file to the published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.config.models import Config
from tests.support import nights
from tests.support.scenario import by, configure, counts, land, night, nps, published, source, workspace

WIDE = """\
Id,Person,Office,Before,Why,After,Answered
1,a@example.com,ZG,9,kind,10,2025-06-20
2,b@example.com,ZG,3,slow,9,2025-06-21
3,c@example.com,ST,8,,,
4,d@example.com,ST,eleven,,2,2025-06-22
"""
WAVES: dict[str, dict[str, Any]] = {
    "before": {"columns": {"score": "Before", "comment": "Why"}, "defaults": {"responded_at": "2025-01"}},
    "after": {"columns": {"score": "After", "responded_at": "Answered"}},
}
COMMON = {"response_id": "Id", "respondent": "Person", "branch": "Office"}
FACES = {"lowest": 1, "highest": 3, "promoter_from": 3, "passive_from": 2, "words": {":)": 3, ":|": 2, ":(": 1}}
SOURCES: dict[str, Any] = {
    "waves": source("waves", columns=COMMON, answers=WAVES, delivery="snapshot", max_reject_share=0.5),
    "touch": source(
        "touch",
        columns={},
        defaults={"responded_at": "2025-02", "survey": "touchpoints"},
        answers={name: {"columns": {"score": name}, "defaults": {"channel": name}} for name in ("shop", "phone")},
    ),
    "faces": source("faces", scale="faces"),
    "stars": source("stars", scale="1-5"),
    "keys": source("keys", scale="keys"),
    "doubtful": source("doubtful"),
    "calls": source("calls", kind="operator", columns={}),
    "folders": source("folders/*", file_name=r"folders/(?P<branch>[^/]+)/"),
}
SETTINGS = {"sources": SOURCES, "scales": {"faces": FACES, "keys": {"words": {"*": 10}}}}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night, for those who only look at it."""
    made = workspace(tmp_path_factory.mktemp("several"), SETTINGS)
    land(made, "waves/export.csv", WIDE)
    land(made, "touch/june.csv", "shop,phone\n9,3\n9,3\n,10\n")
    land(made, "faces/a.csv", "score,date\n:),2025-01-10\n:|,2025-01-10\n1,2025-01-10\n")
    land(made, "stars/a.csv", "score,date\n" + "".join(f"{stars},2025-01-10\n" for stars in range(1, 6)))
    land(made, "keys/a.csv", "score,date\n*,2025-01-10\n9,2025-01-10\n0,2025-01-10\n")
    land(made, "folders/zagreb/a.csv", "score,date\n9,2025-01-10\n")
    land(made, "folders/split/a.csv", "score,date\n9,2025-01-10\n")
    land(made, "doubtful/a.csv", "score,date\n" + "".join(f"{row % 6},2025-01-10\n" for row in range(240)))
    land(made, "calls/a.csv", "call_id,time,score,reason\n1,2025-01-10,9,nice\n2,2025-01-10,3,slow\n")
    night(made)
    return made


# Several answers in a row


def test_each_answer_of_a_row_is_an_answer_of_its_own_survey(home: Path) -> None:
    assert by(home, "waves_before", "month") == {"2025-01": (1, 1, 1)}
    assert by(home, "waves_after", "month") == {"2025-06": (2, 0, 1)}
    assert by(home, "waves_after", "branch") == {"ST": (0, 0, 1), "ZG": (2, 0, 0)}


def test_a_file_has_a_verdict_for_each_answer_of_its_rows(home: Path) -> None:
    columns = "path, rows_read, accepted, unanswered, rejected"
    assert published(home, f"select {columns} from meta.files where source = 'waves' order by path") == [
        ("landing/waves/export.csv [after]", 4, 3, 1, 0),
        ("landing/waves/export.csv [before]", 4, 3, 0, 1),
    ]
    assert nights.imbalances(home) == []


def test_equal_rows_are_different_people_in_each_answer(home: Path) -> None:
    assert counts(home, "touchpoints", "channel = 'shop'") == (2, 0, 0)
    assert counts(home, "touchpoints", "channel = 'phone'") == (1, 0, 2)


def test_a_newer_snapshot_replaces_each_answer_by_itself(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"sources": {"waves": SOURCES["waves"]}})
    land(home, "waves/1.csv", WIDE, day=1)
    night(home)
    land(home, "waves/2.csv", WIDE.replace("3,c@example.com,ST,8,,,", "3,c@example.com,ST,8,,9,2025-06-30"), day=2)
    night(home)
    assert counts(home, "waves_before") == (1, 1, 1)
    assert counts(home, "waves_after") == (3, 0, 1)
    land(home, "waves/2.csv", WIDE.replace("After", "Later"), day=3)
    told = nps("run", "--home", home)
    assert told.code == 3
    assert "2.csv [after]" in told.said
    assert nights.imbalances(home) == []


def test_an_answer_that_nps_yaml_does_not_name_any_more_does_not_count(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"sources": {"waves": SOURCES["waves"]}})
    land(home, "waves/1.csv", WIDE)
    night(home)
    alone = {"columns": WAVES["before"]["columns"] | COMMON, "defaults": WAVES["before"]["defaults"], "answers": {}}
    for settings, expected in (
        (
            {"answers": {"first": WAVES["before"], "after": WAVES["after"]}},
            {"waves_after": (2, 0, 1), "waves_first": (1, 1, 1)},
        ),
        (alone, {"waves": (1, 1, 1)}),
        ({"answers": WAVES}, {"waves_after": (2, 0, 1), "waves_before": (1, 1, 1)}),
    ):
        configure(home, {"sources": {"waves": {**SOURCES["waves"], **settings}}})
        night(home)
        surveys = [name for (name,) in published(home, "select survey from marts.dim_survey order by all")]
        assert {name: counts(home, name) for name in surveys} == expected
        assert nights.imbalances(home) == []


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "one score twice": (
        {"columns": COMMON, "answers": {"before": WAVES["before"], "again": WAVES["before"]}},
        "before and again read the same score: each answer would count twice",
    ),
    "a score of its own beside": ({"columns": {"score": 1}, "answers": WAVES}, "columns must not name another"),
    "no score": (
        {"columns": {}, "answers": {"one": {"defaults": {"channel": "web"}}}},
        "one.columns must name the score",
    ),
    "no date": ({"columns": {}, "answers": {"one": {"columns": {"score": 1}}}}, "nothing says when"),
    "no date of one": ({"columns": {}, "answers": {**WAVES, "x": {"columns": {"score": 1}}}}, "nothing says when"),
    "a name": ({"columns": {}, "answers": {"Wave 1": WAVES["after"]}}, "'Wave 1' cannot be an answer's name"),
}


@pytest.mark.parametrize("wrong", MISTAKES)
def test_a_mistake_among_answers_is_told(wrong: str) -> None:
    settings, sentence = MISTAKES[wrong]
    with pytest.raises(ValidationError, match=sentence):
        Config.model_validate({"timezone": "UTC", "sources": {"waves": source("waves", **settings)}})


def test_the_score_of_a_preset_gives_way_to_several() -> None:
    given = source("calls", kind="ivr", columns={}, answers=WAVES)
    calls = Config.model_validate({"timezone": "UTC", "sources": {"calls": given}}).sources["calls"]
    assert calls.only("before").columns["score"] == "Before"
    assert "responded_at" not in calls.only("before").columns
    assert calls.only("after").columns["responded_at"] == "Answered"


# Scales


def test_faces_and_stars_are_counted_by_their_own_cut_points(home: Path) -> None:
    assert counts(home, "faces") == (1, 1, 1)
    assert counts(home, "stars") == (1, 1, 3)


def test_answers_on_other_scales_are_marked(home: Path) -> None:
    sql = (
        "select survey, sum(nonstandard_responses)::int from marts.nps_by_survey where period_grain = 'year' group by 1"
    )
    marked = dict(published(home, sql))
    assert (marked["faces"], marked["stars"], marked["keys"], marked["waves_after"]) == (3, 5, 0, 0)
    assert published(home, "select scales from marts.dim_survey where survey = 'faces'") == [("faces",)]


def test_a_key_may_mean_ten(home: Path) -> None:
    assert counts(home, "keys") == (2, 0, 1)
    assert published(home, "select scales from marts.dim_survey where survey = 'keys'") == [("0-10",)]


def test_a_branch_may_be_the_folder(home: Path) -> None:
    assert by(home, "folders", "branch") == {"split": (1, 0, 0), "zagreb": (1, 0, 0)}


CONTRADICTIONS = {
    "hundred": ("0-100", "".join(f"{row % 11},2025-01-10\n" for row in range(60)), "goes far beyond"),
    "seven": ("1-7", "0,2025-01-10\n" * 6 + "7,2025-01-10\n" * 60, "begins with 1"),
}


def test_answers_that_contradict_their_scale_are_held_back(tmp_path: Path) -> None:
    sources = {name: source(name, scale=scale) for name, (scale, _, _) in CONTRADICTIONS.items()}
    home = workspace(tmp_path, {"sources": sources})
    for name, (_, rows, _) in CONTRADICTIONS.items():
        land(home, f"{name}/a.csv", "score,date\n" + rows)
    told = nps("run", "--home", home)
    assert told.code == 3
    for _, _, sentence in CONTRADICTIONS.values():
        assert sentence in told.said


def test_what_is_odd_but_may_be_true_is_noted_and_counts(home: Path) -> None:
    rows = published(home, "select source, notes from meta.files where len(notes) > 0")
    notes: dict[str, str] = {name: str(said) for name, said in rows}
    assert set(notes) == {"doubtful", "calls"}
    assert "None of its 240 answers is above 5" in notes["doubtful"]
    assert "scale: 1-5" in notes["doubtful"]
    assert "A reason stands beside 1 of the answers of 7 to 10" in notes["calls"]
    assert counts(home, "doubtful") == (0, 0, 240)
