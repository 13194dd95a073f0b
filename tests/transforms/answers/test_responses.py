"""Which answers count: the three rules against a plain reading of them, however files arrive and months are built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import warehouse.months.responses
from tests.support.lakes import (
    FEBRUARY,
    JANUARY,
    MARCH,
    MONTHS,
    RULES,
    File,
    Row,
    answer,
    answers_of,
    at,
    build,
    files_frame,
    leave,
    rows_in,
    take_in,
)
from tests.support.laws import law
from transforms.answers.matching import Known
from transforms.answers.people import OneAnswer
from transforms.answers.responses import (
    answers_given_again,
    answers_in_older_snapshots,
    redelivered_answers,
    replaced_snapshots,
    responses,
    superseded,
    without,
)
from transforms.rows.members import versions
from transforms.tables import Cell, Member, Response, SupersededAnswer, stored_types
from warehouse.lake.ledgers import current_builds, loads_of, outcomes_of
from warehouse.lake.store import Lake
from warehouse.months.members import known
from warehouse.months.plan import make_plan, stale_months
from warehouse.months.responses import build_responses

Place = tuple[str, int]
"""An answer's file and row."""
Loss = tuple[str, str, int | None]
"""The rule by which an answer lost, and the file and row that it lost to."""
Verdict = tuple[set[Place], dict[Place, Loss]]

NOTHING_KNOWN = known(versions(pl.DataFrame(schema={**stored_types(Member), "position": pl.Int64}), "UTC"), RULES)
POLICIES: list[OneAnswer] = ["latest", "first", "all"]


def decided(
    files: Sequence[File], months: Sequence[date] = MONTHS, one: OneAnswer = "latest", shuffle: int | None = None
) -> Verdict:
    """What the rules make of the answers of files, from old to new."""
    rows = answers_of(files)
    answers = rows if shuffle is None else rows.sample(fraction=1, shuffle=True, seed=shuffle)
    replaced = replaced_snapshots(files_frame(files))
    of_months = answers.filter(pl.col("month").is_in(list(months)))
    redelivered = redelivered_answers(answers.lazy(), replaced, months)
    lost = pl.concat([answers_in_older_snapshots(of_months, replaced), redelivered])
    lost = pl.concat([lost, answers_given_again(without(of_months, lost), one)])
    count, cells = responses(without(of_months, lost), NOTHING_KNOWN, one)
    gone = superseded(lost, files_frame(files))
    Response.validate(count, cast=True)
    Cell.validate(cells, cast=True)
    assert Counter(count.select("month", "cell").rows()) == {
        (month, cell): answers for month, cell, answers in cells.select("month", "cell", "answers").rows()
    }
    SupersededAnswer.validate(gone, cast=True)
    return verdict(count, gone)


def verdict(count: pl.DataFrame, gone: pl.DataFrame) -> Verdict:
    places = count.select("file_digest", "source_row").rows()
    assert len(set(places)) == len(places)
    losses = gone.select("file_digest", "source_row", "rule", "by_file_digest", "by_source_row").rows()
    assert len({loss[:2] for loss in losses}) == len(losses)
    return set(places), {(file, row): (rule, by_file, by_row) for file, row, rule, by_file, by_row in losses}


def expected(files: Sequence[File], months: Sequence[date] = MONTHS, one: OneAnswer = "latest") -> Verdict:
    """The rules in plain words, one answer at a time."""
    live: list[tuple[int, File, Row]] = []
    lost: dict[Place, tuple[date, Loss]] = {}
    for position, file in enumerate(files):
        for row in file.answers:
            newest = max(place for place, other in enumerate(files) if replaces(other, file, row["survey"]))
            if file.delivery == "snapshot" and newest > position:
                lost[file.digest, row["source_row"]] = row["month"], ("snapshot_replaced", files[newest].digest, None)
            else:
                live.append((position, file, row))
    rules: list[tuple[str, Any, Any]] = [("redelivered", delivery, version)]
    if one != "all":
        rules.append(("answered_again", person, preference[one]))
    for rule, key, order in rules:
        for candidates in grouped(live, key):
            _, file, row = max(candidates, key=order)
            for _, loser, other in candidates:
                if other is not row:
                    lost[loser.digest, other["source_row"]] = other["month"], (rule, file.digest, row["source_row"])
        live = [found for found in live if (found[1].digest, found[2]["source_row"]) not in lost]
    counts = {(file.digest, row["source_row"]) for _, file, row in live if row["month"] in months}
    return counts, {place: loss for place, (month, loss) in lost.items() if month in months}


