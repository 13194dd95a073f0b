"""People behind answers: what is published of them is what a naive count of people says, whatever was built before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import warehouse.months.people
from tests.support.lakes import RULES, File, answer, bare, build, day, know, limits, take_in
from tests.support.laws import law
from tests.warehouse.published.test_publish import PUBLICATION
from transforms.answers.people import OneAnswer
from transforms.texts.spelling import key
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake
from warehouse.marts import SCORES, Mart
from warehouse.months.pairs import Pairs
from warehouse.months.people import repeats
from warehouse.months.plan import make_plan
from warehouse.months.shown import Names
from warehouse.published.publish import build_candidate
from warehouse.published.query import ask
from warehouse.published.swap import candidate_path

Row = dict[str, Any]
Group = tuple[str, ...]
CLIENTS = [mart for mart in SCORES if mart.metric == "nps"]
MONTHS = [date(2024 + number // 12, number % 12 + 1, 1) for number in range(18)]
TODAY = date(2026, 1, 1)


# The naive reference


def balance(row: Row) -> int:
    return int(row["score"] >= 9) - int(row["score"] <= 6)


def preferred(rows: Iterable[Row], one: OneAnswer) -> Row:
    """The one of a person's answers that counts; of two at once the one further down in the file."""
    wanted = min if one == "first" else max
    at = wanted(row["responded_at"] for row in rows)
    return max((row for row in rows if row["responded_at"] == at), key=lambda row: row["source_row"])


def counting(rows: Sequence[Row], one: OneAnswer) -> list[Row]:
    """One answer of each person, survey, brand and month."""
    several = defaultdict(list)
    for row in rows:
        who = row["respondent_key"] if one != "all" else None
        several[who or row["source_row"], row["survey"], row["brand"], row["month"]].append(row)
    return [preferred(each, one) for each in several.values()]


def group_of(mart: Mart, row: Row) -> Group:
    names = {each: key(row.get(each) or "unknown") for each in mart.groups}
    return tuple(names.values())


def is_held(mart: Mart, row: Row, headline: Sequence[str]) -> bool:
    if "brand" in mart.groups:
        return True
    is_headline = not headline or row["programme"] in headline
    return row["brand"] == "own" and (is_headline or bool({*mart.groups} & {"programme", "survey"}))


def of_people(rows: Sequence[Row], one: OneAnswer) -> tuple[int, int, int, int, int, int]:
    """People, their balance by one answer of each, and sums over them: n², S, S n, S²."""
    people = defaultdict(list)
    for row in rows:
        people[row["respondent_key"] or row["source_row"]].append(row)
    told = [(len(each), sum(map(balance, each))) for each in people.values()]
    one_of_each = sum(balance(preferred(each, one)) for each in people.values())
    sums = [
        sum(n * n for n, _ in told),
        sum(s for _, s in told),
        sum(s * n for n, s in told),
        sum(s * s for _, s in told),
    ]
    return len(people), one_of_each, *sums  # type: ignore[return-value]


def effective(rows: Sequence[Row], one: OneAnswer) -> float:
    """So many answers of different people say as much, by the formula of the docs."""
    people, _, squares, total, crossed, of_sums = of_people(rows, one)
    n = len(rows)
    mean = total / n
    v = sum(balance(row) ** 2 for row in rows) / n - mean**2
    if people == n:
        return n
    if people == 1 or v == 0:
        return people
    variance = people / (people - 1) * (of_sums - 2 * mean * crossed + mean**2 * squares) / n**2
    return n / max(1, variance / (v / n))


def periods(month: date) -> list[tuple[str, date]]:
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    return [("month", month), ("quarter", quarter), ("year", month.replace(month=1))]


def windows(month: date, first: date, last: date) -> list[tuple[str, date]]:
    number = month.year * 12 + month.month - 1
    found = []
    for grain, length in (("rolling_3m", 3), ("rolling_12m", 12)):
        for start in range(number - length + 1, number + 1):
            begins, ends = (date(each // 12, each % 12 + 1, 1) for each in (start, start + length - 1))
            found += [(grain, begins)] if begins >= first and ends <= last else []
    return found


# Laws

PEOPLE = ["ana", "ivo", "eva", None]
ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.integers(0, 17),
        st.sampled_from([0, 8, 10]),
        st.sampled_from(["ZG", "zg", "ST", None]),
        st.sampled_from(["retail", "IT"]),
        st.sampled_from(["orders", "returns"]),
        st.sampled_from(["own", "own", "rival"]),
        st.sampled_from(["general", "panel"]),
        st.integers(1, 28),
    ),
    min_size=1,
    max_size=30,
)


