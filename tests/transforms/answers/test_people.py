"""Pairs of answers: their sums are the same whether somebody's answers are looked at one by one or alike ones at once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import transforms.answers.people
from tests.support.laws import law
from transforms.answers.people import Answers, Groups, OneAnswer, alike, pairs

_MONTHS = 14
_SCORES = np.array([-1, 0, 1, 1, -1])
#: The group of each cell in marts: all, two of them, and some of which one is in none.
_MARTS = [[0, 0, 0, 0, 0], [0, 0, 0, 1, 1], [0, -1, 1, 2, 1]]

_Rows = list[tuple[int, int, int]]


def summed(rows: _Rows, one: OneAnswer, often: int) -> pl.DataFrame:
    """The sums of answers, given as person, month and cell, where so many of a person are often."""
    person, month, cell = np.array(sorted(rows, key=lambda row: row[1])).reshape(-1, 3).T
    marts = [
        Groups(f"mart {at}", np.array(of), pl.DataFrame({"member": list("abc"), "second": [None] * 3}))
        for at, of in enumerate(_MARTS)
    ]
    wanted = np.arange(_MONTHS) >= _MONTHS // 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transforms.answers.people, "OFTEN", often)
        found = pairs(Answers(person, month.astype(np.int32), cell, 5), _SCORES, wanted, alike(marts), one)
    by = ["mart", "member", "earlier", "month"]
    sums = found.drop("second").group_by(by).agg(pl.all().sum())
    return sums.filter(pl.any_horizontal(pl.exclude(by) != 0)).sort(by)


_ROWS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, _MONTHS - 1), st.integers(0, 4)), min_size=2, max_size=60)


@law(200)
@given(_ROWS, st.sampled_from(["latest", "first", "all"]), st.integers(1, 8))
def test_who_answers_often_is_summed_up_like_everybody_else(rows: _Rows, one: OneAnswer, often: int) -> None:
    assert summed(rows, one, often).equals(summed(rows, one, often=1000))


def test_one_name_for_a_hundred_thousand_answers_takes_no_pair_of_each_two() -> None:
    rows = [(1, at // 10_000, at % 5) for at in range(100_000)]
    [all_of_a_month] = summed(rows, "all", often=12).filter(mart="mart 0", month=9, earlier=9)["pairs"]
    assert all_of_a_month == 10_000 * 9_999 // 2
