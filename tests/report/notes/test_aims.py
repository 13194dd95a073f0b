"""Targets and benchmarks that nothing is held against are told."""

from __future__ import annotations

from pathlib import Path

from tests.support.scenario import land, nps, published, source, workspace


def test_a_target_of_a_branch_that_no_answer_is_of_is_told(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "branch": "shop"}
    targets = [{"nps": 40, "valid_from": "2025-01-01", "branch": name} for name in ("zg", "Split")]
    benchmarks = [
        {"nps": 40, "year": 2024, "source": "x", "industry": "retail"},
        {"nps": 30, "year": 2024, "source": "x"},
    ]
    settings = {"sources": {"shops": source("shops", columns=columns)}, "targets": targets, "benchmarks": benchmarks}
    home = workspace(tmp_path, settings)
    land(home, "shops/a.csv", "score,date,shop\n9,2025-03-01,ZG\n8,2025-03-02,ST\n3,2025-03-03,ZG\n")
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert "No answer is of the branch Split, of which nps.yaml has a target" in told.said
    assert "Name it as marts.nps_by_branch does: ZG, ST." in told.said
    assert "No answer is of the industry retail, of which nps.yaml has a benchmark" in told.said
    assert "zg" not in told.said
    assert "branch Split" in nps("status", "--home", home).said


def test_a_headline_that_no_answer_is_of_is_told_since_the_score_of_the_company_is_empty_then(tmp_path: Path) -> None:
    columns = {"score": "score", "responded_at": "date", "programme": "why"}
    settings = {"sources": {"shops": source("shops", columns=columns)}, "headline": ["Relational", "panel"]}
    home = workspace(tmp_path, settings)
    land(home, "shops/a.csv", "score,date,why\n9,2025-03-01,relationship\n8,2025-03-02,Panel\n")
    told = nps("run", "--home", home)
    assert told.code == 0, told.said
    assert "No answer is of the programme Relational, which nps.yaml names as headline" in told.said
    assert "Name it as marts.nps_by_programme does: panel, relationship." in told.said
    assert "of the programme panel" not in told.said
    # However it is written, it is of the headline.
    assert published(home, "select responses from marts.nps_overall where period_grain = 'month'") == [(1,)]
    assert "1 answer" in nps("explain", "--month", "2025-03", "--home", home).said
