"""Whether rules hold for the tables of a database, and how many rows break those that do not.

Here: from findings to verdicts. Not here: which rules there are (`suites`), how they are judged (`session`).
No verdict and no error carries the value of any cell, but of the column that a rule tells its subjects by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from expectations.loading import load
from expectations.rules import Rule

if TYPE_CHECKING:
    from expectations.session import Finding

_KIND_OF_ERROR: Final = re.compile(r"\b([A-Z][A-Za-z]+ Error): ")


@dataclass(frozen=True)
class Verdict:
    """Whether a rule holds."""

    rule: Rule
    passed: bool
    rows: int
    """How many rows break it; of a rule about how many rows a table has, how many it has. 0 if it holds."""
    observed: str
    """What was found, in counts."""
    by: Mapping[str, int] = field(default_factory=dict)
    """`rows` by what they are about, such as the digest of a file, where the rule tells such things apart."""


class GateBrokenError(Exception):
    """A rule could neither hold nor fail: the gate itself does not work, so nothing may go through it."""

    def __init__(self, rule: str, sentence: str) -> None:
        """Keep both: the name of the rule, and what people should know."""
        super().__init__(sentence)
        self.rule = rule


def check(connection: Any, rules: Sequence[Rule]) -> list[Verdict]:  # noqa: ANN401 # only the warehouse knows DuckDB
    """The verdict on every rule, in their order; all are judged, whatever fails.

    `connection` is one of DuckDB, whose database holds the tables or views, temporary ones excepted. What reads them is
    closed before this returns. Raises `GateBrokenError` if a rule cannot be judged.
    """
    if len({rule.name for rule in rules}) < len(rules):
        raise ValueError("two rules have one name")
    load()
    from expectations.session import opened  # noqa: PLC0415 # importing it costs seconds

    by_view = attrgetter("view")
    with opened(connection) as session:
        findings = [
            finding
            for view, several in groupby(sorted(rules, key=by_view), key=by_view)
            for finding in session.judge(view, list(several))
        ]
    verdicts = {finding.rule.name: _verdict(finding) for finding in findings}
    return [verdicts[rule.name] for rule in rules]


def _verdict(finding: Finding) -> Verdict:
    rule = finding.rule
    if finding.errors:
        raise GateBrokenError(rule.name, _why_not(rule, "\n".join(finding.errors)))
    if finding.passed:
        return Verdict(rule, passed=True, rows=0, observed="as expected")
    observed = f"{finding.rows:,} of {finding.total:,} rows of {rule.view}"
    return Verdict(rule, passed=False, rows=finding.stood_for, observed=observed, by=finding.by)


def _why_not(rule: Rule, tracebacks: str) -> str:
    """Why a rule could not be judged. Of the tracebacks only the kind of error is told: the rest may hold values."""
    kinds = _KIND_OF_ERROR.findall(tracebacks)
    kind = f" ({kinds[-1]})" if kinds else ""
    columns = f" with {', '.join(rule.columns)}" if rule.columns else ""
    return (
        f"The rule {rule.name} could not be judged{kind}, so nothing may pass. "
        f"It needs {rule.view}{columns}, of types that fit {rule.expectation}."
    )
