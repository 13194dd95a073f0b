"""Laws of how columns of numbers are put in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.answers.numbers import order_of

#: Far apart, near one another, and equal.
_NUMBERS = st.one_of(
    st.integers(0, 2**64 - 1), st.integers(2**63 - 20, 2**63 + 20), st.integers(0, 9), st.just(2**40 - 1)
)


@law(50)
@given(st.lists(_NUMBERS, max_size=60))
def test_numbers_come_in_their_order_and_equal_ones_stay_in_theirs(given_numbers: list[int]) -> None:
    numbers = np.array(given_numbers, np.uint64)
    assert order_of(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
