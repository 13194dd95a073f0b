"""Looking once at texts that repeat finds the same as looking at each row."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.rows.summaries import says_summary, summary_words
from transforms.texts.repeating import each, is_true_of
from transforms.texts.spelling import simple, simplified

TEXTS = st.lists(
    st.sampled_from(
        ["Yes", "y e-s", "no", "1.0", "1,00", "1.5", "", " ", None, "Total", "Split Total", "count", "Ø", "∅", "Zagreb"]
    )
    | st.text(max_size=5),
    min_size=1,
    max_size=9,
)


@pytest.mark.parametrize("times", [1, 400])
@law(60)
@given(texts=TEXTS)
def test_a_condition_holds_of_the_same_rows_whether_texts_repeat_or_not(texts: list[str | None], times: int) -> None:
    rows = pl.DataFrame({"said": texts * times}, schema={"said": pl.String})
    listed = ["yes", "no", "1"]
    found = rows.lazy().select(is_true_of(pl.col("said"), lambda said: simplified(said).is_in(listed))).collect()
    assert found.to_series().to_list() == [None if text is None else simple(text) in listed for text in texts] * times


@law(60)
@given(texts=TEXTS)
def test_each_text_is_changed_and_what_is_left_of_nothing_is_null(texts: list[str | None]) -> None:
    rows = pl.DataFrame({"said": texts}, schema={"said": pl.String})
    found = rows.lazy().select(each(pl.col("said"), str.strip)).collect().to_series().to_list()
    assert found == [(text and text.strip()) or None for text in texts]


@law(40)
@given(first=TEXTS, then=TEXTS)
def test_words_of_totals_are_found_in_every_piece_of_a_column_whether_texts_repeat_or_not(
    first: list[str | None], then: list[str | None]
) -> None:
    look = summary_words([pl.col("branch")])
    pieces = [pl.DataFrame({"branch": texts * 400}, schema={"branch": pl.String}) for texts in (first, then)]
    alone = [text for text in {*first, *then} if text is not None]
    said = pl.DataFrame({"text": alone}, schema={"text": pl.String}).select(
        "text", says_summary(pl.col("text")).alias("says")
    )
    says = dict(said.iter_rows())
    for texts, piece in zip((first, then), pieces, strict=True):
        found = piece.lazy().select(look).unnest("branch").collect()["says_summary"].to_list()
        assert found == [text is not None and says[text] for text in texts] * 400
