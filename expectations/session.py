"""One database file as Great Expectations sees it: opened for reading, judged view by view, closed for good.

Here: all that is asked of Great Expectations. Not here: what its findings mean for people (`check`).
Importing this module imports Great Expectations: only `check` and `loading` do so, and inside functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import great_expectations as gx
import sqlalchemy as sa
from great_expectations import expectations as core
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import TestConnectionError
from great_expectations.expectations.expectation import Expectation
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import Validator

from expectations import adding_up, dialect
from expectations.rules import Rule

#: Counts are all that is asked for: no query that fetches unexpected values is ever made.
_LEAN: Final = {"result_format": "BOOLEAN_ONLY"}


@dataclass(frozen=True)
class Finding:
    """What Great Expectations found of one rule. No value of a cell but digests of files; `errors` may hold others."""

    rule: Rule
    passed: bool
    errors: tuple[str, ...] = ()
    """Tracebacks, where the rule could not be judged."""
    rows: int = 0
    """How many rows of the view break the rule."""
    stood_for: int = 0
    """How many rows of the files stand behind them."""
    total: int = 0
    """How many rows the view has; counted only where the rule failed."""
    files: Mapping[str, int] = field(default_factory=dict)
    """`stood_for` by the digest of the file, where the rule tells files apart."""


class Session:
    """An open database file. Connections are made once per schema, on first use."""

    def __init__(self, database: Path) -> None:
        """Remember the file; nothing is opened yet."""
        dialect.register()
        self._database = database
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._sources: dict[str, Any] = {}

    def judge(self, view: str, rules: Sequence[Rule]) -> list[Finding]:
        """What is found of each of the rules about one table or view, named with its schema unless that is `main`.

        The rules are judged together: what can share a query does.
        """
        try:
            validator = self._validator(view)
        except TestConnectionError as error:
            return [Finding(rule, passed=False, errors=(str(error),)) for rule in rules]
        asked = {rule.name: _expectations(rule) for rule in rules}
        results = validator.graph_validate(
            configurations=[each.configuration for several in asked.values() for each in several],
            runtime_configuration=dict(_LEAN),
        )
        of_rule: dict[str, list[Any]] = {rule.name: [] for rule in rules}
        for result in results:
            of_rule[result.expectation_config.meta["rule"]].append(result)
        return [_finding(validator, rule, asked[rule.name], of_rule[rule.name]) for rule in rules]

    def close(self) -> None:
        """Let go of the file: whoever comes next may write or move it."""
        for source in self._sources.values():
            source.get_execution_engine().close()
            source.get_engine().dispose()

    def _validator(self, view: str) -> Validator:
        schema, _, table = view.rpartition(".")
        source = self._source(schema or "main")
        batch = source.add_table_asset(name=view, table_name=table).add_batch_definition_whole_table("all").get_batch()
        return self._context.get_validator(batch_list=[batch])

    def _source(self, schema: str) -> Any:  # noqa: ANN401 # Great Expectations is untyped to mypy
        if schema not in self._sources:
            # The path is no part of the address: there, Great Expectations would replace what follows a $.
            settings = {"database": str(self._database), "read_only": True, "schema": schema}
            self._sources[schema] = self._context.data_sources.add_sql(
                name=schema, connection_string=f"{dialect.NAME}://", kwargs={"connect_args": settings}
            )
        return self._sources[schema]


@contextmanager
def opened(database: Path) -> Iterator[Session]:
    """A session on a database file, closed whatever happens."""
    session = Session(database)
    try:
        yield session
    finally:
        session.close()


def _expectations(rule: Rule) -> list[Expectation]:
    """What is asked for a rule: its expectation, and that the columns it names hold no NULL."""
    asked = [expectation(rule.expectation, rule.arguments, rule)]
    not_null = core.ExpectColumnValuesToNotBeNull.__name__
    if not rule.nullable and rule.expectation != not_null:
        asked += [expectation(not_null, {"column": column}, rule) for column in rule.columns]
    return asked


def expectation(name: str, arguments: Mapping[str, object], rule: Rule) -> Expectation:
    """An expectation of this house or of Great Expectations, marked with the rule that it is for."""
    kind = getattr(adding_up, name, None) or getattr(core, name)
    return kind(**arguments, meta={"rule": rule.name})


def _finding(validator: Validator, rule: Rule, expectations: Sequence[Expectation], results: Sequence[Any]) -> Finding:
    errors = tuple(error for result in results for error in _errors(result.exception_info))
    passed = not errors and all(result.success for result in results)
    if passed or errors:
        return Finding(rule, passed, errors)
    counted = _count(validator, rule, expectations)
    total, rows, stood_for = (sum(each[at] for each in counted.values()) for at in range(3))
    files = {digest: stands_for for digest, (_, broken, stands_for) in counted.items() if digest and broken}
    return Finding(rule, passed, rows=rows, stood_for=stood_for, total=total, files=files)


def _errors(info: Mapping[str, Any]) -> Iterable[str]:
    """The tracebacks of what went wrong, from either of the two shapes in which Great Expectations tells."""
    for each in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if each.get("raised_exception"):
            yield str(each.get("exception_traceback"))


def _count(
    validator: Validator, rule: Rule, expectations: Sequence[Expectation]
) -> dict[str | None, tuple[int, int, int]]:
    """How many rows the view has, how many break a rule, and how many rows of the files these stand for: by file.

    The digest is None where the rule does not tell files apart. Each row stands for one at least. A rule about no column
    is about how many rows there are: all of them are meant.
    """
    engine = validator.execution_engine
    broken = sa.or_(*(_condition(validator, each) for each in expectations)) if rule.columns else sa.true()
    weight = sa.func.greatest(sa.func.abs(sa.func.coalesce(sa.column(rule.counts), 1)), 1) if rule.counts else 1
    marked = (sa.func.coalesce(sa.func.sum(sa.case((broken, each), else_=0)), 0) for each in (1, weight))
    file: sa.ColumnElement[Any] = sa.column(rule.file, sa.String) if rule.file else sa.null()
    query = sa.select(file, sa.func.count(), *marked).select_from(engine.get_domain_records(domain_kwargs={}))
    counted = engine.execute_query(query.group_by(file) if rule.file else query)
    return {digest: (int(total), int(rows), int(stood_for)) for digest, total, rows, stood_for in counted}


def _condition(validator: Validator, expectation: Expectation) -> sa.ColumnElement[bool]:
    """The SQL expression that marks the rows that break an expectation: counting with it fetches none of them."""
    unexpected = expectation.get_validation_dependencies(
        execution_engine=validator.execution_engine, runtime_configuration=dict(_LEAN)
    ).get_metric_configuration(f"{expectation.map_metric}.unexpected_count")
    asked = MetricConfiguration(
        metric_name=f"{expectation.map_metric}.condition",
        metric_domain_kwargs=unexpected.metric_domain_kwargs,
        metric_value_kwargs=unexpected.metric_value_kwargs,
    )
    condition: sa.ColumnElement[bool] = validator.get_metric(asked)[0]
    return condition
