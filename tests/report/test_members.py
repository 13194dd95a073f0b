"""What is typed for a branch leads to the one that is meant, or to none."""

from __future__ import annotations

import pytest

from pipelines.errors import UserError
from pipelines.report.members import meant

KNOWN = [("A", "B"), ("B", "Pécs"), ("C", "Centar"), ("D", "centar"), ("E", None)]


@pytest.mark.parametrize(
    ("typed", "member"), [("B", "B"), ("b", "B"), ("pe\u0301CS", "B"), ("e", "E"), (" a ", "A"), ("Zadar", None)]
)
def test_a_code_comes_before_a_name_in_any_spelling(typed: str, member: str | None) -> None:
    assert meant(typed, "branch", KNOWN) == member


def test_a_name_of_two_is_neither() -> None:
    with pytest.raises(UserError, match=r"'Centar' is that of several \(branch\): C, D"):
        meant("Centar", "branch", KNOWN)
