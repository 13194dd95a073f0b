"""What becomes of a row: each is accepted, unanswered, excluded or rejected, and nothing else about the file matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.laws import law
from transforms.dates.instants import ISO_FORMATS, DateReading
from transforms.dimensions import CANONICAL
from transforms.rows.ahead import looked_ahead
from transforms.rows.judged import outcome_of, rejected
from transforms.rows.staged import CleaningRules, judge, staged
from transforms.scores.scales import SCALES
from transforms.tables import RejectedRow, StagedAnswer
from transforms.texts.identity import PSEUDONYM_LENGTH, keyed
from transforms.texts.spelling import NOTHING

Row = dict[str, str | None]

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
RULES = CleaningRules(
    source="shops",
    metric="nps",
    scale=SCALES["0-10"],
    dates=DateReading(ISO_FORMATS, "Europe/Zagreb"),
    business_timezone="Europe/Zagreb",
    key="k" * 32,
    now=NOW,
    history_starts=datetime(2020, 1, 1, tzinfo=UTC),
    survey="shops",
    unanswered=("Hung up",),
    excluded={"preview": ("exclude_preview", ("yes",)), "test": ("exclude_test", ("yes", "maybe"))},
)
PLAIN = replace(RULES, excluded={})
ANSWER: Row = {"score": "9", "responded_at": "2025-01-10", "response_id": "r1"}


def frame(rows: Sequence[Row], malformed: Sequence[bool] = ()) -> pl.LazyFrame:
    """Rows as an adapter gives them: the columns of the first one, all text; the first row of the file is its header."""
    columns = {name: [row.get(name) for row in rows] for name in rows[0]}
    broken = list(malformed) or [False] * len(rows)
    numbered = {"source_row": range(2, len(rows) + 2), "malformed": broken}
    schema = {"source_row": pl.Int64, "malformed": pl.Boolean, **dict.fromkeys(columns, pl.String)}
    return pl.LazyFrame({**numbered, **columns}, schema=schema)


def found(raw: pl.LazyFrame, rules: CleaningRules = PLAIN) -> pl.DataFrame:
    return judge(raw, rules, "d1").collect().sort("source_row")


def answer(**cells: str | None) -> dict[str, object]:
    """What becomes of one answer with these cells beside the usual ones."""
    [row] = found(frame([{**ANSWER, **cells}])).to_dicts()
    return row


def refusal(rules: CleaningRules = PLAIN, **cells: str | None) -> str | None:
    reason: str | None = found(frame([{**ANSWER, **cells}]), rules).get_column("refusal").item()
    return reason


def refused(*rows: Row, malformed: Sequence[bool] = ()) -> list[dict[str, object]]:
    """The rejected rows as they are stored."""
    return rejected(judge(frame(rows, malformed), PLAIN, "d1")).collect().sort("source_row").to_dicts()


# Any rows

CELLS = {
    "score": st.sampled_from(["9", "0", "10 - Yes", "7.5", "11", "n/a", "Hung up", "x", "", None]),
    "responded_at": st.sampled_from(
        ["2025-01-10", "2025-01-31 23:30:00", "", None, "soon", "2031-01-01", "1999-01-01"]
    ),
    "response_id": st.sampled_from(["r1", "r2", " ", None]),
    "weight": st.sampled_from([None, "", "2", "0,5", "-1", "heavy", "inf"]),
    "exclude_preview": st.sampled_from(["yes", "no", None]),
    "exclude_test": st.sampled_from(["yes", " maybe ", "", None]),
    "respondent": st.sampled_from(["ana@example.com", None]),
    "survey": st.sampled_from(["orders", " ", None]),
    "comment": st.sampled_from(["Fine", "", None]),
}
ROWS = st.lists(st.tuples(st.fixed_dictionaries(CELLS), st.booleans()), min_size=1, max_size=12)

IN_ORDER: list[tuple[str, str, set[str | None]]] = [
    ("preview", "exclude_preview", {"yes"}),
    ("test", "exclude_test", {"yes", " maybe "}),
    ("unanswered", "score", {"n/a", "Hung up", "", None}),
    ("score_fractional", "score", {"7.5"}),
    ("score_out_of_scale", "score", {"11"}),
    ("score_unreadable", "score", {"x"}),
    ("row_malformed", "response_id", {" ", None}),
    ("row_malformed", "weight", {"-1", "heavy", "inf"}),
    ("date_missing", "responded_at", {"", None}),
    ("date_unreadable", "responded_at", {"soon"}),
    ("date_in_future", "responded_at", {"2031-01-01"}),
    ("date_before_survey", "responded_at", {"1999-01-01"}),
]
"""The reasons in the order in which they are looked for, each with the texts of a column that are one."""


def expected(row: Row, *, broken: bool) -> str | None:
    if broken:
        return "row_malformed"
    return next((reason for reason, column, texts in IN_ORDER if row[column] in texts), None)


@law(35)
@given(ROWS)
def test_the_first_reason_against_a_row_is_its_reason(rows: list[tuple[Row, bool]]) -> None:
    judged = found(frame([row for row, _ in rows], [broken for _, broken in rows]), RULES)
    reasons = [expected(row, broken=broken) for row, broken in rows]
    assert judged.get_column("refusal").to_list() == reasons
    assert judged.get_column("outcome").to_list() == [outcome_of(reason) for reason in reasons]


@law(15)
@given(ROWS)
def test_every_row_is_kept_once_and_nothing_is_added(rows: list[tuple[Row, bool]]) -> None:
    raw = frame([row for row, _ in rows], [broken for _, broken in rows])
    judged = judge(raw, RULES, "d1")
    everything, kept, refused_rows = pl.collect_all([judged, staged(judged), rejected(judged)])
    outcomes = everything.get_column("outcome").to_list()
    accepted, other = kept.get_column("source_row").to_list(), refused_rows.get_column("source_row").to_list()
    assert len(accepted) + outcomes.count("unanswered") + len(other) == len(outcomes) == len(rows)
    assert len(accepted) == outcomes.count("accepted")
    assert len({*accepted, *other}) == len(accepted) + len(other)


@law(15)
@given(ROWS)
def test_what_is_stored_is_what_the_tables_declare(rows: list[tuple[Row, bool]]) -> None:
    judged = judge(frame([row for row, _ in rows], [broken for _, broken in rows]), RULES, "d1")
    for part, table in ((staged(judged), StagedAnswer), (rejected(judged), RejectedRow)):
        stored = part.collect()
        assert stored.columns == table.column_names()
        table.validate(stored, cast=True)


@law(15)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_columns_and_rows_means_nothing(rows: list[tuple[Row, bool]], random: Random) -> None:
    raw = frame([row for row, _ in rows], [broken for _, broken in rows])
    columns = raw.collect_schema().names()
    random.shuffle(columns)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = raw.collect()[order].select(columns).lazy()
    assert_frame_equal(found(shuffled, RULES), found(raw, RULES))


@law(20)
@given(st.sampled_from(sorted({*CANONICAL, "extras"} - {"response_id", "brand", "programme"})), ROWS)
def test_a_column_that_is_absent_is_empty(name: str, rows: list[tuple[Row, bool]]) -> None:
    raw = frame([row for row, _ in rows], [broken for _, broken in rows])
    absent = found(raw.drop(name, strict=False), RULES)
    assert_frame_equal(absent, found(raw.with_columns(pl.lit(None, pl.String).alias(name)), RULES))


@pytest.mark.parametrize("name", ["brand", "programme"])
def test_a_blank_of_what_counts_as_something_where_nothing_says_it_is_unknown(name: str) -> None:
    assert answer(**{name: "  "})[name] == "unknown"
    assert answer()[name] is None


# Reasons and what is blamed


def test_the_outcome_is_that_of_the_reason() -> None:
    assert outcome_of(None) == "accepted"
    assert outcome_of("unanswered") == "unanswered"
    assert {outcome_of(reason) for reason in ("preview", "test", "flagged", "incomplete")} == {"excluded"}
    assert {outcome_of(reason) for reason, _, _ in IN_ORDER[3:]} == {"rejected"}


def test_a_text_of_nps_yaml_is_unanswered_in_this_source() -> None:
    assert refusal(score="hung UP ") == "unanswered"
    assert refusal(replace(PLAIN, unanswered=()), score="hung UP ") == "score_unreadable"


def test_an_unanswered_question_needs_neither_date_nor_id() -> None:
    assert refusal(score="", responded_at="", response_id="") == "unanswered"


def test_a_test_is_excluded_whatever_else_is_wrong_with_it() -> None:
    [row] = (
        rejected(judge(frame([{**ANSWER, "score": "x", "exclude_preview": "no", "exclude_test": "yes"}]), RULES, "d"))
        .collect()
        .to_dicts()
    )
    assert (row["outcome"], row["reason"], row["column"], row["value"]) == ("excluded", "test", None, None)


def test_a_clock_may_be_wrong_by_a_day_and_no_more() -> None:
    edge = NOW + timedelta(days=1)
    assert refusal(responded_at=edge.isoformat()) is None
    assert refusal(responded_at=(edge + timedelta(microseconds=1)).isoformat()) == "date_in_future"


def test_history_begins_with_its_first_instant() -> None:
    assert refusal(responded_at="2020-01-01T00:00:00Z") is None
    assert refusal(responded_at="2019-12-31T23:59:59.999999Z") == "date_before_survey"


def test_a_rejected_row_says_what_stood_there_and_about_whom_nothing() -> None:
    rows = refused(
        {**ANSWER, "score": "0915550123"},
        {**ANSWER, "score": "Ana Kovač"},
        {**ANSWER, "responded_at": "ana@example.com"},
        {**ANSWER, "responded_at": "31.31.2024"},
    )
    assert [(row["source_row"], row["column"], row["value"]) for row in rows] == [
        (2, "score", "9999999999"),
        (3, "score", "xxx xxxxx"),
        (4, "responded_at", "xxx@xxxxxxx.xxx"),
        (5, "responded_at", "31.31.2024"),
    ]


def test_a_malformed_row_says_which_column_is_to_blame_if_one_is() -> None:
    rows = refused(
        {**ANSWER, "weight": None},
        {**ANSWER, "weight": "-1"},
        {**ANSWER, "response_id": " "},
        malformed=[True, False, False],
    )
    assert [(row["reason"], row["column"]) for row in rows] == [
        ("row_malformed", None), ("row_malformed", "weight"), ("row_malformed", "response_id"),
    ]  # fmt: skip


def test_a_rejected_row_has_the_month_of_its_date_where_that_can_be_read() -> None:
    rows = refused(
        {**ANSWER, "score": "x"}, {**ANSWER, "responded_at": "soon"}, {**ANSWER, "responded_at": "2031-01-31"}
    )
    assert [row["month"] for row in rows] == [date(2025, 1, 1), None, date(2031, 1, 1)]


# Values


def test_an_answer_of_the_last_evening_belongs_to_the_month_of_the_business() -> None:
    row = answer(responded_at="2025-01-31T23:30:00Z")
    assert row["responded_at"] == datetime(2025, 1, 31, 23, 30, tzinfo=UTC)
    assert row["month"] == date(2025, 2, 1)


def test_a_date_may_be_a_period_where_it_is_declared_for_the_whole_file() -> None:
    assert refusal(responded_at="2024") == "date_unreadable"
    periods = replace(PLAIN, dates_are_periods=True)
    raw = frame([{**ANSWER, "responded_at": text} for text in ("2024", "2024-Q3", "2024-06", "2024-06-15")])
    months = found(raw, periods).get_column("month").to_list()
    assert months == [date(2024, 1, 1), date(2024, 7, 1), date(2024, 6, 1), date(2024, 6, 1)]


@pytest.mark.parametrize(
    ("text", "weight"), [(None, 1.0), (" ", 1.0), ("2", 2.0), ("0,5", 0.5), (" 1.25 ", 1.25), ("0", 0.0)]
)
def test_a_weight_is_a_number_and_one_where_none_is_given(text: str | None, weight: float) -> None:
    assert answer(weight=text)["weight"] == weight


@pytest.mark.parametrize("text", ["-1", "heavy", "inf", "nan", "1,000.5", "1;2", "1e200", "1e-200"])
def test_what_is_no_weight_is_not_taken_for_one(text: str) -> None:
    assert refusal(weight=text) == "row_malformed"


def test_people_are_stored_as_pseudonyms_only() -> None:
    row = answer(respondent=" Ana@Example.com", account="ACME", manager="Ivo")
    for key in ("respondent_key", "account_key", "manager_key"):
        assert len(str(row[key])) == PSEUDONYM_LENGTH
    assert not {"ana@example.com", "acme", "ivo"} & {str(value).strip().lower() for value in row.values()}
    assert row["respondent_key"] == answer(respondent="ana@example.com")["respondent_key"]


def test_the_text_of_the_score_is_kept_as_found() -> None:
    row = answer(score=" Extremely likely - 10 ")
    assert (row["raw_score"], row["scale"], row["score"], row["category"]) == (
        "Extremely likely - 10",
        "0-10",
        10,
        "promoter",
    )


def test_the_survey_is_the_row_s_own_or_that_of_the_source() -> None:
    assert [answer(survey=text)["survey"] for text in ("orders", " ", None)] == ["orders", "shops", "shops"]


def test_spaces_around_a_text_are_no_part_of_it_and_a_blank_is_nothing() -> None:
    row = answer(branch=" Zagreb ", industry="  ", comment="\n", response_id=" r1 ")
    assert (row["branch"], row["industry"], row["comment"], row["response_id"]) == ("Zagreb", None, None, "r1")


@pytest.mark.parametrize("text", [*NOTHING, "NULL", "(Null)", "\\N", " None "])
def test_what_programmes_write_where_there_is_nothing_is_nobody_no_answer_and_no_name(text: str) -> None:
    assert refusal(score=text) == "unanswered"
    row = answer(respondent=text, account=text, brand=text, programme=text, survey=text)
    assert (row["respondent_key"], row["account_key"]) == (None, None)
    assert (row["brand"], row["programme"], row["survey"]) == ("unknown", "unknown", "shops")


@pytest.mark.parametrize(
    "text", ["***", "*****@gmail.com", "XXXX@xxx.hr", "####", "REDACTED", "[Anonymized]", "Deleted user"]
)
def test_who_was_hidden_is_nobody(text: str) -> None:
    assert answer(respondent=text, account=text)["respondent_key"] is None
    assert answer(respondent=text, account=text)["account_key"] is None


@pytest.mark.parametrize("text", ["a***@gmail.com", "x@xxx.hr", "#12", "x17", "+38591***4567", "xxl@shop.hr"])
def test_who_is_partly_hidden_is_somebody(text: str) -> None:
    assert answer(respondent=text)["respondent_key"] is not None


def test_an_id_of_nothing_but_zeros_is_that_of_nobody() -> None:
    assert answer(respondent="00000000-0000-0000-0000-000000000000")["respondent_key"] is None
    assert answer(respondent="0")["respondent_key"] is not None


# Ids of answers that have none

TEXTS = st.lists(st.sampled_from(["9|ok", "9|OK", "9| ok", "2|late", "10|"]), min_size=1, max_size=10)


def ids(cells: Sequence[str], digest: str = "d1", rows: Sequence[int] = ()) -> dict[int, str]:
    """The id of each row, by its number; the rows of the file stand in the order of `cells`."""
    numbers = rows or range(len(cells))
    raw = frame([{"score": "9", "responded_at": "2025-01-10", "cells": text} for text in cells])
    placed = raw.with_columns(source_row=pl.Series(list(numbers), dtype=pl.Int64) + 2)
    judged = judge(placed, PLAIN, digest).collect()
    return dict(judged.select("source_row", "response_id").iter_rows())


@law(20)
@given(TEXTS)
def test_equal_rows_of_a_file_are_different_answers(cells: list[str]) -> None:
    assert len(set(ids(cells).values())) == len(cells)


@law(15)
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_same_rows_in_another_file_and_order_are_the_same_answers(cells: list[str], random: Random) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)
    assert sorted(ids(cells).values()) == sorted(ids(shuffled, "d2").values())


@law(15)
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_changes_no_id(cells: list[str], random: Random) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)
    assert ids([cells[row] for row in order], rows=order) == ids(cells)


@law(25)
@given(TEXTS, st.lists(st.sampled_from([False, False, True]), min_size=10, max_size=10), st.booleans())
def test_what_is_looked_for_ahead_in_big_files_changes_nothing(cells: list[str], says: list[bool], named: bool) -> None:
    raw = frame([{"score": text[0], "responded_at": "2025-01-10", "cells": text, "respondent": None} for text in cells])
    if named:
        told = pl.Series(says[: len(cells)])
        raw = raw.with_columns(says_summary=told & (pl.col("score") == "9"), may_sum_up=told)
    expected = judge(raw, PLAIN, "d1").collect()
    told_ahead = judge(looked_ahead(raw), PLAIN, "d1").collect()
    assert_frame_equal(told_ahead, expected.select(told_ahead.columns))
    assert {*expected.columns} - {*told_ahead.columns} <= {"may_sum_up"}


def test_an_id_is_made_of_the_text_of_the_row_and_its_number_among_equal_ones() -> None:
    texts = pl.DataFrame({"text": ["b#2", "a#1", "b#1"]})
    assert [*ids(["b", "a", "b"], rows=[9, 4, 3]).values()] == texts.select(keyed(pl.col("text"), "k" * 32))[
        "text"
    ].to_list()


def test_rows_that_differ_in_the_case_of_a_letter_are_different_answers() -> None:
    assert len(set(ids(["9|ok", "9|OK", "9|Ok"]).values())) == 3


def test_rows_of_files_that_are_read_together_are_numbered_in_each_of_them() -> None:
    raw = frame([{"score": "9", "responded_at": "2025-01-10", "cells": text} for text in ("a", "a", "b", "a", "a")])
    of_files = raw.with_columns(file_no=pl.Series([0, 0, 0, 1, 1]))
    first, second, other, *again = judge(of_files, PLAIN, "d1").collect()["response_id"]
    assert again == [first, second]
    assert len({first, second, other}) == 3


def test_one_more_equal_row_leaves_the_ids_of_the_others() -> None:
    assert set(ids(["9|ok", "2|late"]).values()) < set(ids(["9|ok", "2|late", "9|ok"]).values())
