"""What BI reads: figures that add up to the facts whatever those are, in a file that is swapped in whole or not at all."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml
from filelock import FileLock, Timeout
from hypothesis import given
from hypothesis import strategies as st

from tests.support.lakes import FEBRUARY, JANUARY, RULES, File, answer, count_facts, day, know, limits, record
from tests.support.laws import law
from transforms.answers.themes import Theme
from transforms.asking.contacts import Pricing
from transforms.dimensions import APART
from transforms.follow_up.due import DueRule
from transforms.follow_up.ticket_cases import Matching
from transforms.scores.scales import SCALES, STANDARD
from transforms.tables import CheckRecord, Fact, types
from warehouse.engine import connect, model
from warehouse.gates import published_gate
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake
from warehouse.marts import LOOP, MARTS, REASONS, RIVALS, THEMES, comments_of_names
from warehouse.months.contacts import Contacts
from warehouse.months.plan import make_plan
from warehouse.months.rules import ResponseRules
from warehouse.months.why import Why
from warehouse.published import asked, outcomes
from warehouse.published.asked import Asked, Price
from warehouse.published.cases import FollowUp
from warehouse.published.outcomes import Outcomes
from warehouse.published.publication import Publication
from warehouse.published.publish import DECLARED, META, TABLES, build_candidate, record_checks
from warehouse.published.query import QueryError, ask
from warehouse.published.swap import candidate_path, discard, only_publisher, published_inputs, swap_in, versions_kept

Row = dict[str, Any]

PUBLICATION = Publication(
    published_at=day(11), code_version="1.2.3", inputs="digest", minimum_group=5, storage_version="v1.0.0",
    today=date(2025, 4, 20), low_sample=30,
)  # fmt: skip
FREE = Price("free", date(2025, 1, 1), "EUR", "included", "called", *"00000")
ALL_TABLES = {f"marts.{name}" for name in (*TABLES, *DECLARED)} | {
    f"meta.{name}"
    for name in (*META, "contact_matches", "unpriced_contacts", "clients_followed", "activity_files", "ticket_matches")
}
COUNTS = ("responses", "promoters", "passives", "detractors")
SHOWN = (*COUNTS, "nonstandard_responses")
GROUPS = {
    "nps_overall": [],
    "nps_by_brand": ["brand"],
    "nps_by_programme": ["programme"],
    "nps_by_area": ["area"],
    "nps_by_region": ["region"],
    "nps_by_branch": ["branch"],
    "nps_by_industry": ["industry"],
    "nps_by_branch_industry": ["branch", "industry"],
    "nps_by_channel": ["channel"],
    "nps_by_survey": ["survey"],
    "enps_overall": [],
}
PERIOD = ["period_grain", "period_start", "period_end"]


def fact(month: date = JANUARY, counts: tuple[int, int, int] = (7, 2, 1), **values: object) -> Row:
    """A fact with so many promoters, passives and detractors, each of weight 1."""
    promoters, passives, detractors = counts
    return {
        "month": month,
        "metric": "nps",
        "branch": "ZG",
        "industry": "retail",
        "region": "North" if values.get("branch", "ZG") == "ZG" else "unknown",
        "area": "unknown",
        "department": "unknown",
        "survey": "orders",
        "channel": "web",
        "scale": "0-10",
        "responses": sum(counts),
        "promoters": promoters,
        "passives": passives,
        "detractors": detractors,
        "score_sum": 10 * promoters + 7 * passives,
        "weight_sum": float(sum(counts)),
        "weight_promoters": float(promoters),
        "weight_passives": float(passives),
        "weight_detractors": float(detractors),
        "weight_sq_sum": float(sum(counts)),
        "brand": "own",
        "programme": "general",
        **values,
    }


def frame(facts: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(facts, schema=types(Fact))


def candidate(folder: Path, lake: Lake, rules: ResponseRules = RULES, **about: Any) -> Path:  # noqa: ANN401 - as Publication has it
    """A file about to be published."""
    file = candidate_path(folder / "published" / "nps.duckdb")
    plan = make_plan(lake, rules)
    # Facts of tests come of no answers: the months that were built are those that count.
    plan = replace(plan, inputs=dict.fromkeys(current_builds(lake, "facts").get_column("month"), ""))
    build_candidate(lake, plan, file, replace(PUBLICATION, **about), limits(folder))
    return file


def of_facts(folder: Path, *facts: Row, **about: Any) -> Path:  # noqa: ANN401 - as Publication has it
    """A file about to be published, of some facts, which are all that came of one file of answers."""
    lake = Lake(folder / "lake")
    answers = sum(row["responses"] for row in facts)
    record(lake, File("a.csv"), rows_read=answers, accepted=answers)
    count_facts(lake, frame(facts), File("a.csv"))
    return candidate(folder, lake, **about)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file about to be published, for those who only look at it."""
    return of_facts(
        tmp_path_factory.mktemp("usual"),
        fact(counts=(3, 2, 1)),
        fact(counts=(3, 2, 1), scale="1-10"),
        fact(counts=(9, 0, 0), branch="best", survey="returns"),
        fact(counts=(0, 0, 9), branch="worst", survey="returns"),
        fact(metric="enps", branch="staff only", survey="staff", department="Sales", counts=(20, 11, 0)),
        asked=Asked(
            Contacts((), RULES, Pricing({}, "UTC")),
            (),
            [Price("", date(2025, 1, 1), "EUR", "included", "called", *"00000")],
        ),
        why=Why((Theme("any", {"en": ["any"]}),), has_reasons=True),
        follow_up=FollowUp(DueRule("UTC", hours=48), Matching("UTC", "k" * 32)),
        has_rivals=True,
        outcomes=Outcomes("account", ("any",), "UTC", has_values=True, has_growth=True, contacts=("any",)),
    )