def replaces(newer: File, older: File, survey: str) -> bool:
    same = (newer.source, newer.scope) == (older.source, older.scope)
    return same and any(row["survey"] == survey for row in newer.answers)


def version(found: tuple[int, File, Row]) -> tuple[datetime, int, int]:
    position, _, row = found
    return row.get("updated_at") or datetime.min.replace(tzinfo=UTC), position, row["source_row"]


def delivery(file: File, row: Row) -> tuple[object, ...]:
    return file.source, row["response_id"]


def person(_: File, row: Row) -> tuple[object, ...] | None:
    key = row.get("respondent_key")
    return None if key is None else (row["metric"], row["survey"], key, row["month"])


preference: dict[str, Any] = {
    "latest": lambda found: (found[2]["responded_at"].timestamp(), *version(found)),
    "first": lambda found: (-found[2]["responded_at"].timestamp(), *version(found)),
}


def grouped(live: Iterable[tuple[int, File, Row]], key: Any) -> Iterable[list[tuple[int, File, Row]]]:  # noqa: ANN401 - a function of file and row
    groups: dict[object, list[tuple[int, File, Row]]] = {}
    for found in live:
        if (of := key(found[1], found[2])) is not None:
            groups.setdefault(of, []).append(found)
    return groups.values()


# Any answers in any files

DAYS = ["2025-01-10", "2025-01-20", "2025-02-10", "2025-02-20", "2025-03-10"]
ANSWER = st.builds(
    lambda on, updated, **values: answer(0, on, updated_at=updated and at(updated), **values),
    on=st.sampled_from(DAYS),
    updated=st.sampled_from([None, None, "2025-02-15", "2025-04-01"]),
    response_id=st.sampled_from(["r1", "r2", "r3", "r4", "r5"]),
    survey=st.sampled_from(["orders", "orders", "returns"]),
    respondent_key=st.sampled_from([None, "ana", "ana", "ivo"]),
)
DELIVERY = {"shops": "snapshot", "calls": "incremental"}
FILES = st.lists(
    st.tuples(
        st.lists(ANSWER, min_size=1, max_size=6),
        st.sampled_from(["shops", "calls"]),
        st.sampled_from(["{}", '{"branch": "ZG"}']),
    ),
    min_size=1,
    max_size=4,
).map(
    lambda files: [
        File(
            f"{number}.csv",
            tuple({**row, "source_row": place} for place, row in enumerate(answers, start=2)),
            day=number,
            source=source,
            delivery=DELIVERY[source],
            scope=scope,
        )
        for number, (answers, source, scope) in enumerate(files)
    ]
)


@law(50)
@given(FILES, st.sampled_from(POLICIES), st.sets(st.sampled_from(MONTHS), min_size=1))
def test_what_counts_is_what_the_rules_say(files: list[File], one: OneAnswer, months: set[date]) -> None:
    """Also where only some months are built, of which versions of their answers have gone."""
    chosen = sorted(months)
    assert decided(files, chosen, one) == expected(files, chosen, one)


@law(15)
@given(FILES, st.sampled_from(POLICIES))
def test_in_every_month_an_answer_counts_or_is_superseded(files: list[File], one: OneAnswer) -> None:
    for month in MONTHS:
        counted, lost = decided(files, [month], one)
        of_month = {(file.digest, row["source_row"]) for file in files for row in file.answers if row["month"] == month}
        assert counted | set(lost) == of_month
        assert not counted & set(lost)


@law(25)
@given(FILES, st.sampled_from(POLICIES))
def test_whoever_lost_lost_to_one_that_counts_or_lost_in_turn(files: list[File], one: OneAnswer) -> None:
    counted, lost = decided(files, MONTHS, one)
    for place in lost:
        seen: set[Place] = set()
        while place not in counted:
            assert place not in seen
            seen.add(place)
            rule, file, row = lost[place]
            if row is None:
                assert rule == "snapshot_replaced"
                assert file in {found.digest for found in files}
                break
            place = (file, row)  # noqa: PLW2901 - on to the winner


