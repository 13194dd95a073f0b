"""What sniff asks where a survey is about rivals too, or surveys are of several programmes; and what then counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle
from tests.support.scenario import night, published

QUESTION = "How likely are you to recommend"
BRANDS = ("Acme", "Rivex", "Nordo")


def written(file: Path, heading: str, rows: Sequence[str]) -> Path:
    file.write_text("\n".join([heading, *rows, ""]), "utf-8")
    return file


def rows(third: Sequence[str]) -> list[str]:
    """Sixty answers with a third cell: of every third promoters alone, of the next ones detractors alone, of the last 7."""
    return [f"2024-05-{at % 28 + 1:02},{(10, 0, 7)[at % 3]},{third[at % len(third)]}" for at in range(60)]


def asked(file: Path) -> list[str]:
    return list(sniff(file).questions)


@pytest.mark.parametrize("heading", ["Brand", "Marka", "Бренд", "Marke", "Rated brand", "Competitor"])
def test_a_column_of_brands_is_asked(tmp_path: Path, heading: str) -> None:
    [question] = asked(written(tmp_path / "tracker.csv", f"date,{QUESTION} it?,{heading}", rows(BRANDS)))
    assert "Acme in 20 rows, Nordo in 20 rows, Rivex in 20 rows" in question
    assert "own_brands" in question


@pytest.mark.parametrize(
    ("heading", "third"),
    [
        ("Brand", ["Acme"]),
        ("Brand awareness", ["high", "low"]),
        ("Shop", BRANDS),
        ("Type", ["Panel", "panel"]),
        ("Market", BRANDS),
    ],
)
def test_one_brand_and_what_is_none_is_not_asked(tmp_path: Path, heading: str, third: Sequence[str]) -> None:
    questions = asked(written(tmp_path / "tracker.csv", f"date,{QUESTION} us?,{heading}", rows(third)))
    assert not any("brand" in each or "headline" in each for each in questions)


def test_brands_that_have_a_file_each_are_asked(tmp_path: Path) -> None:
    files = [
        written(
            tmp_path / f"tracker_{month}.csv",
            f"date,{QUESTION} it?,Brand",
            [each.replace("05-", month) for each in rows([brand])],
        )
        for month, brand in (("05-", "Acme"), ("06-", "Rivex"))
    ]
    settled = settle(tmp_path / "home", *files, answers={})
    assert any("Acme in 60 rows, Rivex in 60 rows" in each for each in settled.asked), settled.asked


@pytest.mark.parametrize("third", [["Relationship", "Transactional"], ["Транзакционный", "Реляционный", "Панель"]])
def test_a_column_of_programmes_is_asked(tmp_path: Path, third: Sequence[str]) -> None:
    questions = asked(written(tmp_path / "answers.csv", f"date,{QUESTION} us?,Study", rows(third)))
    assert any("headline" in each for each in questions)


def test_scores_of_several_brands_in_one_row_are_asked(tmp_path: Path) -> None:
    heading = ",".join(["date", *(f"{QUESTION} {brand}?" for brand in BRANDS)])
    questions = asked(
        written(tmp_path / "wide.csv", heading, [f"2024-05-01,{at % 11},{at % 7},10" for at in range(40)])
    )
    assert any("defaults: {brand: its name}" in each for each in questions)


def test_files_of_two_programmes_are_asked_and_one_of_them_is_the_score(tmp_path: Path) -> None:
    one = written(tmp_path / "relationship_2024.csv", f"date,{QUESTION} it?,Brand", rows(BRANDS))
    other = written(tmp_path / "transactional_2024.csv", f"date,{QUESTION} us?,Shop", rows(["North"]))
    settled = settle(
        tmp_path / "home", one, other,
        answers={"says relationship": "relationship", "says transactional": "visits", "Acme in 20 rows": "Brand"},
        add={"timezone: UTC": "timezone: UTC\nown_brands: [Acme]\nheadline: relationship"},
    )  # fmt: skip
    assert settled.unanswered == []
    assert len(settled.asked) == 3
    night(settled.home)
    year = "where period_grain = 'year'"
    assert published(settled.home, f"select responses, nps from marts.nps_overall {year}") == [(20, 100.0)]
    brands = published(settled.home, f"select brand, responses, nps from marts.nps_by_brand {year} order by all")
    assert brands == [("Nordo", 20, 0.0), ("Rivex", 20, -100.0), ("own", 80, 25.0)]
    programmes = published(settled.home, f"select programme, responses from marts.nps_by_programme {year} order by all")
    assert programmes == [("relationship", 20), ("visits", 60)]
