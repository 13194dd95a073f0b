"""A case is in one state at a time, and what the future holds has not happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.dates.instants import INSTANT
from transforms.follow_up.cases import STATES, with_states

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
_AT = st.none() | st.integers(-200, 200).map(lambda hours: NOW + timedelta(hours=hours))
_FLAG = st.booleans()
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "is_void": _FLAG, "is_anonymous": _FLAG, "is_opted_out": st.none() | _FLAG, "first_contact_at": _AT,
            "closed_at": _AT, "due_at": st.integers(-200, 200).map(lambda hours: NOW + timedelta(hours=hours)),
            "ended": st.sampled_from([None, "recovered", "lost"]),
        }
    ),
    min_size=1, max_size=20,
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("is_void", "is_anonymous", "is_opted_out"), pl.Boolean), "ended": pl.String,
    **dict.fromkeys(("opened_at", "due_at", "first_contact_at", "closed_at"), INSTANT),
}  # fmt: skip


def states(cases: list[dict[str, Any]], exempt: tuple[str, ...] = ("anonymous", "opted_out")) -> list[dict[str, Any]]:
    rows = [{"opened_at": NOW - timedelta(days=30), **case} for case in cases]
    return with_states(pl.DataFrame(rows, schema=SCHEMA), exempt, NOW).to_dicts()


@given(CASES)
@law(60)
def test_a_case_is_in_one_state_and_overdue_is_a_flag_of_open_ones(cases: list[dict[str, Any]]) -> None:
    for given_, found in zip(cases, states(cases), strict=True):
        assert found["status"] in STATES
        assert (found["status"] == "void") == given_["is_void"]
        assert not found["is_overdue"] or (found["status"] == "open" and given_["due_at"] < NOW)
        assert found["outcome"] is None or found["closed_at"] is not None
        assert found["first_contact_at"] is None or found["first_contact_at"] <= NOW
        assert (found["hours_to_contact"] is None) == (found["first_contact_at"] is None)


def test_only_those_are_exempt_whom_nps_yaml_names() -> None:
    case = {"is_void": False, "is_anonymous": True, "is_opted_out": True, "due_at": NOW}
    assert [states([case], exempt)[0]["status"] for exempt in ((), ("anonymous",), ("opted_out",))] == [
        "open", "exempt", "exempt",
    ]  # fmt: skip


def test_who_closes_a_case_without_saying_when_they_called_has_called_by_then() -> None:
    case = {
        "is_void": False,
        "is_anonymous": False,
        "due_at": NOW,
        "closed_at": NOW - timedelta(hours=2),
        "ended": "lost",
    }
    found = states([case])[0]
    assert (found["status"], found["outcome"], found["hours_to_contact"]) == ("closed", "lost", 30 * 24 - 2)


def test_what_was_before_the_answer_has_not_been_done_about_it() -> None:
    opened = NOW - timedelta(days=10)
    given_ = {"is_void": False, "is_anonymous": False, "due_at": NOW, "opened_at": opened}
    early, same_day = (states([{**given_, "first_contact_at": opened - timedelta(hours=h)}])[0] for h in (25, 10))
    assert (early["status"], early["first_contact_at"], early["hours_to_contact"]) == ("open", None, None)
    assert (same_day["status"], same_day["hours_to_contact"]) == ("contacted", 0)
    closed = {**given_, "first_contact_at": opened - timedelta(days=3), "closed_at": opened + timedelta(hours=5)}
    assert states([closed])[0]["hours_to_contact"] == 5