@law(25)
@given(FILES, st.sampled_from(["latest", "first"]))
def test_one_answer_counts_per_respondent_survey_and_month(files: list[File], one: OneAnswer) -> None:
    counted, _ = decided(files, MONTHS, one)
    people = [
        (row["survey"], row["respondent_key"], row["month"])
        for file in files
        for row in file.answers
        if (file.digest, row["source_row"]) in counted and row["respondent_key"]
    ]
    assert len(set(people)) == len(people)


@law(25)
@given(FILES, st.sampled_from(POLICIES))
def test_an_id_counts_once_over_all_months(files: list[File], one: OneAnswer) -> None:
    counted, _ = decided(files, MONTHS, one)
    ids = [
        (file.source, row["response_id"])
        for file in files
        for row in file.answers
        if (file.digest, row["source_row"]) in counted
    ]
    assert len(set(ids)) == len(ids)


@law(20)
@given(FILES, st.sampled_from(POLICIES), st.integers(0, 9))
def test_the_order_in_which_answers_are_read_means_nothing(files: list[File], one: OneAnswer, seed: int) -> None:
    assert decided(files, MONTHS, one, shuffle=seed) == decided(files, MONTHS, one)


@law(25)
@given(FILES, st.sampled_from(POLICIES))
def test_keys_of_one_hash_are_told_apart(files: list[File], one: OneAnswer) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pl.Series, "hash", lambda values: pl.zeros(len(values), pl.UInt64, eager=True))
        patch.setattr(pl.Expr, "hash", lambda values: pl.when(values.is_null()).then(0).otherwise(0).cast(pl.UInt64))
        assert decided(files, MONTHS, one) == expected(files, MONTHS, one)


# The rules by example


def rows(*answers: Row) -> tuple[Row, ...]:
    return tuple({**row, "source_row": place} for place, row in enumerate(answers, start=2))


def of(number: int, *answers: Row, **settings: Any) -> File:  # noqa: ANN401 - as File has it
    return File(f"{number}.csv", rows(*answers), day=number, **settings)


def test_a_newer_export_replaces_the_older_one_of_its_survey_and_scope_only() -> None:
    ids = iter(range(100))

    def export(number: int, *surveys: str, scope: str = "{}", **settings: Any) -> File:  # noqa: ANN401 - as File has it
        told = [answer(0, survey=survey, response_id=f"e{next(ids)}") for survey in surveys]
        return of(number, *told, scope=scope, delivery="snapshot", **settings)

    files = [
        export(0, "orders", "returns"),
        export(1, "orders", scope='{"branch": "ZG"}'),
        export(2, "orders", source="web"),
        export(3, "orders"),
    ]
    counted, lost = decided(files)
    assert lost == {(files[0].digest, 2): ("snapshot_replaced", files[3].digest, None)}
    assert counted == {(files[0].digest, 3), (files[1].digest, 2), (files[2].digest, 2), (files[3].digest, 2)}


def test_the_same_id_of_another_source_is_another_answer() -> None:
    files = [of(0, answer(0, response_id="r")), of(1, answer(0, response_id="r"), source="calls")]
    assert len(decided(files)[0]) == 2


def test_an_answer_that_moved_counts_in_the_month_of_its_latest_version() -> None:
    files = [of(0, answer(0, "2025-01-10", response_id="r")), of(1, answer(0, "2025-02-10", response_id="r"))]
    assert decided(files, [JANUARY]) == (set(), {(files[0].digest, 2): ("redelivered", files[1].digest, 2)})
    assert decided(files, [FEBRUARY]) == ({(files[1].digest, 2)}, {})


def test_a_version_that_was_changed_later_beats_a_file_that_came_later() -> None:
    late = at("2025-03-01")
    files = [
        of(0, answer(0, response_id="r", updated_at=late)),
        of(1, answer(0, response_id="r", updated_at=at("2025-02-01"))),
    ]
    assert decided(files)[0] == {(files[0].digest, 2)}


