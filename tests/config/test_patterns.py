"""Patterns of nps.yaml: none can hang a night, and what cannot be one is a mistake with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.config.patterns import check_pattern, found_in, group_names, groups_in
from tests.support.scenario import ANSWERS, configure, land, night, nps, published, source, workspace

HOUSE = Path(__file__).parents[2]


def test_named_groups_are_found_and_their_values_taken() -> None:
    pattern = r"calls_(?P<branch>\p{Lu}+)_(?P<responded_at>\d{4}-\d{2})(\.\w+)(?P<survey>_x)?"
    assert group_names(pattern) == {"branch", "responded_at", "survey"}
    assert groups_in(pattern, "calls_ČK_2025-01.txt") == {"branch": "ČK", "responded_at": "2025-01"}
    assert groups_in(pattern, "other.txt") is None
    assert groups_in("calls", "calls.txt") == {}
    assert found_in("(?i)комментар|comment", ["Комментарий", "COMMENTS", "score"]) == [True, True, False]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(?=a)b", "look-around"),
        ("(?<!a)b", "look-around"),
        (r"(a)\1", "backreferences"),
        ("[", "unclosed character class"),
        ("(?P<a>x)|(?P<a>y)", "duplicate capture group"),
        ("a{1000}{1000}", "exceeds size limit"),
        (r"\Z", "unrecognized escape"),
    ],
)
def test_what_the_engine_cannot_take_is_said_so(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match="is no regular expression that can be used") as told:
        check_pattern(pattern)
    assert says in str(told.value)


@pytest.mark.parametrize(
    "where",
    [
        {"columns": {**ANSWERS, "comment": {"matches": "(?=x)y"}}},
        {"file_name": r"(?P<branch>.)(?P=branch)"},
        {"kind": "excel", "sheet": {"matches": r"(a)\1"}},
    ],
)
def test_such_a_pattern_in_nps_yaml_is_a_mistake_with_its_line(tmp_path: Path, where: dict[str, object]) -> None:
    home = workspace(tmp_path / "home", {})
    configure(home, {"sources": {"shops": source("shops", scale="0-10", **where)}})
    told = nps("run", "--home", home)
    assert told.code == 2
    assert re.search(r"line \d+: sources\.shops\.", told.err)
    assert "Traceback" not in told.said


#: Over any of these, Python's own engine tries more ways than there are atoms in a file of forty letters.
CATASTROPHIC = (r"^(a+)+$", r"^(a|aa)+$", r"(a*)*b", r"^(\w+\s?)*$", r"(.*)*,x")


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_no_pattern_takes_more_than_the_text_is_long(pattern: str) -> None:
    assert found_in(pattern, ["a" * 50_000 + "!"]) == [False]


def test_a_night_with_such_patterns_ends(tmp_path: Path) -> None:
    columns = {"score": {"matches": "^(s+)+core$"}, "responded_at": "date", "comment": {"matches": "(c*)*omment"}}
    settings = source("shops", scale="0-10", columns=columns, file_name=r"^(?P<branch>(?:a|aa)+)\.csv$")
    home = workspace(tmp_path / "home", {"sources": {"shops": settings}})
    heading = "s" * 40 + "!"
    land(home, f"shops/{'a' * 60}.csv", f"score,date,comment,{heading}\n9,2025-01-01,fine,x\n")
    night(home)
    assert published(home, "select branch, responses from marts.fct_nps") == [("a" * 60, 1)]


def test_no_pattern_that_somebody_gives_reaches_pythons_own_engine() -> None:
    for folder in ("pipelines", "transforms", "warehouse"):
        for module in (HOUSE / folder).rglob("*.py"):
            assert not re.search(r"re\.\w+\([^)\n]*(?:matches|file_name|cells_like)", module.read_text("utf-8")), module
