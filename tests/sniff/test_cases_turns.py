"""One question in several columns, each filled where the others are blank."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle

ENGLISH = "How likely are you to recommend us? (0-10)"
GERMAN = "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen? (0-10)"


def in_turns(folder: Path, headings: Sequence[str], *, both: int = 0) -> Path:
    """Sixty answers; each stands in the next column, and in `both` rows in all of them."""
    rows = []
    for at in range(60):
        cells = [str(at % 11) if at < both or at % len(headings) == number else "" for number in range(len(headings))]
        rows.append(",".join([f"2024-01-{1 + at % 28:02}", *cells]))
    quoted = ",".join(f'"{each}"' for each in ("Date", *headings))
    (folder / "x.csv").write_text("\n".join([quoted, *rows, ""]), "utf-8")
    return folder / "x.csv"


@pytest.mark.parametrize(
    "headings",
    [
        (ENGLISH, GERMAN),
        ("NPS", "Koliko je vjerojatno da biste nas preporučili?"),
        ("Recommend Split (0-10)", "Recommend Zagreb (0-10)", "Recommend Rijeka (0-10)"),
    ],
)
def test_answers_that_stand_in_another_column_where_the_score_is_blank_are_asked_about(
    tmp_path: Path, headings: Sequence[str]
) -> None:
    asked = [each for each in sniff(in_turns(tmp_path, headings)).questions if ".score: " in each]
    assert len(asked) == 1
    assert "is blank, others are filled" in asked[0]
    assert all(heading in asked[0] for heading in headings)


def test_columns_that_are_filled_in_the_same_rows_do_not_take_turns(tmp_path: Path) -> None:
    questions = sniff(in_turns(tmp_path, (ENGLISH, GERMAN), both=20)).questions
    assert not any("others are filled" in each for each in questions)


def test_all_answers_count_once_each_column_is_declared(tmp_path: Path) -> None:
    both = f'en: {{columns: {{score: "{ENGLISH}"}}}}, de: {{columns: {{score: "{GERMAN}"}}}}'
    settled = settle(
        tmp_path / "home",
        in_turns(tmp_path, (ENGLISH, GERMAN)),
        answers={"score": None},
        add={"    columns:": f"    answers: {{{both}}}\n    columns:"},
    )
    promoters, detractors = sum(at % 11 > 8 for at in range(60)), sum(at % 11 < 7 for at in range(60))
    assert settled.figure == (60, round(100 * (promoters - detractors) / 60, 1))


@pytest.mark.parametrize("headings", [("Client,Jan 2024,Feb 2024", ",NPS,NPS"), ("Client,2024-01,2024-02",)])
def test_columns_of_scores_below_months_are_dated_by_them(headings: Sequence[str], tmp_path: Path) -> None:
    rows = [f"K{at},{at % 11},{(at * 7) % 11 if at else 10}" for at in range(33)]
    (tmp_path / "x.csv").write_text("\n".join([*headings, *rows, ""]), "utf-8")
    [asked] = [each for each in sniff(tmp_path / "x.csv").questions if ".score: " in each]
    given = asked[asked.index("answers: {") : asked.index(" beside columns")]
    settled = settle(
        tmp_path / "home",
        tmp_path / "x.csv",
        answers={" score: '?": None, "when was it answered": None, "scale": "0-10"},
        add={"    columns:": f"    {given}\n    columns:", "    defaults:\n": ""},
    )
    assert {each["status"] for each in settled.verdicts.values()} == {"accepted"}
    assert settled.by("month") == {"2024-01": (33, -45.5), "2024-02": (33, -39.4)}


@pytest.mark.parametrize("other", ["Shop", "Branch.name"])
def test_a_branch_that_stands_in_another_column_where_the_first_is_blank_is_asked_about(
    tmp_path: Path, other: str
) -> None:
    cells = [("Split", "Zagreb")[at // 2 % 2] for at in range(60)]
    rows = [f"2024-01-{1 + at % 28:02},{at % 11},{f',{b}' if at % 2 else f'{b},'}" for at, b in enumerate(cells)]
    (tmp_path / "x.csv").write_text("\n".join([f"Date,NPS (0-10),Branch,{other}", *rows, ""]), "utf-8")
    asked = [each for each in sniff(tmp_path / "x.csv").questions if ".branch: " in each]
    assert len(asked) == 1
    assert f"where 'Branch' is blank, others are filled: '{other}' in 30 rows" in asked[0]
