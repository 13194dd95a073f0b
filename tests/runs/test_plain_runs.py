"""Most nights of tests go without Dagster; what they say and publish is what Dagster's own nights do."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from expectations.check import Verdict
from pipelines.stages import months
from pipelines.stages import publish as stage
from tests.support.built import built, counted
from tests.support.scenario import Told, land, marts, night, nps, published, source, workspace

ANSWERS = "score,date\n9,2025-01-03\n3,2025-01-04\n10,2025-03-05\n"


def both(home: Path) -> tuple[Told, Told]:
    """The same night in two workspaces: without Dagster, and in it."""
    told = []
    for name, recorded in (("plain", False), ("dagster", True)):
        own = workspace(home / name, {"sources": {"web": source("web"), "shop": source("shop")}})
        land(own, "web/good.csv", ANSWERS)
        land(own, "web/bad.csv", "score,when\n9,2025-01-03\n")
        land(own, "shop/odd.csv", "score,date\n9,2025-01-03\n11,2025-01-04\n")
        night = nps("run", "--home", own, recorded=recorded)
        told.append(Told(night.code, night.out.replace(str(own), "HOME"), night.err.replace(str(own), "HOME")))
    return told[0], told[1]


def test_a_night_says_and_publishes_the_same_without_dagster(tmp_path: Path) -> None:
    plain, dagster = both(tmp_path)
    assert plain == dagster
    assert plain.code == 3
    assert marts(tmp_path / "plain") == marts(tmp_path / "dagster")


def test_what_is_built_counts_as_what_is_published(tmp_path: Path) -> None:
    columns = {name: name for name in ("score", "branch", "brand", "respondent")} | {"responded_at": "date"}
    sources = {"web": source("web", columns=columns), "staff": source("staff", metric="enps")}
    home = workspace(tmp_path / "home", {"sources": sources})
    rows = [
        f"{at % 11},2025-0{1 + at % 3}-05,{('ZG', '', 'ST')[at % 3]},{('own', 'rival')[at % 5 == 0]},p{at % 30}"
        for at in range(60)
    ]
    land(home, "web/a.csv", "\n".join(["score,date,branch,brand,respondent", *rows]))
    land(home, "staff/a.csv", ANSWERS)
    verdict = built(home)["landing/web/a.csv"]
    names, groups = ("responses", "promoters", "passives", "detractors"), ("month", "branch", "survey")
    facts = counted(home).group_by(groups).agg(pl.col(names).sum()).sort(groups)
    night(home)
    sums = ", ".join(f"sum({name})::int" for name in names)
    told = f"select strftime(month, '%Y-%m'), branch, survey, {sums} from marts.fct_nps group by all order by all"
    assert facts.rows() == published(home, told)
    about = "status, rows_read, accepted, unanswered, excluded, rejected"
    [found] = published(home, f"select {about}, coalesce(notes, '') from meta.files where source = 'web'")
    assert found == (*(verdict[name] for name in about.split(", ")), " ".join(verdict["notes"] or ()))


@pytest.mark.parametrize("what", ["build_candidate", "check_candidate"])
def test_what_breaks_is_said_the_same_without_dagster(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such luck") from KeyError("lost")

    monkeypatch.setattr(stage, what, broken)
    plain, dagster = both(tmp_path)
    assert plain == dagster
    assert plain.code == 1


@pytest.mark.parametrize("gate", ["check_responses", "check_facts"])
def test_a_rule_that_fails_stops_both_the_same(gate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = getattr(months, gate)

    def failing(*given: object) -> list[Verdict]:
        first, *others = judge(*given)
        return [replace(first, passed=False, rows=7), *others]

    monkeypatch.setattr(months, gate, failing)
    plain, dagster = both(tmp_path)
    assert plain == dagster
    assert plain.code == 1
