"""Whether rules hold for the tables of a database file, and how many rows break those that do not.

Here: from rules to verdicts. Not here: which rules (`suites`), how Great Expectations is driven (`session`).
No verdict and no error carries the value of any cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.loading import preload
from expectations.rules import Rule

if TYPE_CHECKING:
    from expectations.session import Session

_NOT_NULL = "ExpectColumnValuesToNotBeNull"
_KIND_OF_ERROR = re.compile(r"\b([A-Z][A-Za-z]+ Error): ")


@dataclass(frozen=True)
class Verdict:
    """Whether a rule holds."""

    rule: Rule
    passed: bool
    rows: int
    """How many rows break it, or stand behind the rows of the view that do; 0 if it holds."""
    observed: str
    """What was found, in words and counts; never the value of a cell."""


class GateBrokenError(Exception):
    """A rule could neither pass nor fail: the gate itself does not work, so that nothing may go through it."""

    def __init__(self, rule: str, sentence: str) -> None:
        """Keep both: which rule, and what people should know."""
        super().__init__(sentence)
        self.rule = rule


def check(database: Path, rules: Sequence[Rule]) -> list[Verdict]:
    """The verdict on every rule, in their order. All of them are judged, whatever fails.

    `database` is a DuckDB file that holds the tables or views, and that nobody has open for writing. It is opened for
    reading and closed for good before this returns. Raises `GateBrokenError` when a rule cannot be judged.
    """
    preload()
    from expectations.session import opened  # noqa: PLC0415 # importing it costs seconds

    verdicts: dict[str, Verdict] = {}
    with opened(database) as session:
        for view, group in groupby(sorted(rules, key=_view), key=_view):
            verdicts |= {verdict.rule.name: verdict for verdict in _check_view(session, view, list(group))}
    return [verdicts[rule.name] for rule in rules]


def _view(rule: Rule) -> str:
    return rule.view


def _check_view(session: Session, view: str, rules: list[Rule]) -> Iterable[Verdict]:
    """Judge the rules about one view together, so that they share queries."""
    from great_expectations.datasource.fluent.interfaces import TestConnectionError  # noqa: PLC0415 # as above

    from expectations.session import judge  # noqa: PLC0415 # as above

    asked = {rule.name: _expectations(rule) for rule in rules}
    try:
        validator = session.validator(view)
    except TestConnectionError as error:
        raise _broken(rules[0], str(error)) from None
    results = judge(validator, [each for expectations in asked.values() for each in expectations])
    by_name = {rule.name: rule for rule in rules}
    failed: set[str] = set()
    for result in results:
        rule = by_name[result.expectation_config.meta["rule"]]
        if errors := list(_errors(result.exception_info)):
            raise _broken(rule, "\n".join(errors))
        if not result.success:
            failed.add(rule.name)
    return [_verdict(validator, rule, asked[rule.name]) if rule.name in failed else _passed(rule) for rule in rules]


def _expectations(rule: Rule) -> list[Any]:
    """What Great Expectations is asked for a rule: its expectation, and that the columns it names are known."""
    from expectations.session import expectation  # noqa: PLC0415 # as above

    asked = [expectation(rule.expectation, dict(rule.arguments), rule.name)]
    if not rule.nullable and rule.expectation != _NOT_NULL:
        asked += [expectation(_NOT_NULL, {"column": column}, rule.name) for column in rule.columns]
    return asked


def _passed(rule: Rule) -> Verdict:
    return Verdict(rule, passed=True, rows=0, observed="as expected")


def _verdict(validator: Any, rule: Rule, expectations: list[Any]) -> Verdict:  # noqa: ANN401 # great expectations is untyped
    """The verdict on a rule that failed: how many rows break it."""
    from expectations.session import count, row_count  # noqa: PLC0415 # as above

    total = row_count(validator)
    if not rule.columns:
        return Verdict(rule, passed=False, rows=total, observed=f"{total:,} rows in {rule.view}")
    counts = [count(validator, each, rule.counts) for each in expectations]
    broken = min(sum(rows for rows, _ in counts), total)
    observed = f"{broken:,} of {total:,} rows of {rule.view}"
    return Verdict(rule, passed=False, rows=sum(stood_for for _, stood_for in counts), observed=observed)


def _errors(info: Mapping[str, Any]) -> Iterable[str]:
    """The tracebacks of what went wrong, from either of the two shapes in which Great Expectations tells."""
    for each in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if each.get("raised_exception"):
            yield str(each.get("exception_traceback"))


def _broken(rule: Rule, traceback: str) -> GateBrokenError:
    """The error for a rule that could not be judged. Of the traceback only the kind of error is told: it may hold values."""
    kinds = _KIND_OF_ERROR.findall(traceback)
    kind = f" ({kinds[-1]})" if kinds else ""
    named = f" with {', '.join(rule.columns)}" if rule.columns else ""
    return GateBrokenError(
        rule.name,
        f"The rule {rule.name} could not be judged{kind}, so that nothing may pass. "
        f"It needs {rule.view}{named}, with types that fit {rule.expectation}.",
    )
