"""Reports: their figures are those of the marts, they need nothing else, and every name is shown as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from examples.site.pages import write_site
from pipelines.config.standards import BANDS
from pipelines.pages import report as pages
from pipelines.pages.charts import effects, plain
from pipelines.pages.figures import Subject, figures
from pipelines.pages.numbers import filters, points, share, whole
from pipelines.pages.report import LANGUAGES, page
from pipelines.report.cells import Period, period_of
from tests.support.scenario import land, nps, published, source, workspace
from transforms.reasons import with_outcome
from warehouse.published.query import asking

WICKED = '<script>alert(1)</script> $x_1$ & "Sons" Žminj'
COLUMNS = {"response_id": "Id", "responded_at": "Date", "branch": "Branch", "score": "Score"}
STAFF = {"response_id": "Id", "responded_at": "Date", "department": "Branch", "score": "Score"}
BRANCHES = ("ZG", "ST", "OS")
SAID = ("I waited for weeks", "the price", "")
CALLS = {
    "contacts": True, "tariff": "calls", "unanswered": ["no answer", "gone"],
    "outcome": {"column": "Call", "answered": ["answered"], "undeliverable": ["gone"], "delivered": ["no answer"]},
}  # fmt: skip
TARIFF = {
    "currency": "EUR", "vat": "included", "valid_from": "2025-01-01", "charge": "called", "per_call": 0.42,
    "setup_fee": 12.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests only look at it. Two quarters of three branches, one of which falls; a target, and staff."""
    settings = {
        "sources": {
            "shops": source("shops", columns=COLUMNS | {"comment": "Said", "reason": "Why", "respondent": "Who"}, **CALLS),
            "market": source("market", columns=COLUMNS | {"brand": "Brand"}, defaults={"programme": "panel"}),
            "staff": source("staff", metric="enps", columns=STAFF),
        },
        "headline": "general",
        "tariffs": {"calls": TARIFF},
        "themes": {"wait": {"en": ["wait*"]}, "price": {"en": ["price*"]}},
        "follow_up": {"due": {"hours": 48}},
        "dimensions": {"branches": {
            "kind": "csv", "files": "landing/crm/*", "columns": {"branch": "Code", "name": "Name", "region": "Region"}
        }},
        "targets": [{"nps": 25, "valid_from": "2025-01-01"}],
        "low_sample": 5,
        "gates": {"max_reject_share": 0.5, "min_match_rate": 0},
    }  # fmt: skip
    home = workspace(tmp_path_factory.mktemp("report") / "home", settings)
    name = WICKED.replace('"', '""')
    land(home, "crm/branches.csv", f'Code,Name,Region\nZG,Zagreb,Center\nST,"{name}",Coast\nOS,Osijek,Center\n')
    scores = {"ZG": (10, 9, 8, 3), "ST": (10, 10, 9, 7), "OS": (9, 8, 2, 0)}
    rows = [
        f"{branch}{month}{n},2025-0{month}-0{1 + n},{branch},{scores[branch][(n + (month > 3) * (branch == 'ZG')) % 4]},"
        f"{SAID[n % 3]},{'SLOW' if n % 4 == 3 else ''},{branch}{(n + month) % 9},answered"
        for branch in BRANCHES for month in range(1, 7) for n in range(8)
    ]  # fmt: skip
    silent = [f"x{n},2025-06-0{n},ST,,,,q{n},{'gone' if n < 3 else 'no answer'}" for n in range(1, 7)]
    bad = "bad,2025-06-01,ZG,eleven,,,,answered"
    land(home, "shops/all.csv", "Id,Date,Branch,Score,Said,Why,Who,Call\n" + "\n".join([*rows, bad, *silent]))
    market = [
        f"{brand}{month}{n},2025-0{month}-10,ZG,{brand},{score}"
        for month, of in {2: {"own": 9, "Rival <1>": 10, "Other": 3}, 5: {"own": 10, "Rival <1>": 7, "Other": 7}}.items()
        for brand, score in of.items() for n in range(6)
    ]  # fmt: skip
    land(home, "market/all.csv", "Id,Date,Branch,Brand,Score\n" + "\n".join(market))
    land(
        home,
        "staff/all.csv",
        "Id,Date,Branch,Score\n" + "\n".join(f"s{n},2025-06-0{1 + n},x,{n + 2}" for n in range(8)),
    )
    assert nps("run", "--home", home).code == 0
    return home


