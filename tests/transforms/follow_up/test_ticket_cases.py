"""A ticket is of the one case that it can be of; what could be of several is of none, and is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.dates.instants import INSTANT, DateReading
from transforms.follow_up.ticket_cases import WAYS, Matching, latest_tickets, with_tickets
from transforms.rows.tickets import TicketRules, judge_tickets
from transforms.tables import Ticket, stored_types
from transforms.texts.identity import keyed, pseudonym

Row = dict[str, Any]
KEY = "k" * 32
HOW = Matching("Europe/Zagreb", KEY, within_days=30)
ZAGREB = ZoneInfo("Europe/Zagreb")
CASE: dict[str, Any] = {
    **dict.fromkeys(("source", "case_id", "respondent_key", "account_key"), pl.String),
    "opened_at": INSTANT,
    "is_void": pl.Boolean,
}  # fmt: skip
TICKET: dict[str, Any] = {**stored_types(Ticket), "position": pl.Int64}


def on(day: str, time: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"2025-{day} {time}").replace(tzinfo=ZAGREB).astimezone(UTC)


def case(name: str, at: datetime, **values: Any) -> Row:  # noqa: ANN401 - as the columns have it
    return {"source": "shops", "case_id": name, "opened_at": at, "is_void": False, **values}


def matched(cases: Sequence[Row], tickets: Sequence[Row], how: Matching = HOW) -> tuple[dict[str, str], dict[str, int]]:
    """The owner of each case that tickets are of, and how many tickets there are of each way."""
    rows = [{"position": 1, "source_row": 1, "is_opted_out": False, **ticket} for ticket in tickets]
    told = latest_tickets(pl.DataFrame(rows, schema=TICKET))
    found, counts = with_tickets(pl.DataFrame([*cases], schema=CASE), told, how)
    assert found.height == len(cases)
    return dict(found.select("case_id", "owner_key").drop_nulls("owner_key").iter_rows()), counts


def ways(**counts: int) -> dict[str, int]:
    return {**dict.fromkeys(WAYS, 0), **counts}


def of(who: str, at: datetime | None, owner: str = "o", **values: Any) -> Row:  # noqa: ANN401 - as the columns have it
    return {"respondent_key": who, "opened_at": at, "owner_key": owner, **values}


A, B = case("a", on("03-01"), respondent_key="p"), case("b", on("03-20"), respondent_key="p")


def test_a_ticket_is_of_the_case_of_its_client_in_the_days_before() -> None:
    assert matched([A], [of("p", on("03-04"))]) == ({"a": "o"}, ways(client=1))
    assert matched([A], [of("q", on("03-04"))]) == ({}, ways(neither=1))
    assert matched([A, B], [of("p", on("03-04"))]) == ({"a": "o"}, ways(client=1)), "the other was not answered yet"


def test_what_could_be_of_two_cases_is_of_none() -> None:
    assert matched([A, B], [of("p", on("03-21"))]) == ({}, ways(several=1))
    elsewhere = {**A, "source": "calls", "case_id": "c"}
    assert matched([A, elsewhere], [of("p", on("03-04"))]) == ({}, ways(several=1))
    assert matched([A, elsewhere], [of("p", on("03-04"), of_source="calls")]) == ({"c": "o"}, ways(client=1))


@pytest.mark.parametrize(
    ("opened", "found"),
    [
        (on("02-28", "23:59"), 0), (on("03-01", "00:00"), 1), (on("03-31", "23:59"), 1), (on("04-01", "00:00"), 0),
    ],
)  # fmt: skip
def test_days_are_those_of_business_time(opened: datetime, found: int) -> None:
    assert matched([A], [of("p", opened)])[1]["client"] == found


def test_where_both_name_person_and_account_both_must_agree() -> None:
    mine = case("m", on("03-01"), respondent_key="p", account_key="k")
    theirs = case("t", on("03-01"), respondent_key="r", account_key="k")
    nobodys = case("n", on("03-01"), account_key="k")
    account = {"account_key": "k", "opened_at": on("03-02"), "owner_key": "o"}
    assert matched([mine, theirs], [account]) == ({}, ways(several=1)), "two people of an account"
    assert matched([mine, theirs], [{**account, "respondent_key": "p"}]) == ({"m": "o"}, ways(client=1))
    assert matched([theirs, nobodys], [{**account, "respondent_key": "p"}]) == ({"n": "o"}, ways(client=1))
    assert matched([mine], [{**account, "respondent_key": "p", "account_key": "z"}]) == ({}, ways(neither=1))
    assert matched([mine], [{"opened_at": on("03-02"), "owner_key": "o"}]) == ({}, ways(neither=1))


def test_a_ticket_that_names_an_answer_is_of_no_other() -> None:
    known = {"response_key": pl.select(keyed(pl.lit("zz"), KEY)).item(), **of("p", on("03-04"))}
    assert matched([A], [known]) == ({}, ways(neither=1))
    assert matched([{**A, "case_id": "zz"}], [known]) == ({"zz": "o"}, ways(id=1))
    twice = [{**A, "case_id": "zz"}, {**A, "case_id": "zz", "source": "calls"}]
    assert matched(twice, [known]) == ({}, ways(several=1))
    # One source keeps the telephone number as a digest, the other as a pseudonym: still two answers.
    both = {"response_key": "digest", "person_key": "person", "owner_key": "o"}
    assert matched([{**A, "case_id": "digest"}, {**A, "case_id": "person"}], [both]) == ({}, ways(several=1))


def test_an_answer_that_counts_no_more_takes_no_ticket_from_one_of_its_id_that_does() -> None:
    ticket = {"response_key": pl.select(keyed(pl.lit("a"), KEY)).item(), "owner_key": "o"}
    elsewhere = {**A, "source": "calls"}
    assert matched([A, elsewhere], [ticket]) == ({}, ways(several=1))
    withdrawn = {**elsewhere, "is_void": True}
    assert matched([A, withdrawn], [ticket]) == ({"a": "o"}, ways(id=1))
    assert matched([withdrawn], [ticket]) == ({"a": "o"}, ways(id=1))


def test_a_ticket_that_ended_before_the_answer_was_given_is_of_none() -> None:
    known = {"response_key": pl.select(keyed(pl.lit("a"), KEY)).item(), "owner_key": "o"}
    before = {**known, "first_contact_at": on("02-25"), "closed_at": on("02-27")}
    assert matched([A], [before]) == ({}, ways(neither=1))
    assert matched([A], [{**before, "closed_at": on("03-02")}]) == ({"a": "o"}, ways(id=1))


def test_a_call_before_the_answer_hides_none_that_came_after_it() -> None:
    """The first ticket was about something else, and was closed late."""
    known = {"response_key": pl.select(keyed(pl.lit("a"), KEY)).item(), "position": 1, "is_opted_out": False}
    calls = [
        {**known, "source_row": row, "first_contact_at": on(day)} for row, day in enumerate(("02-20", "03-09", "03-05"))
    ]
    tickets = pl.DataFrame([{**calls[0], "closed_at": on("04-01")}, *calls[1:]], schema=TICKET)
    told, _ = with_tickets(pl.DataFrame([A], schema=CASE), tickets, HOW)
    assert told["first_contact_at"].to_list() == [on("03-05")]


@pytest.mark.parametrize("beside", [{}, {"first_contact_at": on("03-09")}])
def test_whom_one_ticket_closes_was_called_then_whatever_another_of_the_same_answer_says(beside: Row) -> None:
    known = {"response_key": pl.select(keyed(pl.lit("a"), KEY)).item(), "position": 1, "is_opted_out": False}
    tickets = pl.DataFrame([{**known, "closed_at": on("03-05")}, {**known, **beside}], schema=TICKET)
    [found] = with_tickets(pl.DataFrame([A], schema=CASE), tickets, HOW)[0].to_dicts()
    assert (found["first_contact_at"], found["closed_at"]) == (on("03-05"), None)


def test_the_last_dump_that_knows_a_case_counts_whichever_way_it_does() -> None:
    by_id = {"response_key": pl.select(keyed(pl.lit("a"), KEY)).item(), "owner_key": "id"}
    assert matched([A], [by_id, of("p", on("03-04"), "client", position=2)]) == ({"a": "client"}, ways(id=1, client=1))
    assert matched([A], [of("p", on("03-04"), "old"), of("p", on("03-04"), "new", position=2)])[1] == ways(client=1)
    # Of two tickets in one dump one is open: so is the case.
    done = {"closed_at": on("03-06"), "first_contact_at": on("03-05"), "ended": "kept"}
    rows = [{"position": 1, "is_opted_out": False, **of("p", on("03-04")), **more} for more in (done, {})]
    told = latest_tickets(pl.DataFrame(rows, schema=TICKET))
    [found] = with_tickets(pl.DataFrame([A], schema=CASE), told, HOW)[0].to_dicts()
    assert (found["closed_at"], found["first_contact_at"], found["ended"]) == (None, on("03-05"), "kept")


_NAMES = st.sampled_from([None, "x", "y"])
_DAYS = st.integers(0, 40)
_CASES = st.lists(st.tuples(_DAYS, _NAMES, _NAMES, st.sampled_from(["shops", "calls"])), max_size=6)
_TICKETS = st.lists(st.tuples(_DAYS, _NAMES, _NAMES, st.sampled_from([None, "calls"])), max_size=6, unique=True)


@given(_CASES, _TICKETS, st.integers(0, 20))
@law(60)
def test_a_ticket_is_counted_once_and_as_comparing_all_pairs_says(
    cases: list[tuple[Any, ...]], tickets: list[tuple[Any, ...]], within: int
) -> None:
    def agree(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        clients = [*zip(one[1:3], other[1:3], strict=True)]
        return (
            0 <= other[0] - one[0] <= within
            and any(left == right is not None for left, right in clients)
            and all(left == right for left, right in clients if left and right)
            and other[3] in (None, one[3])
        )

    expected = ways()
    owners: dict[str, set[str]] = {}
    for number, ticket in enumerate(tickets):
        may_be = [at for at, one in enumerate(cases) if agree(one, ticket)]
        expected[("neither", "client", "several")[min(len(may_be), 2)]] += 1
        if len(may_be) == 1:
            owners.setdefault(str(may_be[0]), set()).add(str(number))
    start = on("01-01")
    found, counts = matched(
        [case(str(at), start + timedelta(days=one[0]), source=one[3], respondent_key=one[1], account_key=one[2])
         for at, one in enumerate(cases)],
        [of(one[1], start + timedelta(days=one[0]), str(at), account_key=one[2], of_source=one[3])
         for at, one in enumerate(tickets)],
        Matching("Europe/Zagreb", KEY, within),
    )  # fmt: skip
    assert counts == expected
    assert set(found) == set(owners)
    assert all(owner in owners[name] for name, owner in found.items())


def test_a_row_says_which_client_by_the_pseudonym_of_answers_or_is_refused() -> None:
    names = ("response_id", "respondent", "account", "source", "owner", "status", "outcome", "root_cause", "opened_at",
             "first_contact_at", "closed_at")  # fmt: skip
    texts = [
        {"respondent": " A@x.hr ", "opened_at": "2025-03-01"}, {"account": "K1", "opened_at": ""},
        {"respondent": "n/a", "opened_at": "2025-03-01"}, {"response_id": "r1"}, {"account": "K1", "opened_at": "31.02.25"},
    ]  # fmt: skip
    raw = pl.DataFrame(
        [{"source_row": row, "malformed": False, **text} for row, text in enumerate(texts, 2)],
        schema={"source_row": pl.Int64, "malformed": pl.Boolean, **dict.fromkeys(names, pl.String)},
    )
    rules = TicketRules(DateReading(("%Y-%m-%d",), "UTC"), KEY, known_by="respondent")
    found = judge_tickets(raw.lazy(), rules, "digest").collect()
    assert found.get_column("refusal").to_list() == [None, "date_missing", "row_malformed", None, "date_unreadable"]
    refused = found.filter(outcome="rejected")
    assert refused.get_column("column").to_list() == ["opened_at", "respondent", "opened_at"]
    assert found["respondent_key"][0] == pl.select(pseudonym(pl.lit("a@x.hr"), KEY)).item()
    assert "a@x.hr" not in str(found.rows()).lower()
