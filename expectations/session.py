"""One database as Great Expectations sees it: judged view by view, through cursors of the connection that made it.

Here: all that is asked of Great Expectations. Not here: what its findings mean for people (`check`).
Importing this module imports Great Expectations: only `check` and `loading` do so, and inside functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import great_expectations as gx
import sqlalchemy as sa
from great_expectations import expectations as core
from great_expectations.compatibility import pydantic
from great_expectations.core.batch import Batch
from great_expectations.core.id_dict import IDDict
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.expectations.expectation import Expectation
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import Validator

from expectations import dialect, several_columns
from expectations.rules import Rule

#: Counts are all that is asked for: no query that fetches unexpected values is ever made.
_LEAN: Final = {"result_format": "BOOLEAN_ONLY"}


@dataclass(frozen=True)
class Finding:
    """What Great Expectations found of one rule. No value of a cell but those of `rule.by`; `errors` may hold others."""

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
    by: Mapping[str, int] = field(default_factory=dict)
    """`stood_for` by what the rows are about, where the rule tells such things apart."""


class Session:
    """An open database."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 # only the warehouse knows DuckDB
        """Remember the connection; nothing is asked yet."""
        dialect.register()
        self._database = sa.create_engine(f"{dialect.NAME}://", creator=lambda: dialect.cursor_of(connection))
        self._engines: list[SqlAlchemyExecutionEngine] = []

    def judge(self, view: str, rules: Sequence[Rule]) -> list[Finding]:
        """What is found of each of the rules about one table or view.

        The rules are judged together: what can share a query does.
        """
        validator = self._validator(view)
        asked = {rule.name: expectation(rule) for rule in rules}
        results = validator.graph_validate(
            configurations=[each.configuration for each in asked.values()], runtime_configuration=dict(_LEAN)
        )
        of_rule = {result.expectation_config.meta["rule"]: result for result in results}
        return [_finding(validator, rule, asked[rule.name], of_rule[rule.name]) for rule in rules]

    def close(self) -> None:
        """Let go of the database: whoever has it may close it, and its file is free."""
        for engine in self._engines:
            engine.close()
        self._database.dispose()

    def _validator(self, view: str) -> Validator:
        # Straight to the table: a data source of the context would be written out as YAML again for each of them.
        engine = SqlAlchemyExecutionEngine(engine=self._database)
        self._engines.append(engine)
        batch = Batch(data=SqlAlchemyBatchData(execution_engine=engine, table_name=view))
        return Validator(execution_engine=engine, data_context=_context(), batches=[batch])


@cache
def _context() -> Any:  # noqa: ANN401 # Great Expectations is untyped to mypy
    """What Great Expectations wants to be in: nothing is kept there, and no progress shown."""
    _remember_ids()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _remember_ids() -> None:
    """Let Great Expectations remember the ids of settings, which are digests of their JSON.

    In a night it asks for two thousand, of some fifty different settings: an eighth of the judge's work.
    """
    make = IDDict.to_id

    @cache
    def made(settings: frozenset[tuple[str, type, Any]]) -> Any:  # noqa: ANN401 # Great Expectations is untyped to mypy
        return make(IDDict({name: value for name, _, value in settings}))

    def to_id(self: IDDict, *keys: Any, **more: Any) -> Any:  # noqa: ANN401 # as above
        if keys or more or type(self) is not IDDict:
            return make(self, *keys, **more)
        try:
            # 1 and True are equal, and have two ids.
            return made(frozenset((name, type(value), value) for name, value in self.items()))
        except TypeError:  # a list has no hash
            return make(self)

    IDDict.to_id = to_id


@contextmanager
def opened(connection: Any) -> Iterator[Session]:  # noqa: ANN401 # as above
    """A session on the database of a connection, closed whatever happens."""
    session = Session(connection)
    try:
        yield session
    finally:
        session.close()


def expectation(rule: Rule) -> Expectation:
    """What a rule asks for, an expectation of this house or of Great Expectations, marked with the rule's name."""
    kind = getattr(several_columns, rule.expectation, None) or getattr(core, rule.expectation)
    return _remembering(kind)(**rule.arguments, meta={"rule": rule.name})


@cache
def _remembering(kind: type[Expectation]) -> type[Expectation]:
    """The same expectation, but that it remembers its configuration.

    While one is judged it is asked for that some ninety times, and made it anew each time: two fifths of the judge's work.
    """

    def configuration(self: Any) -> Any:  # noqa: ANN401 # Great Expectations is untyped to mypy
        if self._configuration is None:
            self._configuration = kind.configuration.fget(self)
        return self._configuration

    own = {"_configuration": pydantic.PrivateAttr(default=None), "configuration": property(configuration)}
    # Great Expectations finds the classes of expectations by their names.
    metaclass: Any = type(kind)
    remembering: type[Expectation] = metaclass(f"{kind.__name__}Remembering", (kind,), own)
    return remembering


def _finding(validator: Validator, rule: Rule, asked: Expectation, result: Any) -> Finding:  # noqa: ANN401 # as above
    errors = tuple(_errors(result.exception_info))
    passed = not errors and bool(result.success)
    if passed or errors:
        return Finding(rule, passed, errors)
    counted = _count(validator, rule, asked)
    total, rows, stood_for = (sum(each[at] for each in counted.values()) for at in range(3))
    by = {subject: stands_for for subject, (_, broken, stands_for) in counted.items() if subject and broken}
    return Finding(rule, passed, rows=rows, stood_for=stood_for, total=total, by=by)


def _errors(info: Mapping[str, Any]) -> Iterable[str]:
    """The tracebacks of what went wrong, from either of the two shapes in which Great Expectations tells."""
    for each in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if each.get("raised_exception"):
            yield str(each.get("exception_traceback"))


def _count(validator: Validator, rule: Rule, asked: Expectation) -> dict[str | None, tuple[int, int, int]]:
    """How many rows the view has, how many break a rule, and how many rows these stand for: by what they are about.

    That is None where the rule does not tell. Each row stands for one at least. A rule about no column is about how many
    rows there are: all of them are meant.
    """
    engine = validator.execution_engine
    broken = _condition(validator, asked) if rule.columns else sa.true()
    weight = sa.func.greatest(sa.func.abs(sa.func.coalesce(sa.column(rule.counts), 1)), 1) if rule.counts else 1
    marked = (sa.func.coalesce(sa.func.sum(sa.case((broken, each), else_=0)), 0) for each in (1, weight))
    subject: sa.ColumnElement[Any] = sa.column(rule.by, sa.String) if rule.by else sa.null()
    query = sa.select(subject, sa.func.count(), *marked).select_from(engine.get_domain_records(domain_kwargs={}))
    counted = engine.execute_query(query.group_by(subject) if rule.by else query)
    return {about: (int(total), int(rows), int(stood_for)) for about, total, rows, stood_for in counted}


def _condition(validator: Validator, asked: Expectation) -> sa.ColumnElement[bool]:
    """The SQL expression that marks the rows that break an expectation: counting with it fetches none of them."""
    unexpected = asked.get_validation_dependencies(
        execution_engine=validator.execution_engine, runtime_configuration=dict(_LEAN)
    ).get_metric_configuration(f"{asked.map_metric}.unexpected_count")
    metric = MetricConfiguration(
        metric_name=f"{asked.map_metric}.condition",
        metric_domain_kwargs=unexpected.metric_domain_kwargs,
        metric_value_kwargs=unexpected.metric_value_kwargs,
    )
    condition: sa.ColumnElement[bool] = validator.get_metric(metric)[0]
    return condition
