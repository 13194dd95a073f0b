"""Answers that stand in several rows of one file with times of their own: once for each leg of a call."""

from __future__ import annotations

from pathlib import Path

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle


def written(folder: Path, heading: str, *, differ: bool = False) -> Path:
    """44 calls, four of each score, half of them in two rows and all of these half a minute apart."""
    rows = []
    for call in range(44):
        for leg in range(1 + call % 2):
            score = (call * 7 + 3 * leg * differ) % 11
            rows.append(f"2024-01-{1 + call // 2:02} 10:{call:02}:{3 + 30 * leg:02},17000{call}.{call * 3},{score}")
    (folder / "x.csv").write_text("\n".join([f"Date,{heading},Score", *rows]) + "\n", "utf-8")
    return folder / "x.csv"


def test_calls_that_are_told_leg_by_leg_are_asked_about_and_counted_once(tmp_path: Path) -> None:
    file = written(tmp_path, "Call ID")
    [question] = sniff(file).questions
    assert "'Call ID' is the same in several rows of one score each" in question
    assert "22 of 66 rows would count again" in question
    settled = settle(tmp_path / "home", file, answers={"Call ID": "Call ID"})
    assert settled.figure == (44, round(100 * (8 - 28) / 44, 1))
    assert settle(tmp_path / "all", file, answers={"Call ID": None}).figure[0] == 66


def test_whatever_the_heading_says(tmp_path: Path) -> None:
    assert "'linkedid' is the same in several rows" in " ".join(sniff(written(tmp_path, "linkedid")).questions)


def test_keys_of_one_call_are_asked_about_and_what_people_share_on_other_days_is_not(tmp_path: Path) -> None:
    file = written(tmp_path, "Call ID", differ=True)
    [question] = sniff(file).questions
    assert "'Call ID' is the same in several rows of one day with different scores" in question
    assert "22 of 66 rows would count beside another one" in question
    assert settle(tmp_path / "home", file, answers={"Call ID": "Call ID"}).figure[0] == 44
    later = [
        line.replace(":33,", ":03,").replace("2024-01", "2024-02") if ":33," in line else line for line in lines(file)
    ]
    file.write_text("\n".join(later), "utf-8")
    assert sniff(file).questions == []


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()