def rows_of(drawn: Sequence[tuple[Any, ...]], first: int = 2) -> list[Row]:
    found = []
    for row, (who, month, score, branch, industry, survey, brand, programme, on) in enumerate(drawn, start=first):
        told = {"branch": branch, "industry": industry, "survey": survey, "brand": brand, "programme": programme}
        at = MONTHS[month].replace(day=on).isoformat()
        found.append(
            answer(row, at, score=score, respondent_key=who, response_id=f"r{row}", channel="web", product=None, **told)
        )
    return found


def names_of(rows: Sequence[Row], headline: Sequence[str] = ()) -> Names:
    """The spelling of most answers is shown; these are few."""
    told = [
        {"attribute": name, "spelling": spelling, "shown_as": key(spelling)}
        for name in ("branch", "industry", "brand", "programme")
        for spelling in sorted({row[name] or "unknown" for row in rows})
    ]
    return Names(pl.DataFrame(told), headline)


def summed(found: pl.DataFrame, mart: Mart, rows: Sequence[Row], one: OneAnswer) -> dict[tuple[Any, ...], Any]:
    """What follows for each period and group from sums over pairs and from counts of answers."""
    told = {}
    pairs = [row for row in found.iter_rows(named=True) if row["mart"] == mart.name]
    months = sorted({row["month"] for row in rows})
    of_all = defaultdict(list)
    for row in rows:
        for period in (*periods(row["month"]), *windows(row["month"], months[0], months[-1])):
            of_all[period, group_of(mart, row)].append(row)
    for ((grain, start), group), answers in of_all.items():
        within = {row["month"] for row in answers}
        of_group = [
            pair for pair in pairs
            if tuple(each for each in (pair["member"], pair["second"]) if each is not None) == group
            and {(grain, start)} <= {*periods(pair["month"]), *windows(pair["month"], months[0], months[-1])}
            and {(grain, start)} <= {*periods(pair["earlier"]), *windows(pair["earlier"], months[0], months[-1])}
        ]  # fmt: skip
        assert {pair["month"] for pair in of_group} <= within
        total, n = sum(map(balance, answers)), len(answers)
        links = {name: sum(pair[name] for pair in of_group) for name in ("promoters", "passives", "detractors")}
        pair = {name: sum(each[name] for each in of_group) for name in ("pairs", "balance", "product")}
        told[grain, start, group] = (
            n - sum(links.values()), total - links["promoters"] + links["detractors"], n + 2 * pair["pairs"], total,
            total + pair["balance"], sum(balance(row) ** 2 for row in answers) + 2 * pair["product"],
        )  # fmt: skip
        assert told[grain, start, group] == of_people(answers, one), (mart.name, grain, start, group)
    return told


@law(6, costly=True)
@given(ANSWERS, ANSWERS, st.sampled_from(["latest", "first", "all"]), st.sampled_from([(), ("panel",)]))
def test_people_are_those_of_a_naive_count_and_months_are_summed_when_they_change(
    before: list[tuple[Any, ...]], later: list[tuple[Any, ...]], one: OneAnswer, headline: tuple[str, ...]
) -> None:
    are_those_of_a_naive_count(before, later, one, headline)


@law(6, costly=True)
@given(ANSWERS, ANSWERS, st.sampled_from(["latest", "first", "all"]), st.sampled_from([3, 1000]))
def test_so_are_sums_of_which_only_those_of_some_people_are_made_anew_however_many_are_looked_at_at_once(
    before: list[tuple[Any, ...]], later: list[tuple[Any, ...]], one: OneAnswer, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse.months.people, "OTHERS", 10)
        patch.setattr(warehouse.months.pairs, "ANSWERS_AT_ONCE", at_once)
        are_those_of_a_naive_count(before, later, one, ())