def test_no_count_is_of_a_type_that_readers_of_exported_files_do_not_know(usual: Path) -> None:
    assert ask(usual, "select table_name, column_name from duckdb_columns() where data_type = 'HUGEINT'").rows() == []


# Figures

MONTH = st.sampled_from([date(2024, 12, 1), JANUARY, FEBRUARY, date(2025, 4, 1)])
FACTS = st.lists(
    st.builds(
        fact,
        month=MONTH,
        counts=st.tuples(*[st.integers(0, 5)] * 3).filter(any),
        metric=st.sampled_from(["nps", "enps"]),
        branch=st.sampled_from(["ZG", "ST", "unknown"]),
        industry=st.sampled_from(["retail", "it's"]),
        department=st.sampled_from(["Sales", "unknown"]),
        survey=st.sampled_from(["orders", "returns"]),
        channel=st.sampled_from(["web", "phone"]),
        scale=st.sampled_from(["0-10", "1-10", "1-5", "faces"]),
        brand=st.sampled_from(["own", "own", "rival"]),
        programme=st.sampled_from(["general", "general", "panel"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: tuple(row[name] for name in [*list(row)[:8], "brand", "programme"]),
)


def ends(start: date, months: int) -> date:
    """The last day of a period of so many months."""
    after = start.month - 1 + months
    return date(start.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def periods_of(month: date, months: Sequence[date], *, is_rolling: bool) -> Iterator[tuple[str, date, int]]:
    """The periods of a month, each with its first day and its length; rolling ones within the first and last of months."""
    for grain, length in (("month", 1), ("quarter", 3), ("year", 12)):
        yield grain, month.replace(month=(month.month - 1) // length * length + 1), length
    for grain, length in (("rolling_3m", 3), ("rolling_12m", 12)) if is_rolling else ():
        for back in range(length):
            start = date(month.year + (month.month - 1 - back) // 12, (month.month - 1 - back) % 12 + 1, 1)
            if min(months) <= start and ends(start, length) <= ends(max(months), 1):
                yield grain, start, length


def is_in(row: Row, mart: str) -> bool:
    """Whether a fact is one of a mart, where the headline is of the programme general alone."""
    if row["metric"] == "enps" or mart == "nps_by_brand":
        return True
    return bool(row["brand"] == "own") and (
        row["programme"] == "general" or mart in ("nps_by_programme", "nps_by_survey")
    )


def expected(facts: Sequence[Row], mart: str) -> set[tuple[object, ...]]:
    """The rows of a mart, counted one fact at a time."""
    metric, least = ("nps", 1) if mart.startswith("nps") else ("enps", PUBLICATION.minimum_group)
    found: dict[tuple[object, ...], list[int]] = {}
    months = [row["month"] for row in facts if row["metric"] == metric]
    for row in facts:
        if row["metric"] == metric and is_in(row, mart):
            for grain, start, length in periods_of(row["month"], months, is_rolling=metric == "nps"):
                key = (grain, start, ends(start, length), *(row.get(name, "unknown") for name in GROUPS[mart]))
                totals = found.setdefault(key, [0] * len(SHOWN))
                other = 0 if row["scale"] in STANDARD else row["responses"]
                for place, counted in enumerate((*(row[name] for name in COUNTS), other)):
                    totals[place] += counted
    return {
        (*key, *totals, round(100 * (totals[1] - totals[3]) / totals[0], 9))
        for key, totals in found.items()
        if totals[0] >= least and (metric == "nps" or max(totals[1:4]) < totals[0] - 1)
    }


def periods_with_a_wave_to_hide(facts: Sequence[Row]) -> set[tuple[str, date]]:
    """Grain and first day of periods in which a wave of employees is open, has too few answers, or such as are alike."""
    waves: dict[tuple[str, date], list[int]] = {}
    for row in facts:
        if row["metric"] == "enps":
            counts = waves.setdefault((row["survey"], row["month"]), [0, 0, 0])
            for place, name in enumerate(COUNTS[1:4]):
                counts[place] += row[name]
    hidden = [
        month for (_, month), counts in waves.items()
        if sum(counts) < PUBLICATION.minimum_group or max(counts) >= sum(counts) - 1
        or ends(month, 1) + timedelta(days=PUBLICATION.close_after) >= PUBLICATION.today
    ]  # fmt: skip
    return {(grain, start) for month in hidden for grain, start, _ in periods_of(month, [], is_rolling=False)}


@law(3, costly=True)
@given(FACTS)
def test_every_figure_is_the_sum_of_its_facts(facts: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        file = of_facts(Path(folder), *facts, headline=("general",))
        for mart, groups in GROUPS.items():
            columns = ", ".join([*PERIOD, *groups, *SHOWN, "round(nps, 9) as nps"])
            rows = ask(file, f"select {columns} from marts.{mart}").rows()
            assert len(set(rows)) == len(rows)
            told = expected(facts, mart)
            if mart == "enps_overall":
                # What is left out of it, and where else it counts, tests of `transforms.waves.company` say.
                waiting = periods_with_a_wave_to_hide(facts)
                rows, told = (
                    [row for row in rows if row[:2] not in waiting],
                    {row for row in told if row[:2] not in waiting},
                )
            assert set(rows) == told, mart
        assert_the_parts_add_up(file, frame(facts).filter(pl.col("metric") == "nps", pl.col("brand") == "own"))


def assert_the_parts_add_up(file: Path, clients: pl.DataFrame) -> None:
    """Branches and industries to all, months to quarters and years, the table of facts to the facts."""
    totals = ", ".join(f"sum({name})::bigint" for name in SHOWN)
    by_period = f"select period_grain, period_start, {totals} from marts.{{}} group by all order by all"
    additive = "from marts.nps_overall where period_grain in ('month', 'quarter', 'year')"
    by_grain = f"select distinct {totals} from ({additive}) group by period_grain"
    whole = ask(file, by_period.format("nps_overall")).rows()
    for mart in ("nps_by_branch", "nps_by_industry", "nps_by_branch_industry", "nps_by_channel"):
        assert ask(file, by_period.format(mart)).rows() == whole
    every = ask(file, by_period.format("nps_by_programme")).rows()
    assert ask(file, by_period.format("nps_by_survey")).rows() == every
    assert ask(file, by_period.replace(" group", " where brand = 'own' group").format("nps_by_brand")).rows() == every
    assert ask(file, by_grain).height == min(clients.filter(pl.col("programme") == "general").height, 1)
    if clients.height:
        sums = ask(file, f"select {totals}, sum(score_sum)::bigint, sum(weight_sum) from marts.fct_nps").rows()
        other = pl.when(~pl.col("scale").is_in(list(STANDARD))).then("responses").otherwise(0).alias(SHOWN[-1])
        assert sums == clients.select(*COUNTS, other, "score_sum", "weight_sum").sum().rows()
    assert ask(file, "from meta.reconciliation where difference <> 0").rows() == []


def test_a_score_is_not_rounded(usual: Path) -> None:
    sql = "select nps, typeof(nps) from marts.nps_by_branch where period_grain = 'month' and branch = 'ZG'"
    assert ask(usual, sql).rows() == [(pytest.approx(100 * 2 / 6, abs=1e-12), "DOUBLE")]


def test_a_score_is_100_at_most_and_minus_100_at_least(usual: Path) -> None:
    sql = "select distinct branch, nps from marts.nps_by_branch where branch in ('best', 'worst') order by branch"
    assert ask(usual, sql).rows() == [("best", 100.0), ("worst", -100.0)]


def test_no_answers_have_no_score() -> None:
    with duckdb.connect() as connection:
        connection.execute(model("macros"))
        assert connection.sql("select nps_points(0, 0, 0)").fetchall() == [(None,)]


def test_both_scales_of_a_group_are_one_row(usual: Path) -> None:
    assert ask(usual, "select responses from marts.fct_nps where branch = 'ZG'").rows() == [(12,)]


def test_answers_on_other_scales_are_counted_beside_the_others(tmp_path: Path) -> None:
    file = of_facts(tmp_path, fact(counts=(3, 2, 1)), fact(counts=(5, 0, 0), scale="1-5"), fact(month=FEBRUARY))
    counted = "select responses, nonstandard_responses from marts"
    assert ask(file, f"{counted}.fct_nps order by month").rows() == [(11, 5), (10, 0)]
    assert ask(file, f"{counted}.nps_overall where period_grain = 'year'").rows() == [(21, 5)]
    assert ask(file, "select survey, scales from marts.dim_survey").rows() == [("orders", "0-10, 1-5")]


def test_sql_and_python_know_the_same_standard_scales() -> None:
    with duckdb.connect() as connection:
        connection.execute(model("macros"))
        for name in SCALES:
            assert connection.sql(f"select is_standard_scale('{name}')").fetchall() == [(name in STANDARD,)]


def test_employees_are_not_among_clients(usual: Path) -> None:
    for mart in (mart.name for mart in MARTS):
        [(least,)] = ask(usual, f"select min(responses) from marts.{mart}").rows()
        assert (least == 31) == ("enps" in mart and "region" not in mart), mart


def test_every_group_of_every_table_comes_before_the_gate(usual: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate.duckdb"
    with connect(limits(tmp_path), gate) as opened:
        published_gate(usual, opened, low_sample=30)
    counted = "select mart, sum(groups)::bigint, sum(groups * responses)::bigint from published_counts group by all"
    expected = {
        (table, *ask(usual, f"select count(*), sum(responses)::bigint from marts.{table}").row(0))
        for table in (mart.name for mart in MARTS)
    }
    assert set(ask(gate, counted).iter_rows()) == {row for row in expected if row[1]}
    assert ask(
        gate, "select distinct mart from published_counts where employees = responses order by all"
    ).to_series().to_list() == [
        "enps_by_branch",
        "enps_by_branch_department",
        "enps_by_department",
        "enps_overall",
        "fct_enps",
    ]
    sums = set(ask(gate, "from published_sums").rows())
    assert sums > set(ask(usual, "from meta.reconciliation").rows())
    whole = dict.fromkeys((mart for mart in GROUPS if mart.startswith("nps_by")), "nps_overall")
    whole |= {"nps_by_survey": "nps_by_programme", "nps_by_brand": "nps_by_programme"}
    del whole["nps_by_programme"]
    assert {(f"{mart} adds up to {of}: periods", 3, 3, 0) for mart, of in whole.items()} <= sums


def test_a_reconciliation_that_fails_says_by_how_much(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    record(lake, File("a.csv"), rows_read=13, accepted=11, rejected=1)
    count_facts(lake, frame([fact()]), File("a.csv"))
    sql = "select name, expected, found, difference from meta.reconciliation where difference <> 0"
    assert ask(candidate(tmp_path, lake), sql).rows() == [
        ("accepted answers = responses + superseded", 11, 10, -1),
        ("accepted answers of each file = counted + superseded + before_history: files", 1, 0, -1),
        ("rows read = accepted + unanswered + excluded + rejected", 13, 12, -1),
    ]


def test_a_warehouse_without_answers_can_be_published(tmp_path: Path) -> None:
    file = candidate(tmp_path, Lake(tmp_path / "lake"))
    assert {ask(file, f"from marts.{mart}").height for mart in TABLES} == {0}
    assert ask(file, "from meta.reconciliation where difference <> 0").rows() == []


def test_branches_are_named_as_they_are_now_and_the_unknown_ones_too(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    know(lake, "branches", {"member_key": "ZG", "name": "Zagreb", "region": "North", "valid_from": JANUARY})
    know(lake, "branches", {"member_key": "ZG", "name": "Zagreb 2", "region": "West", "valid_from": FEBRUARY}, on=2)
    count_facts(lake, frame([fact(), fact(branch="unknown")]), File("a.csv"))
    file = candidate(tmp_path, lake, replace(RULES, dimensions=("branches",)))
    rows = ask(file, "select branch, name, region, is_known from marts.dim_branch").rows()
    assert sorted(rows) == [("ZG", "Zagreb 2", "West", True), ("unknown", "unknown", "unknown", False)]


def test_every_day_of_the_years_with_answers_is_there_once(tmp_path: Path) -> None:
    file = of_facts(tmp_path, fact(date(2023, 5, 1)), fact(date(2025, 2, 1)))
    days = ask(file, "select min(day), max(day), count(*), count(distinct day) from marts.dim_date").row(0)
    assert days == (date(2023, 1, 1), date(2025, 12, 31), 365 + 366 + 365, 365 + 366 + 365)
    sql = "select month, quarter_label, weekday from marts.dim_date where day = '2024-02-29'"
    assert ask(file, sql).rows() == [(date(2024, 2, 1), "2024-Q1", 4)]


# The file


def test_every_table_and_column_says_what_it_means(usual: Path) -> None:
    tables = ask(usual, "select schema_name || '.' || table_name, comment from duckdb_tables()").rows()
    assert {name for name, _ in tables} == ALL_TABLES
    assert [name for name, comment in tables if not comment] == []
    sql = "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    assert ask(usual, sql).rows() == []


def test_no_comment_is_about_what_is_not_there(usual: Path) -> None:
    words = yaml.safe_load(resources.files("warehouse").joinpath("models", "comments.yaml").read_text("utf-8"))
    columns = ask(usual, "select distinct column_name from duckdb_columns() where not internal").rows()
    assert {*words["columns"], *comments_of_names()} - {*APART} == {name for (name,) in columns}
    declared = {f"marts.{mart.name}" for mart in (*MARTS, *THEMES, *REASONS, *RIVALS, *LOOP)}
    assert {*words["tables"]} | declared == ALL_TABLES
    assert {*words["tables"]} & declared == set()


def test_nothing_is_made_of_contacts_or_costs_that_nothing_tells_of(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    tables = {name for (name,) in ask(candidate(tmp_path, lake), "select table_name from duckdb_tables()").rows()}
    assert {*asked.TABLES, "contact_matches", "unpriced_contacts"} & tables == set()
    assert not (lake.root / "contacts").exists()


def test_nothing_is_made_of_activity_that_nothing_tells_of(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    tables = {name for (name,) in ask(candidate(tmp_path, lake), "select table_name from duckdb_tables()").rows()}
    assert {*outcomes.TABLES, "clients_followed"} & tables == set()
    assert not (lake.root / "activity").exists()


def format_of(file: Path) -> tuple[bytes, int]:
    """The magic bytes of a database file and the version of its format behind them."""
    magic, version = struct.unpack_from("<4sQ", file.read_bytes(), 8)
    return magic, version


def test_drivers_can_read_the_file_that_are_as_old_as_nps_yaml_says(tmp_path: Path, usual: Path) -> None:
    """DuckDB 1.0 writes and reads version 64."""
    assert format_of(usual) == (b"DUCK", 64)
    assert format_of(candidate(tmp_path, Lake(tmp_path / "lake"), storage_version="v1.4.0")) > (b"DUCK", 64)


def test_readers_open_the_file_without_being_able_to_write(usual: Path) -> None:
    with duckdb.connect(str(usual), read_only=True) as one, duckdb.connect(str(usual), read_only=True) as other:
        assert one.sql("from marts.fct_nps").fetchall() == other.sql("from marts.fct_nps").fetchall() != []
    for sql in ("drop table marts.fct_nps", "copy marts.fct_nps to 'x.csv'", f"from read_csv('{__file__}')"):
        with pytest.raises(QueryError):
            ask(usual, sql)


def test_the_file_says_what_it_was_made_from(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    file = File("a.csv", (answer(2),))
    record(lake, file, status="held", reason="gate", detail="Too many rejected rows.", rejected=3)
    count_facts(lake, frame([fact()]), File("a.csv"))
    made = candidate(tmp_path, lake)
    assert published_inputs(made) == "digest"
    assert ask(made, "select published_at, code_version from meta.publish").rows() == [(day(11), "1.2.3")]
    sql = "select source, path, status, reason, detail, rejected from meta.files"
    assert ask(made, sql).rows() == [("shops", "landing/shops/a.csv", "held", "gate", "Too many rejected rows.", 3)]


def test_what_cannot_be_read_was_made_from_nothing(tmp_path: Path) -> None:
    assert published_inputs(tmp_path / "nps.duckdb") is None
    (tmp_path / "nps.duckdb").write_bytes(b"no database")
    assert published_inputs(tmp_path / "nps.duckdb") is None
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    assert published_inputs(tmp_path / "other.duckdb") is None


def test_the_last_result_of_a_check_is_shown_and_the_file_s_own_are_its_own(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")

    def check(stage: str, rule: str, at: float, *, passed: bool) -> pl.DataFrame:
        return pl.DataFrame(
            [(stage, "x", rule, "says", passed, 0, day(at), None)], schema=types(CheckRecord), orient="row"
        )

    lake.append("checks", check("facts", "adds up", 1, passed=False))
    lake.append("checks", check("facts", "adds up", 2, passed=True))
    lake.append("checks", check("published", "of yesterday", 1, passed=True))
    made = candidate(tmp_path, lake)
    record_checks(lake, made, check("published", "of today", 3, passed=True), limits(tmp_path))
    assert not made.with_name("nps.duckdb.wal").exists()
    assert ask(made, "select stage, rule, passed from meta.checks order by all").rows() == [
        ("facts", "adds up", True),
        ("published", "of today", True),
    ]


def test_a_candidate_that_a_crash_left_is_built_anew(tmp_path: Path) -> None:
    file = candidate_path(tmp_path / "published" / "nps.duckdb")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"half a file")
    file.with_name("nps.duckdb.wal").write_bytes(b"half a log")
    assert of_facts(tmp_path, fact()) == file
    assert ask(file, "select responses from marts.fct_nps").rows() == [(10,)]


# The swap


def put(database: Path, number: int) -> Path:
    """A candidate that holds a number, closed."""
    file = candidate_path(database)
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create table held as select {number} as number")
        connection.execute("checkpoint")
    return file


def held(database: Path) -> int:
    [(number,)] = ask(database, "from held").rows()
    return int(number)


def published(folder: Path, *numbers: int, keep: int = 5) -> Path:
    """A database that was published once for each number."""
    database = folder / "nps.duckdb"
    for place, number in enumerate(numbers):
        swap_in(put(database, number), database, keep)
        modified = day(place).timestamp()
        os.utime(database, (modified, modified))
    return database


def test_a_candidate_becomes_the_published_file(tmp_path: Path) -> None:
    database = published(tmp_path, 1)
    assert held(database) == 1
    assert not candidate_path(database).exists()
    assert versions_kept(database) == []


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path: Path) -> None:
    database = published(tmp_path, 1)
    with duckdb.connect(str(database), read_only=True) as reader:
        swap_in(put(database, 2), database, keep=1)
        assert reader.sql("from held").fetchall() == [(1,)]
    assert held(database) == 2


@pytest.mark.parametrize("keep", [1, 3, 9])
def test_so_many_earlier_versions_are_kept_and_those_are_the_newest(tmp_path: Path, keep: int) -> None:
    database = published(tmp_path, 1, 2, 3, 4, 5, keep=keep)
    assert held(database) == 5
    assert [held(version) for version in versions_kept(database)] == [4, 3, 2, 1][:keep]


def test_where_a_disk_knows_no_second_names_earlier_versions_are_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unknown)
    database = published(tmp_path, 1, 2, 3, keep=2)
    assert [held(file) for file in (database, *versions_kept(database))] == [3, 2, 1]
    assert {file.stat().st_mode & 0o222 for file in (database, *versions_kept(database))} == {0}
    assert sorted((tmp_path / "versions").iterdir()) == sorted(versions_kept(database))


def test_a_stale_log_beside_the_published_file_is_not_replayed_into_it(tmp_path: Path) -> None:
    database = published(tmp_path, 1)
    log = database.with_name("nps.duckdb.wal")
    log.write_bytes(b"of a file that is no more")
    swap_in(put(database, 2), database, keep=1)
    assert not log.exists()
    assert held(database) == 2


def test_a_candidate_that_is_still_open_is_not_published(tmp_path: Path) -> None:
    database = published(tmp_path, 1)
    with duckdb.connect(str(put(database, 2))) as writer:
        writer.execute("insert into held values (3)")
        with pytest.raises(RuntimeError, match="not closed"):
            swap_in(candidate_path(database), database, keep=1)
    assert held(database) == 1
    assert versions_kept(database) == []


def test_a_swap_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """There is no room for the old version: something else lies in its place."""
    database = published(tmp_path, 1)
    (tmp_path / "versions").write_text("in the way")
    before = database.stat()
    with pytest.raises(FileExistsError):
        swap_in(put(database, 2), database, keep=1)
    after = database.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)
    assert held(database) == 1


def test_a_swap_without_candidate_leaves_the_old_file(tmp_path: Path) -> None:
    database = published(tmp_path, 1)
    with pytest.raises(FileNotFoundError):
        swap_in(candidate_path(database), database, keep=1)
    assert held(database) == 1


def test_a_discarded_candidate_leaves_nothing(tmp_path: Path) -> None:
    file = put(tmp_path / "nps.duckdb", 1)
    file.with_name("nps.duckdb.wal").write_bytes(b"log")
    discard(file)
    assert list(file.parent.iterdir()) == []
    discard(file)


def test_one_process_publishes_at_a_time(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / ".publish.lock", timeout=0)
    with only_publisher(tmp_path), pytest.raises(Timeout):
        lock.acquire()
    with lock:
        assert lock.is_locked