def test_a_file_that_came_later_beats_a_later_date() -> None:
    """A source may set the date of an answer right, to an earlier one; it says nothing about which delivery is newer."""
    files = [of(0, answer(0, "2025-02-10", response_id="r")), of(1, answer(0, "2025-01-10", response_id="r"))]
    assert decided(files) == ({(files[1].digest, 2)}, {(files[0].digest, 2): ("redelivered", files[1].digest, 2)})


def test_latest_first_and_all_choose_among_the_answers_of_a_person() -> None:
    told = [answer(0, on, response_id=on, respondent_key="ana") for on in ("2025-01-10", "2025-01-30", "2025-01-20")]
    file = of(0, *told)
    assert decided([file], one="latest")[0] == {(file.digest, 3)}
    assert decided([file], one="first")[0] == {(file.digest, 2)}
    assert decided([file], one="all")[0] == {(file.digest, 2), (file.digest, 3), (file.digest, 4)}


def test_nobody_s_answers_all_count() -> None:
    file = of(0, *(answer(0, response_id=f"r{number}", respondent_key=None) for number in range(5)))
    assert len(decided([file])[0]) == 5


def test_a_client_and_an_employee_of_one_name_are_two() -> None:
    told = [answer(0, response_id=metric, metric=metric, respondent_key="ana") for metric in ("nps", "enps")]
    assert len(decided([of(0, *told)])[0]) == 2


def test_an_answer_that_moved_away_does_not_stand_in_the_way_of_another_of_the_month() -> None:
    """Ana's only other answer of January has moved to February."""
    files = [
        of(0, answer(0, "2025-01-10", response_id="a", respondent_key="ana"),
           answer(0, "2025-01-20", response_id="b", respondent_key="ana")),
        of(1, answer(0, "2025-02-10", response_id="b", respondent_key="ana")),
    ]  # fmt: skip
    assert decided(files, [JANUARY])[0] == {(files[0].digest, 2)}


# The same in a lake


def counting(lake: Lake) -> Verdict:
    """What counts in a lake by its ledgers; what its builds tell of each file is that."""
    builds = make_plan(lake, RULES).counting(current_builds(lake, "responses"))
    loads = loads_of(builds)
    frames = []
    for table, declared in (("responses", Response), ("superseded", SupersededAnswer)):
        files = lake.files_of(table, loads)
        schema = stored_types(declared)
        frames.append(rows_in(table, files).select(*schema) if files else pl.DataFrame(schema=schema))
    assert told_of_files(outcomes_of(lake, builds)) == counted_by_file(*frames)
    return verdict(*frames)


def told_of_files(outcomes: pl.DataFrame) -> Counter[tuple[Any, ...]]:
    """What builds tell: how many answers of each file and month count, or lost by a rule to which file."""
    rows = outcomes.select("month", "file_digest", "rule", "by_file_digest", "answers").rows()
    found = Counter({tuple(fate): answers for *fate, answers in rows})
    assert len(found) == len(rows)
    return found


def counted_by_file(counts: pl.DataFrame, lost: pl.DataFrame) -> Counter[tuple[Any, ...]]:
    """The same, counted from the answers themselves."""
    counting = [(month, digest, None, None) for month, digest in counts.select("month", "file_digest").iter_rows()]
    return Counter([*counting, *lost.select("month", "file_digest", "rule", "by_file_digest").iter_rows()])


def story(random: Random, files: Sequence[File]) -> list[tuple[str, File]]:
    """The files arrive in some order; some of them leave again."""
    events = [("arrives", file) for file in random.sample(files, len(files))]
    for file in random.sample(files, random.randint(0, len(files) - 1)):
        after = events.index(("arrives", file)) + 1
        events.insert(random.randint(after, len(events)), ("leaves", file))
    return events


@law(5, costly=True)
@given(FILES, st.randoms(use_true_random=False), st.sampled_from(POLICIES))
def test_files_that_come_and_go_in_any_order_leave_what_those_that_stay_give(
    files: list[File], random: Random, one: OneAnswer
) -> None:
    """After each event only the stale months are built, and a file may come long after it was made."""
    rules = replace(RULES, one_answer=one)
    staying = list(files)
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        for number, (event, file) in enumerate(story(random, files)):
            if event == "arrives":
                take_in(lake, file)
            else:
                leave(lake, file, on=20 + number)
                staying.remove(file)
            build(lake, stale_months(lake, make_plan(lake, rules)), rules, on=20 + number)
        assert counting(lake) == expected(staying, one=one)
        assert stale_months(lake, make_plan(lake, rules)) == []


