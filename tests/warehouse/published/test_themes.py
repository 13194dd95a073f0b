"""Themes, reasons and words: the worked example to the last digit, and what must not be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lakes import RULES, File, answer, build, limits, take_in
from tests.warehouse.published.test_closed_loop import broken
from tests.warehouse.published.test_publish import PUBLICATION
from transforms.answers.themes import Theme
from warehouse.engine import reconcile
from warehouse.lake.store import Lake
from warehouse.marts import REASONS, Mart
from warehouse.marts import THEMES as THEME_MARTS
from warehouse.months.plan import make_plan
from warehouse.months.why import Why
from warehouse.published.publish import build_candidate
from warehouse.published.query import ask
from warehouse.published.swap import candidate_path

pytestmark = pytest.mark.usefixtures("bare")

Row = dict[str, Any]
THEMES = (
    Theme("wait", {"uk": ["чекав*", "черг*"], "hr": ["ček*", "red*"], "en": ["wait*"]}),
    Theme("price", {"en": ["price*"], "hr": ["cijen*"]}),
    Theme("staff", {"en": ["staff"], "hr": ["osoblje"]}),
    Theme("delivery", {"en": ["deliver*"], "hr": ["dostav*"]}),
)
TEN = [
    (2, "Čekao sam"), (3, "cijene! A i ČEKANJE"), (9, "osoblje"), (10, "Staff"), (10, None), (8, "price"), (7, "-"),
    (0, "dostava kasni"), (9, "delivery; staff"), (6, "черга"),
]  # fmt: skip


def published(home: Path, files: Sequence[File], why: Why) -> Path:
    """A file of everything that was answered."""
    lake = Lake(home / "lake")
    take_in(lake, *files)
    build(lake)
    candidate = candidate_path(home / "nps.duckdb")
    about = replace(PUBLICATION, why=why)
    build_candidate(lake, make_plan(lake, RULES), candidate, about, limits(home))
    return candidate


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = tuple(answer(n, score=score, comment=comment, reason="WAIT") for n, (score, comment) in enumerate(TEN, 2))
    return published(tmp_path_factory.mktemp("ten"), [File("a.csv", rows)], Why(THEMES, has_reasons=True))


def test_the_worked_example_comes_out_to_the_last_digit(ten: Path) -> None:
    rows = ask(
        ten,
        "select theme, mentions, nps_if_mentioned, round(nps_rest, 4), round(impact, 4), share_of_detractors "
        "from marts.nps_by_theme where period_grain = 'month' order by theme",
    ).rows()
    assert rows == [
        ("delivery", 2, 0.0, 0.0, 0.0, 0.25),
        ("price", 2, -50.0, 12.5, -12.5, 0.25),
        ("staff", 3, 100.0, -42.8571, 42.8571, 0.0),
        ("untagged", 2, 50.0, -12.5, 12.5, 0.0),
        ("wait", 3, -100.0, 42.8571, -42.8571, 0.75),
    ]


def test_the_interval_of_an_impact_knows_that_the_share_is_uncertain_too(ten: Path) -> None:
    low, high = ask(
        ten,
        "select impact_ci_low, impact_ci_high from marts.nps_by_theme where theme = 'wait' and period_grain = 'month'",
    ).row(0)
    # (3, 0, 0) against (1, 2, 4), each after the pseudo-counts; 3 of 10 answers; -100 against 42.857142857.
    shares = ((3.75 / 6, 0.75 / 6, 6), (1.75 / 10, 4.75 / 10, 10))
    errors = [10_000 * (p + d - (p - d) ** 2) / n for d, p, n in shares]
    error = (0.3**2 * sum(errors) + 142.857142857**2 * 0.3 * 0.7 / 10) ** 0.5
    half = 1.959963984540054 * error
    assert (low, high) == pytest.approx((-42.857142857 - half, -42.857142857 + half), abs=1e-6)


def test_coverage_is_of_answers_with_a_comment(ten: Path) -> None:
    rows = ask(ten, "select distinct responses, comments, tagged, coverage from marts.nps_by_theme").rows()
    assert rows == [(10, 8, 8, 1.0)]


def test_every_answer_is_of_a_theme_or_untagged(ten: Path) -> None:
    sql = "select responses - tagged, mentions from marts.nps_by_theme where theme = 'untagged'"
    assert ask(ten, sql).unique().rows() == [(2, 2)]


@pytest.mark.parametrize("mart", [*THEME_MARTS, *REASONS], ids=lambda mart: mart.name)
@pytest.mark.parametrize(
    ("harm", "equation"),
    [
        ("update marts.{mart} set responses = responses + 1", "= those of"),
        ("update marts.{mart} set {given} = {given} + 1", "= tagged +"),
        ("update marts.{mart} set mentions = mentions + 1", "mentions of"),
    ],
)  # fmt: skip
def test_themes_and_reasons_that_do_not_add_up_stop_publishing(
    mart: Mart, harm: str, equation: str, ten: Path, tmp_path: Path
) -> None:
    assert broken(ten, tmp_path) == set()
    candidate = tmp_path / "nps.duckdb"
    candidate.write_bytes(ten.read_bytes())
    with duckdb.connect() as file:
        file.execute(f"attach '{candidate}' as nps; use nps")
        file.execute(harm.format(**mart.values))
        file.execute("delete from meta.reconciliation")
        reconcile(file, "themes", **mart.values)
    assert any(equation in name and f"{mart.name} " in name for name in broken(candidate, tmp_path))


def test_reasons_of_few_answers_are_no_codes(tmp_path: Path, ten: Path) -> None:
    assert ask(
        ten, "select distinct reason_code, mentions, nps_if_mentioned, nps_rest from marts.nps_by_reason"
    ).rows() == [("WAIT", 10, 0.0, None)]
    reasons = ["wait"] * 6 + ["Wait "] * 5 + ["the man at the counter in Split was rude to me"] * 3 + [None] * 2
    rows = tuple(answer(n, score=n % 11, reason=reason) for n, reason in enumerate(reasons, 2))
    file = published(tmp_path, [File("a.csv", rows)], Why(has_reasons=True))
    said = ask(
        file, "select reason_code, mentions from marts.nps_by_reason where period_grain = 'month' order by all"
    ).rows()
    assert said == [("none", 2), ("other", 3), ("wait", 11)]
    assert "nps_by_theme" not in str(ask(file, "select table_name from information_schema.tables").rows())


def test_a_newly_frequent_word_is_shown_but_no_name_and_nothing_that_few_people_said(tmp_path: Path) -> None:
    def said(n: int, on: str, comment: str) -> Row:
        return answer(n, on, comment=comment, respondent_key=f"p{n}")

    before = [said(n, "2025-01-10", "sve je dobro") for n in range(2, 42)]
    now = [
        said(n, "2025-02-10", f"sve je dobro, ali aplikacija {'ne radi' if n < 50 else ''} kaže Marko")
        for n in range(42, 62)
    ]
    file = published(
        tmp_path, [File("a.csv", tuple(before)), File("b.csv", tuple(now), day=2)], Why(THEMES, said_by=10)
    )
    found = ask(file, "select month::varchar, word, mentions, people, mentions_before from marts.new_words").rows()
    assert {word for _, word, *_ in found} == {"ali", "aplikacija", "kaže"}
    assert ("2025-02-01", "aplikacija", 20, 20, 0) in found


def test_a_word_that_is_twice_as_frequent_as_before_is_so_by_one_power_of_two(tmp_path: Path) -> None:
    before = [answer(n, "2025-01-10", comment="parking" if n % 2 else "good") for n in range(2, 122)]
    now = [answer(n, "2025-02-10", comment="parking") for n in range(122, 182)]
    file = published(tmp_path, [File("a.csv", tuple(before)), File("b.csv", tuple(now), day=2)], Why(THEMES))
    found = ask(
        file, "select word, mentions, comments, mentions_before, comments_before, log_ratio from marts.new_words"
    )
    assert found.rows() == [("parking", 60, 60, 60, 120, 1.0)]


def test_nothing_is_made_where_nothing_is_declared(tmp_path: Path) -> None:
    file = published(tmp_path, [File("a.csv", (answer(2, comment="čekao", reason="WAIT"),))], Why())
    tables = {name for (name,) in ask(file, "select table_name from information_schema.tables").rows()}
    assert not {"nps_by_theme", "nps_by_reason", "new_words"} & tables
    assert not (tmp_path / "lake/mentions").exists()


def test_other_themes_read_comments_anew_and_no_answer(tmp_path: Path) -> None:
    rows = tuple(answer(n, score=score, comment=comment) for n, (score, comment) in enumerate(TEN, 2))
    published(tmp_path, [File("a.csv", rows)], Why(THEMES))
    lake = Lake(tmp_path / "lake")
    candidate = candidate_path(tmp_path / "nps.duckdb")
    about = replace(PUBLICATION, why=Why((Theme("late", {"hr": ["kasn*"]}),)))
    build_candidate(lake, make_plan(lake, RULES), candidate, about, limits(tmp_path))
    sql = "select theme, mentions from marts.nps_by_theme where period_grain = 'year' order by theme"
    assert ask(candidate, sql).rows() == [("late", 1), ("untagged", 9)]
    assert lake.ledger("builds").filter(stage="why").height == 2
