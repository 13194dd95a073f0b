"""Files that were in already, read again by newer rules of this program: what that changed is said, and only that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake import judging
from pipelines.recipes import digests
from tests.support.scenario import configure, land, source, taken_in, workspace
from transforms.rows import staged
from transforms.rows.staged import CleaningRules, judge

#: What an older program made of a score that this one understands otherwise.
OLDER = {"10 minutes on hold": "10", "9. I waited nine weeks": "9", "9/10": "nine", "8 of 10": "7"}
SCORES = ["10 minutes on hold", "9. I waited nine weeks", "9/10", "8 of 10", *map(str, range(11)), "", "soon"]
UNSURE = "Newer rules of this program, or a change of nps.yaml in the meantime,"
SHOP = source("shop", max_reject_share=1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a file that an older program has taken in."""
    home = workspace(tmp_path / "home", {"sources": {"shop": SHOP}})
    rows = [f"{score},2024-03-{day:02}" for day, score in enumerate(SCORES, start=1)]
    land(home, "shop/march.csv", "\n".join(["score,date", *rows]) + "\n")
    with monkeypatch.context() as older:
        older.setattr(staged, "VERSION", staged.VERSION - 1)
        older.setattr(judging, "judge", judged_before)
        taken_in(home)
    return home


def judged_before(raw: pl.LazyFrame, rules: CleaningRules, digest: str) -> pl.LazyFrame:
    score = pl.col("score")
    return judge(raw.with_columns(score.replace_strict(OLDER, default=score)), rules, digest)


def verdict(home: Path) -> dict[str, Any]:
    [found] = taken_in(home).values()
    return found


def test_a_note_says_how_many_answers_newer_rules_changed(home: Path) -> None:
    [note] = verdict(home)["notes"]
    assert note == (
        "Newer rules of this program changed 4 of its 17 rows: 2 not counted any more (see nps rejects), 1 counted only "
        "now, 1 with another score."
    )
    assert (verdict(home)["accepted"], verdict(home)["rejected"]) == (13, 3)


def test_newer_rules_that_change_nothing_are_no_news(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_in(home)
    monkeypatch.setattr(digests, "version_of", lambda _: 99)
    load = verdict(home)["load_id"]
    assert verdict(home)["notes"] == []
    monkeypatch.setattr(staged, "VERSION", 99)
    assert verdict(home)["load_id"] != load
    assert verdict(home)["notes"] == []


def test_what_a_change_of_the_configuration_changes_is_no_news(home: Path) -> None:
    taken_in(home)
    configure(home, {"sources": {"shop": SHOP}, "history_from": "2024-02"})
    assert len(verdict(home)["notes"]) == 0
    configure(home, {"sources": {"shop": {**SHOP, "unanswered": ["3"]}}})
    assert (verdict(home)["accepted"], verdict(home)["notes"]) == (12, [])


def test_where_the_configuration_changed_too_nobody_knows_which_it_was(home: Path) -> None:
    configure(home, {"sources": {"shop": {**SHOP, "unanswered": ["3"]}}})
    [note] = verdict(home)["notes"]
    assert note.startswith(f"{UNSURE} changed 5 of its 17 rows: 3 not counted any more")


def test_a_record_without_its_rules_is_of_an_older_program(home: Path) -> None:
    lake = Context(open_workspace(home)).lake
    nothing = pl.lit(None, pl.String)
    lake.append("files", lake.ledger("files").with_columns(rules=nothing, settings=nothing))
    [note] = verdict(home)["notes"]
    assert note.startswith(f"{UNSURE} changed 4 of its 17 rows")


def test_a_file_that_newer_rules_hold_says_what_they_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judged_by_newer(raw: pl.LazyFrame, rules: CleaningRules, digest: str) -> pl.LazyFrame:
        return judge(raw.with_columns(score=pl.col("score").str.replace(r"^\d$", "x")), rules, digest)

    monkeypatch.setattr(judging, "judge", judged_by_newer)
    configure(home, {"sources": {"shop": {**SHOP, "max_reject_share": 0.5}}})
    found = verdict(home)
    assert found["status"] == "held"
    assert f"{UNSURE} changed 14 of its 17 rows: 12 not counted any more" in found["detail"]
