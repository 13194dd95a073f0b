"""A file's rows are counted to the same figures piece by piece, all at once and beside those of other files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from warehouse.intake.tally import tallies_by_file, tally_of_answers

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "source_row": pl.Int64, "month": pl.Date, "score": pl.Int8, "responded_at": pl.Datetime("us", "UTC"),
    "branch": pl.String, "brand": pl.String, "survey": pl.String, "reason": pl.String, "may_sum_up": pl.Boolean,
    "raw_score": pl.String, "date_text": pl.String, "refusal": pl.String,
}  # fmt: skip

Row = dict[str, Any]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "month": st.sampled_from([date(2025, 1, 1), date(2025, 2, 1)]),
            "score": st.integers(0, 10),
            "responded_at": st.integers(0, 56 * 24).map(lambda hours: FIRST + timedelta(hours=hours)),
            "branch": st.sampled_from(["Split", "Osijek", "ana@example.com"]),
            "brand": st.sampled_from(["own", "unknown", "rival"]),
            "survey": st.sampled_from([None, "spring", "autumn"]),
            "reason": st.sampled_from([None, "slow"]),
            "may_sum_up": st.booleans(),
            "raw_score": st.sampled_from(["", "-", "9", "9 of them"]),
            "date_text": st.sampled_from([None, "n/a", "soon"]),
            "refusal": st.sampled_from([None, None, None, "unanswered", "score_unreadable"]),
        }
    ),
    max_size=12,
)


def frames(rows: list[Row]) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    numbered = [{**row, "source_row": number} for number, row in enumerate(rows, 2)]
    found = pl.DataFrame(numbered, schema=SCHEMA)
    is_accepted = found["refusal"].is_null()
    return found.filter(is_accepted).lazy(), found.filter(~is_accepted).lazy()


@law(50)
@given(ROWS)
def test_a_file_is_counted_alike_piece_by_piece_and_all_at_once(rows: list[Row]) -> None:
    assert tally_of_answers(*frames(rows), "", is_big=True) == tally_of_answers(*frames(rows), "")


@law(50)
@given(ROWS, ROWS)
def test_a_file_is_counted_alike_alone_and_beside_another(one: list[Row], other: list[Row]) -> None:
    files = {number: frames(rows) for number, rows in enumerate((one, other))}
    accepted, refused = (
        pl.concat(files[number][part].with_columns(file_no=pl.lit(number)) for number in files) for part in (0, 1)
    )
    alone = {number: tally_of_answers(*parts, "") for number, parts in files.items()}
    assert tallies_by_file(accepted, refused, files, "") == alone


@law(50)
@given(ROWS)
def test_what_is_counted_of_a_file_adds_up(rows: list[Row]) -> None:
    tally = tally_of_answers(*frames(rows), "")
    assert tally.rows_read == len(rows) == tally.accepted + tally.unanswered + tally.excluded + tally.rejected
    assert tally.accepted == sum(rows for _, rows in tally.by_month) == sum(rows for _, rows in tally.by_score)
    kept = [row for row in rows if row["refusal"] is None]
    assert tally.balance == sum(int(row["score"] >= 9) - int(row["score"] < 7) for row in kept)
    assert tally.totals == sum(row["may_sum_up"] is True for row in kept)
    assert ("branch" in tally.contacts) == any("@" in str(row["branch"]) for row in kept)
    assert {*tally.brands} == {row["brand"] for row in kept}