def are_those_of_a_naive_count(
    before: list[tuple[Any, ...]], later: list[tuple[Any, ...]], one: OneAnswer, headline: tuple[str, ...]
) -> None:
    rules = replace(RULES, one_answer=one)
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        first, then = rows_of(before), rows_of(later, 1000)
        found = pl.DataFrame()
        for night, (rows, arrived) in enumerate(((first, first), ([*first, *then], then))):
            take_in(lake, File(f"{night}.csv", tuple(arrived), 1 + night))
            build(lake, rules=rules, on=10 + night)
            names = names_of(rows, headline)
            found = repeats(lake, make_plan(lake, rules), names, one, day(11 + night))
            count = counting(rows, one)
            for mart in CLIENTS:
                summed(found, mart, [row for row in count if is_held(mart, row, headline)], one)
        anew = Lake(Path(folder) / "anew")
        take_in(anew, *(File(f"{night}.csv", tuple(rows), 1 + night) for night, rows in enumerate((first, then))))
        build(anew, rules=rules)
        fresh = repeats(anew, make_plan(anew, rules), names_of([*first, *then], headline), one, day(11))
        by = ["mart", "member", "second", "earlier", "month"]
        assert found.sort(by).rows() == fresh.sort(by).rows()


def test_of_few_answers_that_came_late_only_those_of_their_people_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, looked_at = Lake(tmp_path), []
    real = Pairs.of

    def of(self: Pairs, builds: pl.DataFrame, wanted: Any, only: Any = None, less: Any = None) -> pl.DataFrame:  # noqa: ANN401 - as it is
        looked_at.append((len(set(wanted)), None if only is None else len(only), less is not None))
        return real(self, builds, wanted, only, less)

    monkeypatch.setattr(Pairs, "of", of)
    people = [f"p{number}" for number in range(30)]
    first = rows_of(
        [(who, month, 10, "ZG", "IT", "orders", "own", "general", 5) for who in people for month in range(6)]
    )
    late = rows_of(
        [
            (people[0], 0, 0, "ST", "IT", "visits", "own", "general", 6),
            ("zoe", 0, 9, "ZG", "IT", "orders", "own", "general", 6),
        ],
        500,
    )
    names = names_of([*first, *late])
    nights = [first, late, rows_of([(people[1], 6, 3, "ZG", "IT", "orders", "own", "general", 7)], 600)]
    for night, rows in enumerate(nights):
        take_in(lake, File(f"{night}.csv", tuple(rows), 1 + night))
        build(lake, on=10 + night)
        found = repeats(lake, make_plan(lake, RULES), names, "latest", day(11 + night))
    # All months; those who came late, as it is less as it was; a month that is new.
    assert looked_at == [(6, None, False), (6, 2, True), (1, None, False)]
    told = [row for rows in nights for row in rows]
    for mart in CLIENTS:
        summed(found, mart, counting(told, "latest"), "latest")


