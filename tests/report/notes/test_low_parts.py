"""What is told of surveys, channels and branches in which nobody is a promoter, where others have many."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.report.notes.odd_figures import low_parts
from warehouse.published.query import asking

Row = tuple[int, str, str, str, int, int, int]
"""Month, survey, channel, branch, promoters, passives, detractors."""
OTHERS: list[Row] = [(month, "web", "mail", "Split", 40, 20, 40) for month in (1, 2, 3, 4)]


def odd(folder: Path) -> list[str]:
    with asking(folder / "nps.duckdb") as ask:
        return low_parts(ask)


def told(folder: Path, rows: list[Row]) -> list[str]:
    with duckdb.connect(str(folder / "nps.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_nps (month date, survey text, channel text, branch text, responses int, "
            "promoters int, passives int, detractors int)"
        )
        for month, survey, channel, branch, *groups in rows:
            values = [date(2024, month, 1), survey, channel, branch, sum(groups), *groups]
            connection.execute("insert into marts.fct_nps values ($1, $2, $3, $4, $5, $6, $7, $8)", values)
    return odd(folder)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (("web", "mail", "Rijeka"), "branch Rijeka"),
        (("web", "sms", "Split"), "channel sms"),
        (("ivr", "mail", "Split"), "survey ivr"),
    ],
)
def test_a_part_without_promoters_is_told_with_its_months(
    part: tuple[str, str, str], name: str, tmp_path: Path
) -> None:
    rows: list[Row] = [(1, *part, 12, 0, 8), (2, *part, 0, 4, 26), (3, *part, 0, 0, 30), (4, *part, 9, 0, 9)]
    [said] = told(tmp_path, OTHERS + rows)
    assert said.startswith(
        f"None of 60 answers of {name} from 2024-02 to 2024-03 is a promoter's (NPS -93.3), where 40%"
    )


def test_a_survey_with_a_channel_and_a_branch_of_its_own_is_told_once(tmp_path: Path) -> None:
    [said] = told(tmp_path, [*OTHERS, (2, "ivr", "phone", "Rijeka", 0, 0, 60)])
    assert "survey ivr in 2024-02" in said


@pytest.mark.parametrize(
    "rows",
    [
        [(2, "web", "mail", "Rijeka", 0, 0, 29)],
        [(2, "web", "mail", "Rijeka", 1, 0, 59)],
        [(2, "web", "mail", "unknown", 0, 0, 60)],
        [(5, "web", "mail", "Split", 12, 8, 40), (5, "web", "mail", "Rijeka", 0, 0, 35)],
        [(6, "web", "mail", "Rijeka", 0, 0, 60)],
    ],
    ids=["few answers", "a promoter", "unknown", "as chance may have it", "nothing beside it"],
)
def test_others_are_not(rows: list[Row], tmp_path: Path) -> None:
    assert told(tmp_path, OTHERS + rows) == []
