"""Reasons: what is emitted is what is declared and advised, and nothing else speaks of them by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from pipelines.config.sources import Source
from transforms.reasons import HOLDING, Reason

HOUSE = Path(__file__).resolve().parents[2]
PACKAGES = ("transforms", "warehouse", "expectations", "pipelines")
MODULES = [path for package in PACKAGES for path in (HOUSE / package).rglob("*.py")]
DECLARED_HERE = HOUSE / "transforms" / "reasons.py"
#: What nps.yaml calls a column of `exclude` is the reason of the rows that it excludes.
NAMED_BY_NPS_YAML = {"preview", "test", "flagged", "incomplete", "bot", "duplicate"}
#: Words that are names of other things too.
WORDS_OF_OTHER_THINGS = {*NAMED_BY_NPS_YAML, "gate"}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def test_every_reason_that_is_declared_is_emitted() -> None:
    emitted = {
        node.attr
        for path in MODULES
        if path != DECLARED_HERE
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"
    }
    elsewhere = {reason.name for reason in Reason if reason not in {*NAMED_BY_NPS_YAML, *HOLDING}}
    assert elsewhere <= emitted <= {reason.name for reason in Reason}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_module_spells_a_reason_that_could_be_misspelt(path: Path) -> None:
    names = set(Reason) - WORDS_OF_OTHER_THINGS if path != DECLARED_HERE else set()
    spelt = {node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not {text for text in spelt if text in names}


def test_sql_speaks_of_reasons_that_there_are() -> None:
    said = {
        name
        for path in (HOUSE / "warehouse").rglob("*.sql")
        for name in re.findall(r"\breason\s*=\s*'(\w+)'", path.read_text("utf-8"))
    }
    assert said
    assert said <= set(Reason)


def test_what_nps_yaml_may_exclude_are_reasons_for_exclusion() -> None:
    key, _ = get_args(Source.model_fields["exclude"].annotation)
    assert set(get_args(key)) == NAMED_BY_NPS_YAML
    assert {Reason(name).outcome for name in get_args(key)} == {"excluded"}


def test_each_reason_gives_one_sentence_of_advice_and_blames_a_column_that_there_is() -> None:
    assert all(re.fullmatch(r"[A-Z].*[.?]", reason.advice) and len(reason.advice) < 120 for reason in Reason)
    assert {reason.column for reason in Reason} == {None, "score", "responded_at", "kind", "amount"}
    assert {reason.outcome for reason in Reason} == {"rejected", "excluded", "held", "refused"}
