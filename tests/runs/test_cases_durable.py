"""Names in several spellings, from small files to what is published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.support.cases import OWN
from tests.support.scenario import Settings, by, land, marts, night, nps, published, source, workspace
from transforms.texts.spelling import clean, key, labels, mixed_scripts

COLUMNS = {"score": "score", "responded_at": "date", "branch": "branch"}
PECS = ["Pécs", "Pe\u0301cs", "PÉCS", "Pécs\u200b", "Pécs\u00a0", "  pécs", "Pé\u00adcs"]


def sums(counts: dict[str, tuple[int, int, int]]) -> dict[str, int]:
    return {name: sum(of) for name, of in counts.items()}


@pytest.fixture(scope="module")
def spelt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = workspace(
        tmp_path_factory.mktemp("spelt") / "home", {"sources": {"shops": source("shops", columns=COLUMNS)}}
    )
    land(home, "shops/spellings.csv", OWN / "durable" / "spellings.csv")
    return home


def test_spellings_of_one_branch_are_one_and_it_is_said(spelt: Path) -> None:
    told = night(spelt)
    assert sums(by(spelt, "shops", "branch")) == {"Pécs": 12, "\u0420écs": 1, "unknown": 1}
    assert "The branch Pécs is also spelt 'Pe\\u0301cs' (3), " in told.out
    assert "\u0420écs has a word with letters of Cyrillic and Latin" in told.out
    assert "is also spelt" in nps("status", "--home", spelt).out
    rows = published(spelt, "select spelling, responses from meta.spellings where shown_as = 'Pécs' order by all")
    assert dict(rows) == {"Pécs": 6, "Pe\u0301cs": 3, "PÉCS": 2, "Pécs\u200b": 1}


def test_the_spelling_of_most_answers_is_shown_in_all_months_once_it_is_most(spelt: Path, tmp_path: Path) -> None:
    land(spelt, "shops/more.csv", "branch;score;date\n" + "PÉCS;9;2025-06-10\n" * 9, day=2)
    night(spelt)
    assert published(spelt, "select branch, count(distinct month) from marts.fct_nps group by all order by all") == [
        ("PÉCS", 4), ("unknown", 1), ("\u0420écs", 1),
    ]  # fmt: skip
    found = marts(spelt)
    anew = workspace(tmp_path / "anew", {"sources": {"shops": source("shops", columns=COLUMNS)}})
    for file in (spelt / "landing" / "shops").iterdir():
        land(anew, f"shops/{file.name}", file)
    night(anew)
    assert marts(anew) == found


def test_a_declared_branch_is_matched_as_it_stands_first_and_then_in_any_spelling(tmp_path: Path) -> None:
    settings: Settings = {
        "sources": {"shops": source("shops", columns=COLUMNS)},
        "dimensions": {
            "branches": {"kind": "csv", "files": "landing/lists/*", "columns": {"branch": "code", "name": "name"}}
        },
    }
    home = workspace(tmp_path / "home", settings)
    land(home, "lists/a.csv", "code,name\nPE,Pe\u0301cs\nZG,one\nzg,two\n")
    names = [*PECS, "ZG", "zg", "Zg", "pe"]
    land(home, "shops/a.csv", "branch,score,date\n" + "".join(f"{name},9,2025-01-10\n" for name in names))
    night(home)
    assert sums(by(home, "shops", "branch")) == {"PE": 8, "ZG": 1, "zg": 1, "unknown": 1}


def test_industries_departments_and_channels_are_spelt_in_several_ways_too(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "industry": "industry", "channel": "channel"}
    settings: Settings = {
        "sources": {"shops": source("shops", columns=columns)},
        "industries": {"synonyms": {"café": ["Kaffee"]}},
    }
    home = workspace(tmp_path / "home", settings)
    lines = ["CAFE\u0301,Web", "kaffee\u200b,WEB", "Bau,Web", "bau,phone", "Bau,phone"]
    land(home, "shops/a.csv", "industry,channel,score,date\n" + "".join(f"{line},9,2025-01-10\n" for line in lines))
    night(home)
    assert sums(by(home, "shops", "industry")) == {"Bau": 3, "café": 2}
    assert sums(by(home, "shops", "channel")) == {"Web": 3, "phone": 2}


def test_a_survey_in_another_spelling_of_the_same_look_is_the_same_survey(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "survey": "survey"}
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", columns=columns, delivery="snapshot")}})
    land(home, "shops/a.csv", "survey,score,date\nPécs,9,2025-01-10\n")
    land(home, "shops/b.csv", "survey,score,date\nPe\u0301cs,2,2025-01-10\nPe\u0301cs\u200b,3,2025-01-10\n", day=2)
    night(home)
    assert by(home, "Pécs", "survey") == {"Pécs": (0, 0, 2)}


def test_what_web_pages_write_for_a_character_is_that_character() -> None:
    names = ("A &amp; B", "&#268;akovec", "&#x10D;", "&nbsp;Split&nbsp;", "AT&T", "R&D; x", "&unknown;")
    assert [clean(name) for name in names] == ["A & B", "Čakovec", "č", "Split", "AT&T", "R&D; x", "&unknown;"]
    assert key("A &AMP; B") == key("a & b")


def test_spellings_have_one_key_and_other_names_have_another() -> None:
    assert {key(name) for name in PECS} == {"pécs"}
    assert key("Pecs") != key("Pécs")
    assert clean("\u200b \ufeff") == ""
    assert [mixed_scripts(name) for name in ("\u0420écs", "Pécs", "IT-отдел", "\u0391thens")] == [
        "Cyrillic and Latin", None, None, "Greek and Latin",
    ]  # fmt: skip


def test_what_is_declared_is_shown_as_it_is_also_where_nobody_spells_it_so() -> None:
    rows = [("programme", "Panel", 2), ("programme", "PANEL", 1), ("programme", "A", 1), ("programme", "Both", 1)]
    counted = pl.DataFrame(rows, schema=["attribute", "spelling", "responses"], orient="row")
    found = labels(counted, {"programme": ["panel", "both", "BOTH"], "branch": ["a"]})
    assert dict(found.select("spelling", "shown_as").iter_rows()) == {
        "Panel": "panel", "PANEL": "panel", "A": "A", "Both": "Both",
    }  # fmt: skip


def test_of_equally_many_answers_the_first_by_code_point_is_shown() -> None:
    rows = [("branch", "b", 2), ("branch", "B", 2), ("branch", "C", 1), ("branch", "c", 3), ("branch", "Unknown", 5)]
    rows += [("branch", "unknown", 1)]
    counted = pl.DataFrame(rows, schema=["attribute", "spelling", "responses"], orient="row")
    found = labels(counted, {"branch": ["unknown"]})
    assert dict(found.select("spelling", "shown_as").iter_rows()) == {
        "b": "B", "B": "B", "C": "c", "c": "c", "Unknown": "unknown", "unknown": "unknown",
    }  # fmt: skip
