"""What a report says of what became of clients: the rows of its tables, of their subject and period, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs
import pytest
import yaml

from pipelines.config.outcomes import Referral
from pipelines.pages import report as pages
from pipelines.pages.numbers import filters
from pipelines.pages.outcomes import SEED, parts_of_outcomes
from pipelines.pages.report import LANGUAGES
from pipelines.pages.sections import Sections, sections
from pipelines.report.cells import Period
from warehouse.engine import model, query
from warehouse.published.query import Ask

QUARTER = Period.of("quarter", date(2025, 4, 1))
WORDS = yaml.safe_load((Path(pages.__file__).parent / "words.yaml").read_text("utf-8"))

TABLES = """
create schema marts;
create table marts.dim_branch as from (values ('ZG', 'Zagreb', 'Center'), ('ST', 'Split', 'Coast')) t (branch, name, region);
create table marts.churn_curve as
from (values
    ('promoter', 0, 40, 0, 1.0, null, null), ('promoter', 12, 39, 0, 1.0, null, null),
    ('promoter', 30, 38, 1, 0.9737, 0.83, 0.996), ('promoter', 90, 5, 0, 0.9737, 0.83, 0.996),
    ('detractor', 0, 20, 0, 1.0, null, null), ('detractor', 45, 18, 9, 0.512, 0.3, 0.7)
) t (category, day, at_risk, events, survival, survival_low, survival_high);
create table marts.nps_by_cohort as
select *, 'quarter' as period_grain, date '2025-04-01' as period_start
from (values
    ('tenure', 'up to 30 days', 30, 8.5, -4.0, 21.0, false), ('tenure', 'over 365 days', 365, 31.5, 20.0, 43.0, false),
    ('tenure', 'unknown', null, -77.5, -99.0, 10.0, true), ('lag', 'up to 7 days', 7, 12.5, 2.0, 23.0, false)
) t (cohort, band, band_days, nps, ci_low, ci_high, is_low_sample);
create table marts.referral_arithmetic as
select *, date '2025-04-01' as period_start, 'quarter' as period_grain, 1.5 as per_promoter, -4.0 as per_detractor
from (values
    ('all', 'all', 1919, 991, -2045.0, -459.76, -516.9, -402.6, 3, false, 'seed assumption'),
    ('branch', 'ZG', 12, 3, 6.0, 120.4, null, null, null, false, '<our> own count'),
    ('branch', 'ST', 2, 3, 6.0, 120.4, null, null, null, true, '<our> own count')
) t (dimension, member, promoters, detractors, expected_net, per_1000_clients, per_1000_low, per_1000_high,
    observed_referred, is_low_sample, source_of_factor);
create table marts.growth_forecast as
select *, date '2025-07-01' as period_start, date '2025-09-30' as period_end, 'quarter' as period_grain, 19.25 as naive_mae,
from (values
    ('ZG', 'growth', 2.64, -41.4, 46.7, 7.2, 17.31, null), ('ST', 'growth', -11.2, -55.2, 32.9, -28.3, 17.31, null),
    ('ZG', 'growth + nps', 1.9, -42.1, 45.9, 7.2, 16.05, true),
    ('ST', 'growth + nps', -12.6, -56.6, 31.4, -28.3, 16.05, true)
) t (branch, model, forecast, low, high, growth_before, backtest_mae, beats_without_nps);
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(TABLES)
        yield lambda sql: query(connection, sql).with_columns(cs.decimal().cast(pl.Float64))


def shown(of: Sections, language: str = "en") -> str:
    """The part of the page, without what is in no section here."""
    nothing: dict[str, Any] = {
        "rivals": [], "movement": None, "themes": None, "reasons": None, "loop": [], "loops": [], "outcomes": None,
        "funnel": [], "costs": [],
    }  # fmt: skip
    html: str = pages.template(language, "sections.html").render(
        words=WORDS[language], **nothing, **parts_of_outcomes(of, WORDS[language], language)
    )
    return html.replace("\N{MINUS SIGN}", "-")


def test_the_company_is_told_what_the_tables_say(ask: Ask) -> None:
    html = shown(sections(ask, None, "", QUARTER))
    assert ">Promoters 97%<" in html
    assert ">Detractors 51%<" in html
    assert ("&gt;8.5&lt;" in html or ">8.5<" in html, ">31.5<" in html, ">up to 30 days<" in html) == (True, True, True)
    assert "-77.5" not in html, "few of whom nothing is known"
    assert "how long ago they had bought" not in html, "a single band is no comparison"
    for text in (
        "by +1.5 and every detractor by -4.",
        "<dd>1,919</dd>",
        "<dd>-2,045</dd>",
        "-517 … -403",
        "<dd>3</dd>",
    ):
        assert text in html
    assert SEED not in html
    assert "seldom measured" in html
    forecast = html.split("How revenue may grow")[1]
    assert "3rd quarter 2025" in forecast
    assert "16.1 points off" in forecast or "16.0 points off" in forecast
    assert re.findall(r"<tr><td>(\w+)</td>", forecast) == ["Zagreb", "Split"], "one model, the best branch first"
    assert "+1.9</td>" in forecast
    assert "-42.1 … +45.9" in forecast
    assert "no cause" in forecast


def test_a_branch_is_told_of_itself_alone(ask: Ask) -> None:
    html = shown(sections(ask, "branch", "ZG", QUARTER))
    assert ("How long clients stay" in html, "Scores by" in html, "Split" in html) == (False, False, False)
    assert "&lt;our&gt; own count" in html
    assert "Seen so far" not in html
    assert "Recommendations" not in shown(sections(ask, "branch", "ST", QUARTER)), "of few answers"
    assert "Zagreb" not in shown(sections(ask, "region", "Coast", QUARTER))


def test_the_forecast_stands_where_it_follows_the_period_alone(ask: Ask) -> None:
    def is_told(grain: str, start: date) -> bool:
        return bool(sections(ask, None, "", Period.of(grain, start)).forecast)

    assert [is_told("quarter", date(2025, month, 1)) for month in (1, 4, 7)] == [False, True, False]
    assert [is_told("month", date(2025, month, 1)) for month in (5, 6, 7, 9)] == [False, True, True, False]


def test_nothing_is_said_where_nothing_is_published() -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("create schema marts")
        assert "<h2>" not in shown(sections(partial(query, connection), None, "", QUARTER))
    assert "<h2>" not in shown(Sections(stays=[{"events": 0}]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_band_has_a_name_in_every_language(language: str, ask: Ask) -> None:
    bands = set(re.findall(r"(?:then|else) '(\w[\w ]+ days)'", model("outcomes/nps_by_cohort")))
    assert {*WORDS[language]["bands"]} == bands
    assert "{" not in re.sub(r"<svg.*?</svg>", "", shown(sections(ask, None, "", QUARTER), language), flags=re.DOTALL)
    assert filters(language)["whole"](-1234.4).replace("\N{NO-BREAK SPACE}", " ")[0] == "\N{MINUS SIGN}"


def test_the_assumption_of_nobody_is_called_what_it_is() -> None:
    assert Referral().source == SEED