def read(home: Path, subject: Subject | None = None, period: Period | None = None, language: str = "en") -> str:
    with asking(home / "published" / "nps.duckdb") as ask:
        return page(figures(ask, subject or Subject(), period), language, "Europe/Zagreb")


def signed(value: object) -> str:
    """Points with their sign, which 0 has none of."""
    rounded = round(float(str(value)), 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def test_a_report_says_what_the_marts_say(home: Path) -> None:
    html = read(home)
    where = "period_grain = 'quarter' and period_start = '2025-04-01'"
    [(score, low, high, answers, gap)] = published(
        home, f"select nps, ci_low, ci_high, responses, gap_to_target from marts.nps_overall where {where}"
    )
    text = html.replace("\N{MINUS SIGN}", "-")
    assert f"<b>{score:.1f}</b>" in text
    assert f"{low:.1f} … {high:.1f}" in text
    assert f"<dd>{answers}<small>of " in text
    assert f"<small>{signed(gap)}</small>" in text
    for (each,) in published(home, f"select nps from marts.nps_by_branch where {where}"):
        assert f">{each:.1f}<" in text, "behind its branch in the chart"
    for effect, _ in published(
        home, f"select effect, member from marts.nps_change_drivers where dimension = 'branch' and {where}"
    ):
        assert f">{signed(effect)}<" in text
    assert "score unreadable" in html
    assert "Employees" in html


def test_no_name_turns_around_what_stands_behind_it(home: Path) -> None:
    with asking(home / "published" / "nps.duckdb") as ask:
        found = figures(ask, Subject(), None)
    named = {"branch": [{**row, "name": "Sp\u202elit\x1b[1m"} for row in found.groups["branch"]]}
    html = page(replace(found, groups=found.groups | named), "en", "UTC")
    assert not {"\u202e", "\x1b"} & {*html}
    assert "Sp\\u202elit\\x1b[1m" in html


@pytest.mark.parametrize("subject", [Subject(), Subject("branch", "OS"), Subject("region", "Center")], ids=str)
def test_every_figure_of_a_section_is_that_of_its_mart(home: Path, subject: Subject) -> None:
    text = read(home, subject).replace("\N{MINUS SIGN}", "-")
    of, member = subject.dimension, {"branch": "OS", "region": "Center"}.get(subject.dimension or "", "")
    this = "period_grain = 'quarter' and period_start = '2025-04-01'"
    where = f"{this} and dimension = '{of}' and member = '{member}'" if of else f"{this} and dimension = '{{}}'"

    def told(columns: str, mart: str, condition: str) -> list[tuple[object, ...]]:
        return published(home, f"select {columns} from marts.{mart} where {condition}")

    asked = "invited_people, reached, answered"
    for counts in told(asked, "survey_funnel", f"metric = 'nps' and {where.format('all')}"):
        assert [f"<b>{count}</b>" in text for count in counts] == [True] * 3
    for cost, per_answer in told("cost, cost_per_answer", "survey_cost", where.format("all")):
        assert f"<dd>€{cost}<small>with VAT" in text
        assert f"<dd>€{per_answer:.2f}</dd>" in text
    movement = told("people, from_group, to_group", "nps_movement", where.format("overall"))
    assert movement
    assert all(f">{people} <small>" in text for people, *_ in movement)
    by = f"{of} = '{member}' and {this}" if of else this
    for theme, mentions, score, impact in told(
        "theme, mentions, nps_if_mentioned, impact", f"nps_by{f'_{of}' if of else ''}_theme", by
    ):
        shown = "no theme" if theme == "untagged" else theme
        assert f"<td>{shown}</td>" in text
        row = text.split(f"<td>{shown}</td>")[1].split("</tr>")[0]
        assert f">{mentions}<" in row
        assert f">{score:.1f}<" in row
        assert (f">{signed(impact)}</td><td" in row) == (theme != "untagged")
    cases = f"{this} and cases > 0" + (" and branch = 'OS'" if of == "branch" else "")
    loops = told("cases, overdue, in_time_rate", "closed_loop", cases + (" and branch <> 'ST'" if of else ""))
    assert loops
    for count, overdue, rate in loops:
        assert f">{count}<" in text
        assert f">{overdue}<" in text
        assert f"{rate:.0%}" in text
    rivals = told("rank, nps, gap_to_rivals, change_beside_rivals", "nps_rivals", this)
    for rank, score, gap, beside in rivals if of is None else []:
        assert f"<td>{rank}" in text
        assert f'>{score:.1f}</td><td class="number extra">{signed(gap)}<' in text
        assert f">{signed(beside)}<" in text
    assert ("Beside rivals" in text) == (of is None)
    assert ("Reasons that clients gave" in text) == (of != "region")
    assert "Rival &lt;1&gt;" in text or of
    assert "<1>" not in text


def test_nothing_is_said_of_what_no_table_is_about(home: Path) -> None:
    html = read(home, Subject("branch", "OS"), period_of(None, None, "2025"))
    assert "Who moved" not in html, "years have no movement"
    assert "Beside rivals" not in html
    assert "Employees" not in html


def test_a_report_of_a_branch_is_of_that_branch_alone(home: Path) -> None:
    html = read(home, Subject("branch", "os"), period_of("2025-02", None, None))
    [(score,)] = published(
        home,
        "select nps from marts.nps_by_branch where branch = 'OS' and period_grain = 'month' and period_start = '2025-02-01'",
    )
    assert f"<b>{score:.1f}</b>".replace("-", "\N{MINUS SIGN}") in html
    assert "Osijek, February 2025" in html
    assert "Zagreb" not in html
    assert "Employees" not in html


def test_a_report_of_a_region_compares_its_branches(home: Path) -> None:
    html = read(home, Subject("region", "center"))
    assert "Center, 2nd quarter 2025" in html
    assert "Zagreb" in html
    assert "Osijek" in html
    assert "Žminj" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_of_a_region_says_where_its_branches_of_today_have_other_answers(home: Path, language: str) -> None:
    said = of_pages()[language]["branches_now"].partition("{")[0]
    with asking(home / "published" / "nps.duckdb") as ask:
        found = figures(ask, Subject("region", "Center"), None)
    assert found.headline["responses"] == sum(row["responses"] for row in found.groups["branch"]) > 0
    assert said not in page(found, language, "UTC")
    moved = replace(found, groups={"branch": found.groups["branch"][1:]})
    assert said in page(moved, language, "UTC")


def test_a_report_needs_nothing_else_and_runs_nothing(home: Path) -> None:
    html = read(home)
    assert not re.search(r"<(?:script|link|img|iframe|object|image)\b", html)
    assert {*re.findall(r"https?://[^\s\"'<]+", html)} <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert html.count('role="img"') >= 4
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len({*ids})


def test_a_branch_is_shown_as_it_is_called(home: Path) -> None:
    html = read(home, Subject("branch", "ST"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x_1$ &amp; &#34;Sons&#34; Žminj" in html
    assert "$x_1$" in read(home), "in the chart too, where it is no formula"


def test_the_same_figures_make_the_same_bytes(home: Path) -> None:
    assert read(home) == read(home)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words(language: str) -> None:
    words = of_pages()
    assert {*words} == {*LANGUAGES}
    assert {*words[language]["why"]} == {*with_outcome("rejected"), *with_outcome("excluded")}
    assert words[language].keys() == words["en"].keys()
    assert {*words[language]["of_band"]} == {*BANDS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_its_language(language: str, home: Path) -> None:
    html = read(home, language=language)
    assert f'<html lang="{language}">' in html
    assert of_pages()[language]["method_about"] in html.replace("&#39;", "'")


def of_pages() -> dict[str, Any]:
    """The words of pages by language."""
    return dict(yaml.safe_load((Path(pages.__file__).parent / "words.yaml").read_text("utf-8")))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--branch", "Paris"], "There is no branch 'Paris' in what is published; there are:"),
        (["--branch", "ZG", "--region", "Coast"], "one of them"),
        (["--month", "2031-01"], "Nothing is published of the company for 2031-01. The last is 20"),
        (["--month", "2025-13"], "is no month"),
    ],
)
def test_what_cannot_be_reported_is_a_sentence(arguments: list[str], sentence: str, home: Path, tmp_path: Path) -> None:
    found = nps("report", "--home", home, "--to", tmp_path / "report.html", *arguments)
    assert found.code == 2
    assert sentence in " ".join(found.said.split())
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (points(6.25, "en"), "6.3"), (points(-6.25, "hr"), "\N{MINUS SIGN}6,3"), (points(100 * 169 / 2000, "en"), "8.5"),
        (points(-0.04, "en", signed=True), "0.0"), (whole(2.5, "en"), "+3"), (share(0.125, "en"), "13%"),
        (share(0.0625, "en", digits=1), "6.3%"), (filters("en")["one"](0.25), "0.3"),
        (filters("en")["money"](0.125, "EUR"), "€0.13"),
    ],
)  # fmt: skip
def test_halves_are_rounded_as_in_duckdb_and_spreadsheets(written: str, says: str) -> None:
    assert written == says


