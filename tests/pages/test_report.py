"""Reports: their figures are those of the marts, they need nothing else, and every name is shown as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pipelines.pages import report as pages
from pipelines.pages.figures import Subject, figures
from pipelines.pages.report import LANGUAGES, page
from pipelines.report.cells import Period, period_of
from tests.support.scenario import land, nps, published, source, workspace
from warehouse.query import asking

WICKED = '<script>alert(1)</script> $x_1$ & "Sons" Žminj'
COLUMNS = {"response_id": "Id", "responded_at": "Date", "branch": "Branch", "score": "Score"}
STAFF = {"response_id": "Id", "responded_at": "Date", "department": "Branch", "score": "Score"}
BRANCHES = ("ZG", "ST", "OS")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests only look at it. Two quarters of three branches, one of which falls; a target, and staff."""
    settings = {
        "sources": {"shops": source("shops", columns=COLUMNS), "staff": source("staff", metric="enps", columns=STAFF)},
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
        f"{branch}{month}{n},2025-0{month}-0{1 + n},{branch},{scores[branch][(n + (month > 3) * (branch == 'ZG')) % 4]}"
        for branch in BRANCHES for month in range(1, 7) for n in range(8)
    ]  # fmt: skip
    land(home, "shops/all.csv", "Id,Date,Branch,Score\n" + "\n".join([*rows, "bad,2025-06-01,ZG,eleven"]))
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


def test_a_report_says_what_the_marts_say(home: Path) -> None:
    html = read(home)
    where = "period_grain = 'quarter' and period_start = '2025-04-01'"
    [(score, low, high, answers, gap)] = published(
        home, f"select nps, ci_low, ci_high, responses, gap_to_target from marts.nps_overall where {where}"
    )
    text = html.replace("\N{MINUS SIGN}", "-")
    assert f"<b>{score:.1f}</b>" in text
    assert f"{low:.1f} … {high:.1f}" in text
    assert f"<dd>{answers}</dd>" in text
    assert f"<small>{gap:+.1f}</small>" in text
    for (each,) in published(home, f"select nps from marts.nps_by_branch where {where}"):
        assert f">{each:.1f}<" in text, "behind its branch in the chart"
    for effect, _ in published(
        home, f"select effect, member from marts.nps_change_drivers where dimension = 'branch' and {where}"
    ):
        assert f"{round(effect, 1) + 0.0:+.1f}<" in text
    assert "score_unreadable" in html
    assert "Employees" in html


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
def test_every_language_has_all_words(language: str, home: Path) -> None:
    words = yaml.safe_load((Path(pages.__file__).parent / "words.yaml").read_text("utf-8"))
    assert {*words} == {*LANGUAGES}
    assert words[language].keys() == words["en"].keys()
    html = read(home, language=language)
    assert f'<html lang="{language}">' in html
    assert words[language]["method_about"] in html.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--branch", "Paris"], "There is no branch 'Paris' in what is published; there are:"),
        (["--branch", "ZG", "--region", "Coast"], "one of them"),
        (["--month", "2031-01"], "Nothing is published of the company for 2031-01"),
        (["--month", "2025-13"], "is no month"),
    ],
)
def test_what_cannot_be_reported_is_a_sentence(arguments: list[str], sentence: str, home: Path, tmp_path: Path) -> None:
    found = nps("report", "--home", home, "--to", tmp_path / "report.html", *arguments)
    assert found.code == 2
    assert sentence in " ".join(found.said.split())
    assert not (tmp_path / "report.html").exists()


def test_the_command_writes_a_page_that_is_whole(home: Path, tmp_path: Path) -> None:
    found = nps("report", "--home", home, "--to", tmp_path / "of" / "report.html", "--language", "hr")
    assert found.code == 0, found.said
    assert (tmp_path / "of" / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    assert [each.name for each in (tmp_path / "of").iterdir()] == ["report.html"]