def test_an_answer_counts_again_when_the_file_goes_that_held_its_later_version(tmp_path: Path) -> None:
    """That file has no answer in January and never had."""
    lake = Lake(tmp_path)
    newer = of(0, answer(0, "2025-02-10", response_id="r", updated_at=at("2025-04-01")), answer(0, "2025-02-11"))
    older = of(1, answer(0, "2025-01-10", response_id="r", updated_at=at("2025-03-01")))
    take_in(lake, newer, older)
    build(lake, on=11)
    assert counting(lake) == expected([newer, older])
    leave(lake, newer, on=12)
    assert stale_months(lake, make_plan(lake, RULES)) == [JANUARY, FEBRUARY]
    build(lake, [JANUARY, FEBRUARY], on=13)
    assert counting(lake) == expected([older])


@law(4, costly=True)
@given(FILES)
def test_months_built_one_by_one_or_in_small_stretches_are_as_built_at_once(files: list[File]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        lake = Lake(Path(folder))
        take_in(lake, *files)
        build(lake, MONTHS, on=20)
        together = counting(lake)
        for number, month in enumerate(MONTHS):
            build(lake, [month], on=21 + number)
        apart = counting(lake)
        patch.setattr(warehouse.months.responses, "ANSWERS_AT_ONCE", 1)
        build(lake, MONTHS, on=30)
        assert counting(lake) == apart == together == expected(files)


def test_a_build_says_what_is_in_it_and_does_not_count_by_itself(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    days = ("2025-01-10", "2025-01-20")
    file = of(0, *(answer(0, on, response_id=on, respondent_key="ana") for on in days))
    take_in(lake, file, of(1, answer(0, "2025-03-10")))
    built = build_responses(lake, make_plan(lake, RULES), MONTHS, RULES)
    assert built.counts.rows() == [(JANUARY, 2, 1, 1), (FEBRUARY, 0, 0, 0), (MARCH, 1, 1, 0)]
    assert counting(lake) == (set(), {})


# Matching with branches, accounts and employees

BRANCH_MEMBERS: list[Row] = [
    {"member_key": "ZG", "name": "Zagreb"},
    {"member_key": "ST", "name": "Split"},
    {"member_key": "RI", "name": "Harbour"},
    {"member_key": "OS", "name": " harbour "},
    {"member_key": "Split", "name": "Old Split"},
]


def of_dimension(dimension: str, *members: Row) -> list[Row]:
    return [
        {"dimension": dimension, "valid_from": date(2024, 1, 1), "position": 0, "source_row": row, **member}
        for row, member in enumerate(members, start=2)
    ]


def knowing(*members: Row, dimensions: tuple[str, ...] = (), **rules: Any) -> Known:  # noqa: ANN401 - as ResponseRules has it
    schema = {**stored_types(Member), "position": pl.Int64()}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in members], schema=schema)
    given_dimensions = dimensions or tuple(sorted({row["dimension"] for row in members}))
    return known(versions(frame, "Europe/Zagreb"), replace(RULES, dimensions=given_dimensions, **rules))


def matched(of_known: Known, *answers: Row) -> list[dict[str, Any]]:
    frame = answers_of([of(0, *answers)])
    rows, cells = responses(frame, of_known, "latest")
    assert rows.height == len(answers)
    return rows.join(cells, on=["month", "cell"], validate="m:1").sort("source_row").to_dicts()


def branches(of_known: Known, *answers: Row) -> list[str]:
    return [row["branch"] for row in matched(of_known, *answers)]


def test_a_branch_is_matched_by_its_code_or_its_name_in_any_case() -> None:
    company = knowing(*of_dimension("branches", *BRANCH_MEMBERS))
    names = ["ZG", " zg ", "Zagreb", "ZAGREB", "Old split"]
    assert branches(company, *(answer(0, branch=name) for name in names)) == ["ZG", "ZG", "ZG", "ZG", "Split"]


