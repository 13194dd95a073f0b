"""Headings and cells of ten thousand characters, each of the kind over which some pattern might never end."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.scenario import land, source, taken_in, workspace

LENGTH = 10_000
#: What a look for addresses, dates, numbers, zones, words of headings, markup or records begins to match, again and again.
BEGINNINGS = (
    "a", "@", "a@", "a.", "ab@", "1", "1 ", "1.", "+1", "12/", "a/", "<c ", "{", "} ", "Q1", "aA", "probab ", "how likely ",
    "recommend ", "GMT", "UTC", "Mon ", "1 January ", "(", ")", "9 of ", "10 ", "_", "id", "\u200b", "\u0669", "a-",
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A column for each of them: endless in its heading and in two of its cells."""
    texts = [beginning * (LENGTH // len(beginning)) for beginning in BEGINNINGS]
    path = tmp_path_factory.mktemp("endless") / "endless.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["score", "date", *(f"{text}!" for text in texts)])
        for row in range(12):
            cells = texts if row in (3, 7) else ["x"] * len(texts)
            writer.writerow([row % 11, f"2025-01-{row + 1:02}", *cells])
    return path


def test_a_look_at_them_ends_and_finds_the_score_beside_them(file: Path) -> None:
    assert [each.column.name for each in sniff(file).found.scores if each.certain] == ["score"]


def test_a_night_with_them_ends_and_takes_in_each_row(file: Path, tmp_path: Path) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", scale="0-10")}})
    land(home, "shops/endless.csv", file)
    verdict = taken_in(home)["landing/shops/endless.csv"]
    assert (verdict["status"], verdict["accepted"]) == ("accepted", 12)


@pytest.mark.parametrize("column", ["score", "date"])
def test_endless_scores_and_dates_are_rejected(tmp_path: Path, column: str) -> None:
    home = workspace(tmp_path / "home", {"sources": {"shops": source("shops", scale="0-10", max_reject_share=1)}})
    rows = []
    for beginning in BEGINNINGS:
        text = beginning * (LENGTH // 5 // len(beginning)) + "!"
        rows.append([text, "2025-01-01"] if column == "score" else ["9", text])
    content = "\n".join(
        ",".join(f'"{cell}"' for cell in row) for row in [["score", "date"], *rows, ["9", "2025-01-01"]]
    )
    land(home, "shops/endless.csv", content)
    verdict = taken_in(home)["landing/shops/endless.csv"]
    assert (verdict["accepted"], verdict["rejected"]) == (1, len(BEGINNINGS))


@pytest.mark.parametrize("heading", ["NPS_{}", "Number of answers", "scale", "{} - 10", "{} = good"])
def test_a_number_too_long_to_be_read_is_none_wherever_one_is_looked_for(tmp_path: Path, heading: str) -> None:
    digits = "9" * LENGTH
    texts = [digits if row % 3 else f"{row % 11} = good" for row in range(24)]
    rows = [f"{row % 11},2025-01-{row + 1:02},{text}" for row, text in enumerate(texts)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join([f"score,date,{heading.format(digits)}", *rows]), "utf-8")
    assert 0 in {each.column.position for each in sniff(path).found.scores}
