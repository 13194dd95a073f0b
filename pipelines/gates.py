"""The gates between the stages: hand each stage's result to its rules, and write down what they found.

Here: which database a gate looks at, and the records of its verdicts. Not here: the rules (`expectations.suites`), the
views that they look at (`warehouse.gates`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from expectations import suites
from expectations.check import Verdict, check
from expectations.rules import Rule
from pipelines.tools import Tools
from transforms.tables import CheckRecord, types
from warehouse import gates
from warehouse.lake import new_load_id
from warehouse.responses import Built

if TYPE_CHECKING:
    from pipelines.ingest import Verdict as FileVerdict


def check_files(tools: Tools, source: str, staged: Sequence[FileVerdict], pending: pl.DataFrame) -> dict[str, str]:
    """The digests of the files that must be held back, each with the sentence that says why.

    `pending` has one row per staged file, as `warehouse.gates.files_gate` wants it. All files are checked at once; only if
    a rule fails, each is checked alone.
    """
    found = _check_files(tools, source, pending)
    if all(verdict.passed for verdict in found):
        return {}
    stopped: dict[str, str] = {}
    for (digest,), alone in pending.group_by("file_digest", maintain_order=True):
        verdicts = found if pending.height == 1 else _check_files(tools, source, alone)
        failed = [verdict for verdict in verdicts if not verdict.passed]
        if failed:
            stopped[str(digest)] = "; ".join(_sentence(verdict) for verdict in failed)
    return stopped


def check_responses(tools: Tools, built: Built) -> list[Verdict]:
    """The verdicts on months of responses that were just built."""
    minimum = tools.workspace.config.gates.min_match_rate
    with _database(tools) as database:
        gates.responses_gate(tools.lake, database.path, built, tools.limits)
        return _recorded(tools, "responses", "months", check(database.path, suites.response_rules(minimum)))


def check_facts(tools: Tools, load_id: str, builds: pl.DataFrame) -> list[Verdict]:
    """The verdicts on months of facts that were just built; `builds` are those of their responses."""
    with _database(tools) as database:
        gates.facts_gate(tools.lake, database.path, load_id, builds, tools.limits)
        return _recorded(tools, "facts", "months", check(database.path, suites.FACTS))


def check_candidate(tools: Tools, candidate: Path) -> list[Verdict]:
    """The verdicts on the file about to be published."""
    rules = suites.published_rules(tools.workspace.config.minimum_group)
    return _recorded(tools, "published", "published file", check(candidate, rules))
