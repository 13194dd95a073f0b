"""Attempts to ask somebody that stand twice, or of which a later file tells less."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.notes.earlier import attempted as notes_on_attempts
from tests.support.scenario import land, noted, source, workspace
from transforms.asking import contacts

COLUMNS = {"respondent": "phone", "responded_at": "called", "score": "score"}
ENDS = {"column": "end", "answered": ["done"], "delivered": ["busy"], "undeliverable": ["wrong"]}
LETTERS = {"columns": {"respondent": "phone"}, "asked": {"at": "called", "answered_in": "log", "wave": "wave"}}


def log(many: int, of: str = "%02d:%02d", first: int = 0) -> list[str]:
    ends = ["done", "busy", "wrong", "busy"]
    return [
        f"p{n},2025-03-{1 + n % 28:02} {of % (8 + n % 9, n * 7 % 60) if of else ''},{n % 11 if n % 4 == 0 else ''},"
        f"{ends[n % 4]},w"
        for n in range(first, first + many)
    ]


def notes(tmp_path: Path, *files: list[str], **settings: Any) -> list[str]:  # noqa: ANN401 - as nps.yaml has it
    log_of = source("log", columns=COLUMNS, contacts=True, outcome=ENDS, defaults={"survey": "s"})
    letters = source("letters", contacts=True, outcome=ENDS, defaults={"survey": "s"}, **{**LETTERS, **settings})
    home = workspace(tmp_path, {"sources": {"log": log_of, "letters": letters} if settings else {"log": log_of}})
    for day, rows in enumerate(files, 1):
        land(
            home,
            f"{'letters' if settings else 'log'}/{day}.csv",
            "\n".join(["phone,called,score,end,wave", *rows]),
            day,
        )
    return [*noted(home).values()]


@pytest.mark.parametrize("of", ["%02d:%02d", ""])
def test_a_log_that_was_appended_to_itself_is_told(of: str, tmp_path: Path) -> None:
    [told] = notes(tmp_path, log(80, of) * 2)
    assert (
        f"80 of its 160 attempts to ask somebody are of the same person, {'time' if of else 'day'} and outcome" in told
    )


def test_people_who_are_called_again_are_told_of_nothing(tmp_path: Path) -> None:
    later = [row.replace(" ", " 1") for row in log(80, "%d:%02d")]
    assert "same person" not in " ".join(notes(tmp_path, log(80, "%d:%02d") + later))


def test_of_two_files_with_the_same_attempts_each_counts_once_and_none_is_told(tmp_path: Path) -> None:
    assert "same person" not in " ".join(notes(tmp_path, log(80), log(80) + log(40, first=80)))


def test_an_outcome_that_is_gone_in_a_later_file_is_told(tmp_path: Path) -> None:
    late = [row.replace("wrong", "busy") for row in log(100, first=100)]
    first, second = notes(tmp_path, log(100), late)
    assert "undeliverable" not in first
    assert "None of its 100 attempts to ask somebody is undeliverable, while 25 of 100 in landing/log/1.csv" in second
    assert "undeliverable" not in notes(tmp_path / "whole", log(100), log(100, first=100))[1]


def test_a_snapshot_of_letters_with_fewer_of_them_is_told(tmp_path: Path) -> None:
    _, told = notes(tmp_path, log(100), log(60), delivery="snapshot")
    assert "It holds 60 attempts to ask somebody of s, w, fewer than the 100 of landing/letters/1.csv" in told
    assert "fewer than" not in notes(tmp_path / "all", log(100), log(101), delivery="snapshot")[1]
    assert "fewer than" not in notes(tmp_path / "new", log(100), log(60), delivery="incremental")[1]


def test_a_log_that_has_lost_scores_of_answered_calls_is_told(tmp_path: Path) -> None:
    late = [re.sub(r",\d+,done", ",,done", row) if n % 8 else row for n, row in enumerate(log(400, first=400))]
    _, told = notes(tmp_path, log(400), late)
    assert "50 of its 100 attempts that were answered or begun have no score, and 0 of 100 of landing/log/1.csv" in told


def test_a_wave_that_begins_under_a_name_like_that_of_the_one_before_is_told(tmp_path: Path) -> None:
    def called(wave: str, first: int) -> list[str]:
        return [row[:-1] + wave for row in log(100, first=first)]

    _, told = notes(tmp_path, called("Autumn", 0), called("Autumn 2025", 100), delivery="incremental")
    assert "The wave 'Autumn 2025' of s begins in it, which is called like 'Autumn' in landing/letters/1.csv" in told
    other = notes(
        tmp_path / "next", called("Wave 1", 0), called("wave 1", 100), called("Wave 2", 200), delivery="incremental"
    )
    assert "begins in it" not in " ".join(other)


def test_a_wave_in_each_row_is_told_and_held_against_no_other(tmp_path: Path) -> None:
    def numbered(first: int) -> list[str]:
        return [f"{row[:-1]}L {first + number}" for number, row in enumerate(log(1000, first=first))]

    first, second = notes(tmp_path, numbered(0), numbered(1000), delivery="incremental")
    assert "It names 1,000 waves in 1,000 attempts to ask somebody: each counts as a campaign" in first
    assert "It names 1,000 waves" in second
    assert "begins in it" not in second
    assert "waves in" not in notes(tmp_path / "one", log(100), delivery="incremental")[0]


def test_of_very_many_attempts_those_of_some_people_tell_about_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "COUNTED_ALL", 300)
    monkeypatch.setattr(notes_on_attempts, "COUNTED_ALL", 300)
    [told] = notes(tmp_path, log(800) * 2)
    [about] = re.findall(r"About ([\d,]+) of its 1,600 attempts", told)
    assert int(about.replace(",", "")) == pytest.approx(800, rel=0.3)