def test_a_spelling_of_two_branches_says_nothing_and_a_code_beats_a_name() -> None:
    company = knowing(*of_dimension("branches", *BRANCH_MEMBERS))
    expected = {"HARBOUR": "unknown", "Harbour": "RI", "Split": "Split", "Osijek": "unknown", None: "unknown"}
    assert branches(company, *(answer(0, branch=name) for name in expected)) == [*expected.values()]


def test_a_name_that_two_branches_have_as_it_stands_says_nothing() -> None:
    same = of_dimension("branches", *({"member_key": code, "name": "Harbour"} for code in ("RI", "OS")))
    assert branches(knowing(*same), answer(0, branch="Harbour"), answer(0, branch="harbour")) == ["unknown", "unknown"]


def test_codes_that_differ_in_case_only_give_the_same_branch_every_time() -> None:
    same = [{"member_key": code} for code in ("zg", "ZG", "Zg")]
    found = {branches(knowing(*of_dimension("branches", *same)), answer(0, branch="ZG"))[0] for _ in range(20)}
    assert len(found) == 1


def test_without_a_dimension_of_branches_they_are_as_the_source_gives_them() -> None:
    assert branches(NOTHING_KNOWN, answer(0, branch="Anywhere"), answer(0)) == ["Anywhere", "unknown"]


def test_where_branches_are_awaited_none_is_known_yet() -> None:
    assert branches(knowing(dimensions=("branches",)), answer(0, branch="ZG")) == ["unknown"]


ACCOUNT: list[Row] = [
    {"member_key": "acme", "branch": "ZG", "industry": "retail"},
    {"member_key": "acme", "branch": "ST", "industry": "it", "valid_from": date(2025, 2, 1)},
]


def test_an_account_is_what_it_was_when_the_answer_was_given() -> None:
    company = knowing(*of_dimension("accounts", *ACCOUNT))
    midnight = datetime(2025, 1, 31, 23, tzinfo=UTC)
    moments = [at("2023-01-10"), midnight.replace(hour=22, minute=59), midnight, at("2025-02-10")]
    told = [answer(0, "2025-01-10", account_key="acme") | {"responded_at": moment} for moment in moments]
    found = [(row["branch"], row["industry"]) for row in matched(company, *told)]
    assert found == [("ZG", "retail"), ("ZG", "retail"), ("ST", "it"), ("ST", "it")]


def test_what_the_answer_says_itself_beats_what_is_known_of_its_account() -> None:
    company = knowing(*of_dimension("accounts", *ACCOUNT))
    [row] = matched(company, answer(0, account_key="acme", branch="RI", industry="banking"))
    assert (row["branch"], row["industry"]) == ("RI", "banking")


def test_a_client_may_be_an_account_and_an_employee_has_a_department() -> None:
    employees = of_dimension("employees", {"member_key": "ana", "branch": "RI", "department": "Sales"})
    company = knowing(*of_dimension("accounts", *ACCOUNT), *employees)
    client, employee, both, nobody = matched(
        company,
        answer(0, respondent_key="acme"),
        answer(0, respondent_key="ana"),
        answer(0, respondent_key="ana", account_key="acme"),
        answer(0, respondent_key="eve"),
    )
    assert (client["branch"], client["department"]) == ("ZG", "unknown")
    assert (employee["branch"], employee["department"]) == ("RI", "Sales")
    assert (both["branch"], both["industry"]) == ("RI", "retail")
    assert (nobody["branch"], nobody["industry"], nobody["department"]) == ("unknown", "unknown", "unknown")


def test_industries_are_read_through_their_synonyms() -> None:
    told = [answer(0, industry=name) for name in ("technolgy", " IT ", "Technology", "beekeeping", None)]
    synonyms = {"technology": ("technolgy", "it")}
    listed = ["technology", "technology", "technology"]
    free, strict = knowing(synonyms=synonyms), knowing(synonyms=synonyms, only_listed_industries=True)
    assert [row["industry"] for row in matched(free, *told)] == [*listed, "beekeeping", "unknown"]
    assert [row["industry"] for row in matched(strict, *told)] == [*listed, "unknown", "unknown"]


def test_a_channel_that_nobody_gave_is_unknown() -> None:
    assert [row["channel"] for row in matched(NOTHING_KNOWN, answer(0, channel="web"), answer(0))] == ["web", "unknown"]
