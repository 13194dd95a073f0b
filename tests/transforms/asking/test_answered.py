"""Which contacts were answered, where the answers stand elsewhere: held against looking at each answer by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.laws import law
from transforms.asking.answered import ANSWERED, PLACE, answered, with_answers
from transforms.dates.instants import INSTANT

MORNING = datetime(2025, 3, 10, 9, tzinfo=UTC)
Row = tuple[int | None, float | None, int, int]
"""Person, hours since the morning, file and row."""
MOMENT = 1 / 3600


def latest(hours: float) -> float:
    """How late a contact may be that an answer is to: on the same day where it is of midnight, or within the hour."""
    return hours + (24 - MOMENT if (hours + 9) % 24 == 0 else 1)


def rows(events: Sequence[Row]) -> pl.DataFrame:
    told = [(p, None if h is None else MORNING + timedelta(hours=h), position, row) for p, h, position, row in events]
    schema = {"person": pl.UInt64(), "at": INSTANT, "position": pl.Int64(), "source_row": pl.Int64()}
    return pl.DataFrame(told, schema, orient="row").with_columns(
        PLACE, month=date(2025, 3, 1), is_reminder=False, question=pl.lit(1, pl.UInt64)
    )


def found(
    contacts: Sequence[Row],
    answers: Sequence[tuple[Row, int]],
    *,
    counted: list[bool] | None = None,
    **asking: pl.Series,
) -> pl.DataFrame:
    asked = rows(contacts).with_columns(is_counted=pl.Series(counted or [True] * len(contacts), dtype=pl.Boolean))
    given = rows([event for event, _ in answers]).with_columns(score=pl.Series([n for _, n in answers], dtype=pl.Int8))
    return answered(asked.with_columns(each.alias(name) for name, each in asking.items()), given)


def one_by_one(
    contacts: Sequence[Row], answers: Sequence[tuple[Row, int]], counted: list[bool]
) -> list[tuple[Any, ...]]:
    """The same, without any order: each answer looks for its contact, and each contact keeps one and counts them all."""
    kept: dict[int, tuple[float, int, int, int, float]] = {}
    several: Counter[int] = Counter()
    for (person, at, file, row), score in answers:
        before = [
            (sent, *place, number)
            for number, (who, sent, *place) in enumerate(contacts)
            if counted[number] and who is not None and who == person and sent is not None and at is not None
            if at - (90 * 24 + 1) <= sent <= latest(at)
        ]  # fmt: skip
        if at is not None and before:
            number, mine = int(max(before)[-1]), (latest(at), -file, -row, score, at)
            kept[number] = min(kept.get(number, mine), mine)
            several[number] += 1
    told: list[tuple[Any, ...]] = [(None, None, None)] * len(contacts)
    for number, (*_, score, at) in kept.items():
        kind = "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"
        told[number] = (MORNING + timedelta(hours=at), kind, several[number])
    return told


PEOPLE = st.sampled_from([1, 2, 2**63 + 1, None])
HOURS = st.sampled_from([
    None, -9, 0, 1, 1 + MOMENT, 2, 2.1, 3.2, 14.9, 15, 23, 24, 24.3, 25, 26, 90 * 24 - 33, 90 * 24 - 24,
    90 * 24 - 23, 90 * 24 - 0.9, 90 * 24,
    90 * 24 + 1, 90 * 24 + 1 + MOMENT, 90 * 24 + 15, 91 * 24 + 3,
])  # fmt: skip
PLACES = [(file, row) for file in range(2) for row in range(2, 10)]
EVENTS = st.lists(st.tuples(PEOPLE, HOURS, st.sampled_from(PLACES)), max_size=14, unique_by=lambda event: event[2])


@law(150)
@given(EVENTS, EVENTS, st.data())
def test_each_contact_has_the_answer_that_looking_at_them_one_by_one_finds(
    asked: list[Any], given: list[Any], data: st.DataObject
) -> None:
    contacts = [(person, hours, *place) for person, hours, place in asked]
    scores = data.draw(st.lists(st.integers(0, 10), min_size=len(given), max_size=len(given)))
    answers = [((p, h, *place), score) for (p, h, place), score in zip(given, scores, strict=True)]
    counted = data.draw(st.lists(st.booleans(), min_size=len(asked), max_size=len(asked)))
    told = found(contacts, answers, counted=counted)
    assert told.select("answered_at", "category", "answers").rows() == one_by_one(contacts, answers, counted)
    assert told.get_column("is_counted").to_list() == counted


def test_an_answer_is_to_the_last_contact_before_it_and_to_no_old_one() -> None:
    days = 24
    contacts = [(1, 0, 0, 2), (1, 20 * days, 0, 3), (2, 0, 0, 4)]
    answers = [((1, 22 * days, 1, 2), 3), ((1, 25 * days, 1, 3), 10), ((2, 220 * days, 1, 4), 9), ((9, 0, 1, 5), 9)]
    assert found(contacts, answers).get_column("category").to_list() == [None, "detractor", None]


def test_an_answer_of_the_ninetieth_day_is_to_its_contact_be_it_of_a_time_or_of_a_day() -> None:
    day = [(1, -9.0, 0, 2)]  # at midnight
    assert [found(day, [((1, -9.0 + 24 * days, 1, 2), 9)])["answers"][0] for days in (90, 91)] == [1, None]
    timed = [(1, 3.0, 0, 2)]
    assert [found(timed, [((1, 3.0 + 24 * days, 1, 2), 9)])["answers"][0] for days in (90, 91)] == [1, None]


def test_where_both_have_a_time_no_contact_has_the_answer_that_came_before_it() -> None:
    at_ten, dateless = 10 + 7 * MOMENT, -9
    contacts = [(1, at_ten, 0, 2), (2, at_ten, 0, 3), (3, at_ten, 0, 4), (4, 24 + dateless, 0, 5), (5, dateless, 0, 6)]
    answers = [
        ((1, at_ten - 5, 1, 2), 9), ((2, at_ten - 0.5, 1, 3), 9), ((3, dateless, 1, 4), 9), ((4, dateless, 1, 5), 9),
        ((5, dateless, 1, 6), 9),
    ]  # fmt: skip
    told = found(contacts, answers).get_column("category").to_list()
    assert told == [None, "promoter", "promoter", None, "promoter"]


def test_an_answer_of_a_quarter_past_is_not_one_of_which_only_the_day_is_known() -> None:
    quarter_past_nine, at_noon = 0.25, 3
    told = found([(1, 0, 0, 2), (1, at_noon, 0, 3)], [((1, quarter_past_nine, 1, 2), 9)])
    assert told.get_column("category").to_list() == ["promoter", None]


def test_a_day_begins_where_the_clock_of_its_source_says_so() -> None:
    midnight_in_zagreb, noon = rows([(1, -10, 1, 2)]), rows([(1, 3, 0, 2)]).with_columns(is_counted=True)
    given = midnight_in_zagreb.with_columns(score=pl.lit(9, pl.Int8))
    told = [answered(noon, given, zones)["category"].item() for zones in (["UTC"], ["UTC", "Europe/Zagreb"])]
    assert told == [None, "promoter"]


def test_whoever_is_asked_the_same_again_after_the_answer_is_counted_with_what_they_answered() -> None:
    day, month = 24, [date(2025, 3, 1)] * 4 + [date(2025, 4, 1)] * 3
    contacts = [(1, day * n, 0, 2 + n) for n in (0, 4, 6, 8)] + [(1, day * n, 0, 2 + n) for n in (25, 30, 120)]
    answers = [((1, 2.1 * day, 1, 2), 9), ((1, 6.1 * day, 1, 3), 9)]
    waves = {"one": [1] * 7, "several": [1, 2, 1, 3, 1, 1, 1]}
    told = {
        name: found(
            contacts, answers, month=pl.Series(month), is_reminder=pl.Series([False] * 5 + [True, True]),
            question=pl.Series(each, dtype=pl.UInt64),
        )["asked_after"].to_list()
        for name, each in waves.items()
    }  # fmt: skip
    # The letter of the 6th day has an answer of its own, and that of the 25th asks anew.
    assert told == {"one": [1, None, 2, None, None, None, None], "several": [0, None, 1, None, None, None, None]}


def test_of_contacts_at_once_the_last_one_is_answered_and_of_answers_at_once_the_newest_file_s_counts() -> None:
    contacts, answers = [(1, 0, 0, 2), (1, 0, 0, 3)], [((1, 5, 2, 2), 9), ((1, 5, 1, 2), 3)]
    assert found(contacts, answers).get_column("category").to_list() == [None, "promoter"]


def test_a_contact_that_was_answered_elsewhere_says_so() -> None:
    contacts = pl.DataFrame(
        {
            "position": [1, 0], "source_row": [2, 2], "status": ["delivered", "refused"], "answered_at": None,
            "category": pl.Series([None, None], dtype=pl.String),
        }
    )  # fmt: skip
    told = pl.DataFrame(
        {
            "place": rows([(1, 0, 0, 2), (1, 0, 1, 2)])["place"],
            "month": date(2025, 3, 1),
            "is_counted": True,
            "answered_at": [None, MORNING],
            "category": [None, "passive"],
            "answers": [None, 1],
            "asked_after": [None, 1],
        },
        schema=ANSWERED,
    )  # fmt: skip
    found = with_answers(contacts, told)
    assert found.select("status", "category", "is_matched", "answered_at").rows() == [
        ("refused", None, False, None), ("answered", "passive", True, MORNING)
    ]  # fmt: skip
    assert_frame_equal(found, with_answers(contacts.reverse(), told.reverse()))


def test_one_name_for_all_who_were_asked_takes_no_pair_of_each_two() -> None:
    many = 60_000
    contacts = [(1, 3.0 * number, 0, number) for number in range(many)]
    # Every second one is answered within the hour: each other one was sent after an answer.
    answers = [((1, 3.0 * number + 0.5, 1, number), 9) for number in range(0, many, 2)]
    told = found(contacts, answers)
    assert told["answered_at"].count() == many // 2
    assert told["asked_after"].sum() == many // 2