def test_only_months_within_a_year_after_one_that_changed_are_summed_anew(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    of = {
        month: rows_of([("ana", month, 10, "ZG", "IT", "orders", "own", "general", 5)], 2 + month)
        for month in range(18)
    }
    take_in(lake, *(File(f"{month}.csv", tuple(rows), 1) for month, rows in of.items() if month != 9))
    build(lake)
    names = names_of(of[0])
    repeats(lake, make_plan(lake, RULES), names, "latest", day(11))
    before = dict(current_builds(lake, "people").select("month", "load_id").iter_rows())
    take_in(lake, File("9.csv", tuple(of[9]), 12))
    build(lake, [MONTHS[9]], on=13)
    assert repeats(lake, make_plan(lake, RULES), names, "latest", day(14)).filter(mart="nps_overall")["pairs"].sum() > 0
    now = dict(current_builds(lake, "people").select("month", "load_id").iter_rows())
    assert {month for month in now if now[month] != before.get(month)} == {*MONTHS[9:18]}
    again = repeats(lake, make_plan(lake, RULES), names, "latest", day(15))
    assert dict(current_builds(lake, "people").select("month", "load_id").iter_rows()) == now
    # What is gone is made again.
    for piece in (tmp_path / "repeats").rglob("*.parquet"):
        piece.unlink()
    lake.forget_missing("repeats")
    lake.forget()
    made = repeats(lake, make_plan(lake, RULES), names, "latest", day(16))
    assert made.sort(pl.all()).rows() == again.sort(pl.all()).rows()


# What is published


def published(folder: Path, *files: File, one: OneAnswer = "latest", **about: Any) -> Path:  # noqa: ANN401 - as Publication has it
    """The file that answers come to."""
    lake, rules = Lake(folder / "lake"), replace(RULES, one_answer=one)
    take_in(lake, *files)
    build(lake, rules=rules)
    file = candidate_path(folder / "published" / "nps.duckdb")
    told = replace(PUBLICATION, today=TODAY, one_answer=one, **about)
    with bare():
        build_candidate(lake, make_plan(lake, rules), file, told, limits(folder))
    return file


@pytest.mark.parametrize("one", ["latest", "first"])
def test_what_is_published_of_people_is_what_a_naive_count_says(tmp_path: Path, one: OneAnswer) -> None:
    chance = Random(7)  # noqa: S311 - made up answers
    people = [f"p{number}" for number in range(40)] + [None] * 8
    drawn = [
        (chance.choice(people), chance.randrange(18), chance.choice([2, 8, 10, 10]), chance.choice(["ZG", "zg", "ST", None]),
         chance.choice(["retail", "IT"]), chance.choice(["orders", "returns"]), chance.choice(["own", "own", "rival"]),
         "general", chance.randint(1, 28))
        for _ in range(400)
    ]  # fmt: skip
    rows = rows_of(drawn)
    file = published(tmp_path, File("a.csv", tuple(rows)), one=one)
    count = counting(rows, one)
    months = sorted({row["month"] for row in count})
    for mart in CLIENTS:
        expected = defaultdict(list)
        for row in count:
            if is_held(mart, row, ()):
                for period in (*periods(row["month"]), *windows(row["month"], months[0], months[-1])):
                    expected[period, group_of(mart, row)].append(row)
        columns = ", ".join(mart.groups)
        told = "period_grain, period_start, responses, respondents, nps_people, effective_responses"
        found = ask(file, f"select {told}{', ' * bool(columns)}{columns} from marts.{mart.name}").rows()
        assert len(found) == len(expected) > 20
        for grain, start, responses, respondents, nps, effect, *group in found:
            answers = expected[(grain, start), tuple(map(key, group))]
            number, total, *_ = of_people(answers, one)
            assert responses == len(answers) >= number
            assert effect == pytest.approx(effective(answers, one)), (mart.name, grain, start, group)
            is_rolling = grain.startswith("rolling")
            assert (respondents, nps) == ((None, None) if is_rolling else (number, pytest.approx(100 * total / number)))


def answered(*people: Sequence[int | None], months: Sequence[int] = range(12)) -> File:
    """Answers of people, month by month; None where one did not answer."""
    score = {1: 10, 0: 8, -1: 0}
    told = [
        (f"p{who}", month, score[each], "ZG", "IT", "orders", "own", "general", 5)
        for who, answers in enumerate(people)
        for month, each in zip(months, answers, strict=False)
        if each is not None
    ]
    return File("a.csv", tuple(rows_of(told)))


def test_answers_of_the_same_people_say_less(tmp_path: Path) -> None:
    """The figures of docs/statistics.md: persons (+1, +1, +1), (-1, 0), (+1)."""
    file = published(tmp_path, answered([1, 1, 1], [-1, 0], [1]))
    told = "responses, respondents, nps, effective_responses, standard_error, ci_low, ci_high, nps_people"
    for grain in ("quarter", "year", "rolling_3m"):
        [row] = ask(file, f"select {told} from marts.nps_overall where period_grain = '{grain}'").rows()
        is_rolling = grain == "rolling_3m"
        assert (row[0], row[1]) == (6, None if is_rolling else 3)
        assert row[2:7] == pytest.approx((50, 2.153846, 33.995907, -45.7352, 87.5263), abs=1e-4)
        assert row[7] == (None if is_rolling else pytest.approx(100 * 2 / 3))


def test_answers_of_the_same_people_who_all_say_the_same_are_as_many_as_people(tmp_path: Path) -> None:
    file = published(tmp_path, answered([1, 1, 1], [1, 1]))
    rows = ask(file, "select effective_responses from marts.nps_overall where period_grain = 'year'").rows()
    assert rows == [(2,)]
    file = published(tmp_path / "one", answered([1, -1, 1]))
    rows = ask(file, "select effective_responses from marts.nps_overall where period_grain = 'year'").rows()
    assert rows == [(1,)]


#: Of who moved: rows before d, u, p; columns after.
MOVED = ((18, 6, 4), (3, 20, 12), (1, 6, 30))


@pytest.mark.parametrize(("others", "change", "p"), [((0, 0, 0), 15, 0.026785), ((10, 15, 25), 17, 0.017734)])
def test_a_change_among_the_same_people_is_held_against_their_own_answers(
    tmp_path: Path, others: tuple[int, int, int], change: float, p: float
) -> None:
    both = [[b - 1, a - 1] for b in range(3) for a in range(3) for _ in range(MOVED[b][a])]
    after = [[None, a - 1] for a in range(3) for _ in range(others[a])]
    file = published(tmp_path, answered(*both, *after))
    sql = "select change, change_p_value from marts.nps_overall where period_grain = 'month' and change is not null"
    assert ask(file, sql).rows() == [(pytest.approx(change), pytest.approx(p, abs=1e-6))]


def who_moved(rows: Sequence[Row], one: OneAnswer, length: int) -> dict[tuple[date, str, str], int]:
    """By the start of a period of so many months: people from what they said before to what they say now."""
    said: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row["respondent_key"]:
            month = row["month"].year * 12 + row["month"].month - 1
            said[row["respondent_key"], month // length].append(row)
    names = {-1: "detractors", 0: "passives", 1: "promoters"}
    found: Counter[tuple[date, str, str]] = Counter()
    for (who, period), answers in said.items():
        if (who, period - 1) in said:
            before, now = (balance(preferred(each, one)) for each in (said[who, period - 1], answers))
            first = period * length
            found[date(first // 12, first % 12 + 1, 1), names[before], names[now]] += 1
    return found


@law(5, costly=True)
@given(ANSWERS, ANSWERS, st.sampled_from(["latest", "first", "all"]))
def test_who_moved_is_what_a_naive_count_says_however_months_came(
    before: list[tuple[Any, ...]], later: list[tuple[Any, ...]], one: OneAnswer
) -> None:
    rules = replace(RULES, one_answer=one)
    first, then = rows_of(before), rows_of(later, 1000)
    count = [row for row in counting([*first, *then], one) if row["brand"] == "own"]
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake")
        for night, arrived in enumerate((first, then)):
            take_in(lake, File(f"{night}.csv", tuple(arrived), 1 + night))
            build(lake, rules=rules, on=10 + night)
            file = candidate_path(Path(folder) / "published" / "nps.duckdb")
            about = replace(PUBLICATION, today=TODAY, one_answer=one)
            with bare():
                build_candidate(lake, make_plan(lake, rules), file, about, limits(Path(folder)))
        told = "period_start, from_group, to_group, people"
        for grain, length in (("month", 1), ("quarter", 3)):
            of_grain = f"from marts.nps_movement where period_grain = '{grain}' and dimension ="
            rows = ask(file, f"select {told} {of_grain} 'overall'").rows()
            assert {tuple(key): people for *key, people in rows} == who_moved(count, one, length)
            rows = ask(file, f"select {told} {of_grain} 'industry' and member = 'IT'").rows()
            of_it = [row for row in count if row["industry"] == "IT"]
            assert {tuple(key): people for *key, people in rows} == who_moved(of_it, one, length)


def test_a_change_of_a_quarter_is_held_against_the_last_answers_of_the_same_people(tmp_path: Path) -> None:
    both = [[b - 1, a - 1] for b in range(3) for a in range(3) for _ in range(MOVED[b][a])]
    # Each says something else first in both quarters, which counts no more.
    people = [[0, None, before, None, 0, after] for before, after in both]
    file = published(tmp_path, answered(*people))
    told = "select nps, nps_people, change_p_value from marts.nps_overall"
    before, now = ask(file, f"{told} where period_grain = 'quarter' order by period_start").rows()
    assert (before[:2], now[:2]) == ((4.5, pytest.approx(9)), (12, pytest.approx(24)))
    assert now[2] == pytest.approx(0.026785, abs=1e-6)


def test_a_change_of_answers_is_not_tested_where_people_tell_the_other_way(tmp_path: Path) -> None:
    was = [[None, None, 1]] * 50 + [[None, None, -1]] * 50
    content, unhappy = [[None, None, None, 1, 1, 1]] * 20, [[None, None, None, -1]] * 50
    file = published(tmp_path, answered(*was, *content, *unhappy))
    told = "nps, nps_people, change, change_p_value, change_q_value, is_significant, detectable_change"
    sql = f"select {told} from marts.nps_overall where period_grain = 'quarter' order by period_start"
    before, now = ask(file, sql).rows()
    assert before[:2] == (0, 0)
    assert now == (
        pytest.approx(1000 / 110),
        pytest.approx(-3000 / 70),
        pytest.approx(1000 / 110),
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(("people", "is_tested"), [(3, False), (4, True)])
def test_neither_is_one_of_many_answers_of_few_people(tmp_path: Path, people: int, *, is_tested: bool) -> None:
    """Three who were unhappy and three others who are content would be a significant rise."""
    was, now = [[-1, -1, -1]] * people, [[None, None, None, 1, 1, 1]] * people
    file = published(tmp_path, answered(*was, *now), low_sample=4)
    told = "is_low_sample, change, is_significant, detectable_change is not null from marts.nps_overall"
    _, after = ask(file, f"select {told} where period_grain = 'quarter' order by period_start").rows()
    assert after == (False, 200, is_tested or None, is_tested)


def test_neither_is_one_that_answers_do_not_show(tmp_path: Path) -> None:
    was = [[1, -1]] * 20 + [[1, 0]] * 20 + [[0, -1]] * 20
    now = [[None, None, None, -1, 1]] * 20 + [[None, None, None, 0, 1]] * 20 + [[None, None, None, -1, 0]] * 20
    file = published(tmp_path, answered(*was, *now))
    told = "nps, nps_people, change, change_p_value, is_significant from marts.nps_overall"
    before, after = ask(file, f"select {told} where period_grain = 'quarter' order by period_start").rows()
    assert before[:2] == (0, pytest.approx(-200 / 3))
    assert after == (0, pytest.approx(200 / 3), 0, None, None)


def test_without_repeats_people_are_answers_and_intervals_those_of_answers(tmp_path: Path) -> None:
    file = published(tmp_path, answered(*([None] * (who % 12) + [who % 3 - 1] for who in range(90))))
    told = "respondents = responses and nps_people = nps and effective_responses = responses"
    for mart in CLIENTS:
        sql = f"select bool_and({told}), count(*) from marts.{mart.name} where period_grain not like 'rolling%'"
        assert ask(file, sql).rows() == [(True, 12 + 4 + 1)]


def test_of_employees_nothing_is_told_of_people(tmp_path: Path) -> None:
    rows = [
        answer(
            row,
            f"2025-0{1 + row % 3}-10",
            metric="enps",
            score=row % 11,
            respondent_key=f"p{row % 20}",
            response_id=f"r{row}",
        )
        for row in range(2, 120)
    ]
    file = published(tmp_path, File("a.csv", tuple(rows)))
    sql = "select count(*) > 0, count(respondents), count(nps_people) from marts.enps_overall"
    assert ask(file, sql).rows() == [(True, 0, 0)]
    people = [
        pl.read_parquet(piece)["person"].null_count() for piece in (tmp_path / "lake/responses").rglob("*.parquet")
    ]
    assert sum(people) > 0
    assert all(
        pl.read_parquet(piece)["person"].is_null().all() for piece in (tmp_path / "lake/responses").rglob("*.parquet")
    )


#: What facts leave out: where it stands in an answer, what five people in turn say, and what each is shown as.
APART = {
    "product": ("product", ["Loan", "loan ", "Loan", "Card", None], ["Loan", "Loan", "Loan", "Card", "unknown"]),
    "agent": ("agent_key", ["k1", "k2", "k3", "k1", None], ["A17", "B2", "unknown", "A17", "unknown"]),
    "age_band": (
        "further",
        ['{"age_band":"Young"}', '{"age_band":"young"}', '{"age_band":null}', '{"age_band":"65+","shop":"mall"}', None],
        ["Young", "Young", "unknown", "65+", "unknown"],
    ),
}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Row]]:
    """A file with marts of what the table of facts leaves out, which are made from cells, and its answers of one year."""
    folder = tmp_path_factory.mktemp("apart")
    drawn = [(f"p{who % 9}", who % 12, who % 11, "ZG", "IT", "orders", "own", "general", 5) for who in range(120)]
    rows = [
        {**row, **{column: said[place % 5] for column, said, _ in APART.values()}, "place": place % 5}
        for place, row in enumerate(rows_of(drawn))
    ]
    lake, rules = Lake(folder / "lake"), replace(RULES, apart=tuple(APART), dimensions=("agents",))
    since = {"valid_from": date(2020, 1, 1)}
    know(lake, "agents", {"member_key": "k1", "name": "A17", **since}, {"member_key": "k2", "name": "B2", **since})
    take_in(lake, File("a.csv", tuple(rows)))
    build(lake, rules=rules)
    file = candidate_path(folder / "published" / "nps.duckdb")
    told = replace(PUBLICATION, today=TODAY, minimum_agent=2)
    build_candidate(lake, make_plan(lake, rules), file, told, limits(folder))
    return file, [row for row in counting(rows, "latest") if row["month"].year == MONTHS[0].year]


@pytest.mark.parametrize("name", APART)
def test_what_facts_leave_out_has_marts_of_its_own_that_add_up_to_the_whole(
    apart: tuple[Path, list[Row]], name: str
) -> None:
    file, count = apart
    expected: dict[str, list[Row]] = defaultdict(list)
    for row in count:
        expected[APART[name][2][row["place"]]].append(row)
    told = f"{name}, responses, respondents, effective_responses"
    found = ask(file, f"select {told} from marts.nps_by_{name} where period_grain = 'year' order by 1").rows()
    assert found == [
        (each, len(answers), of_people(answers, "latest")[0], pytest.approx(effective(answers, "latest")))
        for each, answers in sorted(expected.items())
    ]
    assert ask(file, f"select count(*) > 0 from bi.nps_by_{name}_year").rows() == [(True,)]
    assert name not in ask(file, "from marts.fct_nps").columns


def test_what_facts_leave_out_has_facts_of_its_own_but_for_agents(apart: tuple[Path, list[Row]]) -> None:
    file, count = apart
    for name in ("product", "age_band"):
        rows = ask(file, f"select {name}, sum(responses) from marts.fct_nps_{name} where year(month) = 2024 group by 1")
        expected = Counter(APART[name][2][row["place"]] for row in count)
        assert dict(rows.iter_rows()) == expected
    assert ask(file, "select count(*) from duckdb_tables() where table_name = 'fct_nps_agent'").rows() == [(0,)]


def test_an_agent_is_shown_by_a_code_and_only_of_enough_answers(apart: tuple[Path, list[Row]]) -> None:
    file, count = apart
    by_month = Counter((APART["agent"][2][row["place"]], row["month"]) for row in count)
    rows = ask(
        file, "select agent, period_start, responses from marts.nps_by_agent where period_grain = 'month'"
    ).rows()
    assert {(agent, month): answers for agent, month, answers in rows if month.year == 2024} == {
        group: answers for group, answers in by_month.items() if answers >= 2
    }
    assert any(answers < 2 for answers in by_month.values())
    with duckdb.connect(str(file), read_only=True) as connection:
        names = "select schema_name || '.' || table_name from duckdb_tables() union all "
        tables = connection.execute(
            f"{names} select schema_name || '.' || view_name from duckdb_views() where not internal"
        )
        holds_key = [
            table
            for (table,) in tables.fetchall()
            if connection.execute(f"from {table} as t where regexp_matches(t::varchar, '\\bk[123]\\b')").fetchone()
        ]
    assert holds_key == []