def test_the_command_writes_a_page_that_is_whole(home: Path, tmp_path: Path) -> None:
    found = nps("report", "--home", home, "--to", tmp_path / "of" / "report.html", "--language", "hr")
    assert found.code == 0, found.said
    assert (tmp_path / "of" / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    assert [each.name for each in (tmp_path / "of").iterdir()] == ["report.html"]


def test_a_site_leads_to_a_report_of_the_company_each_region_and_each_branch(home: Path, tmp_path: Path) -> None:
    (tmp_path / "branch-closed.html").write_text("of a branch that is no more", "utf-8")
    (tmp_path / "about-us.html").write_text("of the company's own", "utf-8")
    with asking(home / "published" / "nps.duckdb") as ask:
        write_site(ask, tmp_path, "pl", "Europe/Zagreb")
        company = figures(ask, Subject(), None)
    index = (tmp_path / "index.html").read_text("utf-8")
    led_to = set(re.findall(r'href="([^"]+)"', index))
    assert {file.name for file in tmp_path.iterdir()} == led_to | {"index.html", "about-us.html"}
    assert {"company.html", "region-coast.html", "region-center.html", "branch-zg.html", "branch-st.html"} <= led_to
    assert "<script" not in index
    assert f"<b>{points(company.headline['nps'], 'pl')}</b>" in index
    assert WICKED.partition("$")[2] not in index, "& and quotes are escaped"


def test_names_that_no_chart_has_room_or_letters_for_are_drawn_all_the_same() -> None:
    names = ["x" * 5000, "\u4e0a\u6d77", "\x1b[31mSplit", "$7*7$"]
    rows = [{"name": name, "effect": 1.0, "interval": (0.5, 1.5)} for name in names]
    assert [plain(name) for name in names] == ["x" * 39 + "…", names[1], r"\x1b[31mSplit", r"\$7*7\$"]
    drawn = effects(rows, partial(points, language="en"), "Impact")
    assert names[1] in drawn
    assert "x" * 41 not in drawn
