"""What is alike is found whatever the columns hold, and few or many combinations there are."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.answers import matching
from transforms.answers.matching import alike

KINDS: dict[str, tuple[pl.DataType, list[Any]]] = {
    "name": (pl.String(), [None, "", "Split", "Zagreb", "zagreb"]),
    "code": (pl.Enum(["nps", "enps"]), ["nps", "enps"]),
    "score": (pl.Int8(), [-1, 0, 10]),
    "version": (pl.UInt32(), [None, 0, 7]),
    "month": (pl.Date(), [date(1969, 12, 1), date(1970, 2, 1)]),
    "nothing": (pl.String(), [None]),
}
ROWS = st.lists(st.tuples(*(st.sampled_from(values) for _, values in KINDS.values())), max_size=30)


@law(60)
@given(ROWS, st.sampled_from([0, 4, 10**6]))
def test_rows_have_one_place_where_they_are_equal(rows: list[tuple[Any, ...]], sparse: int) -> None:
    """Also where no combination gets a new number, and where all do."""
    frame = pl.DataFrame(rows, schema={name: dtype for name, (dtype, _) in KINDS.items()}, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_SPARSE", sparse)
        different, places = alike(frame)
    assert [different.row(place) for place in places] == frame.rows()
    assert len(set(different.rows())) == different.height == len(set(places.tolist()))
