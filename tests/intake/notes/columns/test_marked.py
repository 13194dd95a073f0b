"""A later file in which a column that nothing uses begins to mark rows: they count, and a note says so, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.scenario import land, noted, source, taken_in, workspace


def file(month: int, heading: str, values: Sequence[str]) -> str:
    """Thirty-three answers of a month, with what a column says in turn."""
    rows = [f"2024-{month:02}-{1 + at % 28:02},{at % 11},{values[at % len(values)]}" for at in range(33)]
    return "\n".join([f"date,score,{heading}", *rows, ""])


def notes(home: Path) -> list[str]:
    """All notes on columns that mark rows, by file, once what has landed is in."""
    return [text for text in noted(home).values() if "says nothing of" in text or "lists other texts" in text]


def three_files(home: Path, heading: str, values: Sequence[str], first: str, **settings: object) -> list[str]:
    """The notes on a first file that says one thing, and on two later ones."""
    workspace(home, {"sources": {"a": source("a", **settings)}})
    land(home, "a/1.csv", file(1, heading, [first]))
    assert notes(home) == []
    for month in (2, 3):
        land(home, f"a/{month}.csv", file(month, heading, values), day=month)
        told = notes(home)
    return told


@pytest.mark.parametrize(
    ("heading", "values", "first", "told"),
    [
        ("Status", ("Complete", "Complete", "Test"), "Complete", "test: {column: 'Status', values: ['Test']}"),
        ("Status", ("Complete", "Partial"), "Complete", "incomplete: {column: 'Status', values: ['Partial']}"),
        ("Stanje", ("Obrisano",), "Aktivno", "flagged: {column: 'Stanje', values: ['Obrisano']}"),
        ("Is test", ("yes", "no"), "no", "test: {column: 'Is test', values: ['yes']}"),
        ("is_test", ("1.0", "0.0"), "0.0", "test: {column: 'is_test', values: ['1.0']}"),
        ("Finished", ("TRUE", "FALSE"), "TRUE", "incomplete: {column: 'Finished', values: ['FALSE']}"),
        ("Survey type", ("NPS", "CSAT"), "NPS", "where: {column: 'Survey type', values: ['NPS']}"),
        (
            "Q",
            ("Would you recommend us?", "Are you satisfied?"),
            "Would you recommend us?",
            "values: ['Would you recom",
        ),
        ("Responses", ("5", "1"), "1", "how many answers a row stands for"),
        ("Q_RecaptchaScore", ("0.9", "0.1"), "0.9", "bot: {column: 'Q_RecaptchaScore', values: ['0.1']}"),
        ("Q_BallotBoxStuffing", ("", "true"), "", "duplicate: {column: 'Q_BallotBoxStuffing', values: ['true']}"),
        ("Brand", ("Acme", "Rivex"), "Acme", "It says 'Acme' in 17, 'Rivex' in 16."),
        ("Program", ("Relationship", "Transactional"), "Relationship", "write programme: 'Program' below columns"),
        ("Scale", ("0-10", "1-5"), "0-10", "16 rows with a score have '1-5' in 'Scale'"),
        ("Type", ("Client", "Employee"), "Client", "where: {column: 'Type', values: ['Client']}"),
        ("Entry", ("New", "New", "Correction"), "New", "name the id that both share as response_id"),
        ("Type", ("Client", "Supplier"), "Client", "where: {column: 'Type', values: ['Client']}"),
    ],
)
def test_marks_of_a_later_file_are_noted_once(
    tmp_path: Path, heading: str, values: Sequence[str], first: str, told: str
) -> None:
    [note] = three_files(tmp_path / "home", heading, values, first)
    assert told in note
    assert f"in '{heading}', a column that nps.yaml says nothing of, and count" in note


@pytest.mark.parametrize("values", [("I", "U", "D"), ("D",), ("insert", "delete")])
def test_rows_that_delete_answers_by_their_id_are_noted(tmp_path: Path, values: Sequence[str]) -> None:
    columns = {"score": "score", "responded_at": "date", "response_id": "date"}
    [note] = three_files(tmp_path / "home", "Op", values, "I", columns=columns)
    assert f"have '{values[-1]}' in 'Op'" in note
    assert "If they say that the answers of their ids were deleted, these count all the same" in note


def test_rows_that_delete_answers_and_hold_nothing_else_are_noted(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "response_id": "id"}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=columns)}})
    answers = [f"r{at},2024-01-{1 + at % 28:02},{at % 11},c" for at in range(33)]
    land(home, "a/1.csv", "\n".join(["id,date,score,Op", *answers, "r7,,,d", "r8,,,d", ""]))
    [note] = notes(home)
    assert note.startswith(
        "2 rows have 'd' in 'Op', a column that nps.yaml says nothing of, and count where they have a score."
    )


def test_a_column_that_a_later_file_has_alone_is_noted_too(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    land(home, "a/1.csv", file(1, "Comment", ["good"]))
    land(home, "a/2.csv", file(2, "Is test", ["yes", "no", "no"]), day=2)
    assert "11 rows with a score have 'yes' in 'Is test'" in notes(home)[0]


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Status", ("Complete", "Closed")),
        ("Comment", ("test", *"abcdefghijklmn")),
        ("Would buy again", ("yes", "no")),
        ("Brand", ("Acme",)),
        ("Market", ("Croatia", "Austria")),
        ("Scale", ("0-10", "0 to 10")),
        ("Reason", ("Relationship", "Price", "Service", "Transactions", "Staff")),
        ("Q_RecaptchaScore", ("0.9", "0.7", "1.0")),
    ],
)
def test_columns_that_mark_nothing_are_not_noted(tmp_path: Path, heading: str, values: Sequence[str]) -> None:
    assert three_files(tmp_path / "home", heading, values, values[0] * (values[0] != "test")) == []


def test_rows_that_are_left_out_already_are_not_noted(tmp_path: Path) -> None:
    rules = {"test": {"column": "Status", "values": ["test"]}}
    assert three_files(tmp_path / "home", "Status", ("Complete", "TEST"), "Complete", exclude=rules) == []
    assert sum(row["accepted"] for row in taken_in(tmp_path / "home").values()) == 33 + 2 * 17


def test_rows_that_a_later_file_says_were_deleted_at_some_time_are_noted(tmp_path: Path) -> None:
    [note] = three_files(tmp_path / "home", "deleted_at", ("", *(f"2024-05-{day:02}" for day in range(1, 21))), "")
    assert "31 rows with a score say in 'deleted_at' when or why they were deleted" in note


def test_other_words_than_those_that_are_left_out_are_noted(tmp_path: Path) -> None:
    rules = {"test": {"column": "Status", "values": ["test"]}}
    [note] = three_files(
        tmp_path / "home", "Status", ("Complete", "TEST", "Deleted", "testing"), "Complete", exclude=rules
    )
    assert "16 rows with a score have 'Deleted', 'testing' in 'Status', a column of which nps.yaml lists" in note
    assert "test: {column: 'Status', values: ['test', 'Deleted', 'testing']}" in note


def test_words_of_a_column_that_says_who_did_not_answer_are_noted_too(tmp_path: Path) -> None:
    rules = {"incomplete": {"column": "Status", "values": ["Partial"]}}
    sent = {"column": "Status", "values": ["Sent"]}
    values = ("Complete", "Partial", "Cancelled", "Sent")
    [note] = three_files(tmp_path / "home", "Status", values, "Complete", exclude=rules, unanswered_where=sent)
    assert "8 rows with a score have 'Cancelled' in 'Status', a column of which nps.yaml lists" in note


def test_other_numbers_of_brands_are_no_news(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert len(three_files(home, "Brand", ("Acme", "Rivex"), "Acme")) == 1
    land(home, "a/4.csv", file(4, "Brand", ("Acme", "Nordo", "Rivex")), day=4)
    assert len(notes(home)) == 1


def test_a_brand_that_nps_yaml_says_is_not_noted(tmp_path: Path) -> None:
    columns = {"columns": {"score": "score", "responded_at": "date", "brand": "Brand"}}
    assert three_files(tmp_path / "home", "Brand", ("Acme", "Rivex"), "Acme", **columns) == []


def test_marked_rows_without_a_score_are_not_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    rows = "".join(f"2024-01-{1 + at},{at % 11},Complete\n2024-01-{1 + at},n/a,Partial\n" for at in range(22))
    land(home, "a/1.csv", f"date,score,Status\n{rows}")
    assert notes(home) == []


def test_of_many_small_files_the_first_is_noted(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for month in range(1, 6):
        land(home, f"a/{month}.csv", file(month, "Status", ["Complete", "Test"]), day=month)
    assert len(notes(home)) == 1


def test_that_nobody_gave_10_is_noted_once(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a")}})
    for month in (1, 2, 3):
        rows = "".join(f"2024-{month:02}-{1 + at % 28:02},{at % 10}\n" for at in range(60))
        land(home, f"a/{month}.csv", f"date,score\n{rows}", day=month)
        told = noted(home)
    assert len([note for note in told.values() if "is 10, though" in note]) == 1


def test_calls_that_nobody_took_in_other_words_than_those_listed_are_told(tmp_path: Path) -> None:
    rule = {"column": "Outcome", "values": ["no answer"]}
    told = three_files(tmp_path, "Outcome", ("Reached", "Hung up"), "Reached", unanswered_where=rule)
    assert "write in nps.yaml unanswered_where: {column: 'Outcome', values: ['no answer', 'Hung up']}" in told[0]
    assert len(told) == 1


@pytest.mark.parametrize("heading", ["Replaces", "Duplicate of", "Ersetzt"])
@pytest.mark.parametrize("columns", [{}, {"response_id": "id"}], ids=["without ids", "with ids"])
def test_rows_that_name_others_which_they_replace_are_noted(
    tmp_path: Path, heading: str, columns: dict[str, str]
) -> None:
    rows = [f"r{at},2024-01-{1 + at % 28:02},{at % 11},{f'r{at - 1}' if at % 10 == 9 else ''}" for at in range(33)]
    reading = {"score": "score", "responded_at": "date", **columns}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=reading)}})
    land(home, "a/1.csv", "\n".join([f"id,date,score,{heading}", *rows, ""]))
    [note] = notes(home)
    assert note.startswith(f"3 rows with a score say in '{heading}' which row they replace, correct or repeat")


@pytest.mark.parametrize("open_end", ["", "9999-12-31", "9999-12-31 00:00:00"])
@pytest.mark.parametrize(("ids", "told"), [("own", "11 rows"), ("shared", ""), ("none", "11 rows")])
def test_older_versions_of_rows_are_noted_where_no_newer_one_has_their_id(
    tmp_path: Path, open_end: str, ids: str, told: str
) -> None:
    """Of 33 rows 11 are older versions; the newer ones below them have the same ids, or ids of their own."""
    rows = [(f"r{at}", at, "2024-03-01 10:00:00") for at in range(11)] + [
        (f"r{at - 11 if ids == 'shared' else at}", at, open_end) for at in range(11, 33)
    ]
    columns = {"score": "score", "responded_at": "date", **({"response_id": "id"} if ids != "none" else {})}
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", columns=columns)}})
    lines = [f"{name},2024-01-{1 + at % 28:02},{at % 11},{end}" for name, at, end in rows]
    land(home, "a/1.csv", "\n".join(["id,date,score,valid_to", *lines, ""]))
    assert [each.partition(" with")[0] for each in notes(home)] == ([told] if told else [])


def test_counts_of_many_sizes_are_noted_and_numbers_of_rows_are_not(tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"a": source("a"), "b": source("b")}})
    sizes = [f"2024-01-{1 + at % 28:02},{at * 7 % 11},{1 + at * 13 % 29}" for at in range(120)]
    land(home, "a/1.csv", "\n".join(["date,score,Responses", *sizes, ""]))
    land(
        home,
        "b/1.csv",
        "\n".join(["date,score,N", *(f"{each[:10]},{at % 9},{at}" for at, each in enumerate(sizes)), ""]),
    )
    [note] = notes(home)
    assert "in 'Responses'" in note
    assert "how many answers a row stands for" in note
    assert len(note.partition("'Responses'")[0]) < 80
