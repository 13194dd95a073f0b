"""Months that had ended stay as they are when a source brings very much more or less of them, until a person accepts it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.recipes.figures import response_rules
from pipelines.report.notes.silence import silent_sources
from tests.support.scenario import Settings, Told, configure, land, night, nps, published, source, workspace
from warehouse.months.plan import make_plan

HEADED = {"response_id": "id", "score": "score", "responded_at": "date"}
SETTINGS: Settings = {
    "sources": {
        "late": source("late", columns=HEADED),
        "export": source("export", columns=HEADED, delivery="snapshot"),
        "young": source("young", columns=HEADED),
    }
}
USUAL = dict.fromkeys(range(1, 9), 40)


def rows(counts: dict[int, int], name: str = "") -> str:
    """So many answers of months of 2025."""
    listed = [f"{name}{month}-{n},9,2025-{month:02}-10" for month, number in counts.items() for n in range(number)]
    return "\n".join(["id,score,date", *listed, ""])


class Story:
    """A warehouse in three nights: history; what changes it; what of that a person accepts."""

    def __init__(self, home: Path) -> None:
        self.home = workspace(home, SETTINGS)
        land(home, "late/history.csv", rows(USUAL), 1)
        land(home, "export/export.csv", rows(USUAL), 1)
        land(home, "young/history.csv", rows({7: 40, 8: 40}), 1)
        night(home)
        land(home, "late/few.csv", rows({2: 20}, "few"), 2)
        land(home, "late/many.csv", rows({3: 21, 9: 40}, "many"), 2)
        land(home, "late/again.csv", rows({5: 40}), 2)
        land(home, "export/export.csv", rows({**USUAL, 4: 10, 8: 71}), 2)
        land(home, "young/late.csv", rows({7: 30}, "late"), 2)
        self.second = nps("run", "--home", home)
        self.after_second = self.counts()
        self.held = self.not_in()
        self.idle = nps("run", "--home", home)
        self.accepted = nps(
            "run", "--accept", "landing/late/many.csv", "--accept", "landing/export/export.csv", "--home", home
        )
        self.after_third = self.counts()

    def counts(self) -> dict[tuple[str, int], int]:
        sql = "select survey, month(month), sum(responses) from marts.fct_nps group by all"
        return {(survey, month): int(answers) for survey, month, answers in published(self.home, sql)}

    def not_in(self) -> dict[str, dict[str, Any]]:
        return {file["path"][8:]: file for file in nps("status", "--json", "--home", self.home).document["not_in"]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("volume") / "home")


def test_a_file_that_changes_a_month_that_had_ended_too_much_is_held_with_both_counts(story: Story) -> None:
    assert story.second.code == 3
    assert set(story.held) == {"late/many.csv", "export/export.csv"}
    assert {file["reason"] for file in story.held.values()} == {"month_changed"}
    assert "2025-03 from 40 answers to 61 (20 more or fewer are usual)" in story.held["late/many.csv"]["detail"]
    assert "2025-04 from 40 answers to 10" in story.held["export/export.csv"]["detail"]
    assert "nps run --accept landing/late/many.csv" in story.second.said


def test_what_was_published_stays_and_all_else_is_taken_in(story: Story) -> None:
    assert [story.after_second[survey, 3] for survey in ("late", "export")] == [40, 40]
    assert [story.after_second[survey, 4] for survey in ("late", "export")] == [40, 40]
    assert ("late", 9) not in story.after_second
    assert story.after_second["late", 2] == 60
    assert story.after_second["late", 5] == 40
    assert story.idle.out.startswith("Nothing to do")


def test_with_a_short_history_it_is_only_noted(story: Story) -> None:
    assert story.after_second["young", 7] == 70
    assert "landing/young/late.csv (young): With what else arrived from young it changes" in told(story.second)
    assert "2025-07 from 40 answers to 70" in told(story.second)


def test_as_much_as_a_month_may_change_is_no_reason_to_hold_a_file(tmp_path: Path) -> None:
    sources = {name: source(name, columns=HEADED) for name in ("less", "just", "more")}
    home = workspace(tmp_path, {"sources": sources, "gates": {"max_month_change": 0.29}})
    for name in sources:
        land(home, f"{name}/history.csv", rows(dict.fromkeys(range(1, 9), 100), name), 1)
    night(home)
    for name, late in {"less": 28, "just": 29, "more": 30}.items():
        land(home, f"{name}/late.csv", rows({2: late}, f"late {name}"), 2)
    assert nps("run", "--home", home).code == 3
    not_in = nps("status", "--json", "--home", home).document["not_in"]
    assert [(file["path"], "(29 more or fewer are usual)" in file["detail"]) for file in not_in] == [
        ("landing/more/late.csv", True)
    ]


def test_a_person_may_accept_it(story: Story) -> None:
    assert story.accepted.code == 0, story.accepted.said
    assert [story.after_third["late", month] for month in (2, 3, 9)] == [60, 61, 40]
    assert [story.after_third["export", month] for month in (4, 8)] == [10, 71]
    assert story.not_in() == {}
    rows = published(story.home, "select count(*) from meta.files where let_in_by is not null")
    assert rows == [(2,)]


def told(of: Told) -> str:
    return of.out.replace("\n", " ")


def test_a_source_that_fell_silent_is_named_for_a_while(story: Story) -> None:
    def said(day: datetime) -> list[str]:
        context = Context(open_workspace(story.home), clock=lambda: day)
        plan = make_plan(context.lake, response_rules(context.workspace.config))
        return [each.split()[0] for each in silent_sources(context, plan)]

    assert said(datetime(2025, 9, 30, tzinfo=UTC)) == []
    assert said(datetime(2025, 10, 1, tzinfo=UTC)) == ["export"]
    assert said(datetime(2025, 11, 1, tzinfo=UTC)) == ["export", "late"]
    assert said(datetime(2026, 11, 1, tzinfo=UTC)) == []


def days(first: date, last: date, name: str = "") -> str:
    """Thirty answers of each of these days."""
    listed = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return "\n".join(["id,score,date", *(f"{name}{day}-{n},9,{day}" for day in listed for n in range(30)), ""])


@pytest.mark.parametrize("delivery", ["incremental", "snapshot"])
def test_an_export_that_goes_on_where_the_one_before_it_ended_changes_no_month_that_had_ended(
    tmp_path: Path, delivery: str
) -> None:
    home = workspace(tmp_path, {"sources": {"weekly": source("weekly", columns=HEADED, delivery=delivery)}})
    begin, sunday, next_one = date(2025, 1, 1), date(2025, 7, 20), date(2025, 8, 3)
    land(home, "weekly/before.csv", days(begin, sunday), 1)
    night(home)
    land(home, "weekly/week.csv", days(begin if delivery == "snapshot" else sunday + timedelta(days=1), next_one), 2)
    night(home)
    again = days(sunday, sunday + timedelta(days=9), "other ids ")
    land(home, "weekly/again.csv", again if delivery == "incremental" else days(begin, next_one) + again[14:], 3)
    assert nps("run", "--home", home).code == 3
    [held] = nps("status", "--json", "--home", home).document["not_in"]
    assert "2025-07 from 930 answers to 1,230" in held["detail"], "July goes on no more: there are answers of August"


@pytest.mark.parametrize(("first", "code"), [(21, 0), (15, 0), (14, 3)])
def test_of_the_last_month_of_a_source_what_is_later_than_all_it_had_is_no_change(
    tmp_path: Path, first: int, code: int
) -> None:
    home = workspace(tmp_path, {"sources": {"weekly": source("weekly", columns=HEADED)}})
    land(home, "weekly/before.csv", days(date(2025, 1, 1), date(2025, 7, 20)), 1)
    night(home)
    # Six days again, under other ids, are 180 answers: six times the usual difference, and not more.
    land(home, "weekly/later.csv", days(date(2025, 7, first), date(2025, 7, 31), "w"), 2)
    assert nps("run", "--home", home).code == code


def test_each_month_that_a_file_changes_is_looked_at_and_not_the_first_stretch_of_them_alone(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"sources": {"late": source("late", columns=HEADED)}})
    land(home, "late/history.csv", rows(USUAL), 1)
    night(home)
    land(home, "late/late.csv", rows({2: 1, 5: 400, 7: 1}, "late"), 2)
    assert nps("run", "--home", home).code == 3
    [held] = nps("status", "--json", "--home", home).document["not_in"]
    assert "2025-05 from 40 answers to 440" in held["detail"]
    answers = dict(published(home, "select month(month), sum(responses) from marts.fct_nps group by all"))
    assert answers == USUAL, "the months that it was built into before are built again without it"
    assert nps("run", "--home", home).out.startswith("Nothing to do")


def test_a_held_file_that_gets_another_name_is_told_by_that_name(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"sources": {"late": source("late", columns=HEADED)}})
    land(home, "late/history.csv", rows(USUAL), 1)
    night(home)
    held = land(home, "late/late.csv", rows({5: 400}, "late"), 2)
    bad = land(home, "late/bad.csv", "nothing of this is known\n", 2)
    assert nps("run", "--home", home).code == 3
    gone = held.rename(tmp_path / "late.csv")
    assert nps("run", "--accept", held, "--home", home).said.strip().endswith("has a file at that path.")
    gone.rename(held.with_name("renamed.csv"))
    bad.rename(bad.with_name("still bad.csv"))
    assert nps("run", "--home", home).code == 3
    not_in = nps("status", "--json", "--home", home).document["not_in"]
    assert [(file["path"], file["status"]) for file in not_in] == [
        ("landing/late/renamed.csv", "held"),
        ("landing/late/still bad.csv", "refused"),
    ]
    assert "nps run --accept landing/late/renamed.csv" in not_in[0]["detail"]
    assert nps("run", "--home", home).out.startswith("Nothing to do")
    night_of_acceptance = nps("run", "--accept", "landing/late/renamed.csv", "--home", home)
    assert "1 file taken in" in night_of_acceptance.out


def test_no_file_is_held_for_what_a_person_accepted_or_took_back_in_the_same_night(tmp_path: Path) -> None:
    home = workspace(tmp_path, {"sources": {"late": source("late", columns=HEADED)}})
    land(home, "late/history.csv", rows(USUAL), 1)
    night(home)
    many = land(home, "late/many.csv", rows({3: 400}, "many"), 2)
    assert nps("run", "--home", home).code == 3
    land(home, "late/few.csv", rows({3: 1, 9: 30}, "few"), 3)
    assert nps("run", "--accept", many, "--home", home).code == 0
    assert nps("withdraw", many, "--home", home).code == 0
    few = land(home, "late/fewer.csv", rows({3: 2}, "fewer"), 4)
    night(home)
    answers = "select sum(responses) from marts.fct_nps where month(month) = 3"
    assert published(home, answers) == [(43,)]
    assert nps("withdraw", "--undo", many, "--home", home).code == 0
    few.write_text(rows({3: 60}, "no longer few"))
    assert nps("run", "--home", home).code == 3, "what it brings itself is too much"
    assert published(home, answers) == [(443,)]


def test_the_last_month_of_a_source_may_come_in_file_by_file_up_to_what_is_usual(tmp_path: Path) -> None:
    settings = {"sources": {"calls": source("calls", columns=HEADED)}}
    home = workspace(tmp_path, settings)
    branches = ("ZG", "ST", "RI", "OS")
    for branch in branches:
        land(home, f"calls/{branch}.csv", rows(dict.fromkeys(range(1, 8), 40), branch), 1)
    land(home, "calls/ZG_08.csv", rows({8: 40}, "ZG"), 1)
    night(home)
    for day, branch in enumerate(branches[1:], 2):
        land(home, f"calls/{branch}_08.csv", rows({8: 40}, branch), day)
        night(home)
    august = "select sum(responses) from marts.fct_nps where month(month) = 8"
    assert published(home, august) == [(160,)]
    land(home, "calls/again.csv", rows({8: 40}, "other ids "), 6)
    assert nps("run", "--home", home).code == 3, "more than usual"
    assert published(home, august) == [(160,)]


def test_what_a_setting_moves_into_another_month_is_held_by_nothing(tmp_path: Path) -> None:
    def with_dates(*formats: str) -> Settings:
        return {"sources": {"late": source("late", columns=HEADED, dates={"formats": formats})}}

    home = workspace(tmp_path, with_dates("%d/%m/%Y", "%m/%d/%Y"))
    history = [f"{month}-{n},9,20/{month:02}/2025" for month in USUAL for n in range(40)]
    land(home, "late/history.csv", "\n".join(["id,score,date", *history, ""]), 1)
    night(home)
    land(home, "late/late.csv", "\n".join(["id,score,date", *(f"late {n},9,05/09/2025" for n in range(60)), ""]), 2)
    night(home)
    configure(home, with_dates("%m/%d/%Y", "%d/%m/%Y"))
    assert nps("run", "--home", home).code == 0
    assert published(home, "select sum(responses) from marts.fct_nps where month(month) = 5") == [(100,)]
