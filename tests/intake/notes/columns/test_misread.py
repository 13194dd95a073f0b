"""Columns that nps.yaml reads by mistake, since what is wanted stands beside them under its own name: a note, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.scenario import ANSWERS, land, noted, source, workspace

ASKED = "How likely are you to recommend us?"


def file(month: int, columns: Mapping[str, Sequence[object]], answers: int = 60) -> str:
    """Answers of a month with further columns."""
    days = [f"2025-{month:02}-{1 + at % 28:02} 10:{at:02}" for at in range(answers)]
    every: dict[str, Sequence[object]] = {"date": days, "score": Random(month).choices(range(11), k=answers), **columns}  # noqa: S311 - the same each time
    rows = [",".join(str(values[at % len(values)]) for values in every.values()) for at in range(answers)]
    return "\n".join([",".join(every), *rows, ""])


def notes(
    home: Path, beside: Mapping[str, Sequence[object]], reading: Mapping[str, str], **settings: object
) -> list[str]:
    """The notes on two files of a source."""
    workspace(home, {"sources": {"a": source("a", columns=reading, **settings)}})
    for month in (1, 2):
        land(home, f"a/{month}.csv", file(month, beside), day=month)
    return [*noted(home).values()]


@pytest.mark.parametrize(
    ("read", "beside", "values", "told"),
    [
        ("Overall satisfaction", ASKED, range(11), True),
        ("Previous NPS", "NPS", range(11), True),
        ("score", "NPS", range(11), True),
        ("score", "NPS", ["Promoter", "Passive", "Detractor"], False),
        ("score", "NPS", [100, 0, -100], False),
        ("score", "NPS", [9], False),
        ("NPS", ASKED, range(11), False),
        ("score", "How likely are you to recommend us as a place to work?", range(11), False),
        ("score", "Satisfaction", range(11), False),
    ],
)
def test_a_score_that_is_read_beside_a_column_that_is_called_like_the_question_is_told_once(
    tmp_path: Path, read: str, beside: str, values: Sequence[object], told: bool
) -> None:
    columns = {"score": read, "responded_at": "date"}
    first, later = notes(tmp_path, {read: [3, 9, 10, 0, 8, 7], beside: values}, reading=columns)
    assert (f"nps.yaml reads score from '{read}', while '{beside}', which nothing reads" in first) is told
    assert "which nothing reads" not in later


def test_a_copy_of_the_score_below_the_question_is_no_other_question(tmp_path: Path) -> None:
    columns = {"score": "points", "responded_at": "date"}
    assert notes(tmp_path, {"points": [3, 9, 10, 0, 8, 7], "NPS": [3, 9, 10, 0, 8, 7]}, reading=columns) == ["", ""]


@pytest.mark.parametrize(
    ("read", "beside", "told"),
    [
        ("Sent", "Answered", True),
        ("Purchase date", "Response date", True),
        ("Last modified", "Submitted at", True),
        ("Sent", "Delivered", False),
        ("Start Date", "End Date", False),
        ("Completed", "Submitted at", False),
    ],
)
def test_a_date_of_something_else_beside_that_of_the_answer_is_told(
    tmp_path: Path, read: str, beside: str, told: bool
) -> None:
    days = [f"2025-01-{day:02}" for day in range(1, 29)]
    columns = {"score": "score", "responded_at": read}
    first, later = notes(tmp_path, {read: days, beside: days[5:]}, reading=columns)
    assert (f"nps.yaml reads responded_at from '{read}', while '{beside}', which nothing reads" in first) is told
    assert "which nothing reads" not in later


def test_one_day_for_all_rows_beside_a_column_of_dates_is_told(tmp_path: Path) -> None:
    told = notes(tmp_path, {"x": ["a"]}, reading={"score": "score"}, defaults={"responded_at": "2025-03-01"})[0]
    assert "nps.yaml reads responded_at from 2025-03-01, its default, while 'date', which nothing reads" in told


@pytest.mark.parametrize(("metric", "told"), [("nps", True), ("enps", False)])
def test_a_question_about_a_workplace_that_is_counted_as_one_to_clients_is_told(
    tmp_path: Path, metric: str, told: bool
) -> None:
    asked = "How likely are you to recommend us as a place to work?"
    columns = {"score": asked, "responded_at": "date"}
    first = notes(tmp_path, {asked: [3, 9, 10, 0, 8, 7]}, reading=columns, metric=metric)[0]
    assert (f"'{asked}' asks about a workplace, while nps.yaml says metric: nps:" in first) is told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"header_rows": 2}, True),
        ({"header_rows": 3}, True),
        ({"skip_rows": 2, "reading": {"score": 2, "responded_at": 1}}, True),
        ({"header_rows": 1}, False),
        ({"header_rows": 0, "reading": {"score": 2, "responded_at": 1}}, False),
    ],
)
def test_an_answer_that_is_taken_for_headings_is_told(tmp_path: Path, settings: dict[str, Any], told: bool) -> None:
    reading = settings.pop("reading", ANSWERS)
    first = notes(tmp_path, {"branch": ["A", "B"]}, reading=reading, **settings)[0]
    assert ("What is taken for its headings holds a score and a date" in first) is told


def test_an_export_dated_by_its_name_beside_a_column_of_dates_is_told(tmp_path: Path) -> None:
    home = workspace(
        tmp_path,
        {"sources": {"a": source("a", columns={"score": "score"}, file_name=r"(?P<responded_at>\d{4}-\d{2}-\d{2})")}},
    )
    land(home, "a/nps_2025-03-01.csv", file(2, {}))
    [told] = noted(home).values()
    assert "nps.yaml reads responded_at from file_name, while 'date', which nothing reads" in told


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ({"branch": "Channel", "channel": "Shop"}, 2),
        ({"branch": "Region"}, 1),
        ({"branch": "Shop", "channel": "Channel", "region": "Region"}, 0),
        ({"branch": "Code", "region": "Region"}, 0),
    ],
)
def test_groups_that_are_read_from_columns_of_one_another_are_told(
    tmp_path: Path, read: dict[str, str], told: int
) -> None:
    beside = {"Shop": ["A", "B"], "Channel": ["web", "sms"], "Region": ["N", "S"], "Code": ["1", "2"]}
    first, later = notes(tmp_path, beside, reading={**ANSWERS, **read})
    assert (first.count("is called as that should be"), later) == (told, "")


def test_a_list_whose_columns_changed_places_is_told(tmp_path: Path) -> None:
    accounts = {
        "kind": "csv",
        "files": "landing/crm/*",
        "columns": {"account": "Id", "industry": "Shop", "branch": "Industry"},
    }
    home = workspace(tmp_path, {"sources": {"a": source("a")}, "dimensions": {"accounts": accounts}})
    land(home, "crm/accounts.csv", "Id,Industry,Shop\nA,retail,Split\nB,banks,Zagreb\n")
    [told] = noted(home).values()
    assert "nps.yaml reads branch from 'Industry', while 'Shop' is called as that should be" in told


@pytest.mark.parametrize(
    ("heading", "values", "told"),
    [
        ("visits", [1, 2, 1, 1], False),
        ("visits", [1, 2, 3, 1], True),
        ("customer_no", [4711, 4712, 4713], True),
        ("turnover", ["900,5", "80.5", 7], True),
        ("factor", ["0.8", "1,2", "1"], False),
        ("weight", [300, 200, 100], False),
    ],
)
def test_weights_that_are_read_from_counts_or_ids_are_told_once(
    tmp_path: Path, heading: str, values: Sequence[object], told: bool
) -> None:
    beside = {heading: [f'"{value}"' for value in values]}
    first, later = notes(tmp_path, beside, reading={**ANSWERS, "weight": heading})
    assert (f"nps.yaml reads weight from '{heading}', a heading that says nothing of weights" in first) is told
    assert "of weights" not in later


@pytest.mark.parametrize(
    ("heading", "values", "kept", "told"),
    [
        ("Is test", ["yes", "no"], ["yes"], True),
        ("Is test", ["yes", "no"], ["no"], False),
        ("mode", ["live", "test"], ["test"], True),
        ("Status", ["Complete", "Partial"], ["Partial"], True),
        ("Status", ["Complete", "Partial"], ["Complete", "Partial"], False),
        ("question", ["NPS", "CSAT"], ["NPS"], False),
    ],
)
def test_tests_that_alone_are_kept_are_told_once(
    tmp_path: Path, heading: str, values: Sequence[str], kept: Sequence[str], told: bool
) -> None:
    where = {"column": heading, "values": kept}
    first, later = notes(tmp_path, {heading: values}, reading=ANSWERS, where=where)
    assert (f"keeps those rows alone that have '{kept[0]}' in '{heading}'" in first) is told
    assert "keeps those rows alone" not in later


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ({"answered": ["answered"], "refused": ["hung up"], "delivered": ["no answer"]}, ""),
        ({"answered": ["answered"], "reached": ["hung up"], "delivered": ["no answer"]}, ""),
        (
            {"refused": ["no answer"]},
            "'no answer' as refused, while calls that end so usually count 'no answer' as delivered",
        ),
        (
            {"delivered": ["refusal"]},
            "'refusal' as delivered, while calls that end so usually count 'refusal' as refused",
        ),
    ],
)
def test_outcomes_that_are_listed_below_others_than_they_speak_of_are_told_once(
    tmp_path: Path, outcome: Mapping[str, Sequence[str]], told: str
) -> None:
    texts = ["answered", "no answer", "hung up"]
    listed = {"column": "Result", **outcome}
    first, later = notes(tmp_path, {"Result": texts}, reading=ANSWERS, contacts=True, outcome=listed)
    assert ("outcome of nps.yaml lists" in first, told in first) == (bool(told), True), first
    assert "outcome of nps.yaml lists" not in later


@pytest.mark.parametrize(
    ("heading", "settings", "told"),
    [
        ("How likely are you to recommend us? (0 = extremely likely, 10 = not at all)", {}, True),
        ("How likely are you NOT to recommend us?", {}, True),
        ("Would you recommend us? 1 = very likely, 5 = not at all", {"scale": "1-5"}, True),
        ("How likely are you to recommend us? (0 = not at all, 10 = extremely likely)", {}, False),
        ("How likely are you to recommend us? (0 = extremely likely, 10 = not at all)", {"scale": "reversed"}, False),
    ],
)
def test_a_heading_that_calls_low_numbers_good_is_told_once_where_the_scale_does_not(
    tmp_path: Path, heading: str, settings: Mapping[str, str], told: bool
) -> None:
    columns = {"score": heading, "responded_at": "date"}
    reversed_scale = {"lowest": 10, "highest": 0, "promoter_from": 1, "passive_from": 3}
    sources = {"a": source("a", columns=columns, **settings)}
    home = workspace(tmp_path, {"sources": sources, "scales": {"reversed": reversed_scale}})
    for month in (1, 2):
        land(home, f"a/{month}.csv", file(month, {f'"{heading}"': range(1, 6)}), day=month)
    first, later = noted(home).values()
    assert ("with its highest number as the best answer" in first) is told
    assert "with its highest number as the best answer" not in later


def test_a_heading_of_one_of_several_answers_is_looked_at_likewise(tmp_path: Path) -> None:
    heading = "How likely are you NOT to recommend us?"
    answers = {"visit": {"columns": {"score": "score"}}, "delivery": {"columns": {"score": heading}}}
    home = workspace(tmp_path, {"sources": {"a": source("a", columns={"responded_at": "date"}, answers=answers)}})
    land(home, "a/1.csv", file(1, {heading: range(11)}))
    assert sum("with its highest number as the best answer" in told for told in noted(home).values()) >= 1
