"""Who was asked: which attempts count, how often a person was asked, and how far it came with each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.answers.matching import Known
from transforms.asking.contacts import Fatigue, Pricing, counted, invitations, settled, tired
from transforms.contact_status import STATUSES, Asking, listed, status
from transforms.tables import Contact, ContactCount, stored_types

NOBODY_KNOWN = Known(
    branches=pl.DataFrame(schema={"alias": pl.String, "is_exact": pl.Boolean, "branch": pl.String}),
    people=pl.DataFrame(
        schema={
            **dict.fromkeys(("dimension", "member_key", "branch", "industry", "department"), pl.String),
            **dict.fromkeys(("valid_from", "valid_to"), pl.Datetime("us", "UTC")),
        }
    ),
    industries=pl.DataFrame(schema={"alias": pl.String, "is_exact": pl.Boolean, "industry": pl.String}),
    only_known_branches=False,
    only_listed_industries=False,
)
MORNING = datetime(2025, 3, 10, 9, tzinfo=UTC)
FREE = Pricing({}, "Europe/Zagreb")


def attempt(row: int, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - as the columns have it
    """A call that nobody took."""
    usual = {
        "source": "calls", "file_digest": "f1", "position": 0, "metric": "nps", "source_row": row, "contact_id": f"c{row}",
        "status": "delivered", "is_of_answer": False, "survey": "calls", "attempted_at": MORNING, "month": date(2025, 3, 1),
        "is_replaced": None,
    }  # fmt: skip
    return {**usual, **values}


def counts(*attempts: dict[str, Any], pricing: Pricing = FREE, invited: pl.DataFrame | None = None) -> pl.DataFrame:
    types = {
        **stored_types(Contact), "position": pl.Int64(), "metric": pl.String(), "is_replaced": pl.Boolean(),
        "is_matched": pl.Boolean(), "answers": pl.Int64(), "asked_after": pl.Int64(),
    }  # fmt: skip
    return counted(settled(pl.DataFrame(attempts, schema=types)), NOBODY_KNOWN, pricing, invited)


@pytest.mark.parametrize(
    ("said", "refusal", "found"),
    [
        ("ответ", None, "answered"),
        ("busy", None, "answered"),
        ("ответ", "score_unreadable", "answered"),
        ("ответ", "unanswered", "partial"),
        ("отказ", "unanswered", "refused"),
        ("Нет номера", "unanswered", "undeliverable"),
        ("busy", "unanswered", "delivered"),
        (None, "unanswered", "delivered"),
        ("ответ", "incomplete", "partial"),
        ("ответ", "test", None),
        ("ответ", "row_malformed", None),
    ],
)
def test_how_far_an_attempt_came_follows_from_the_answer_first_and_then_from_what_is_said(
    said: str | None, refusal: str | None, found: str | None
) -> None:
    asking = Asking((("ответ", "answered"), ("отказ", "refused"), ("нетномера", "undeliverable")))
    row = pl.DataFrame({"said": [said], "refusal": [refusal]}, schema={"said": pl.String, "refusal": pl.String})
    assert row.select(status(asking, listed(asking, pl.col("said")), pl.col("refusal"), "unanswered")).item() == found


def test_who_is_said_to_have_answered_has_where_the_answers_stand_elsewhere() -> None:
    asking = Asking((("responded", "answered"),), has_scores=False)
    row = pl.DataFrame({"said": ["responded"], "refusal": ["unanswered"]})
    assert (
        row.select(status(asking, listed(asking, pl.col("said")), pl.col("refusal"), "unanswered")).item() == "answered"
    )


def test_an_attempt_that_a_newer_file_tells_of_again_counts_once_as_that_one_says() -> None:
    found = counts(
        attempt(2, contact_id="a"), attempt(2, contact_id="a", status="reached", position=1, file_digest="f2")
    )
    assert found.filter("is_counted").select("status", "contacts").rows() == [("reached", 1)]
    assert found.get_column("contacts").sum() == 2


def test_an_older_snapshot_counts_no_more() -> None:
    found = counts(attempt(2, is_replaced=True), attempt(3, position=1))
    assert found.filter("is_counted").get_column("contacts").sum() == 1


def test_three_calls_to_one_person_are_one_invitation_that_came_as_far_as_the_best_of_them() -> None:
    calls = [attempt(2, respondent_key="p"), attempt(3, respondent_key="p", status="answered", category="detractor")]
    found = counts(*calls, attempt(4, respondent_key="p", status="refused"), attempt(5))
    assert found.get_column("invited").sum() == 2
    assert found.filter(pl.col("invited") > 0).get_column("status").sort().to_list() == ["answered", "delivered"]


def test_whoever_nobody_knows_is_somebody_else_each_time() -> None:
    assert counts(attempt(2), attempt(3), attempt(4)).select("people", "invited").sum().row(0) == (3, 3)


def test_another_wave_is_another_invitation() -> None:
    found = counts(attempt(2, respondent_key="p", wave="spring"), attempt(3, respondent_key="p", wave="autumn"))
    assert found.get_column("invited").sum() == 2


def test_the_price_is_that_of_the_day_in_business_time() -> None:
    days = [date(2025, 1, 1), date(2025, 3, 10)]
    pricing = Pricing({"calls": ("robot", days)}, "Europe/Zagreb")
    late, early = datetime(2025, 3, 9, 23, 30, tzinfo=UTC), datetime(2025, 3, 9, 22, 30, tzinfo=UTC)
    found = counts(attempt(2, attempted_at=late), attempt(3, attempted_at=early), pricing=pricing)
    assert found.get_column("price_from").sort().to_list() == [date(2025, 1, 1), date(2025, 3, 10)]
    assert set(found.get_column("tariff")) == {"robot"}


def test_before_the_first_price_there_is_none() -> None:
    found = counts(attempt(2), pricing=Pricing({"calls": ("robot", [date(2025, 4, 1)])}, "UTC"))
    assert found.select("tariff", "price_from").rows() == [("robot", None)]


def test_people_are_asked_too_soon_within_days_of_rest_and_too_often_in_a_year() -> None:
    days = {"a": (0, 20, 60, 300), "b": (0, 31), "c": (0, 1)}
    letters = [
        attempt(row, respondent_key=person, wave=f"w{number}", attempted_at=MORNING + timedelta(days=day))
        for row, (person, number, day) in enumerate((p, n, d) for p, ds in days.items() for n, d in enumerate(ds))
    ]  # fmt: skip
    letters += [attempt(50, attempted_at=MORNING), attempt(51, attempted_at=MORNING)]
    letters[-3]["wave"] = "w0"  # c is reminded of the same wave
    types = {
        name: dtype for name, dtype in stored_types(Contact).items() if name in {*letters[0], "respondent_key", "wave"}
    }
    rows = pl.DataFrame([{name: each.get(name) for name in types} for each in letters], schema=types)
    found = tired(invitations(rows.lazy()).collect(), Fatigue(30, 3, "UTC"))
    assert found.select(pl.col("is_too_soon", "is_too_often").sum()).row(0) == (1, 1)
    told = counts(*letters, invited=found)
    assert told.select("invited", "too_soon", "too_often").sum().row(0) == (9, 1, 1)


def test_days_to_the_answer_are_days_also_where_clocks_are_changed() -> None:
    sent = datetime(2025, 2, 28, 23, tzinfo=UTC)  # 1 March in Zagreb, and 31 March of which only the day is known
    found = counts(attempt(2, status="answered", attempted_at=sent, answered_at=datetime(2025, 3, 30, 22, tzinfo=UTC)))
    assert found["days"].to_list() == [30]


@pytest.mark.parametrize(("first", "then", "too_soon"), [
    (datetime(2025, 9, 30, 22, tzinfo=UTC), datetime(2025, 10, 30, 23, tzinfo=UTC), 1),  # the first and the 31st, midnight
    (datetime(2025, 2, 28, 23, tzinfo=UTC), datetime(2025, 3, 30, 22, tzinfo=UTC), 1),
    (datetime(2025, 3, 1, 8, tzinfo=UTC), datetime(2025, 3, 31, 18, tzinfo=UTC), 1),
    (datetime(2025, 3, 1, 18, tzinfo=UTC), datetime(2025, 4, 1, 8, tzinfo=UTC), 0),
])  # fmt: skip
def test_days_of_rest_are_days_whatever_the_hour_and_wherever_clocks_are_changed(
    first: datetime, then: datetime, too_soon: int
) -> None:
    rows = {"person": pl.Series([1, 1], dtype=pl.UInt64), "survey": "s", "campaign": ["w1", "w2"], "month": then.date()}
    found = tired(pl.DataFrame({**rows, "at": [first, then]}), Fatigue(30, 3, "Europe/Zagreb"))
    assert found["is_too_soon"].sum() == too_soon


def test_of_two_invitations_at_once_the_same_one_is_always_too_soon_and_the_one_too_often() -> None:
    surveys = ["orders", "visits"]
    rows = {"person": pl.Series([1, 1], dtype=pl.UInt64), "survey": surveys, "campaign": "w", "month": date(2025, 3, 1)}
    invited = pl.DataFrame({**rows, "at": [MORNING, MORNING]})
    for each in (invited, invited.reverse()):
        found = tired(each, Fatigue(30, 3, "UTC"))
        assert found.filter("is_too_soon")["survey"].to_list() == ["visits"]
        assert tired(each, Fatigue(30, 1, "UTC")).filter("is_too_often")["survey"].to_list() == ["visits"]


ATTEMPTS = st.lists(
    st.tuples(
        st.sampled_from([*STATUSES, None]), st.sampled_from(["p", "q", "r", None]), st.sampled_from(["Z", "S"]),
        st.integers(0, 1), st.integers(2, 6), st.sampled_from([None, "spring"]),
    ),
    max_size=25,
)  # fmt: skip


@law(60)
@given(ATTEMPTS, st.randoms())
def test_nothing_is_lost_nobody_is_invited_more_often_than_asked_and_order_does_not_matter(
    rows: list[tuple[Any, ...]], random: Random
) -> None:
    attempts = [
        attempt(
            at, status=status, respondent_key=person, branch=branch, position=position, contact_id=f"c{row}", wave=wave,
            attempted_at=MORNING + timedelta(minutes=at),
        )
        for at, (status, person, branch, position, row, wave) in enumerate(rows)
    ]  # fmt: skip
    found = counts(*attempts)
    assert found.get_column("contacts").sum() == len(rows)
    counting = found.filter("is_counted")
    assert set(found.filter(~pl.col("is_counted")).get_column("invited")) <= {0}
    assert counting.select((pl.col("invited") <= pl.col("people")).all()).item()
    assert counting.select((pl.col("people") <= pl.col("contacts")).all()).item()
    shuffled = random.sample(attempts, len(attempts))
    assert counts(*shuffled).get_column("invited").sum() == found.get_column("invited").sum()


@law(60)
@given(ATTEMPTS, st.randoms())
def test_people_and_invitations_are_those_of_counting_attempt_by_attempt(
    rows: list[tuple[Any, ...]], random: Random
) -> None:
    places = [(position, row) for row in range(2, 20) for position in range(2)]
    attempts = [
        attempt(
            row, status=status, respondent_key=person, branch=branch, position=position, contact_id=f"{position}-{row}",
            wave=wave, file_digest=f"f{position}",
        )
        for (status, person, branch, _, _, wave), (position, row) in zip(rows, places, strict=False)
    ]  # fmt: skip
    people: Counter[tuple[Any, ...]] = Counter()
    invited: Counter[tuple[Any, ...]] = Counter()
    seen: set[tuple[Any, ...]] = set()
    asked = [each for each in attempts if each["status"] is not None]
    order = sorted(asked, key=lambda each: (-STATUSES.index(each["status"]), each["position"], each["source_row"]))
    for number, each in enumerate(order):
        who = each["respondent_key"] or number
        what = (each["wave"] or "unknown", each["branch"], each["status"], each["file_digest"])
        people[what] += (who, what[:3]) not in seen
        invited[what] += (who, what[0]) not in seen
        seen |= {(who, what[:3]), (who, what[0])}
    found = counts(*random.sample(attempts, len(attempts))).filter("is_counted")
    for name, told in {"people": people, "invited": invited}.items():
        sums = found.group_by("wave", "branch", "status", "file_digest").agg(pl.col(name).sum())
        assert {row[:4]: row[4] for row in sums.iter_rows()} == dict(told)


def test_counts_are_as_declared() -> None:
    found = counts(attempt(2, status="answered", is_of_answer=True, category="promoter", answered_at=MORNING))
    assert found.columns == ContactCount.column_names()
    assert found.get_column("days").to_list() == [0]
